"""The tables of the chat page's conversations."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, ForeignKeyConstraint, Integer, String, Text

from bot.learners.tables import Base, Moment


class WebSessionRow(Base):  # type: ignore[misc]
    """One session: how far its events count, and who is signed in."""

    __tablename__ = "web_session"
    id = Column(String(40), primary_key=True)
    last_event = Column(Integer, nullable=False)
    used_at = Column(Moment, nullable=False, index=True)
    learner_id = Column(String(11))
    learner_until = Column(Moment, index=True)


class WebEventRow(Base):  # type: ignore[misc]
    """One event of a session."""

    __tablename__ = "web_event"
    session_id = Column(ForeignKey("web_session.id", ondelete="CASCADE"), primary_key=True)
    number = Column(Integer, primary_key=True, autoincrement=False)
    kind = Column(String(16), nullable=False)
    turn = Column(String(64))
    data = Column(Text, nullable=False)
    at = Column(Moment, nullable=False, index=True)


class WebTurnRow(Base):  # type: ignore[misc]
    """A message that is not answered yet."""

    __tablename__ = "web_turn"
    session_id = Column(ForeignKey("web_session.id", ondelete="CASCADE"), primary_key=True)
    turn = Column(String(64), primary_key=True)
    accepted_at = Column(Moment, nullable=False)


class WebFeedbackRow(Base):  # type: ignore[misc]
    """What a person thinks of one reply."""

    __tablename__ = "web_feedback"
    __table_args__ = (
        ForeignKeyConstraint(["session_id", "event"], ["web_event.session_id", "web_event.number"], ondelete="CASCADE"),
    )
    session_id = Column(String(40), primary_key=True)
    event = Column(Integer, primary_key=True, autoincrement=False)
    helpful = Column(Boolean, nullable=False)
    reason = Column(String(16))
    comment = Column(Text, nullable=False)
    at = Column(Moment, nullable=False)


class WebAttachmentRow(Base):  # type: ignore[misc]
    """A file that a person sent; its content is in var/attachments/ under its id."""

    __tablename__ = "web_attachment"
    id = Column(String(40), primary_key=True)
    session_id = Column(ForeignKey("web_session.id", ondelete="CASCADE"), nullable=False, index=True)
    name = Column(String(200), nullable=False)
    type = Column(String(40), nullable=False)
    size = Column(Integer, nullable=False)
    event = Column(Integer)
    at = Column(Moment, nullable=False)
