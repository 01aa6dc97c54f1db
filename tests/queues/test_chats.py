"""What is remembered of a chat."""

from __future__ import annotations

import pytest
from sqlalchemy.engine import Engine

from bot.queues.chats import Chats


@pytest.fixture
def chats(engine: Engine) -> Chats:
    return Chats(engine)


def test_the_newest_message_is_the_one_noted_last(chats: Chats) -> None:
    chats.note("telegram", "1", "10")
    chats.note("telegram", "1", "11")
    chats.note("telegram", "2", "99")

    assert (chats.newest("telegram", "1"), chats.newest("line", "1")) == ("11", None)


def test_whoever_is_gone_is_gone_until_they_are_back(chats: Chats) -> None:
    chats.note("telegram", "1", "10")
    chats.gone("telegram", "1")
    gone = chats.is_gone("telegram", "1")

    assert gone and chats.back("telegram", "1") and not chats.back("telegram", "1")
    assert not chats.is_gone("telegram", "1") and chats.newest("telegram", "1") == "10"


def test_whoever_writes_is_there(chats: Chats) -> None:
    chats.gone("telegram", "1")
    chats.note("telegram", "1", "10")

    assert not chats.is_gone("telegram", "1")
