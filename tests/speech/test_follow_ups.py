"""Speaking again about an answer just given."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

import pytest

from bot.desks.hours import TAIPEI
from bot.knowledge.models import Answer, Knowledge, Part, Source
from bot.speech.answers import speak_answer
from bot.speech.follow_ups import speak_follow_up
from bot.speech.reply import Reply

NOW = datetime.datetime(2026, 11, 20, 10, 0, tzinfo=TAIPEI)
ANSWER = Answer(
    topic="withdraw_course",
    title="已報名課程如何退選",
    desk="platform",
    reviewed=datetime.date(2026, 11, 1),
    short="點「退選」。",
    steps=("打開「我的課程」。", "點「退選」，有問題寄到 {mail:platform}。", "按確認。"),
    notes=("會清除紀錄。",),
    parts=(),
    contacts=("platform",),
    links=(),
    related=("course_period",),
    sources=(Source("004", "(二)(8)"),),
    settled=(),
    path=Path("kb/answers/withdraw_course.yml"),
)
PARTS = (
    Part("provider", "ecpa", "用人事服務網", steps=("開人事服務網。", "按忘記密碼。"), contacts=("ecpa",)),
    Part("provider", "egov", "用我的e政府", steps=("開我的e政府。",), contacts=("egov",)),
    Part("provider", "google", "用Google", short="請洽Google。"),
)
IN_PARTS = replace(ANSWER, steps=(), parts=PARTS)
WITHOUT_STEPS = replace(ANSWER, steps=())


def speak(
    kind: str, knowledge: Knowledge, step: int = 0, answer: Answer = ANSWER, context: dict[str, str] | None = None
) -> Reply:
    return speak_follow_up(kind, step, answer, context or {}, knowledge, NOW)


@pytest.mark.parametrize("kind", ["step", "next"])
def test_a_step_is_spoken_by_itself_with_its_number_and_its_facts(kind: str, knowledge: Knowledge) -> None:
    reply = speak(kind, knowledge, step=2)

    mail = knowledge.desks["platform"].mailboxes[0].address
    assert reply.text == f"第 2 步：點「退選」，有問題寄到 {mail}。"


def test_the_last_step_is_called_the_last(knowledge: Knowledge) -> None:
    assert speak("next", knowledge, step=3).text.splitlines() == ["第 3 步：按確認。", knowledge.phrases["follow_last"]]


@pytest.mark.parametrize("step", [0, 4, 999])
def test_a_step_that_there_is_none_of_is_said_so_with_those_that_there_are(step: int, knowledge: Knowledge) -> None:
    lines = speak("step", knowledge, step=step).text.splitlines()

    assert lines[0] == knowledge.phrases["follow_no_step"].format(count=3)
    assert [line[:2] for line in lines[1:]] == ["1.", "2.", "3."]


def test_again_repeats_all_steps(knowledge: Knowledge) -> None:
    lines = speak("again", knowledge, step=2).text.splitlines()

    assert lines[0] == knowledge.phrases["follow_again"]
    assert [line[:2] for line in lines[1:]] == ["1.", "2.", "3."]


def test_who_is_stuck_at_a_step_hears_it_and_the_desk_and_may_report(knowledge: Knowledge) -> None:
    reply = speak("stuck", knowledge, step=3)

    assert "第 3 步：按確認。" in reply.text and "第 1 步" not in reply.text and "1. " not in reply.text
    assert knowledge.desks["platform"].mailboxes[0].address in reply.text
    wanted = [knowledge.topics[topic].title for topic in ("report_problem", "talk_to_human")]
    assert [title for title, _payload in reply.buttons] == wanted


def test_who_is_stuck_somewhere_hears_all_steps(knowledge: Knowledge) -> None:
    lines = speak("stuck", knowledge).text.splitlines()

    assert lines[0] == knowledge.phrases["follow_stuck_steps"]
    assert [line[:2] for line in lines[1:4]] == ["1.", "2.", "3."]


@pytest.mark.parametrize("kind", ["step", "next", "again"])
def test_an_answer_without_steps_is_spoken_whole(kind: str, knowledge: Knowledge) -> None:
    reply = speak(kind, knowledge, step=1, answer=WITHOUT_STEPS)

    assert reply == speak_answer(WITHOUT_STEPS, {}, knowledge, NOW).without_view()


def test_who_is_stuck_where_there_are_no_steps_hears_the_desk_alone(knowledge: Knowledge) -> None:
    reply = speak("stuck", knowledge, answer=WITHOUT_STEPS)

    assert knowledge.phrases["follow_stuck_steps"] not in reply.text
    assert knowledge.desks["platform"].name in reply.text


def test_the_steps_of_the_part_that_the_conversation_names_count(knowledge: Knowledge) -> None:
    reply = speak("step", knowledge, step=2, answer=IN_PARTS, context={"provider": "ecpa"})

    assert reply.text.splitlines() == [
        knowledge.phrases["part_heading"].format(title="用人事服務網"),
        "第 2 步：按忘記密碼。",
        knowledge.phrases["follow_last"],
    ]


def test_without_a_named_part_the_step_of_each_part_that_has_it_is_spoken(knowledge: Knowledge) -> None:
    first = speak("step", knowledge, step=1, answer=IN_PARTS).text
    second = speak("step", knowledge, step=2, answer=IN_PARTS).text

    assert "開人事服務網" in first and "開我的e政府" in first and "Google" not in first
    assert "按忘記密碼" in second and "用我的e政府" not in second


def test_who_is_stuck_in_a_part_hears_the_desk_of_that_part(knowledge: Knowledge) -> None:
    reply = speak("stuck", knowledge, answer=IN_PARTS, context={"provider": "egov"})

    assert knowledge.desks["egov"].phones[0].number in reply.text
    assert knowledge.desks["ecpa"].phones[0].number not in reply.text


@pytest.mark.parametrize("kind", ["step", "next", "again", "stuck"])
def test_every_reply_says_by_machine_which_answer_it_is_about(kind: str, knowledge: Knowledge) -> None:
    custom = speak(kind, knowledge, step=2).custom

    assert custom is not None
    assert (custom["type"], custom["topic"], custom["desk"]) == ("answer", "withdraw_course", "platform")


@pytest.mark.parametrize("kind", ["step", "next", "again", "stuck"])
def test_every_real_answer_can_be_gone_on_from(kind: str, knowledge: Knowledge) -> None:
    for answer in knowledge.answers.values():
        for step in range(12):
            reply = speak(kind, knowledge, step, answer)

            assert reply.text and "{" not in reply.text
