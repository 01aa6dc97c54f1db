"""What a person's events at Telegram are answered with."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from bot.cases.contact import reference_in
from bot.channels.bubbles import bubbles
from bot.channels.case_turn import with_words
from bot.channels.front_door import FILE_ALONE, Admitted, FrontDoor
from bot.channels.persons import Postponed
from bot.channels.telegram_files import Fetched, Files
from bot.channels.telegram_link import Linking
from bot.channels.telegram_updates import private, sender_of
from bot.channels.turn import OnNewMessage, take_turn
from bot.channels.turn_journal import TURNS
from bot.knowledge.live import LiveKnowledge
from bot.queues.buttons import Buttons
from bot.queues.chats import Chats
from bot.queues.outbox import Outbox
from bot.queues.records import Inbound, Outbound

logger = logging.getLogger(__name__)

CHANNEL = "telegram"
DATABASE_AWAY_SECONDS = 5.0
Said = list[dict[str, Any]]


class Turns:
    """Answers all waiting events of one chat at a time."""

    def __init__(
        self,
        knowledge: LiveKnowledge,
        door: FrontDoor,
        on_new_message: OnNewMessage,
        linking: Linking,
        buttons: Buttons,
        chats: Chats,
        files: Files,
        outbox: Outbox,
    ) -> None:
        self._knowledge = knowledge
        self._door = door
        self._on_new_message = on_new_message
        self._linking = linking
        self._buttons = buttons
        self._chats = chats
        self._files = files
        self._outbox = outbox

    async def answer(self, person: str, events: Sequence[Inbound]) -> list[Outbound]:
        """One message to be sent, or none where nothing is to be said. Raises Postponed."""
        events = sorted(events, key=lambda event: int(event.event))
        try:
            said = await self._answered(person, [dict(event.data) for event in events])
        except Postponed:
            raise
        except (SQLAlchemyError, OSError) as error:
            logger.error("the database is away: %s", type(error).__name__)
            raise Postponed(DATABASE_AWAY_SECONDS) from None
        except Exception as error:
            # What it says may hold what the person said: its kind alone is told.
            logger.error("answering on Telegram failed: %s", type(error).__name__)
            said = [{"text": self._door.phrase("apology")}]
        key = f"{CHANNEL}:{events[-1].event}"
        data: dict[str, Any] = {"messages": said}
        asked = [event.data["message"] for event in events if "message" in event.data]
        if asked and not private(person):
            # Among many people it must be clear whose question this answers.
            data["reply_to"] = asked[-1]
        return [Outbound(key, CHANNEL, person, data)] if said else []

    async def _answered(self, person: str, events: list[dict[str, Any]]) -> Said:
        """What is said to the events, oldest first; neighbours of a kind are taken together."""
        gone = max((at for at, event in enumerate(events) if event["kind"] == "gone"), default=-1)
        if gone >= 0:
            await asyncio.to_thread(self._chats.gone, CHANNEL, person)
            await asyncio.to_thread(self._outbox.drop, CHANNEL, person)
            await TURNS.forget(sender_of(person))
        events = await self._with_edits(person, events[gone + 1 :])
        # Whatever may have to be tried again later comes first: a turn is taken once.
        kept: dict[int, list[Fetched]] = {}
        segments = _segments(events)
        for at, segment in enumerate(segments):
            if segment[0]["kind"] == "file" and private(person):
                kept[at] = await self._files.keep(sender_of(person), segment)
        written = [str(event["message"]) for event in events if "message" in event and private(person)]
        if written:
            await asyncio.to_thread(self._chats.note, CHANNEL, person, max(written, key=int))
        said: Said = []
        for at, segment in enumerate(segments):
            said += await self._one(person, segment, kept.get(at, []), len(segments) == 1)
        return said

    async def _one(self, person: str, segment: list[dict[str, Any]], kept: list[Fetched], only: bool) -> Said:
        kind = segment[0]["kind"]
        if kind == "press":
            return await self._pressed(person, segment[0])
        if kind == "command":
            return await self._commanded(person, segment[0])
        if kind == "came":
            back = await asyncio.to_thread(self._chats.back, CHANNEL, person)
            if not private(person):
                return self._phrase("telegram_group_greeting")
            return self._phrase("telegram_welcome_back") if only and back else []
        if kind == "file":
            return await self._received(person, segment, kept, only)
        said: Said = []
        if kind == "other":
            said += self._phrase(f"sent_{segment[-1]['what']}")
            segment = [event for event in segment if event["text"]]
        elif kind == "edit":
            said += self._phrase("telegram_edited")
        return said + await self._asked(person, segment) if segment else said

    async def _asked(self, person: str, texts: list[dict[str, Any]]) -> Said:
        """The reply to what a person wrote, several messages being one question."""
        good = [event["text"] for event in texts if event["refusal"] is None]
        if len(texts) == 1 or not good:
            admitted = Admitted(texts[-1]["text"], {}, texts[-1]["refusal"])
        else:
            admitted = self._door.admit("\n".join(good))
        about_link = await self._linking.said(person, admitted.text) if admitted.refusal is None else None
        if about_link is not None:
            return [about_link]
        return await self._turn(person, admitted)

    async def _turn(self, person: str, admitted: Admitted) -> Said:
        learner_id = await self._linking.learner(person)
        metadata: dict[str, Any] = {"learner_id": learner_id} if learner_id else {}
        if not private(person):
            metadata = {"group": True}
        admitted = Admitted(admitted.text, metadata, admitted.refusal)
        said = await take_turn(admitted, sender_of(person), CHANNEL, self._door, self._on_new_message)
        return [{key: value for key, value in one.items() if key != "recipient_id"} for one in bubbles(said)]

    async def _pressed(self, person: str, press: dict[str, Any]) -> Said:
        payload = await asyncio.to_thread(self._buttons.payload, CHANNEL, person, press["button"])
        if payload is None:
            return self._phrase("button_stale")
        said = await self._asked(person, [{"text": self._door.admit(payload).text, "refusal": None}])
        if said:
            # A press leaves no trace in the chat: the reply says what was chosen.
            said[0]["pressed"] = press["title"]
        return said

    async def _commanded(self, person: str, command: dict[str, Any]) -> Said:
        say, name = self._knowledge.get().phrases, command["command"]
        action, _, rest = command["payload"].partition("_")
        if action == "link":
            return [await self._linking.redeemed(person, rest)]
        if action == "topic" and rest in self._knowledge.get().topics:
            return await self._turn(person, Admitted(self._knowledge.get().topics[rest].title, {}))
        if name == "start":
            await asyncio.to_thread(self._chats.back, CHANNEL, person)
            if not private(person):
                return self._phrase("telegram_group_greeting")
            buttons = [{"title": one, "payload": one} for one in say["telegram_first_questions"].split("\n") if one]
            return [{"text": say["telegram_greeting"], "buttons": buttons}]
        if not name:
            return self._phrase("telegram_unknown_command")
        if name == "status" and not private(person):
            return self._phrase("telegram_private_only")
        return await self._turn(person, Admitted(say[f"telegram_say_{name}"], {}))

    async def _received(self, person: str, files: list[dict[str, Any]], kept: list[Fetched], only: bool) -> Said:
        if not private(person):
            return self._phrase("telegram_private_only")
        say = self._knowledge.get().phrases
        good = sum(one.problem is None for one in kept)
        problems = [say[problem] for problem in dict.fromkeys(one.problem for one in kept) if problem]
        words = [event for event in files if event["text"]]
        alone = await with_words(Admitted("", {}, FILE_ALONE), sender_of(person), self._door)
        awaited = good > 0 and alone.refusal is None
        # Where a form or an agent waits for files, their arrival says enough.
        lines = [say["file_kept"].format(count=good)] if good and not awaited else []
        lines += problems
        if good and only and not words and not awaited:
            lines.append(say["file_what_for"])
        said: Said = [{"text": "\n".join(lines)}] if lines else []
        if awaited and not words:
            return said + await self._turn(person, alone)
        return said + await self._asked(person, words) if words else said

    async def _with_edits(self, person: str, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """A text that was changed before it was answered counts as changed; of what was answered, the newest alone.

        Whoever mends the question that they asked last wants it answered anew; older ones are history.
        """
        found: list[dict[str, Any]] = []
        for event in events:
            if event["kind"] != "edit":
                found.append(event)
                continue
            same = [at for at, one in enumerate(found) if one.get("message") == event["message"]]
            if same:
                found[same[-1]] = {**event, "kind": found[same[-1]]["kind"]}
            elif str(event["message"]) == await asyncio.to_thread(self._chats.newest, CHANNEL, person):
                found.append(event)
        return found

    def _phrase(self, name: str) -> Said:
        return [{"text": self._door.phrase(name)}]


def _segments(events: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """Neighbours that are one thing to say: texts in a row, the files of an album."""
    found: list[list[dict[str, Any]]] = []
    for event in events:
        before = found[-1][-1] if found else None
        alike = before is not None and event["kind"] == before["kind"] and event["kind"] in ("text", "file", "other")
        # What a person is reached by stands alone: a form waits for it.
        if alike and not any(reference_in(one.get("text", "")) for one in (before or {}, event)):
            found[-1].append(event)
        else:
            found.append([event])
    return found
