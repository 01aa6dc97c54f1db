"""Pictures and PDFs sent on Telegram: kept for a case, told by their content, or refused with a sentence."""

from __future__ import annotations

from typing import Any

from telegram_people import PATIENT, Bot, OpenBot, Phone
from telegram_stand_in import Fault, Telegram

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 40
PDF = b"%PDF-1.7\n" + b"\x00" * 40


def photo(*ids: str) -> list[dict[str, Any]]:
    """A photo in several sizes, as Telegram tells of it."""
    return [{"file_id": one, "width": 90 * at, "height": 60 * at, "file_size": 100} for at, one in enumerate(ids, 1)]


def kept(bot: Bot) -> list[tuple[str, str, str]]:
    with bot.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT session_id, name, type FROM web_attachment ORDER BY at, name")
        return [tuple(row) for row in rows]


async def test_the_largest_size_of_a_photo_is_kept(bot: Bot, telegram: Telegram, phone: Phone) -> None:
    telegram.files = {"large": PNG}
    await bot.get(phone.message(photo=photo("small", "large")))

    (sent,) = await telegram.until_sent(1)

    assert kept(bot) == [("telegram-1001", "file.png", "image/png")]
    assert sent.text == "\n".join([bot.phrases["file_kept"].format(count=1), bot.phrases["file_what_for"]])


async def test_a_document_keeps_its_name_without_personal_data(bot: Bot, telegram: Telegram, phone: Phone) -> None:
    telegram.files = {"d": PDF}
    await bot.get(phone.message(document={"file_id": "d", "file_name": "A123456789的紀錄.exe", "mime_type": "x/y"}))
    await telegram.until_sent(1)

    assert kept(bot) == [("telegram-1001", "[身分證字號]的紀錄.exe.pdf", "application/pdf")]


async def test_an_album_is_one_turn_and_its_words_are_the_question(
    open_bot: OpenBot, telegram: Telegram, phone: Phone
) -> None:
    bot = await open_bot(PATIENT)
    telegram.files = {name: PNG for name in "abc"}
    for name in "abc":
        words = {"caption": "時數沒上傳"} if name == "a" else {}
        await bot.get(phone.message(photo=photo(name), media_group_id="g", **words))
    await telegram.until_sent(2)
    await bot.idle()

    assert telegram.texts() == [bot.phrases["file_kept"].format(count=3), "聽到：時數沒上傳"]
    assert len(kept(bot)) == 3 and len(bot.heard) == 1


async def test_what_is_neither_picture_nor_pdf_is_refused(bot: Bot, telegram: Telegram, phone: Phone) -> None:
    telegram.files = {"x": b"MZ\x90\x00"}
    await bot.get(phone.message(document={"file_id": "x", "file_name": "畫面.png", "mime_type": "image/png"}))

    (sent,) = await telegram.until_sent(1)

    assert sent.text == bot.phrases["file_unknown"] and kept(bot) == []


async def test_what_is_too_large_is_not_even_fetched(bot: Bot, telegram: Telegram, phone: Phone) -> None:
    await bot.get(phone.message(document={"file_id": "x", "file_size": 11_000_000}))

    (sent,) = await telegram.until_sent(1)

    assert sent.text == bot.phrases["file_too_large"] and telegram.of("getFile") == []


async def test_what_is_larger_than_it_says_is_refused_on_the_way(bot: Bot, telegram: Telegram, phone: Phone) -> None:
    telegram.files = {"x": PNG + b"\x00" * 11_000_000}
    await bot.get(phone.message(document={"file_id": "x", "file_size": 10}))

    (sent,) = await telegram.until_sent(1)

    assert sent.text == bot.phrases["file_too_large"] and kept(bot) == []


async def test_a_file_that_telegram_no_longer_has_is_asked_for_again(
    bot: Bot, telegram: Telegram, phone: Phone
) -> None:
    telegram.fail("getFile", Fault(400, "Bad Request: wrong file_id or the file is temporarily unavailable"))
    await bot.get(phone.message(photo=photo("gone")))

    (sent,) = await telegram.until_sent(1)

    assert sent.text == bot.phrases["file_lost"]


async def test_a_file_waits_for_telegram_to_be_reachable_again(bot: Bot, telegram: Telegram, phone: Phone) -> None:
    telegram.files = {"a": PNG}
    telegram.fail("getFile", Fault(429, "Too Many Requests: retry after 1", {"retry_after": 1}))
    await bot.get(phone.message(photo=photo("a"), caption="時數沒上傳"))
    await telegram.until_sent(2)

    assert len(kept(bot)) == 1 and [message.text for message in bot.heard] == ["時數沒上傳"]


async def test_more_than_there_is_room_for_is_said(open_bot: OpenBot, telegram: Telegram, phone: Phone) -> None:
    bot = await open_bot(PATIENT)
    telegram.files = {str(number): PNG for number in range(9)}
    for number in range(9):
        await bot.get(phone.message(photo=photo(str(number)), media_group_id="g"))

    (sent,) = await telegram.until_sent(1)

    assert bot.phrases["file_kept"].format(count=8) in sent.text and bot.phrases["file_no_room"] in sent.text


async def test_files_of_a_group_are_not_kept(bot: Bot, telegram: Telegram) -> None:
    telegram.files = {"a": PNG}
    member = Phone(5, group=-100200)
    await telegram.until(lambda: telegram.of("getMe"))
    reply = {"reply_to_message": {"message_id": 1, "from": {"id": 123456, "is_bot": True}}}
    await bot.get(member.message(photo=photo("a"), **reply))

    (sent,) = await telegram.until_sent(1)

    assert sent.text == bot.phrases["telegram_private_only"] and kept(bot) == []
