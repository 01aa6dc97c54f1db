"""Speaking an answer of the knowledge base."""

from __future__ import annotations

import datetime
import re
from dataclasses import replace
from pathlib import Path

import pytest

from bot.desks.hours import TAIPEI
from bot.knowledge.load import load
from bot.knowledge.models import Answer, Knowledge, Link, Notice, Part, Source
from bot.speech.answers import MOST_RELATED, parts_for, speak_answer
from bot.speech.reply import Reply

FRIDAY_MORNING = datetime.datetime(2026, 11, 20, 10, 0, tzinfo=TAIPEI)
KB = Path(__file__).parents[2] / "kb"
ANSWERS = sorted(load(KB).answers)
CONTEXTS = [
    {},
    *({"provider": value} for value in ("ecpa", "egov", "facebook", "google", "apple")),
    *({"portal": value} for value in ("lifelong", "env_edu", "teacher")),
    *({"identity": value} for value in ("civil_servant", "general_public")),
    {"provider": "egov", "portal": "teacher", "identity": "civil_servant"},
    {"provider": "nothing we know"},
]


def part(value: str, **changes: object) -> Part:
    return replace(Part("provider", value, title=f"用{value}", short=f"{value}的說明"), **changes)


def answer(**changes: object) -> Answer:
    """A small answer of our own, so that no edit in kb/ changes what these tests see."""
    plain = Answer(
        topic="forgot_password",
        title="忘記密碼",
        desk="platform",
        reviewed=datetime.date(2026, 11, 1),
        short="請回原網站。",
        steps=("第一步", "第二步"),
        notes=("小心",),
        parts=(),
        contacts=("platform",),
        links=(),
        related=(),
        sources=(Source("004", "(一)(2)"),),
        settled=("不說出來的決定",),
        path=Path("kb/answers/forgot_password.yml"),
    )
    return replace(plain, **changes)


def test_there_is_an_answer_for_every_faq_topic_and_there_are_55(knowledge: Knowledge) -> None:
    faq = {topic.id for topic in knowledge.topics.values() if topic.kind == "faq"}

    assert set(knowledge.answers) == faq
    assert len(faq) == 55


@pytest.mark.parametrize("topic", ANSWERS)
def test_every_answer_renders_in_every_context_without_a_placeholder_left(topic: str, knowledge: Knowledge) -> None:
    for context in CONTEXTS:
        reply = speak_answer(knowledge.answers[topic], context, knowledge, FRIDAY_MORNING, 0.9)

        said = [reply.text, *(text for button in reply.buttons for text in button)]
        assert not any(re.search(r"[{}]|None|\bunknown\b", text) for text in said)
        assert "\n\n\n" not in reply.text and reply.text == reply.text.strip()
        assert all(title == payload and title for title, payload in reply.buttons)
        assert len(reply.buttons) <= MOST_RELATED


@pytest.mark.parametrize("topic", ANSWERS)
def test_every_answer_carries_the_machine_readable_part_of_the_contract(topic: str, knowledge: Knowledge) -> None:
    spoken = knowledge.answers[topic]

    custom = speak_answer(spoken, {}, knowledge, FRIDAY_MORNING, 0.876543).custom

    assert custom is not None
    assert list(custom) == ["type", "topic", "score", "desk", "sources", "reviewed", "view"]
    assert (custom["type"], custom["topic"], custom["score"]) == ("answer", topic, 0.8765)
    assert custom["desk"] in knowledge.desks
    assert custom["sources"] and all(list(source) == ["document", "section"] for source in custom["sources"])
    assert custom["reviewed"] == spoken.reviewed.isoformat()


def test_the_text_alone_says_everything_in_order(knowledge: Knowledge) -> None:
    text = speak_answer(answer(), {}, knowledge, FRIDAY_MORNING).text

    said = ["請回原網站。", "1. 第一步", "2. 第二步", "小心", knowledge.desks["platform"].name, "(一)(2)", "2026-11-01"]
    places = [text.index(one) for one in said]
    assert places == sorted(places)
    assert "不說出來的決定" not in text


def test_of_the_parts_only_those_that_the_context_names_are_spoken(knowledge: Knowledge) -> None:
    both = answer(parts=(part("ecpa", steps=("到eCPA",)), part("egov", notes=("只限一般會員",))))

    named = speak_answer(both, {"provider": "egov", "portal": "teacher"}, knowledge, FRIDAY_MORNING).text

    assert "egov的說明" in named and "只限一般會員" in named
    assert "ecpa" not in named and "到eCPA" not in named
    assert "第一步" in named and "小心" in named


@pytest.mark.parametrize("context", [{}, {"provider": "google"}, {"portal": "egov"}])
def test_all_parts_are_spoken_where_the_context_names_none_of_this_answers(
    context: dict[str, str], knowledge: Knowledge
) -> None:
    both = answer(parts=(part("ecpa"), part("egov")))

    text = speak_answer(both, context, knowledge, FRIDAY_MORNING).text

    assert text.index("ecpa的說明") < text.index("egov的說明")
    assert parts_for(both, context) == both.parts


