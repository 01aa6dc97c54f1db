"""Which desk for which problem, and why."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from bot.cases.routing import Matter, form_for, next_working_day, opening_of, route
from bot.cases.rules import Rules, load_rules
from bot.knowledge.models import Knowledge
from bot.learners.records import TAIPEI


@pytest.fixture(scope="session")
def rules(kb_dir: Path, knowledge: Knowledge) -> Rules:
    loaded, _faults = load_rules(kb_dir, knowledge)
    assert loaded is not None
    return loaded


@pytest.mark.parametrize(
    ("matter", "desk"),
    [
        (Matter("report"), "platform"),
        (Matter("report", topic="withdraw_course"), "platform"),
        (Matter("report", topic="apply_official_account"), "egov"),
        (Matter("report", topic="certificate_trouble"), "moica"),
        (Matter("report", topic="mooc_hours"), "mooc"),
        (Matter("report", topic="ten_hours_requirement"), "agency_hr"),
        (Matter("report", topic="forgot_password"), "platform"),
        (Matter("report", topic="forgot_password", context={"provider": "egov"}), "egov"),
        (Matter("report", topic="forgot_password", context={"provider": "ecpa"}), "ecpa"),
        (Matter("report", topic="forgot_password", context={"provider": "google"}), "platform"),
        (Matter("report", topic="change_profile", topic_desk="egov"), "egov"),
        (Matter("report", causes=["overdue"], diagnosis_desk="platform"), "platform"),
        (Matter("report", causes=["general_account", "id_number_missing"], diagnosis_desk="egov"), "egov"),
        (Matter("report", causes=["env_account_missing"], diagnosis_desk="env_edu"), "env_edu"),
        (Matter("report", causes=["teacher_category"], diagnosis_desk="agency_hr"), "agency_hr"),
        (Matter("report", named=["egov"], topic="withdraw_course"), "egov"),
        (Matter("report", named=["platform"], causes=["social_login"], diagnosis_desk="egov"), "egov"),
        (Matter("report", named=["platform"], topic="apply_official_account"), "platform"),
        (Matter("human", named=["env_edu"]), "env_edu"),
        (Matter("report", named=["env_edu"], topic="hours_not_uploaded_env"), "platform"),
        (Matter("report", named=["nobody"], topic="gone"), "platform"),
        (Matter("human", topic_desk="ecpa"), "ecpa"),
    ],
)
def test_a_problem_finds_its_desk(matter: Matter, desk: str, rules: Rules, knowledge: Knowledge) -> None:
    found = route(matter, rules, knowledge)

    assert found.desk == desk
    assert found.reason and found.bring


def test_every_topic_and_every_cause_has_a_desk_with_a_reason(rules: Rules, knowledge: Knowledge) -> None:
    for topic in knowledge.topics:
        assert route(Matter("report", topic=topic), rules, knowledge).reason
    for desk in knowledge.desks:
        found = route(Matter("report", causes=["overdue"], diagnosis_desk=desk), rules, knowledge)
        assert found.reason == rules.desks[desk].reason and found.cause == "overdue"


def test_the_reason_says_what_the_platform_cannot_do(rules: Rules, knowledge: Knowledge) -> None:
    egov = route(Matter("report", topic="apply_official_account"), rules, knowledge)
    google = route(Matter("report", topic="forgot_password", context={"provider": "google"}), rules, knowledge)

    assert "我的e政府" in egov.reason and "平臺無法代查" in egov.reason
    assert "Google" in google.reason and "代查" in google.reason


@pytest.mark.parametrize(
    ("matter", "form"),
    [
        (Matter("report", topic="course_material_files"), "material"),
        (Matter("report", topic="hours_not_uploaded_lifelong"), "hours"),
        (Matter("report", causes=["overdue"], diagnosis_desk="platform"), "hours"),
        (Matter("report", topic="withdraw_course"), "platform"),
        (Matter("report"), "platform"),
        (Matter("report", topic="apply_official_account"), "outside"),
        (Matter("report", causes=["general_account"], diagnosis_desk="egov"), "outside"),
        (Matter("human", topic="certificate_trouble"), "outside"),
    ],
)
def test_a_desk_is_told_what_it_needs(matter: Matter, form: str, rules: Rules, knowledge: Knowledge) -> None:
    assert form_for(route(matter, rules, knowledge), rules).id == form


def test_the_material_form_asks_the_four_things_that_the_platform_names(rules: Rules) -> None:
    asked = [field.id for field in rules.forms["material"].fields]

    assert asked == ["name", "course", "phone", "question"]
    assert not any(field.optional for field in rules.forms["material"].fields)


def test_a_desk_is_open_or_opens_next_and_where_no_hours_are_known_nothing_is_claimed(knowledge: Knowledge) -> None:
    friday = datetime.datetime(2026, 11, 20, 10, 0, tzinfo=TAIPEI)
    saturday = friday + datetime.timedelta(days=1)

    assert opening_of("egov", knowledge, friday).open_now
    assert opening_of("egov", knowledge, saturday).opens_at == datetime.datetime(2026, 11, 23, 8, 30, tzinfo=TAIPEI)
    assert opening_of("platform", knowledge, friday).open_now is None
    assert next_working_day(knowledge, friday) is None
    assert next_working_day(knowledge, saturday) == datetime.date(2026, 11, 23)
    holiday = datetime.datetime(2026, 10, 9, 10, 0, tzinfo=TAIPEI)
    assert next_working_day(knowledge, holiday) == datetime.date(2026, 10, 12)
