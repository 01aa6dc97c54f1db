"""The one front door of every channel: check, limit, take personal data out, neutralise, say who is speaking."""

from __future__ import annotations

import logging
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from bot.cases.contact import without_references
from bot.cases.help_desk import HelpDesk
from bot.knowledge.live import LiveKnowledge
from bot.knowledge.public import public_facts as public_facts
from bot.learners.database import open_database
from bot.learners.token import TokenCheck
from bot.privacy.redact import MAIL, PHONE, redact
from bot.settings import Settings

logger = logging.getLogger(__name__)
FILE_ALONE = "ask_about_file"
"""The refusal of a message that is a file without words."""
FEWEST_DIGITS = 7
"""A text with so many digits may be a phone number."""
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

    def __init__(self, knowledge: LiveKnowledge, tokens: TokenCheck, desk: HelpDesk | None = None) -> None:
        """Without a help desk nothing is handed to people and no form gets a contact."""
        self._knowledge = knowledge
        self._tokens = tokens
        self.desk = desk

    @classmethod
    def from_settings(cls, settings: Settings) -> FrontDoor:
        """The door that channels use, with the help desk behind it."""
        knowledge = LiveKnowledge.shared(settings.kb_dir)
        engine = open_database(settings.database_url)
        desk = HelpDesk.on(engine, knowledge, settings.token_key, settings.var_dir / "attachments")
        return cls(knowledge, TokenCheck(settings.token_key, settings.token_public_key), desk)

    def admit(
        self, text: object, token: object = None, sender_id: str | None = None, *, fresh: bool = True
    ) -> Admitted:
        """The message without personal data, with the learner it is proven to come from; nothing else passes.

        A token itself goes no further. A leading slash, which Rasa would execute as an intent, becomes its full-width
        form. Where a form of this conversation asks for the contact, what is typed becomes a reference to it. Raises
        nothing: what is no usable text gets a refusal. `fresh` looks whether kb/ has changed, which a batch need not do
        for each of its messages.
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
        public = public_facts(self._knowledge.get(fresh=fresh))
        typed, clean = clean, redact(clean, public)
        reference = self._reference(typed, clean, public, sender_id)
        if reference is not None:
            return Admitted(reference, metadata)
        if not any(_says_something(sign) for sign in clean):
            return Admitted(clean, metadata, "ask_words")
        if clean.startswith(_COMMAND):
            clean = _HARMLESS + clean[len(_COMMAND) :]
        return Admitted(clean, metadata)

    def shown(self, text: str) -> str:
        """An admitted text as it may be kept and shown: in place of a reference, words that say what it was."""
        return without_references(text, self.phrase("contact_shown"))

    def _reference(self, typed: str, clean: str, public: list[str], sender_id: str | None) -> str | None:
        """A reference where the text looks like a contact and a form asks for one.

        A national ID is no contact, and no exception is made for it. Digits that are no phone number that we know may
        be one of elsewhere.
        """
        if self.desk is None or sender_id is None:
            return None
        contact = redact(typed, public, leave=(PHONE, MAIL))
        own = clean
        for fact in public:
            own = own.replace(fact, "")
        if contact == clean and sum(sign.isdecimal() for sign in own) < FEWEST_DIGITS:
            return None
        try:
            return self.desk.contacts.seal(sender_id, contact)
        except SQLAlchemyError as error:
            # The form will ask again; the value itself goes nowhere.
            logger.error("a contact could not be kept: %s", type(error).__name__)
            return None

    def phrase(self, name: str) -> str:
        """A fixed sentence of the knowledge base."""
        return self._knowledge.get().phrases[name]

    def desk_name(self, desk: str) -> str:
        """A desk's name; empty where there is no such desk."""
        found = self._knowledge.get().desks.get(desk)
        return found.name if found else ""


def _says_something(sign: str) -> bool:
    """Letters, digits and ideographs, also 注音; not emoji, punctuation or space."""
    return unicodedata.category(sign)[0] in ("L", "N")
