"""A day at the help desk from beginning to end: 30 people, 12 cases over three desks, two agents side by side.

It is Thursday 2026-12-24; Friday the 25th is a public holiday, and work goes on on Monday the 28th. Every figure below
was worked out by hand from the script in `played`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import requests
from browsing import ask, replies, watched, write
from counter import PASSWORD, PEOPLE, cheap
from day import Day
from line_platform import ANN, BEN
from sanic import Sanic
from telegram_people import Phone

from bot.cases.records import Case, CaseFilter
from bot.console.app import create_console
from bot.console.house import open_house
from bot.console.pages import Route
from bot.learners.clock import now_in_taipei
from bot.learners.database import open_database
from bot.settings import Settings
from bot.staff.accounts import Staff

THURSDAY, MONDAY = "2026-12-24", "2026-12-28"
CAT, DOT = "U" + "1" * 32, "U" + "2" * 32
EVE, FAY, GUS, HAL = (Phone(number) for number in range(700001, 700005))
"""On Telegram."""
HOURS, WITHDRAW, PASSWORD_LOST, OFFICIAL, CARD, ECPA, MATERIAL = (
    "時數沒上傳到終身學習入口網怎麼辦",
    "怎麼退選",
    "忘記密碼怎麼辦",
    "我的e政府公務帳號要怎麼申請",
    "自然人憑證讀不到",
    "ecpa第一次登入密碼是什麼",
    "能不能給我教材電子檔",
)
NOT_OURS = "護照去哪辦"
REPORT = ("我要反映問題", "0912-345-678", "送出")
"""What somebody says after a question to leave a case: two turns of the form, and the one that opens it."""


@contextmanager
def at_the_console(browser: Any, day: Day, login: str) -> Iterator[Any]:
    """The page of somebody who signed in by hand; fails where it had an error of its own or asked anybody else."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-TW", timezone_id="Asia/Taipei")
    page = context.new_page()
    with watched(page, day.console):
        page.goto(f"{day.console}/sign-in")
        page.fill("#login", login)
        page.fill("#password", PASSWORD)
        page.keyboard.press("Enter")
        page.locator(".who").wait_for()
        yield page
        context.close()


@contextmanager
def on_the_chat_page(browser: Any, day: Day) -> Iterator[Any]:
    """The page of somebody who is greeted; fails where it had an error of its own or asked anybody else."""
    context = browser.new_context(viewport={"width": 1100, "height": 800}, locale="zh-TW", timezone_id="Asia/Taipei")
    page = context.new_page()
    with watched(page, day.base):
        page.goto(f"{day.base}/")
        page.locator("li.bot .chips button").first.wait_for()
        yield page
    context.close()


class Page:
    """Somebody on the chat page whose browser is of no interest."""

    def __init__(self, day: Day) -> None:
        self.base = f"{day.base}/webhooks/web"
        self.ticket = self._post("session")["ticket"]

    def _post(self, path: str, **body: Any) -> Any:
        headers = {"Authorization": f"Bearer {getattr(self, 'ticket', '')}"}
        answer = requests.post(f"{self.base}/{path}", json=body, headers=headers, timeout=60)
        assert answer.ok, answer.text
        return answer.json()

    def ask(self, text: str) -> int:
        """Say it and wait for the answer; the number of the event that answers."""
        self._post("messages", id="m1", message=text)
        headers = {"Authorization": f"Bearer {self.ticket}"}
        with requests.get(f"{self.base}/events?after=0", headers=headers, stream=True, timeout=60) as answer:
            number, found = 0, 0
            for line in answer.iter_lines(chunk_size=1, decode_unicode=True):
                number = int(line[4:]) if line.startswith("id: ") else number
                found = number if line == "event: bot" else found
                if line == "event: done":
                    return found
        raise AssertionError("the stream ended")

    def judge(self, event: int, helpful: bool, reason: str | None = None) -> None:
        self._post("feedback", event=event, helpful=helpful, **({"reason": reason} if reason else {}))


def together(*doings: Callable[[], object]) -> None:
    """Each in a thread of its own: people do not wait for each other."""
    with ThreadPoolExecutor(len(doings)) as threads:
        for done in [threads.submit(one) for one in doings]:
            done.result()


