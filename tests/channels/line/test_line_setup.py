"""`epark line setup`: what LINE is told, once, and what is only shown."""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from line_platform import TOKEN

from bot.commands.line_setup import WEBHOOK, SetupError, read_menu, run
from bot.settings import Settings

PUBLIC = "https://epark.example.gov.tw"


def settings_for(tmp_path: Path, **environ: str) -> Settings:
    return Settings.from_env({"EPARK_VAR": str(tmp_path), **environ})


async def set_up(platform: Any, tmp_path: Path, **environ: str) -> int:
    given = {"EPARK_LINE_CHANNEL_TOKEN": TOKEN, "EPARK_LINE_API": platform.base, **environ}
    settings = settings_for(tmp_path, **given)
    return await asyncio.to_thread(run, argparse.Namespace(dry_run=False), settings)


async def test_the_menu_and_the_address_are_set_once(platform: Any, tmp_path: Path) -> None:
    platform.menus["richmenu-other"] = {"name": "somebody else's"}
    platform.menus["richmenu-old"] = {"name": "epark-older"}

    first = await set_up(platform, tmp_path, EPARK_PUBLIC_URL=PUBLIC)
    made = dict(platform.menus)
    second = await set_up(platform, tmp_path, EPARK_PUBLIC_URL=PUBLIC)

    assert (first, second) == (0, 0)
    assert platform.endpoint == PUBLIC + WEBHOOK
    assert platform.menus == made and set(made) == {"richmenu-other", platform.default_menu}
    assert platform.requests["richmenu"] == platform.requests["picture"] == 1


async def test_without_a_public_address_the_one_at_line_stays(platform: Any, tmp_path: Path) -> None:
    assert await set_up(platform, tmp_path) == 0

    assert platform.endpoint == "" and platform.default_menu


async def test_what_line_refuses_is_told(platform: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = await set_up(platform, tmp_path, EPARK_LINE_API=f"{platform.base}/nowhere")

    assert status == 1
    assert "LINE refused GET" in capsys.readouterr().err


def test_a_dry_run_shows_all_and_needs_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = run(argparse.Namespace(dry_run=True), settings_for(tmp_path, EPARK_LINE_API="http://127.0.0.1:1"))

    shown = json.loads(capsys.readouterr().out)
    assert status == 0
    assert shown["areas"][0]["action"]["text"] == "忘記密碼"


def test_without_a_token_the_setting_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(argparse.Namespace(dry_run=False), settings_for(tmp_path)) == 1

    assert "EPARK_LINE_CHANNEL_TOKEN" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("before", "after", "word"),
    [
        ("columns: 3", "columns: 4", "8 cells"),
        ("chat_bar: 常用問題", f"chat_bar: {'長' * 15}", "chat_bar"),
        ("label: 忘記密碼", f"label: {'長' * 21}", "label"),
        ("text: 忘記密碼", "text: ' '", "a text"),
        ("cells:", "sells:", "needs"),
    ],
)
def test_a_menu_that_line_would_refuse_is_named(
    before: str, after: str, word: str, tmp_path: Path, kb_dir: Path
) -> None:
    shutil.copy(kb_dir / "line_menu.png", tmp_path)
    text = (kb_dir / "line_menu.yml").read_text(encoding="utf-8")
    assert before in text
    (tmp_path / "line_menu.yml").write_text(text.replace(before, after), encoding="utf-8")

    with pytest.raises(SetupError, match=word):
        read_menu(tmp_path)


def test_a_picture_of_another_size_is_named(tmp_path: Path, kb_dir: Path) -> None:
    shutil.copy(kb_dir / "line_menu.yml", tmp_path)
    (tmp_path / "line_menu.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(30))

    with pytest.raises(SetupError, match="1200 by 810"):
        read_menu(tmp_path)


def test_the_cells_of_the_menu_fill_its_picture(kb_dir: Path) -> None:
    menu = read_menu(kb_dir)

    bounds = [area["bounds"] for area in menu.definition["areas"]]
    assert sum(one["width"] * one["height"] for one in bounds) == 1200 * 810
