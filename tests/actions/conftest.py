"""What the tests of the actions share: a database of learners, and asking an action as Rasa does."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.learners.database import migrate, open_database
from bot.learners.records import TAIPEI, Account, Course, Enrollment, Learner, Profile, Upload
from bot.learners.store import replace_learners

LEARNER_ID = "T5602110801"
AS_OF = datetime.datetime(2026, 11, 20, 5, 0, tzinfo=TAIPEI)
LONG_AGO = datetime.datetime(2026, 3, 2, 9, 0, tzinfo=TAIPEI)


class Records:
    """Puts learners into the database of the test."""

    def __init__(self, url: str) -> None:
        self._engine = open_database(url)
        migrate(self._engine)

    def put(self, *enrollments: Enrollment, **account: Any) -> Learner:
        """One learner, a civil servant for whom nothing is in the way."""
        signed_in = Account(**{"provider": "ecpa", "identity": "civil_servant", "id_number_on_file": True, **account})
        profile = Profile(agency_code="A1", personnel_category="10", env_edu_account=True, env_edu_agency_code="A1")
        learner = Learner(LEARNER_ID, "王小明", signed_in, profile, enrollments, AS_OF)
        with self._engine.begin() as connection:
            replace_learners(connection, [learner])
        return learner

    @staticmethod
    def finished(code: str, title: str = "", completed_at: datetime.datetime = LONG_AGO, **own: Any) -> Enrollment:
        """A course with nothing missing; `uploads` are portals, `course` changes facts of the course."""
        facts = {"required_reading_minutes": 30, "pass_score": 60, "category": "環境教育", **own.pop("course", {})}
        described = Course(**{"code": code, "title": title or code, "kind": "open", "certified_hours": 1, **facts})
        uploads = tuple(Upload(portal, completed_at) for portal in own.pop("uploads", ()))
        values = {"reading_minutes": 30, "survey_done": True, "best_score": 90, "completed_at": completed_at, **own}
        return Enrollment(described, enrolled_at=completed_at, uploads=uploads, **values)


@pytest.fixture
def records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Records:
    url = f"sqlite:///{tmp_path / 'epark.db'}"
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("EPARK_VAR", str(tmp_path))
    for name in ("EPARK_MODE", "EPARK_KB", "EPARK_HOME"):
        monkeypatch.delenv(name, raising=False)
    return Records(url)


def tracker(
    text: str = "", learner_id: object = LEARNER_ID, slots: dict[str, Any] | None = None, **entities: str
) -> Tracker:
    """The conversation as the action server gets it; the newest message is proven to come from this learner."""
    metadata = {} if learner_id is None else {"learner_id": learner_id}
    found = [{"entity": kind, "value": value} for kind, value in entities.items()]
    message = {"text": text, "intent": {"name": "my_hours_status"}, "entities": found, "metadata": metadata}
    return Tracker("rest-1", slots or {}, message, [], False, None, {}, "action_listen")


Ask = Callable[..., Any]


@pytest.fixture
def ask() -> Ask:
    """Runs an action for a text; returns what it handed to the voice. Slots that it sets stand at the next call."""
    slots: dict[str, Any] = {}

    async def asked(
        action: Action, text: str = "", learner_id: object = LEARNER_ID, **entities: str
    ) -> list[dict[str, Any]]:
        dispatcher = CollectingDispatcher()
        events = await action.run(dispatcher, tracker(text, learner_id, slots, **entities), {})
        assert [event["event"] for event in events] == ["slot"] * len(events)
        slots.update({event["name"]: event["value"] for event in events})
        return dispatcher.messages

    return asked
