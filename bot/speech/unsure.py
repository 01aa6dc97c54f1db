"""What the bot says when it is not sure: suggestions, a fallback with desks, regret for a complaint."""

from __future__ import annotations

import datetime

from bot.knowledge.models import Knowledge
from bot.speech.contacts import COMMON_DESKS
from bot.speech.facts import DeskFacts
from bot.speech.reply import Reply, desk_buttons, topic_buttons


def speak_suggestions(topics: list[str], knowledge: Knowledge) -> Reply:
    """The topics as buttons, with 「都不是」 after them; the text names them too."""
    say = knowledge.phrases
    known = [topic for topic in topics if topic in knowledge.topics]
    lines = [say["suggest_line"].format(title=knowledge.topics[topic].title) for topic in known]
    text = "\n".join([say["suggest_intro"], *lines, say["suggest_outro"]])
    none = (say["suggest_none"], say["suggest_none"])
    return Reply(text, (*topic_buttons(known, knowledge), none), {"type": "suggest", "topics": known})


def speak_fallback(knowledge: Knowledge, now: datetime.datetime, phrase: str = "fallback") -> Reply:
    """That the bot cannot answer, and the desks that may."""
    facts = DeskFacts(knowledge, now)
    lines = [facts.line(knowledge.desks[desk]) for desk in COMMON_DESKS[:3]]
    text = "\n".join([knowledge.phrases[phrase], *lines])
    return Reply(text, desk_buttons(COMMON_DESKS[:3], knowledge), {"type": "fallback"})


def speak_miss(misses: int, knowledge: Knowledge, now: datetime.datetime, first: str = "fallback") -> Reply:
    """That nothing fitted, after so many misses before: ask to rephrase, then the desks, then a case."""
    if misses == 0:
        return speak_fallback(knowledge, now, phrase=first)
    if misses == 1:
        desks = speak_fallback(knowledge, now, phrase="second_miss")
        case = topic_buttons(["report_problem"], knowledge)
        return Reply(desks.text, (*desks.buttons, *case), desks.custom)
    buttons = topic_buttons(["report_problem", "talk_to_human"], knowledge)
    return Reply(knowledge.phrases["third_miss"], buttons, {"type": "fallback"})


def speak_complaint(desk_id: str, knowledge: Knowledge, now: datetime.datetime) -> Reply:
    """Regret, the desk, and the offer to look into it."""
    desk = knowledge.desks[desk_id]
    facts = knowledge.phrases["sentence_gap"].join(DeskFacts(knowledge, now).reach(desk))
    text = knowledge.phrases["complain"].format(name=desk.name, facts=facts)
    buttons = topic_buttons(["report_problem", "talk_to_human"], knowledge)
    return Reply(text, buttons, {"type": "chat", "intent": "complain"})
