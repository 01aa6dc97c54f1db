"""Which course a message names: by title, by part of it, misspelt or by sound, or one that the record does not hold."""

from __future__ import annotations

import re

from bot.knowledge.models import Knowledge
from bot.learners.records import Enrollment, Learner
from bot.learners.sounds import plain, sounds

LEAST_SIGNS = 3
LEAST_SHARE = 0.4
NEARLY_WHOLE = 0.75
_QUOTED = re.compile(r"[「『《〈“\"]([^」』》〉”\"]{2,60})[」』》〉”\"]")


def named_enrollments(text: str, learner: Learner, knowledge: Knowledge) -> list[Enrollment]:
    """The enrollments whose title, or a telling part of it, the text holds; the best matches alone."""
    quoted = _QUOTED.search(text)
    if quoted:
        scored = [(_share(quoted.group(1), one.course.title, both_ways=True), one) for one in learner.enrollments]
        least = NEARLY_WHOLE
    else:
        bare = _without_portals(text, knowledge)
        scored = [(_unquoted(text, bare, one.course.title), one) for one in learner.enrollments]
        least = LEAST_SHARE
    best = max((share for share, _one in scored), default=0.0)
    return [one for share, one in scored if share >= least and share >= best - 0.1]


def _unquoted(text: str, bare: str, title: str) -> float:
    """A title that stands there nearly whole counts with its portal's name in it, a part of one only without."""
    whole = _share(text, title, both_ways=False)
    return whole if whole >= NEARLY_WHOLE else _share(bare, title, both_ways=False)


def named_title(text: str, knowledge: Knowledge) -> str | None:
    """A course title that the person names although the record may not hold it: quoted, or between ask and 課."""
    quoted = _QUOTED.search(text)
    if quoted:
        return quoted.group(1)
    for pattern in knowledge.phrases["course_name_pattern"].splitlines():
        found = re.search(pattern, text)
        if found and len(plain(found.group(1))) > LEAST_SIGNS:
            return found.group(1).strip()
    return None


def _without_portals(text: str, knowledge: Knowledge) -> str:
    """The text without names of portals: who asks for 環境教育 hours names no course by it."""
    terms = [term for values in knowledge.vocabulary.get("portal", {}).values() for term in values]
    for term in sorted(terms, key=len, reverse=True):
        text = text.replace(term, " ")
    return text


def _share(text: str, title: str, both_ways: bool) -> float:
    """How much of the title's signs, or of their sounds, stand in the text in one piece.

    For a quoted text it must also be that much of the text: 環境教育進階 is not 環境教育概論.
    """
    said, wanted = plain(text), plain(title)
    return max(_common(list(said), list(wanted), both_ways), _common(sounds(said), sounds(wanted), both_ways))


def _common(text: list[str], title: list[str], both_ways: bool) -> float:
    longest, row = 0, [0] * (len(title) + 1)
    for sign in text:
        row = [0] + [row[at] + 1 if sign == other else 0 for at, other in enumerate(title)]
        longest = max(longest, *row)
    if longest < LEAST_SIGNS:
        return 0.0
    # In quotation marks a part of the title is enough where nothing else was quoted.
    return longest / (len(text) if both_ways else len(title))
