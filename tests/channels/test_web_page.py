"""The files of the chat page: the page at the root, its modules, the launcher for other sites."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest

from bot.channels import web_page
from bot.channels.web_page import PAGE


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A small page of our own beside a file that is none of its business."""
    folder = tmp_path / "page"
    (folder / "parts").mkdir(parents=True)
    for name in ("index.html", "widget.js", "chat.js", "parts/draw.js", "chat.css", "icon.svg", "notes.py"):
        (folder / name).write_text(f"this is {name}", encoding="utf-8")
    (tmp_path / "secret.js").write_text("secret", encoding="utf-8")
    (folder / "link.js").symlink_to(tmp_path / "secret.js")
    monkeypatch.setattr(web_page.Page.__init__, "__defaults__", (folder,))
    return folder


async def test_the_page_stands_at_the_root_and_allows_no_foreign_script(site: Any) -> None:
    async with site.http.get(site.url("/")) as answer:
        assert (answer.status, await answer.text()) == (200, "this is index.html")

    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert answer.headers["Content-Security-Policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    )


async def test_only_the_sites_of_the_settings_may_frame_the_page(open_site: Any) -> None:
    site = await open_site(EPARK_WEB_ORIGINS="https://a.example, https://b.example:8443")

    async with site.http.get(site.url("/")) as answer:
        policy = answer.headers["Content-Security-Policy"]

    assert policy.endswith("frame-ancestors 'self' https://a.example https://b.example:8443")


async def test_other_sites_may_load_the_launcher_and_nothing_else(site: Any) -> None:
    found = {}
    for path in ("/widget.js", "static/chat.js", "static/icon.svg"):
        async with site.http.get(site.url(path)) as answer:
            found[path] = (answer.status, answer.headers["Cross-Origin-Resource-Policy"])

    assert found == {
        "/widget.js": (200, "cross-origin"),
        "static/chat.js": (200, "same-origin"),
        "static/icon.svg": (200, "same-origin"),
    }


@pytest.mark.parametrize(
    ("name", "kind"),
    [("chat.js", "text/javascript"), ("parts/draw.js", "text/javascript"), ("chat.css", "text/css")],
)
async def test_the_files_of_the_page_are_served_also_from_folders(name: str, kind: str, site: Any) -> None:
    async with site.http.get(site.url(f"static/{name}")) as answer:
        tag = answer.headers["ETag"]
        assert (answer.status, await answer.text()) == (200, f"this is {name}")
        assert answer.headers["Content-Type"] == f"{kind}; charset=utf-8"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    async with site.http.get(site.url(f"static/{name}"), headers={"If-None-Match": tag}) as again:
        assert again.status == 304


@pytest.mark.parametrize(
    "name",
    [
        "nothing.js",
        "notes.py",
        "link.js",
        "parts",
        "parts/",
        "..%2fsecret.js",
        "%2e%2e/secret.js",
        "parts/%2e%2e/%2e%2e/secret.js",
        "%2fetc%2fpasswd.js",
        "%00.js",
        ".env",
    ],
)
async def test_no_other_file_is_served(name: str, site: Any) -> None:
    from yarl import URL

    async with site.http.get(URL(site.url(f"static/{name}"), encoded=True)) as answer:
        assert answer.status in (400, 404)
        assert "secret" not in await answer.text()


def test_the_page_of_the_project_has_what_the_root_serves() -> None:
    assert (PAGE / "index.html").is_file()


async def test_the_launcher_speaks_the_words_of_the_knowledge_base(site: Any, folder: Path) -> None:
    (folder / "widget.js").write_text("const WORDS = /* words */ {};", encoding="utf-8")

    async with site.http.get(site.url("/widget.js")) as answer:
        script = await answer.read()

    assert script.isascii()
    words = json.loads(script.decode().removeprefix("const WORDS = ").removesuffix(";"))
    assert words["open"] == "開啟{title}" and words["title"] and "{count}" in words["unread"]


def test_the_place_for_the_words_is_in_the_launcher() -> None:
    assert (PAGE / "widget.js").read_bytes().count(web_page.WORDS_PLACE) == 1


def test_scripts_and_styles_together_stay_small() -> None:
    size = sum(len(gzip.compress(path.read_bytes())) for path in PAGE.iterdir() if path.suffix in (".js", ".css"))

    assert size < 60_000


def test_no_chinese_for_people_stands_in_a_script() -> None:
    sign = re.compile(r"[\u3400-\u9fff]")
    lines = [
        f"{path.name}: {line}"
        for path in PAGE.glob("*.js")
        for line in path.read_text(encoding="utf-8").splitlines()
        if sign.search(line.split("//")[0])
    ]

    assert lines == []
