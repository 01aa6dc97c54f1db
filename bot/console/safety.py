"""What protects every answer of the console: headers, cookies, and where a request truly comes from."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from sanic.request import Request
from sanic.response import HTTPResponse

from bot.settings import Settings

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}


class Safety:
    """Decides by the settings: production is taken to be behind https."""

    def __init__(self, settings: Settings) -> None:
        self.secure = not settings.demo or settings.console_url.startswith("https:")
        self._host = urlsplit(settings.console_url).netloc.lower()
        self._proxied = bool(settings.console_url)
        # The prefix binds the cookie to this very host; browsers take it with Secure alone.
        self.session_cookie = "__Host-epark_console" if self.secure else "epark_console"
        self.form_cookie = "__Host-epark_console_form" if self.secure else "epark_console_form"

    def protect(self, answer: HTTPResponse) -> None:
        """Put the headers on an answer; what it says for itself stays."""
        for name, value in HEADERS.items():
            answer.headers.setdefault(name, value)
        if self.secure:
            answer.headers.setdefault("Strict-Transport-Security", "max-age=31536000")

    def give_cookie(self, answer: HTTPResponse, name: str, value: str) -> None:
        """A cookie that no script reads and no other site sends; it goes when the browser closes."""
        answer.cookies[name] = value
        cookie = answer.cookies[name]
        cookie["path"] = "/"
        cookie["httponly"] = True
        cookie["samesite"] = "Strict"
        if self.secure:
            cookie["secure"] = True

    def take_cookie(self, answer: HTTPResponse, name: str) -> None:
        """Delete a cookie."""
        self.give_cookie(answer, name, "")
        answer.cookies[name]["max-age"] = 0

    def own_page(self, request: Request) -> bool:
        """Whether a request that changes something was sent by a page of the console, as far as the browser says."""
        if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return False
        origin = request.headers.get("origin")
        own = {request.headers.get("host", "").lower(), self._host} - {""}
        return origin is None or urlsplit(origin).netloc.lower() in own

    def address(self, request: Request) -> str:
        """Where the request comes from; behind a proxy of one's own what the proxy says, otherwise nobody's word."""
        peer = str(request.ip)
        named = request.headers.get("x-forwarded-for", "").split(",")[-1].strip()
        if self._proxied and named and _private(peer):
            return str(ipaddress.ip_address(named)) if _is_address(named) else peer
        return peer


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _private(text: str) -> bool:
    return _is_address(text) and ipaddress.ip_address(text).is_private