@pytest.fixture(scope="module")
def played(day: Day, browser: Any) -> dict[str, Any]:
    """The script. What it returns are the cases by name, and what was seen on the way."""
    found: dict[str, Any] = {}

    def reported(name: str, question: str, *more: str) -> Any:
        (*_, told) = day.rest(name, question, *more, *REPORT)
        assert told["custom"]["type"] == "case", told
        found[name] = day.case_of(f"rest-{name}")
        return found[name]

    def note(name: str, login: str, step: str, **form: str) -> None:
        answer = day.visitor(login).step(found[name].id, step, **form)
        assert answer.status_code == 303, answer.text

    # 08:40 The first case, before its desk (eCPA, 09:00) opens; six people ask something.
    reported("c2", ECPA)
    day.go_to(f"{THURSDAY} 08:50")
    for name, text in zip("12356", (WITHDRAW, WITHDRAW, WITHDRAW, PASSWORD_LOST, NOT_OURS)):
        day.rest(f"a{name}", text)
    day.on_telegram(FAY, PASSWORD_LOST)

    # 09:00 Ann on LINE; her form asks for two screenshots, too. Others open their browsers meanwhile.
    day.go_to(f"{THURSDAY} 09:00")
    with ExitStack() as open_pages, ThreadPoolExecutor(1) as thread:
        typing = thread.submit(day.on_line, ANN, HOURS, "我要反映問題", "略過", "略過", "0912-345-678", "送出")
        page = open_pages.enter_context(on_the_chat_page(browser, day))
        lin, chen = (open_pages.enter_context(at_the_console(browser, day, one)) for one in ("lin.mh", "chen.zm"))
        found["told_ann"] = typing.result()
        found["ann"] = day.case_of(f"line-{ANN}")
        day.go_to(f"{THURSDAY} 09:05")
        note("c2", "lin.mh", "resolve", text="請用身分證後四碼加生日試試看。")
        day.go_to(f"{THURSDAY} 09:10")
        reported("e1", OFFICIAL)
        # Eve writes on Telegram.
        found["told_eve"] = day.on_telegram(EVE, ECPA, "我要反映問題", "略過", "0912-345-678", "送出")
        found["c1"] = day.case_of(f"telegram-{EVE.id}")

        # 09:20 Somebody on the chat page; two more there judge their answers.
        day.go_to(f"{THURSDAY} 09:20")
        for text in (WITHDRAW, "我要反映問題", "略過", "0912-345-678", "送出"):
            found["told_web"] = ask(page, text)
        (found["web"],) = day.cases.find(CaseFilter(channel="web"))
        day.go_to(f"{THURSDAY} 09:25")
        for text, helpful, reason in ((PASSWORD_LOST, True, None), (WITHDRAW, False, "wrong")):
            person = Page(day)
            person.judge(person.ask(text), helpful, reason)

        # 09:30 Two agents side by side.
        day.go_to(f"{THURSDAY} 09:30")
        _side_by_side(day, found, lin, chen, page)
        found["chat"] = replies(page)

    # 10:00 A case that turns out to be eCPA's; Ann's is settled, and the bot is hers again.
    day.go_to(f"{THURSDAY} 10:00")
    reported("c3", WITHDRAW)
    day.go_to(f"{THURSDAY} 10:15")
    note("ann", "lin.mh", "resolve")
    day.until_idle("line")
    found["ann_after"] = day.on_line(ANN, "謝謝")
    day.go_to(f"{THURSDAY} 10:20")
    note("c3", "chen.zm", "transfer", to="ecpa")
    day.go_to(f"{THURSDAY} 11:00")
    note("web", "chen.zm", "resolve")
    day.go_to(f"{THURSDAY} 11:40")
    note("e1", "lin.mh", "resolve", text="已向我的e政府確認，請重新登入。")

    # 11:50 The mail server puts a letter off, and takes it when it comes again.
    day.until(lambda: day.waiting("email") == 0)
    day.go_to(f"{THURSDAY} 11:50")
    day.mail.answers.append("451 4.3.0 try again later")
    reported("e2", OFFICIAL)
    day.until(lambda: [one.data["state"] for one in day.events(found["e2"], "mail")] == ["waiting", "retrying"])
    found["letters_meanwhile"] = day.mail.of(found["e2"].number)
    day.pass_by(seconds=2)
    day.until(lambda: day.waiting("email") == 0)

    day.go_to(f"{THURSDAY} 12:10")
    together(lambda: day.on_line(CAT, PASSWORD_LOST), lambda: day.on_line(DOT, "謝謝"))
    day.go_to(f"{THURSDAY} 13:00")
    day.on_line(BEN, MATERIAL, "請幫我立案", "林小華", "公務員行政中立", "0922333444", "送出")
    found["ben"] = day.case_of(f"line-{BEN}")
    day.go_to(f"{THURSDAY} 13:05")
    note("ben", "lin.mh", "take")
    note("ben", "lin.mh", "wait")

    # 14:00 A case that nobody outside can be written to about; eight people ask something.
    day.go_to(f"{THURSDAY} 14:00")
    reported("p4", CARD)
    day.go_to(f"{THURSDAY} 14:10")
    afternoon = (HOURS,), (NOT_OURS,), (OFFICIAL, "沒有那個按鈕"), (CARD,), (NOT_OURS, HOURS), (" ",)
    together(
        lambda: day.on_telegram(GUS, PASSWORD_LOST, PASSWORD_LOST),
        lambda: day.on_telegram(HAL, WITHDRAW, "第二步在哪裡", "謝謝"),
        *(partial(day.rest, f"a{number}", *texts) for number, texts in enumerate(afternoon, 7)),
    )
    day.go_to(f"{THURSDAY} 16:50")
    reported("e3", OFFICIAL)
    day.go_to(f"{THURSDAY} 17:30")
    note("e3", "chen.zm", "close")

    # 18:10 After hours: e政府 closes at 18:00.
    day.go_to(f"{THURSDAY} 18:10")
    found["told_e5"] = day.rest("e5", OFFICIAL, *REPORT)
    found["e5"] = day.case_of("rest-e5")
    # The holiday.
    day.go_to("2026-12-25 10:00")
    found["told_e4"] = day.rest("e4", OFFICIAL, "我要找真人", "留下案件", *REPORT[1:])
    found["e4"] = day.case_of("rest-e4")
    day.go_to(f"{MONDAY} 09:00")
    note("e4", "lin.mh", "reply", text="請先註冊一般會員。")
    day.go_to(f"{MONDAY} 09:15")
    note("e5", "lin.mh", "reply", text="請先註冊一般會員。")
    day.go_to(f"{MONDAY} 09:30")
    note("e5", "lin.mh", "resolve")
    day.go_to(f"{MONDAY} 14:30")
    note("c1", "chen.zm", "reply", text="請洽人事單位重設。")
    day.until_idle("email", "line", "telegram", "web")
    return found


