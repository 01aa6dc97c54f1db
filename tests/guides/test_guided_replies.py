"""Replies as people type them, on each screen, and messages that are no replies at all."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.guides.diagnosis import facts_from_text, understand
from bot.guides.facts import SCREENS
from bot.guides.load import load_diagnosis
from bot.guides.screens import DiagnosisGuide

pytestmark = pytest.mark.thorough

TODAY = datetime.date(2026, 11, 20)  # a Friday
OFFICIAL = {"portal": "lifelong", "provider": "egov", "identity": "civil_servant"}
OPEN = {**OFFICIAL, "kind": "open", "has_hours": True}
DONE = {**OPEN, "reading": True, "test": True, "survey": True}
MOOC = {**OFFICIAL, "kind": "mooc", "has_hours": True, "mooc_listed": True}
ASKED: dict[str, dict[str, Any]] = {
    "portal": {},
    "sign_in": {"portal": "lifelong"},
    "course": OFFICIAL,
    "done": OPEN,
    "settings": DONE,
    "finished": {**DONE, "agency": True, "id_number": True},
}
"""Screen to what is known when it is asked."""


@pytest.fixture(scope="module")
def guide(kb_dir: Path) -> DiagnosisGuide:
    loaded, faults = load_diagnosis(kb_dir)
    assert loaded is not None, faults
    return loaded


def reply(guide: DiagnosisGuide, screen: str, text: str, facts: dict[str, Any] | None = None) -> dict[str, Any] | None:
    return understand(screen, text, ASKED[screen] if facts is None else facts, TODAY, guide)


@pytest.mark.parametrize(
    ("text", "portal"),
    [
        ("終身", "lifelong"),
        ("终身学习入口网", "lifelong"),
        ("公務人員終身學習入口網站", "lifelong"),
        ("終生學習", "lifelong"),
        ("我要上傳到終身學習網", "lifelong"),
        ("不是環教，是終身", "lifelong"),
        ("第一個", "lifelong"),
        ("環教", "env_edu"),
        ("環境教育終身學習網", "env_edu"),
        ("環教的那個", "env_edu"),
        ("環教沒有進去", "env_edu"),
        ("全國教師在職進修資訊網", "teacher"),
        ("老師的研習時數", "teacher"),
        ("應該是教師網吧", "teacher"),
        ("３", "teacher"),
        ("不知道耶", "unknown"),
        ("我不知道是哪一個", "unknown"),
        ("跳過", "unknown"),
    ],
)
def test_a_portal_is_understood(guide: DiagnosisGuide, text: str, portal: str) -> None:
    assert reply(guide, "portal", text) == {"portal": portal}


@pytest.mark.parametrize(
    ("text", "provider", "identity"),
    [
        ("我是用人事服務網eCPA登入的", "ecpa", "civil_servant"),
        ("ＥＣＰＡ", "ecpa", "civil_servant"),
        ("我的 e 政府 公務帳號", "egov", "civil_servant"),
        ("公務帳號", "egov", "civil_servant"),
        ("我是公務員，用e政府登入", "egov", "civil_servant"),
        ("我用e政府登入，是一般民眾", "egov", "general_public"),
        ("我的e政府", "egov", "unknown"),
        ("我用e政府但不確定身分", "egov", "unknown"),
        ("一般民眾", "unknown", "general_public"),
        ("忘了用什麼登入", "unknown", "unknown"),
    ],
)
def test_an_account_is_understood(guide: DiagnosisGuide, text: str, provider: str, identity: str) -> None:
    found = reply(guide, "sign_in", text)

    assert found is not None
    assert (found["provider"], found["identity"]) == (provider, identity)


@pytest.mark.parametrize(
    ("text", "provider"),
    [
        ("用脸书", "facebook"),
        ("FB帳號", "facebook"),
        ("gmail登入的", "google"),
        ("不是臉書，是google", "google"),
        ("apple id", "apple"),
        ("AppleID", "apple"),
        ("不確定，好像是蘋果", "apple"),
    ],
)
def test_a_social_account_is_understood(guide: DiagnosisGuide, text: str, provider: str) -> None:
    assert reply(guide, "sign_in", text) == {"provider": provider}


@pytest.mark.parametrize(
    ("text", "relogin"),
    [
        ("轉成公務帳號但還沒重新登入", "missing"),
        ("已經轉公務帳號，也重新登入了", "done"),
        ("轉成公務帳號了", "unknown"),
    ],
)
def test_a_converted_account_is_understood(guide: DiagnosisGuide, text: str, relogin: str) -> None:
    found = reply(guide, "sign_in", text)

    assert found == {"provider": "egov", "identity": "civil_servant", "relogin": relogin}


@pytest.mark.parametrize(
    ("text", "reading", "test", "survey"),
    [
        ("都做完了", True, True, True),
        ("全部都完成了", True, True, True),
        ("考試過了，閱讀也夠了，問卷也填了", True, True, True),
        ("閱讀、測驗、問卷都做完了", True, True, True),
        ("沒有", True, True, True),
        ("學習紀錄顯示已通過", True, True, True),
        ("閱讀跟問卷還沒", False, True, False),
        ("阅读跟问卷还没", False, True, False),
        ("閱讀，問卷，都還沒", False, True, False),
        ("1 3", False, True, False),
        ("1、3", False, True, False),
        ("一和三", False, True, False),
        ("只剩問卷", True, True, False),
        ("問卷", True, True, False),
        ("我沒填問卷", True, True, False),
        ("閱讀做完了，問卷還沒", True, True, False),
        ("閱讀跟測驗都好了 問卷忘了填", True, True, False),
        ("閱讀完了測驗沒做", True, False, True),
        ("測驗還沒考，其他都好了", True, False, True),
        ("沒考試", True, False, True),
        ("閱讀時間還差十分鐘", False, True, True),
        ("只有閱讀做完", True, False, False),
        ("都還沒", False, False, False),
        ("測驗不確定，其他都好了", True, "unknown", True),
        ("閱讀和測驗都做完了", True, True, "unknown"),
        ("測驗考了但不知道有沒有過", True, "taken", True),
        ("測驗沒過", True, "failed", True),
        ("不清楚", "unknown", "unknown", "unknown"),
    ],
)
def test_what_is_done_and_what_is_missing_is_understood(
    guide: DiagnosisGuide, text: str, reading: Any, test: Any, survey: Any
) -> None:
    assert reply(guide, "done", text) == {"reading": reading, "test": test, "survey": survey}


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("登記表還沒", False),
        ("沒填登記表", False),
        ("沒有", False),
        ("1", False),
        ("登打了", True),
        ("有", True),
        ("登記表填好了", True),
        ("不確定", "unknown"),
    ],
)
def test_the_form_of_a_mooc_is_understood(guide: DiagnosisGuide, text: str, form: Any) -> None:
    assert reply(guide, "done", text, MOOC) == {"mooc_form": form}


@pytest.mark.parametrize(
    ("text", "agency", "id_number"),
    [
        ("都有", True, True),
        ("機關是空的", False, True),
        ("机关没有填", False, True),
        ("身分證跟機關都沒有", False, False),
        ("服務機關有，身分證沒有", True, False),
        ("沒填身分證", True, False),
        ("機關不確定，身分證有", "unknown", True),
        ("1 2", False, False),
    ],
)
def test_settings_are_understood(guide: DiagnosisGuide, text: str, agency: Any, id_number: Any) -> None:
    assert reply(guide, "settings", text) == {"agency": agency, "id_number": id_number}


@pytest.mark.parametrize(
    ("text", "ticked"),
    [
        ("我是10教育人員", True),
        ("人員區分是10，身分證也有填", True),
        ("有勾", True),
        ("不是10", False),
        ("人員區分是11一般人員", False),
        ("沒有勾全教網", False),
    ],
)
def test_the_settings_of_the_teachers_portal_are_understood(guide: DiagnosisGuide, text: str, ticked: bool) -> None:
    found = reply(guide, "settings", text, {**DONE, "portal": "teacher"})

    assert found is not None
    assert found["teacher_reporting"] is ticked


def test_an_identity_that_was_left_open_is_settled_with_the_settings(guide: DiagnosisGuide) -> None:
    unsure = {**DONE, "identity": "unknown"}

    still_general = reply(guide, "settings", "身分是自然人", unsure)

    assert still_general is not None
    assert still_general["identity"] == "general_public"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("上週五", {"finished_on": "2026-11-13"}),
        ("上禮拜五晚上完成的", {"finished_on": "2026-11-13"}),
        ("11/18 上午 10:30", {"finished_on": "2026-11-18"}),
        ("5號", {"finished_on": "2026-11-05"}),
        ("忘了哪一天", {"finished_on": "unknown"}),
        ("昨天上完的，還沒看到上傳成功", {"uploaded": False, "finished_on": "2026-11-19"}),
        ("昨天上傳成功", {"uploaded": True, "uploaded_on": "2026-11-19"}),
        ("有看到上傳成功", {"uploaded": True, "uploaded_on": "unknown"}),
        ("早就上傳成功了", {"uploaded": True, "uploaded_on": "earlier"}),
        ("11/17 完成，11/18 上傳成功", {"finished_on": "2026-11-17", "uploaded": True, "uploaded_on": "2026-11-18"}),
    ],
)
def test_days_and_uploads_are_understood(guide: DiagnosisGuide, text: str, found: dict[str, Any]) -> None:
    assert reply(guide, "finished", text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("12/31", {"ends_on": "2026-12-31"}),
        ("上個月底", {"ends_on": "2026-10-31"}),
        ("還沒結束", {"ends_on": "running"}),
        ("結束很久了", {"ends_on": "2026-09-19"}),
        ("昨天上傳成功", {"uploaded": True, "uploaded_on": "2026-11-19"}),
    ],
)
def test_the_end_of_a_mooc_is_understood(guide: DiagnosisGuide, text: str, found: dict[str, Any]) -> None:
    known = {**MOOC, "mooc_form": True, "agency": True, "id_number": True}

    assert reply(guide, "finished", text, known) == found


def test_a_day_that_has_not_come_is_no_day_on_which_a_course_was_finished(guide: DiagnosisGuide) -> None:
    assert reply(guide, "finished", "2027/1/5") is None


def test_two_answers_that_exclude_each_other_are_no_answer(guide: DiagnosisGuide) -> None:
    assert reply(guide, "portal", "終身跟環教") is None
    assert reply(guide, "done", "1 5") is None


def test_what_is_known_changes_only_where_the_learner_corrects_it(guide: DiagnosisGuide) -> None:
    assert reply(guide, "course", "我用臉書") is None
    assert reply(guide, "course", "我說錯了，我是用臉書") == {"provider": "facebook"}


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize(
    "text",
    [
        "客服電話多少",
        "怎麼退選",
        "忘記密碼",
        "我要找真人",
        "證書怎麼印",
        "謝謝",
        "你好",
        "今天天氣真好",
        "👌",
        "？",
        "",
        "99",
        "fb帳號被盜了",
        "環教網的電話是多少",
        "問卷一定要填嗎",
        "什麼時候會上傳",
        "離開",
        "登入失敗",
    ],
)
def test_a_message_about_something_else_is_no_reply(guide: DiagnosisGuide, screen: str, text: str) -> None:
    assert reply(guide, screen, text) is None


def test_a_story_without_end_is_no_reply(guide: DiagnosisGuide) -> None:
    assert [reply(guide, screen, "看課" * 5000) for screen in SCREENS] == [None] * 6


FOREIGN = {
    "account": set(SCREENS),
    "certificate": set(SCREENS),
    "contact": set(SCREENS),
    "ecpa": set(SCREENS),
    "out_of_scope": set(SCREENS),
    "service": set(SCREENS),
    "login": set(SCREENS) - {"sign_in"},
    "mooc": set(SCREENS) - {"course"},
    "courses": {"portal", "sign_in", "settings"},
}
"""Files of held-out questions to the screens to which none of them is a reply."""


@pytest.mark.parametrize("name", FOREIGN)
def test_questions_of_other_topics_are_no_replies(guide: DiagnosisGuide, project: Path, name: str) -> None:
    topics = yaml.safe_load((project / "tests" / "questions" / f"{name}.yml").read_text(encoding="utf-8"))
    texts = [one if isinstance(one, str) else one["text"] for entries in topics.values() for one in entries]

    taken = [(screen, text) for text in texts for screen in FOREIGN[name] if reply(guide, screen, text) is not None]

    assert len(texts) > 30
    assert not taken


def test_a_question_that_starts_the_guide_tells_what_it_can(guide: DiagnosisGuide) -> None:
    told = facts_from_text("我上週五用臉書上完環教課，環教網還是查不到，為什麼？", TODAY, guide)

    assert told == {
        "portal": "env_edu",
        "provider": "facebook",
        "kind": "open",
        "has_hours": True,
        "env_course": True,
        "finished_on": "2026-11-13",
    }


@pytest.mark.parametrize("text", ["時數什麼時候上傳", "終身跟環教都沒有時數", "", "你好"])
def test_a_question_that_tells_nothing_sets_nothing(guide: DiagnosisGuide, text: str) -> None:
    assert facts_from_text(text, TODAY, guide) == {}
