"""The console as an app: every page is added here."""

from __future__ import annotations

import asyncio
import logging

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy.exc import SQLAlchemyError

from bot.console.answer_editor import add_answer_editor
from bot.console.answers_page import add_answers
from bot.console.audit_page import add_audit
from bot.console.case_files import add_case_files
from bot.console.case_steps import add_case
from bot.console.drafts_page import add_drafts
from bot.console.figures_page import add_figures
from bot.console.house import House
from bot.console.learning_page import add_learning
from bot.console.live import add_live
from bot.console.notices_page import add_notices
from bot.console.pages import Pages
from bot.console.patch_page import add_patch
from bot.console.queue import add_queue
from bot.console.rendering import Templates
from bot.console.safety import Safety
from bot.console.sign_in import add_sign_in
from bot.console.staff_page import add_staff
from bot.console.static_files import add_static_files
from bot.console.threads import in_thread
from bot.console.tools import NO_TOOLS, Tools

logger = logging.getLogger(__name__)

DAY = 24 * 3600
LARGEST_REQUEST = 1_000_000
"""Bytes; forms alone are sent here."""


def create_console(house: House, tools: Tools = NO_TOOLS) -> Sanic:
    """The app; its routes with their rights are `app.ctx.pages.routes`."""
    app = Sanic("epark_console", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = LARGEST_REQUEST
    app.config.FALLBACK_ERROR_FORMAT = "text"
    app.config.GRACEFUL_SHUTDOWN_TIMEOUT = 3
    safety, templates = Safety(house.settings), Templates()
    pages = Pages(app, house, safety, templates)
    app.ctx.pages = pages

    @app.listener("before_server_start")  # type: ignore[misc]
    async def begin(app: Sanic, _loop: object) -> None:
        app.ctx.stopping = asyncio.Event()

    @app.listener("after_server_start")  # type: ignore[misc]
    async def keep_tidy(app: Sanic, _loop: object) -> None:
        app.add_task(_tidy(house, app.ctx.stopping))

    @app.listener("before_server_stop")  # type: ignore[misc]
    async def stop(app: Sanic, _loop: object) -> None:
        app.ctx.stopping.set()

    @app.middleware("response")  # type: ignore[misc]
    async def protect(request: Request, answer: HTTPResponse) -> None:
        safety.protect(answer)

    add_static_files(app)
    add_sign_in(app, pages, house, safety, templates)
    add_queue(pages, house)
    add_live(pages, house)
    add_case(pages, house)
    add_case_files(pages, house)
    add_audit(pages, house)
    add_staff(pages, house)
    add_figures(pages, house)
    add_learning(pages, house, tools)
    add_patch(pages, house, tools)
    add_answers(pages, house)
    add_answer_editor(pages, house, tools)
    add_drafts(pages, house, tools)
    add_notices(pages, house)
    return app


async def _tidy(house: House, stopping: asyncio.Event) -> None:
    """Once a day: what the audit trail may forget."""
    while not stopping.is_set():
        try:
            await in_thread(house.audit.tidy)
        except (SQLAlchemyError, OSError, asyncio.TimeoutError) as error:
            logger.error("the audit trail cannot be tidied: %s", type(error).__name__)
        try:
            await asyncio.wait_for(stopping.wait(), DAY)
        except asyncio.TimeoutError:
            continue
