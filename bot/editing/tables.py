"""The tables of edits: what somebody proposes, and what was replaced."""

from __future__ import annotations

from sqlalchemy import Column, Integer, String, Text

from bot.learners.tables import Base, Moment


class KbDraftRow(Base):  # type: ignore[misc]
    """A proposed text of an answer file."""

    __tablename__ = "kb_draft"
    id = Column(Integer, primary_key=True)
    topic = Column(String(64), nullable=False, index=True)
    base = Column(String(64), nullable=False)
    text = Column(Text, nullable=False)
    note = Column(Text, nullable=False)
    author = Column(String(64), nullable=False)
    at = Column(Moment, nullable=False)
    state = Column(String(16), nullable=False, index=True)
    decided_by = Column(String(64))
    decided_at = Column(Moment)


class KbVersionRow(Base):  # type: ignore[misc]
    """One change of an answer file that was made here: what stood before, and what stands since."""

    __tablename__ = "kb_version"
    id = Column(Integer, primary_key=True)
    topic = Column(String(64), nullable=False, index=True)
    before = Column(Text, nullable=False)
    after = Column(Text, nullable=False)
    note = Column(Text, nullable=False)
    author = Column(String(64), nullable=False)
    approver = Column(String(64), nullable=False)
    at = Column(Moment, nullable=False)
