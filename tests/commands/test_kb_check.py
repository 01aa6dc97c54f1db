from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.cli import main
from bot.commands.kb_check import FEWEST_QUESTIONS, all_faults
from bot.knowledge.check import REQUIRED_CAUSES
from bot.settings import Settings

KB = {
    "topics.yml": """
faq: [{id: withdraw_course, title: 如何退選, desk: platform}]
contact: []
personal: []
service: []
conversation: [{id: greet, title: 打招呼}]
""",
    "desks.yml": """
platform: &desk
  name: 平臺客服
  aka: 平臺
  handles: [課程]
  refuses: [帳號]
  phones: unknown
  mailboxes: unknown
  hours: unknown
  next_desk: egov
  sources: [{document: "001", section: 一}]
egov:
  <<: *desk
  next_desk: platform
""",
    "links.yml": "{}",
    "sources.yml": '"001": {title: 手冊, date: "2024", sections: {一: 第一節}}',
    "calendar.yml": "overrides: []",
    "causes.yml": "".join(
        f'{code}: {{reason: 原因。, topic: withdraw_course, sources: [{{document: "001", section: 一}}]}}\n'
        for code in REQUIRED_CAUSES.read_text(encoding="utf-8").split()
    ),
    "vocabulary.yml": "{}",
    "answers/courses/withdraw_course.yml": """
topic: withdraw_course
title: 如何退選
desk: platform
reviewed: 2026-01-05
short: 點「退選」。
related: [greet]
sources: [{document: "001", section: 一}]
""",
}


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def training(intent: str, examples: list[str]) -> str:
    lines = "".join(f"    - {example}\n" for example in examples)
    return f'version: "3.1"\nnlu:\n- intent: {intent}\n  examples: |\n{lines}'


@pytest.fixture
def house(tmp_path: Path, kb_dir: Path) -> Path:
    """A project with one question, one greeting and enough training data for both."""
    for name, text in KB.items():
        write(tmp_path / "kb" / name, text.lstrip())
    shutil.copy(kb_dir / "phrases.yml", tmp_path / "kb" / "phrases.yml")
    courses = [f"怎麼退選第{number}門課" for number in range(FEWEST_QUESTIONS)]
    greetings = [f"你好{number}" for number in range(FEWEST_QUESTIONS)]
    write(tmp_path / "bot/data/nlu/faq/courses.yml", training("faq/withdraw_course", courses))
    write(tmp_path / "bot/data/nlu/conversation.yml", training("greet", greetings))
    write(tmp_path / "tests/questions/courses.yml", "withdraw_course:\n  - 我不想上了\n")
    return tmp_path


def faults(house: Path) -> list[str]:
    settings = Settings.from_env({"EPARK_HOME": str(house)})
    return [str(fault) for fault in all_faults(settings)]


def test_a_sound_project_has_no_fault(house: Path) -> None:
    assert faults(house) == []


def test_the_delivered_project_has_no_fault(project: Path, tmp_path: Path) -> None:
    settings = Settings.from_env({"EPARK_HOME": str(project), "EPARK_VAR": str(tmp_path)})

    assert [str(fault) for fault in all_faults(settings)] == []


def test_a_fault_of_the_knowledge_is_among_them(house: Path) -> None:
    path = house / "kb/answers/courses/withdraw_course.yml"
    write(path, path.read_text(encoding="utf-8").replace("點「退選」。", "打 02-2192-7111"))

    (fault,) = faults(house)

    assert fault.startswith("kb/answers/courses/withdraw_course.yml: a phone number stands in the text")


def test_training_for_an_unknown_topic_names_its_file(house: Path) -> None:
    write(house / "bot/data/nlu/faq/moon.yml", training("faq/fly_to_moon", ["怎麼去月球"]))

    assert faults(house) == ["bot/data/nlu/faq/moon.yml: intent 'fly_to_moon' is no topic of topics.yml"]


def test_a_topic_with_too_few_questions_is_a_fault(house: Path) -> None:
    write(house / "bot/data/nlu/conversation.yml", training("greet", ["你好", "哈囉"]))

    assert faults(house) == [f"bot/data/nlu: greet has 2 questions; {FEWEST_QUESTIONS} are needed"]


