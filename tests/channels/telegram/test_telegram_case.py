"""A case on Telegram: the agent's words arrive in the person's chat, and the person's words and files at the agent."""

from __future__ import annotations

from telegram_people import Bot, Phone
from telegram_stand_in import Telegram

from bot.cases.records import REPORT, Draft

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 40


async def test_an_agent_and_a_person_talk_over_the_case(bot: Bot, telegram: Telegram, phone: Phone) -> None:
    desk = bot.channel._door.desk
    assert desk is not None
    draft = Draft(REPORT, "platform", "telegram", "telegram-1001", "時數沒有上傳")
    case = desk.cases.open(draft)
    desk.cases.take(case.id, "agent")
    await telegram.until_sent(1)

    desk.cases.reply(case.id, "agent", "請問是 <哪> 一門課？")
    await telegram.until_sent(2)
    await bot.get(phone.text("公務倫理"))
    await telegram.until_sent(3)
    telegram.files = {"a": PNG}
    await bot.get(phone.message(photo=[{"file_id": "a", "width": 9, "height": 9}]))
    await bot.idle()

    said = [event for event in desk.cases.events(case.id) if event.kind == "said"]
    assert telegram.texts()[1] == f"{bot.phrases['telegram_agent']}\n\n請問是 <哪> 一門課？"
    assert [event.data["text"] for event in said] == ["公務倫理", bot.phrases["case_file_sent"]]
    assert said[1].data["files"] == 1
    assert len(telegram.sent) == 3
    assert bot.heard == []
