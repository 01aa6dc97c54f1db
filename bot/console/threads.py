"""Blocking work of the console beside its event loop."""

from __future__ import annotations

from bot.learners.threads import Threads

SECONDS = 30
in_thread = Threads(8, "console", SECONDS).do
"""Everything but passwords."""
in_line = Threads(2, "passwords", SECONDS).do
"""Each password takes 64 MB to check: whoever tries a hundred at once waits in line."""
