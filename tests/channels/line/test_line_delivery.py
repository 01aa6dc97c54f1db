"""Sending on LINE: for free where it can be, out of the quota where it must be, and once whatever fails."""

from __future__ import annotations

from typing import Any

import pytest
from line_platform import ANN, BEN

from bot.queues.records import Outbound

pytestmark = pytest.mark.thorough


async def test_an_answer_whose_token_is_too_old_is_pushed(line: Any, platform: Any) -> None:
    line.go.clear()
    await line.say(ANN, "忘記密碼")
    await platform.until(lambda: line.heard)

    platform.clock.move(100)
    line.go.set()
    answer = (await platform.told())[0]

    assert (answer.person, answer.how, answer.text) == (ANN, "push", "聽到：忘記密碼")


async def test_a_token_that_line_gave_up_early_is_followed_by_a_push(line: Any, platform: Any) -> None:
    platform.token_seconds = 0

    answer = await line.ask(ANN, "忘記密碼")

    assert answer.how == "push"


@pytest.mark.parametrize("trouble", ["429", "500", "silent", "lost"])
async def test_a_reply_that_fails_is_tried_again_and_arrives_once(trouble: str, line: Any, platform: Any) -> None:
    platform.trouble = [trouble]

    await line.ask(ANN, "忘記密碼")
    await line.idle()

    assert [(one.how, one.text) for one in platform.delivered] == [("reply", "聽到：忘記密碼")]
    assert platform.requests["reply"] == 2


@pytest.mark.parametrize("trouble", ["429", "500", "silent", "lost"])
async def test_a_push_that_fails_is_tried_again_with_its_key_and_arrives_once(
    trouble: str, line: Any, platform: Any
) -> None:
    platform.trouble = [trouble]

    line.channel.works.outbox.put([agent_says(1, "已經處理好了")])
    await platform.told()
    await line.idle()

    assert [(one.how, one.person) for one in platform.delivered] == [("push", ANN)]
    assert platform.requests["push"] == 2


async def test_line_that_is_down_for_ten_minutes_loses_nothing_and_repeats_nothing(line: Any, platform: Any) -> None:
    platform.down = True
    for number in range(3):
        await line.say(ANN, f"甲{number}")
        await line.say(BEN, f"乙{number}")
        await platform.until(lambda number=number: len(line.heard) == 2 * (number + 1))
    await platform.until(lambda: platform.requests["reply"] >= 2)

    platform.clock.move(600)
    platform.down = False
    for _ in range(20):
        platform.clock.move(300)
        await platform.until(lambda: not line.channel.works.delivery._running)
    await line.idle()

    for person, sign in ((ANN, "甲"), (BEN, "乙")):
        told = [one.text for one in platform.delivered if one.person == person]
        assert "\n".join(told).split("\n") == [f"聽到：{sign}{number}" for number in range(3)]


async def _crashed_before_recording(open_line: Any, platform: Any, seconds: int) -> None:
    """A reply went out, the process died before it wrote that down, and a new one looks so many seconds later."""
    line = await open_line()
    line.channel.works.outbox.sent = lambda id: (_ for _ in ()).throw(OSError("the disk is gone"))
    await line.ask(ANN, "忘記密碼")
    await line.kill()
    platform.clock.move(seconds)
    again = await open_line()
    await again.idle()


async def test_after_a_crash_between_reply_and_record_the_token_tells_that_it_arrived(
    open_line: Any, platform: Any
) -> None:
    await _crashed_before_recording(open_line, platform, seconds=41)

    assert len(platform.delivered) == 1
    assert platform.requests["reply"] == 2 and platform.requests["push"] == 0


async def test_after_a_crash_that_outlives_the_token_an_answer_rather_comes_twice_than_never(
    open_line: Any, platform: Any
) -> None:
    await _crashed_before_recording(open_line, platform, seconds=300)

    assert [one.how for one in platform.delivered] == ["reply", "push"]


async def test_a_message_that_was_not_begun_when_the_process_died_is_answered_after(
    open_line: Any, platform: Any
) -> None:
    line = await open_line()
    line.go.clear()
    await line.say(ANN, "忘記密碼")
    await platform.until(lambda: line.heard)

    await line.kill()
    platform.clock.move(200)
    again = await open_line()
    await again.idle()

    assert [(one.how, one.text) for one in platform.delivered] == [("push", "聽到：忘記密碼")]


