"""The running server as machines and people meet it: replies, bad input, live editing, one person's data only."""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from typing import Any

import pytest


def post(server, body: bytes, path: str = "/webhooks/rest/webhook", headers: dict[str, str] | None = None):
    request = urllib.request.Request(
        server.base + path, body, {"Content-Type": "application/json", **(headers or {})}, method="POST"
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.loads(answer.read()), answer.headers
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read() or b"null"), error.headers


def say(server, message: str, token: str | None = None, sender: str | None = None) -> list[dict[str, Any]]:
    body: dict[str, Any] = {"sender": sender or uuid.uuid4().hex, "message": message}
    if token:
        body["metadata"] = {"token": token}
    status, said, _headers = post(server, json.dumps(body).encode())
    assert status == 200
    return said


def texts(said: list[dict[str, Any]]) -> str:
    return "\n".join(one["text"] for one in said if "text" in one)


def customs(said: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one["custom"] for one in said if "custom" in one]


@pytest.mark.parametrize(
    ("message", "topic"),
    [
        ("忘記密碼", "forgot_password"),
        ("時數沒上傳", "hours_not_uploaded_lifelong"),
        ("怎麼退選", "withdraw_course"),
        ("有沒有醫事積分", "no_medical_credits"),
    ],
)
def test_the_questions_of_every_day_get_sourced_answers(server, message: str, topic: str) -> None:
    said = say(server, message)

    (answer,) = customs(said)
    assert answer["type"] == "answer" and answer["topic"] == topic
    assert answer["sources"] and answer["reviewed"]
    assert 0 < answer["score"] <= 1


@pytest.mark.parametrize(
    ("message", "intent"),
    [("你好", "greet"), ("謝謝你", "thank"), ("你是機器人嗎", "bot_challenge"), ("掰掰", "goodbye")],
)
def test_small_talk_is_answered_with_its_own_words_and_never_with_the_apology(
    server, message: str, intent: str
) -> None:
    said = say(server, message)

    assert customs(said) == [{"type": "chat", "intent": intent}]
    assert "暫時" not in texts(said) and "稍後" not in texts(said)


def test_the_front_page_is_the_chat(server) -> None:
    with urllib.request.urlopen(server.base + "/", timeout=10) as answer:
        page = answer.read().decode()

        assert 'lang="zh-Hant-TW"' in page
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "path", ["../cli.py", "..%2fcli.py", "nothing.js", "%2e%2e/%2e%2e/pyproject.toml", "index.htm"]
)
def test_no_file_outside_of_the_page_can_be_read(server, path: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(f"{server.base}/webhooks/web/static/{path}", timeout=10)

    assert error.value.code in (400, 404)


@pytest.mark.parametrize(
    "message",
    [
        "",
        "   ",
        "\u200b\u200b",
        "😀😀😀",
        "？？？",
        "\x00\x01\x02",
        "長" * 10_000,
        "字" * 2000,
        "\ud83d",
        "/restart",
        "a" * 1999,
    ],
)
def test_odd_messages_get_a_sentence_and_leave_the_service_running(server, message: str) -> None:
    said = say(server, message)

    assert texts(said)
    assert "Traceback" not in texts(said)
    assert customs(say(server, "怎麼退選"))[0]["topic"] == "withdraw_course"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"x"',
        b"{}",
        b'{"message": 5}',
        b'{"message": null}',
        b'{"message":"x","sender":7}',
        b'{"message":"x","sender":""}',
        b'{"message":"x","metadata":[1]}',
        b"\xff\xfe",
        b"[" * 100_000,
    ],
)
def test_invalid_bodies_get_a_clear_error(server, body: bytes) -> None:
    status, said, _headers = post(server, body)

    assert status == 400
    assert said["error"]


def test_a_typed_intent_is_not_executed(server) -> None:
    # Rasa would execute this as the intent affirm; as words it means nothing that the bot knows.
    said = say(server, '/affirm{"provider":"ecpa"}')

    assert customs(said) != [{"type": "chat", "intent": "affirm"}]


