"""Letters on their way: a real SMTP server that takes them, refuses, stalls and dies."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path

import pytest
import pytest_asyncio
from case_drafts import draft
from clock import Clock
from mail_server import DIE, STALL, TAKE_AND_DIE, Answer, MailServer
from sqlalchemy import select
from sqlalchemy.engine import Engine

from bot.cases.mail import FolderTransport, MailAddressError, SmtpTransport, Unsure
from bot.cases.mail_delivery import DEMO_MAILBOX, HANDED_SECONDS, CaseLetters, MailRoom
from bot.cases.rules import LiveRules
from bot.cases.store import Cases
from bot.knowledge.live import LiveKnowledge
from bot.queues.delivery import Delivery, Elsewhere, GiveUp, TryAgain
from bot.queues.outbox import Outbox
from bot.queues.tables import OutboundRow

pytestmark = pytest.mark.thorough


@pytest_asyncio.fixture(loop_scope="function")
async def servers() -> AsyncIterator[list[MailServer]]:
    started: list[MailServer] = []
    yield started
    for one in started:
        await one.stop()


async def start(servers: list[MailServer], at_recipient: str = "250 OK", at_data: Answer | None = None) -> MailServer:
    server = MailServer(at_recipient, at_data or (lambda _number: "250 OK"))
    await server.start()
    servers.append(server)
    return server


def letter() -> EmailMessage:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = "案件", "epark@platform.example", "demo@platform.example"
    message["Message-ID"], message["X-Epark-Case"] = "<abcdef0123456789@platform.example>", "2611-0001"
    message.set_content("內容")
    return message


def transport(server: MailServer, seconds: float = 30) -> SmtpTransport:
    return SmtpTransport("127.0.0.1", server.port, None, None, "smtp", seconds=seconds, last_word=seconds)


@pytest.mark.asyncio(loop_scope="function")
async def test_a_server_that_is_well_gets_the_letter_whole(servers: list[MailServer]) -> None:
    server = await start(servers)

    await transport(server).take(letter(), "epark@platform.example", "demo@platform.example")

    assert [one["Subject"] for one in server.letters] == ["案件"]
    assert server.recipients == [["demo@platform.example"]]


@pytest.mark.asyncio(loop_scope="function")
@pytest.mark.parametrize(
    ("at_recipient", "at_data", "outcome", "says"),
    [
        ("451 later", "250 OK", TryAgain, "451"),
        ("550 no such user here", "250 OK", GiveUp, "550"),
        ("250 OK", "452 full", TryAgain, "452"),
        ("250 OK", "552 too large", GiveUp, "552"),
        ("535 who are you", "250 OK", TryAgain, "535"),
    ],
)
async def test_what_a_server_refuses_for_now_is_tried_again_and_what_for_good_is_not(
    at_recipient: str, at_data: str, outcome: type[Exception], says: str, servers: list[MailServer]
) -> None:
    server = await start(servers, at_recipient, lambda _number: at_data)

    with pytest.raises(outcome) as problem:
        await transport(server).take(letter(), "epark@platform.example", "demo@platform.example")

    assert says in str(problem.value)
    assert "demo@" not in str(problem.value) and "user here" not in str(problem.value)
    assert server.letters == []


@pytest.mark.asyncio(loop_scope="function")
@pytest.mark.parametrize("answer", [STALL, DIE, TAKE_AND_DIE])
async def test_a_server_that_stalls_or_dies_once_it_has_the_letter_leaves_open_whether_it_took_it(
    answer: str, servers: list[MailServer]
) -> None:
    server = await start(servers, at_data=lambda _number: answer)

    with pytest.raises(Unsure):
        await transport(server, seconds=1).take(letter(), "epark@platform.example", "demo@platform.example")

    assert server.tried == 1


@pytest.mark.asyncio(loop_scope="function")
async def test_a_server_that_is_not_there_is_tried_again(unused_tcp_port: int) -> None:
    nowhere = SmtpTransport("127.0.0.1", unused_tcp_port, None, None, "smtp", seconds=5)

    with pytest.raises(TryAgain) as problem:
        await nowhere.take(letter(), "epark@platform.example", "demo@platform.example")

    assert not isinstance(problem.value, Unsure), "nothing was handed over"


@pytest.mark.asyncio(loop_scope="function")
async def test_who_insists_on_encryption_sends_nothing_without(servers: list[MailServer]) -> None:
    server = await start(servers)
    insisting = SmtpTransport("127.0.0.1", server.port, None, None, "starttls", seconds=5)

    with pytest.raises(TryAgain):
        await insisting.take(letter(), "epark@platform.example", "demo@platform.example")

    assert server.letters == []


async def test_the_demo_mailbox_holds_a_letter_that_comes_twice_once(tmp_path: Path) -> None:
    folder = FolderTransport(tmp_path / "mail")

    again = letter()
    again["X-Epark-Repeat"] = "possible"
    await folder.take(letter(), "epark@platform.example", "demo@platform.example")
    await folder.take(again, "epark@platform.example", "demo@platform.example")

    (path,) = (tmp_path / "mail").iterdir()
    assert path.name == "2611-0001-abcdef012345.eml" and b"\r\n" in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    assert b"X-Epark-Repeat" not in path.read_bytes(), "the one that came first stays as it is"


@pytest.mark.parametrize(
    ("url", "scheme", "port", "user"),
    [
        ("smtp://mail.example", "smtp", 25, None),
        ("smtps://u:p@mail.example", "smtps", 465, "u"),
        ("starttls://epark%40x:p%2Fq@mail.example:2525", "starttls", 2525, "epark@x"),
    ],
)
def test_the_address_of_a_server_says_how_to_talk_to_it(url: str, scheme: str, port: int, user: str | None) -> None:
    found = SmtpTransport.at(url)

    assert (found.scheme, found.port, found.user, found.host) == (scheme, port, user, "mail.example")


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://", "smtp://mail.example:mail"])
def test_an_address_that_is_none_is_named_without_its_password(url: str) -> None:
    with pytest.raises(MailAddressError, match="EPARK_SMTP_URL"):
        SmtpTransport.at(url)


@pytest.mark.parametrize(
    ("smtp_url", "catch_all", "to_desks", "over_smtp", "recipient"),
    [
        (None, None, False, False, DEMO_MAILBOX),
        (None, None, True, False, "egov@service.gov.tw"),
        ("smtp://mail.example", None, False, False, DEMO_MAILBOX),
        ("smtp://mail.example", "demo@x.example", False, True, "demo@x.example"),
        ("smtp://mail.example", "demo@x.example", True, True, "egov@service.gov.tw"),
    ],
)
def test_a_desk_is_written_to_only_where_that_is_said(
    smtp_url: str | None, catch_all: str | None, to_desks: bool, over_smtp: bool, recipient: str, tmp_path: Path
) -> None:
    room = MailRoom.of(smtp_url, tmp_path, "epark@x.example", None, catch_all, to_desks)

    assert isinstance(room.transport, SmtpTransport) == over_smtp
    assert room.recipient("egov@service.gov.tw") == recipient


def letters_to(
    server: MailServer,
    cases: Cases,
    outbox: Outbox,
    live: LiveKnowledge,
    kb_dir: Path,
    clock: Clock,
    seconds: float = 30,
) -> CaseLetters:
    room = MailRoom(transport(server, seconds), "epark@x.example", None, "demo@x.example", False)
    return CaseLetters(cases, outbox, live, LiveRules.shared(kb_dir), room, clock)


def told(cases: Cases, case_id: int) -> list[str]:
    return [str(event.data["state"]) for event in cases.events(case_id) if event.kind == "mail"]


def attempts(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.execute(select(OutboundRow.attempts)).scalar_one())


async def eventually(holds: object) -> None:
    async def wait() -> None:
        while not holds():  # type: ignore[operator]
            await asyncio.sleep(0.01)

    await asyncio.wait_for(wait(), 60)


@pytest.mark.asyncio(loop_scope="function")
async def test_a_letter_that_was_put_off_arrives_once_and_the_case_says_so(
    servers: list[MailServer],
    cases: Cases,
    outbox: Outbox,
    live: LiveKnowledge,
    kb_dir: Path,
    clock: Clock,
    engine: Engine,
) -> None:
    server = await start(servers, at_data=lambda number: "451 later" if number < 2 else "250 OK")
    opened = cases.open(draft(desk="egov", contact="0912-345-678"))
    delivery = Delivery(outbox, "email", letters_to(server, cases, outbox, live, kb_dir, clock).send, look_seconds=0.01)
    running = asyncio.ensure_future(delivery.run())

    for tries in (1, 2):
        await eventually(lambda tries=tries: attempts(engine) == tries)
        clock.go_on(minutes=5)
    await eventually(lambda: outbox.waiting("email") == 0)
    await delivery.stop()
    await running

    (arrived,) = server.letters
    assert arrived["X-Epark-Case"] == opened.number and arrived["To"] == "demo@x.example"
    assert arrived["X-Epark-Repeat"] is None, "a server that said no leaves no doubt"
    assert told(cases, opened.id) == ["waiting", "retrying", "sent"]


@pytest.mark.asyncio(loop_scope="function")
async def test_a_letter_that_is_refused_for_good_is_a_dead_letter_until_somebody_sends_it_again(
    servers: list[MailServer], cases: Cases, outbox: Outbox, live: LiveKnowledge, kb_dir: Path, clock: Clock
) -> None:
    server = await start(servers, at_data=lambda number: "554 no" if number == 0 else "250 OK")
    opened = cases.open(draft(desk="egov"))
    delivery = Delivery(outbox, "email", letters_to(server, cases, outbox, live, kb_dir, clock).send, look_seconds=0.01)
    running = asyncio.ensure_future(delivery.run())

    await eventually(lambda: outbox.dead("email"))
    (dead,) = outbox.dead("email")
    assert dead.why == "the mail server said 554" and told(cases, opened.id)[-1] == "failed"
    outbox.revive(dead.id)
    await eventually(lambda: outbox.waiting("email") == 0)
    await delivery.stop()
    await running

    assert len(server.letters) == 1 and told(cases, opened.id)[-1] == "sent"


@pytest.mark.asyncio(loop_scope="function")
async def test_a_letter_that_cannot_leave_for_a_day_is_given_up(
    servers: list[MailServer], cases: Cases, outbox: Outbox, live: LiveKnowledge, kb_dir: Path, clock: Clock
) -> None:
    server = await start(servers, at_recipient="451 later")
    cases.open(draft(desk="egov"))
    letters = letters_to(server, cases, outbox, live, kb_dir, clock)
    clock.go_on(hours=25)
    (due,) = outbox.claim("email")

    with pytest.raises(GiveUp):
        await letters.send(due)


@pytest.mark.asyncio(loop_scope="function")
async def test_the_letter_of_a_deleted_case_is_not_sent(
    servers: list[MailServer], cases: Cases, outbox: Outbox, live: LiveKnowledge, kb_dir: Path, clock: Clock
) -> None:
    server = await start(servers)
    opened = cases.open(draft(desk="egov"))
    cases.delete(opened.id, "admin")
    (due,) = outbox.claim("email")

    await letters_to(server, cases, outbox, live, kb_dir, clock).send(due)

    assert server.tried == 0


@pytest.mark.asyncio(loop_scope="function")
async def test_a_letter_of_which_nothing_was_heard_goes_again_under_the_same_id_and_says_so(
    servers: list[MailServer], cases: Cases, outbox: Outbox, live: LiveKnowledge, kb_dir: Path, clock: Clock
) -> None:
    answers = [TAKE_AND_DIE, "451 later", "250 OK"]
    server = await start(servers, at_data=lambda number: answers[number])
    opened = cases.open(draft(desk="egov"))
    delivery = Delivery(outbox, "email", letters_to(server, cases, outbox, live, kb_dir, clock).send, look_seconds=0.01)
    running = asyncio.ensure_future(delivery.run())

    for tries in (1, 2):
        await eventually(lambda tries=tries: server.tried == tries and not on_its_way(outbox))
        clock.go_on(minutes=5)
    await eventually(lambda: outbox.waiting("email") == 0)
    await delivery.stop()
    await running

    first, second = server.letters
    assert first["Message-ID"] == second["Message-ID"]
    assert (first["X-Epark-Repeat"], second["X-Epark-Repeat"]) == (None, "possible")
    for kind in ("plain", "html"):
        part, before = second.get_body((kind,)), first.get_body((kind,))
        assert part is not None and before is not None
        assert "可能是第二次寄達" in part.get_content() and "可能是第二次寄達" not in before.get_content()
    # The no of the second attempt does not settle what became of the first.
    assert told(cases, opened.id) == ["waiting", "unsure", "sent"]


def on_its_way(outbox: Outbox) -> bool:
    with outbox._engine.connect() as connection:
        return bool(connection.execute(select(OutboundRow.id).where(OutboundRow.holder.is_not(None))).first())


@pytest.mark.asyncio(loop_scope="function")
async def test_a_letter_whose_sender_died_in_handing_it_over_waits_until_nobody_can_still_be_at_it(
    servers: list[MailServer], cases: Cases, outbox: Outbox, live: LiveKnowledge, kb_dir: Path, clock: Clock
) -> None:
    server = await start(servers)
    opened = cases.open(draft(desk="egov"))
    (due,) = outbox.claim("email")
    assert outbox.hand_over(due, {**due.data, "handed": "2026-11-20T10:00:00+08:00"}, HANDED_SECONDS)

    clock.go_on(seconds=HANDED_SECONDS - 1)
    assert outbox.claim("email") == []
    clock.go_on(seconds=2)
    (again,) = outbox.claim("email")
    await letters_to(server, cases, outbox, live, kb_dir, clock).send(again)

    (arrived,) = server.letters
    assert arrived["X-Epark-Repeat"] == "possible" and told(cases, opened.id) == ["waiting", "unsure", "sent"]
    assert outbox.waiting("email") == 0, "that it was sent is known to the outbox and the case at once"


@pytest.mark.asyncio(loop_scope="function")
async def test_a_letter_that_somebody_else_took_on_meanwhile_is_left_to_them(
    servers: list[MailServer], cases: Cases, outbox: Outbox, live: LiveKnowledge, kb_dir: Path, clock: Clock
) -> None:
    server = await start(servers)
    opened = cases.open(draft(desk="egov"))
    letters = letters_to(server, cases, outbox, live, kb_dir, clock)
    (slow,) = outbox.claim("email")
    clock.go_on(minutes=10)
    (quick,) = outbox.claim("email")

    await letters.send(quick)
    with pytest.raises(Elsewhere):
        await letters.send(slow)

    assert len(server.letters) == 1 and told(cases, opened.id) == ["waiting", "sent"]
