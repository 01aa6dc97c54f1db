"""A day at the help desk from beginning to end: 30 people, 12 cases over three desks, two agents side by side.

It is Thursday 2026-12-24; Friday the 25th is a public holiday, and work goes on on Monday the 28th. Every figure below
was worked out by hand from the script in `played`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import requests
from browsing import ask, replies, watched, write
from counter import PASSWORD, PEOPLE, cheap
from day import Day
from line_platform import ANN, BEN
from sanic import Sanic

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
    for name, text in zip("123456", (WITHDRAW, WITHDRAW, WITHDRAW, PASSWORD_LOST, PASSWORD_LOST, NOT_OURS)):
        day.rest(f"a{name}", text)

    # 09:00 Ann on LINE; her form asks for two screenshots, too.
    day.go_to(f"{THURSDAY} 09:00")
    found["told_ann"] = day.on_line(ANN, HOURS, "我要反映問題", "略過", "略過", "0912-345-678", "送出")
    found["ann"] = day.case_of(f"line-{ANN}")
    day.go_to(f"{THURSDAY} 09:05")
    note("c2", "lin.mh", "resolve", text="請用身分證後四碼加生日試試看。")
    day.go_to(f"{THURSDAY} 09:10")
    reported("e1", OFFICIAL)
    reported("c1", ECPA)

    # 09:20 Somebody on the chat page, in a browser; two more there judge their answers.
    day.go_to(f"{THURSDAY} 09:20")
    context = browser.new_context(viewport={"width": 1100, "height": 800}, locale="zh-TW", timezone_id="Asia/Taipei")
    page = context.new_page()
    with watched(page, day.base):
        page.goto(f"{day.base}/")
        page.locator("li.bot .chips button").first.wait_for()
        for text in (WITHDRAW, "我要反映問題", "略過", "0912-345-678", "送出"):
            found["told_web"] = ask(page, text)
        (found["web"],) = day.cases.find(CaseFilter(channel="web"))
        day.go_to(f"{THURSDAY} 09:25")
        for text, helpful, reason in ((PASSWORD_LOST, True, None), (WITHDRAW, False, "wrong")):
            person = Page(day)
            person.judge(person.ask(text), helpful, reason)

        # 09:30 Two agents side by side.
        day.go_to(f"{THURSDAY} 09:30")
        with at_the_console(browser, day, "lin.mh") as lin, at_the_console(browser, day, "chen.zm") as chen:
            _side_by_side(day, found, lin, chen, page)
            found["chat"] = replies(page)
    context.close()

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
    day.on_line(CAT, PASSWORD_LOST)
    day.on_line(DOT, "謝謝")
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
    afternoon = (HOURS,), (PASSWORD_LOST, PASSWORD_LOST), (NOT_OURS,), (WITHDRAW, "謝謝"), (OFFICIAL,), (CARD,)
    for number, texts in enumerate((*afternoon, (NOT_OURS, HOURS), (" ",)), 7):
        day.rest(f"a{number}", *texts)
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
    day.until(lambda: day.waiting("email") == day.waiting("line") == day.waiting("web") == 0)
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
        # 13 of 25 matters; 11 of 29 conversations; 3 of 29 questions; one thumb of two.
        "containment": 0.52,
        "hand_over_rate": 0.3793,
        "fallback_rate": 0.1034,
        "helpful_share": 0.5,
        # Ann 7, Ben 6, the chat page 6 (the bot's silence is no turn), nine others with cases 4 each (of 38 answers,
        # forms and openings); six, two, two and eleven turns of those who only asked.
        "turns": 72,
        "conversations": 29,
        # Each of the 11 was answered, and 15 of the questions of the others.
        "outcomes": {"answer": 26, "case": 12, "chat": 3, "fallback": 3, "guide": 27, "refused": 1},
        # One asked the same twice; eleven were handed over.
        "answered": 25,
        "contained": 13,
        "undecided": 0,
        "handed_over": 11,
        "thumbs_up": 1,
        "thumbs_down": 1,
        "reasons": {"wrong": 1},
        "topics": [
            {"topic": "withdraw_course", "count": 7, "before": 0, "contained": 5, "answered": 7},
            {"topic": "forgot_password", "count": 6, "before": 0, "contained": 4, "answered": 5},
            {"topic": "apply_official_account", "count": 5, "before": 0, "contained": 1, "answered": 5},
            {"topic": "hours_not_uploaded_lifelong", "count": 3, "before": 0, "contained": 2, "answered": 3},
            {"topic": "certificate_trouble", "count": 2, "before": 0, "contained": 1, "answered": 2},
            {"topic": "ecpa_first_login", "count": 2, "before": 0, "contained": 0, "answered": 2},
            {"topic": "course_material_files", "count": 1, "before": 0, "contained": 0, "answered": 1},
        ],
        "desks": {"platform": 17, "egov": 5, "ecpa": 2, "moica": 2},
        "channels": {"rest": 49, "line": 15, "web": 8},
        "hours": [0] * 8 + [10, 22, 5, 4, 2, 6, 15, 0, 4, 0, 4] + [0] * 5,
        "days": {THURSDAY: 72},
    }
    assert cases == {
        "opened": 11,
        "states": {"resolved": 5, "new": 3, "closed": 1, "open": 1, "waiting": 1},
        "kinds": {"report": 11},
        "channels": {"rest": 8, "line": 2, "web": 1},
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


def test_the_consoles_page_shows_the_same_figures(day: Day, browser: Any, played: dict[str, Any]) -> None:
    with at_the_console(browser, day, "wang.sv") as page:
        page.goto(f"{day.console}/figures?from={THURSDAY}&to={THURSDAY}")
        tiles = {
            tile.locator("h2").inner_text(): re.sub(r"\s+", " ", tile.inner_text())
            for tile in page.locator(".tile").all()
        }
        rows = [re.split(r"\t+", row.inner_text().strip()) for row in page.locator("#main tbody tr").all()]

    assert "52.0 %" in tiles["自行解決"] and "25 件答過的事裡，13 件" in tiles["自行解決"]
    assert "37.9 %" in tiles["轉交"] and "29 段對話裡，11 段" in tiles["轉交"]
    assert "10.3 %" in tiles["聽不懂"] and "50.0 %" in tiles["有幫助"]
    assert "6 件裡 5 件在時限內" in tiles["首次回覆"] and "6 件裡 6 件在時限內" in tiles["結案"]
    assert any(row[1:3] == ["4", "2"] and "平臺" in row[0] for row in rows), rows


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
