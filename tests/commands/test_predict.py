"""`epark predict`: one decision a line, streaming and in order."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from bot.commands.predict import predict
from bot.nlu.decision import Decision


class FakeUnderstanding:
    """Decides by the length of the text, and remembers in which batches it was asked."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def decisions(self, texts: Sequence[str]) -> list[Decision]:
        self.asked.append(list(texts))
        return [Decision("answer", ((f"topic_{len(text)}", 0.75),)) for text in texts]


def run(*lines: bytes, batch: int = 64) -> tuple[int, list[dict[str, Any]]]:
    out = io.StringIO()
    status = predict(lines, FakeUnderstanding(), out, batch)  # type: ignore[arg-type]
    return status, [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_line_in_is_a_line_out_with_text_outcome_and_topics() -> None:
    status, said = run('{"text": "忘記密碼"}\n'.encode())

    assert status == 0
    assert said == [{"text": "忘記密碼", "outcome": "answer", "topics": [{"id": "topic_4", "score": 0.75}]}]


def test_chinese_is_written_as_it_is() -> None:
    out = io.StringIO()

    predict(['{"text": "忘記密碼"}'.encode()], FakeUnderstanding(), out)  # type: ignore[arg-type]

    assert "忘記密碼" in out.getvalue()


@pytest.mark.parametrize("batch", [1, 2, 3, 64])
def test_the_order_is_kept_whatever_the_batch_and_whatever_is_wrong_between(batch: int) -> None:
    lines = [b'{"text": "a"}\n', b"nonsense\n", b'{"text": "bb"}\n', b'{"no": "text"}\n', b'{"text": "ccc"}\n']

    status, said = run(*lines, batch=batch)

    assert status == 1
    assert [one.get("text", one.get("line")) for one in said] == ["a", 2, "bb", 4, "ccc"]
    assert [one["topics"][0]["id"] for one in said if "topics" in one] == ["topic_1", "topic_2", "topic_3"]


@pytest.mark.parametrize(
    "line",
    [
        b"{",
        b"text",
        b"[]",
        b"null",
        b"5",
        b'"text"',
        b"{}",
        b'{"text": null}',
        b'{"text": 5}',
        b'{"text": ["a"]}',
        b'{"Text": "a"}',
        b'{"text": "\xff"}',
        b'{"text": "a"} {"text": "b"}',
        b"[" * 100_000,
    ],
)
def test_a_line_that_is_no_input_yields_its_number_and_what_is_wrong_in_its_place(
    line: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    status, said = run(b'{"text": "a"}\n', line + b"\n", b'{"text": "b"}\n')

    assert status == 1
    assert list(said[1]) == ["line", "error"]
    assert said[1]["line"] == 2 and said[1]["error"]
    assert [said[0]["text"], said[2]["text"]] == ["a", "b"]
    assert "line 2" in capsys.readouterr().err


def test_a_blank_line_is_no_valid_input_and_has_its_line_in_the_output() -> None:
    status, said = run(b"\n", b'{"text": "a"}\n', b"  \r\n", b"nonsense\n", b"\n")

    assert status == 1
    assert [one.get("text", one.get("line")) for one in said] == [1, "a", 3, 4, 5]


def test_a_byte_order_mark_is_no_fault() -> None:
    status, said = run(b'\xef\xbb\xbf{"text": "a"}\r\n', b'{"text": "b"}\r\n')

    assert status == 0
    assert [one["text"] for one in said] == ["a", "b"]


def test_the_last_line_needs_no_newline_and_no_line_at_all_is_no_fault() -> None:
    assert run(b'{"text": "a"}')[1][0]["text"] == "a"
    assert run() == (0, [])


def test_other_fields_of_a_line_change_nothing() -> None:
    status, said = run(b'{"id": 7, "text": "a", "topic": "x"}\n')

    assert (status, list(said[0])) == (0, ["text", "outcome", "topics"])


@pytest.mark.parametrize("text", ["", " ", "😀", "a\nb", "/greet"])
def test_a_text_that_says_nothing_is_valid_input(text: str) -> None:
    status, said = run(json.dumps({"text": text}).encode())

    assert status == 0
    assert said[0]["text"] == text


def test_half_a_surrogate_pair_is_replaced_so_that_the_line_can_be_written() -> None:
    status, said = run(b'{"text": "a\\ud800b"}')

    assert status == 0
    assert said[0]["text"] == "a?b"


def test_each_line_is_answered_before_the_next_one_is_read_where_they_come_one_by_one() -> None:
    out = io.StringIO()
    written: list[int] = []

    def lines() -> Iterator[bytes]:
        for number in range(3):
            written.append(len(out.getvalue().splitlines()))
            yield json.dumps({"text": str(number)}).encode()

    predict(lines(), FakeUnderstanding(), out, batch=1)  # type: ignore[arg-type]

    assert written == [0, 1, 2]
