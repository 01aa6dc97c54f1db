"""Linking an account on Telegram: by the page that the platform signs people in on, for the chat that asked alone."""

from __future__ import annotations

import re

import pytest
from telegram_people import Bot, OpenBot, Phone
from telegram_stand_in import BOT, Telegram

from bot.learners.token import issue_token

LEARNER = "T0000000003"


async def page_of(bot: Bot, telegram: Telegram, phone: Phone, words: str = "連結帳號") -> str:
    """Ask for the link; the address behind its button, at this test's server."""
    before = len(telegram.sent)
    await bot.get(phone.text(words))
    sent = (await telegram.until_sent(before + 1))[-1]
    address: str = sent.rows[0][0]["url"]
    return address.replace("https://epark.example.gov.tw", bot.base)


async def sign_in(bot: Bot, page: str, learner_id: str = LEARNER) -> tuple[int, str]:
    """Status and page after signing in in the demo."""
    code = page.split("code=")[1]
    form = {"code": code, "learner_id": learner_id}
    async with bot.http.post(page.split("?")[0], data=form) as answer:
        return answer.status, await answer.text()


def closing(page: str) -> str:
    """What opens the chat again."""
    found = re.search(rf"https://t\.me/{BOT['username']}\?start=(link_[\w-]+)", page)
    assert found is not None, page
    return found.group(1)


async def test_a_chat_that_is_linked_speaks_for_its_learner_until_it_says_otherwise(
    bot: Bot, telegram: Telegram, phone: Phone
) -> None:
    await telegram.until(lambda: telegram.of("getMe"))
    page = await page_of(bot, telegram, phone)
    async with bot.http.get(page) as answer:
        shown = await answer.text()
    _, done = await sign_in(bot, page)
    await bot.get(phone.text(f"/start {closing(done)}"))
    await telegram.until_sent(2)
    await bot.get(phone.text("幫我查我的時數上傳了沒"))
    await telegram.until_sent(3)
    await bot.get(phone.text("解除連結。"))
    await telegram.until_sent(4)
    await bot.get(phone.text("幫我查我的時數上傳了沒"))
    await telegram.until_sent(5)

    assert LEARNER in shown
    assert telegram.texts()[1] == bot.phrases["link_done"].strip()
    assert [message.metadata for message in bot.heard] == [{"learner_id": LEARNER}, {}]
    assert telegram.texts()[3] == bot.phrases["unlink_done"]


async def test_looking_at_the_page_changes_nothing(bot: Bot, telegram: Telegram, phone: Phone) -> None:
    page = await page_of(bot, telegram, phone)
    for _ in range(3):
        async with bot.http.get(page) as answer:
            assert answer.status == 200
            assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]

    status, _ = await sign_in(bot, page)

    assert status == 200
    assert bot.links.learner("telegram", "1001") is None


async def test_a_page_works_once(bot: Bot, telegram: Telegram, phone: Phone) -> None:
    page = await page_of(bot, telegram, phone)
    await sign_in(bot, page)

    status, shown = await sign_in(bot, page)

    assert status == 410 and "link_" not in shown


async def test_whoever_signs_in_on_a_page_that_somebody_else_sent_them_links_nobody(
    bot: Bot, telegram: Telegram, phone: Phone
) -> None:
    await telegram.until(lambda: telegram.of("getMe"))
    attackers = await page_of(bot, telegram, phone)
    _, done = await sign_in(bot, attackers)

    await bot.get(Phone(2002).text(f"/start {closing(done)}"))
    await telegram.until_sent(2)

    assert telegram.texts(2002) == [bot.phrases["link_elsewhere"]]
    assert bot.links.learner("telegram", "1001") is bot.links.learner("telegram", "2002") is None


