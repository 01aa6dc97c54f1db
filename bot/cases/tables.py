"""The tables of cases."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Integer, LargeBinary, String, Text

from bot.learners.tables import Base, Moment


class CaseCounterRow(Base):  # type: ignore[misc]
    """How many cases a month has had: numbers are never used twice."""

    __tablename__ = "case_counter"
    month = Column(String(4), primary_key=True)
    last = Column(Integer, nullable=False)


class CaseRow(Base):  # type: ignore[misc]
    """One case; JSON stands in text columns, so that SQLite and PostgreSQL keep it alike."""

    __tablename__ = "help_case"
    id = Column(Integer, primary_key=True)
    number = Column(String(16), nullable=False, unique=True)
    draft_key = Column(String(64), unique=True)
    kind = Column(String(16), nullable=False)
    state = Column(String(16), nullable=False, index=True)
    desk = Column(String(32), nullable=False, index=True)
    refer_to = Column(String(32))
    topic = Column(String(64))
    channel = Column(String(16), nullable=False)
    conversation = Column(String(220), nullable=False, index=True)
    learner_id = Column(String(11), index=True)
    subject = Column(String(200), nullable=False)
    fields = Column(Text, nullable=False)
    contact = Column(Text)
    diagnosis = Column(Text)
    transcript = Column(Text, nullable=False)
    assignee = Column(String(64), index=True)
    with_agent = Column(Boolean, nullable=False)
    opened_at = Column(Moment, nullable=False, index=True)
    changed_at = Column(Moment, nullable=False, index=True)
    first_reply_at = Column(Moment)
    resolved_at = Column(Moment)


class CaseEventRow(Base):  # type: ignore[misc]
    """One thing that happened to a case."""

    __tablename__ = "case_event"
    id = Column(Integer, primary_key=True)
    case_id = Column(ForeignKey("help_case.id", ondelete="CASCADE"), nullable=False, index=True)
    at = Column(Moment, nullable=False)
    kind = Column(String(16), nullable=False)
    staff = Column(String(64))
    data = Column(Text, nullable=False)


class CaseFileRow(Base):  # type: ignore[misc]
    """A file of a case, with its content: it comes and goes with the case, in the same transaction."""

    __tablename__ = "case_file"
    id = Column(Integer, primary_key=True)
    case_id = Column(ForeignKey("help_case.id", ondelete="CASCADE"), nullable=False, index=True)
    name = Column(String(200), nullable=False)
    type = Column(String(40), nullable=False)
    size = Column(Integer, nullable=False)
    source = Column(String(40), nullable=False)
    content = Column(LargeBinary, nullable=False)
    at = Column(Moment, nullable=False)


class ContactHoldRow(Base):  # type: ignore[misc]
    """A conversation whose form asks for the contact, and what was given: sealed, its key is not in the database."""

    __tablename__ = "contact_hold"
    conversation = Column(String(220), primary_key=True)
    asked = Column(Boolean, nullable=False)
    reference = Column(String(40))
    sealed = Column(LargeBinary)
    at = Column(Moment, nullable=False, index=True)
