"""How the page draws replies, and what a person may do with them: call, look up, rate, copy, attach."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Any

from browsing import answered, ask, asked, deliver, has, idle


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


PNG = b"".join(
    (
        b"\x89PNG\r\n\x1a\n",
        _chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)),
        _chunk(b"IDAT", zlib.compress(b"\x00\x0b\x6e\x4f")),
        _chunk(b"IEND", b""),
    )
)
"""One green dot."""
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)


def file(name: str, kind: str, content: bytes) -> dict[str, Any]:
    return {"name": name, "mimeType": kind, "buffer": content}


def test_an_answer_begins_with_its_short_form_and_ends_with_its_sources(page: Any) -> None:
    ask(page, "怎麼退選")
    body = page.locator("li.bot").last.locator(".body")

    assert "lead" in body.locator("> *").first.get_attribute("class")
    basis = body.locator("[data-role=basis]")
    assert basis.locator("summary").inner_text() == "依據"
    assert basis.locator("ul").is_hidden()
    basis.locator("summary").click()
    assert "《" in basis.locator("li").first.inner_text()
    assert basis.locator("time").get_attribute("datetime")


def test_the_steps_of_an_answer_are_a_numbered_list(page: Any) -> None:
    ask(page, "怎麼印證書")
    steps = page.locator("li.bot").last.locator("[data-role=steps]")

    if steps.get_attribute("open") is None:
        steps.locator("summary").click()

    count = steps.locator("ol > li").count()
    assert count > 1
    assert steps.locator("ol > li").first.is_visible()
    assert f"（{count}）" in steps.locator("summary").inner_text()


def test_ways_for_different_people_are_tabs_that_the_arrow_keys_change(page: Any) -> None:
    ask(page, "忘記密碼")
    tabs = page.locator("li.bot").last.locator("[role=tab]")
    panels = page.locator("li.bot").last.locator("[role=tabpanel]")
    assert tabs.count() > 2

    tabs.first.focus()
    page.keyboard.press("ArrowRight")

    assert tabs.nth(1).get_attribute("aria-selected") == "true"
    assert panels.nth(1).is_visible()
    assert panels.first.is_hidden()
    tabs.last.click()
    assert panels.last.is_visible()


def test_a_help_desk_is_a_card_whose_number_is_called_by_a_tap(page: Any) -> None:
    ask(page, "我的e政府電話幾號")
    card = page.locator("li.bot").last.locator("[data-role=contact]").first

    number = card.locator("a[href^='tel:']").first
    assert number.is_visible()
    assert number.get_attribute("href").removeprefix("tel:").replace("+", "").split(";")[0].replace("-", "").isdigit()
    box = number.bounding_box()
    assert box["height"] >= 44
    assert card.locator("h2").inner_text()


def test_a_guide_shows_how_far_one_is_and_goes_on_by_a_tap(page: Any) -> None:
    ask(page, "一步步帶我註冊我的e政府")
    first = page.locator("li.bot").last
    assert "第 1 步" in first.inner_text()

    first.locator(".chips button", has_text="下一步").click()
    page.locator("li.bot", has_text="第 2 步").wait_for()

    idle(page)
    assert asked(page)[-1] == "下一步"


def test_a_diagnosis_names_its_state_in_words(desktop: Any, server: Any) -> None:
    desktop.goto("about:blank")
    desktop.goto(f"{server.base}/#token={server.learner_token('T0000000001')}")
    desktop.locator("#signed-in").wait_for()

    ask(desktop, "幫我查我的環教時數上傳了沒")

    reply = desktop.locator("li.bot[data-type=diagnosis]").last
    assert reply.locator(".status").first.inner_text().strip()


def test_an_unhelpful_answer_is_reported_with_reason_and_comment(page: Any) -> None:
    ask(page, "怎麼退選")
    given: list[Any] = []
    page.on("request", lambda one: given.append(one.post_data_json) if one.url.endswith("/feedback") else None)
    reply = page.locator("li.bot").last

    reply.locator("[data-role=unhelpful]").click()
    with page.expect_response("**/webhooks/web/feedback") as first:
        reply.locator("[data-reason=unclear]").click()
    reply.locator("[data-role=comment]").fill("太長")
    with page.expect_response("**/webhooks/web/feedback") as second:
        reply.locator("[data-role=send-comment]").click()

    reply.locator(".thanks").wait_for()
    assert (first.value.status, second.value.status) == (200, 200)
    assert given[-1]["event"] == int(reply.get_attribute("data-event"))
    assert {"helpful": False, "reason": "unclear", "comment": "太長"}.items() <= given[-1].items()
    assert reply.locator("[data-role=unhelpful]").get_attribute("aria-pressed") == "true"


def test_a_thumb_that_did_not_arrive_does_not_stay_pressed(desktop: Any) -> None:
    ask(desktop, "怎麼退選")
    desktop.route("**/webhooks/web/feedback", lambda route: route.fulfill(status=503, json={"error": "down"}))

    desktop.locator("[data-role=helpful]").last.click()

    desktop.locator("#notice", has_text="沒有完成").wait_for()
    assert desktop.locator("[data-role=helpful]").last.get_attribute("aria-pressed") == "false"


def test_a_picture_and_a_pdf_go_along_with_the_next_message(page: Any, tmp_path: Path) -> None:
    page.set_input_files("#file", [file("畫面.png", "image/png", PNG), file("申請書.pdf", "application/pdf", PDF)])
    has(page, "#attachments [data-state=ready]", 2)

    ask(page, "時數沒上傳")

    assert page.locator("#attachments").is_hidden()
    sent = page.locator("li.me .files")
    assert sent.locator(".name").all_inner_texts() == ["畫面.png", "申請書.pdf"]
    page.reload()
    # A picture is fetched once it comes into view; the page shows the end of a conversation first.
    page.locator("li.me .files").scroll_into_view_if_needed()
    page.locator("li.me .files canvas").first.wait_for()
    with page.expect_download() as download:
        sent.locator("button").first.click()
    download.value.save_as(tmp_path / "again.png")
    assert download.value.suggested_filename == "畫面.png"
    assert (tmp_path / "again.png").read_bytes() == PNG


def test_a_program_that_calls_itself_a_picture_is_refused_with_a_sentence(page: Any) -> None:
    page.set_input_files("#file", [file("fake.png", "image/png", b"MZ\x90\x00 no picture")])

    page.locator("#notice", has_text="「fake.png」不能附").wait_for()

    has(page, "#attachments li", 0)
    assert "學習金幣" in ask(page, "怎麼退選")


def test_a_file_too_large_is_refused_before_it_is_sent(desktop: Any) -> None:
    sent: list[str] = []
    desktop.on("request", lambda one: sent.append(one.url) if one.url.endswith("/attachments") else None)

    desktop.set_input_files("#file", [file("big.png", "image/png", PNG + b"0" * (10 * 1024 * 1024))])

    desktop.locator("#notice", has_text="超過 10 MB").wait_for()
    assert sent == []


def test_a_file_taken_back_is_not_sent(desktop: Any) -> None:
    desktop.set_input_files("#file", [file("a.png", "image/png", PNG), file("b.pdf", "application/pdf", PDF)])
    has(desktop, "#attachments [data-state=ready]", 2)

    desktop.locator("#attachments [data-role=remove]").first.click()
    ask(desktop, "時數沒上傳")

    assert desktop.locator("li.me .files .name").all_inner_texts() == ["b.pdf"]


def test_a_file_alone_is_taken_and_told_what_is_missing(page: Any) -> None:
    page.set_input_files("#file", [file("a.png", "image/png", PNG)])
    has(page, "#attachments [data-state=ready]", 1)

    page.click("#send")

    assert "檔案收到了" in answered(page, 1)
    assert page.locator("li.me .files .name").all_inner_texts() == ["a.png"]
    assert page.locator("li.me .text").is_hidden()


def test_a_verdict_and_its_reason_are_there_again_after_a_reload(page: Any) -> None:
    for question, thumb in (("怎麼退選", "unhelpful"), ("忘記密碼", "helpful")):
        ask(page, question)
        with page.expect_response("**/webhooks/web/feedback"):
            page.locator(f"li.bot >> nth=-1 >> [data-role={thumb}]").click()
    with page.expect_response("**/webhooks/web/feedback"):
        page.locator("[data-reason=unclear]").click()

    page.reload()

    has(page, "li.bot", 3)
    first, second = page.locator("li.bot:not([data-role=welcome])").all()
    first.locator(".judged", has_text="看不懂").wait_for()
    second.locator("[data-role=helpful][aria-pressed=true]").wait_for()
    assert first.locator("[data-role=unhelpful]").get_attribute("aria-pressed") == "true"
    assert second.locator("[data-role=unhelpful]").get_attribute("aria-pressed") == "false"
    first.locator("[data-role=unhelpful]").click()
    assert first.locator("[data-reason=unclear]").get_attribute("aria-pressed") == "true"


def test_a_person_of_the_help_desk_speaks_on_the_open_page_and_the_case_is_a_card(page: Any, server: Any) -> None:
    ask(page, "怎麼退選")
    case = {"type": "case", "case_id": "2611-0042", "desk": "platform", "status": "open"}

    deliver(
        page, server, {"text": "您好，我來處理。", "custom": {"type": "agent"}}, {"text": "已收到。", "custom": case}
    )

    agent = page.locator("li.bot[data-type=agent]")
    agent.wait_for()
    assert "客服人員" in agent.locator(".agent").inner_text()
    assert agent.locator(".who").text_content() == "客服人員："
    card = page.locator("[data-role=case]")
    card.wait_for()
    assert "2611-0042" in card.locator("h2").inner_text()
    assert "處理中" in card.locator(".status").inner_text()
    assert len(card.locator(".desk").inner_text()) > len("承辦窗口：")
    assert "客服人員：您好，我來處理。" in page.locator("#announcer p").all_text_contents()
    page.reload()
    page.locator("li.bot[data-type=agent]").wait_for()
    has(page, "li.bot", 4)
