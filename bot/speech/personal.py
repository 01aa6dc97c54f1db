"""Speaking what an action found in the learner's own record; the words are in kb/phrases.yml."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from bot.desks.hours import TAIPEI
from bot.knowledge.models import Knowledge
from bot.speech.reply import Reply, topic_buttons

GENERAL_TOPIC = {"env_edu": "hours_not_uploaded_env", "teacher": "teacher_hours"}
"""The general answer about hours by portal; any other portal: hours_not_uploaded_lifelong."""

Found = Mapping[str, Any]
"""What the action hands over: `custom` (the machine-readable part) and what the words need besides."""


def speak_login_required(knowledge: Knowledge) -> Reply:
    """That a personal question needs the platform's sign-in first."""
    return Reply(knowledge.phrases["login_required"], (), {"type": "login_required"})


def speak_diagnosis(found: Found, knowledge: Knowledge) -> Reply:
    """State, reasons with remedies, and the day to look again, for one enrollment and portal."""
    say, custom = knowledge.phrases, found["custom"]
    portal = say[f"portal_{custom['portal']}"]
    date = _day_words(custom["next_check"], knowledge) if custom["next_check"] else ""
    mailboxes = knowledge.desks["platform"].mailboxes
    facts = {"portal": portal, "date": date, "mail": mailboxes[0].address if mailboxes else ""}
    reasons = [say[f"cause_{cause}"].format(**facts) for cause in custom["causes"]]
    head = say["diagnosis_line"].format(
        title=found["title"], portal=portal, state=say[f"state_{custom['state']}"], text=reasons[0]
    )
    more = [say["note"].format(text=reason) for reason in reasons[1:]]
    text = "\n".join([head, *more, as_of_words(custom["as_of"], knowledge)])
    buttons = topic_buttons(["report_problem"], knowledge) if custom["state"] == "escalate" else ()
    return Reply(text, buttons, custom)


def speak_course_status(found: Found, knowledge: Knowledge) -> Reply:
    """Whether a course is passed, and what it still lacks."""
    say, custom = knowledge.phrases, found["custom"]
    if custom["state"] == "passed":
        text = say["course_passed"].format(title=found["title"])
    else:
        facts = {"minutes": custom["reading_minutes_left"], "score": found["score"], "pass_score": found["pass_score"]}
        lacking = say["list_comma"].join(say[f"missing_{code}"].format(**facts) for code in custom["missing"])
        text = say["course_incomplete"].format(title=found["title"], missing=lacking)
    return Reply(f"{text}\n{as_of_words(custom['as_of'], knowledge)}", (), custom)


def speak_account_status(found: Found, knowledge: Knowledge) -> Reply:
    """How the learner is signed in and what that means for hours."""
    say, custom = knowledge.phrases, found["custom"]
    if custom["provider"] in ("facebook", "google", "apple"):
        name = "account_social"
    else:
        name = "account_official" if custom["official"] else "account_general"
    text = say[name].format(provider=say[f"provider_{custom['provider']}"])
    related = ["hours_upload_schedule"] if custom["official"] else ["convert_official_account", "civil_servant_login"]
    return Reply(f"{text}\n{as_of_words(found['as_of'], knowledge)}", topic_buttons(related, knowledge), custom)


def speak_learning_summary(found: Found, knowledge: Knowledge) -> Reply:
    """The year's hours and what is missing of the ten."""
    say, custom = knowledge.phrases, found["custom"]
    lines = [
        say["summary"].format(
            year=custom["year"], hours=_number(custom["certified_hours"]), unfinished=custom["unfinished"]
        ),
        say["summary_ten"],
    ]
    for name, entry in custom["ten_hours"].items():
        left = entry["required"] - entry["done"]
        facts = {
            "category": say[f"category_{name}"],
            "done": _number(entry["done"]),
            "required": entry["required"],
            "left": _number(left),
        }
        lines.append(say["summary_line_left" if left > 0 else "summary_line_done"].format(**facts))
    lines += [say["summary_business"], as_of_words(custom["as_of"], knowledge)]
    return Reply("\n".join(lines), topic_buttons(["business_related_hours"], knowledge), custom)


def speak_record_gap(found: Found, knowledge: Knowledge) -> Reply:
    """That the signed-in account's record does not hold what was asked for, and why that may be."""
    say = knowledge.phrases
    facts = {
        "name": found.get("name", ""),
        "provider": say.get(f"provider_{found.get('provider')}", ""),
        "course": found.get("course", ""),
    }
    text = say[str(found["gap"])].format(**facts)
    if found.get("as_of"):
        text += "\n" + as_of_words(found["as_of"], knowledge)
    return Reply(text, topic_buttons(["certificate_vs_password"], knowledge), None)


def as_of_words(as_of: str, knowledge: Knowledge) -> str:
    """As of when the record is, in words."""
    moment = datetime.datetime.fromisoformat(as_of).astimezone(TAIPEI)
    return knowledge.phrases["as_of"].format(month=moment.month, day=moment.day, time=f"{moment:%H:%M}")


def _day_words(day: str, knowledge: Knowledge) -> str:
    date = datetime.date.fromisoformat(day)
    weekday = knowledge.phrases["weekday_names"][date.weekday()]
    return knowledge.phrases["date_words"].format(month=date.month, day=date.day, weekday=weekday)


def _number(value: float) -> str:
    return f"{value:g}"
