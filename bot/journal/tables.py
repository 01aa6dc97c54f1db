"""The table of turns."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, String, Text

from bot.learners.tables import Base, Moment


class JournalRow(Base):  # type: ignore[misc]
    """One turn: what somebody asked and what became of it. Who it was, nobody can tell from it."""

    __tablename__ = "journal"
    id = Column(Integer, primary_key=True)
    at = Column(Moment, nullable=False, index=True)
    channel = Column(String(16), nullable=False)
    conversation = Column(String(64), nullable=False, index=True)
    outcome = Column(String(16), nullable=False, index=True)
    topic = Column(String(64), index=True)
    topics = Column(Text, nullable=False)
    desk = Column(String(32))
    handed_over = Column(Boolean, nullable=False)
    case_number = Column(String(16))
    text = Column(Text)
    helpful = Column(Boolean)
    reason = Column(String(16))
    goes_on = Column(String(16))
