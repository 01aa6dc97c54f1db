"""One script of more than forty turns, lived through on the chat page, on LINE and on Telegram: the same meaning."""

from __future__ import annotations

import asyncio
import re
import signal
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
import yaml
from forty_people import (
    PNG,
    Heard,
    LineGroup,
    LinePerson,
    PageVisitor,
    Person,
    TelegramGroup,
    TelegramPerson,
)
from line_platform import Clock, LinePlatform
from rasa_process import Process
from sqlalchemy.engine import Engine
from telegram_stand_in import Telegram

from bot.cases.records import Case
from bot.cases.store import Cases
from bot.knowledge.live import LiveKnowledge
from bot.learners.database import open_database
from bot.settings import Settings

SCRIPT: dict[str, list[dict[str, Any]]] = yaml.safe_load(
    (Path(__file__).parent / "forty_turns.yml").read_text(encoding="utf-8")
)
CHANNELS = ("web", "line", "telegram")
ACTS = {"say", "press", "send", "link", "unlink"}
FACT = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|https?://[!-~]+|0\d{1,3}-\d{3,4}-?\d{3,4}|「[^」\n]{1,30}」|《[^》\n]+》|沒有載明[\w、]+"
)
"""What must not get lost wherever a reply is drawn: mailboxes, addresses, numbers to call, what stands on a screen,
sources, and what nobody knows."""
NEVER = ("{", "}", "None", "Traceback", "0912", "A123456789")
"""What nobody may ever read."""
Lived = list[tuple[dict[str, Any], Heard]]
PEOPLE = 6
"""In each channel, where the server is stopped under them."""
STAFF, LEARNER = "lin.mh", "T0000000004"


@dataclass(frozen=True)
class Stage:
    """The platforms, and the help desk of the server that they talk to."""

    platform: LinePlatform
    telegram: Telegram
    http: aiohttp.ClientSession
    engine: Engine
    cases: Cases


@dataclass(frozen=True)
class Lives:
    """What everybody lived through."""

    heard: dict[tuple[str, str], Lived]
    """By channel and person: each step of the script with what it brought."""
    case_of: dict[str, Case]
    """By channel, the case that the learner opened."""


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def stage(server: Any) -> AsyncIterator[Stage]:
    """LINE and Telegram, where the server expects them; what they would have refused fails the tests."""
    platform, telegram = LinePlatform(Clock(), port=server.line_port), Telegram(server.telegram_port)
    await platform.start()
    await telegram.start()
    engine = open_database(Settings.from_env(server.environment).database_url)
    cases = Cases(engine, LiveKnowledge.shared(server.kb_dir))
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=90)) as http:
        yield Stage(platform, telegram, http, engine, cases)
    await platform.stop()
    await telegram.stop()
    engine.dispose()
    assert platform.faults == [] and telegram.wrong == []


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def lives(server: Any, stage: Stage) -> Lives:
    """All people of the script, side by side."""

    async def person(channel: str) -> Person:
        if channel == "line":
            return LinePerson(server.base, stage.http, stage.platform, stage.engine)
        if channel == "telegram":
            return TelegramPerson(server.base, stage.http, stage.telegram, stage.engine)
        return await PageVisitor.come(server.base, stage.http, server.learner_token, stage.engine)

    people = {(channel, name): await person(channel) for channel in CHANNELS for name in SCRIPT}
    heard = await asyncio.gather(*(live(one, SCRIPT[name], stage.cases) for (_, name), one in people.items()))
    found = {channel: stage.cases.of_conversation(people[channel, "learner"].sender_id) for channel in CHANNELS}
    return Lives(dict(zip(people, heard)), {channel: one[0] for channel, one in found.items() if one})


async def live(person: Person, script: list[dict[str, Any]], cases: Cases) -> Lived:
    """Do one step after the other; a step that cannot be done ends it there."""
    lived: Lived = []
    for step in script:
        try:
            await act(person, step, cases)
        except AssertionError as error:
            lived.append((step, Heard(f"無法照做：{error}")))
            break
        lived.append((step, await person.hear()))
    return lived


async def act(person: Person, step: dict[str, Any], cases: Cases) -> None:
    if "say" in step:
        await person.say(step["say"])
    elif "press" in step:
        await person.press(step["press"])
    elif "send" in step:
        await person.send()
    elif "link" in step:
        await person.link(step["link"])
    elif "unlink" in step:
        await person.unlink()
    else:
        found = await asyncio.to_thread(cases.of_conversation, person.sender_id)
        assert len(found) == 1, f"{len(found)} cases"
        more = [step["text"]] if "text" in step else []
        await asyncio.to_thread(getattr(cases, step["agent"]), found[0].id, STAFF, *more)


def test_the_script_is_long_enough_to_say_something() -> None:
    assert sum(bool(ACTS & set(step)) for steps in SCRIPT.values() for step in steps) >= 40


