"""Speaking what an action found in the learner's own record; the words are in kb/phrases.yml."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from bot.desks.hours import TAIPEI
from bot.knowledge.fill import fill, phone_text
from bot.knowledge.models import Knowledge
from bot.speech.reply import Reply, topic_buttons

GENERAL_TOPIC = {"env_edu": "hours_not_uploaded_env", "teacher": "teacher_hours"}
"""The general answer about hours by portal; any other portal: hours_not_uploaded_lifelong."""

Found = Mapping[str, Any]
"""What the action hands over: `custom` (the machine-readable part) and what the words need besides."""


def speak_login_required(found: Found, knowledge: Knowledge) -> Reply:
    """That a personal question needs the platform's sign-in first, with the general answer a tap away."""
    buttons = topic_buttons([found["topic"]] if found.get("topic") else [], knowledge)
    return Reply(knowledge.phrases["login_required"], buttons, {"type": "login_required"})


def speak_diagnosis(found: Found, knowledge: Knowledge) -> Reply:
    """State, reasons, remedies and the day to look again, for one enrollment and portal."""
    say, custom = knowledge.phrases, found["custom"]
    portal = say[f"portal_{custom['portal']}"]
    lines = [
        say["diagnosis_line"].format(title=found["title"], portal=portal, state=say[f"state_{custom['state']}"]),
        *cause_lines(custom["causes"], portal, custom["next_check"], knowledge),
        *_desk_lines(custom, knowledge),
        as_of_words(custom["as_of"], knowledge),
    ]
    topics = list(dict.fromkeys(knowledge.causes[cause].topic for cause in custom["causes"]))[:2]
    buttons = topic_buttons(topics, knowledge)
    if found.get("left"):
        lines.append(say["more_note"].format(count=found["left"], button=say["more_button"]))
        buttons += ((say["more_button"], say["more_button"]),)
    if found.get("last"):
        other = say["ask_env_hours" if custom["portal"] == "lifelong" else "ask_lifelong_hours"]
        buttons += ((other, other),)
    return Reply("\n".join(lines), buttons, custom)


def speak_guided_diagnosis(found: Found, knowledge: Knowledge) -> Reply:
    """What follows from what the person said, and what stays uncertain."""
    say, custom = knowledge.phrases, found["custom"]
    portal = say[f"portal_{custom['portal']}"]
    lines = [
        say["guided_head"].format(portal=portal, state=say[f"state_{custom['state']}"]),
        *cause_lines(custom["causes"], portal, custom["next_check"], knowledge),
        *_desk_lines(custom, knowledge),
    ]
    if found.get("doubts"):
        lines.append(say["guided_doubts"])
        lines += [say["note"].format(text=doubt) for doubt in found["doubts"]]
    lines.append(say["guided_note"])
    topics = list(dict.fromkeys(knowledge.causes[cause].topic for cause in custom["causes"]))[:2]
    return Reply("\n".join(lines), topic_buttons(topics, knowledge), custom)


def cause_lines(causes: Sequence[str], portal: str, next_check: str | None, knowledge: Knowledge) -> list[str]:
    """Every reason, then all remedies as one numbered list, then what to watch for."""
    say = knowledge.phrases
    date = _day_words(next_check, knowledge) if next_check else ""

    def filled(text: str) -> str:
        return fill(text.replace("{portal}", portal).replace("{date}", date), knowledge)

    known = [knowledge.causes[cause] for cause in causes]
    lines = [say["note"].format(text=filled(cause.reason)) for cause in known]
    steps = [filled(step) for cause in known for step in cause.steps]
    if steps:
        lines.append(say["remedy_heading"])
        lines += [say["step"].format(number=number, text=step) for number, step in enumerate(steps, 1)]
    return lines + [say["note"].format(text=filled(note)) for cause in known for note in cause.notes]


def _desk_lines(custom: Mapping[str, Any], knowledge: Knowledge) -> list[str]:
    """Who helps, where there is something to do."""
    if custom["state"] not in ("action_needed", "escalate"):
        return []
    desk = knowledge.desks[custom["desk"]]
    reach = [phone_text(phone, knowledge) for phone in desk.phones[:1]] + [box.address for box in desk.mailboxes[:1]]
    say = knowledge.phrases
    text = say["help_desk"].format(name=desk.name)
    return [text + say["help_reach"].format(facts=say["list_comma"].join(reach)) if reach else text]


def speak_course_status(found: Found, knowledge: Knowledge) -> Reply:
    """Whether a course is passed, and what it still lacks."""
    say, custom = knowledge.phrases, found["custom"]
    if custom["state"] == "passed":
        text = say["course_passed"].format(title=found["title"])
    else:
        facts = {"minutes": custom["reading_minutes_left"], "score": found["score"], "pass_score": found["pass_score"]}
        lacking = say["list_comma"].join(say[f"missing_{code}"].format(**facts) for code in custom["missing"])
        text = say["course_incomplete"].format(title=found["title"], missing=lacking)
        steps = [fill(step, knowledge) for code in custom["missing"] for step in knowledge.causes[code].steps]
        text = "\n".join(
            [
                text,
                say["remedy_heading"],
                *(say["step"].format(number=number, text=step) for number, step in enumerate(steps, 1)),
            ]
        )
    topics = list(dict.fromkeys(knowledge.causes[code].topic for code in custom["missing"]))[:2]
    buttons = topic_buttons(topics or ["my_hours_status"], knowledge)
    return Reply(f"{text}\n{as_of_words(custom['as_of'], knowledge)}", buttons, custom)


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
