"""The chat page's conversations in the database: exactly once, in order, the session's alone, and gone when deleted."""

from __future__ import annotations

import datetime
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from clock import MORNING, Clock
from sqlalchemy import text
from sqlalchemy.engine import Engine

from bot.dialogue.transcript import NoRoom, NotTheirs, Verdict
from bot.stores import web_files
from bot.stores.web import WebStore
from bot.stores.web_writing import MOST_EVENTS

pytestmark = pytest.mark.thorough

LEARNER = "T5602110801"
NOBODY: frozenset[tuple[str, str]] = frozenset()
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "attachments"


@pytest.fixture
def store(engine: Engine, folder: Path, clock: Clock) -> WebStore:
    return WebStore(engine, folder, clock)


def kinds(store: WebStore, session: str = "a", after: int = 0) -> list[str]:
    return [event.kind for event in store.events(session, after)]


def rows(engine: Engine) -> dict[str, int]:
    tables = ("web_session", "web_event", "web_turn", "web_feedback", "web_attachment")
    with engine.connect() as connection:
        return {one: connection.execute(text(f"SELECT count(*) FROM {one}")).scalar_one() for one in tables}


def together(calls: list[Callable[[], object]]) -> list[object]:
    with ThreadPoolExecutor(8) as pool:
        return [one.result() for one in [pool.submit(call) for call in calls]]


def reply(words: str = "好") -> tuple[str, dict[str, object]]:
    return ("bot", {"text": words, "buttons": [], "custom": {}})


def test_a_turn_is_kept_from_the_message_to_its_end(store: WebStore) -> None:
    accepted = store.accept("a", "m1", "忘記密碼", [])
    finished = store.finish("a", "m1", [reply("一"), reply("二")])

    events = store.events("a", 0)
    assert (accepted.event, accepted.new, accepted.unanswered, finished) == (1, True, True, True)
    assert [event.number for event in events] == [1, 2, 3, 4]
    assert [event.kind for event in events] == ["user", "bot", "bot", "done"]
    assert events[0].data == {"id": "m1", "text": "忘記密碼", "at": MORNING.isoformat(), "attachments": []}
    assert events[1].data["turn"] == "m1" and events[1].data["at"] == MORNING.isoformat()
    assert events[3].data == {"turn": "m1"}


def test_the_same_message_again_changes_nothing_before_and_after_its_reply(store: WebStore) -> None:
    first = store.accept("a", "m1", "你好", [])
    second = store.accept("a", "m1", "你好", [])
    store.finish("a", "m1", [reply()])
    third = store.accept("a", "m1", "別的字", [])

    assert (first.event, second.event, third.event) == (1, 1, 1)
    assert [second.new, second.unanswered, third.new, third.unanswered] == [False, True, False, False]
    assert kinds(store) == ["user", "bot", "done"]


def test_the_same_message_many_times_at_once_is_kept_once(store: WebStore) -> None:
    found = together([lambda: store.accept("a", "m1", "你好", [])] * 24)

    assert {one.event for one in found} == {1}
    assert sum(one.new for one in found) == 1
    assert kinds(store) == ["user"]


def test_many_messages_at_once_are_counted_without_gaps_or_doubles(store: WebStore) -> None:
    calls = [lambda turn=turn: store.accept("a", f"m{turn}", "你好", []) for turn in range(40)]

    found = together(calls)

    assert sorted(one.event for one in found) == list(range(1, 41))
    assert [event.number for event in store.events("a", 0)] == list(range(1, 41))


def test_a_turn_is_finished_once_even_when_two_try(store: WebStore) -> None:
    store.accept("a", "m1", "你好", [])

    found = together([lambda: store.finish("a", "m1", [reply()])] * 8)

    assert sorted(found) == [False] * 7 + [True]
    assert kinds(store) == ["user", "bot", "done"]