@pytest.mark.parametrize("name", SCRIPT)
@pytest.mark.parametrize("channel", CHANNELS)
async def test_every_turn_means_what_the_script_says(lives: Lives, channel: str, name: str) -> None:
    wrong = []
    for at, (step, heard) in enumerate(lives.heard[channel, name]):
        missing = [one for one in step.get("has", []) if one not in heard.all]
        missing += [one for one in step.get("buttons", []) if one not in heard.buttons]
        wrongly = [one for one in (*step.get("lacks", []), *NEVER) if one in heard.all]
        # Signing in and out is drawn by the page itself.
        silent = step.get("silent") or (channel == "web" and {"link", "unlink"} & set(step))
        if missing or wrongly or bool(heard.text.strip()) == bool(silent):
            wrong.append(f"{at} {step}: missing {missing}, wrongly {wrongly}\n{heard.all}")

    assert not wrong, "\n\n".join(wrong)
    assert len(lives.heard[channel, name]) == len(SCRIPT[name])


@pytest.mark.parametrize("channel", ["line", "telegram"])
async def test_no_fact_of_a_reply_is_lost_where_it_is_drawn(lives: Lives, channel: str) -> None:
    lost = []
    for name in SCRIPT:
        for (step, page), (_, drawn) in zip(lives.heard["web", name], lives.heard[channel, name]):
            facts = set() if {"link", "unlink"} & set(step) else set(FACT.findall(page.text))
            lost += [f"{step}: {one}" for one in sorted(facts) if one not in drawn.all]

    assert not lost, "\n".join(lost)


@pytest.mark.parametrize("channel", CHANNELS)
async def test_the_case_holds_what_was_given_for_it_and_nothing_else_does(
    lives: Lives, stage: Stage, channel: str
) -> None:
    case = lives.case_of[channel]
    files = stage.cases.files(case.id)
    said = [event.data.get("text", "") for event in stage.cases.events(case.id) if event.kind == "said"]

    assert (case.channel, case.desk, case.learner_id, case.state) == (channel, "platform", LEARNER, "resolved")
    assert case.contact is not None and "0912-345-678" in case.contact
    assert [(one.type, one.size) for one in files] == [("image/png", len(PNG))] * 2
    assert said[0] == "上個月二十號，怎麼退選" and "剛才傳的是完成畫面" in said
    assert not any("0912" in str(one) for one in (case.transcript, case.fields, said))


@pytest.mark.parametrize("words", ["我要反映問題", "找真人客服"])
@pytest.mark.parametrize("channel", ["line", "telegram"])
@pytest.mark.asyncio(loop_scope="module")
async def test_in_a_group_no_case_is_begun(server: Any, stage: Stage, channel: str, words: str) -> None:
    group: Any = LineGroup if channel == "line" else TelegramGroup
    member = group(server.base, stage.http, stage.platform if channel == "line" else stage.telegram, stage.engine)

    await member.say(words)
    refused = await member.hear()
    await member.say("怎麼退選")
    after = await member.hear()

    assert "群組" in refused.text and "聊天室" in refused.text and "取消" not in refused.all
    assert "學習金幣" in after.text and "聯絡資料" not in after.text
    assert stage.cases.of_conversation(member.sender_id) == []


@pytest.mark.asyncio(loop_scope="module")
async def test_a_server_that_is_stopped_in_the_middle_loses_and_repeats_nothing(
    process: Process, tmp_path: Path, stage: Stage
) -> None:
    base = await asyncio.to_thread(process.start)
    engine = open_database(f"sqlite:///{tmp_path / 'epark.db'}")
    people: list[Any] = [LinePerson(base, stage.http, stage.platform, engine) for _ in range(PEOPLE)]
    people += [TelegramPerson(base, stage.http, stage.telegram, engine) for _ in range(PEOPLE)]

    await asyncio.gather(*(one.say("怎麼退選") for one in people))
    # Everybody may still be writing: nobody is answered yet.
    await asyncio.to_thread(process.stop, signal.SIGTERM)
    await asyncio.to_thread(process.start)
    await asyncio.gather(*(one.again() for one in people))
    first = [await one.hear() for one in people]
    await asyncio.gather(*(one.say("謝謝你") for one in people))
    second = [await one.hear() for one in people]
    engine.dispose()

    assert [one.text.count("退選會扣回選課時送的學習金幣") for one in first] == [1] * len(people)
    assert [one.text.count("不客氣") for one in second] == [1] * len(people)
    assert not any("學習金幣" in one.text for one in second)
    assert "Traceback" not in process.log.read_text(encoding="utf-8")


async def test_the_metrics_count_all_of_it_and_name_nobody(server: Any, lives: Lives) -> None:
    async with aiohttp.ClientSession() as http, http.get(f"{server.base}/metrics") as answer:
        text = await answer.text()

    for channel in CHANNELS:
        counted = sum(map(int, re.findall(rf'epark_turns_total{{channel="{channel}",outcome="\w+"}} (\d+)', text)))
        assert counted >= 40
        assert f'epark_outbox_waiting{{channel="{channel}"}} 0' in text
    assert re.search(r"^epark_line_quota_used \d+$", text, re.MULTILINE)
    assert LEARNER not in text and "0912" not in text
