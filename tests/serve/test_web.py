"""The chat page's channel as it is served: real replies, a process that is killed, a stop while a page listens."""

from __future__ import annotations

import http.client
import json
import signal
import sqlite3
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from rasa_process import Process


class Page:
    """What a page does, on one session."""

    def __init__(self, base: str, ticket: str = "") -> None:
        self.base = base
        self.ticket = ticket or self.call("POST", "session", {})[1]["ticket"]

    def call(self, method: str, path: str, body: Any = None, timeout: float = 30) -> tuple[int, Any]:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {getattr(self, 'ticket', '')}"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.base}/webhooks/web/{path}", data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())

    def say(self, turn: str, message: str) -> tuple[int, Any]:
        return self.call("POST", "messages", {"id": turn, "message": message})

    def events(self, after: int = 0) -> Iterator[dict[str, Any]]:
        """The events, for as long as the server sends them."""
        headers = {"Authorization": f"Bearer {self.ticket}"}
        request = urllib.request.Request(f"{self.base}/webhooks/web/events?after={after}", headers=headers)
        with urllib.request.urlopen(request, timeout=40) as answer:
            event: dict[str, Any] = {}
            for line in answer:
                name, _, value = line.decode().rstrip("\n").partition(": ")
                if name in ("id", "event", "data"):
                    event[name] = json.loads(value) if name != "event" else value
                elif not name and event:
                    yield event
                    event = {}

    def until(self, kind: str, times: int = 1, after: int = 0) -> list[dict[str, Any]]:
        """The stored events up to the last of some of this kind."""
        found = []
        for event in self.events(after):
            found += [event] if "id" in event else []
            if sum(one["event"] == kind for one in found) == times:
                return found
        raise AssertionError(f"the stream ended after {found}")

    def ask(self, turn: str, message: str, after: int = 0) -> list[dict[str, Any]]:
        """The replies to one message."""
        status, body = self.say(turn, message)
        assert status == 202
        return [one["data"] for one in self.until("done", after=body["event"] - 1) if one["event"] == "bot"]


def test_a_question_is_answered_with_what_the_page_draws(server) -> None:
    page = Page(server.base)

    (reply,) = page.ask("m1", "怎麼退選")

    assert reply["custom"]["topic"] == "withdraw_course" and "退選" in reply["text"]
    assert reply["buttons"] and all(button["title"] and button["payload"] for button in reply["buttons"])


def test_a_learner_signs_in_for_the_session_and_out_again(server) -> None:
    page = Page(server.base)
    page.call("POST", "sign-in", {"token": server.learner_token("T0000000002")})

    own = page.ask("m1", "幫我看一下我的課過了沒")
    page.call("POST", "sign-out", {})
    anonymous = page.ask("m2", "幫我看一下我的課過了沒")

    assert {one["custom"].get("course") for one in own} >= {"DEMO-201", "DEMO-202"}
    assert anonymous[0]["custom"]["type"] == "login_required"


def test_after_a_restart_the_bot_no_longer_knows_what_was_talked_about(server) -> None:
    page = Page(server.base)
    page.ask("m1", "怎麼退選")

    before = page.ask("m2", "第二步呢")
    status, _body = page.call("POST", "restart", {})
    after = page.ask("m3", "第二步呢")

    assert status == 200
    assert before[0]["custom"].get("topic") == "withdraw_course"
    assert after[0]["custom"].get("topic") != "withdraw_course"
    assert [one["event"] for one in page.until("done", 3)].count("user") == 3


def test_deleting_leaves_a_page_as_new(server) -> None:
    page = Page(server.base)
    page.ask("m1", "怎麼退選")

    status, _body = page.call("DELETE", "conversation")
    again = page.ask("m2", "第二步呢")

    assert status == 200
    assert [one["event"] for one in page.until("done")][:2] == ["cleared", "user"]
    assert again[0]["custom"].get("topic") != "withdraw_course"


def test_many_pages_at_once_each_get_their_own_replies(server) -> None:
    questions = {"怎麼退選": "withdraw_course", "忘記密碼": "forgot_password"}
    failures: list[str] = []

    def use() -> None:
        page = Page(server.base)
        for number, (question, topic) in enumerate(questions.items()):
            found = page.ask(f"m{number}", question)[0]["custom"].get("topic")
            if found != topic:
                failures.append(f"{question}: {found}")

    threads = [threading.Thread(target=use) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert not failures


def test_a_huge_upload_is_refused(server) -> None:
    page = Page(server.base)
    connection = http.client.HTTPConnection(server.base.removeprefix("http://"), timeout=30)
    connection.putrequest("POST", "/webhooks/web/attachments")
    for name, value in (("Authorization", f"Bearer {page.ticket}"), ("Content-Length", str(10**9))):
        connection.putheader(name, value)
    connection.endheaders()

    assert connection.getresponse().status == 413
    assert page.ask("m1", "怎麼退選")


def test_every_message_that_was_accepted_is_answered_once_also_when_the_process_is_killed(
    process: Process, tmp_path: Path
) -> None:
    page = Page(process.start())
    accepted: list[str] = []

    def speak() -> None:
        for number in range(25):
            try:
                status, _body = page.call("POST", "messages", {"id": f"m{number}", "message": "怎麼退選"}, 10)
            except (OSError, http.client.HTTPException):
                return
            accepted.extend([f"m{number}"] if status == 202 else [])

    speaking = threading.Thread(target=speak)
    speaking.start()
    while len(accepted) < 10:
        assert speaking.is_alive(), accepted
        time.sleep(0.001)
    process.stop(signal.SIGKILL)
    speaking.join(30)
    with closing(sqlite3.connect(tmp_path / "epark.db")) as database, database:
        left = database.execute("SELECT count(*) FROM web_turn").fetchone()[0]
        database.execute("UPDATE web_turn SET accepted_at = datetime(accepted_at, '-61 seconds')")

    again = Page(process.start(), page.ticket)
    # What was cut off is answered at the first look after the start, which may come later than the start itself.
    heard: set[str] = set()
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with closing(sqlite3.connect(tmp_path / "epark.db")) as database:
            heard = {one[0] for one in database.execute("SELECT turn FROM web_event")}
            waiting = database.execute("SELECT count(*) FROM web_turn").fetchone()[0]
        if set(accepted) <= heard and not waiting:
            break
        time.sleep(0.1)
    assert set(accepted) <= heard and not waiting, (accepted, heard, waiting)
    events = again.until("done", len(heard))

    for turn in heard:
        kinds = [one["event"] for one in events if turn in (one["data"].get("turn"), one["data"].get("id"))]
        assert kinds.count("user") == 1 and kinds.count("done") == 1 and "bot" in kinds, (turn, left)
    assert [one["id"] for one in events] == list(range(1, len(events) + 1))


def test_a_stop_while_a_page_listens_is_quick_and_quiet(process: Process) -> None:
    page = Page(process.start())
    page.ask("m1", "怎麼退選")
    listening = threading.Thread(target=lambda: list(page.events()))
    listening.start()
    time.sleep(0.5)

    took = process.stop(signal.SIGTERM)
    listening.join(10)

    assert took < 10 and not listening.is_alive()
    assert "Traceback" not in process.log.read_text(encoding="utf-8")
