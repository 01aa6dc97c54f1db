"""The tables of the people who work in the console: accounts, sessions, failed sign-ins, audit trail, presence."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Text

from bot.learners.tables import Base, Moment


class StaffRow(Base):  # type: ignore[misc]
    """One member of staff."""

    __tablename__ = "staff"
    login = Column(String(32), primary_key=True)
    name = Column(String(60), nullable=False)
    roles = Column(String(80), nullable=False)
    """Joined by commas, as are the desks; no desks are all of them."""
    desks = Column(Text, nullable=False)
    password_hash = Column(String(200), nullable=False)
    created_at = Column(Moment, nullable=False)


class StaffSessionRow(Base):  # type: ignore[misc]
    """One sign-in; the token itself is in the browser alone."""

    __tablename__ = "staff_session"
    token_hash = Column(String(64), primary_key=True)
    login = Column(ForeignKey("staff.login", ondelete="CASCADE"), nullable=False, index=True)
    begun_at = Column(Moment, nullable=False)
    used_at = Column(Moment, nullable=False)


class StaffAttemptRow(Base):  # type: ignore[misc]
    """A sign-in that has not succeeded."""

    __tablename__ = "staff_attempt"
    id = Column(Integer, primary_key=True)
    account = Column(String(64), nullable=False, index=True)
    """A hash of what was typed as the login: people type passwords there, too."""
    address = Column(String(64), nullable=False, index=True)
    at = Column(Moment, nullable=False, index=True)


class StaffAuditRow(Base):  # type: ignore[misc]
    """Who saw or did what; outlives the account and the case."""

    __tablename__ = "staff_audit"
    __table_args__ = (Index("ix_staff_audit_login_at", "login", "at"),)
    id = Column(Integer, primary_key=True)
    at = Column(Moment, nullable=False, index=True)
    login = Column(String(32), nullable=False)
    """Empty where nobody is signed in."""
    action = Column(String(32), nullable=False, index=True)
    subject = Column(String(80), nullable=False, index=True)
    """What it was done to: a case's number, a login, a topic, a path."""
    data = Column(Text, nullable=False)
    address = Column(String(64), nullable=False)


class StaffPresenceRow(Base):  # type: ignore[misc]
    """Somebody has a page open, as of the last heartbeat."""

    __tablename__ = "staff_presence"
    subject = Column(String(80), primary_key=True)
    login = Column(ForeignKey("staff.login", ondelete="CASCADE"), primary_key=True)
    at = Column(Moment, nullable=False)
