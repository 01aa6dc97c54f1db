"""The tables of the queues."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Text, UniqueConstraint

from bot.learners.tables import Base, Moment

WAITING, SENT, DEAD = "waiting", "sent", "dead"


class InboundRow(Base):  # type: ignore[misc]
    """One event; its row outlives its data, so that a late duplicate is known."""

    __tablename__ = "inbound"
    __table_args__ = (
        UniqueConstraint("channel", "event", name="uq_inbound_event"),
        Index("ix_inbound_waiting", "channel", "done_at", "person"),
    )
    id = Column(Integer, primary_key=True, autoincrement=True)
    channel = Column(String(16), nullable=False)
    event = Column(String(200), nullable=False)
    person = Column(String(64), nullable=False)
    data = Column(Text)
    received_at = Column(Moment, nullable=False)
    held_until = Column(Moment)
    done_at = Column(Moment, index=True)


class OutboundRow(Base):  # type: ignore[misc]
    """One message; its row outlives its data, so that the same key is never sent twice."""

    __tablename__ = "outbound"
    __table_args__ = (
        UniqueConstraint("key", name="uq_outbound_key"),
        Index("ix_outbound_waiting", "channel", "state", "person"),
    )
    id = Column(Integer, primary_key=True, autoincrement=True)
    key = Column(String(200), nullable=False)
    channel = Column(String(16), nullable=False)
    person = Column(String(320), nullable=False)
    data = Column(Text)
    state = Column(String(8), nullable=False)
    created_at = Column(Moment, nullable=False)
    due_at = Column(Moment, nullable=False)
    holder = Column(String(32), index=True)
    held_until = Column(Moment)
    tried_at = Column(Moment)
    attempts = Column(Integer, nullable=False)
    why = Column(String(300), nullable=False)
    closed_at = Column(Moment, index=True)
