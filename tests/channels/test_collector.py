"""Collecting the replies of one turn."""

from __future__ import annotations

from bot.channels.collector import WholeMessages


async def test_a_text_with_blank_lines_stays_one_message() -> None:
    collector = WholeMessages()

    await collector.send_text_message("a", "一\n\n二\n\n三")

    assert collector.messages == [{"recipient_id": "a", "text": "一\n\n二\n\n三"}]


async def test_messages_are_kept_in_the_order_in_which_they_were_sent() -> None:
    collector = WholeMessages()

    await collector.send_text_message("a", "一")
    await collector.send_custom_json("a", {"type": "fallback"})
    await collector.send_text_message("a", "二")

    assert [list(one)[1] for one in collector.messages] == ["text", "custom", "text"]
