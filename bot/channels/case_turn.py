"""A turn while an agent has the conversation: what the person says goes to the case, and the bot is silent."""

from __future__ import annotations

import asyncio
import logging
import re
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from bot.cases.help_desk import HelpDesk
from bot.cases.records import Case, NoSuchCase
from bot.channels.front_door import FILE_ALONE, Admitted, FrontDoor

logger = logging.getLogger(__name__)
_MARKS = re.compile(r"[\W_]+")


async def with_words(admitted: Admitted, sender_id: str, door: FrontDoor) -> Admitted:
    """A file without words as a message of its own, where a form or an agent waits for files."""
    if admitted.refusal != FILE_ALONE or door.desk is None:
        return admitted
    try:
        awaited = await asyncio.to_thread(door.desk.awaits_files, sender_id)
    except SQLAlchemyError as error:
        logger.error("whether files are waited for cannot be known: %s", type(error).__name__)
        return admitted
    return Admitted(door.phrase("case_file_sent"), admitted.metadata) if awaited else admitted


async def agents_turn(admitted: Admitted, sender_id: str, door: FrontDoor) -> list[dict[str, Any]] | None:
    """The bot's messages where an agent has the conversation (often none); None where it is the bot's turn."""
    desk = door.desk
    if desk is None:
        return None
    try:
        case = await asyncio.to_thread(desk.cases.in_hand, sender_id)
        if case is None:
            return _greeting(sender_id, door) if _wants_the_bot(admitted.text, door) else None
        return await _pass_on(case, desk, admitted, sender_id, door)
    except NoSuchCase:
        return None
    except SQLAlchemyError as error:
        # The bot answers then: nobody is left without a word because the database is away.
        logger.error("whether an agent has a conversation cannot be known: %s", type(error).__name__)
        return None


async def _pass_on(
    case: Case, desk: HelpDesk, admitted: Admitted, sender_id: str, door: FrontDoor
) -> list[dict[str, Any]] | None:
    if admitted.refusal is not None and not admitted.text:
        return None
    if _wants_the_bot(admitted.text, door):
        await asyncio.to_thread(desk.cases.leave, case.id)
        return _said(sender_id, door.phrase("case_left").format(number=case.number), case)
    first = await asyncio.to_thread(desk.pass_on, case, door.shown(admitted.text))
    return _said(sender_id, door.phrase("case_passed_on").format(number=case.number), case) if first else []


def _wants_the_bot(text: str, door: FrontDoor) -> bool:
    words = _MARKS.sub("", text)
    return bool(words) and words in door.phrase("case_leave_words").split()


def _greeting(sender_id: str, door: FrontDoor) -> list[dict[str, Any]]:
    return [{"recipient_id": sender_id, "text": door.phrase("case_bot_is_here")}]


def _said(sender_id: str, text: str, case: Case) -> list[dict[str, Any]]:
    custom = {"type": "case", "case_id": case.number, "desk": case.desk, "status": case.state}
    return [{"recipient_id": sender_id, "text": text, "custom": custom}]
