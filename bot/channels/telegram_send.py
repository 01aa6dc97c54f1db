"""Sending one message of the outbox to Telegram: once, in pieces where it is long, and obeying what Telegram says."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from bot.channels.bubbles import bubbles
from bot.channels.telegram_api import Away, Refused, TelegramApi, Uncertain
from bot.channels.telegram_draw import Drawn, draw
from bot.channels.telegram_html import LONGEST, escaped, length, plain, units
from bot.channels.telegram_updates import chat_of, private
from bot.knowledge.live import LiveKnowledge
from bot.queues.buttons import Buttons
from bot.queues.chats import Chats
from bot.queues.delivery import GiveUp, TryAgain
from bot.queues.outbox import Outbox
from bot.queues.records import Due

logger = logging.getLogger(__name__)

TOKEN_REFUSED_SECONDS = 300.0
_NOBODY_THERE = ("chat not found", "user not found", "peer_id_invalid", "user is deactivated", "group chat was deleted")
_NO_THREAD = ("message thread not found", "topic_closed", "topic_deleted")
SignIn = Callable[[str], str | None]
"""The page on which the person of a private chat proves who they are; None where there is no such page."""


class Sender:
    """Delivers what the outbox holds for Telegram.

    Telegram cannot be told that a message is the same as before. Therefore each piece is written down as begun before
    it is sent, and the next one only after it was taken. What began and never reported back (the process was killed, or
    no answer came) is sent again with a line on top that says so: to read an answer twice harms less than none.
    """

    def __init__(
        self,
        api: TelegramApi,
        outbox: Outbox,
        buttons: Buttons,
        chats: Chats,
        knowledge: LiveKnowledge,
        sign_in: SignIn,
    ) -> None:
        self._api = api
        self._outbox = outbox
        self._buttons = buttons
        self._chats = chats
        self._knowledge = knowledge
        self._sign_in = sign_in

    async def __call__(self, due: Due) -> None:
        """Deliver one message. Raises TryAgain and GiveUp as bot.queues.delivery wants them."""
        data = dict(due.data)
        unsure = bool(data.pop("unsure", False)) or (due.tried_at is not None and "at" in data)
        if "pieces" not in data:
            data = {"pieces": await asyncio.to_thread(self._pieces, due)}
        for at in range(data.get("at", 0), len(data["pieces"])):
            if data.get("at") != at or "unsure" in due.data:
                data = {**data, "at": at}
                await self._note(due, data)
            try:
                await self._send(due.person, data["pieces"][at], unsure)
            except Uncertain as problem:
                await self._note(due, {**data, "unsure": True})
                raise TryAgain(f"no answer came ({problem})") from None
            unsure = False

    def _pieces(self, due: Due) -> list[Drawn]:
        """What is to be sent, drawn once, so that a later attempt goes on with the same."""
        knowledge, alone = self._knowledge.get(), private(due.person)
        drawn: list[Drawn] = []
        for bubble in bubbles(due.data.get("messages") or []):
            linking = (bubble.get("custom") or {}).get("type") in ("login_required", "link")
            page = self._sign_in(due.person) if linking and alone else None
            drawn += draw(bubble, knowledge, alone, page)
        wanted = [button for one in drawn for row in one["rows"] for button in row if "payload" in button]
        ids = self._buttons.keep(due.channel, due.person, due.key, [button["payload"] for button in wanted])
        for button, id in zip(wanted, ids):
            button.pop("payload")
            button["callback_data"] = id
        if drawn and due.data.get("reply_to"):
            drawn[0]["reply_to"] = due.data["reply_to"]
        return drawn

    async def _send(self, person: str, piece: Drawn, unsure: bool) -> None:
        text = piece["text"]
        if unsure:
            noted = f"{escaped(self._knowledge.get().phrases['telegram_again'])}\n\n{text}"
            text = noted if length(noted) <= LONGEST else text
        where: dict[str, Any] = dict(chat_of(person))
        if piece.get("reply_to"):
            where["reply_parameters"] = {"message_id": piece["reply_to"], "allow_sending_without_reply": True}
        call = {"text": text, "parse_mode": "HTML", **_extras(piece["rows"])}
        for _ in range(4):
            try:
                await self._api.call("sendMessage", {**where, **call})
                return
            except Refused as refused:
                words = refused.description.lower()
                if refused.moved_to is not None and where["chat_id"] != refused.moved_to:
                    where = {"chat_id": refused.moved_to}
                elif refused.code == 400 and "message_thread_id" in where and any(one in words for one in _NO_THREAD):
                    del where["message_thread_id"]
                elif refused.code == 400 and "parse_mode" in call and not any(one in words for one in _NOBODY_THERE):
                    logger.error("Telegram refused a message, it goes out as plain text: %s", refused)
                    call = _plainly(text, piece["rows"])
                else:
                    raise await self._consequence(person, refused) from None
            except Away as away:
                raise TryAgain(str(away)) from None
        raise GiveUp("Telegram wants it ever different")

    async def _consequence(self, person: str, refused: Refused) -> Exception:
        """What follows from a refusal that no other way of saying it mends."""
        if refused.code == 429:
            return TryAgain("too many messages", float(refused.retry_after or 5))
        if refused.code == 403 or any(one in refused.description.lower() for one in _NOBODY_THERE):
            await asyncio.to_thread(self._chats.gone, "telegram", person)
            return GiveUp(str(refused))
        if refused.code in (401, 404):
            # 404 is what Telegram answers to a token that is none.
            logger.error("Telegram refuses the bot's token: check EPARK_TELEGRAM_TOKEN")
            return TryAgain(str(refused), TOKEN_REFUSED_SECONDS)
        return GiveUp(str(refused)) if refused.code == 400 else TryAgain(str(refused))

    async def _note(self, due: Due, data: Mapping[str, Any]) -> None:
        """Write down how far it got; what was sent must be known, so a database that is away is waited for."""
        for seconds in (0.2, 1.0, 5.0):
            try:
                await asyncio.to_thread(self._outbox.change, due.id, data)
                return
            except (SQLAlchemyError, OSError):
                await asyncio.sleep(seconds)
        await asyncio.to_thread(self._outbox.change, due.id, data)


def _extras(rows: list[list[dict[str, str]]]) -> dict[str, Any]:
    """What goes with a text besides its words: no preview of a page, and the keyboard."""
    keyboard = {"reply_markup": {"inline_keyboard": rows}} if rows else {}
    return {"link_preview_options": {"is_disabled": True}, **keyboard}


def _plainly(text: str, rows: list[list[dict[str, str]]]) -> dict[str, Any]:
    """The same without anything that Telegram could dislike: no tags, addresses of buttons written out."""
    safe = [[one for one in row if "url" not in one] for row in rows]
    addresses = [f"{one['text']} {one['url']}" for row in rows for one in row if "url" in one]
    words = "\n\n".join([plain(text), *addresses])
    while units(words) > LONGEST:
        words = words[:-1]
    return {"text": words, **_extras([row for row in safe if row])}
