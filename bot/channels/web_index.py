"""What the page suggests while a person types: the topics, a sentence on each, and questions that people ask."""

from __future__ import annotations

import functools
import hashlib
import json
import logging
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.web_requests import answered, in_thread
from bot.knowledge.fill import fill
from bot.knowledge.live import LiveKnowledge
from bot.knowledge.models import Knowledge, Notice
from bot.knowledge.notices import holding
from bot.learners.clock import Clock, now_in_taipei
from bot.settings import Settings

logger = logging.getLogger(__name__)

MOST_WORDS = 8
STARTERS = ("forgot_password", "hours_not_uploaded_lifelong", "withdraw_course", "my_hours_status", "contact_desk")
"""Topics that an empty page offers: the most frequent ones of the help desk."""
CACHED = {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}


class Index:
    """The index as JSON, made anew when kb/ or what is announced changes; the training questions are read once."""

    def __init__(self, knowledge: LiveKnowledge, project: Path, clock: Clock = now_in_taipei) -> None:
        self._knowledge = knowledge
        self._files = project / "bot" / "data" / "nlu"
        self._clock = clock
        self._made_of: tuple[Knowledge, list[Notice]] | None = None
        self._body = b""

    def body(self) -> bytes:
        """The index; blocks while it is made."""
        knowledge = self._knowledge.get()
        held = holding(knowledge, self._clock())
        if self._made_of is None or knowledge is not self._made_of[0] or held != self._made_of[1]:
            index = index_of(knowledge, typical_questions(self._files))
            index["notices"] = [fill(one.text, knowledge) for one in held]
            self._body = json.dumps(index, ensure_ascii=False).encode("utf-8")
            self._made_of = knowledge, held
        return self._body


def add_index(routes: Blueprint, index: Index, settings: Settings) -> None:
    """Add the routes that need no ticket."""

    @routes.listener("before_server_start")  # type: ignore[misc]
    async def read(_app: object, _loop: object) -> None:
        await in_thread(index.body)

    @routes.route("/index", methods=["GET"])  # type: ignore[misc]
    @answered
    async def tell(request: Request) -> HTTPResponse:
        body = await in_thread(index.body)
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        headers = {**CACHED, "ETag": tag}
        if tag in request.headers.get("if-none-match", ""):
            return response.raw(b"", status=304, headers=headers)
        return response.raw(body, content_type="application/json", headers=headers)

    @routes.route("/settings", methods=["GET"])  # type: ignore[misc]
    @answered
    async def tell_settings(_request: Request) -> HTTPResponse:
        return response.json({"origins": list(settings.web_origins)}, headers=CACHED)


def index_of(knowledge: Knowledge, words: Mapping[str, list[str]]) -> dict[str, Any]:
    """Every topic that a person may ask for, small talk excepted."""
    topics = [
        {
            "id": topic.id,
            "title": topic.title,
            "short": fill(knowledge.answers[topic.id].short, knowledge) if topic.id in knowledge.answers else "",
            "words": words.get(topic.id, []),
        }
        for topic in knowledge.topics.values()
        if topic.kind != "conversation"
    ]
    starters = [knowledge.topics[topic].title for topic in STARTERS if topic in knowledge.topics]
    return {"topics": topics, "starters": starters}


@functools.cache
def typical_questions(folder: Path) -> dict[str, list[str]]:
    """The shortest training questions of each topic, by length, distinct by their letters and digits."""
    found: dict[str, list[str]] = {}
    for path in sorted(folder.rglob("*.yml")):
        try:
            data = yaml.load(path.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
            entries = [entry for entry in data["nlu"] if "intent" in entry]
        except (yaml.YAMLError, UnicodeDecodeError, KeyError, TypeError) as error:
            # `epark kb check` says what is wrong with it; suggestions are no reason not to start.
            logger.error("no suggestions from %s: %s", path.name, error)
            continue
        for entry in entries:
            topic = str(entry["intent"]).removeprefix("faq/")
            lines = str(entry.get("examples") or "").splitlines()
            found.setdefault(topic, []).extend(line[2:].strip() for line in lines if line.startswith("- "))
    return {topic: _shortest(questions) for topic, questions in found.items()}


def _shortest(questions: Iterable[str]) -> list[str]:
    distinct: dict[str, str] = {}
    for question in sorted(questions, key=len):
        distinct.setdefault("".join(sign for sign in question.lower() if sign.isalnum()), question)
    return [question for key, question in distinct.items() if key][:MOST_WORDS]
