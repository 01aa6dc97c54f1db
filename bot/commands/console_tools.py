"""What the console's pages need of the model, of speech and of the channels."""

from __future__ import annotations

import datetime
import re
import threading
from collections.abc import Iterator, Sequence
from typing import Any

from bot.console.tools import Shown, Tools
from bot.knowledge.models import Answer, Knowledge
from bot.settings import Settings

_TAG = re.compile(r"<[^<>]+>")


class ModelRank:
    """The best topics by the trained model, which is loaded when it is asked for the first time."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._rank: Any = None

    def __call__(self, texts: Sequence[str]) -> list[list[tuple[str, float]]]:
        """One list a text; empty ones where nothing is trained."""
        from bot.commands.learn import ranking

        with self._lock:
            self._rank = self._rank or ranking(self._settings)
            found: list[list[tuple[str, float]]] = self._rank(texts)
            return found


def console_tools(settings: Settings) -> Tools:
    """The tools of a console on this machine."""
    from bot.commands.learn_workshop import LearnWorkshop

    return Tools(ModelRank(settings), preview, LearnWorkshop(settings))


def preview(answer: Answer, knowledge: Knowledge, now: datetime.datetime) -> list[Shown]:
    """What each channel makes of an answer, all of its parts included."""
    from bot.channels import line_flex
    from bot.channels.telegram_draw import draw
    from bot.speech.answers import speak_answer

    reply = speak_answer(answer, {}, knowledge, now)
    custom = reply.custom or {}
    view: dict[str, Any] = custom["view"]
    flex = line_flex.message(reply.text, line_flex.answer(view, knowledge))
    line = ("\n".join(_words(flex)),) if flex is not None else (reply.text,)
    telegram = draw({"text": reply.text, "custom": custom}, knowledge, True)
    return [
        Shown("page", (), view),
        Shown("line", line),
        Shown("telegram", tuple(_plain(str(one["text"])) for one in telegram)),
        Shown("text", (reply.text,)),
    ]


def _words(part: Any) -> Iterator[str]:
    """Every text of a Flex message in the order in which it is drawn, buttons by their labels."""
    if isinstance(part, dict):
        if part.get("type") == "text":
            yield str(part.get("text", ""))
        elif part.get("type") == "button":
            yield f"[ {part['action'].get('label', '')} ]"
        inner = [word for name in ("header", "hero", "body", "footer", "contents") for word in _words(part.get(name))]
        # What stands side by side, such as a step and its number, is one line.
        yield from [" ".join(inner)] if part.get("layout") in ("horizontal", "baseline") else inner
    elif isinstance(part, list):
        for one in part:
            yield from _words(one)


def _plain(html: str) -> str:
    """Telegram's markup as a person sees it."""
    text = _TAG.sub("", html)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