def _side_by_side(day: Day, found: dict[str, Any], lin: Any, chen: Any, page: Any) -> None:
    ann, web = found["ann"], found["web"]
    lin.goto(f"{day.console}/cases/{ann.id}")
    chen.goto(f"{day.console}/cases/{ann.id}")
    lin.locator("#presence", has_text="陳志明").wait_for()
    chen.locator("#presence", has_text="林美華").wait_for()
    lin.get_by_role("button", name="我來承辦").click()
    lin.locator("#notice .good").wait_for()
    # What Lin has, Chen cannot answer; what Chen notes, Lin reads at once.
    chen.locator("#answering", has_text="由 林美華 承辦").wait_for()
    assert chen.locator("#reply").count() == 0
    chen.locator("summary", has_text="內部備註").click()
    chen.fill("#note", "上週也有人問過這門課")
    chen.get_by_role("button", name="記下").click()
    lin.locator("#story", has_text="上週也有人問過這門課").wait_for()
    lin.fill("#reply", "已請資訊人員重新上傳，明天會入檔。")
    lin.get_by_role("button", name="送出回覆").click()
    lin.locator("#story .ours", has_text="明天會入檔").wait_for()
    day.until_idle("line")

    day.go_to(f"{THURSDAY} 09:40")
    chen.goto(f"{day.console}/cases")
    chen.locator(".case", has_text=web.number).get_by_role("link").first.click()
    chen.get_by_role("button", name="我來承辦").click()
    chen.locator("#notice .good").wait_for()
    chen.fill("#reply", "已經通過的課程不能退選。")
    chen.get_by_role("button", name="送出回覆").click()
    page.locator("li.bot", has_text="已經通過的課程不能退選。").wait_for()
    # The bot says once that it passes words on, and then nothing.
    ask(page, "那我再看看")
    write(page, "我懂了")
    chen.locator("#story .theirs", has_text="我懂了").wait_for()


