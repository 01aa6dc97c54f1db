"""How a person wants to be reached: from the front door to the case's row, and nowhere on the way.

While a form asks for it, the front door seals what is typed and passes on a reference alone. What is sealed stands in
the table; the key that opens it stands in the reference, which the conversation holds in memory, and counts only
together with the server's own key. So neither the database nor a conversation gives the contact away by itself.
"""

from __future__ import annotations

import base64
import datetime
import hashlib
import hmac
import re
import secrets

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine

from bot.cases.tables import ContactHoldRow
from bot.learners.clock import Clock

KEPT = datetime.timedelta(hours=1)
"""How long a form may ask, and how long what was given waits to be confirmed."""
LONGEST = 200
"""Signs of a contact; longer texts are no contact."""
REFERENCE = re.compile(r"contact#([A-Za-z0-9_-]{12})\.([A-Za-z0-9_-]{32})(?![A-Za-z0-9_-])")
_INSERT = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class Contacts:
    """The contacts that are asked for and not confirmed yet; every method is one short transaction and blocks."""

    def __init__(self, engine: Engine, secret: str, clock: Clock) -> None:
        self._engine = engine
        # A key of its own, derived: nothing else that the server signs or seals passes for it.
        self._secret = hashlib.sha256(b"epark contact\0" + secret.encode()).digest()
        self._clock = clock

    def ask(self, conversation: str) -> None:
        """The form asks for the contact now: the next thing that looks like one is sealed."""
        now = self._clock()
        row = {"conversation": conversation, "asked": True, "reference": None, "sealed": None, "at": now}
        with self._engine.begin() as connection:
            made = _INSERT[connection.dialect.name](ContactHoldRow).values(**row)
            changes = {name: value for name, value in row.items() if name != "conversation"}
            connection.execute(made.on_conflict_do_update(index_elements=["conversation"], set_=changes))
            self._forget_old(connection, now)

    def ask_for_files(self, conversation: str) -> None:
        """The form asks for files now: a file without words is its answer. What is sealed already stays."""
        now = self._clock()
        row = {"conversation": conversation, "asked": False, "reference": None, "sealed": None, "at": now}
        with self._engine.begin() as connection:
            made = _INSERT[connection.dialect.name](ContactHoldRow).values(**row)
            connection.execute(made.on_conflict_do_nothing())

    def awaits_files(self, conversation: str) -> bool:
        """Whether a form of this conversation asks for files."""
        table = ContactHoldRow
        waiting = (table.conversation == conversation, table.asked.is_(False), table.sealed.is_(None))
        with self._engine.connect() as connection:
            found = connection.execute(select(table.at).where(*waiting)).scalar()
        return found is not None and bool(found > self._clock() - KEPT)

    def seal(self, conversation: str, value: str) -> str | None:
        """A reference in place of the value; None where no form of the conversation asks for it."""
        if not 0 < len(value) <= LONGEST:
            return None
        now = self._clock()
        name, key = secrets.token_urlsafe(9), secrets.token_urlsafe(24)
        asked = (ContactHoldRow.conversation == conversation, ContactHoldRow.asked.is_(True))
        values = {"asked": False, "reference": name, "sealed": self._fernet(key).encrypt(value.encode()), "at": now}
        with self._engine.begin() as connection:
            held = update(ContactHoldRow).where(*asked, ContactHoldRow.at > now - KEPT).values(**values)
            if not connection.execute(held.execution_options(synchronize_session=False)).rowcount:
                return None
        return f"contact#{name}.{key}"

    def open(self, conversation: str, reference: str) -> str | None:
        """The value behind a reference of this conversation; None where it is forgotten already, or another's."""
        match = REFERENCE.fullmatch(reference)
        if match is None:
            return None
        table = ContactHoldRow
        with self._engine.connect() as connection:
            wanted = (table.conversation == conversation, table.reference == match[1])
            row = connection.execute(select(table.sealed, table.at).where(*wanted)).first()
        if row is None or row.at <= self._clock() - KEPT:
            return None
        try:
            return self._fernet(match[2]).decrypt(bytes(row.sealed)).decode()
        except InvalidToken:
            return None

    def forget(self, conversation: str) -> None:
        """The form is over, or asks for something else: nothing is held and nothing more is sealed."""
        with self._engine.begin() as connection:
            connection.execute(delete(ContactHoldRow).where(ContactHoldRow.conversation == conversation))

    def stop_asking(self, conversation: str) -> None:
        """The form goes on without: what is typed from now on is no contact."""
        here, empty = ContactHoldRow.conversation == conversation, ContactHoldRow.sealed.is_(None)
        with self._engine.begin() as connection:
            connection.execute(delete(ContactHoldRow).where(here, empty))
            connection.execute(update(ContactHoldRow).where(here).values(asked=False))

    def tidy(self) -> None:
        """Delete what nobody confirmed in time."""
        with self._engine.begin() as connection:
            self._forget_old(connection, self._clock())

    @staticmethod
    def _forget_old(connection: Connection, now: datetime.datetime) -> None:
        old = delete(ContactHoldRow).where(ContactHoldRow.at <= now - KEPT)
        connection.execute(old.execution_options(synchronize_session=False))

    def _fernet(self, key: str) -> Fernet:
        return Fernet(base64.urlsafe_b64encode(hmac.new(self._secret, key.encode(), hashlib.sha256).digest()))


def reference_in(text: str) -> str | None:
    """The last reference in a text, which may hold several messages; None where there is none."""
    found = [match.group() for match in REFERENCE.finditer(text)]
    return found[-1] if found else None


def without_references(text: str, words: str) -> str:
    """The text with these words in place of every reference: as it may be kept and shown."""
    return REFERENCE.sub(words.replace("\\", ""), text)
