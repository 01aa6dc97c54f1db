"""`epark telegram setup`: tell Telegram where the bot is, and what its menu and its profile say."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from typing import Any

from bot.settings import Settings

Call = tuple[str, dict[str, Any]]
MASKED = "********"


def add_parser(commands: Any) -> None:
    """Add `telegram setup`."""
    telegram = commands.add_parser("telegram", help="the Telegram channel").add_subparsers(
        required=True, metavar="COMMAND"
    )
    setup = telegram.add_parser("setup", help="set webhook, commands and descriptions at Telegram")
    setup.add_argument("--dry-run", action="store_true", help="only print what would be called")
    setup.set_defaults(run=run)


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Make the calls, or print them; 1 where something is not set or Telegram refuses."""
    if problem := _problem(settings, options.dry_run):
        print(f"epark: {problem}", file=sys.stderr)
        return 1
    calls = calls_of(settings)
    if options.dry_run:
        for method, parameters in calls:
            if "secret_token" in parameters:
                parameters = {**parameters, "secret_token": MASKED}
            print(json.dumps({"method": method, "parameters": parameters}, ensure_ascii=False))
        return 0
    return asyncio.run(_make(settings, calls))


def poll_instead(settings: Settings, port: int) -> int:
    """Let the servers that are started now fetch updates; 1 where there is no token to do it with."""
    if not settings.telegram_token:
        print(
            "epark: --telegram-polling needs EPARK_TELEGRAM_TOKEN, which @BotFather gives; see README", file=sys.stderr
        )
        return 1
    os.environ["EPARK_TELEGRAM_POLLING"] = "1"
    if not settings.public_url:
        # The sign-in page is opened on this very machine then.
        os.environ["EPARK_PUBLIC_URL"] = f"http://127.0.0.1:{port}"
    return 0


def calls_of(settings: Settings) -> list[Call]:
    """What Telegram is told; the words are those of kb/phrases.yml."""
    from bot.channels.telegram_updates import ALLOWED, COMMANDS
    from bot.knowledge.load import load

    say = load(settings.kb_dir).phrases
    commands = [{"command": name, "description": say[f"telegram_command_{name}"]} for name in COMMANDS]
    in_groups = [one for one in commands if one["command"] in ("help", "human")]
    webhook = {
        "url": f"{settings.public_url}/webhooks/telegram/webhook",
        "secret_token": settings.telegram_secret,
        "allowed_updates": list(ALLOWED),
        # What was sent while nobody listened is answered too.
        "drop_pending_updates": False,
    }
    return [
        ("setWebhook", webhook),
        ("setMyCommands", {"commands": commands}),
        ("setMyCommands", {"commands": in_groups, "scope": {"type": "all_group_chats"}}),
        ("setMyDescription", {"description": say["telegram_description"].strip()}),
        ("setMyShortDescription", {"short_description": say["telegram_short_description"].strip()}),
    ]


def _problem(settings: Settings, dry_run: bool) -> str | None:
    values = {
        "EPARK_TELEGRAM_TOKEN": settings.telegram_token or dry_run,
        "EPARK_TELEGRAM_SECRET": settings.telegram_secret or dry_run,
        "EPARK_PUBLIC_URL": settings.public_url,
    }
    missing = [name for name, value in values.items() if not value]
    if missing:
        return f"{' and '.join(missing)} not set; see .env.example, and README for how to get a token"
    if not settings.public_url.startswith("https://"):
        return f"Telegram calls https alone, and EPARK_PUBLIC_URL is {settings.public_url}"
    return None


async def _make(settings: Settings, calls: list[Call]) -> int:
    from bot.channels.telegram_api import Away, Refused, TelegramApi, Uncertain

    api = TelegramApi(settings.telegram_api, settings.telegram_token)
    try:
        me = await api.call("getMe")
        print(f"The bot is @{me['username']}: https://t.me/{me['username']}")
        for method, parameters in calls:
            await api.call(method, parameters)
            print(f"{method}: done")
    except (Refused, Away, Uncertain) as error:
        hint = "; check EPARK_TELEGRAM_TOKEN" if isinstance(error, Refused) and error.code in (401, 404) else ""
        print(f"epark: Telegram did not do it: {error}{hint}", file=sys.stderr)
        return 1
    finally:
        await api.close()
    return 0
