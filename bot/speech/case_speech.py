"""Speaking of cases: which desk and why, what a form asks, the summary, what happens next, and how a case stands."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from bot.cases.routing import next_working_day, opening_of
from bot.desks.hours import TAIPEI
from bot.knowledge.fill import fill
from bot.knowledge.models import Desk, Knowledge
from bot.speech.contacts import contact_custom, desk_card
from bot.speech.facts import DeskFacts
from bot.speech.reply import Reply

Found = Mapping[str, Any]
"""What the action hands over."""


def speak_case_desk(found: Found, knowledge: Knowledge, now: datetime.datetime) -> Reply:
    """Which desk takes the matter over, why, and what to have at hand; who asked for a person also gets its card."""
    say, desk = knowledge.phrases, knowledge.desks[found["desk"]]
    human = found["kind"] == "human"
    lines = [say["talk_to_human"].format(name=desk.name)] if human else []
    if found.get("topic") in knowledge.topics:
        lines.insert(0, say["talk_to_human_reason"].format(title=knowledge.topics[found["topic"]].title))
    lines.append(fill(found["reason"], knowledge))
    if found.get("earlier"):
        number, subject = found["earlier"]
        lines.append(say["case_earlier"].format(number=number, subject=subject))
    prepare = say["case_prepare"].format(items=say["list_comma"].join(found["bring"]))
    if not human:
        lines += [fill(found["intro"], knowledge)] if found.get("intro") else []
        return Reply("\n".join(lines), (), contact_custom(desk, knowledge, now))
    text, custom = desk_card(desk, knowledge, now)
    lines += ["", text, "", prepare]
    state = opening_of(desk.id, knowledge, now)
    if state.open_now is False and state.opens_at and desk.phones:
        when = DeskFacts(knowledge, now).moment(state.opens_at)
        lines.append(say["case_closed_now"].format(name=desk.name, when=when))
    return Reply("\n".join(lines), (), custom)


def speak_case_question(found: Found, knowledge: Knowledge, now: datetime.datetime) -> Reply:
    """The next thing that a form asks, after what is to be said of the last."""
    say = knowledge.phrases
    lines = [say[name].format(**found.get("hint_values", {})) for name in found.get("hints", ())]
    if found.get("asks"):
        lines.append(say["case_ask"].format(step=found["step"], of=found["of"], ask=fill(found["asks"], knowledge)))
    tail = [say[name] for name in ("case_optional", "case_cancel_hint") if name in found.get("tail", ())]
    if tail:
        lines.append("".join(tail))
    return Reply("\n".join(lines), _buttons(found), _custom(found))


def speak_case_offer(found: Found, knowledge: Knowledge, now: datetime.datetime) -> Reply:
    """Whether the person wants a case."""
    text = knowledge.phrases["case_offer"].format(name=knowledge.desks[found["desk"]].name)
    return Reply(text, _buttons(found), _custom(found))


def speak_case_summary(found: Found, knowledge: Knowledge, now: datetime.datetime) -> Reply:
    """Everything that would be sent, to be confirmed."""
    say = knowledge.phrases
    lines = [say[name] for name in found.get("hints", ())]
    lines.append(say["case_summary"].format(name=knowledge.desks[found["desk"]].name))
    for label, kind, value in found["lines"]:
        shown = {
            "text": value,
            "files": say["case_value_files"].format(count=value) if value else say["case_value_none"],
            "contact": say["case_value_contact"] if value else say["case_value_none"],
        }[kind]
        lines.append(say["case_line"].format(label=label, value=shown))
    lines.append(say["case_with_diagnosis" if found.get("diagnosis") else "case_with"])
    lines.append(say["case_confirm"])
    return Reply("\n".join(lines), _buttons(found), _custom(found))


def speak_case_opened(found: Found, knowledge: Knowledge, now: datetime.datetime) -> Reply:
    """The number, what happens next and when; with a text to take along where the desk has no mailbox."""
    say = knowledge.phrases
    lines = [say["case_opened"].format(number=found["case_id"])]
    keeper = knowledge.desks[found["desk"]]
    when = when_words(keeper, knowledge, now)
    if found["mailed"]:
        lines.append(say["case_next_mail"].format(name=keeper.name, when=when))
        if not found["really"]:
            lines.append(say["case_next_demo"].format(name=keeper.name))
            lines.append(DeskFacts(knowledge, now).line(keeper))
    else:
        lines.append(say["case_next_here" if found["reachable"] else "case_next_ask"].format(when=when))
    if found.get("refer_to"):
        other = knowledge.desks[found["refer_to"]]
        facts = say["sentence_gap"].join(DeskFacts(knowledge, now).reach(other))
        lines.append(say["case_refer"].format(name=other.name, facts=facts))
        lines += [say["case_ready_text"], "", found["ready_text"]]
    custom = {"type": "case", "case_id": found["case_id"], "desk": found["desk"], "status": found["status"]}
    custom["opened"] = True
    if found.get("refer_to"):
        custom |= {"refer_to": found["refer_to"], "ready_text": found["ready_text"]}
    return Reply("\n".join(lines), (), custom)


def speak_case_here(found: Found, knowledge: Knowledge, now: datetime.datetime) -> Reply:
    """How one case stands: state, desk, since when, and the last reply."""
    say = knowledge.phrases
    state = say[f"case_state_{found['status']}"]
    name = knowledge.desks[found["desk"]].name
    values = {"number": found["case_id"], "subject": found["subject"], "state": state, "name": name}
    lines = [say["case_here"].format(**values, when=_moment(found["since"], knowledge))]
    if found.get("refer_to") in knowledge.desks:
        lines.append(say["case_here_refer"].format(name=knowledge.desks[found["refer_to"]].name))
    if found.get("last_reply"):
        at, words = found["last_reply"]
        lines.append(say["case_last_reply"].format(when=_moment(at, knowledge), text=words))
    else:
        lines.append(say["case_no_reply"])
    custom = {"type": "case", "case_id": found["case_id"], "desk": found["desk"], "status": found["status"]}
    return Reply("\n".join(lines), (), custom)


def when_words(desk: Desk, knowledge: Knowledge, now: datetime.datetime) -> str:
    """When a desk gets to it: whether it is open or when it opens; the next working day where no hours are known."""
    say = knowledge.phrases
    state = opening_of(desk.id, knowledge, now)
    if state.open_now:
        return say["case_when_open"]
    if state.opens_at:
        return say["case_when_closed"].format(when=DeskFacts(knowledge, now).moment(state.opens_at))
    day = next_working_day(knowledge, now.astimezone(TAIPEI)) if state.open_now is None else None
    if day is None:
        return ""
    weekday = say["weekday_names"][day.weekday()]
    return say["case_when_day"].format(when=say["case_day"].format(month=day.month, day=day.day, weekday=weekday))


def _moment(text: str, knowledge: Knowledge) -> str:
    moment = datetime.datetime.fromisoformat(text).astimezone(TAIPEI)
    return knowledge.phrases["case_moment"].format(month=moment.month, day=moment.day, time=f"{moment:%H:%M}")


def _buttons(found: Found) -> tuple[tuple[str, str], ...]:
    titles: Sequence[str] = found.get("titles", ())
    return tuple((title, title) for title in titles)


def _custom(found: Found) -> dict[str, Any]:
    return {"type": "case_form", "form": found["form"], "asks": found["at"]}
