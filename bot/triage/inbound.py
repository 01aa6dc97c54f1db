"""An inbound message as a file of them holds it, whatever the kind of file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Inbound:
    """One message, or what is wrong with it."""

    place: str
    """Where it stands, for messages about it: "line 7", or a file's name."""
    id: str | int
    """As given; empty where it could not be read."""
    subject: str = ""
    body: str = ""
    pictures: bool = False
    """Whether pictures or PDF files came with it."""
    sender: bool = False
    """Whether it says to whom a reply can go."""
    error: str = ""
    """Why it cannot be understood; empty where it can."""


class UnreadableFile(Exception):
    """Raised for a file of which nothing can be read, with what is wrong but without its name."""