def test_a_learner_id_in_the_metadata_proves_nothing(server) -> None:
    body = {"sender": "x", "message": "幫我看一下我的課過了沒", "metadata": {"learner_id": "T0000000002"}}

    _status, said, _headers = post(server, json.dumps(body).encode())

    assert customs(said)[0]["type"] == "login_required"


def test_a_valid_token_opens_ones_own_record_and_a_tampered_one_nothing(server) -> None:
    token = server.learner_token("T0000000002")

    own = say(server, "幫我看一下我的課過了沒", token)
    tampered = say(server, "幫我看一下我的課過了沒", token[:-4] + "AAAA")

    assert {one["course"] for one in customs(own)} == {"DEMO-201", "DEMO-202"}
    assert customs(tampered)[0]["type"] == "login_required"


def test_an_edited_answer_is_spoken_next_without_restart(server) -> None:
    path = server.kb_dir / "answers" / "courses" / "search_course.yml"
    before = path.read_text(encoding="utf-8")
    first = texts(say(server, "如何查詢課程"))

    path.write_text(before.replace("short: >-\n", "short: >-\n  這句是剛剛改的。\n"), encoding="utf-8")
    edited = texts(say(server, "如何查詢課程"))
    path.write_text("topic: [broken", encoding="utf-8")
    broken = texts(say(server, "如何查詢課程"))
    path.write_text(before, encoding="utf-8")
    mended = texts(say(server, "如何查詢課程"))

    assert "這句是剛剛改的。" not in first
    assert "這句是剛剛改的。" in edited
    assert "這句是剛剛改的。" in broken
    assert mended == first


def test_an_unknown_topic_in_the_knowledge_leaves_the_service_running(server) -> None:
    path = server.kb_dir / "answers" / "courses" / "no_such_topic.yml"
    path.write_text("topic: no_such_topic\ntitle: x\ndesk: nobody\n", encoding="utf-8")
    try:
        said = say(server, "怎麼退選")
    finally:
        path.unlink()

    assert customs(said)[0]["topic"] == "withdraw_course"


def test_personal_data_is_not_kept_in_the_database_or_the_answer(server) -> None:
    said = say(server, "我的身分證是A123456789，忘記密碼怎麼辦")

    assert customs(said)[0]["topic"] == "forgot_password"
    assert "A123456789" not in json.dumps(said)


def test_an_api_of_rasa_that_loads_models_is_closed(server) -> None:
    connection = http.client.HTTPConnection(server.base.removeprefix("http://"), timeout=10)
    connection.request("PUT", "/model", body=b'{"model_file": "x"}')

    assert connection.getresponse().status in (404, 405)


def test_a_busy_port_is_named(server, project) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "bot.cli", "serve", "--port", str(port), "--no-console"]

        done = subprocess.run(command, env=server.environment, cwd=project, capture_output=True, text=True, timeout=60)

    assert done.returncode == 1
    assert str(port) in done.stderr and "--port" in done.stderr


def test_many_conversations_at_once_each_get_their_own_answer(server) -> None:
    import concurrent.futures

    wanted = {"怎麼退選": "withdraw_course", "忘記密碼": "forgot_password", "怎麼列印證書": "print_certificate"}
    messages = list(wanted) * 8

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda message: say(server, message), messages))

    for message, said in zip(messages, answers):
        assert customs(said)[0]["topic"] == wanted[message]


def test_a_second_start_stops_cleanly_on_sigterm(server, project, unused_tcp_port_factory) -> None:
    port, actions_port = str(unused_tcp_port_factory()), str(unused_tcp_port_factory())
    ports = ["--port", port, "--actions-port", actions_port, "--console-port", str(unused_tcp_port_factory())]
    command = [sys.executable, "-m", "bot.cli", "serve", *ports]
    process = subprocess.Popen(
        command, env=server.environment, cwd=project, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert process.stdout is not None
    printed = ""
    deadline = time.monotonic() + 120
    while "Ctrl-C" not in printed:
        assert time.monotonic() < deadline, printed
        printed += process.stdout.readline()

    process.terminate()
    rest = process.stdout.read()

    assert process.wait(30) == 0
    assert "Traceback" not in printed + rest
    assert "Warning" not in printed + rest
