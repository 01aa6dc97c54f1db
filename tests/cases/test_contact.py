"""How a person wants to be reached: sealed on its way, whole in the case, gone everywhere else."""

from __future__ import annotations

import pytest
from case_drafts import draft
from clock import Clock
from sqlalchemy.engine import Engine

from bot.cases.contact import LONGEST, Contacts, reference_in, without_references
from bot.cases.store import Cases

SECRET = "a key of at least thirty-two bytes, as HS256 wants it"
VALUE = "王小明 0912-345-678"


@pytest.fixture
def contacts(engine: Engine, clock: Clock) -> Contacts:
    return Contacts(engine, SECRET, clock)


def everything(engine: Engine) -> str:
    """All that the database holds, as one text."""
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM contact_hold").all()
    return repr([[bytes(one) if isinstance(one, (bytes, memoryview)) else one for one in row] for row in rows])


def test_a_contact_that_is_asked_for_comes_back_by_its_reference(contacts: Contacts) -> None:
    contacts.ask("line-U1")

    reference = contacts.seal("line-U1", VALUE)

    assert reference is not None and reference_in(reference) == reference
    assert contacts.open("line-U1", reference) == VALUE


def test_nothing_is_sealed_that_nobody_asked_for(contacts: Contacts) -> None:
    assert contacts.seal("line-U1", VALUE) is None
    contacts.ask("line-U1")
    assert contacts.seal("line-U2", VALUE) is None
    assert contacts.seal("line-U1", "") is None and contacts.seal("line-U1", "0" * (LONGEST + 1)) is None
    contacts.stop_asking("line-U1")
    assert contacts.seal("line-U1", VALUE) is None


def test_only_the_first_answer_is_sealed_until_it_is_asked_again(contacts: Contacts) -> None:
    contacts.ask("line-U1")
    first = contacts.seal("line-U1", VALUE)
    assert contacts.seal("line-U1", "02-2700-1234") is None

    contacts.ask("line-U1")
    second = contacts.seal("line-U1", "02-2700-1234")

    assert first is not None and contacts.open("line-U1", first) is None
    assert second is not None and contacts.open("line-U1", second) == "02-2700-1234"


def test_the_database_alone_does_not_give_a_contact_away(contacts: Contacts, engine: Engine, clock: Clock) -> None:
    contacts.ask("line-U1")
    reference = contacts.seal("line-U1", VALUE)
    assert reference is not None

    kept = everything(engine)

    assert "0912" not in kept and "王小明" not in kept
    assert reference.partition(".")[2] not in kept
    assert Contacts(engine, "another key", clock).open("line-U1", reference) is None


def test_a_reference_opens_nothing_in_another_conversation(contacts: Contacts) -> None:
    contacts.ask("line-U1")
    reference = contacts.seal("line-U1", VALUE)
    assert reference is not None

    assert contacts.open("line-U2", reference) is None
    assert contacts.open("line-U1", reference[:-1] + ("A" if reference[-1] != "A" else "B")) is None
    assert contacts.open("line-U1", "contact#nothing") is None


def test_a_contact_that_nobody_confirms_is_gone_after_an_hour(contacts: Contacts, engine: Engine, clock: Clock) -> None:
    contacts.ask("line-U1")
    reference = contacts.seal("line-U1", VALUE)
    assert reference is not None
    clock.go_on(minutes=61)

    assert contacts.open("line-U1", reference) is None
    contacts.tidy()
    assert everything(engine) == "[]"


def test_who_was_asked_long_ago_is_not_asked_any_more(contacts: Contacts, clock: Clock) -> None:
    contacts.ask("line-U1")
    clock.go_on(minutes=61)

    assert contacts.seal("line-U1", VALUE) is None


def test_what_is_cancelled_is_forgotten_at_once(contacts: Contacts, engine: Engine) -> None:
    contacts.ask("line-U1")
    contacts.seal("line-U1", VALUE)

    contacts.forget("line-U1")

    assert everything(engine) == "[]"


def test_the_case_takes_the_contact_and_nothing_is_held_any_more(
    contacts: Contacts, cases: Cases, engine: Engine
) -> None:
    contacts.ask("line-U1")
    reference = contacts.seal("line-U1", VALUE)
    assert reference is not None

    opened = cases.open(draft(contact=contacts.open("line-U1", reference)))

    assert cases.get(opened.id).contact == VALUE
    assert everything(engine) == "[]"


def test_a_reference_is_found_among_other_messages_and_shown_as_words(contacts: Contacts) -> None:
    contacts.ask("line-U1")
    reference = contacts.seal("line-U1", VALUE)

    text = f"王小明\n{reference}"

    assert reference_in(text) == reference and reference_in("contact#") is None
    assert without_references(text, "（聯絡資料）") == "王小明\n（聯絡資料）"
