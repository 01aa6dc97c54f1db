"""CSV rows: a broken row is named and spoils no other."""

from __future__ import annotations

import pytest

from bot.triage.csv_rows import read_csv
from bot.triage.inbound import UnreadableFile


def test_rows_come_in_order_with_their_texts() -> None:
    found = read_csv('id, subject, body\n1,主旨,內容\n2,,"兩行\n的內容"\n')

    assert [(one.id, one.subject, one.body, one.error) for one in found] == [
        ("1", "主旨", "內容", ""),
        ("2", "", "兩行\n的內容", ""),
    ]


def test_columns_are_found_by_name_in_any_order_with_others_between() -> None:
    found = read_csv("Received_At;Body;id;SUBJECT\n2026-11-20;內容;7;主旨\n")

    assert (found[0].id, found[0].subject, found[0].body) == ("7", "主旨", "內容")


def test_a_quote_that_is_never_closed_costs_its_own_row_alone() -> None:
    found = read_csv('id,subject,body\n1,a,b\n2,"never closed,x\n3,c,"d, e"\n4,f,g\n')

    assert [(one.id, bool(one.error)) for one in found] == [("1", False), ("2", True), ("3", False), ("4", False)]
    assert found[1].place == "line 3"
    assert found[2].body == "d, e"


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ("1,a", "columns"),
        ("1,a,b,c", "columns"),
        (",a,b", "no id"),
        ("1,,", "neither subject nor body"),
        ("1,a,\ufffd", "UTF-8"),
        ("1,a,\0", "UTF-8"),
    ],
)
def test_a_bad_row_says_what_is_wrong(row: str, what: str) -> None:
    found = read_csv(f"id,subject,body\n{row}\n9,x,y\n")

    assert what in found[0].error
    assert (found[1].id, found[1].error) == ("9", "")


def test_a_huge_body_is_read_whole() -> None:
    body = "時數" * 400_000

    found = read_csv(f'id,subject,body\n1,大,"{body}"\n2,a,b\n')

    assert [one.error for one in found] == ["", ""]
    assert found[0].body == body


def test_signs_that_only_python_takes_for_line_ends_end_no_row() -> None:
    assert read_csv("id,subject,body\n1,a,b\u2028c\x0bd\n")[0].body == "b\u2028c\x0bd"


@pytest.mark.parametrize("text", ["", "\n\n", "  \n"])
def test_an_empty_file_is_said_to_be_empty(text: str) -> None:
    with pytest.raises(UnreadableFile, match="empty"):
        read_csv(text)


def test_a_header_without_a_column_names_it() -> None:
    with pytest.raises(UnreadableFile, match="lacks body"):
        read_csv("id,subject,content\n1,a,b\n")


def test_a_header_alone_has_no_messages() -> None:
    assert read_csv("id,subject,body\n") == []
