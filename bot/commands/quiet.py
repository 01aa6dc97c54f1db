"""Keeping libraries' start-up noise away from a newcomer's terminal."""

from __future__ import annotations

import logging
import os
import warnings

QUIET = {
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "SQLALCHEMY_WARN_20": "0",
    "RASA_TELEMETRY_ENABLED": "false",
    "LOG_LEVEL": "WARNING",
    "LOG_LEVEL_LIBRARIES": "ERROR",
    "LOG_LEVEL_MATPLOTLIB": "ERROR",
    "CUDA_VISIBLE_DEVICES": "-1",
    "PYTHONWARNINGS": "ignore",
}


def quiet_environment() -> dict[str, str]:
    """The environment for child processes; what the user set wins."""
    return {**QUIET, **os.environ}


def be_quiet() -> None:
    """Quiet this process; call it before importing rasa."""
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    if os.environ["PYTHONWARNINGS"] == "ignore":
        # A filter would not last: TensorFlow and matplotlib reset the filters while they are imported.
        warnings.showwarning = _say_nothing


def quiet_logs() -> None:
    """Quiet Rasa's two loggers, once rasa is imported: structlog writes every debug line until it is configured."""
    import rasa.utils.common
    from rasa.utils.log_utils import configure_structlog

    rasa.utils.common.configure_logging_and_warnings()
    # A guide that lets another question pass is no error, though Rasa logs it as one.
    logging.getLogger("rasa.core.actions.action").addFilter(lambda record: record.getMessage() != "another question")
    configure_structlog(logging.getLevelName(os.environ.get("LOG_LEVEL", "WARNING")))


def _say_nothing(*_arguments: object, **_named: object) -> None:
    """In place of warnings.showwarning."""
