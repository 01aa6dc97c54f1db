"""Telegram: updates come in by webhook or by polling, are kept, answered person by person, and sent by the outbox."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from dataclasses import dataclass, field
from typing import Any

from rasa.core.channels.channel import InputChannel
from rasa.shared.utils.common import class_from_module_path
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.cases.help_desk import HelpDesk
from bot.channels.front_door import FrontDoor
from bot.channels.persons import HOLD_SECONDS, LOOK_SECONDS, QUIET_SECONDS, Persons
from bot.channels.telegram_api import CALL_SECONDS, Away, TelegramApi, Uncertain
from bot.channels.telegram_api import Refused as TelegramRefused
from bot.channels.telegram_arrivals import Arrivals
from bot.channels.telegram_files import Files
from bot.channels.telegram_link import Linking
from bot.channels.telegram_polling import WAIT_SECONDS, poll
from bot.channels.telegram_send import Sender
from bot.channels.telegram_sign_in import add_sign_in
from bot.channels.telegram_turns import CHANNEL, Turns
from bot.channels.telegram_typing import Typing
from bot.channels.telegram_updates import Malformed, Self
from bot.channels.turn import OnNewMessage
from bot.channels.web_requests import Refused, body_of
from bot.dialogue.transcript import Transcripts
from bot.knowledge.live import LiveKnowledge
from bot.learners.database import open_database
from bot.learners.links import Links
from bot.learners.token import TokenCheck
from bot.queues.buttons import Buttons
from bot.queues.chats import Chats
from bot.queues.delivery import HOLD_SECONDS as DELIVERY_HOLD_SECONDS
from bot.queues.delivery import LOOK_SECONDS as DELIVERY_LOOK_SECONDS
from bot.queues.delivery import Delivery
from bot.queues.inbox import Inbox
from bot.queues.outbox import Outbox
from bot.queues.records import Inbound, Outbound
from bot.settings import Settings

logger = logging.getLogger(__name__)

LARGEST_UPDATE = 1_000_000
"""Bytes; the longest messages that Telegram sends have some ten thousand."""
TIDY_SECONDS = 3600.0
ASK_NAME_AGAIN_SECONDS = 30.0
STOP_SECONDS, STOP_ATTEMPTS = 2.0, 4


@dataclass(frozen=True)
class Times:
    """Seconds of everything that waits."""

    quiet: float = QUIET_SECONDS
    hold: float = HOLD_SECONDS
    look: float = LOOK_SECONDS
    delivery_look: float = DELIVERY_LOOK_SECONDS
    delivery_hold: float = DELIVERY_HOLD_SECONDS
    call: float = CALL_SECONDS
    poll: int = WAIT_SECONDS


@dataclass
class _Running:
    """What works while the server runs."""

    api: TelegramApi
    arrivals: Arrivals
    persons: Persons
    delivery: Delivery
    typing: Typing
    tasks: list[asyncio.Task[Any]] = field(default_factory=list)


class TelegramChannel(InputChannel):  # type: ignore[misc]
    """POST /webhooks/telegram/webhook for Telegram alone, or polling; off without a token."""

    def __init__(
        self,
        settings: Settings,
        knowledge: LiveKnowledge,
        store: Transcripts,
        engine: Engine | None = None,
        times: Times | None = None,
    ) -> None:
        self._settings = settings
        self._knowledge = knowledge
        self._store = store
        self._engine = engine or open_database(settings.database_url)
        self._times = times or Times()
        self._tokens = TokenCheck(settings.token_key, settings.token_public_key)
        files = settings.var_dir / "attachments"
        desk = HelpDesk.on(self._engine, knowledge, settings.token_key, files)
        self._door = FrontDoor(knowledge, self._tokens, desk)
        self._running: _Running | None = None

    @classmethod
    def name(cls) -> str:
        """The channel's name in trackers and routes."""
        return CHANNEL

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> TelegramChannel:
        """Built from the settings; the credentials file holds no secrets, only which store keeps people's files."""
        settings = Settings.from_env()
        store = class_from_module_path((credentials or {})["store"])
        return cls(settings, LiveKnowledge.shared(settings.kb_dir), store.from_settings(settings))

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """All routes of the channel, and its work while the server runs; nothing at all where it is off."""
        routes = Blueprint("epark_telegram")
        missing = [
            name
            for name, value in (
                ("EPARK_TELEGRAM_TOKEN", self._settings.telegram_token),
                ("EPARK_TELEGRAM_SECRET", self._settings.telegram_secret or self._settings.telegram_polling),
            )
            if not value
        ]
        if missing:
            logger.warning("Telegram is off: %s not set (see .env.example)", " and ".join(missing))
            return routes
        bot = Self(TelegramApi(self._settings.telegram_api, self._settings.telegram_token).bot_id)
        linking = Linking(Links(self._engine), self._knowledge, self._settings, bot)
        add_sign_in(routes, linking, self._tokens, self._settings)
        if not self._settings.telegram_polling:
            self._add_webhook(routes)

        @routes.listener("before_server_start")  # type: ignore[misc]
        async def begin(_app: Sanic, _loop: Any) -> None:
            self._running = self._begin(bot, linking, on_new_message)

        @routes.listener("before_server_stop")  # type: ignore[misc]
        async def end(_app: Sanic, _loop: Any) -> None:
            await self.stop()

        return routes

    def _add_webhook(self, routes: Blueprint) -> None:
        @routes.route("/webhook", methods=["POST"], stream=True)  # type: ignore[misc]
        async def webhook(request: Request) -> HTTPResponse:
            if not self._from_telegram(request):
                return response.empty(401)
            try:
                update = json.loads(await body_of(request, LARGEST_UPDATE))
                assert self._running is not None
                await self._running.arrivals.one(update)
            except Refused as refused:
                return response.empty(refused.status)
            except (ValueError, RecursionError, Malformed):
                return response.empty(400)
            except (SQLAlchemyError, OSError, asyncio.TimeoutError) as error:
                logger.error("an update could not be kept: %s; Telegram sends it again", type(error).__name__)
                return response.empty(503)
            return response.empty(200)

    def _from_telegram(self, request: Request) -> bool:
        given = request.headers.get("x-telegram-bot-api-secret-token", "")
        wanted = self._settings.telegram_secret or ""
        return bool(wanted) and hmac.compare_digest(given.encode("utf-8", "surrogatepass"), wanted.encode())

    def _begin(self, bot: Self, linking: Linking, on_new_message: OnNewMessage) -> _Running:
        """Build what works, and let it work."""
        inbox, outbox, buttons = Inbox(self._engine), Outbox(self._engine), Buttons(self._engine)
        chats = Chats(self._engine)
        api = TelegramApi(self._settings.telegram_api, self._settings.telegram_token, self._times.call)
        typing = Typing(api)
        files = Files(api, self._store, self._knowledge)
        turns = Turns(self._knowledge, self._door, on_new_message, linking, buttons, chats, files, outbox)
        sender = Sender(api, outbox, buttons, chats, self._knowledge, linking.page)
        delivery = Delivery(outbox, CHANNEL, sender, self._times.delivery_look, self._times.delivery_hold)

        async def answer(person: str, events: Any) -> list[Outbound]:
            async with typing.shown(person, any(_is_asked(event) for event in events)):
                return await turns.answer(person, events)

        persons = Persons(
            inbox, CHANNEL, answer, self._times.quiet, self._times.hold, self._times.look, done=delivery.wake
        )
        arrivals = Arrivals(bot, api, self._door, inbox, outbox, persons, delivery, typing)
        running = _Running(api, arrivals, persons, delivery, typing)
        work = [persons.run(), delivery.run(), _learn_name(api, bot), _tidy(inbox, outbox, buttons)]
        if self._settings.telegram_polling:
            work.append(poll(api, arrivals.many, self._times.poll))
        running.tasks = [asyncio.ensure_future(one) for one in work]
        return running

    async def stop(self) -> None:
        """Let end what was begun, in the order in which it depends on each other."""
        if self._running is None:
            return
        running, self._running = self._running, None
        for task in running.tasks[2:]:
            task.cancel()
        await running.persons.stop()
        await running.delivery.stop()
        running.typing.stop()
        running.arrivals.stop()
        left: set[asyncio.Task[Any]] = set(running.tasks)
        for _ in range(STOP_ATTEMPTS):
            # Once is not enough: in Python 3.10 asyncio.wait_for may swallow it.
            _, left = await asyncio.wait(left, timeout=STOP_SECONDS / STOP_ATTEMPTS) if left else (set(), left)
            for task in left:
                task.cancel()
        await running.api.close()


def _is_asked(event: Inbound) -> bool:
    return event.data["kind"] not in ("gone", "came")


async def _learn_name(api: TelegramApi, bot: Self) -> None:
    """Ask for the bot's name until it is known: mentions in groups and the way back from the sign-in page need it."""
    while bot.username is None:
        try:
            bot.username = str((await api.call("getMe"))["username"])
        except (TelegramRefused, Away, Uncertain, KeyError, TypeError) as error:
            logger.error("Telegram does not say the bot's name: %s", error)
            await asyncio.sleep(ASK_NAME_AGAIN_SECONDS)


async def _tidy(inbox: Inbox, outbox: Outbox, buttons: Buttons) -> None:
    """Let go of what is long over."""
    while True:
        for tidy in (inbox.tidy, outbox.tidy, buttons.tidy):
            try:
                await asyncio.to_thread(tidy)
            except (SQLAlchemyError, OSError) as error:
                logger.error("tidying the queues failed: %s", type(error).__name__)
        await asyncio.sleep(TIDY_SECONDS)
