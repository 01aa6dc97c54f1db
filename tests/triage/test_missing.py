"""What a desk needs and a message does not say."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.knowledge.models import Knowledge
from bot.triage.missing import missing
from bot.triage.rules import TriageRules, TriageRulesError, load_rules


@pytest.fixture(scope="module")
def rules(kb_dir: Path, knowledge: Knowledge) -> TriageRules:
    return load_rules(kb_dir, knowledge)


HOURS = "hours_not_uploaded_lifelong"


def test_missing_hours_need_the_platforms_items(rules: TriageRules) -> None:
    assert missing(HOURS, "platform", "時數沒有進來", {}, rules) == (
        "provider",
        "course_title",
        "screenshot",
        "contact",
    )


def test_what_the_message_has_is_not_asked_for(rules: TriageRules) -> None:
    text = "時數沒有進來，如附截圖，[電話]"

    assert missing(HOURS, "platform", text, {"provider": "ecpa", "course_title": "資安"}, rules) == ()
    assert missing(HOURS, "platform", "時數沒有進來", {"provider": ""}, rules, True, True) == ("course_title",)


def test_a_question_that_the_answer_settles_needs_nothing(rules: TriageRules) -> None:
    assert missing("withdraw_course", "platform", "怎麼退選", {}, rules) == ()


def test_a_message_without_words_lacks_its_question(rules: TriageRules) -> None:
    assert missing("out_of_scope", "platform", "…", {}, rules) == ("question",)


def test_a_topic_about_one_portal_does_not_ask_for_it(rules: TriageRules) -> None:
    assert "portal" in missing("my_hours_status", "platform", "幫我查我的時數", {}, rules)
    assert "portal" not in missing("my_hours_status", "platform", "幫我查我的時數", {"portal": "env_edu"}, rules)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("withdraw_course", "", "cannot be read"),
        ("forgot_password: [provider]", "forgot_passwort: [provider]", "forgot_passwort"),
        ("關於「{title}」，", "關於「{titel}」，", "titel"),
        ("[provider]", "[shoe_size]", "shoe_size"),
    ],
)
def test_a_broken_file_says_what_is_wrong(
    tmp_path: Path, kb_dir: Path, knowledge: Knowledge, old: str, new: str, what: str
) -> None:
    text = (kb_dir / "triage.yml").read_text(encoding="utf-8")
    if what != "cannot be read":
        (tmp_path / "triage.yml").write_text(text.replace(old, new), encoding="utf-8")

    with pytest.raises(TriageRulesError, match=what):
        load_rules(tmp_path, knowledge)