def test_sessions_have_numbers_and_events_of_their_own(store: WebStore) -> None:
    store.accept("a", "m1", "甲", [])
    store.accept("b", "m1", "乙", [])

    assert [event.data["text"] for event in store.events("a", 0)] == ["甲"]
    assert [event.data["text"] for event in store.events("b", 0)] == ["乙"]
    assert store.events("c", 0) == []


@pytest.mark.parametrize("words", ["‏مرحبا", "a\u0301 😀 𠮷", "x" * 2000, "'; DROP TABLE web_event; --", "\u2028\n\t"])
def test_odd_signs_come_back_as_they_were(words: str, store: WebStore) -> None:
    store.accept("a", "m1", words, [])

    assert store.events("a", 0)[0].data["text"] == words


def test_events_are_told_from_any_number_on(store: WebStore) -> None:
    store.accept("a", "m1", "你好", [])
    store.finish("a", "m1", [reply()])

    assert kinds(store, after=1) == ["bot", "done"]
    assert kinds(store, after=3) == []


def test_a_page_that_knows_more_than_the_store_is_told_that_it_is_cleared(store: WebStore) -> None:
    store.accept("a", "m1", "你好", [])

    events = store.events("a", 70)

    assert [(event.number, event.kind) for event in events] == [(71, "cleared")]
    assert store.accept("a", "m2", "你好", []).event == 72


@pytest.mark.thorough
def test_only_the_newest_events_are_kept_and_files_go_with_theirs(store: WebStore, folder: Path) -> None:
    sent = store.keep("a", "p.png", "image/png", PNG)
    store.accept("a", "first", "圖", [sent.id])
    store.keep("a", "q.png", "image/png", PNG)

    for number in range(MOST_EVENTS):
        store.append("a", "restarted", {"n": number})

    found, after = 0, 0
    while events := store.events("a", after):
        found, after = found + len(events), events[-1].number
    assert found == MOST_EVENTS and after == MOST_EVENTS + 1
    assert len(list(folder.iterdir())) == 1


def test_deleting_leaves_nothing_but_the_word_that_it_is_gone(store: WebStore, engine: Engine, folder: Path) -> None:
    sent = store.keep("a", "p.png", "image/png", PNG)
    store.keep("a", "waiting.png", "image/png", PNG)
    store.accept("a", "m1", "圖", [sent.id])
    store.finish("a", "m1", [reply()])
    store.judge("a", Verdict(2, True))
    store.accept("a", "m2", "還沒回答", [])

    store.clear("a")

    assert [(event.number, event.kind) for event in store.events("a", 0)] == [(6, "cleared")]
    assert rows(engine) == {"web_session": 1, "web_event": 1, "web_turn": 0, "web_feedback": 0, "web_attachment": 0}
    assert list(folder.iterdir()) == []
    assert store.finish("a", "m2", [reply()]) is False


def test_deleting_touches_no_other_session(store: WebStore) -> None:
    kept = store.keep("b", "p.png", "image/png", PNG)
    store.accept("b", "m1", "圖", [kept.id])

    store.clear("a")

    assert kinds(store, "b") == ["user"]
    assert store.attachment("b", kept.id)[1] == PNG


def test_who_is_signed_in_speaks_until_the_time_is_over(store: WebStore, clock: Clock) -> None:
    store.sign_in("a", LEARNER, clock.now + datetime.timedelta(minutes=5))

    within = store.accept("a", "m1", "一", [])
    clock.go_on(minutes=6)
    later = store.accept("a", "m2", "二", [])

    assert (within.learner_id, later.learner_id) == (LEARNER, None)
    assert [(event.kind, event.data.get("signed_in")) for event in store.events("a", 0)] == [
        ("account", True),
        ("user", None),
        ("account", False),
        ("user", None),
    ]


def test_upkeep_ends_a_sign_in_whose_time_is_over(store: WebStore, clock: Clock) -> None:
    store.sign_in("a", LEARNER, clock.now + datetime.timedelta(minutes=5))
    store.sign_in("b", LEARNER, clock.now + datetime.timedelta(minutes=50))
    clock.go_on(minutes=6)

    news = store.upkeep("抱歉", NOBODY)

    assert news == {"a"}
    assert kinds(store) == ["account", "account"]
    assert store.upkeep("抱歉", NOBODY) == set()


