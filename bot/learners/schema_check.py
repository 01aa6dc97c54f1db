"""Checking and reading one learner record of the nightly export (learner_record.schema.json)."""

from __future__ import annotations

import datetime
import json
import re
from pathlib import Path
from typing import Any

import jsonschema

from bot.learners.records import (
    DEFAULT_PASS_SCORE,
    MINUTES_PER_CERTIFIED_HOUR,
    TAIPEI,
    TEN_HOURS_PASS_SCORE,
    Account,
    Course,
    Enrollment,
    Learner,
    Profile,
    Upload,
)

SCHEMA_FILE = Path(__file__).parent / "learner_record.schema.json"
LARGEST_NUMBER = 2**31 - 1
"""What an integer column holds in every database."""
_FRACTION = re.compile(r"\.(\d+)")
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")


class RecordError(ValueError):
    """Raised for a record that cannot be taken; says where in it and what is wrong."""


_VALIDATOR = jsonschema.Draft202012Validator(json.loads(SCHEMA_FILE.read_text(encoding="utf-8")))


def read_record(line: str, as_of: datetime.datetime) -> Learner:
    """The learner of one JSON line; raises RecordError with the JSON path of what is wrong."""
    try:
        data = json.loads(line, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise RecordError(f"$: is not valid JSON ({error})") from error
    fault = jsonschema.exceptions.best_match(_VALIDATOR.iter_errors(data))
    if fault is not None:
        raise RecordError(f"{fault.json_path}: {_short(fault.message)}")
    _check_storable(data, "$")
    enrollments = tuple(_enrollment(one, f"$.enrollments[{i}]") for i, one in enumerate(data["enrollments"]))
    seen: set[str] = set()
    for number, one in enumerate(enrollments):
        if one.course.code in seen:
            raise RecordError(f"$.enrollments[{number}].course.code: {one.course.code!r} stands twice in the record")
        seen.add(one.course.code)
    return Learner(
        data["learner_id"],
        data["display_name"],
        _account(data["account"]),
        Profile(**data["profile"]),
        enrollments,
        as_of,
    )


def parse_moment(text: str, where: str) -> datetime.datetime:
    """An ISO date-time; one without an offset is Taipei's. jsonschema's own check lets any text pass."""
    cleaned = text[:-1] + "+00:00" if text.endswith(("Z", "z")) else text
    # RFC 3339 allows any number of digits for the fraction of a second, Python 3.10 three or six.
    cleaned = _FRACTION.sub(lambda match: f".{match.group(1)[:6]:0<6}", cleaned, count=1)
    try:
        if len(cleaned) <= 10:
            raise ValueError("no time of day")
        moment = datetime.datetime.fromisoformat(cleaned)
        if not datetime.MINYEAR < moment.year < datetime.MAXYEAR:
            raise ValueError("a year that leaves no room for time zones")
        moment = moment.replace(tzinfo=TAIPEI) if moment.tzinfo is None else moment
        return moment.astimezone(TAIPEI)
    except (ValueError, OverflowError) as error:
        raise RecordError(f"{where}: {text!r} is no ISO 8601 date-time") from error


def _account(data: dict[str, Any]) -> Account:
    moments = {
        name: _optional_moment(data.get(name), f"$.account.{name}")
        for name in ("converted_at", "last_login_at", "first_login_after_conversion_at")
    }
    return Account(
        data["provider"],
        data["identity"],
        data["id_number_on_file"],
        data.get("certificate_bound", False),
        **moments,
    )


def _enrollment(data: dict[str, Any], where: str) -> Enrollment:
    return Enrollment(
        course=_course(data["course"], f"{where}.course"),
        enrolled_at=parse_moment(data["enrolled_at"], f"{where}.enrolled_at"),
        reading_minutes=int(data["reading_minutes"]),
        survey_done=data["survey_done"],
        started_at=_optional_moment(data.get("started_at"), f"{where}.started_at"),
        best_score=_whole(data.get("best_score")),
        completed_at=_optional_moment(data.get("completed_at"), f"{where}.completed_at"),
        mooc_form_submitted=data.get("mooc_form_submitted", False),
        uploads=tuple(
            Upload(one["portal"], parse_moment(one["uploaded_at"], f"{where}.uploads[{i}].uploaded_at"))
            for i, one in enumerate(data.get("uploads", []))
        ),
    )


def _course(data: dict[str, Any], where: str) -> Course:
    ten_hours = data.get("ten_hours", False)
    default_score = TEN_HOURS_PASS_SCORE if ten_hours else DEFAULT_PASS_SCORE
    hours = data["certified_hours"]
    return Course(
        code=data["code"],
        title=data["title"],
        kind=data["kind"],
        certified_hours=hours,
        category=data.get("category"),
        ten_hours=ten_hours,
        required_reading_minutes=data.get("required_reading_minutes", hours * MINUTES_PER_CERTIFIED_HOUR),
        pass_score=_whole(data.get("pass_score", default_score)),
        survey_required=data.get("survey_required", True),
        mooc_listed=data.get("mooc_listed", False),
        ends_on=_optional_day(data.get("ends_on"), f"{where}.ends_on"),
    )


def _optional_moment(value: str | None, where: str) -> datetime.datetime | None:
    return None if value is None else parse_moment(value, where)


def _optional_day(value: str | None, where: str) -> datetime.date | None:
    if value is None:
        return None
    try:
        return datetime.date.fromisoformat(value)
    except ValueError as error:
        raise RecordError(f"{where}: {value!r} is no ISO 8601 date") from error


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)


def _check_storable(value: Any, where: str) -> None:
    """Refuse what is valid JSON although no database holds it: NUL, half a surrogate pair, numbers without end."""
    if isinstance(value, dict):
        for name, one in value.items():
            _check_storable(one, f"{where}.{name}")
    elif isinstance(value, list):
        for number, one in enumerate(value):
            _check_storable(one, f"{where}[{number}]")
    elif isinstance(value, str) and _NO_TEXT.search(value):
        raise RecordError(f"{where}: holds a sign that is no text (NUL or half a surrogate pair)")
    elif isinstance(value, (int, float)) and value > LARGEST_NUMBER:
        raise RecordError(f"{where}: is greater than {LARGEST_NUMBER}")


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


def _short(message: str) -> str:
    return message if len(message) <= 200 else message[:200] + "…"