async def test_a_code_that_closed_a_link_is_used_up_and_one_of_the_page_closes_none(
    bot: Bot, telegram: Telegram, phone: Phone
) -> None:
    await telegram.until(lambda: telegram.of("getMe"))
    page = await page_of(bot, telegram, phone)
    code = page.split("code=")[1]
    await bot.get(phone.text(f"/start link_{code}"))
    await telegram.until_sent(2)
    _, done = await sign_in(bot, page)
    for _ in range(2):
        await bot.get(phone.text(f"/start {closing(done)}"))
        await bot.idle()

    expired = bot.phrases["link_expired"]
    assert [text == expired for text in telegram.texts()[1:]] == [True, False, True]
    assert bot.links.learner("telegram", "1001") == LEARNER


@pytest.mark.parametrize("learner_id", ["", "T9999999999", "nobody"])
async def test_nobody_but_a_demo_learner_signs_in_in_the_demo(
    learner_id: str, bot: Bot, telegram: Telegram, phone: Phone
) -> None:
    page = await page_of(bot, telegram, phone)

    status, shown = await sign_in(bot, page, learner_id)

    assert status == 403 and "link_" not in shown


async def test_in_production_the_platform_signs_in_and_comes_back_with_a_token(
    open_bot: OpenBot, telegram: Telegram, phone: Phone
) -> None:
    bot = await open_bot(EPARK_MODE="production", EPARK_SIGN_IN_URL="https://elearn.example.gov.tw/login")
    await bot.get(phone.text("綁定帳號"))
    (offer,) = await telegram.until_sent(1)
    address = offer.rows[0][0]["url"]
    code = re.search(
        r"code=([\w-]+)&return_to=https%3A%2F%2Fepark.example.gov.tw%2Fwebhooks%2Ftelegram%2Flinked", address
    )
    assert address.startswith("https://elearn.example.gov.tw/login?") and code is not None

    back = f"{bot.base}/webhooks/telegram/linked"
    async with bot.http.post(back, data={"code": code.group(1), "token": "forged"}) as answer:
        refused = answer.status
    token = issue_token(LEARNER, bot.settings.token_key, 60)
    async with bot.http.post(back, data={"code": code.group(1), "token": token}) as answer:
        status, done = answer.status, await answer.text()
    async with bot.http.get(f"{bot.base}/webhooks/telegram/sign-in") as answer:
        demo_page = answer.status
    await bot.get(phone.text(f"/start {closing(done)}"))
    await telegram.until_sent(2)

    assert (refused, status, demo_page) == (403, 200, 404)
    assert bot.links.learner("telegram", "1001") == LEARNER


async def test_an_answer_that_needs_the_link_has_its_button(bot: Bot, telegram: Telegram, phone: Phone) -> None:
    bot.says = lambda message: [{"text": "要先確認身分", "custom": {"type": "login_required"}}]
    await bot.get(phone.text("我的時數"))

    (sent,) = await telegram.until_sent(1)

    assert sent.text == bot.phrases["link_needed"]
    assert sent.rows[0][0]["text"] == bot.phrases["link_button"]
    assert sent.rows[0][0]["url"].startswith("https://epark.example.gov.tw/webhooks/telegram/sign-in?code=")


async def test_without_a_public_address_there_is_a_sentence_instead(
    open_bot: OpenBot, telegram: Telegram, phone: Phone
) -> None:
    bot = await open_bot(EPARK_PUBLIC_URL="")
    bot.says = lambda message: [{"text": "要先確認身分", "custom": {"type": "login_required"}}]
    await bot.get(phone.text("連結帳號"))
    await telegram.until_sent(1)
    await bot.get(phone.text("我的時數"))
    await telegram.until_sent(2)

    assert telegram.texts() == [bot.phrases["link_impossible"], "要先確認身分"]
    assert not any(sent.rows for sent in telegram.sent)


async def test_whoever_is_not_linked_is_told_so(bot: Bot, telegram: Telegram, phone: Phone) -> None:
    await bot.get(phone.text("取消連結"))

    (sent,) = await telegram.until_sent(1)

    assert sent.text == bot.phrases["unlink_nobody"]
