"""Finding out whose record a message may see."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.record import (
    entity,
    learner_for,
    proven_learner_id,
    say_gap,
)
from bot.learners.records import TAIPEI, Account, Course, Enrollment, Learner, Profile

NOON = datetime.datetime(2026, 11, 20, 12, 0, tzinfo=TAIPEI)


def tracker(metadata: object = None, entities: list[dict[str, Any]] | None = None, **slots: Any) -> Tracker:
    message = {"text": "我的時數", "metadata": metadata, "entities": entities}
    return Tracker("rest-1", slots, message, [], False, None, {}, "action_listen")


def learner(*titles: str) -> Learner:
    courses = tuple(
        Enrollment(Course(f"C{number}", title, "open", 1), NOON, 0, False) for number, title in enumerate(titles)
    )
    return Learner("T5602110801", "王小明", Account("egov", "civil_servant", True), Profile(), courses, NOON)


def test_only_the_metadata_of_the_newest_message_proves_a_learner() -> None:
    proven = tracker({"learner_id": "T5602110801"})
    said = tracker({}, learner_id="T5602110801")

    assert proven_learner_id(proven) == "T5602110801"
    assert proven_learner_id(said) is None


@pytest.mark.parametrize(
    "metadata", [None, {}, {"learner_id": None}, {"learner_id": 5}, {"learner_id": ["T5602110801"]}]
)
def test_metadata_that_names_no_learner_proves_none(metadata: object) -> None:
    assert proven_learner_id(tracker(metadata)) is None


def test_who_is_not_signed_in_is_told_so_and_given_the_general_answer(records: Any) -> None:
    dispatcher = CollectingDispatcher()

    found = learner_for(tracker({}), dispatcher, general="utter_general_hours")

    assert found is None
    assert [one["response"] for one in dispatcher.messages] == ["utter_login_required", "utter_general_hours"]


def test_a_learner_who_was_never_exported_is_told_so(records: Any) -> None:
    dispatcher = CollectingDispatcher()

    found = learner_for(tracker({"learner_id": "T9999999999"}), dispatcher, general="utter_general_hours")

    assert found is None
    (message,) = dispatcher.messages
    assert (message["response"], message["gap"]) == ("utter_record_gap", "learner_not_exported")


def test_the_record_found_is_that_of_the_proven_learner(records: Any) -> None:
    expected = records.put(records.finished("C1"))
    dispatcher = CollectingDispatcher()

    found = learner_for(tracker({"learner_id": expected.learner_id}), dispatcher)

    assert found == expected
    assert dispatcher.messages == []


def test_a_gap_names_the_account_and_as_of_when() -> None:
    dispatcher = CollectingDispatcher()

    say_gap(dispatcher, learner(), "course_not_found", "沒有的課")

    (message,) = dispatcher.messages
    said = {name: message[name] for name in ("response", "gap", "name", "provider", "course", "as_of")}
    assert said == {
        "response": "utter_record_gap",
        "gap": "course_not_found",
        "name": "王小明",
        "provider": "egov",
        "course": "沒有的課",
        "as_of": "2026-11-20T12:00:00+08:00",
    }


def test_the_first_value_of_an_entity_is_taken() -> None:
    both = [
        {"entity": "desk", "value": "egov"},
        {"entity": "portal", "value": "teacher"},
        {"entity": "portal", "value": "x"},
    ]

    assert entity(tracker({}, both), "portal") == "teacher"
    assert entity(tracker({}, both), "provider") is None
    assert entity(tracker({}, None), "portal") is None
