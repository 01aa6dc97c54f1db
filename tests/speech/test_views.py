"""What a page draws of a reply is what the reply's text says, for every answer and every desk in kb/."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desks.hours import TAIPEI
from bot.knowledge.fill import fill
from bot.knowledge.load import load
from bot.knowledge.models import Knowledge, Phone, Source
from bot.speech.answers import MOST_SOURCES, parts_for, speak_answer
from bot.speech.contacts import speak_contact, speak_contact_choice
from bot.speech.facts import DeskFacts
from bot.speech.follow_ups import speak_follow_up
from bot.speech.reply import Reply
from bot.speech.views import contact_view, tel

KB = load(Path(__file__).parents[2] / "kb")
WORKED = datetime.datetime(2026, 11, 20, 10, 0, tzinfo=TAIPEI)
SUNDAY = datetime.datetime(2026, 11, 22, 10, 0, tzinfo=TAIPEI)
CONTEXTS: list[dict[str, str]] = [
    {},
    *({part.key: part.value} for answer in KB.answers.values() for part in answer.parts),
    {"provider": "egov", "portal": "teacher", "identity": "civil_servant"},
]
CONTEXTS = [one for at, one in enumerate(CONTEXTS) if one not in CONTEXTS[:at]]
PHONE = re.compile(r"(?<![\d/-])0?\d{1,3}(?:-\d{3,4}){1,2}(?![\d-])")
MAIL = re.compile(r"[\w.-]+@[\w-]+(?:\.[\w-]+)+")
RFC_3966 = re.compile(r"\+[\d-]*\d[\d-]*(?:;ext=[\d-]+)?|[\d-]*\d[\d-]*;phone-context=\+\d+")


def view_of(reply: Reply) -> dict[str, Any]:
    assert reply.custom is not None
    return dict(reply.custom["view"])


def texts_in(value: Any) -> Iterator[str]:
    """Every text in a view, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from texts_in(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts_in(one)


def expected_lines(view: dict[str, Any], say: Any) -> list[str]:
    """The lines that tell what the view shows, before the desks and the sources."""

    def steps(texts: list[str]) -> list[str]:
        return [say["step"].format(number=number, text=text) for number, text in enumerate(texts, 1)]

    def notes(texts: list[str]) -> list[str]:
        return [say["note"].format(text=text) for text in texts]

    lines = [view["short"], *steps(view["steps"])]
    for part in view["parts"]:
        lines.append(say["part_heading"].format(title=part["title"]))
        lines += [part["short"], *steps(part["steps"]), *notes(part["notes"])]
    lines += [say["notes_heading"], *notes(view["notes"])] if view["notes"] else []
    lines += [say["links_heading"]] if view["links"] else []
    lines += [say["link_line"].format(title=link["title"], url=link["url"]) for link in view["links"]]
    return [line for text in lines for line in text.splitlines() if line]


@pytest.mark.parametrize("now", [WORKED, SUNDAY], ids=["open", "closed"])
@pytest.mark.parametrize("topic", sorted(KB.answers))
def test_the_view_of_every_answer_shows_what_its_text_says_in_the_same_order(
    topic: str, now: datetime.datetime, knowledge: Knowledge
) -> None:
    say = knowledge.phrases
    for context in CONTEXTS:
        reply = speak_answer(knowledge.answers[topic], context, knowledge, now)
        view = view_of(reply)

        lines = [line for line in reply.text.splitlines() if line]
        *body, source_line = lines
        count = len(view["contacts"])
        desks = body[len(body) - count :] if count else []
        body = body[: len(body) - count - 1] if count else body
        assert body == expected_lines(view, say)
        for line, contact in zip(desks, view["contacts"], strict=True):
            assert_same_desk(line, contact)
        named = [(source["title"], section) for source in view["sources"] for section in source["sections"]]
        for source in knowledge.answers[topic].sources[:MOST_SOURCES]:
            title = knowledge.documents[source.document].title
            assert f"《{title}》" in source_line and source.section in source_line
            assert (title, source.section) in named
        assert view["reviewed"] in source_line


def assert_same_desk(text: str, contact: dict[str, Any]) -> None:
    """The text tells the name, the numbers, the mailboxes and the hours of the view, and no others."""
    assert contact["name"] in text
    assert all(phone["text"] in text for phone in contact["phones"])
    shown = [number for phone in contact["phones"] for number in PHONE.findall(phone["text"])]
    assert PHONE.findall(text) == shown
    assert MAIL.findall(text) == contact["mailboxes"]
    for told in (contact["hours"], contact["state"], contact["website"]):
        assert told is None or told in text
    assert (contact["hours"] is None) == (contact["state"] is None) == (contact["open_now"] is None)


@pytest.mark.parametrize("topic", sorted(KB.answers))
def test_every_step_and_note_of_an_answer_in_kb_stands_in_its_view_filled_in(topic: str, knowledge: Knowledge) -> None:
    answer = knowledge.answers[topic]
    for context in CONTEXTS:
        view = view_of(speak_answer(answer, context, knowledge, WORKED))

        chosen = parts_for(answer, context)
        assert view["steps"] == [fill(step, knowledge) for step in answer.steps]
        assert view["notes"] == [fill(note, knowledge) for note in answer.notes]
        assert [(part["title"], part["steps"], part["notes"]) for part in view["parts"]] == [
            (part.title, [fill(one, knowledge) for one in part.steps], [fill(one, knowledge) for one in part.notes])
            for part in chosen
        ]
        assert not any(re.search(r"[{}]|None|\bunknown\b", text) for text in texts_in(view))
        assert json.loads(json.dumps(view)) == view


@pytest.mark.parametrize("topic", sorted(KB.answers))
def test_the_sources_of_a_view_are_all_of_the_answer_one_entry_a_document(topic: str, knowledge: Knowledge) -> None:
    answer = knowledge.answers[topic]

    view = view_of(speak_answer(answer, {}, knowledge, WORKED))

    titles = [source["title"] for source in view["sources"]]
    shown = {(source["title"], section) for source in view["sources"] for section in source["sections"]}
    assert len(titles) == len(set(titles))
    assert shown == {(knowledge.documents[one.document].title, one.section) for one in answer.sources}


@pytest.mark.parametrize("now", [WORKED, SUNDAY], ids=["open", "closed"])
@pytest.mark.parametrize("desk_id", sorted(KB.desks))
def test_the_view_of_every_desk_shows_what_its_card_says(
    desk_id: str, now: datetime.datetime, knowledge: Knowledge
) -> None:
    desk = knowledge.desks[desk_id]
    for reply in (speak_contact(desk_id, knowledge, now),):
        view = view_of(reply)

        assert list(view) == ["desk", "name", "phones", "mailboxes", "hours", "state", "open_now", "website"]
        assert reply.custom is not None
        assert (view["desk"], view["open_now"]) == (desk_id, reply.custom["open_now"])
        # The fax is for documents and the next desk is another one: neither is a way to reach this desk.
        fax, following = knowledge.phrases["fact_fax"].split("{")[0], knowledge.desks[desk.next_desk]
        own = [line for line in reply.text.splitlines() if fax not in line and following.name not in line]
        assert_same_desk("\n".join([*own, desk.name]), view)
        assert [phone["text"].startswith(one.number) for phone, one in zip(view["phones"], desk.phones)] == [
            True
        ] * len(desk.phones)
        assert json.loads(json.dumps(view)) == view


def test_who_names_no_desk_sees_the_platforms(knowledge: Knowledge) -> None:
    view = view_of(speak_contact_choice(knowledge, WORKED))

    assert view == contact_view(knowledge.desks["platform"], DeskFacts(knowledge, WORKED))


def test_a_desk_is_open_until_when_in_the_words_of_the_text(knowledge: Knowledge) -> None:
    view = contact_view(knowledge.desks["egov"], DeskFacts(knowledge, WORKED))

    assert view == {
        "desk": "egov",
        "name": "我的e政府客服",
        "phones": [{"text": "02-2192-7111", "tel": "+886-2-2192-7111"}],
        "mailboxes": ["egov@service.gov.tw"],
        "hours": "週一至週五 08:30–18:00，例假日除外",
        "state": "現在服務中，到 18:00",
        "open_now": True,
        "website": "https://www.cp.gov.tw/portal/",
    }


def test_two_sources_in_one_document_stand_under_its_title_once(knowledge: Knowledge) -> None:
    sources = (Source("004", "(一)(2)"), Source("003", "一"), Source("004", "(三)(5)"))
    answer = replace(knowledge.answers["forgot_password"], sources=sources)

    view = view_of(speak_answer(answer, {}, knowledge, WORKED))

    assert view["sources"] == [
        {"title": knowledge.documents["004"].title, "sections": ["(一)(2)", "(三)(5)"]},
        {"title": knowledge.documents["003"].title, "sections": ["一"]},
    ]


@pytest.mark.parametrize(
    ("number", "extensions", "expected"),
    [
        ("02-2192-7111", (), "+886-2-2192-7111"),
        ("0800-080-117", (), "+886-800-080-117"),
        ("02-2397-9108", ("2",), "+886-2-2397-9108;ext=2"),
        ("02-2388-4848", ("189", "198"), "+886-2-2388-4848"),
        ("412-1166", (), "412-1166;phone-context=+886"),
        ("1999", (), "1999;phone-context=+886"),
    ],
)
def test_a_number_is_dialled_in_its_international_form_or_as_the_local_one_that_it_is(
    number: str, extensions: tuple[str, ...], expected: str
) -> None:
    assert tel(Phone(number, Source("004", "(一)(5)"), extensions)) == expected


@given(st.from_regex(r"[0-9][0-9-]+[0-9]", fullmatch=True), st.lists(st.from_regex(r"[0-9]+", fullmatch=True)))
def test_any_number_that_kb_may_hold_becomes_a_valid_uri_and_no_digit_is_made_up(
    number: str, extensions: list[str]
) -> None:
    number = number.translate(str.maketrans("", "", "\n"))

    value = tel(Phone(number, Source("004", "(一)(5)"), tuple(extensions)))

    assert RFC_3966.fullmatch(value)
    dialled, _, rest = value.partition(";")
    digits = re.sub(r"\D", "", number)
    assert re.sub(r"\D", "", dialled) == (f"886{digits[1:]}" if digits.startswith("0") else digits)
    assert rest in ("", "phone-context=+886", *(f"ext={extension}" for extension in extensions))


@pytest.mark.parametrize("kind", ["step", "next", "again", "stuck"])
@pytest.mark.parametrize("topic", sorted(KB.answers))
def test_a_follow_up_is_drawn_from_its_text_alone(topic: str, kind: str, knowledge: Knowledge) -> None:
    answer = knowledge.answers[topic]

    reply = speak_follow_up(kind, 1, answer, {}, knowledge, WORKED)

    whole = speak_answer(answer, {}, knowledge, WORKED).custom
    assert whole is not None and "view" in whole
    assert reply.custom == {key: value for key, value in whole.items() if key != "view"}
