"""Speaking again about an answer just given: one of its steps, what comes next, a screen that looks different."""

from __future__ import annotations

import datetime
from dataclasses import replace

from bot.knowledge.fill import fill
from bot.knowledge.models import Answer, Knowledge
from bot.speech.answers import Context, parts_for, speak_answer
from bot.speech.facts import DeskFacts
from bot.speech.reply import Reply, topic_buttons


def speak_follow_up(
    kind: str, step: int, answer: Answer, context: Context, knowledge: Knowledge, now: datetime.datetime
) -> Reply:
    """The reply to a follow-up of kind step, next, again or stuck; the whole answer where it has no steps to go by."""
    # The view would show the whole answer where one step was asked for.
    whole = speak_answer(answer, context, knowledge, now).without_view()
    lists = _step_lists(answer, context)
    if not lists:
        return whole if kind != "stuck" else replace(whole, text=_stuck([], answer, whole, knowledge, now))
    if kind == "again":
        return replace(whole, text="\n".join([knowledge.phrases["follow_again"], *_all(lists, knowledge)]))
    if kind == "stuck":
        lines = _one(lists, step, knowledge) if step else _all(lists, knowledge)
        buttons = topic_buttons(["report_problem", "talk_to_human"], knowledge)
        return replace(whole, text=_stuck(lines, answer, whole, knowledge, now), buttons=buttons)
    longest = max(len(steps) for _title, steps in lists)
    if not 1 <= step <= longest:
        said = knowledge.phrases["follow_no_step"].format(count=longest)
        return replace(whole, text="\n".join([said, *_all(lists, knowledge)]))
    lines = _one(lists, step, knowledge)
    if step == longest:
        lines.append(knowledge.phrases["follow_last"])
    return replace(whole, text="\n".join(lines))


def _step_lists(answer: Answer, context: Context) -> list[tuple[str, tuple[str, ...]]]:
    """Titles and steps: the answer's own, else those of its parts that the context asks for."""
    if answer.steps:
        return [("", answer.steps)]
    return [(part.title, part.steps) for part in parts_for(answer, context) if part.steps]


def _all(lists: list[tuple[str, tuple[str, ...]]], knowledge: Knowledge) -> list[str]:
    lines = []
    for title, steps in lists:
        if title:
            lines.append(knowledge.phrases["part_heading"].format(title=title))
        lines += [
            knowledge.phrases["step"].format(number=number, text=fill(text, knowledge))
            for number, text in enumerate(steps, 1)
        ]
    return lines


def _one(lists: list[tuple[str, tuple[str, ...]]], step: int, knowledge: Knowledge) -> list[str]:
    lines = []
    for title, steps in lists:
        if step > len(steps):
            continue
        if title:
            lines.append(knowledge.phrases["part_heading"].format(title=title))
        lines.append(knowledge.phrases["follow_step"].format(number=step, text=fill(steps[step - 1], knowledge)))
    return lines


def _stuck(lines: list[str], answer: Answer, whole: Reply, knowledge: Knowledge, now: datetime.datetime) -> str:
    """What the sources say, and the desk: why a screen looks different they do not say."""
    say = knowledge.phrases
    desk = knowledge.desks[str((whole.custom or {}).get("desk", answer.desk))]
    head = [say["follow_stuck_steps"], *lines] if lines else []
    return "\n".join([*head, say["follow_stuck"].format(name=desk.name), DeskFacts(knowledge, now).line(desk)])
