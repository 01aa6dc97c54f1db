"""A whole `epark serve` at a moment of the test's choosing, with LINE, Telegram and mail servers of the test's own."""

from __future__ import annotations

import asyncio
import datetime
import functools
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import aiohttp
import requests
from aiohttp import web
from counter import PASSWORD, PEOPLE, Visitor, cheap
from line_platform import SECRET, TOKEN, Delivered, LinePlatform
from mail_server import DIE, MailServer
from sqlalchemy import func, select
from sqlalchemy.engine import Engine
from telegram_people import Phone
from telegram_stand_in import SECRET as TELEGRAM_SECRET
from telegram_stand_in import TOKEN as TELEGRAM_TOKEN
from telegram_stand_in import Telegram

from bot.cases.records import Case, CaseEvent
from bot.cases.store import Cases
from bot.desks.hours import TAIPEI
from bot.knowledge.live import LiveKnowledge
from bot.learners.database import migrate, open_database
from bot.queues.outbox import Outbox
from bot.queues.tables import InboundRow, OutboundRow
from bot.staff.accounts import Accounts

SERVERS = {
    "bot": "bot.commands.rasa_server",
    "actions": "bot.commands.actions_server",
    "mail": "bot.commands.mail_worker",
    "console": "bot.commands.console_server",
}
PATIENCE = 120.0


class StandingClock:
    """The moment at which all processes live; it moves only when the test moves it."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def set(self, moment: str) -> None:
        """At a time such as 2026-12-24 09:00, in Taipei."""
        self._write(datetime.datetime.fromisoformat(moment).replace(tzinfo=TAIPEI))

    def move(self, **by: float) -> None:
        """Later by this."""
        self._write(self() + datetime.timedelta(**by))

    def __call__(self) -> datetime.datetime:
        return datetime.datetime.fromisoformat(self.path.read_text(encoding="ascii")).astimezone(TAIPEI)

    def _write(self, moment: datetime.datetime) -> None:
        # Whole or not at all: the processes read it all the time.
        new = self.path.with_suffix(".new")
        new.write_text(moment.isoformat(), encoding="ascii")
        new.replace(self.path)


class Loop:
    """An event loop beside the test, which itself waits as a person would."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(30)


class Mailbox(MailServer):
    """A mail server that first says what `answers` holds, and then takes everything."""

    def __init__(self) -> None:
        super().__init__(at_data=self._say)
        self.answers: list[str] = []
        self.at_recipient: Callable[[], None] | None = None
        """What happens once the next letter is announced and before it is handed over."""
        self.at_data: Callable[[], None] | None = None
        """What happens once the next letter has come and before it is kept."""
        self.at_letter: Callable[[], None] | None = None
        """What happens once the next letter is in and nobody has been told so."""

    def _say(self, _number: int) -> str:
        if self.at_data is not None:
            then, self.at_data = self.at_data, None
            then()
            return DIE
        if self.answers:
            return self.answers.pop(0)
        return "250 OK"

    async def handle_RCPT(self, *known: Any) -> str:
        if self.at_recipient is not None:
            then, self.at_recipient = self.at_recipient, None
            then()
        return await super().handle_RCPT(*known)

    async def handle_DATA(self, *known: Any) -> str:
        answer = await super().handle_DATA(*known)
        if self.at_letter is not None and answer.startswith("250"):
            then, self.at_letter = self.at_letter, None
            then()
        return answer

    def came(self, number: str) -> list[EmailMessage]:
        """A case's letters, once for each time that they came."""
        return [one for one in self.letters if one["X-Epark-Case"] == number]

    def of(self, number: str) -> list[str]:
        """The Message-IDs of a case's letters, once for each time that they came."""
        return [str(one["Message-ID"]) for one in self.came(number)]


class Line(LinePlatform):
    """LINE, where something may happen once a message has arrived and nobody has been told so."""

    at_delivery: Callable[[], None] | None = None

    async def _deliver(self, request: web.Request, delivered: Delivered) -> web.StreamResponse:
        answer = await super()._deliver(request, delivered)
        if self.at_delivery is not None:
            then, self.at_delivery = self.at_delivery, None
            then()
        return answer


