"""Linking a LINE account with the platform's: from the sentence over the sign-in to a personal answer, and back."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import jwt
import pytest
from line_platform import ANN, BEN

from bot.learners.token import issue_token

KEY = "a key of at least thirty-two bytes, as HS256 wants it"
LEARNER = "T0000000001"


async def test_from_the_sentence_to_a_personal_answer_and_back(line: Any, platform: Any, http: Any) -> None:
    page = address_in(await line.ask(ANN, "連結帳號"))
    async with http.get(line.base + page) as shown:
        form = await shown.text()
    dialog = await sign_in(line, http, page, learner=LEARNER)
    await line.send(platform.event("accountLink", ANN, link={"result": "ok", "nonce": dialog["nonce"][0]}))
    linked = (await platform.told(2))[1]
    await line.ask(ANN, "幫我查我的時數")
    undone = await line.ask(ANN, "解除連結。")
    await line.ask(ANN, "幫我查我的時數")

    assert "選一位示範學員" in form and LEARNER in form
    assert dialog["linkToken"] == [f"link-{ANN[:6]}"] and len(dialog["nonce"][0]) >= 10
    assert "連結好了" in linked.text and "解除連結" in undone.text
    assert [heard.metadata for heard in line.heard] == [{"learner_id": LEARNER}, {}]


async def test_a_link_is_the_persons_alone(line: Any, platform: Any) -> None:
    line.channel.works.links.link("line", ANN, LEARNER)

    await line.ask(BEN, "幫我查我的時數")

    assert line.heard[0].metadata == {}


async def test_a_code_links_once_and_only_what_the_platform_issued(line: Any, platform: Any, http: Any) -> None:
    page = address_in(await line.ask(ANN, "連結帳號"))
    nonce = (await sign_in(line, http, page, learner=LEARNER))["nonce"][0]

    for person, code in ((ANN, nonce), (BEN, nonce), (BEN, "made-up-by-somebody")):
        await line.send(platform.event("accountLink", person, link={"result": "ok", "nonce": code}))
        await line.idle()
    await line.send(platform.event("accountLink", BEN, link={"result": "failed", "nonce": "x"}))
    await line.idle()

    told = [(one.person, "沒有連結成功" in one.text) for one in platform.delivered[1:]]
    assert told == [(ANN, False), (BEN, True), (BEN, True), (BEN, True)]
    assert line.channel.works.links.learner("line", BEN) is None


async def test_a_code_is_worthless_after_ten_minutes(line: Any, platform: Any, http: Any) -> None:
    page = address_in(await line.ask(ANN, "連結帳號"))
    nonce = (await sign_in(line, http, page, learner=LEARNER))["nonce"][0]

    platform.clock.move(601)
    await line.send(platform.event("accountLink", ANN, link={"result": "ok", "nonce": nonce}))

    assert "沒有連結成功" in (await platform.told(2))[1].text


async def test_a_question_that_needs_to_know_who_asks_brings_a_button_to_link(line: Any, platform: Any) -> None:
    line.answers["我的時數"] = [{"text": "要先確認您的身分。", "custom": {"type": "login_required"}}]

    shown = await line.ask(ANN, "我的時數")
    await line.send(platform.tap(ANN, shown.quick["連結帳號"]))
    opened = (await platform.told(2))[1]

    assert "要先確認您的身分" in shown.text
    assert address_in(opened).startswith("/webhooks/line/sign-in")


async def test_a_token_of_the_platform_signs_in_by_a_form_alone(line: Any, http: Any) -> None:
    page = "/webhooks/line/sign-in?linkToken=abc"
    token = issue_token(LEARNER, KEY, 60)

    dialog = await sign_in(line, http, page, token=token)
    async with http.get(f"{line.base}{page}&token={quote(token)}", allow_redirects=False) as by_address:
        status = by_address.status

    assert dialog["linkToken"] == ["abc"]
    assert status == 200
    assert line.channel.works.links.redeem(dialog["nonce"][0], "line") == ("", LEARNER)


@pytest.mark.parametrize(
    ("page", "form", "word"),
    [
        ("?linkToken=abc", {}, "先選一位"),
        ("?linkToken=abc", {"learner": "T5602110801"}, "先選一位"),
        ("?linkToken=abc", {"token": "nonsense"}, "無效或已過期"),
        ("?linkToken=abc", {"token": jwt.encode({"sub": LEARNER}, KEY, "HS256")}, "無效或已過期"),
        ("?linkToken=%22%3E%3Cscript%3E", {"learner": LEARNER}, "已經失效"),
        ("", {"learner": LEARNER}, "已經失效"),
    ],
)
async def test_a_sign_in_that_proves_nothing_is_refused(
    page: str, form: dict[str, str], word: str, line: Any, http: Any
) -> None:
    url = f"{line.base}/webhooks/line/sign-in{page}"

    async with http.post(url, data=form or {"x": "y"}, allow_redirects=False) as answer:
        text = await answer.text()

    assert answer.status == 400 and word in text
    assert "<script" not in text


async def test_in_production_people_are_sent_to_the_platforms_sign_in(open_line: Any, platform: Any, http: Any) -> None:
    sign_in_url = "https://elearn.example.gov.tw/line"
    line = await open_line(EPARK_MODE="production", EPARK_SIGN_IN_URL=sign_in_url)

    opened = await line.ask(ANN, "綁定帳號")
    uri = uri_in(opened)
    back = parse_qs(urlsplit(uri).query)["return_to"][0]
    path = back.removeprefix("https://epark.example.gov.tw")
    async with http.get(line.base + path) as shown:
        text = await shown.text()
    async with http.post(line.base + path, data={"learner": LEARNER}, allow_redirects=False) as chosen:
        status = chosen.status
    dialog = await sign_in(line, http, path, token=issue_token(LEARNER, KEY, 60))

    assert uri.startswith(f"{sign_in_url}?") and LEARNER not in text
    assert status == 400
    assert dialog["linkToken"] == [f"link-{ANN[:6]}"]


@pytest.mark.parametrize("environ", [{"EPARK_PUBLIC_URL": ""}, {"EPARK_MODE": "production"}])
async def test_where_nobody_can_sign_in_the_person_is_told(environ: dict[str, str], open_line: Any) -> None:
    line = await open_line(**environ)

    answer = await line.ask(ANN, "連結帳號")

    assert "還沒有開放連結帳號" in answer.text


async def test_where_line_gives_no_token_the_person_is_told(line: Any, platform: Any) -> None:
    platform.no_link_token = True

    assert "沒有連結成功" in (await line.ask(ANN, "連結帳號")).text


async def test_whoever_is_not_linked_need_not_unlink(line: Any) -> None:
    assert "不需要解除" in (await line.ask(ANN, "解除連結")).text


def uri_in(delivered: Any) -> str:
    return str(delivered.messages[-1]["contents"]["footer"]["contents"][0]["action"]["uri"])


def address_in(delivered: Any) -> str:
    """The place of our own sign-in page that a message opens."""
    uri = uri_in(delivered)
    assert uri.startswith("https://epark.example.gov.tw/")
    return uri.removeprefix("https://epark.example.gov.tw")


async def sign_in(line: Any, http: Any, page: str, **form: str) -> dict[str, list[str]]:
    """Send the form; what LINE's own dialog is opened with."""
    async with http.post(line.base + page, data=form, allow_redirects=False) as answer:
        assert answer.status == 303, await answer.text()
        target = urlsplit(answer.headers["Location"])
    assert (target.scheme, target.netloc, target.path) == ("https", "access.line.me", "/dialog/bot/accountLink")
    return parse_qs(target.query)
