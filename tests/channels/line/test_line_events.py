"""Events of LINE that are no text: friends and groups, files, stickers, and messages that are taken back."""

from __future__ import annotations

from typing import Any

import pytest
from line_platform import ANN, BEN, GROUP
from sqlalchemy import select

from bot.cases.records import Draft
from bot.queues.records import Outbound
from bot.stores.web_tables import WebAttachmentRow

pytestmark = pytest.mark.thorough

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(50)


async def test_a_new_friend_is_greeted_with_things_to_ask(line: Any, platform: Any) -> None:
    await line.send(platform.event("follow", ANN, follow={"isUnblocked": False}))

    hello = (await platform.told())[0]
    await line.send(platform.tap(ANN, hello.quick["忘記密碼"]))

    assert "公務園小幫手" in hello.text
    assert (await platform.told(2))[1].text == "聽到：忘記密碼"


async def test_whoever_blocks_the_bot_gets_nothing_more_until_they_come_back(line: Any, platform: Any) -> None:
    platform.limit = platform.used = 0
    line.channel.works.outbox.put([Outbound("case:1:event:1", "line", ANN, {"messages": [{"text": "留著的"}]})])
    await line.idle()
    await line.send(platform.event("unfollow", ANN))
    await line.idle()
    platform.limit = None
    line.channel.works.outbox.put([Outbound("case:1:event:2", "line", ANN, {"messages": [{"text": "不要了"}]})])
    await line.idle()
    silent = list(platform.delivered)

    await line.send(platform.event("follow", ANN, follow={"isUnblocked": True}))
    hello = (await platform.told())[0]

    assert silent == [] and platform.requests["push"] == 0
    assert "留著的" not in hello.text and "不要了" not in hello.text


@pytest.mark.parametrize(
    ("kind", "more", "word"),
    [
        ("sticker", {"packageId": "1", "stickerId": "2", "stickerResourceType": "STATIC"}, "貼圖"),
        ("audio", {"duration": 1000}, "語音"),
        ("video", {"duration": 1000}, "影片"),
        ("location", {"latitude": 25.0, "longitude": 121.5, "address": "somewhere"}, "位置"),
    ],
)
async def test_what_cannot_be_read_is_answered_with_a_sentence(
    kind: str, more: dict[str, Any], word: str, line: Any, platform: Any
) -> None:
    await line.send(platform.message(ANN, kind, **more))

    assert word in (await platform.told())[0].text
    assert line.heard == []


async def test_pictures_are_kept_for_a_case_and_said_to_be_once(line: Any, platform: Any) -> None:
    events = [platform.message(ANN, "image", imageSet={"id": "1", "index": at, "total": 2}) for at in (1, 2)]
    for event in events:
        platform.contents[event["message"]["id"]] = PNG

    await line.send(*events)
    await line.idle()

    assert [one.text[:6] for one in platform.delivered] == ["收到 2 個"]
    assert files(line) == [(f"line-{ANN}", "image/png", len(PNG))] * 2


async def test_a_pdf_is_kept_under_its_name_without_personal_data(line: Any, platform: Any) -> None:
    event = platform.message(ANN, "file", fileName="A123456789 的證明.pdf", fileSize=20)
    platform.contents[event["message"]["id"]] = b"%PDF-1.7 and more"

    await line.send(event)
    await line.idle()

    with line.engine.connect() as connection:
        name = connection.execute(select(WebAttachmentRow.name)).scalar_one()
    assert name.endswith("的證明.pdf") and "A123456789" not in name


@pytest.mark.parametrize(
    ("content", "word"),
    [(b"MZ a program", "請改傳圖片"), (404, "再傳一次"), (b"\x89PNG" + bytes(11_000_000), "太大")],
    ids=["another kind", "gone", "too large"],
)
async def test_a_file_that_is_not_kept_is_explained(content: Any, word: str, line: Any, platform: Any) -> None:
    event = platform.message(ANN, "image")
    platform.contents[event["message"]["id"]] = content

    await line.send(event)

    assert word in (await platform.told())[0].text
    assert files(line) == []