@dataclass
class Day:
    """What the test works with."""

    base: str
    console: str
    clock: StandingClock
    engine: Engine
    cases: Cases
    line: Line
    telegram: Telegram
    mail: Mailbox
    environment: Mapping[str, str]
    project: Path
    loop: Loop
    log: Path
    command: Sequence[str]
    actions_port: int
    serve: subprocess.Popen[bytes] = field(init=False)

    def start(self) -> None:
        """Start `epark serve` and wait until it says that all is ready."""
        self.log.write_bytes(b"")
        with self.log.open("ab") as output:
            self.serve = subprocess.Popen(
                self.command, env=self.environment, cwd=self.project, stdout=output, stderr=subprocess.STDOUT
            )
        self.until(lambda: "Ctrl-C" in self.log.read_text(encoding="utf-8"), 300)

    def rest(self, person: str, *texts: str) -> list[dict[str, Any]]:
        """Say these on the REST channel; the messages that answer the last."""
        said: list[dict[str, Any]] = []
        for text in texts:
            body = {"sender": person, "message": text}
            answer = requests.post(f"{self.base}/webhooks/rest/webhook", json=body, timeout=60)
            assert answer.status_code == 200
            said = answer.json()
            assert said, f"{person} heard nothing after {text}"
        return said

    def tell_line(self, *events: dict[str, Any]) -> int:
        """Deliver events of LINE; the status of our answer, 0 where there was none."""

        async def send() -> int:
            try:
                async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as http:
                    return await self.line.send(http, f"{self.base}/webhooks/line/webhook", *events)
            except (aiohttp.ClientError, OSError):
                return 0

        return int(self.loop.run(send()))

    def on_line(self, person: str, *texts: str) -> str:
        """Say these on LINE and wait for the answer to each; the last one's words. What is a button is pressed."""
        for text in texts:
            mine = [one for one in list(self.line.delivered) if one.person == person]
            button = mine[-1].quick.get(text) if mine else None
            event = self.line.tap(person, button) if button else self.line.text(person, text)
            assert self.tell_line(event) == 200
            self.until_heard(person, len(mine) + 1)
        self.until_idle("line")
        return self.heard(person)[-1]

    def on_telegram(self, phone: Phone, *texts: str) -> str:
        """Say these on Telegram and wait for the answer to each; the last one's words. What is a button is pressed."""

        async def send(update: dict[str, Any]) -> int:
            headers = {"X-Telegram-Bot-Api-Secret-Token": TELEGRAM_SECRET}
            url = f"{self.base}/webhooks/telegram/webhook"
            async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60)) as http:
                async with http.post(url, json=update, headers=headers) as answer:
                    return answer.status

        for text in texts:
            mine = [one for one in list(self.telegram.sent) if one.chat_id == phone.id]
            shown = any(button["text"] == text for row in (mine[-1].rows if mine else ()) for button in row)
            assert self.loop.run(send(phone.press(mine[-1], text) if shown else phone.text(text))) == 200
            self.until(functools.partial(self._has_more, phone.id, len(mine)))
            # What else belongs to the answer is in the outbox since the first of it was.
            self.until_idle("telegram")
        return self.telegram.texts(phone.id)[-1]

    def _has_more(self, chat: int, count: int) -> bool:
        return len(self.telegram.texts(chat)) > count

    def heard(self, person: str) -> list[str]:
        """What somebody got on LINE."""
        return [one.text for one in list(self.line.delivered) if one.person == person]

    def until_heard(self, person: str, count: int) -> None:
        self.until(lambda: len(self.heard(person)) >= count)

    def until_idle(self, *channels: str) -> None:
        """Wait until nothing is left to be sent there."""
        self.until(lambda: all(self.waiting(one) == 0 for one in channels))

    def waiting(self, channel: str) -> int:
        """How many messages are not sent yet."""
        return Outbox(self.engine).waiting(channel)

    def case_of(self, sender_id: str) -> Case:
        """The newest case of a conversation."""
        return max(self.cases.of_conversation(sender_id), key=lambda one: one.id)

    def events(self, case: Case, kind: str) -> list[CaseEvent]:
        return [one for one in self.cases.events(case.id) if one.kind == kind]

    def outbound(self, case: Case, kind: str = "") -> int:
        """How many messages the outbox ever had for a case."""
        with self.engine.connect() as connection:
            own = OutboundRow.key.like(f"case:{case.id}:{kind}%")
            return int(connection.execute(select(func.count()).where(own)).scalar_one())

    def visitor(self, login: str) -> Visitor:
        """Somebody who is signed in at the console."""
        one = Visitor(self.console)
        one.sign_in(login)
        assert one.csrf, login
        return one

    def figures(self, first: str, last: str) -> dict[str, Any]:
        """What `epark figures --json` says."""
        command = [sys.executable, "-m", "bot.cli", "figures", "--json", "--from", first, "--to", last]
        done = subprocess.run(command, env=self.environment, cwd=self.project, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    def until(self, ready: Callable[[], Any], seconds: float = PATIENCE) -> None:
        """Wait until something holds."""
        deadline = time.monotonic() + seconds
        while not ready():
            if time.monotonic() > deadline or self.serve.poll() is not None:
                said = self.log.read_text(encoding="utf-8")[-2000:]
                raise AssertionError((self.line.faults, self.telegram.wrong, said))
            time.sleep(0.02)

    def pid(self, name: str) -> int:
        """The process of one of the servers."""
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                command = (entry / "cmdline").read_bytes().decode("utf-8", "replace").split("\0")
                parent = int((entry / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])
            except OSError:
                continue
            if parent == self.serve.pid and SERVERS[name] in command:
                return int(entry.name)
        return 0

    def kill(self, name: str) -> None:
        """End one of the servers as a power cut would."""
        pid = self.pid(name)
        assert pid, name
        os.kill(pid, signal.SIGKILL)

    def kill_in(self, name: str, seconds: float) -> threading.Timer:
        """The same in a moment; to be joined."""
        pid = self.pid(name)
        assert pid, name
        timer = threading.Timer(seconds, os.kill, (pid, signal.SIGKILL))
        timer.start()
        return timer

    def go_to(self, moment: str) -> None:
        """Let the time come, once nothing is being sent: a leap would end the holds of what is on its way."""
        self.until(lambda: not self._on_its_way())
        self.clock.set(moment)

    def pass_by(self, seconds: float) -> None:
        """Let some seconds pass, counted from when nothing is being sent: what is put off is put off from then."""
        self.until(lambda: not self._on_its_way())
        self.clock.move(seconds=seconds)

    def _on_its_way(self) -> int:
        with self.engine.connect() as connection:
            held = "SELECT count(*) FROM outbound WHERE state = 'waiting' AND held_until IS NOT NULL"
            return int(connection.exec_driver_sql(held).scalar_one())

    def until_settled(self, held: float = 80) -> None:
        """Let the time pass for which a dead process still holds what it was working on, and wait for the rest.

        Never while a living one works: 40 seconds are LINE's messages held, less than a reply token lives; what came in
        from LINE is held for 120, and a letter for 90; one that was handed over for as long as `held` says.
        """
        self.until_well()
        self.clock.move(seconds=41)
        self.until(lambda: self.waiting("line") == 0)
        self.clock.move(seconds=held)
        self.until(lambda: self._unanswered() == self.waiting("line") == self.waiting("email") == 0)

    def _unanswered(self) -> int:
        with self.engine.connect() as connection:
            waiting = select(func.count()).select_from(InboundRow).where(InboundRow.done_at.is_(None))
            return int(connection.execute(waiting).scalar_one())

    def until_gone(self, pids: Sequence[int]) -> None:
        """Wait until none of these processes is there."""
        deadline = time.monotonic() + PATIENCE
        while any(Path(f"/proc/{pid}").exists() for pid in pids):
            assert time.monotonic() < deadline, pids
            time.sleep(0.05)

    def until_well(self) -> None:
        """Wait until every server is there."""
        places = [f"{self.base}/", f"{self.console}/health"]
        self.until(lambda: all(_answers(one) for one in places) and all(self.pid(name) for name in SERVERS))


@contextmanager
def a_day(folder: Path, url: str, project: Path, ports: Callable[[], int], morning: str) -> Iterator[Day]:
    """Everything as `epark serve` starts it, on an empty database with people of all roles."""
    clock = StandingClock(folder / "now")
    clock.set(morning)
    loop = Loop()
    line, telegram, mail = Line(clock), Telegram(), Mailbox()
    for one in (line, telegram, mail):
        loop.run(one.start())
    shutil.copytree(project / "kb", folder / "kb")
    port, actions, console = ports(), ports(), ports()
    clean = {name: value for name, value in os.environ.items() if not name.startswith("EPARK_")}
    environment = {
        **clean,
        "PYTHONPATH": str(Path(__file__).parent / "clock"),
        "EPARK_TEST_CLOCK": str(clock.path),
        "EPARK_KB": str(folder / "kb"),
        "EPARK_VAR": str(folder / "var"),
        "DATABASE_URL": url,
        "EPARK_LINE_CHANNEL_SECRET": SECRET,
        "EPARK_LINE_CHANNEL_TOKEN": TOKEN,
        "EPARK_LINE_API": line.base,
        "EPARK_TELEGRAM_TOKEN": TELEGRAM_TOKEN,
        "EPARK_TELEGRAM_SECRET": TELEGRAM_SECRET,
        "EPARK_TELEGRAM_API": telegram.base,
        "EPARK_SMTP_URL": mail.url,
        "EPARK_MAIL_TO_DESKS": "1",
    }
    engine = open_database(url)
    migrate(engine)
    accounts = Accounts(engine, cheap())
    for login, values in PEOPLE.items():
        accounts.add(login, values["name"], values["roles"], PASSWORD, values.get("desks", ()))
    log = folder / "serve.log"
    numbers = ["--port", str(port), "--actions-port", str(actions), "--console-port", str(console)]
    command = [sys.executable, "-m", "bot.cli", "serve", *numbers]
    base, desk = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{console}"
    cases = Cases(engine, LiveKnowledge.shared(folder / "kb"), clock)
    day = Day(base, desk, clock, engine, cases, line, telegram, mail, environment, project, loop, log, command, actions)
    try:
        day.start()
        yield day
    finally:
        day.serve.terminate()
        day.serve.wait(60)
        for one in (line, telegram, mail):
            loop.run(one.stop())
        loop.close()
        engine.dispose()


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=2).status_code == 200
    except requests.RequestException:
        return False
