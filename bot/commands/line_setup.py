"""`epark line setup`: the rich menu and the webhook's address, as LINE is to know them."""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.settings import Settings

API, DATA_API = "https://api.line.me", "https://api-data.line.me"
WEBHOOK = "/webhooks/line/webhook"
OURS = "epark-"
"""What the names of our rich menus begin with; others are left alone."""
WIDTH, HEIGHT = 1200, 810
LARGEST_IMAGE = 1_000_000
LONGEST_BAR, LONGEST_LABEL, LONGEST_TEXT = 14, 20, 300
SECONDS = 30


class SetupError(Exception):
    """Raised where LINE refuses, or where kb/ holds no menu that LINE would take."""


@dataclass(frozen=True)
class Menu:
    """A rich menu and its picture."""

    definition: dict[str, Any]
    image: bytes


def add_parser(commands: Any) -> None:
    """Add `epark line setup`."""
    line = commands.add_parser("line", help="the LINE channel").add_subparsers(required=True, metavar="COMMAND")
    setup = line.add_parser("setup", help="set LINE's rich menu and webhook address")
    setup.add_argument("--dry-run", action="store_true", help="show what would be set, and ask LINE nothing")
    setup.set_defaults(run=run)


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Set everything up, or only show it; setting it up twice changes nothing the second time."""
    try:
        menu = read_menu(settings.kb_dir)
        if options.dry_run:
            show(menu, settings)
            return 0
        if not settings.line_token:
            raise SetupError("set EPARK_LINE_CHANNEL_TOKEN first; --dry-run works without it")
        set_up(menu, settings)
    except SetupError as error:
        print(f"epark: {error}", file=sys.stderr)
        return 1
    return 0


def read_menu(kb_dir: Path) -> Menu:
    """The menu of kb/line_menu.yml and its picture; raises SetupError with what is wrong."""
    path, picture = kb_dir / "line_menu.yml", kb_dir / "line_menu.png"
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        image = picture.read_bytes()
        columns, rows, cells = int(data["columns"]), int(data["rows"]), list(data["cells"])
        texts = [(str(cell["label"]), str(cell["text"])) for cell in cells]
        bar = str(data["chat_bar"])
    except OSError as error:
        raise SetupError(f"{error.filename}: {error.strerror}") from error
    except (yaml.YAMLError, KeyError, TypeError, ValueError) as error:
        raise SetupError(f"{path.name} needs chat_bar, columns, rows and cells with label and text") from error
    if columns < 1 or rows < 1 or len(texts) != columns * rows:
        raise SetupError(f"{path.name}: {columns} columns and {rows} rows need {columns * rows} cells")
    if len(bar) > LONGEST_BAR or any(not label.strip() or len(label) > LONGEST_LABEL for label, _ in texts):
        raise SetupError(f"{path.name}: chat_bar has at most {LONGEST_BAR} signs, a label 1 to {LONGEST_LABEL}")
    if any(not text.strip() or len(text) > LONGEST_TEXT for _, text in texts):
        raise SetupError(f"{path.name}: a text has 1 to {LONGEST_TEXT} signs")
    if _size(image) != (WIDTH, HEIGHT) or len(image) > LARGEST_IMAGE:
        raise SetupError(f"{picture.name} must be a PNG of {WIDTH} by {HEIGHT} dots and at most 1 MB")
    width, height = WIDTH // columns, HEIGHT // rows
    areas = [
        {
            "bounds": {"x": at % columns * width, "y": at // columns * height, "width": width, "height": height},
            "action": {"type": "message", "label": label, "text": text},
        }
        for at, (label, text) in enumerate(texts)
    ]
    definition = {"size": {"width": WIDTH, "height": HEIGHT}, "selected": True, "chatBarText": bar, "areas": areas}
    stamp = hashlib.sha256(json.dumps(definition).encode() + image).hexdigest()[:12]
    return Menu({**definition, "name": f"{OURS}{stamp}"}, image)


def show(menu: Menu, settings: Settings) -> None:
    """Print what would be set."""
    print(json.dumps(menu.definition, ensure_ascii=False, indent=1))
    print(f"Picture: line_menu.png, {len(menu.image)} bytes", file=sys.stderr)
    endpoint = settings.public_url + WEBHOOK if settings.public_url else "left as it is (EPARK_PUBLIC_URL is not set)"
    print(f"Webhook address: {endpoint}", file=sys.stderr)


def set_up(menu: Menu, settings: Settings) -> None:
    """Give LINE the menu and the address; menus of ours that are older go."""
    line = Line(settings)
    if settings.public_url:
        line.ask("PUT", "/v2/bot/channel/webhook/endpoint", {"endpoint": settings.public_url + WEBHOOK})
        test = line.ask("POST", "/v2/bot/channel/webhook/test", {})
        print(f"Webhook address: {settings.public_url}{WEBHOOK}")
        if not test.get("success"):
            print(
                f"LINE cannot reach it yet: {test.get('reason', 'unknown')} {test.get('detail', '')}", file=sys.stderr
            )
    known = [one for one in line.ask("GET", "/v2/bot/richmenu/list").get("richmenus", []) if isinstance(one, dict)]
    same = [one["richMenuId"] for one in known if one.get("name") == menu.definition["name"]]
    if same:
        menu_id = same[0]
    else:
        line.ask("POST", "/v2/bot/richmenu/validate", menu.definition)
        menu_id = line.ask("POST", "/v2/bot/richmenu", menu.definition)["richMenuId"]
        line.send_picture(menu_id, menu.image)
    line.ask("POST", f"/v2/bot/user/all/richmenu/{menu_id}")
    for one in known:
        if str(one.get("name", "")).startswith(OURS) and one["richMenuId"] != menu_id:
            line.ask("DELETE", f"/v2/bot/richmenu/{one['richMenuId']}")
    print(f"Rich menu: {menu_id}{' (as before)' if same else ''}")


class Line:
    """LINE's Messaging API, one request after the other."""

    def __init__(self, settings: Settings) -> None:
        self._token = settings.line_token
        self._base, self._data_base = settings.line_api or API, settings.line_api or DATA_API

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """The answer's JSON; raises SetupError with LINE's own words."""
        content = None if body is None else json.dumps(body).encode()
        return self._send(method, self._base + path, content, "application/json")

    def send_picture(self, menu_id: str, image: bytes) -> None:
        """The picture of a rich menu."""
        self._send("POST", f"{self._data_base}/v2/bot/richmenu/{menu_id}/content", image, "image/png")

    def _send(self, method: str, url: str, content: bytes | None, content_type: str) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self._token}"}
        if content is not None:
            headers["Content-Type"] = content_type
        request = urllib.request.Request(url, data=content, method=method, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=SECONDS) as answer:
                told = json.loads(answer.read() or b"{}")
        except urllib.error.HTTPError as error:
            words = error.read().decode("utf-8", "replace")[:500]
            raise SetupError(f"LINE refused {method} {request.selector} ({error.code}): {words}") from error
        except (OSError, ValueError) as error:
            raise SetupError(f"LINE cannot be reached: {error}") from error
        return told if isinstance(told, dict) else {}


def _size(image: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG."""
    if image[:8] != b"\x89PNG\r\n\x1a\n" or len(image) < 24:
        return None
    return int.from_bytes(image[16:20], "big"), int.from_bytes(image[20:24], "big")
