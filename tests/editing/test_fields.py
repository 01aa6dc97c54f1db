"""An answer as the fields of a form."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.editing.field_faults import field_faults, part_values
from bot.editing.fields import AnswerFields, NoFields, PartFields, fields_of, merged, text_with
from bot.knowledge.models import Knowledge

TODAY = datetime.date(2026, 11, 25)
TOPIC = "forgot_password"


@pytest.fixture
def text(kb_dir: Path) -> str:
    return (kb_dir / "answers/account" / f"{TOPIC}.yml").read_text(encoding="utf-8")


def test_fields_that_nobody_touched_give_the_file_as_it_is(kb_dir: Path, knowledge: Knowledge) -> None:
    for path in sorted((kb_dir / "answers").rglob("*.yml"))[::4]:
        text = path.read_text(encoding="utf-8")
        given = fields_of(text)

        assert text_with(text, given) == text
        assert field_faults(given.tidied(), path.stem, knowledge, TODAY) == []


def test_empty_rows_and_parts_are_none_and_white_space_is_no_change(text: str) -> None:
    given = fields_of(text)
    empty = PartFields(steps=("", " "))

    changed = replace(
        given, steps=("", " "), parts=(*given.parts, empty), notes=tuple(f"  {one}\n" for one in given.notes)
    )

    assert text_with(text, changed) == text


def test_parts_move_with_all_that_is_theirs(text: str) -> None:
    given = fields_of(text)

    changed = text_with(text, replace(given, parts=given.parts[::-1]))

    assert sorted(changed.splitlines()) == sorted(text.splitlines())
    assert [one.when for one in fields_of(changed).parts] == [one.when for one in given.parts[::-1]]


def test_an_edit_of_an_older_text_keeps_what_others_changed_and_names_what_both_did() -> None:
    was = AnswerFields(short="甲", steps=("一", "二"), notes=("留意",), links=("egov",))
    now = replace(was, short="別人的", notes=("別人的",), links=())
    given = replace(was, short="我的", steps=("一", "二", ""), links=())

    assert merged(was, now, given) == (replace(now, short="我的"), ("short",))


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"short": ""}, [("short", "required", "")]),
        ({"short": "請電 02-2192-7111"}, [("short", "phone", "02-2192-7111")]),
        ({"steps": ("好", "寄到 a@example.com")}, [("steps.1", "mail", "a@example.com")]),
        ({"notes": ("看 https://example.com",)}, [("notes.0", "link", "https://")]),
        ({"notes": ("{phone:nowhere}",)}, [("notes.0", "placeholder", "{phone:nowhere}")]),
        ({"notes": ("{a",)}, [("notes.0", "brace", "")]),
        (
            {"contacts": ("egov", "nowhere", "egov")},
            [("contacts.1", "unknown", "nowhere"), ("contacts.2", "twice", "egov")],
        ),
        ({"links": ("nowhere",)}, [("links.0", "unknown", "nowhere")]),
        ({"related": ("forgot_password",)}, [("related.0", "itself", "")]),
        ({"related": ()}, [("related", "required", "")]),
        ({"sources": ()}, [("sources", "required", "")]),
        ({"sources": ("004 (九)(9)",)}, [("sources.0", "unknown", "004 (九)(9)")]),
        ({"sources": ("004 (一)(1)", "004 (一)(1)")}, [("sources.1", "twice", "004 (一)(1)")]),
        ({"reviewed": ""}, [("reviewed", "required", "")]),
        ({"reviewed": "2026-02-30"}, [("reviewed", "day", "")]),
        ({"reviewed": "2026-11-26"}, [("reviewed", "future", "")]),
        ({"review_by": "2026-11-20"}, [("review_by", "before", "")]),
        ({"review_by": "2036-11-20"}, [("review_by", "far", "")]),
        ({"settled": ("長" * 2001,)}, [("settled.0", "long", "2000")]),
        (
            {"parts": (PartFields(),)},
            [("parts.0.when", "required", ""), ("parts.0.title", "required", ""), ("parts.0.short", "empty", "")],
        ),
        (
            {"parts": (PartFields("provider:egov", "甲", "一"), PartFields("provider:egov", "乙", steps=("{",)))},
            [("parts.1.when", "twice", ""), ("parts.1.steps.0", "brace", "")],
        ),
    ],
)
def test_each_fault_is_told_of_its_own_field(
    text: str, knowledge: Knowledge, changes: dict[str, Any], found: list[tuple[str, str, str]]
) -> None:
    given = replace(fields_of(text), reviewed="2026-11-21", review_by="")

    faults = field_faults(replace(given, **changes), TOPIC, knowledge, TODAY)

    assert [(one.field, one.code, one.what) for one in faults] == found


def test_parts_may_hold_for_what_the_schema_says() -> None:
    assert "provider:egov" in part_values() and "identity:general_public" in part_values()


@pytest.mark.parametrize("broken", ["", "- a\n", "short: [", "parts:\n  - title: x\n", "sources: [a]\n"])
def test_a_file_that_is_no_answer_is_not_shown_as_fields(broken: str) -> None:
    with pytest.raises(NoFields):
        fields_of(broken)


def test_a_file_that_cannot_be_changed_piece_by_piece_is_left_alone() -> None:
    with pytest.raises(NoFields):
        text_with("{short: 甲, reviewed: 2026-11-21}\n", AnswerFields(short="乙", reviewed="2026-11-21"))
