"""Where the tabs of a session listen."""

from __future__ import annotations

from bot.channels import web_rooms
from bot.channels.web_rooms import MOST_MESSAGES, Room, Rooms


def test_the_next_message_may_come_when_the_first_of_thirty_is_a_minute_old(monkeypatch) -> None:
    now = 1000.0
    monkeypatch.setattr(web_rooms.time, "monotonic", lambda: now)
    room = Room()
    for _ in range(MOST_MESSAGES):
        assert room.wait_seconds() == 0
        room.count()
        now += 1

    waited = room.wait_seconds()
    now += waited

    assert waited == 31 and room.wait_seconds() == 0


def test_empty_rooms_are_let_go_and_others_are_not() -> None:
    rooms = Rooms()
    used, _unused = rooms.of("used"), rooms.of("unused")
    used.count()

    with rooms.listening("listened"):
        rooms.tidy()
        kept = set(rooms._rooms)
    rooms.tidy()

    assert kept == {"used", "listened"}
    assert set(rooms._rooms) == {"used"}


async def test_news_reach_every_tab_of_the_session_and_no_other() -> None:
    rooms = Rooms()

    with rooms.listening("a") as first, rooms.listening("a") as second, rooms.listening("b") as other:
        rooms.type("a", "m1")
        rooms.wake("a")
        rooms.wake("nobody")

        assert [await one.wait(0.01) for one in (first, second, other)] == [True, True, False]
        assert [one.typing() for one in (first, first, second, other)] == [["m1"], [], ["m1"], []]


async def test_a_turn_that_begins_wakes_a_tab_without_being_news() -> None:
    rooms = Rooms()

    with rooms.listening("a") as tab:
        rooms.type("a", "m1")

        assert not await tab.wait(10) and tab.typed()
        assert tab.typing() == ["m1"] and not tab.typed()
