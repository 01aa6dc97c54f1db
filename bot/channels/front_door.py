"""The one front door of every channel: check, limit, take personal data out, neutralise, say who is speaking."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from bot.knowledge.live import LiveKnowledge
from bot.knowledge.models import Knowledge
from bot.learners.token import TokenCheck
from bot.privacy.redact import redact

LONGEST_MESSAGE = 2000
"""Signs; the longest e-mails seen at help desks have about a thousand."""
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\x00-\x08\x0b-\x1f\x7f-\x9f]")
_COMMAND = "/"
_HARMLESS = "\uff0f"


@dataclass(frozen=True)
class Admitted:
    """A message that may go on to Rasa, or the phrase that answers it at once."""

    text: str
    metadata: dict[str, Any]
    refusal: str | None = None
    """A phrase of kb/phrases.yml where the message cannot be understood at all."""


class FrontDoor:
    """What every inbound message passes before tracker, log, case or queue."""

    def __init__(self, knowledge: LiveKnowledge, tokens: TokenCheck) -> None:
        self._knowledge = knowledge
        self._tokens = tokens

    def admit(self, text: object, token: object = None) -> Admitted:
        """The message without personal data, with the learner it is proven to come from; nothing else passes.

        A token itself goes no further. A leading slash, which Rasa would execute as an intent, becomes its full-width
        form. Raises nothing: what is no usable text gets a refusal.
        """
        learner_id = self._tokens.learner_id(token)
        metadata = {"learner_id": learner_id} if learner_id else {}
        if not isinstance(text, str):
            return Admitted("", metadata, "ask_empty")
        clean = _INVISIBLE.sub("", text.replace("\r\n", "\n")).encode("utf-8", "ignore").decode("utf-8").strip()
        if not clean:
            return Admitted("", metadata, "ask_empty")
        if len(clean) > LONGEST_MESSAGE:
            return Admitted("", metadata, "ask_shorter")
        clean = redact(clean, public_facts(self._knowledge.get(fresh=True)))
        if not any(_says_something(sign) for sign in clean):
            return Admitted(clean, metadata, "ask_words")
        if clean.startswith(_COMMAND):
            clean = _HARMLESS + clean[len(_COMMAND) :]
        return Admitted(clean, metadata)

    def phrase(self, name: str) -> str:
        """A fixed sentence of the knowledge base."""
        return self._knowledge.get().phrases[name]


def public_facts(knowledge: Knowledge) -> list[str]:
    """Numbers and addresses of the desks: public, so a message may hold them."""
    return [
        fact
        for desk in knowledge.desks.values()
        for fact in (
            *(phone.number for phone in (*desk.phones, *desk.faxes)),
            *(mailbox.address for mailbox in desk.mailboxes),
        )
    ]


def _says_something(sign: str) -> bool:
    """Letters, digits and ideographs, also 注音; not emoji, punctuation or space."""
    return unicodedata.category(sign)[0] in ("L", "N")
