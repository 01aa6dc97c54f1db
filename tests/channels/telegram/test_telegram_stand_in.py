"""The stand-in refuses what Telegram refuses: a test that it lets pass would prove nothing."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from telegram_people import Phone
from telegram_stand_in import Wrong, _fits, check, visible

GOOD: dict[str, Any] = {"chat_id": 1, "text": "好", "parse_mode": "HTML"}


@pytest.fixture
def spec() -> dict[str, Any]:
    folder = os.environ.get("EPARK_SPECS")
    if not folder:
        pytest.skip("EPARK_SPECS is not set: give it the folder with telegram-bot-api.json")
    found: dict[str, Any] = json.loads((Path(folder) / "telegram-bot-api.json").read_text(encoding="utf-8"))
    return found


def keyboard(**button: Any) -> dict[str, Any]:
    return {**GOOD, "reply_markup": {"inline_keyboard": [[button]]}}


def test_what_is_right_passes() -> None:
    check("sendMessage", keyboard(text="是", callback_data="a"), None)


@pytest.mark.parametrize(
    "parameters",
    [
        {"text": "好"},
        {"chat_id": "1", "text": "好"},
        {**GOOD, "text": ""},
        {**GOOD, "text": "<b></b>"},
        {**GOOD, "text": "字" * 4097},
        {**GOOD, "parse_mode": "Markdown"},
        keyboard(text="是"),
        keyboard(text="", callback_data="a"),
        keyboard(text="是", callback_data="字" * 22),
        keyboard(text="是", callback_data="a", url="https://a.example"),
        keyboard(text="是", url="http://localhost:5005/"),
        {**GOOD, "reply_markup": {"inline_keyboard": []}},
    ],
)
def test_a_message_that_telegram_refuses_is_refused(parameters: dict[str, Any]) -> None:
    with pytest.raises(Wrong):
        check("sendMessage", parameters, None)


@pytest.mark.parametrize(
    "html",
    ["<b>", "</b>", "<b><i></b></i>", "a < b", "<div>x</div>", "&nbsp;", "a & b", "<a>x</a>", "<b", "<!-- x -->"],
)
def test_html_that_telegram_cannot_parse_is_refused(html: str) -> None:
    with pytest.raises(Wrong):
        visible(html)


@pytest.mark.parametrize(
    ("method", "parameters"),
    [
        ("sendMessage", {**GOOD, "disable_web_page_preview": True}),
        ("sendMessage", {**GOOD, "link_preview_options": True}),
        ("sendChatAction", {"chat_id": 1, "action": "typing", "message_thread_id": "7"}),
        ("setWebhook", {"url": "https://a.example", "allowed_updates": [1]}),
        ("setMyCommands", {"commands": [{"command": "help", "description": "x", "more": 1}]}),
    ],
)
def test_what_the_description_of_the_api_does_not_know_is_refused(
    method: str, parameters: dict[str, Any], spec: dict[str, Any]
) -> None:
    with pytest.raises(Wrong):
        check(method, parameters, spec)


def test_what_the_phones_send_is_what_the_description_of_the_api_says(spec: dict[str, Any]) -> None:
    phone, member = Phone(1), Phone(2, group=-100200, thread=7)
    size = {"file_id": "p", "file_unique_id": "u", "width": 9, "height": 9}
    asked = phone.text("問")
    updates = [
        asked,
        phone.edit(asked, "改"),
        phone.press_raw("a", "是", [[{"text": "是", "callback_data": "a"}]]),
        phone.member("member", "kicked"),
        phone.member("kicked", "member"),
        phone.message(photo=[size], caption="圖", media_group_id="g"),
        phone.message(voice={"file_id": "v", "file_unique_id": "u", "duration": 3}),
        member.mention("問"),
        member.member("left", "member"),
    ]

    for update in updates:
        _fits(update, spec["types"]["Update"]["fields"], "Update", spec)
