"""LINE: its webhook, kept before it is answered, and the replies, sent through the outbox."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import Any

from rasa.core.channels.channel import InputChannel
from rasa.shared.utils.common import class_from_module_path
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy.engine import Engine

from bot.channels.front_door import FrontDoor
from bot.channels.line_answers import Answers
from bot.channels.line_api import LineApi
from bot.channels.line_database import AWAY, in_turn
from bot.channels.line_delivery import Sender
from bot.channels.line_events import CHANNEL, events_in, inbound_of, signed
from bot.channels.line_files import Files
from bot.channels.line_link import AccountLink
from bot.channels.line_quota import Quota
from bot.channels.line_sign_in import add_sign_in
from bot.channels.line_turns import Pace, Turns
from bot.channels.line_upkeep import Upkeep
from bot.channels.turn import OnNewMessage
from bot.channels.web_requests import Refused, body_of
from bot.dialogue.transcript import Transcripts
from bot.knowledge.live import LiveKnowledge
from bot.learners.clock import Clock, now_in_taipei
from bot.learners.database import open_database
from bot.learners.links import Links
from bot.learners.token import TokenCheck
from bot.queues.buttons import Buttons
from bot.queues.delivery import Delivery
from bot.queues.held import Held
from bot.queues.inbox import Inbox
from bot.queues.outbox import Outbox
from bot.queues.sent_files import SentFiles
from bot.settings import Settings

logger = logging.getLogger(__name__)

LARGEST_WEBHOOK = 2_000_000
"""Bytes; LINE's webhooks have a few thousand."""
STOP_SECONDS = 5.0
HOLD_SECONDS = 40.0
"""Longer than any attempt to send takes, and short enough that after a crash the reply token still lives."""


class LineChannel(InputChannel):  # type: ignore[misc]
    """POST /webhooks/line/webhook; off where the channel's secret or token is missing."""

    def __init__(
        self,
        settings: Settings,
        knowledge: LiveKnowledge,
        door: FrontDoor,
        store: Transcripts | None,
        engine: Engine | None = None,
        clock: Clock = now_in_taipei,
        pace: Pace = Pace(),  # noqa: B008
        hold_seconds: float = HOLD_SECONDS,
    ) -> None:
        self._settings = settings
        self._knowledge = knowledge
        self._door = door
        self._store = store
        self._engine = engine
        self._clock = clock
        self._pace = pace
        self._hold_seconds = hold_seconds
        self.works: Works | None = None
        """What the running channel is made of; its quota is the gauge of pushed messages."""

    @classmethod
    def name(cls) -> str:
        """The channel's name in trackers and routes."""
        return CHANNEL

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> LineChannel:
        """Built from the settings; the credentials file holds no secrets, only which store keeps people's files."""
        settings = Settings.from_env()
        knowledge = LiveKnowledge.shared(settings.kb_dir)
        if not (settings.line_secret and settings.line_token):
            return cls(settings, knowledge, FrontDoor.from_settings(settings), None)
        store = class_from_module_path((credentials or {})["store"])
        door, engine = FrontDoor.from_settings(settings), open_database(settings.database_url)
        return cls(settings, knowledge, door, store.from_settings(settings), engine)

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        """The webhook, the sign-in page, and the work behind them while the server runs."""
        routes = Blueprint("epark_line")

        @routes.route("/", methods=["GET"])  # type: ignore[misc]
        async def health(_request: Request) -> HTTPResponse:
            return response.json({"status": "ok" if self._engine is not None else "off"})

        if self._engine is None or self._store is None:
            logger.warning("LINE is off: set EPARK_LINE_CHANNEL_SECRET and EPARK_LINE_CHANNEL_TOKEN")
            return routes
        self.works = works = self._works(self._engine, self._store, on_new_message)
        add_sign_in(routes, self._settings, works.link, works.tokens)

        @routes.route("/webhook", methods=["POST"], stream=True)  # type: ignore[misc]
        async def webhook(request: Request) -> HTTPResponse:
            return await self._receive(request, works)

        @routes.listener("before_server_start")  # type: ignore[misc]
        async def begin(app: Sanic, _loop: Any) -> None:
            await works.api.open()
            app.ctx.epark_line_quota = works.quota
            app.ctx.epark_line = [
                asyncio.ensure_future(one.run()) for one in (works.turns, works.delivery, works.upkeep)
            ]

        @routes.listener("before_server_stop")  # type: ignore[misc]
        async def end(app: Sanic, _loop: Any) -> None:
            await works.turns.stop(STOP_SECONDS)
            await works.delivery.stop()
            await works.answers.stop()
            for task in app.ctx.epark_line:
                task.cancel()
            await works.api.close()

        return routes

    async def _receive(self, request: Request, works: Works) -> HTTPResponse:
        """200 once every event is kept; whatever LINE did not send is refused without a word."""
        try:
            body = await body_of(request, LARGEST_WEBHOOK)
        except Refused:
            return response.empty(413)
        if not signed(body, request.headers.get("x-line-signature"), self._settings.line_secret):
            return response.empty(401)
        events = events_in(body)
        if events is None:
            return response.empty(400)
        now = self._clock()
        try:
            found = await in_turn(inbound_of, events, self._door, now)
            new = await in_turn(works.inbox.take_in, found) if found else []
        except AWAY as error:
            # Not kept, so not confirmed: LINE delivers it again.
            logger.error("the inbox of LINE cannot be written: %s", type(error).__name__)
            return response.empty(503)
        works.turns.heard(new)
        return response.json({})

    def _works(self, engine: Engine, store: Transcripts, on_new_message: OnNewMessage) -> Works:
        settings, clock = self._settings, self._clock
        tokens = TokenCheck(settings.token_key, settings.token_public_key)
        door = self._door
        api = LineApi(settings.line_token, settings.line_api)
        inbox, outbox = Inbox(engine, clock), Outbox(engine, clock)
        held, buttons, sent = Held(engine, clock), Buttons(engine, clock), SentFiles(engine, clock)
        quota = Quota(api)
        links = Links(engine, clock)
        link = AccountLink(settings, door, api, links)
        answers = Answers(door, api, on_new_message, link, Files(api, store, sent), buttons, held, outbox)
        sender = Sender(api, quota, outbox, held, buttons, self._knowledge, clock)
        delivery = Delivery(outbox, CHANNEL, sender.send, hold_seconds=self._hold_seconds)
        turns = Turns(inbox, outbox, answers, delivery.wake, clock, self._pace)
        tidied = (inbox.tidy, outbox.tidy, held.tidy, buttons.tidy, sent.tidy)
        upkeep = Upkeep(outbox, held, quota, clock, tidied)
        return Works(tokens, api, quota, inbox, outbox, held, links, link, answers, turns, delivery, upkeep)


@dataclass(frozen=True)
class Works:
    """What a running channel is made of."""

    tokens: TokenCheck
    api: LineApi
    quota: Quota
    inbox: Inbox
    outbox: Outbox
    held: Held
    links: Links
    link: AccountLink
    answers: Answers
    turns: Turns
    delivery: Delivery
    upkeep: Upkeep