def test_signing_out_is_told_once(store: WebStore, clock: Clock) -> None:
    store.sign_out("a")
    store.sign_in("a", LEARNER, clock.now + datetime.timedelta(minutes=5))
    store.sign_out("a")
    store.sign_out("a")

    assert [event.data["signed_in"] for event in store.events("a", 0)] == [True, False]
    assert store.accept("a", "m1", "你好", []).learner_id is None


def test_a_message_that_a_restart_cut_off_is_apologised_for_once(store: WebStore, clock: Clock) -> None:
    store.accept("a", "m1", "你好", [])

    soon = store.upkeep("抱歉", NOBODY)
    clock.go_on(seconds=61)
    late = store.upkeep("抱歉", NOBODY)
    again = store.upkeep("抱歉", NOBODY)

    assert (soon, late, again) == (set(), {"a"}, set())
    events = store.events("a", 0)
    assert [event.kind for event in events] == ["user", "bot", "done"]
    assert (events[1].data["text"], events[1].data["turn"]) == ("抱歉", "m1")
    assert store.finish("a", "m1", [reply()]) is False


def test_a_slow_turn_that_is_still_running_is_not_apologised_for(store: WebStore, clock: Clock) -> None:
    store.accept("a", "m1", "你好", [])
    clock.go_on(seconds=90)

    assert store.upkeep("抱歉", frozenset({("a", "m1")})) == set()
    assert store.finish("a", "m1", [reply()]) is True


def test_after_thirty_days_everything_is_gone(store: WebStore, clock: Clock, engine: Engine, folder: Path) -> None:
    sent = store.keep("a", "p.png", "image/png", PNG)
    store.accept("a", "m1", "圖", [sent.id])
    store.finish("a", "m1", [reply()])
    store.judge("a", Verdict(2, False, "wrong", "不對"))
    clock.go_on(days=29)
    store.upkeep("抱歉", NOBODY)
    before = rows(engine)
    clock.go_on(days=2)

    store.upkeep("抱歉", NOBODY)

    assert before["web_event"] == 4
    assert set(rows(engine).values()) == {0}
    assert list(folder.iterdir()) == []


def test_old_events_of_a_session_in_use_go_and_the_new_ones_stay(store: WebStore, clock: Clock) -> None:
    store.accept("a", "m1", "舊", [])
    store.finish("a", "m1", [reply()])
    clock.go_on(days=31)
    store.accept("a", "m2", "新", [])

    store.upkeep("抱歉", NOBODY)

    assert [event.number for event in store.events("a", 0)] == [4]


def test_a_file_that_no_message_took_along_goes_after_a_day(store: WebStore, clock: Clock, folder: Path) -> None:
    sent, left = (store.keep("a", "p.png", "image/png", PNG) for _ in range(2))
    store.accept("a", "m1", "圖", [sent.id])
    clock.go_on(hours=25)

    store.upkeep("抱歉", NOBODY)

    assert [path.name for path in folder.iterdir()] == [sent.id]
    with pytest.raises(NotTheirs):
        store.attachment("a", left.id)


