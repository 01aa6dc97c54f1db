from __future__ import annotations

import re

import pytest
import requests
from counter import HTML, PASSWORD, Counter, Visitor

from bot.staff.attempts import MOST_PER_ACCOUNT
from bot.staff.audit import AuditFilter


def words(answer: requests.Response) -> str:
    """The page without what differs from request to request."""
    return re.sub(r'(value="[^"]*"|\s+)', " ", answer.text)


def test_the_right_password_opens_the_console(counter: Counter) -> None:
    visitor = Visitor(counter.base)

    answer = visitor.sign_in("lin.mh")

    assert answer.status_code == 200 and answer.url.endswith("/cases")
    assert "林美華" in answer.text
    assert counter.audit.find(AuditFilter(login="lin.mh", action="signed_in"))


def test_a_wrong_password_and_an_unknown_login_get_the_very_same_answer(counter: Counter) -> None:
    wrong = Visitor(counter.base).sign_in("chen.zm", "wrong wrong wrong")
    unknown = Visitor(counter.base).sign_in("nobody.atall", "wrong wrong wrong")

    assert wrong.status_code == unknown.status_code == 401
    assert words(wrong) == words(unknown)
    assert wrong.headers.keys() == unknown.headers.keys()


def test_what_was_typed_as_login_is_not_repeated_in_the_trail(counter: Counter) -> None:
    Visitor(counter.base).sign_in("my secret password", "x")

    assert not [one for one in counter.audit.find(AuditFilter()) if "secret" in f"{one.login}{one.subject}{one.data}"]


@pytest.mark.parametrize("login", ["wang.sv.guess", "not.there"])
def test_after_too_many_failures_even_the_right_password_waits(counter: Counter, login: str) -> None:
    if login == "wang.sv.guess":
        counter.accounts.add(login, "猜", ["agent"], PASSWORD)
    for _ in range(MOST_PER_ACCOUNT):
        assert Visitor(counter.base).sign_in(login, "wrong wrong wrong").status_code == 401

    refused = Visitor(counter.base).sign_in(login)

    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 900
    assert counter.audit.find(AuditFilter(action="sign_in_limited"))


def test_the_cookie_is_for_this_site_alone_and_no_script(counter: Counter) -> None:
    visitor = Visitor(counter.base)
    visitor.sign_in("lin.mh")

    cookie = next(one for one in visitor.cookies if one.name == "epark_console")

    assert cookie.has_nonstandard_attr("HttpOnly") and cookie.get_nonstandard_attr("SameSite") == "Strict"
    assert cookie.expires is None


def test_signing_in_gives_a_new_session_and_ends_the_old_one(counter: Counter) -> None:
    visitor = counter.visitor("lin.mh")
    first, ticket = visitor.cookies["epark_console"], visitor.cookies["epark_console_form"]
    form = {"ticket": ticket, "login": "lin.mh", "password": PASSWORD}

    visitor.post(f"{counter.base}/sign-in", form, timeout=30)

    assert visitor.cookies["epark_console"] != first
    old = requests.get(f"{counter.base}/cases", cookies={"epark_console": first}, headers=HTML, timeout=30)
    assert "/sign-in" in old.url


def test_signing_out_ends_the_session_on_the_server(counter: Counter) -> None:
    visitor = counter.visitor("lin.mh")
    token = visitor.cookies["epark_console"]

    assert visitor.fill("/sign-out").headers["Location"] == "/sign-in"

    stolen = requests.get(f"{counter.base}/cases", cookies={"epark_console": token}, headers=HTML, timeout=30)
    assert stolen.url.endswith("/sign-in?next=%2Fcases")


def test_a_form_that_this_browser_was_not_given_signs_nobody_in(counter: Counter) -> None:
    form = {"ticket": "made up", "login": "lin.mh", "password": PASSWORD}

    answer = requests.post(f"{counter.base}/sign-in", form, cookies={"epark_console_form": "other"}, timeout=30)

    assert answer.status_code == 400 and "epark_console" not in answer.cookies


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_another_site_cannot_sign_somebody_in(counter: Counter, headers: dict[str, str]) -> None:
    visitor = Visitor(counter.base)
    ticket = re.search(r'name="ticket" value="([^"]+)"', visitor.see("/sign-in").text)
    assert ticket is not None
    form = {"ticket": ticket.group(1), "login": "lin.mh", "password": PASSWORD}

    answer = visitor.post(f"{counter.base}/sign-in", form, headers=headers, timeout=30)

    assert answer.status_code == 400 and "epark_console" not in visitor.cookies


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/a\r\nX: y"]
)
def test_after_signing_in_nobody_is_sent_to_another_site(counter: Counter, back: str) -> None:
    visitor = Visitor(counter.base)
    ticket = re.search(r'name="ticket" value="([^"]+)"', visitor.see("/sign-in").text)
    assert ticket is not None
    form = {"ticket": ticket.group(1), "login": "lin.mh", "password": PASSWORD, "next": back}

    answer = visitor.post(f"{counter.base}/sign-in", form, timeout=30, allow_redirects=False)

    assert answer.status_code == 303 and answer.headers["Location"] == "/"


def test_a_stranger_is_led_to_the_page_that_they_wanted(counter: Counter) -> None:
    visitor = Visitor(counter.base)

    page = visitor.see("/audit")

    assert page.url.endswith("/sign-in?next=%2Faudit") and 'name="next" value="/audit"' in page.text


def test_every_answer_protects_itself(counter: Counter) -> None:
    visitor = counter.visitor("lin.mh")
    for path in ("/sign-in", "/cases", "/nope", "/audit", "/static/console.css", "/health"):
        headers = visitor.see(path).headers

        assert "script-src 'self'" in headers["Content-Security-Policy"], path
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Frame-Options"] == "DENY" and headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("name", ["..%2f..%2fapp.py", "%2e%2e/house.py", "nope.js", "console.css%00", "..\\app.py"])
def test_no_other_file_is_given(counter: Counter, name: str) -> None:
    assert requests.get(f"{counter.base}/static/{name}", timeout=30).status_code == 404
