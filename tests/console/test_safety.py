from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from sanic.response import HTTPResponse, text

from bot.console.safety import Safety
from bot.console.visit import inside
from bot.settings import Settings, SettingsError


def safety(**environ: str) -> Safety:
    return Safety(Settings.from_env({"EPARK_TOKEN_KEY": "k", **environ}))


def request(ip: str = "192.0.2.1", **headers: str) -> Any:
    return SimpleNamespace(ip=ip, headers={name.replace("_", "-"): value for name, value in headers.items()})


def cookie_of(one: Safety) -> str:
    answer: HTTPResponse = text("")
    one.give_cookie(answer, one.session_cookie, "v")
    return answer.cookies[one.session_cookie].encode("utf-8").decode()


@pytest.mark.parametrize(
    "environ", [{"EPARK_MODE": "production"}, {"EPARK_CONSOLE_URL": "https://helpdesk.example.gov.tw"}]
)
def test_in_production_and_behind_https_the_cookie_travels_encrypted_alone(environ: dict[str, str]) -> None:
    cookie = cookie_of(safety(**environ))

    assert cookie.startswith("__Host-epark_console=v")
    assert (
        all(part in cookie for part in ("Secure", "HttpOnly", "SameSite=Strict", "Path=/")) and "Domain" not in cookie
    )


def test_on_a_newcomers_machine_the_cookie_works_without_https() -> None:
    assert "Secure" not in cookie_of(safety())


def test_strict_transport_is_asked_for_behind_https_alone() -> None:
    plain, secure = text(""), text("")
    safety().protect(plain)
    safety(EPARK_MODE="production").protect(secure)

    assert "Strict-Transport-Security" not in plain.headers
    assert "Strict-Transport-Security" in secure.headers


@pytest.mark.parametrize(
    ("peer", "named", "proxied", "address"),
    [
        ("192.0.2.1", "", False, "192.0.2.1"),
        ("192.0.2.1", "203.0.113.9", False, "192.0.2.1"),  # nobody's word without a proxy of one's own
        ("127.0.0.1", "203.0.113.9", False, "127.0.0.1"),
        ("127.0.0.1", "203.0.113.9", True, "203.0.113.9"),
        ("10.0.0.2", "198.51.100.7, 203.0.113.9", True, "203.0.113.9"),  # what the client wrote itself comes before
        ("127.0.0.1", "not an address", True, "127.0.0.1"),
        ("8.8.8.8", "203.0.113.9", True, "8.8.8.8"),  # came past the proxy
    ],
)
def test_an_address_is_believed_only_of_ones_own_proxy(peer: str, named: str, proxied: bool, address: str) -> None:
    environ = {"EPARK_CONSOLE_URL": "https://helpdesk.example.gov.tw"} if proxied else {}

    assert safety(**environ).address(request(peer, x_forwarded_for=named)) == address


@pytest.mark.parametrize(
    ("headers", "own"),
    [
        ({}, True),
        ({"host": "127.0.0.1:5006", "origin": "http://127.0.0.1:5006"}, True),
        ({"host": "127.0.0.1:5006", "origin": "https://helpdesk.example.gov.tw"}, True),
        ({"host": "127.0.0.1:5006", "origin": "http://127.0.0.1:5005"}, False),
        ({"host": "127.0.0.1:5006", "origin": "null"}, False),
        ({"host": "127.0.0.1:5006", "origin": "https://evil.example"}, False),
        ({"host": "127.0.0.1:5006", "sec_fetch_site": "same-site"}, False),
        ({"host": "127.0.0.1:5006", "sec_fetch_site": "same-origin"}, True),
    ],
)
def test_only_a_page_of_the_console_changes_anything(headers: dict[str, str], own: bool) -> None:
    here = safety(EPARK_CONSOLE_URL="https://helpdesk.example.gov.tw")

    assert here.own_page(request(**headers)) == own


@pytest.mark.parametrize(
    ("path", "goes"),
    [("/cases?x=1", "/cases?x=1"), ("", "/"), ("cases", "/"), ("//x", "/"), ("http://x/", "/"), ("/\\x", "/")],
)
def test_a_way_back_stays_inside(path: str, goes: str) -> None:
    assert inside(path) == goes


@pytest.mark.parametrize("url", ["helpdesk.example.gov.tw", "https://x/path", "ftp://x", "https://x y"])
def test_a_console_url_that_is_none_is_named(url: str) -> None:
    with pytest.raises(SettingsError, match="EPARK_CONSOLE_URL"):
        safety(EPARK_CONSOLE_URL=url)
