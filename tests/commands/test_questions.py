"""Reading labelled questions."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.commands.questions import Question, QuestionError, read_not_ours, read_questions


def file(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
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


def test_a_folder_is_read_with_the_folders_in_it(tmp_path: Path) -> None:
    file(tmp_path, "b.yml", "b: [二]\n")
    file(tmp_path, "a/deep/er.jsonl", '{"text": "一", "topic": "a"}\n')
    (tmp_path / "folder.yml").mkdir()

    found = read_questions([tmp_path])

    assert [one.text for one in found] == ["一", "二"]


def test_the_kind_is_the_name_of_a_file_in_the_folder_manners(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slips = file(tmp_path, "manners/slips.yml", "a: [一]\n")
    file(tmp_path, "manners/emails.jsonl", '{"text": "二", "topic": "a"}\n')
    file(tmp_path, "plain.yml", "a: [三]\n")
    monkeypatch.chdir(slips.parent)

    found = read_questions([tmp_path, Path("slips.yml")])

    assert [(one.text, one.kind) for one in found] == [("二", "emails"), ("一", "slips"), ("三", ""), ("一", "slips")]


def test_a_kind_that_an_entry_names_wins_over_its_files(tmp_path: Path) -> None:
    file(tmp_path, "manners/slips.yml", "a:\n  - {text: 一, kind: emails}\n  - {text: 二, kind: ''}\n")
    file(
        tmp_path,
        "z.jsonl",
        '{"text": "三", "topic": "a", "kind": "keywords"}\n{"text": "四", "topic": "a", "kind": null}',
    )

    found = read_questions([tmp_path])

    assert [one.kind for one in found] == ["emails", "", "keywords", ""]


def test_messages_that_are_not_ours_are_a_list_of_texts(tmp_path: Path) -> None:
    path = file(tmp_path, "not_ours.yml", "# why\n- 退選舉保證金\n- '123'\n")

    assert read_not_ours(path) == ["退選舉保證金", "123"]


@pytest.mark.parametrize("text", ["a: [b]\n", "- 1\n", "- [\n", "", b"- \xff\n"])
def test_a_file_of_messages_that_are_not_ours_is_named_where_it_cannot_be_read(
    text: str | bytes, tmp_path: Path
) -> None:
    path = file(tmp_path, "not_ours.yml", text)

    with pytest.raises(QuestionError) as refused:
        read_not_ours(path)

    assert str(refused.value).startswith(f"{path}: ")


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
