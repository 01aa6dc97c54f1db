"""What the page suggests while a person types."""

from __future__ import annotations

import datetime
import json
import shutil
from pathlib import Path
from typing import Any

from bot.channels.web_index import MOST_WORDS, Index, index_of, typical_questions
from bot.desks.hours import TAIPEI
from bot.knowledge.live import LiveKnowledge
from bot.knowledge.models import Knowledge

PROJECT = Path(__file__).parents[2]


def test_the_shortest_distinct_questions_of_a_topic_are_typical(tmp_path: Path) -> None:
    (tmp_path / "faq").mkdir()
    (tmp_path / "faq" / "a.yml").write_text(
        "nlu:\n- intent: faq/one\n  examples: |\n    - 怎麼辦呢\n    - 退選\n    - 退選？\n    - 退 選\n"
        "    - 取消選課\n"
        "- intent: greet\n  examples: |\n    - hi\n- synonym: x\n  examples: |\n    - y\n",
        encoding="utf-8",
    )
    (tmp_path / "b.yml").write_text("nlu: [broken", encoding="utf-8")

    assert typical_questions(tmp_path) == {"one": ["退選", "怎麼辦呢", "取消選課"], "greet": ["hi"]}


def test_every_topic_but_small_talk_is_found_with_its_title_and_questions(knowledge: Knowledge) -> None:
    index = index_of(knowledge, typical_questions(PROJECT / "bot" / "data" / "nlu"))

    wanted = {topic.id for topic in knowledge.topics.values() if topic.kind != "conversation"}
    assert {one["id"] for one in index["topics"]} == wanted
    assert {"my_hours_status", "contact_desk", "talk_to_human", "forgot_password"} <= wanted
    for one in index["topics"]:
        assert one["title"] and 1 <= len(one["words"]) <= MOST_WORDS
        assert "{" not in one["short"] and bool(one["short"]) == (one["id"] in knowledge.answers)
    titles = {one["title"] for one in index["topics"]}
    assert len(index["starters"]) == 5 and set(index["starters"]) <= titles


def test_the_index_holds_what_is_announced_just_now(tmp_path: Path) -> None:
    shutil.copytree(PROJECT / "kb", tmp_path / "kb")
    (tmp_path / "kb" / "notices.yml").write_text(
        "notices: [{id: outage, text: 停機維護, topics: [], from: 2026-12-05, to: 2026-12-05}]\n", encoding="utf-8"
    )
    moments = [datetime.datetime(2026, 12, day, 9, 0, tzinfo=TAIPEI) for day in (4, 5, 6)]
    now = iter(moments)
    index = Index(LiveKnowledge(tmp_path / "kb"), PROJECT, lambda: next(now))

    assert [json.loads(index.body())["notices"] for _moment in moments] == [[], ["停機維護"], []]


async def test_the_index_needs_no_ticket_and_is_sent_once(site: Any) -> None:
    async with site.http.get(site.url("index")) as answer:
        index, tag = await answer.json(), answer.headers["ETag"]
    async with site.http.get(site.url("index"), headers={"If-None-Match": tag}) as again:
        assert (again.status, await again.read()) == (304, b"")

    assert index["topics"] and index["starters"]


async def test_the_settings_tell_who_may_embed_the_page(open_site: Any) -> None:
    site = await open_site(EPARK_WEB_ORIGINS="https://elearn.example.gov.tw")

    assert await site.call("GET", "settings") == (200, {"origins": ["https://elearn.example.gov.tw"]})
