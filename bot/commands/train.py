"""`epark train`: the Rasa model from bot/data, config.yml and domain.yml into models/."""

from __future__ import annotations

import os
import sys
import time

from bot.commands.model_file import model_path
from bot.commands.quiet import be_quiet, quiet_logs
from bot.settings import Settings


def train(settings: Settings, if_needed: bool = False) -> int:
    """Train and return an exit status; the model appears only once it is whole.

    `if_needed` leaves a model that fits the data as it is.
    """
    if if_needed and model_path(settings).is_file():
        return 0
    be_quiet()
    os.environ.setdefault("RASA_CACHE_DIRECTORY", str(settings.var_dir / "rasa-cache"))
    settings.models_dir.mkdir(parents=True, exist_ok=True)
    target = model_path(settings)
    begun = time.monotonic()
    print("Training the model (about a minute) …", file=sys.stderr, flush=True)
    # Rasa and TensorFlow take seconds to import: only here, where they are needed.
    from rasa.model_training import train as rasa_train

    quiet_logs()
    partial = f"partial-{os.getpid()}"
    result = rasa_train(
        domain=str(settings.project / "domain.yml"),
        config=str(settings.project / "config.yml"),
        training_files=[str(settings.project / "bot" / "data")],
        output=str(settings.models_dir),
        fixed_model_name=partial,
        force_training=True,
    )
    written = settings.models_dir / f"{partial}.tar.gz"
    if result.code != 0 or not written.is_file():
        print("Training failed; see the messages above.", file=sys.stderr)
        return 1
    os.replace(written, target)
    for old in settings.models_dir.glob("epark-*.tar.gz"):
        if old != target:
            old.unlink(missing_ok=True)
    print(f"Trained {target.name} in {time.monotonic() - begun:.0f} s.", file=sys.stderr)
    return 0
