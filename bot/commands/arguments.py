"""What stands on a command line, made into values or refused with a sentence."""

from __future__ import annotations

import argparse
import datetime


def moment(text: str) -> datetime.datetime:
    """A moment in Taipei; a date alone is its midnight."""
    from bot.learners.schema_check import RecordError, parse_moment

    try:
        return parse_moment(f"{text}T00:00" if len(text) == len("2026-01-31") else text, "time")
    except RecordError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no ISO 8601 time, such as 2026-11-25T09:00") from error


def port(text: str) -> int:
    """A port, 1 to 65535."""
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"{text!r} is no port (1 to 65535)")
    return int(text)


def seconds(text: str) -> int:
    """A number of seconds above 0."""
    if not text.isdigit() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds above 0")
    return int(text)
