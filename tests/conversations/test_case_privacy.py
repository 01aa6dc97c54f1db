"""A contact typed into a case form stands in the case alone: searched for in every table, the tracker and the logs."""

from __future__ import annotations

import logging
import uuid

import pytest
from sqlalchemy import inspect
from sqlalchemy.engine import Engine

from bot.learners.database import open_database
from bot.settings import Settings

PHONE = "0987-654-321"
MAIL = "wang.test@example.org"


def places(engine: Engine, *values: str) -> set[str]:
    """Every table and column that holds one of the values, whatever its type."""
    found = set()
    with engine.connect() as connection:
        for name in inspect(engine).get_table_names():
            for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"').mappings():
                for column, kept in row.items():
                    text = kept.decode("utf-8", "replace") if isinstance(kept, bytes) else str(kept)
                    if any(value in text for value in values):
                        found.add(f"{name}.{column}")
    return found


async def test_a_contact_is_nowhere_until_it_is_confirmed_and_then_in_the_case_alone(
    bot, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    sender, engine = uuid.uuid4().hex, open_database(settings.database_url)
    typed = f"王測試 {PHONE} {MAIL} A123456789"
    for text in ("幫我開單", "影片第五章完全沒有聲音"):
        await bot.say(text, sender)

    said = await bot.say(typed, sender)

    assert said[-1]["custom"]["asks"] == "confirm", said
    tracker = await bot.tracker(sender)
    conversation = repr([event.as_dict() for event in tracker.events]) + repr(tracker.current_slot_values())
    for value in (PHONE, MAIL, "A123456789", "王測試"):
        assert value not in conversation and value not in repr(said)
    assert places(engine, PHONE, MAIL, "A123456789", "王測試") == set()

    said = await bot.say("送出", sender)

    assert said[-1]["custom"]["type"] == "case"
    assert places(engine, PHONE, MAIL) == {"help_case.contact"}
    assert places(engine, "A123456789") == set()
    assert PHONE not in caplog.text and MAIL not in caplog.text and "A123456789" not in caplog.text
    number = said[-1]["custom"]["case_id"]
    with engine.begin() as connection:
        connection.exec_driver_sql(f"DELETE FROM help_case WHERE number = '{number}'")
    assert places(engine, PHONE, MAIL) == set()


async def test_a_contact_that_is_cancelled_leaves_nothing(bot, settings: Settings) -> None:
    sender, engine = uuid.uuid4().hex, open_database(settings.database_url)
    for text in ("幫我開單", "影片第六章完全沒有聲音", f"{PHONE}"):
        await bot.say(text, sender)

    await bot.say("取消", sender)

    with engine.connect() as connection:
        # Other conversations of these tests may leave theirs.
        held = connection.exec_driver_sql("SELECT conversation FROM contact_hold").scalars().all()
    assert not [one for one in held if sender in one] and places(engine, PHONE) == set()
