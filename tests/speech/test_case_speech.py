"""What people read of cases."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from bot.desks.hours import TAIPEI
from bot.knowledge.models import Knowledge
from bot.speech.case_speech import (
    speak_case_desk,
    speak_case_here,
    speak_case_opened,
    speak_case_question,
    speak_case_summary,
    when_words,
)

WORKED = datetime.datetime(2026, 11, 20, 10, 0, tzinfo=TAIPEI)
EVENING = datetime.datetime(2026, 11, 20, 20, 0, tzinfo=TAIPEI)
SATURDAY = datetime.datetime(2026, 11, 21, 10, 0, tzinfo=TAIPEI)


def desk(desk_id: str, kind: str, **more: Any) -> dict[str, Any]:
    found = {
        "desk": desk_id,
        "kind": kind,
        "topic": None,
        "reason": "因為這樣。",
        "bring": ["截圖"],
        "intro": "要四項。",
    }
    return {**found, "earlier": None, **more}


@pytest.mark.parametrize("desk_id", ["platform", "egov", "ecpa", "moica", "env_edu", "agency_hr", "mooc"])
@pytest.mark.parametrize("now", [WORKED, SATURDAY])
def test_who_asks_for_a_person_reads_the_reason_the_desk_and_what_to_prepare(
    desk_id: str, now: datetime.datetime, knowledge: Knowledge
) -> None:
    reply = speak_case_desk(desk(desk_id, "human"), knowledge, now)

    assert "因為這樣。" in reply.text and knowledge.desks[desk_id].name in reply.text and "截圖" in reply.text
    for phone in knowledge.desks[desk_id].phones:
        assert phone.number in reply.text
    assert reply.custom is not None and reply.custom["type"] == "contact" and reply.custom["view"]["desk"] == desk_id


def test_a_phone_that_nobody_answers_now_is_said_to_be_one(knowledge: Knowledge) -> None:
    closed = speak_case_desk(desk("egov", "human"), knowledge, SATURDAY)
    open_now = speak_case_desk(desk("egov", "human"), knowledge, WORKED)

    assert "打不通" in closed.text and "11月23日（一）08:30" in closed.text
    assert "打不通" not in open_now.text


def test_who_reports_reads_the_reason_and_what_is_collected(knowledge: Knowledge) -> None:
    reply = speak_case_desk(desk("egov", "report", topic="egov_register"), knowledge, WORKED)

    assert "因為這樣。" in reply.text and "要四項。" in reply.text
    assert knowledge.topics["egov_register"].title in reply.text
    assert reply.custom == {"type": "contact", "desk": "egov", "open_now": True, "opens_at": None}


def test_a_case_that_is_open_already_is_mentioned(knowledge: Knowledge) -> None:
    reply = speak_case_desk(desk("platform", "report", earlier=["2611-0001", "時數"]), knowledge, WORKED)

    assert "2611-0001" in reply.text


def test_a_question_says_what_was_wrong_which_it_is_and_what_may_be_left_out(knowledge: Knowledge) -> None:
    found = {"form": "hours", "at": "record_shot", "hints": ["case_too_short"], "hint_values": {"least": 4}}
    more = {"asks": "請傳截圖。", "step": 2, "of": 4, "tail": ["case_optional", "case_cancel_hint"], "titles": ["略過"]}

    reply = speak_case_question({**found, **more}, knowledge, WORKED)

    assert "至少 4 個字" in reply.text and "（2／4）請傳截圖。" in reply.text and "略過" in reply.text
    assert reply.buttons == (("略過", "略過"),)
    assert reply.custom == {"type": "case_form", "form": "hours", "asks": "record_shot"}


def test_a_summary_never_shows_the_contact(knowledge: Knowledge) -> None:
    lines = [["問題說明", "text", "沒有時數"], ["截圖", "files", 2], ["圖", "files", 0], ["聯絡資料", "contact", True]]
    found = {"form": "hours", "at": "confirm", "desk": "platform", "lines": lines, "titles": ["送出"]}

    reply = speak_case_summary({**found, "diagnosis": True}, knowledge, WORKED)

    for piece in ("問題說明：沒有時數", "截圖：2 個檔案", "圖：沒有提供", "只有承辦窗口看得到", "檢查結果"):
        assert piece in reply.text


def opened(**more: Any) -> dict[str, Any]:
    found = {"case_id": "2611-0001", "desk": "platform", "status": "new", "refer_to": None, "ready_text": "文字"}
    return {**found, "mailed": False, "really": False, "reachable": True, **more}


def test_what_happens_next_depends_on_desk_channel_and_mail(knowledge: Knowledge) -> None:
    here = speak_case_opened(opened(), knowledge, SATURDAY)
    rest = speak_case_opened(opened(reachable=False), knowledge, WORKED)
    demo = speak_case_opened(opened(desk="egov", mailed=True), knowledge, WORKED)
    mailed = speak_case_opened(opened(desk="egov", mailed=True, really=True), knowledge, WORKED)
    refer = speak_case_opened(opened(refer_to="moica"), knowledge, WORKED)

    assert "2611-0001" in here.text and "送到這個對話" in here.text and "11月23日（一）" in here.text
    assert "查進度" in rest.text and "送到這個對話" not in rest.text
    assert "示範環境" in demo.text and "02-2192-7111" in demo.text and "示範環境" not in mailed.text
    assert "0800-080-117" in refer.text and "文字" in refer.text
    facts = {"type": "case", "case_id": "2611-0001", "desk": "platform", "status": "new"}
    assert here.custom == {**facts, "opened": True}


def test_when_a_desk_gets_to_it_is_claimed_only_where_it_is_known(knowledge: Knowledge) -> None:
    egov, platform = knowledge.desks["egov"], knowledge.desks["platform"]

    assert "現在是服務時間" in when_words(egov, knowledge, WORKED)
    assert "11月23日（一）08:30" in when_words(egov, knowledge, EVENING)
    assert when_words(platform, knowledge, WORKED) == ""
    assert "11月23日（一）" in when_words(platform, knowledge, SATURDAY)


@pytest.mark.parametrize("status", ["new", "open", "waiting", "resolved", "closed"])
def test_a_case_says_state_desk_since_when_and_the_last_reply(status: str, knowledge: Knowledge) -> None:
    found = {"case_id": "2611-0001", "subject": "時數", "status": status, "desk": "platform", "refer_to": "moica"}
    since = "2026-11-20T10:00:00+08:00"

    silent = speak_case_here({**found, "since": since, "last_reply": None}, knowledge, WORKED)
    told = speak_case_here({**found, "since": since, "last_reply": [since, "已補傳"]}, knowledge, WORKED)

    assert "11月20日 10:00" in silent.text and "還沒有回覆" in silent.text and "自然人憑證客服" in silent.text
    assert "已補傳" in told.text and "還沒有回覆" not in told.text
    assert told.custom == {"type": "case", "case_id": "2611-0001", "desk": "platform", "status": status}
