from __future__ import annotations

from sqlalchemy.engine import Engine

from bot.staff.accounts import Accounts
from bot.staff.presence import Presence


def test_colleagues_are_seen_while_their_page_beats(engine: Engine, accounts: Accounts, clock) -> None:
    presence = Presence(engine, clock)
    for login, name in (("lin.mh", "林美華"), ("chen.zm", "陳志明")):
        accounts.add(login, name, ["agent"], "correct horse 42")
        presence.beat("case 1", login)
        presence.beat("case 1", login)

    assert presence.others("case 1", "lin.mh") == ["陳志明"]
    assert presence.others("case 2", "lin.mh") == []

    clock.go_on(seconds=20)
    presence.beat("case 1", "lin.mh")
    clock.go_on(seconds=15)
    assert presence.others("case 1", "lin.mh") == []
    assert presence.others("case 1", "chen.zm") == ["林美華"]

    presence.leave("case 1", "lin.mh")
    assert presence.others("case 1", "chen.zm") == []


def test_who_closes_one_of_two_pages_is_still_there(engine: Engine, accounts: Accounts, clock) -> None:
    presence = Presence(engine, clock)
    for login, name in (("lin.mh", "林美華"), ("chen.zm", "陳志明")):
        accounts.add(login, name, ["agent"], "correct horse 42")
    closed = presence.beat("case 1", "chen.zm")
    clock.go_on(seconds=1)
    other = presence.beat("case 1", "chen.zm")

    presence.leave("case 1", "chen.zm", closed)
    assert presence.others("case 1", "lin.mh") == ["陳志明"]

    presence.leave("case 1", "chen.zm", other)
    assert presence.others("case 1", "lin.mh") == []