def test_the_contacts_and_the_desk_are_those_of_the_part_that_was_chosen(knowledge: Knowledge) -> None:
    both = answer(parts=(part("ecpa", contacts=("ecpa",)), part("egov", contacts=("egov",))))

    chosen = speak_answer(both, {"provider": "egov"}, knowledge, FRIDAY_MORNING)
    whole = speak_answer(replace(both, contacts=("moica",)), {}, knowledge, FRIDAY_MORNING)

    assert knowledge.desks["egov"].mailboxes[0].address in chosen.text
    assert knowledge.desks["platform"].mailboxes[0].address not in chosen.text
    assert chosen.custom is not None and chosen.custom["desk"] == "egov"
    assert knowledge.desks["moica"].phones[0].number in whole.text
    assert knowledge.desks["egov"].mailboxes[0].address not in whole.text
    assert whole.custom is not None and whole.custom["desk"] == "platform"


def test_a_chosen_part_without_contacts_leaves_those_of_the_answer(knowledge: Knowledge) -> None:
    both = answer(parts=(part("ecpa"), part("egov")), contacts=("moica",))

    reply = speak_answer(both, {"provider": "egov"}, knowledge, FRIDAY_MORNING)

    assert knowledge.desks["moica"].phones[0].number in reply.text


def test_placeholders_are_filled_with_the_facts_of_the_desks_and_links(knowledge: Knowledge) -> None:
    spoken = answer(
        short="寄到{mail:egov}，電話{phone:egov}，傳真{fax:egov}，洽{desk:egov}。", steps=("開{link:egov}",)
    )

    text = speak_answer(spoken, {}, knowledge, FRIDAY_MORNING).text

    egov = knowledge.desks["egov"]
    for fact in (egov.mailboxes[0].address, egov.phones[0].number, egov.faxes[0].number, egov.name):
        assert fact in text
    assert knowledge.links["egov"].url in text


def test_a_link_that_the_steps_already_say_is_not_listed_again(knowledge: Knowledge) -> None:
    links = {**knowledge.links, "new": Link("new", "新網站", "https://new.example", Source("004", "(一)(2)"))}
    richer = replace(knowledge, links=links)

    said = speak_answer(answer(links=("new",), steps=("開{link:new}",)), {}, richer, FRIDAY_MORNING).text
    unsaid = speak_answer(answer(links=("new",)), {}, richer, FRIDAY_MORNING).text

    assert said.count("https://new.example") == unsaid.count("https://new.example") == 1
    assert "新網站" in unsaid and "新網站" not in said


def test_links_and_related_topics_of_spoken_parts_alone_are_offered(knowledge: Knowledge) -> None:
    parts = (
        part("ecpa", related=("ecpa_first_login",), links=("ecpa",)),
        part("egov", related=("egov_account_locked",), links=("egov",)),
    )
    spoken = answer(parts=parts, related=("change_profile",))

    reply = speak_answer(spoken, {"provider": "ecpa"}, knowledge, FRIDAY_MORNING)

    titles = [knowledge.topics[topic].title for topic in ("ecpa_first_login", "change_profile")]
    assert [title for title, _payload in reply.buttons] == titles
    assert knowledge.links["ecpa"].url in reply.text and knowledge.links["egov"].url not in reply.text


def test_at_most_three_related_topics_are_offered_and_never_the_topic_itself(knowledge: Knowledge) -> None:
    related = ("forgot_password", "change_profile", "search_course", "start_course", "system_slow")

    reply = speak_answer(answer(related=related), {}, knowledge, FRIDAY_MORNING)

    titles = [title for title, _payload in reply.buttons]
    assert titles == [knowledge.topics[topic].title for topic in related[1:4]]


def test_the_first_three_sources_are_named_and_the_machine_readable_part_has_them_all(knowledge: Knowledge) -> None:
    sections = list(knowledge.documents["004"].sections)[:5]
    sources = tuple(Source("004", section) for section in sections)

    reply = speak_answer(answer(sources=sources), {}, knowledge, FRIDAY_MORNING)

    last_line = reply.text.splitlines()[-1]
    assert knowledge.documents["004"].title in last_line
    assert all(section in last_line for section in sections[:3])
    assert "5" in last_line.replace(sections[0], "").replace(sections[1], "").replace(sections[2], "")
    assert reply.custom is not None and len(reply.custom["sources"]) == 5


def test_a_notice_that_holds_heads_the_answers_that_it_concerns(knowledge: Knowledge) -> None:
    begin = datetime.datetime(2026, 11, 20, 8, 0, tzinfo=TAIPEI)
    end = begin + datetime.timedelta(hours=4)
    notice = Notice("outage", "平臺停機維護（{link:platform_home}）", ("withdraw_course",), begin, end)
    told = replace(knowledge, notices=(notice,))

    def spoken(topic: str, now: datetime.datetime) -> Reply:
        return speak_answer(told.answers[topic], {}, told, now)

    held = spoken("withdraw_course", begin)
    assert held.text.startswith("【公告】平臺停機維護（https://")
    assert held.custom is not None and len(held.custom["view"]["notices"]) == 1
    assert "公告" not in spoken("course_period", begin).text.split("\n")[0]
    assert "平臺停機維護" not in spoken("withdraw_course", end).text