def test_twelve_cases_stand_at_three_desks(day: Day, played: dict[str, Any]) -> None:
    cases = day.cases.find(CaseFilter(newest_first=False))

    assert [one.number for one in cases] == [f"2612-{number:04d}" for number in range(1, 13)]
    names = ("c2", "ann", "e1", "c1", "web", "c3", "e2", "ben", "p4", "e3", "e5", "e4")
    assert [one.id for one in cases] == [played[name].id for name in names]
    desks = {name: one.desk for name, one in zip(names, cases)}
    assert [name for name in names if desks[name] == "platform"] == ["ann", "web", "ben", "p4"]
    assert [name for name in names if desks[name] == "egov"] == ["e1", "e2", "e3", "e5", "e4"]
    assert [name for name in names if desks[name] == "ecpa"] == ["c2", "c1", "c3"]
    assert played["p4"].refer_to == "moica"


def test_people_heard_of_their_cases_and_of_the_agents_where_they_were(day: Day, played: dict[str, Any]) -> None:
    assert played["ann"].number in played["told_ann"] and played["web"].number in played["told_web"]
    after_hours, on_a_holiday = played["told_e5"][0]["text"], played["told_e4"][0]["text"]
    # Friday is a holiday: who writes on Thursday evening or on Friday is told of Monday.
    assert "12月28日（一）08:30" in after_hours and "12月28日（一）08:30" in on_a_holiday

    heard = [text for text in day.heard(ANN) if "明天會入檔" in text]
    assert len(heard) == 1, "the one reply to LINE"
    assert sum("上週也有人問過" in text for text in day.heard(ANN)) == 0, "a note is the agents' own"
    assert played["ann_after"], "the bot is back"
    assert sum("已經通過的課程不能退選。" in text for text in played["chat"]) == 1
    assert played["c1"].number in played["told_eve"]
    assert sum("請洽人事單位重設。" in text for text in day.telegram.texts(EVE.id)) == 1, "the one reply to Telegram"


def test_each_letter_left_once_and_the_one_that_was_put_off_came_later(day: Day, played: dict[str, Any]) -> None:
    assert played["letters_meanwhile"] == []
    outside = ("c2", "e1", "c1", "c3", "e2", "e3", "e5", "e4")
    for name in outside:
        assert len(day.mail.of(played[name].number)) == 1, name
        states = [one.data["state"] for one in day.events(played[name], "mail")]
        assert states == (["waiting", "retrying", "sent"] if name == "e2" else ["waiting", "sent"]), name
    assert len(day.mail.letters) == len(outside)
    to = {one["X-Epark-Case"]: one["To"] for one in day.mail.letters}
    assert to[played["e2"].number] == "egov@service.gov.tw" and to[played["c3"].number] == "pemis@dgpa.gov.tw"


def durations(
    count: int, median: float | None, mean: float | None, longest: int | None, in_time: int
) -> dict[str, Any]:
    return {"count": count, "median": median, "mean": mean, "longest": longest, "in_time": in_time}


# Minutes of working time from opening to the first reply: c2 5 (eCPA opens at 09:00), ann 30, web 20, e1 150, e5 45
# (Monday, from 08:30), c1 560 (170 before and 180 after eCPA's noon rest, then Monday's 180 and 30).
RESPONSES = durations(6, 37.5, 135.0, 560, 5)
# And to the end: c2 5, ann 75, web 100, e1 150, e3 40, e5 60.
RESOLUTIONS = durations(6, 67.5, 71.7, 150, 6)


