"""JSONL rows."""

from __future__ import annotations

import pytest

from bot.triage.inbound import UnreadableFile
from bot.triage.json_rows import read_jsonl


def test_ids_keep_their_kind() -> None:
    found = read_jsonl('{"id": 1, "subject": "a", "body": "b"}\n{"id": "x", "body": "c"}\n')

    assert [(one.id, one.subject, one.body) for one in found] == [(1, "a", "b"), ("x", "", "c")]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("nonsense", "no valid JSON"),
        ("[1]", "object"),
        ('{"subject": "a", "body": "b"}', "id"),
        ('{"id": true, "body": "b"}', "id"),
        ('{"id": "1", "body": 7}', "body must be a string"),
        ('{"id": "1", "subject": null, "body": ""}', "neither"),
        ("[" * 100_000, "no valid JSON"),
    ],
)
def test_a_bad_line_says_what_is_wrong_and_the_next_is_read(line: str, what: str) -> None:
    found = read_jsonl(f'{line}\n\n{{"id": 0, "body": "b"}}\n')

    assert what in found[0].error
    assert (found[1].place, found[1].id, found[1].error) == ("line 3", 0, "")


def test_an_empty_file_is_said_to_be_empty() -> None:
    with pytest.raises(UnreadableFile, match="empty"):
        read_jsonl("\n")
