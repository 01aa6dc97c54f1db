"""The table of what editors said of messages."""

from __future__ import annotations

from sqlalchemy import Column, String, Text

from bot.learners.tables import Base, Moment


class LearningVerdictRow(Base):  # type: ignore[misc]
    """One message that was treated; known by a keyed hash, so that it never comes back."""

    __tablename__ = "learning_verdict"
    key = Column(String(32), primary_key=True)
    cluster = Column(String(32), nullable=False)
    verdict = Column(String(16), nullable=False)
    topic = Column(String(64))
    note = Column(Text, nullable=False)
    text = Column(Text)
    staff = Column(String(64), nullable=False)
    at = Column(Moment, nullable=False)
    exported_at = Column(Moment, index=True)