def test_a_file_is_the_sessions_alone_and_so_on_the_disk(store: WebStore, folder: Path) -> None:
    kept = store.keep("a", "證書.png", "image/png", PNG)

    assert store.attachment("a", kept.id) == (kept, PNG)
    assert stat.S_IMODE((folder / kept.id).stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for call in (store.attachment, store.drop):
        with pytest.raises(NotTheirs):
            call("b", kept.id)
    with pytest.raises(NotTheirs):
        store.accept("b", "m1", "圖", [kept.id])
    assert store.events("b", 0) == []
    assert store.attachment("a", kept.id)[1] == PNG


@pytest.mark.parametrize("name", ["../epark.db", "..", "", "/etc/passwd", "x" * 40])
def test_no_file_is_found_by_a_path(name: str, store: WebStore) -> None:
    with pytest.raises(NotTheirs):
        store.attachment("a", name)


def test_a_file_goes_with_one_message_only(store: WebStore) -> None:
    kept = store.keep("a", "p.png", "image/png", PNG)

    store.accept("a", "m1", "圖", [kept.id, kept.id])

    told = store.events("a", 0)[0].data["attachments"]
    assert told == [{"id": kept.id, "name": "p.png", "type": "image/png", "size": len(PNG)}]
    with pytest.raises(NotTheirs):
        store.accept("a", "m2", "同一張", [kept.id])
    assert kinds(store) == ["user"]


def test_at_most_eight_files_wait_also_when_many_come_at_once(store: WebStore, folder: Path) -> None:
    def keep() -> bool:
        try:
            store.keep("a", "p.png", "image/png", PNG)
        except NoRoom:
            return False
        return True

    found = together([keep] * 16)

    assert sum(map(bool, found)) == web_files.MOST_WAITING == len(list(folder.iterdir()))


def test_files_never_fill_the_disk(store: WebStore, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_files, "MOST_BYTES", 20)
    store.keep("a", "p.png", "image/png", PNG)
    store.keep("b", "p.png", "image/png", PNG)

    with pytest.raises(NoRoom):
        store.keep("c", "p.png", "image/png", PNG)

    assert len(list(folder.iterdir())) == 2


def test_a_dropped_file_is_gone(store: WebStore, folder: Path) -> None:
    kept = store.keep("a", "p.png", "image/png", PNG)

    store.drop("a", kept.id)

    assert list(folder.iterdir()) == []
    with pytest.raises(NotTheirs):
        store.drop("a", kept.id)


def test_a_verdict_is_replaced_by_a_later_one(store: WebStore, engine: Engine) -> None:
    store.accept("a", "m1", "你好", [])
    store.finish("a", "m1", [reply()])

    store.judge("a", Verdict(2, False, "unclear", "看不懂"))
    store.judge("a", Verdict(2, True))

    with engine.connect() as connection:
        found = connection.execute(text("SELECT event, helpful, reason, comment FROM web_feedback")).all()
    assert [tuple(row) for row in found] == [(2, True, None, "")]


@pytest.mark.parametrize("event", [1, 3, 4])
def test_only_replies_can_be_judged(event: int, store: WebStore) -> None:
    store.accept("a", "m1", "你好", [])
    store.finish("a", "m1", [reply()])

    with pytest.raises(NotTheirs):
        store.judge("a", Verdict(event, True))
    with pytest.raises(NotTheirs):
        store.judge("b", Verdict(2, True))


def test_a_verdict_is_told_to_every_tab_and_again_after_a_reload(store: WebStore) -> None:
    store.accept("a", "m1", "你好", [])
    store.finish("a", "m1", [reply()])

    store.judge("a", Verdict(2, False, "unclear", "這裡寫的不外傳"))

    told = store.events("a", 3)
    assert [(event.kind, event.data) for event in told] == [
        ("judged", {"event": 2, "helpful": False, "reason": "unclear"})
    ]


def test_what_is_delivered_twice_is_kept_once_also_when_many_try(store: WebStore) -> None:
    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda _: store.deliver("a", "case:1:2", [reply(), reply()]), range(8)))

    assert done.count(True) == 1
    assert kinds(store) == ["bot", "bot"]
    assert store.deliver("a", "case:1:3", [reply()]) is True
    assert store.deliver("b", "case:1:2", [reply()]) is True


def test_the_newest_number_is_known_of_the_sessions_that_there_are(store: WebStore) -> None:
    store.accept("a", "m1", "你好", [])
    store.finish("a", "m1", [reply()])

    assert store.newest(["a", "nobody"]) == {"a": 3}
    assert store.newest([]) == {}
