"""What the bot says to each kind of event of LINE: a sentence always, or nothing where none is expected."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

from bot.cases.records import Case
from bot.channels.bubbles import bubbles
from bot.channels.case_turn import with_words
from bot.channels.front_door import FILE_ALONE, LONGEST_MESSAGE, Admitted, FrontDoor
from bot.channels.line_api import LineApi, Refused, Unheard, Unsure
from bot.channels.line_database import in_turn
from bot.channels.line_draw import BUTTON, SHOW
from bot.channels.line_events import CHANNEL
from bot.channels.line_files import FILE_KEPT, Files
from bot.channels.line_link import AccountLink
from bot.channels.turn import OnNewMessage, take_turn
from bot.channels.turn_journal import TURNS
from bot.queues.buttons import Buttons
from bot.queues.held import Held
from bot.queues.outbox import Outbox
from bot.queues.records import Inbound

logger = logging.getLogger(__name__)

LOADING_SECONDS = 20
"""How long the loading animation shows at most; it ends with the answer. A multiple of 5, at most 60."""
LOGIN, FORM = "login_required", "case_form"
"""The types of what is no matter for a group."""
Said = list[dict[str, Any]]


class Answers:
    """Answers turns: one event, or several quick ones of a kind."""

    def __init__(
        self,
        door: FrontDoor,
        api: LineApi,
        on_new_message: OnNewMessage,
        link: AccountLink,
        files: Files,
        buttons: Buttons,
        held: Held,
        outbox: Outbox,
    ) -> None:
        self._door = door
        self._api = api
        self._on_new_message = on_new_message
        self._link = link
        self._files = files
        self._buttons = buttons
        self._held = held
        self._outbox = outbox
        self._animations: set[asyncio.Task[None]] = set()

    async def to(self, turn: Sequence[Inbound]) -> Said:
        """The bot's messages for a turn; raises only where the database is away."""
        first = turn[0]
        person, data, group = first.person, first.data, bool(first.data.get("group"))
        kind = data["kind"]
        if kind == "text":
            return await self._text(person, self._admitted(turn), group)
        if kind == "tap":
            return await self._tap(person, data["data"], group)
        if kind == "file":
            return await self._sent(person, await self._files.keep(person, [one.data for one in turn]), group)
        if kind == "other":
            return [self._say(f"sent_{data['what']}")]
        if kind == "linked":
            return [self._say(await self._link.finish(person, data["nonce"]))]
        if kind in ("follow", "join"):
            await in_turn(self._held.come_back, CHANNEL, person)
            return [self._hello("line_hello_group" if group else "line_hello", group)]
        if kind in ("unfollow", "leave"):
            await self._farewell(person)
        elif kind == "unsend":
            await self._files.drop(person, data["message"])
        return []

    async def stop(self) -> None:
        """Let go of what nobody waits for."""
        for task in self._animations:
            task.cancel()

    def apology(self) -> Said:
        """What is said where an answer failed."""
        return [self._say("apology")]

    def slow_down(self) -> Said:
        """What is said to somebody who writes more than can be answered."""
        return [self._say("slow_down")]

    def show_nothing(self) -> Said:
        """What is said to whoever asks for an answer that was shown already."""
        return [self._say("line_nothing_held")]

    def _admitted(self, turn: Sequence[Inbound]) -> Admitted:
        """Quick messages in a row as one; what could not be understood counts only where nothing else came."""
        good = [one.data["text"] for one in turn if not one.data.get("refusal")]
        if not good:
            return Admitted(turn[-1].data["text"], {}, turn[-1].data["refusal"])
        text = "\n".join(good)
        return Admitted(text, {}) if len(text) <= LONGEST_MESSAGE else Admitted("", {}, "ask_shorter")

    async def _text(self, person: str, admitted: Admitted, group: bool) -> Said:
        if admitted.refusal is None and (asked := self._link.asked(admitted.text)):
            return [self._say("line_group_private")] if group else await self._about_link(person, asked)
        metadata: dict[str, Any] = {"group": True} if group else {}
        if not group:
            if await self._case_in_hand(person) is None:
                self._animate(person)
            learner_id = await in_turn(self._link.learner, person)
            metadata = {"learner_id": learner_id} if learner_id else {}
        admitted = Admitted(admitted.text, metadata, admitted.refusal)
        said = await take_turn(admitted, sender_of(person), CHANNEL, self._door, self._on_new_message)
        return self._with_link_button(said, group)

    async def _sent(self, person: str, kept: Sequence[str], group: bool) -> Said:
        """What is said of files; where a form or an agent waits for them, they are its answer."""
        alone = await with_words(Admitted("", {}, FILE_ALONE), sender_of(person), self._door)
        said = [self._say(name) for name in dict.fromkeys(kept) if name != FILE_KEPT]
        count = kept.count(FILE_KEPT)
        if count and alone.refusal is None:
            return said + await self._text(person, alone, group)
        if count:
            lines = (self._door.phrase(FILE_KEPT).format(count=count), self._door.phrase("file_what_for"))
            said.insert(0, {"text": "\n".join(lines)})
        return said

    async def _case_in_hand(self, person: str) -> Case | None:
        """The case of this person that an agent has: the bot has nothing to say then."""
        desk = self._door.desk
        return None if desk is None else await in_turn(desk.cases.in_hand, sender_of(person))

    async def _tap(self, person: str, data: str, group: bool) -> Said:
        if data == SHOW:
            return []
        payload = None
        if data.startswith(BUTTON):
            payload = await in_turn(self._buttons.payload, CHANNEL, person, data[len(BUTTON) :])
        if payload is None:
            return [self._say("button_stale")]
        return await self._text(person, self._door.admit(payload), group)

    async def _about_link(self, person: str, asked: str) -> Said:
        if asked == "unlink":
            return [self._say(await self._link.undo(person))]
        return await self._link.begin(person)

    def _with_link_button(self, said: Said, group: bool) -> Said:
        """Where an answer needs to know who asks: a button to link the account. In a group the advice to ask in
        private, and no form that would have people tell how to reach them."""
        changed: Said = []
        for one in bubbles(said):
            kind = one["custom"].get("type")
            if group and kind == FORM:
                changed.append(self._say("line_group_private"))
                continue
            changed.append(one)
            if kind == LOGIN:
                changed.append(self._say("line_group_private") if group else self._link.offer())
        return changed

    def _hello(self, phrase: str, group: bool) -> dict[str, Any]:
        sentences = [] if group else self._door.phrase("line_hello_buttons").split("\n")
        buttons = [{"title": one.strip(), "payload": one.strip()} for one in sentences if one.strip()]
        return {**self._say(phrase), "buttons": buttons}

    async def _farewell(self, person: str) -> None:
        await in_turn(self._held.go_away, CHANNEL, person)
        await in_turn(self._outbox.drop, CHANNEL, person)
        await in_turn(self._buttons.forget, CHANNEL, person)
        await TURNS.forget(sender_of(person))

    def _animate(self, person: str) -> None:
        async def animate() -> None:
            try:
                await self._api.start_loading(person, LOADING_SECONDS)
            except (Refused, Unheard, Unsure) as error:
                logger.info("the loading animation of LINE did not show: %s", error)

        task = asyncio.ensure_future(animate())
        self._animations.add(task)
        task.add_done_callback(self._animations.discard)

    def _say(self, phrase: str) -> dict[str, Any]:
        return {"text": self._door.phrase(phrase)}


def sender_of(person: str) -> str:
    """The name of a person's conversation in Rasa, and of their session in the store of files."""
    return f"{CHANNEL}-{person}"