def test_the_figures_of_thursday_are_right_to_the_last_digit(day: Day, played: dict[str, Any]) -> None:
    found = day.figures(THURSDAY, THURSDAY)
    cases = found.pop("cases")

    assert found == {
        "from": THURSDAY,
        "to": THURSDAY,
        # 11 of 25 matters; 11 of 29 conversations; 3 of 31 questions; one thumb of two.
        "containment": 0.44,
        "hand_over_rate": 0.3793,
        "fallback_rate": 0.0968,
        "helpful_share": 0.5,
        # Ann 7, Ben 6, the chat page 6 (5, and what the bot passes on; its silence is no turn), Eve 5 and the seven
        # others with cases 4 each: 52. Of those who only asked: six in the morning, two on the chat page, two at noon,
        # 13 in the afternoon.
        "turns": 75,
        "conversations": 29,
        # Each of the 11 was answered, and 17 of the questions of the others.
        "outcomes": {"answer": 28, "case": 12, "chat": 3, "fallback": 3, "guide": 28, "refused": 1},
        # 25 of the answers began a matter: Gus asked the same again, Hal for its second step, a9 found no button. Not
        # settled were the eleven that became cases, Gus's, a9's, and the one that got a thumb down.
        "answered": 25,
        "contained": 11,
        "undecided": 0,
        "handed_over": 11,
        "thumbs_up": 1,
        "thumbs_down": 1,
        "reasons": {"wrong": 1},
        "topics": [
            # Three in the morning, the two on the chat page, c3, and Hal twice; c3's and the chat page's became cases,
            # and one was thumbed down.
            {"topic": "withdraw_course", "count": 8, "before": 0, "contained": 4, "answered": 7},
            # e1, e2, e3, e5 and, twice, a9, who found no button.
            {"topic": "apply_official_account", "count": 6, "before": 0, "contained": 0, "answered": 5},
            # Fay, a5, one on the chat page, Cat, and Gus twice.
            {"topic": "forgot_password", "count": 6, "before": 0, "contained": 4, "answered": 5},
            # Ann, a7 and a11.
            {"topic": "hours_not_uploaded_lifelong", "count": 3, "before": 0, "contained": 2, "answered": 3},
            # p4 and a10.
            {"topic": "certificate_trouble", "count": 2, "before": 0, "contained": 1, "answered": 2},
            # c2 and Eve.
            {"topic": "ecpa_first_login", "count": 2, "before": 0, "contained": 0, "answered": 2},
            # Ben.
            {"topic": "course_material_files", "count": 1, "before": 0, "contained": 0, "answered": 1},
        ],
        # Of the 28 answers: withdrawals 8, passwords 6, hours 3, material 1; official accounts 6; eCPA 2; cards 2.
        "desks": {"platform": 18, "egov": 6, "ecpa": 2, "moica": 2},
        # LINE: Ann 7, Cat and Dot 1 each, Ben 6. Telegram: Eve 5, Fay 1, Gus 2, Hal 3. The chat page: 6 and 2.
        # REST: seven cases of 4, five in the morning, a7 to a12 8.
        "channels": {"rest": 41, "line": 15, "telegram": 11, "web": 8},
        # 08: c2 and six. 09: Ann 6, e1 4, Eve 5, the chat page 5, 2 and 1. 10: c3 4 and Ann. 11: e2. 12: Cat and Dot.
        # 13: Ben. 14: p4 4 and the 13. 16: e3. 18: e5.
        "hours": [0] * 8 + [10, 23, 5, 4, 2, 6, 17, 0, 4, 0, 4] + [0] * 5,
        "days": {THURSDAY: 75},
    }
    assert cases == {
        "opened": 11,
        "states": {"resolved": 5, "new": 3, "closed": 1, "open": 1, "waiting": 1},
        "kinds": {"report": 11},
        "channels": {"rest": 7, "line": 2, "telegram": 1, "web": 1},
        "topics": {
            "apply_official_account": 4,
            "ecpa_first_login": 2,
            "withdraw_course": 2,
            "certificate_trouble": 1,
            "course_material_files": 1,
            "hours_not_uploaded_lifelong": 1,
        },
        "first_response": RESPONSES,
        "resolution": RESOLUTIONS,
        "desks": [
            {
                "desk": "egov",
                "opened": 4,
                "unfinished": 1,
                "first_response": durations(2, 97.5, 97.5, 150, 2),
                "resolution": durations(3, 60.0, 83.3, 150, 3),
            },
            {
                "desk": "platform",
                "opened": 4,
                "unfinished": 2,
                "first_response": durations(2, 25.0, 25.0, 30, 2),
                "resolution": durations(2, 87.5, 87.5, 100, 2),
            },
            {
                "desk": "ecpa",
                "opened": 3,
                "unfinished": 2,
                "first_response": durations(2, 282.5, 282.5, 560, 1),
                "resolution": durations(1, 5.0, 5.0, 5, 1),
            },
        ],
    }


