"""The guided diagnosis from the first screen to its conclusion, by taps and by typing."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.desks.calendar import WorkCalendar
from bot.guides.diagnosis import conclude, facts_from_text, next_screen, understand
from bot.guides.facts import DATES, DOUBTS, ENDS, SCREENS, UNKNOWN, VALUES
from bot.guides.load import load_diagnosis
from bot.guides.screens import DiagnosisGuide, offered, text_of
from bot.learners.diagnosis import DESKS, STATES

pytestmark = pytest.mark.thorough

TODAY = datetime.date(2026, 11, 20)  # a Friday
WORKING_DAY = WorkCalendar().nth_working_day_after
UNSEEN = {"test_below_pass", "env_agency_mismatch"}

ECPA = "終身學習入口網 | 人事服務網eCPA"
PLAIN = f"{ECPA} | 一般課程，有認證時數"
TAPPED = {
    "social_login": "環教網 | Facebook",
    "mooc_not_listed": f"{ECPA} | 磨課師，自學課程",
    "mooc_portal": "教師網（全教網） | 人事服務網eCPA | 磨課師，有時數的",
    "no_certified_hours": "終身學習入口網 | e政府公務帳號 | 沒有認證時數",
    "not_env_course": "環教網 | e政府一般民眾 | 類別不是環境教育",
    "already_uploaded": f"{PLAIN} | 都做完了 | 都有、都符合 | 更早就上傳成功",
    "portal_intake": f"{PLAIN} | 都做完，也看到上傳成功 | 今天或昨天上傳成功",
    "general_account": "教師網（全教網） | e政府一般民眾 | 一般課程，有認證時數 | 都做完了 | 都有、都符合",
    "id_number_missing": "終身學習入口網 | e政府公務帳號 | 一般課程，有認證時數 | 都做完了 | 沒有身分證字號",
    "relogin_after_conversion": "環教網 | 剛轉公務，還沒重新登入 | 環境教育類，有認證時數 | 都做完了 | 都有、都符合",
    "agency_missing": "終身學習入口網 | e政府公務帳號 | 一般課程，有認證時數 | 都做完了 | 沒有服務機關",
    "env_account_missing": "環教網 | e政府一般民眾 | 環境教育類，有認證時數 | 都做完了 | 沒有環教網帳號",
    "teacher_category": "教師網（全教網） | 人事服務網eCPA | 一般課程，有認證時數 | 都做完了 | 不是10，也沒勾選",
    "mooc_form_missing": f"{ECPA} | 磨課師，有時數的 | 登記表還沒登打 | 都有、都符合",
    "reading_short": f"{PLAIN} | 閱讀時間還沒到 | 都有、都符合",
    "test_missing": f"{PLAIN} | 評量區測驗還沒考 | 都有、都符合",
    "survey_missing": f"{PLAIN} | 問卷還沒填 | 都有、都符合",
    "mooc_window": f"{ECPA} | 磨課師，有時數的 | 登記表已登打 | 都有、都符合 | 結束不到一個月",
    "within_schedule": "終身學習入口網 | 已轉公務，重新登入過 | 一般課程，有認證時數 | 都做完了 | 都有、都符合 | 昨天",
    "overdue": f"{PLAIN} | 都做完了 | 都有、都符合 | 超過兩週",
}
"""Cause to the buttons that lead to it."""

TYPED = {
    "social_login": "環教 | 我用臉書登入的",
    "mooc_not_listed": "終身學習 | ecpa | 是摩課師，自學的",
    "mooc_portal": "全教網 | 人事服務網 | mooc",
    "no_certified_hours": "终身学习 | 公務帳號 | 沒時數，直接閱讀那種",
    "not_env_course": "環境教育終身學習網 | 我的e政府 | 不是環境教育",
    "already_uploaded": "終身 | ecpa | 一般課程 | 都做完了 | 都有 | 11/2 就上傳成功了",
    "portal_intake": "終身 | ecpa | 一般課程 | 都做完了 | 都有 | 上禮拜五完成，前天上傳成功",
    "general_account": "教師網 | 我的e政府，一般民眾 | 有時數 | 都完成了 | 都符合",
    "id_number_missing": "公務人員終身學習入口網站 | 我的e政府公務帳號 | 組裝課程 | 全部做完 | 身分證字號沒填",
    "relogin_after_conversion": "終身學習網 | 轉成公務帳號但還沒重新登入 | 有時數的 | 都好了 | 都有",
    "agency_missing": "終身 | 用公務帳號登入 | 一般課程 | 都做完了 | 機關是空的",
    "env_account_missing": "环教网 | 我的e政府，是一般民眾 | 環教課 | 都做完了 | 還沒註冊環教網",
    "teacher_category": "教師網 | 人事服務網 | 有 | 做完了 | 我的人員區分是11",
    "mooc_form_missing": "終身 | ecpa | 專區推薦的mooc | 登記表還沒登打 | 都有",
    "reading_short": "終身 | ecpa | 一般的 | 閱讀時間不夠 | 都有",
    "test_missing": "終身 | ecpa | 一般的 | 閱讀做完了，測驗還沒考 | 都有",
    "survey_missing": "終身 | ecpa | 一般的 | 只剩問卷 | 都有",
    "mooc_window": "終身 | ecpa | 有時數的磨課師 | 登打了 | 都有 | 12/15 結束",
    "within_schedule": "終身 | ecpa | 一般課程 | 閱讀、測驗、問卷都做完了 | 都有填 | 昨天晚上完成的",
    "overdue": "終身 | ecpa | 一般課程 | 都做完了 | 沒問題 | 上個月15號",
}
"""Cause to what a person may type on the way to it."""


@pytest.fixture(scope="module")
def guide(kb_dir: Any) -> DiagnosisGuide:
    loaded, faults = load_diagnosis(kb_dir)
    assert loaded is not None, faults
    return loaded


def answered(guide: DiagnosisGuide, replies: str) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    for reply in replies.split(" | "):
        screen = next_screen(facts)
        assert screen is not None, f"nothing is asked any more before {reply}"
        found = understand(screen, reply, facts, TODAY, guide)
        assert found is not None, f"{reply} is not understood on {screen}"
        facts = json.loads(json.dumps({**facts, **found}))
    return facts


def test_every_cause_but_those_that_cannot_be_seen_has_its_taps_and_its_typing() -> None:
    causes = {*STATES, *DESKS} | {"relogin_after_conversion", "agency_missing", "reading_short"}
    causes |= {"test_missing", "survey_missing", "test_below_pass"}

    assert set(TAPPED) == set(TYPED) == causes - UNSEEN


@pytest.mark.parametrize("cause", TAPPED)
def test_every_cause_is_reached_by_taps(guide: DiagnosisGuide, cause: str) -> None:
    facts = answered(guide, TAPPED[cause])

    assert next_screen(facts) is None
    assert conclude(facts, TODAY, WORKING_DAY).diagnosis.causes == (cause,)


@pytest.mark.parametrize("cause", TYPED)
def test_every_cause_is_reached_by_typing(guide: DiagnosisGuide, cause: str) -> None:
    facts = answered(guide, TYPED[cause])

    assert next_screen(facts) is None
    assert conclude(facts, TODAY, WORKING_DAY).diagnosis.causes == (cause,)


def test_all_that_holds_is_told_together_and_in_the_tables_order(guide: DiagnosisGuide) -> None:
    facts = answered(guide, "環教網 | 我的e政府公務帳號 | 環教課 | 閱讀跟問卷還沒 | 1 2 3")

    found = conclude(facts, TODAY, WORKING_DAY)

    assert found.portal == "env_edu"
    assert found.diagnosis.causes == (
        "id_number_missing",
        "agency_missing",
        "env_account_missing",
        "reading_short",
        "survey_missing",
    )
    assert (found.diagnosis.state, found.diagnosis.desk, found.doubts) == ("action_needed", "egov", ())


def paths(guide: DiagnosisGuide, facts: dict[str, Any], seen: tuple[str, ...], leaves: set[Any]) -> Iterator[Any]:
    """Every way through the buttons; on the last screen each set of buttons once for what it depends on."""
    screen = next_screen(facts)
    if screen is None:
        yield facts, seen
        return
    assert screen not in seen, f"{screen} is asked twice with {facts}"
    titles = [option.title for option in offered(guide.screens[screen], facts)]
    if screen == "finished":
        leaf = (facts["portal"], facts.get("kind"), facts.get("uploaded"), facts.get("relogin"), *titles)
        if leaf in leaves:
            return
        leaves.add(leaf)
    assert titles[-1] == guide.screens["portal"].options[-1].title
    assert text_of(guide.screens[screen], facts)
    for title in titles:
        found = understand(screen, title, facts, TODAY, guide)
        assert found is not None, f"the button {title} is not understood on {screen}"
        yield from paths(guide, {**facts, **found}, (*seen, screen), leaves)


@pytest.mark.thorough
def test_every_way_through_the_buttons_ends_within_six_screens_and_none_reaches_a_cause_that_cannot_be_seen(
    guide: DiagnosisGuide,
) -> None:
    causes: set[str] = set()

    for facts, seen in paths(guide, {}, (), set()):
        assert len(seen) <= 6
        assert list(seen) == [screen for screen in SCREENS if screen in seen]
        found = conclude(facts, TODAY, WORKING_DAY)
        causes.update(found.diagnosis.causes)
        if UNKNOWN not in facts.values() and "earlier" not in facts.values() and "running" not in facts.values():
            assert not set(found.doubts) - UNSEEN, facts

    assert causes == set(TAPPED)


def test_an_early_end_asks_nothing_more(guide: DiagnosisGuide) -> None:
    counts = {cause: len(TAPPED[cause].split(" | ")) for cause in ENDS}

    assert counts["social_login"] == 2
    assert all(count == 3 for cause, count in counts.items() if cause != "social_login")


def test_one_reply_may_answer_several_screens(guide: DiagnosisGuide) -> None:
    facts = answered(guide, "我用臉書讀環教課")

    assert next_screen(facts) is None
    assert conclude(facts, TODAY, WORKING_DAY).diagnosis.causes == ("social_login",)


def test_what_was_told_early_is_not_asked_again(guide: DiagnosisGuide) -> None:
    told = facts_from_text("我上週五用eCPA上完的課，終身學習網查不到，為什麼？", TODAY, guide)

    assert told["portal"] == "lifelong"
    assert told["provider"] == "ecpa"
    assert told["finished_on"] == "2026-11-13"
    assert next_screen(told) == "course"


def test_an_upload_told_early_leaves_only_its_day_to_be_asked(guide: DiagnosisGuide) -> None:
    facts = answered(guide, "終身 | ecpa | 一般課程 | 都做完，也看到上傳成功")

    assert next_screen(facts) == "finished"
    assert [option.id for option in offered(guide.screens["finished"], facts)] == [
        "uploaded_lately",
        "uploaded_earlier",
        "unsure",
    ]
    assert understand("finished", "11/19", facts, TODAY, guide) == {"uploaded_on": "2026-11-19"}


def test_a_screen_offers_only_what_still_matters(guide: DiagnosisGuide) -> None:
    citizen = {"portal": "env_edu", "provider": "egov", "identity": "general_public", "kind": "open"}

    ids = [option.id for option in offered(guide.screens["settings"], citizen)]

    assert ids == ["id_number", "env_account", "all_fine", "unsure"]


def test_not_being_sure_of_anything_leaves_sentences_and_no_cause_that_was_not_seen(guide: DiagnosisGuide) -> None:
    facts = answered(guide, " | ".join(["不確定"] * 6))

    found = conclude(facts, TODAY, WORKING_DAY)

    assert (found.portal, found.diagnosis.causes) == ("lifelong", ("overdue",))
    assert set(found.doubts) == {
        *("portal", "provider", "identity", "kind", "has_hours"),
        *("reading", "test", "survey", "agency", "id_number", "finished_on"),
    }
    assert all(guide.doubts[key] for key in found.doubts)


def test_what_stays_unknown_is_no_doubt_where_it_changes_nothing(guide: DiagnosisGuide) -> None:
    facts = answered(guide, "不確定 | Google")

    assert conclude(facts, TODAY, WORKING_DAY).doubts == ()


def test_a_score_that_is_not_known_is_a_sentence_and_no_cause(guide: DiagnosisGuide) -> None:
    facts = answered(guide, "終身 | ecpa | 一般課程 | 考了，不確定有沒有過 | 都有 | 昨天")

    found = conclude(facts, TODAY, WORKING_DAY)

    assert found.diagnosis.causes == ("within_schedule",)
    assert found.doubts == ("test_below_pass",)


def test_a_test_that_was_failed_is_one_still_to_be_passed(guide: DiagnosisGuide) -> None:
    facts = answered(guide, "終身 | ecpa | 一般課程 | 測驗沒過 | 都有")

    found = conclude(facts, TODAY, WORKING_DAY)

    assert (found.diagnosis.causes, found.doubts) == (("test_missing",), ("test_below_pass",))


def test_hours_that_are_at_the_environmental_portal_leave_the_agency_in_doubt(guide: DiagnosisGuide) -> None:
    facts = answered(guide, "環教網 | ecpa | 環教課 | 都做完，也看到上傳成功 | 11/1")

    found = conclude(facts, TODAY, WORKING_DAY)

    assert (found.diagnosis.causes, found.doubts) == (("already_uploaded",), ("env_agency_mismatch",))


def test_the_day_to_look_again_is_counted_from_the_day_that_was_told(guide: DiagnosisGuide) -> None:
    finished = answered(guide, "終身 | ecpa | 一般課程 | 都做完了 | 都有 | 昨天")
    mooc = answered(guide, "終身 | ecpa | 磨課師，有時數的 | 有 | 都有 | 10/31")

    assert conclude(finished, TODAY, WORKING_DAY).diagnosis.next_check == datetime.date(2026, 11, 24)
    assert conclude(mooc, TODAY, WORKING_DAY).diagnosis.next_check == datetime.date(2026, 11, 30)


def test_every_option_is_understood_by_its_number(guide: DiagnosisGuide) -> None:
    facts: dict[str, Any] = {"portal": "lifelong"}

    for number, option in enumerate(offered(guide.screens["sign_in"], facts), 1):
        by_title = understand("sign_in", option.title, facts, TODAY, guide)
        assert understand("sign_in", str(number), facts, TODAY, guide) == by_title
        assert understand("sign_in", f"第{number}個", facts, TODAY, guide) == by_title


KEYS = [*VALUES, *DATES]
JUNK = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=12), st.lists(st.integers(), max_size=2))
DAYS = st.dates(datetime.date(1990, 1, 1), datetime.date(2090, 12, 31))


def value(key: str) -> st.SearchStrategy[Any]:
    known = [*VALUES.get(key, DATES.get(key, ())), UNKNOWN]
    return st.one_of(st.sampled_from(known), DAYS.map(str)) if key in DATES else st.sampled_from(known)


FACTS = st.fixed_dictionaries({}, optional={key: value(key) for key in KEYS})
ODD_FACTS = st.fixed_dictionaries({}, optional={key: st.one_of(value(key), JUNK) for key in KEYS})


@settings(deadline=None, max_examples=150)
@given(ODD_FACTS, DAYS)
def test_no_facts_break_the_conclusion(facts: dict[str, Any], today: datetime.date) -> None:
    found = conclude(facts, today, WORKING_DAY)

    assert found.diagnosis.causes
    assert not set(found.diagnosis.causes) & UNSEEN
    assert set(found.doubts) <= set(DOUBTS)
    assert next_screen(facts) in (*SCREENS, None)


@settings(deadline=None, max_examples=150)
@given(FACTS, DAYS)
def test_a_doubt_is_never_about_what_is_known(facts: dict[str, Any], today: datetime.date) -> None:
    vague = {key for key in facts if facts[key] in (UNKNOWN, "earlier", "running")}

    assert set(conclude(facts, today, WORKING_DAY).doubts) - UNSEEN <= vague


@settings(deadline=None, max_examples=150)
@given(FACTS, st.sampled_from(list(SCREENS)), st.text(max_size=40))
def test_no_reply_breaks_the_guide_and_every_one_leaves_facts_that_json_holds(
    guide: DiagnosisGuide, facts: dict[str, Any], screen: str, text: str
) -> None:
    found = understand(screen, text, facts, TODAY, guide)

    assert found is None or json.loads(json.dumps(found)) == found


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(0, 20), min_size=6, max_size=6))
def test_whatever_is_tapped_the_guide_ends(guide: DiagnosisGuide, taps: list[int]) -> None:
    facts: dict[str, Any] = {}

    for tap in taps:
        screen = next_screen(facts)
        if screen is None:
            break
        options = offered(guide.screens[screen], facts)
        facts.update(understand(screen, options[tap % len(options)].title, facts, TODAY, guide) or {})

    assert next_screen(facts) is None
