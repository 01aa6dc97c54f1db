"""Reading labelled questions."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.commands.questions import Question, QuestionError, read_questions


def file(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_yaml_maps_topics_to_texts_or_to_texts_with_labels(tmp_path: Path) -> None:
    path = file(
        tmp_path,
        "a.yml",
        'forgot_password:\n  - "忘記密碼"\n  - {text: 密碼呢, accept: [change_profile]}\n'
        "out_of_scope:\n  - {text: 天氣, range: far}\n",
    )

    found = read_questions([path])

    assert found == [
        Question("忘記密碼", "forgot_password"),
        Question("密碼呢", "forgot_password", ("change_profile",)),
        Question("天氣", "out_of_scope", (), "far"),
    ]


def test_an_entry_of_yaml_may_name_another_topic_than_its_heading(tmp_path: Path) -> None:
    path = file(tmp_path, "a.yml", "hours:\n  - {text: 問, topic: mooc_hours}\n")

    assert read_questions([path]) == [Question("問", "mooc_hours")]


def test_jsonl_holds_one_question_a_line_and_ignores_blank_lines_and_other_fields(tmp_path: Path) -> None:
    path = file(
        tmp_path,
        "a.jsonl",
        b'\xef\xbb\xbf{"text": "a", "topic": "x", "accept": ["y"], "range": "near", "id": 1}\n\n'
        b'{"text": "b", "topic": "z"}',
    )

    assert read_questions([path]) == [Question("a", "x", ("y",), "near"), Question("b", "z")]


def test_the_prefix_of_the_retrieval_intent_is_taken_off(tmp_path: Path) -> None:
    path = file(tmp_path, "a.jsonl", '{"text": "a", "topic": "faq/x", "accept": ["faq/y", "z"]}\n')

    assert read_questions([path]) == [Question("a", "x", ("y", "z"))]


def test_a_folder_is_read_in_the_order_of_names_and_files_in_the_order_given(tmp_path: Path) -> None:
    file(tmp_path, "b.yml", "b: [二]\n")
    file(tmp_path, "a.jsonl", '{"text": "一", "topic": "a"}\n')
    file(tmp_path, "notes.txt", "no question")
    other = file(tmp_path, "c.yaml", "c: [三]\n")

    found = read_questions([other, tmp_path])

    assert [one.topic for one in found] == ["c", "a", "b", "c"]


def test_the_held_out_questions_of_the_project_can_be_read(project: Path) -> None:
    found = read_questions([project / "tests" / "questions"])

    assert len(found) > 500
    assert {one.range for one in found if one.topic == "out_of_scope"} <= {"near", "far", ""}


def test_a_topic_counts_as_right_when_it_is_the_topic_or_accepted() -> None:
    question = Question("…", "a", ("b",))

    assert [question.right(topic) for topic in ("a", "b", "c")] == [True, True, False]


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("a.yml", "- a list\n", "must map topics"),
        ("a.yml", "", "must map topics"),
        ("a.yml", "topic: a text\n", "topic must hold a list"),
        ("a.yml", "topic: [5]\n", "topic 1"),
        ("a.yml", "topic:\n  - fine\n  - {accept: [x]}\n", "topic 2"),
        ("a.yml", "topic:\n  - {text: a, accept: x}\n", "topic 1: accept"),
        ("a.yml", "topic:\n  - {text: a, accept: [5]}\n", "topic 1: accept"),
        ("a.yml", "5: [a]\n", "5 1"),
        ("a.yml", "a: [2026-13-45]\n", "not valid YAML"),
        ("a.yml", "a: [\n", "not valid YAML"),
        ("a.yml", "a: [x]\na: [y]\n", "not valid YAML"),
        ("a.yml", b"a: [\xff]\n", "not valid YAML"),
        ("a.jsonl", '{"text": "a", "topic": "x"}\nnonsense\n', "line 2"),
        ("a.jsonl", '{"text": "a", "topic": "x"}\n\n[]\n', "line 3"),
        ("a.jsonl", '{"text": "a"}\n', "line 1"),
        ("a.jsonl", '{"text": 5, "topic": "x"}\n', "line 1"),
        ("a.jsonl", '{"text": "a", "topic": "x", "accept": {}, "range": null}\n{"topic": "x"}\n', "line 2"),
        ("a.jsonl", b'{"text": "\xa7\xda", "topic": "x"}\n', "line 1"),
        ("a.jsonl", "[" * 100_000, "line 1"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_the_place_and_what_is_wrong(
    name: str, text: str | bytes, place: str, tmp_path: Path
) -> None:
    path = file(tmp_path, name, text)

    with pytest.raises(QuestionError) as refused:
        read_questions([path])

    assert str(refused.value).startswith(f"{path}: ")
    assert place in str(refused.value)


def test_a_path_that_does_not_exist_and_a_folder_without_questions_are_named(tmp_path: Path) -> None:
    for path in (tmp_path / "nothing.yml", tmp_path):
        with pytest.raises(QuestionError) as refused:
            read_questions([path])

        assert str(refused.value).startswith(f"{path}: ")
