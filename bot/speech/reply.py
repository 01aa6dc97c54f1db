"""One neutral reply: text that stands alone, buttons that send a sentence, and a machine-readable part."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from bot.knowledge.models import Knowledge

GOES_ON = "goes_on"
"""In the machine-readable part, for the journal alone: how the message goes on from the answer before it."""


@dataclass(frozen=True)
class Reply:
    """What the bot says once; a channel draws it."""

    text: str
    buttons: tuple[tuple[str, str], ...] = ()
    """Title and the sentence that a tap sends."""
    custom: dict[str, Any] | None = None
    """Its type and facts; `view`, where it has one, may be drawn instead of the text."""

    def without_view(self) -> Reply:
        """The reply to be drawn from its text, for one that says other things than its view."""
        if self.custom is None:
            return self
        return replace(self, custom={key: value for key, value in self.custom.items() if key != "view"})

    def going_on(self, how: str) -> Reply:
        """The reply to a message that goes on like this (bot.dialogue.follow_up) from the answer before it, if any."""
        return replace(self, custom={**self.custom, GOES_ON: how}) if how and self.custom is not None else self

    def as_response(self) -> dict[str, Any]:
        """The shape of a Rasa response."""
        response: dict[str, Any] = {"text": self.text}
        if self.buttons:
            response["buttons"] = [{"title": title, "payload": payload} for title, payload in self.buttons]
        if self.custom is not None:
            response["custom"] = self.custom
        return response


def topic_buttons(topics: tuple[str, ...] | list[str], knowledge: Knowledge) -> tuple[tuple[str, str], ...]:
    """A button for each topic; its title is also what it sends, so that a typed title does the same."""
    return tuple(
        (knowledge.topics[topic].title, knowledge.topics[topic].title) for topic in topics if topic in knowledge.topics
    )


def desk_buttons(desks: tuple[str, ...] | list[str], knowledge: Knowledge) -> tuple[tuple[str, str], ...]:
    """A button for each desk that asks for its contact facts."""
    titles = [knowledge.phrases["contact_button"].format(aka=knowledge.desks[desk].aka) for desk in desks]
    return tuple((title, title) for title in titles)
