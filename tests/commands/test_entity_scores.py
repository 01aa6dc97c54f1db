"""Measuring entities against labels."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest

from bot.commands.entity_scores import as_text, finest, labelled, measure_entities, today_of

TODAY = datetime.date(2026, 11, 20)


def line(text: str, *entities: tuple[str, str, int, int]) -> str:
    keys = ("entity", "value", "start", "end")
    return json.dumps({"text": text, "entities": [dict(zip(keys, one)) for one in entities]}, ensure_ascii=False)


def one(entity: str, value: str, start: int, end: int, **more: str) -> dict[str, Any]:
    return {"entity": entity, "value": value, "start": start, "end": end, **more}


def test_precision_and_recall_ask_for_value_and_place() -> None:
    lines = [line("昨天和今天", ("date", "2026-11-19", 0, 2), ("date", "2026-11-20", 3, 5))]

    measured = measure_entities(lines, lambda text, today: [one("date", "2026-11-19", 0, 2)], TODAY)

    score = measured.scores["date"]
    assert (score.count, score.found, score.precision, score.recall) == (2, 1, 1.0, 0.5)
    assert measured.messages == 1


def test_a_right_value_in_a_wrong_place_counts_for_the_value_alone() -> None:
    lines = [line("蘋果帳號", ("provider", "apple", 0, 4))]

    score = measure_entities(lines, lambda text, today: [one("provider", "apple", 0, 2)], TODAY).scores["provider"]

    assert (score.precision, score.recall, score.value_precision, score.value_recall) == (0.0, 0.0, 1.0, 1.0)


def test_what_is_missed_and_what_is_found_too_much_is_told_with_its_message() -> None:
    lines = [line("昨天", ("date", "2026-11-19", 0, 2)), line("明天")]

    measured = measure_entities(
        lines, lambda text, today: [one("date", "2026-11-21", 0, 2)] if text == "明天" else [], TODAY
    )

    assert measured.faults == ("- date 2026-11-19 昨天 | 昨天", "+ date 2026-11-21 明天 | 明天")


def test_entities_without_any_label_are_not_measured() -> None:
    lines = [line("昨天", ("date", "2026-11-19", 0, 2))]

    measured = measure_entities(lines, lambda text, today: [one("desk", "platform", 0, 2)], TODAY)

    assert list(measured.scores) == ["date"]
    assert measured.scores["date"].precision is None
    assert "–" in as_text(measured)


def test_of_a_coarse_and_a_finer_value_in_one_place_the_finer_is_measured() -> None:
    coarse = one("identity", "civil_servant", 2, 4)
    finer = one("identity", "contract_staff", 2, 6, role="position")
    other = one("identity", "general_public", 8, 10)

    assert finest([coarse, finer, other]) == [finer, other]


def test_the_day_of_the_labels_stands_in_a_comment() -> None:
    assert today_of(["# messages", "# today: 2026-11-20", line("昨天")]) == TODAY
    assert today_of([line("昨天")]) is None


@pytest.mark.parametrize(
    "bad", ["{", "[]", '{"text": "昨天"}', line("昨天", ("date", "2026-11-19", 0, 3)), line("昨天", ("date", "", 0, 2))]
)
def test_a_line_that_is_no_labelled_message_is_named(bad: str) -> None:
    with pytest.raises(ValueError, match="line 3"):
        list(labelled(["# comment", "", bad]))