def test_the_holiday_counts_no_minute_of_work(day: Day, played: dict[str, Any]) -> None:
    cases = day.figures("2026-12-25", "2026-12-25")["cases"]

    assert (cases["opened"], cases["kinds"], cases["states"]) == (1, {"human": 1}, {"open": 1})
    # Opened on Friday at 10:00, answered on Monday at 09:00.
    assert cases["first_response"] == durations(1, 30.0, 30.0, 30, 1)


def test_the_consoles_page_shows_each_of_these_figures_and_no_other(
    day: Day, browser: Any, played: dict[str, Any]
) -> None:
    def texts(selector: str) -> list[str]:
        return [re.sub(r"\s+", " ", str(one)).strip() for one in page.locator(selector).all_text_contents()]

    def table(name: str) -> list[list[str]]:
        rows = page.get_by_role("region", name=name, exact=True).locator("tbody tr").all()
        return [[cell.inner_text().strip() for cell in row.locator("th, td").all()] for row in rows]

    with at_the_console(browser, day, "wang.sv") as page:
        page.goto(f"{day.console}/figures?from={THURSDAY}&to={THURSDAY}")
        tiles = [re.sub(r"\s+", " ", tile.inner_text()) for tile in page.locator(".tile").all()]
        bars = [texts(f"svg.chart >> nth={number} >> title") for number in range(2)]
        headings, topics, desks = texts("#main h2"), table("題目表"), table("各窗口的案件表")
        facts = list(zip(texts("dl.facts dt"), texts("dl.facts dd")))
        charts = [page.locator("svg.chart").nth(number).get_attribute("aria-label") for number in range(2)]

    assert tiles == [
        # 11 of 25; 11 of 29; 3 of 31; 1 of 2.
        "自行解決 44.0 % 25 件答過的事裡，11 件 24 小時內沒有再問、沒有找人，也沒有說沒幫助",
        "轉交 37.9 % 29 段對話裡，11 段開了案件",
        "聽不懂 9.7 % 3 個問題答不出來",
        "有幫助 50.0 % 有幫助 1，沒幫助 1；答錯 1",
        # Medians of 37.5 and 67.5 minutes; half a minute is a whole one where people read it. At most 560 and 150.
        "首次回覆 38 分 中位數；最久 9 小時 20 分；6 件裡 5 件在時限內",
        "結案 1 小時 8 分 中位數；最久 2 小時 30 分；6 件裡 6 件在時限內",
    ]
    assert [one for one in headings if "共" in one] == ["每天的輪次（共 75）", "各窗口的案件（共 11）"]
    assert charts == ["每天的輪次，最多 75 輪", "一天各小時的輪次，最多 23 輪"]
    by_hour = {8: 10, 9: 23, 10: 5, 11: 4, 12: 2, 13: 6, 14: 17, 16: 4, 18: 4}
    assert bars == [["12/24：75"], [f"{hour}：{by_hour.get(hour, 0)}" for hour in range(24)]]
    assert topics == [
        # How often, as a picture, on the day before, more than then, and settled of the matters answered.
        ["已報名課程如何退選", "8", "", "0", "+8", "4／7"],
        ["如何申請我的e政府公務帳號（從未使用過）", "6", "", "0", "+6", "0／5"],
        ["忘記帳號或密碼怎麼辦", "6", "", "0", "+6", "4／5"],
        ["學習時數尚未上傳到終身學習入口網，如何處理", "3", "", "0", "+3", "2／3"],
        ["自然人憑證讀不到、PIN碼鎖卡、HiCOS元件安裝", "2", "", "0", "+2", "1／2"],
        ["eCPA人事服務網首次登入與帳號啟用（EMAIL認證）", "2", "", "0", "+2", "0／2"],
        ["能否提供數位教材電子檔", "1", "", "0", "+1", "0／1"],
    ]
    assert desks == [
        # Medians of 97.5 and 60, of 25 and 87.5, of 282.5 and 5 minutes.
        ["我的e政府", "4", "1", "1 小時 38 分", "1 小時"],
        ["平臺客服", "4", "2", "25 分", "1 小時 28 分"],
        ["人事服務網eCPA", "3", "2", "4 小時 43 分", "5 分"],
    ]
    outcomes = [
        ("回答", "28"),
        ("案件", "12"),
        ("問候閒聊", "3"),
        ("聽不懂", "3"),
        ("一步步引導", "28"),
        ("空白或太長", "1"),
    ]
    channels = [("REST", "41"), ("LINE", "15"), ("Telegram", "11"), ("對話頁", "8")]
    of_desks = [("平臺客服", "18"), ("我的e政府", "6"), ("人事服務網eCPA", "2"), ("自然人憑證", "2")]
    assert facts == [*outcomes, *channels, *of_desks]


