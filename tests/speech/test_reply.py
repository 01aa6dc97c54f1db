"""The neutral reply and its shape as a Rasa response."""

from __future__ import annotations

from bot.knowledge.models import Knowledge
from bot.speech.reply import Reply, desk_buttons, topic_buttons


def test_a_plain_reply_has_a_text_and_nothing_else() -> None:
    assert Reply("您好").as_response() == {"text": "您好"}


def test_buttons_and_the_machine_readable_part_take_rasas_shape() -> None:
    reply = Reply("哪一個？", (("甲", "我要甲"), ("乙", "乙")), {"type": "suggest", "topics": []})

    response = reply.as_response()

    assert response == {
        "text": "哪一個？",
        "buttons": [{"title": "甲", "payload": "我要甲"}, {"title": "乙", "payload": "乙"}],
        "custom": {"type": "suggest", "topics": []},
    }


def test_an_empty_machine_readable_part_is_kept() -> None:
    assert Reply("好", (), {}).as_response() == {"text": "好", "custom": {}}


def test_a_reply_without_its_view_keeps_all_else() -> None:
    reply = Reply("好", (("甲", "甲"),), {"type": "contact", "view": {"desk": "egov"}})

    assert reply.without_view() == Reply("好", (("甲", "甲"),), {"type": "contact"})
    assert Reply("好").without_view() == Reply("好")


def test_a_topic_button_sends_its_title_and_unknown_topics_make_none(knowledge: Knowledge) -> None:
    title = knowledge.topics["system_slow"].title

    assert topic_buttons(["system_slow", "deleted"], knowledge) == ((title, title),)


def test_a_desk_button_asks_for_the_desks_contact_facts(knowledge: Knowledge) -> None:
    ((title, payload),) = desk_buttons(["egov"], knowledge)

    assert title == payload == knowledge.phrases["contact_button"].format(aka=knowledge.desks["egov"].aka)