async def test_where_the_quota_is_low_an_answer_waits_and_stands_in_front_of_the_next(line: Any, platform: Any) -> None:
    platform.limit, platform.used = 200, 190
    await late(line, platform, "忘記密碼")
    await line.idle()
    before = list(platform.delivered)

    answer = await line.ask(ANN, "怎麼退選")
    after = await line.ask(ANN, "客服電話")

    assert before == []
    assert (answer.how, answer.text) == ("reply", "聽到：忘記密碼\n聽到：怎麼退選")
    assert after.text == "聽到：客服電話"
    assert platform.requests["push"] == 0


async def test_what_the_help_desk_says_is_pushed_also_where_the_quota_is_low(line: Any, platform: Any) -> None:
    platform.limit, platform.used = 200, 199

    line.channel.works.outbox.put([agent_says(1, "已經處理好了"), agent_says(2, "還有一件事")])
    await line.idle()
    first = list(platform.delivered)
    answer = await line.ask(ANN, "謝謝")

    assert [(one.how, "已經處理好了" in one.text) for one in first] == [("push", True)]
    assert "還有一件事" in answer.text and "聽到：謝謝" in answer.text
    assert line.channel.works.quota.left == 0


async def test_what_the_help_desk_said_is_pushed_once_there_is_a_quota_again(line: Any, platform: Any) -> None:
    platform.limit = platform.used = 200
    line.channel.works.outbox.put([agent_says(1, "已經處理好了")])
    await line.idle()
    before = list(platform.delivered)

    await line.channel.works.upkeep.push_what_waits()
    platform.used = 0
    line.channel.works.quota._looked = float("-inf")
    await line.channel.works.upkeep.push_what_waits()
    await line.channel.works.upkeep.push_what_waits()
    await line.idle()

    assert before == []
    assert [(one.how, "已經處理好了" in one.text) for one in platform.delivered] == [("push", True)]


async def test_a_quota_that_line_says_is_used_up_is_believed(line: Any, platform: Any) -> None:
    await late(line, platform, "忘記密碼")
    await platform.told()
    platform.limit = platform.used

    await late(line, platform, "怎麼退選")
    await line.idle()
    answer = await line.ask(ANN, "客服電話")

    assert [one.how for one in platform.delivered] == ["push", "reply"]
    assert answer.text == "聽到：怎麼退選\n聽到：客服電話"
    assert line.channel.works.quota.left == 0


async def test_a_card_that_line_does_not_take_is_said_in_plain_text(
    line: Any, platform: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    line.answers["時數"] = [{"text": "甲\n乙", "custom": {"type": "diagnosis", "state": "waiting"}}]
    platform.refuse_flex = True

    answer = await line.ask(ANN, "時數")

    assert answer.messages == [{"type": "text", "text": "甲\n乙"}]


async def test_what_line_will_never_take_becomes_a_dead_letter(line: Any, platform: Any) -> None:
    platform.trouble = ["403"]

    line.channel.works.outbox.put([agent_says(1, "已經處理好了")])
    await line.idle()

    assert platform.delivered == []
    assert [one.why[:3] for one in line.channel.works.outbox.dead("line")] == ["403"]


async def test_a_wrong_channel_token_loses_nothing(line: Any, platform: Any) -> None:
    platform.trouble = ["401"]

    line.channel.works.outbox.put([agent_says(1, "已經處理好了")])
    works = line.channel.works
    await platform.until(lambda: platform.requests["push"] == 1 and not works.delivery._running)
    platform.clock.move(61)
    await line.idle()

    assert [one.how for one in platform.delivered] == ["push"]


async def test_a_database_that_forgets_what_was_told_is_waited_for(line: Any, platform: Any) -> None:
    platform.limit, platform.used = 200, 190
    await late(line, platform, "忘記密碼")
    await line.idle()
    held = line.channel.works.held
    real, failures = held.done, [OSError("away")]
    held.done = lambda ids: (_ for _ in ()).throw(failures.pop()) if failures else real(ids)

    await line.ask(ANN, "怎麼退選")
    await line.idle()
    after = await line.ask(ANN, "客服電話")

    assert after.text == "聽到：客服電話"


def agent_says(number: int, text: str) -> Outbound:
    message = {"text": text, "custom": {"type": "agent"}}
    return Outbound(f"case:17:event:{number}", "line", ANN, {"messages": [message]})


async def late(line: Any, platform: Any, text: str) -> None:
    """Ask something whose answer comes when its token is dead."""
    count = len(line.heard)
    line.go.clear()
    await line.say(ANN, text)
    await platform.until(lambda: len(line.heard) > count)
    platform.clock.move(100)
    line.go.set()