def test_the_consoles_csv_holds_each_of_these_figures_and_no_other(day: Day, played: dict[str, Any]) -> None:
    answer = day.visitor("wang.sv").see(f"/figures.csv?from={THURSDAY}&to={THURSDAY}")

    # The figures above, each explained there, one a line.
    written_by_hand = (Path(__file__).parent / "scripted_day.csv").read_text(encoding="utf-8")
    assert answer.content.decode("utf-8-sig").splitlines() == written_by_hand.splitlines()


def console_routes() -> list[Route]:
    settings = Settings.from_env({"EPARK_TOKEN_KEY": "k", "DATABASE_URL": "sqlite://"})
    app = create_console(open_house(settings, open_database("sqlite://"), now_in_taipei, cheap()))
    return list(app.ctx.pages.routes)


@pytest.mark.parametrize("login", PEOPLE)
def test_nobody_sees_what_their_role_should_not(
    day: Day, played: dict[str, Any], login: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Without it only the first app of a process may have the console's name.
    monkeypatch.setattr(Sanic, "test_mode", True)
    me = Staff(login, "", tuple(PEOPLE[login]["roles"]), tuple(PEOPLE[login].get("desks", ())))
    visitor = day.visitor(login)
    before = {one.id: day.cases.events(one.id) for one in played.values() if isinstance(one, Case)}

    for route in console_routes():
        may = route.right is None or me.may(route.right)
        for case in (played["ann"], played["c1"], played["e1"]) if "<case_id" in route.path else (None,):
            path = re.sub(r"<\w+:\w+>", "1", route.path.replace("<case_id:int>", str(case.id if case else 0)))
            theirs = may and (case is None or me.sees_desk(case.desk))
            if route.method == "POST":
                # What they may do is done elsewhere; here it would change the day.
                assert theirs or visitor.fill(path, seen="1", text="x").status_code == 403, path
            else:
                answer = visitor.see(path, stream=True, allow_redirects=False)
                assert (answer.status_code == 403) == (not theirs), path
                answer.close()

    for name in ("ann", "c1", "e1"):
        shown = visitor.see(f"/cases/{played[name].id}").text
        assert ("0912-345-678" in shown) == (me.may("cases") and me.sees_desk(played[name].desk))
    if me.may("cases"):
        listed = visitor.see("/cases?state=all&text=2612").text
        seen = [name for name in ("ann", "web", "c1", "c3", "p4", "e1", "e2") if played[name].number in listed]
        assert seen == (["e1", "e2"] if me.desks else ["ann", "web", "c1", "c3", "p4", "e1", "e2"])
    assert {case: day.cases.events(case) for case in before} == before