async def test_while_an_agent_has_the_case_words_and_pictures_go_there_and_the_bot_is_silent(
    line: Any, platform: Any
) -> None:
    case = line.desk.cases.open(Draft("human", "platform", "line", f"line-{ANN}", "時數沒上傳"))
    line.desk.cases.take(case.id, "lin")
    line.desk.cases.reply(case.id, "lin", "請傳截圖給我看")
    event = platform.message(ANN, "image")
    platform.contents[event["message"]["id"]] = PNG

    await line.say(ANN, "好，馬上傳")
    await line.idle()
    await line.send(event)
    await line.idle()
    await line.say(ANN, "這一張")
    await line.idle()

    told = [one.text for one in platform.delivered]
    assert line.heard == [] and platform.loading == []
    assert any("請傳截圖給我看" in text and "客服人員" in text for text in told)
    assert not any("個檔案" in text for text in told)
    said = [one.data for one in line.desk.cases.events(case.id) if one.kind == "said"]
    assert (said[0]["text"], said[2]["text"], len(said)) == ("好，馬上傳", "這一張", 3)
    assert [bool(one.get("files")) for one in said] == [False, True, False]


async def test_a_file_from_elsewhere_is_never_fetched(line: Any, platform: Any) -> None:
    provider = {"type": "external", "originalContentUrl": "http://169.254.169.254/"}

    await line.send(platform.message(ANN, "image", contentProvider=provider))

    assert "請改傳圖片" in (await platform.told())[0].text
    assert platform.requests["content"] == 0


async def test_too_many_files_at_once_are_explained(line: Any, platform: Any) -> None:
    events = [platform.message(ANN, "image") for _ in range(9)]
    for event in events:
        platform.contents[event["message"]["id"]] = PNG

    await line.send(*events)
    await line.idle()

    assert len(files(line)) == 8
    assert "太多" in platform.delivered[0].text


async def test_a_message_that_is_taken_back_before_its_turn_is_never_read(line: Any, platform: Any) -> None:
    event = platform.text(ANN, "我的祕密")

    await line.send(event, platform.event("unsend", ANN, unsend={"messageId": event["message"]["id"]}))
    await line.idle()

    assert line.heard == [] and platform.delivered == []


async def test_a_picture_that_is_taken_back_is_deleted(line: Any, platform: Any) -> None:
    event = platform.message(ANN, "image")
    platform.contents[event["message"]["id"]] = PNG
    await line.send(event)
    await platform.told()

    stranger = platform.event("unsend", BEN, unsend={"messageId": event["message"]["id"]})
    await line.send(stranger)
    await line.idle()
    kept = files(line)
    await line.send(platform.event("unsend", ANN, unsend={"messageId": event["message"]["id"]}))
    await line.idle()

    assert len(kept) == 1 and files(line) == []
    assert list((line.folder / "attachments").iterdir()) == []


def mention(start: int, length: int, **more: Any) -> dict[str, Any]:
    return {"mentionees": [{"type": "user", "index": start, "length": length, **more}]}


async def test_in_a_group_only_what_is_said_to_the_bot_is_answered_or_kept(line: Any, platform: Any) -> None:
    await line.say(GROUP, "大家中午吃什麼")
    await line.say(GROUP, "@小美 你看", mention=mention(0, 3, userId=ANN))
    await line.send(platform.message(GROUP, "image"))
    await line.say(GROUP, "😀@小幫手 怎麼退選", mention=mention(2, 4, isSelf=True))
    await line.idle()

    assert [heard.text for heard in line.heard] == ["😀 怎麼退選"]
    assert [(one.person, one.text) for one in platform.delivered] == [(GROUP, "聽到：😀 怎麼退選")]
    assert platform.loading == []