@pytest.mark.parametrize("text", ["怎麼退選第3門課", "怎麼退選第３門課？", "怎么退选第3门课", "怎麼 退選第3門課!!"])
def test_one_question_under_two_topics_is_a_fault_however_it_is_written(house: Path, text: str) -> None:
    write(house / "bot/data/nlu/more.yml", training("greet", [text]))

    (fault,) = faults(house)

    assert fault == f"bot/data/nlu/more.yml: 「{text}」 stands under greet and under withdraw_course; keep one"


@pytest.mark.parametrize(
    "text",
    [
        "nlu: [",
        "nlu:\n- lookup: x\n",
        "- 1\n",
        "nlu: 3\n",
        "",
        "nlu:\n- intent: greet\n  intent: greet\n  examples: x\n",
    ],
)
def test_a_training_file_that_cannot_be_read_is_named(house: Path, text: str) -> None:
    write(house / "bot/data/nlu/broken.yml", text)

    (fault,) = faults(house)

    assert fault.startswith("bot/data/nlu/broken.yml: is no valid training file: ")


def test_a_held_out_question_must_not_be_in_the_training_data(house: Path) -> None:
    write(house / "tests/questions/courses.yml", "withdraw_course:\n  - 怎麼退選第３門課？\n")

    (fault,) = faults(house)

    assert fault.startswith("tests/questions/courses.yml: 「怎麼退選第３門課？」 is in the training data too")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("tests/questions/manners/slips.yml", "greet:\n  - 怎麼退選第３門課？\n"),
        ("tests/questions/manners/deep/er.yaml", "withdraw_course:\n  - 怎麼退選第3門課\n"),
        ("tests/questions/more.jsonl", '{"topic": "withdraw_course", "text": "怎么退选第3门课"}\n'),
        ("tests/questions_not_ours.yml", "- 怎麼 退選第3門課!!\n"),
    ],
)
def test_no_message_that_is_kept_for_measuring_may_be_in_the_training_data(house: Path, name: str, text: str) -> None:
    write(house / name, text)

    (fault,) = faults(house)

    assert fault.startswith(f"{name}: 「") and "is in the training data too" in fault


def test_a_list_of_messages_that_are_not_ours_that_cannot_be_read_is_named(house: Path) -> None:
    write(house / "tests/questions_not_ours.yml", "withdraw_course: [退選舉]\n")

    (fault,) = faults(house)

    assert fault.startswith("tests/questions_not_ours.yml: ") and "must be a list of texts" in fault


@pytest.mark.parametrize(
    "text", ["fly_to_moon: [怎麼去月球]\n", "withdraw_course: [{text: 我不想上了, accept: [fly_to_moon]}]\n"]
)
def test_a_held_out_question_with_an_unknown_topic_is_a_fault(house: Path, text: str) -> None:
    write(house / "tests/questions/courses.yml", text)

    assert faults(house) == ["tests/questions/courses.yml: 'fly_to_moon' is no topic of topics.yml"]


@pytest.mark.parametrize(
    "text", ["withdraw_course: [", "- 我不想上了\n", "withdraw_course: 我不想上了\n", "greet: [1]\n"]
)
def test_a_held_out_file_that_cannot_be_read_is_named(house: Path, text: str) -> None:
    write(house / "tests/questions/courses.yml", text)

    (fault,) = faults(house)

    assert fault.startswith("tests/questions/courses.yml: ")


def test_a_folder_without_training_or_questions_is_checked_all_the_same(house: Path) -> None:
    shutil.rmtree(house / "bot")
    shutil.rmtree(house / "tests")

    assert faults(house) == []


def test_the_command_prints_each_fault_and_exits_1(
    house: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EPARK_HOME", str(house))
    monkeypatch.setenv("EPARK_VAR", str(house / "var"))
    (house / "kb/calendar.yml").unlink()

    status = main(["kb", "check"])

    said = capsys.readouterr()
    assert status == 1
    assert said.err == "kb/calendar.yml: file is missing; restore it\n"
    assert "1 fault" in said.out


def test_the_command_says_that_all_is_well_and_exits_0(
    house: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EPARK_HOME", str(house))
    monkeypatch.setenv("EPARK_VAR", str(house / "var"))

    status = main(["kb", "check"])

    said = capsys.readouterr()
    assert status == 0
    assert said.err == ""
    assert said.out == "The knowledge base holds together.\n"
