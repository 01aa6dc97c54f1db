"""A course that a mail names by its title in quotation marks, where the course list does not know the title."""

from __future__ import annotations

import re

_QUOTED = re.compile(
    r"《([^《》\n]{3,60})》|(?:課程?(?:名稱)?\s*(?:是|為|[:：])?\s*)[「『“\"]([^「」『』“”\"\n]{3,60})[」』”\"]"
)
_BEFORE_COURSE = re.compile(
    r"[「『“\"]([^「」『』“”\"\n]{3,60})[」』”\"]\s*(?:的)?(?:(?:[這那該此]一?[門堂])?(?:線上|數位)?課|一課|這門|那門)"
)
_LABELLED = re.compile(r"課程(?:完整)?名稱\s*[:：]\s*(\S[^\n，。]{2,60})")


def named_course(text: str) -> str | None:
    """The title as the mail has it, or None."""
    for pattern in (_LABELLED, _BEFORE_COURSE, _QUOTED):
        match = pattern.search(text)
        if match:
            return next(group for group in match.groups() if group).strip()
    return None