async def test_in_a_group_a_mention_alone_is_answered_with_how_to_ask(line: Any, platform: Any) -> None:
    await line.say(GROUP, "@小幫手", mention=mention(0, 4, isSelf=True))

    assert "我在這裡" in (await platform.told())[0].text


async def test_in_a_group_nothing_personal_is_said_nor_linked(line: Any, platform: Any) -> None:
    line.answers["我的時數"] = [{"text": "請先登入。", "custom": {"type": "login_required"}}]
    line.channel.works.links.link("line", GROUP, "T0000000001")

    await line.say(GROUP, "@小幫手 我的時數", mention=mention(0, 4, isSelf=True))
    await line.say(GROUP, "@小幫手 連結帳號", mention=mention(0, 4, isSelf=True))
    told = await platform.told(2)

    assert line.heard[0].metadata == {"group": True}
    assert all("一對一" in one.text and one.quick == {} for one in told)
    assert platform.requests["linkToken"] == 0


async def test_in_a_group_nobody_is_asked_how_to_be_reached(line: Any, platform: Any) -> None:
    line.answers["我要反映"] = [
        {"text": "請留下您的電話或信箱。", "custom": {"type": "case_form", "form": "report", "asks": "contact"}}
    ]
    line.desk.contacts.ask(f"line-{GROUP}")

    await line.say(GROUP, "@小幫手 我要反映", mention=mention(0, 4, isSelf=True))
    told = (await platform.told())[0]
    await line.say(GROUP, "@小幫手 0912345678", mention=mention(0, 4, isSelf=True))
    await platform.told(2)

    assert "一對一" in told.text and "電話" not in told.text
    assert line.heard[1].text == "[電話]"


async def test_a_contact_that_a_form_asks_for_is_a_turn_of_its_own_and_stays_out_of_the_queue(
    line: Any, platform: Any
) -> None:
    line.desk.contacts.ask(f"line-{ANN}")

    await line.send(platform.text(ANN, "0912345678"), platform.text(ANN, "謝謝"))
    await line.idle()

    assert [heard.text.split("#")[0] for heard in line.heard] == ["contact", "謝謝"]
    assert "0912345678" not in (line.folder / "epark.db").read_bytes().decode("latin-1")


async def test_a_group_is_greeted_and_a_bot_that_is_sent_away_is_silent(line: Any, platform: Any) -> None:
    await line.send(platform.event("join", GROUP))
    hello = (await platform.told())[0]
    joined = platform.event("memberJoined", GROUP, joined={"members": [{"type": "user", "userId": ANN}]})
    await line.send(joined, platform.event("leave", GROUP))
    await line.idle()
    line.channel.works.outbox.put([Outbound("case:1:event:1", "line", GROUP, {"messages": [{"text": "嗨"}]})])
    await line.idle()

    assert "@我" in hello.text
    assert len(platform.delivered) == 1


async def test_a_button_works_in_a_group_without_a_mention(line: Any, platform: Any) -> None:
    line.answers["怎麼退選"] = [{"text": "好", "buttons": [{"title": "上課期間", "payload": "上課期間"}]}]
    await line.say(GROUP, "@小幫手 怎麼退選", mention=mention(0, 5, isSelf=True))
    shown = (await platform.told())[0]

    await line.send(platform.tap(GROUP, shown.quick["上課期間"]))

    assert (await platform.told(2))[1].text == "聽到：上課期間"


async def test_signs_of_line_are_left_out_of_a_question(line: Any, platform: Any) -> None:
    emoji = {"index": 0, "length": 6, "productId": "p", "emojiId": "e"}

    await line.say(ANN, "(moon)忘記密碼", emojis=[emoji])
    await line.say(BEN, "(moon)", emojis=[emoji])
    await line.idle()

    told = {one.person: one.text for one in platform.delivered}
    assert told[ANN] == "聽到：忘記密碼"
    assert "看不懂只有符號" in told[BEN]


def files(line: Any) -> list[tuple[str, str, int]]:
    table = WebAttachmentRow
    with line.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(select(table.session_id, table.type, table.size))]
