"""Talking on Telegram: each message answered once, on the person's chat, as a person expects of each kind of it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from telegram_people import PATIENT, Bot, OpenBot, Phone
from telegram_stand_in import BOT, SECRET, Fault, Telegram


async def test_a_message_is_answered_in_its_chat(bot: Bot, telegram: Telegram, phone: Phone) -> None:
    await bot.get(phone.text("忘記密碼"))

    (sent,) = await telegram.until_sent(1)

    assert (sent.chat_id, sent.text) == (1001, "聽到：忘記密碼")
    assert bot.heard[0].sender_id == "telegram-1001" and bot.heard[0].input_channel == "telegram"
    assert telegram.of("sendChatAction")[0] == {"chat_id": 1001, "action": "typing"}


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x", SECRET[:-1]])
async def test_a_forged_update_is_refused_without_a_word_and_without_work(
    secret: str | None, bot: Bot, telegram: Telegram, phone: Phone
) -> None:
    status, body = await bot.post(phone.text("忘記密碼"), secret)

    assert (status, body) == (401, b"")
    assert bot.inbox.waiting("telegram") == []


async def test_what_is_forged_is_not_even_read(bot: Bot) -> None:
    assert await bot.post(None, "wrong", raw=b"\xff{not json") == (401, b"")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"update_id": "1"}',
        b'{"update_id": true}',
        b'{"message": {}}',
        b'{"update_id": 1, "message": {"text": "x"}}',
        b'{"update_id": 1, "message": []}',
        b'{"update_id": 1, "callback_query": {"id": "1", "message": {"chat": {}}}}',
        b"[" * 100_000,
    ],
)
async def test_what_is_malformed_is_refused_without_work(raw: bytes, bot: Bot) -> None:
    assert await bot.post(None, raw=raw) == (400, b"")
    assert bot.inbox.waiting("telegram") == []


async def test_what_is_too_large_is_refused(bot: Bot, phone: Phone) -> None:
    status, _ = await bot.post(phone.text("x" * 1_100_000))

    assert status == 413


async def test_a_replayed_update_is_confirmed_and_not_answered_again(
    bot: Bot, telegram: Telegram, phone: Phone
) -> None:
    update = phone.text("忘記密碼")
    await bot.get(update)
    await telegram.until_sent(1)

    await bot.get(update)
    await bot.get(phone.text("怎麼退選"))
    await telegram.until_sent(2)

    assert telegram.texts() == ["聽到：忘記密碼", "聽到：怎麼退選"]


async def test_there_is_nothing_that_a_get_could_do(bot: Bot) -> None:
    for path in ("webhook", "set_webhook", "linked", ""):
        async with bot.http.get(f"{bot.base}/webhooks/telegram/{path}") as answer:
            assert answer.status in (404, 405)


async def test_messages_in_quick_succession_are_one_question(
    open_bot: OpenBot, telegram: Telegram, phone: Phone
) -> None:
    bot = await open_bot(PATIENT)
    for text in ("你好", "我想問", "怎麼退選"):
        await bot.get(phone.text(text))

    await telegram.until_sent(1)
    await bot.idle()

    assert [message.text for message in bot.heard] == ["你好\n我想問\n怎麼退選"]
    assert len(telegram.sent) == 1


async def test_messages_that_arrive_out_of_order_are_read_in_order(open_bot: OpenBot, phone: Phone) -> None:
    bot = await open_bot(PATIENT)
    first, second = phone.text("第一句"), phone.text("第二句")
    await bot.get(second)
    await bot.get(first)
    await bot.idle()

    assert bot.heard[0].text == "第一句\n第二句"


async def test_different_people_are_answered_side_by_side(bot: Bot, telegram: Telegram) -> None:
    bot.go.clear()
    for number in range(5):
        await bot.get(Phone(2000 + number).text("忘記密碼"))
    await telegram.until(lambda: len(bot.heard) == 5)

    bot.go.set()
    await telegram.until_sent(5)

    assert {sent.chat_id for sent in telegram.sent} == {2000, 2001, 2002, 2003, 2004}


async def test_personal_data_never_gets_past_the_door(bot: Bot, telegram: Telegram, phone: Phone) -> None:
    bot.go.clear()
    await bot.get(phone.text("我的身分證是A123456789"))
    with bot.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT data FROM inbound").scalars().all()
    bot.go.set()
    await telegram.until_sent(1)

    assert all("A123456789" not in row for row in rows)
    assert bot.heard[0].text == "我的身分證是[身分證字號]"


@pytest.mark.parametrize(
    "text", ['/my_hours{"a":1}', '/inform{"learner_id": "T1"}', "/session_start{}", "/EXTERNAL: x"]
)
async def test_what_rasa_would_execute_is_only_words(text: str, bot: Bot, telegram: Telegram, phone: Phone) -> None:
    await bot.get(phone.text(text))
    await telegram.until_sent(1)

    assert bot.heard[0].text == "／" + text[1:]


async def test_an_unknown_command_is_answered_with_those_that_there_are(
    bot: Bot, telegram: Telegram, phone: Phone
) -> None:
    await bot.get(phone.text("/my_hours_status"))

    (sent,) = await telegram.until_sent(1)

    assert sent.text == bot.phrases["telegram_unknown_command"]
    assert bot.heard == []


@pytest.mark.parametrize("command", ["help", "status", "human", "stop"])
async def test_a_command_asks_its_sentence(command: str, bot: Bot, telegram: Telegram, phone: Phone) -> None:
    await bot.get(phone.text(f"/{command}@{BOT['username']} 請"))
    await telegram.until_sent(1)

    assert [message.text for message in bot.heard] == [bot.phrases[f"telegram_say_{command}"]]


async def test_start_greets_and_offers_first_questions(bot: Bot, telegram: Telegram, phone: Phone) -> None:
    await bot.get(phone.text("/start"))
    (greeting,) = await telegram.until_sent(1)
    title = greeting.rows[0][0]["text"]
    await bot.get(phone.press(greeting, title))
    await telegram.until_sent(2)

    assert greeting.text == bot.phrases["telegram_greeting"].strip()
    assert [message.text for message in bot.heard] == [title]


async def test_a_link_to_a_topic_asks_for_it(bot: Bot, telegram: Telegram, phone: Phone) -> None:
    await bot.get(phone.text("/start topic_withdraw_course"))
    await telegram.until_sent(1)

    assert [message.text for message in bot.heard] == ["已報名課程如何退選"]


@pytest.mark.parametrize("payload", ["topic_nothing", "topic_A123456789", "what", "link_short", "topic_", "a b c"])
async def test_a_link_to_nothing_greets(payload: str, bot: Bot, telegram: Telegram, phone: Phone) -> None:
    await bot.get(phone.text(f"/start {payload}"))

    (sent,) = await telegram.until_sent(1)

    assert sent.text == bot.phrases["telegram_greeting"].strip()


async def test_a_press_is_confirmed_at_once_and_the_reply_says_what_was_chosen(
    bot: Bot, telegram: Telegram, phone: Phone
) -> None:
    long = "學習時數尚未上傳到終身學習入口網，如何處理"
    bot.says = lambda message: [
        {
            "text": f"聽到：{message.text}",
            "buttons": [
                {"title": long, "payload": long},
                {"title": "是", "payload": "是"},
                {"title": "否", "payload": "否"},
            ],
        }
    ]
    await bot.get(phone.text("問"))
    (first,) = await telegram.until_sent(1)
    bot.go.clear()

    press = phone.press(first, long)
    await bot.get(press)
    await telegram.until(lambda: telegram.of("answerCallbackQuery"))
    bot.go.set()
    await telegram.until_sent(2)

    assert [[one["text"] for one in row] for row in first.rows] == [[long], ["是", "否"]]
    assert telegram.of("answerCallbackQuery") == [{"callback_query_id": press["callback_query"]["id"]}]
    assert telegram.sent[1].text == f"▸ {long}\n\n聽到：{long}"


@pytest.mark.parametrize("data", ["gone", "x" * 64, "a b", ""])
async def test_a_stale_button_is_answered_politely(data: str, bot: Bot, telegram: Telegram, phone: Phone) -> None:
    await bot.get(phone.press_raw(data))

    (sent,) = await telegram.until_sent(1)

    assert sent.text == bot.phrases["button_stale"]
    assert bot.heard == []


async def test_a_button_of_somebody_else_is_as_a_stale_one(bot: Bot, telegram: Telegram, phone: Phone) -> None:
    await bot.get(phone.text("/start"))
    (greeting,) = await telegram.until_sent(1)

    await bot.get(Phone(9).press_raw(greeting.rows[0][0]["callback_data"]))
    await telegram.until_sent(2)

    assert telegram.texts(9) == [bot.phrases["button_stale"]]


@pytest.mark.parametrize(
    ("content", "phrase"),
    [
        ({"voice": {"file_id": "v", "duration": 3}}, "voice"),
        ({"audio": {"file_id": "v"}}, "voice"),
        ({"video": {"file_id": "v"}}, "video"),
        ({"video_note": {"file_id": "v"}}, "video"),
        ({"animation": {"file_id": "v"}, "document": {"file_id": "v"}}, "video"),
        ({"sticker": {"emoji": "👍"}}, "sticker"),
        ({"location": {"latitude": 25.0, "longitude": 121.5}}, "location"),
        ({"contact": {"phone_number": "0912345678", "first_name": "測試"}}, "contact"),
        ({"poll": {"id": "1"}}, "thing"),
    ],
)
async def test_what_is_no_text_gets_a_sensible_sentence(
    content: dict[str, Any], phrase: str, bot: Bot, telegram: Telegram, phone: Phone
) -> None:
    await bot.get(phone.message(**content))

    (sent,) = await telegram.until_sent(1)

    assert sent.text == bot.phrases[f"sent_{phrase}"]
    assert bot.heard == []


async def test_words_beside_a_video_are_answered(bot: Bot, telegram: Telegram, phone: Phone) -> None:
    await bot.get(phone.message(video={"file_id": "v"}, caption="怎麼退選"))
    await telegram.until_sent(2)

    assert telegram.texts() == [bot.phrases["sent_video"], "聽到：怎麼退選"]


async def test_what_a_chat_does_by_itself_is_passed_over(bot: Bot, phone: Phone) -> None:
    await bot.get(phone.message(pinned_message={"message_id": 1}))
    await bot.get(phone.message(message_auto_delete_timer_changed={"message_auto_delete_time": 1}))
    await bot.get({"update_id": 7, "poll": {"id": "1"}})

    assert bot.inbox.waiting("telegram") == []


async def test_a_mended_question_is_answered_anew_but_an_older_one_is_history(
    bot: Bot, telegram: Telegram, phone: Phone
) -> None:
    old = await bot.get(phone.text("舊問題"))
    await telegram.until_sent(1)
    newest = await bot.get(phone.text("怎麼退學"))
    await telegram.until_sent(2)

    await bot.get(phone.edit(old, "改了舊問題"))
    await bot.get(phone.edit(newest, "怎麼退選"))
    await telegram.until_sent(4)
    await bot.idle()

    assert telegram.texts()[2:] == [bot.phrases["telegram_edited"], "聽到：怎麼退選"]


async def test_a_question_that_was_mended_before_it_was_read_is_one_question(
    open_bot: OpenBot, telegram: Telegram, phone: Phone
) -> None:
    bot = await open_bot(PATIENT)
    first = await bot.get(phone.text("怎麼退學"))
    await bot.get(phone.edit(first, "怎麼退選"))
    await telegram.until_sent(1)
    await bot.idle()

    assert telegram.texts() == ["聽到：怎麼退選"]


async def test_whoever_blocks_the_bot_gets_nothing_more_and_is_greeted_on_return(
    bot: Bot, telegram: Telegram, phone: Phone
) -> None:
    telegram.fail("sendMessage", Fault(429, "Too Many Requests: retry after 60", {"retry_after": 60}))
    await bot.get(phone.text("忘記密碼"))
    await telegram.until(lambda: telegram.of("sendMessage"))
    await bot.get(phone.member("member", "kicked"))
    while bot.outbox.waiting("telegram"):
        await asyncio.sleep(0.02)

    await bot.get(phone.member("kicked", "member"))
    await telegram.until_sent(1)

    assert telegram.texts() == [bot.phrases["telegram_welcome_back"]]


async def test_a_return_by_the_start_button_greets_once(open_bot: OpenBot, telegram: Telegram, phone: Phone) -> None:
    bot = await open_bot(PATIENT)
    await bot.get(phone.member("member", "kicked"))
    await bot.idle()
    await bot.get(phone.member("kicked", "member"))
    await bot.get(phone.text("/start"))
    await telegram.until_sent(1)
    await bot.idle()

    assert telegram.texts()[-1] == bot.phrases["telegram_greeting"].strip()


async def test_in_a_group_the_bot_speaks_only_when_spoken_to(bot: Bot, telegram: Telegram) -> None:
    member = Phone(5, group=-100200)
    await telegram.until(lambda: telegram.of("getMe"))
    for update in (
        member.text("大家好"),
        member.text("/start@another_bot"),
        member.text("/weather"),
        member.message(photo=[{"file_id": "p", "width": 1, "height": 1}]),
        member.text("某人說", reply_to_message={"message_id": 1, "from": {"id": 6, "is_bot": False}}),
    ):
        await bot.get(update)
    await bot.get(member.mention("怎麼退選"))
    await telegram.until_sent(1)
    await bot.get(member.text("那證書呢", reply_to_message={"message_id": 1, "from": BOT}))
    await telegram.until_sent(2)
    await bot.get(member.text(f"/help@{BOT['username']}"))
    await telegram.until_sent(3)

    said = [message.text for message in bot.heard]
    assert said == ["怎麼退選", "那證書呢", bot.phrases["telegram_say_help"]]
    assert all("reply_parameters" in call for call in telegram.of("sendMessage"))
    assert {sent.chat_id for sent in telegram.sent} == {-100200}
    assert all(message.metadata == {"group": True} for message in bot.heard)


async def test_in_a_group_nothing_personal_is_said(bot: Bot, telegram: Telegram) -> None:
    bot.links.link("telegram", "-100200", "T0000000001")
    bot.links.link("telegram", "5", "T0000000001")
    bot.says = lambda message: [{"text": "要先登入", "custom": {"type": "login_required"}}]
    member = Phone(5, group=-100200)
    await telegram.until(lambda: telegram.of("getMe"))

    await bot.get(member.text("/status"))
    await telegram.until_sent(1)
    await bot.get(member.mention("連結帳號"))
    await telegram.until_sent(2)
    await bot.get(member.mention("我的時數呢"))
    await telegram.until_sent(3)

    assert telegram.texts() == [bot.phrases["telegram_private_only"]] * 3
    assert [message.metadata for message in bot.heard] == [{"group": True}]
    assert not any(sent.rows for sent in telegram.sent)


async def test_a_group_that_adds_the_bot_is_told_how_to_speak_to_it(bot: Bot, telegram: Telegram) -> None:
    await bot.get(Phone(5, group=-100200).member("left", "member"))

    (sent,) = await telegram.until_sent(1)

    assert (sent.chat_id, sent.text) == (-100200, bot.phrases["telegram_group_greeting"])


async def test_a_forum_is_answered_in_its_thread(bot: Bot, telegram: Telegram) -> None:
    member = Phone(5, group=-100200, thread=77)
    await telegram.until(lambda: telegram.of("getMe"))
    await bot.get(member.mention("怎麼退選"))

    (sent,) = await telegram.until_sent(1)

    assert (sent.chat_id, sent.thread) == (-100200, 77)
    assert bot.heard[0].sender_id == "telegram--100200.77"


async def test_other_bots_and_channels_are_nobody(bot: Bot, phone: Phone) -> None:
    await bot.get(phone.text("你好", **{"from": {"id": 8, "is_bot": True}}))
    await bot.get({**phone.text("x"), "message": {**phone.text("x")["message"], "chat": {"id": -1, "type": "channel"}}})

    assert bot.inbox.waiting("telegram") == []


async def test_whoever_writes_without_end_is_told_once_and_then_let_be(
    bot: Bot, telegram: Telegram, phone: Phone
) -> None:
    for number in range(75):
        await bot.get(phone.text(str(number)))
    await bot.get(Phone(3).text("別人"))
    await bot.idle()

    assert telegram.texts(1001).count(bot.phrases["slow_down"]) in (1, 2)
    assert telegram.texts(3) == ["聽到：別人"]
    assert "74" not in " ".join(message.text for message in bot.heard)


async def test_silence_where_an_agent_has_the_case_stays_silence(
    bot: Bot, phone: Phone, telegram: Telegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing(*_anything: Any) -> list[dict[str, Any]]:
        return []

    monkeypatch.setattr("bot.channels.telegram_turns.take_turn", nothing)
    await bot.get(phone.text("謝謝專員"))
    await bot.idle()

    assert telegram.sent == []


async def test_a_turn_that_fails_apologises(bot: Bot, telegram: Telegram, phone: Phone) -> None:
    def fails(_message: Any) -> list[dict[str, Any]]:
        raise RuntimeError("boom")

    bot.says = fails
    await bot.get(phone.text("忘記密碼"))

    (sent,) = await telegram.until_sent(1)

    assert sent.text == bot.phrases["apology"]


async def test_typing_is_shown_until_the_answer_is_there(bot: Bot, telegram: Telegram, phone: Phone) -> None:
    bot.go.clear()
    await bot.get(phone.text("慢慢來"))
    await telegram.until(lambda: len(telegram.of("sendChatAction")) >= 2)
    bot.go.set()

    await telegram.until_sent(1)

    assert telegram.of("sendChatAction")[1] == {"chat_id": 1001, "action": "typing"}


async def test_an_update_that_cannot_be_kept_is_asked_for_again(bot: Bot, phone: Phone, telegram: Telegram) -> None:
    update = phone.text("忘記密碼")
    with bot.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE inbound RENAME TO elsewhere")

    status, body = await bot.post(update)
    with bot.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE elsewhere RENAME TO inbound")
    await bot.get(update)
    await telegram.until_sent(1)

    assert (status, body) == (503, b"")
    assert telegram.texts() == ["聽到：忘記密碼"]
