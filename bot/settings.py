"""Settings from the environment: every one has a default that works on a newcomer's machine."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

_ORIGIN = re.compile(r"https?://[a-z0-9-]+(\.[a-z0-9-]+)*(:[0-9]{1,5})?\Z")
_ADDRESS = re.compile(r"https?://[A-Za-z0-9.:-]+(/[!-~]*)?\Z")
_TELEGRAM_TOKEN = re.compile(r"[0-9]{1,20}:[A-Za-z0-9_-]+\Z")
_TELEGRAM_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}\Z")
_METRICS_TOKEN = re.compile(r"[!-~]{16,256}\Z")
TELEGRAM_API = "https://api.telegram.org"
PROJECT = Path(__file__).resolve().parent.parent


class SettingsError(Exception):
    """Raised where the environment asks for something that cannot be."""


@dataclass(frozen=True)
class Settings:
    """What the environment sets; see .env.example for what each is for."""

    project: Path
    kb_dir: Path
    models_dir: Path
    var_dir: Path
    database_url: str
    demo: bool
    rest_token: str | None
    token_key: str
    token_public_key: str | None
    web_origins: tuple[str, ...] = ()
    """Other sites that may embed the chat page."""
    socketio: bool = False
    smtp_url: str | None = field(default=None, repr=False)
    """smtp://, smtps:// or starttls://; without it letters become files in var/mail."""
    mail_from: str = "epark@localhost"
    mail_reply_to: str | None = None
    mail_catch_all: str | None = None
    """Where every letter goes that is not really sent to its desk."""
    mail_to_desks: bool = False
    console_url: str = ""
    """Where the console stands for its people, behind a proxy; empty where they reach its own port."""
    public_url: str = ""
    """Where phones and platforms reach this server; empty where they do not."""
    sign_in_url: str = ""
    """The platform's sign-in for linking accounts."""
    telegram_token: str = field(default="", repr=False)
    telegram_secret: str = field(default="", repr=False)
    telegram_api: str = TELEGRAM_API
    telegram_polling: bool = False
    line_secret: str = field(default="", repr=False)
    line_token: str = field(default="", repr=False)
    line_api: str = ""
    """Another address than LINE's own, for tests."""
    metrics_token: str = field(default="", repr=False)
    """Opens /metrics to other machines; without it only this one may look."""

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read the environment; raises SettingsError where production lacks what it needs."""
        env = os.environ if environ is None else environ
        project = Path(env.get("EPARK_HOME") or PROJECT)
        var_dir = Path(env.get("EPARK_VAR") or project / "var")
        mode = env.get("EPARK_MODE") or "demo"
        if mode not in ("demo", "production"):
            raise SettingsError(f"EPARK_MODE is {mode!r}; set it to demo or production")
        rest_token = env.get("EPARK_REST_TOKEN") or None
        token_key = env.get("EPARK_TOKEN_KEY") or ""
        public_key = _public_key(env.get("EPARK_TOKEN_PUBLIC_KEY") or "")
        if mode == "production" and not (token_key or public_key):
            raise SettingsError("EPARK_MODE=production needs EPARK_TOKEN_KEY or EPARK_TOKEN_PUBLIC_KEY")
        return cls(
            project=project,
            kb_dir=Path(env.get("EPARK_KB") or project / "kb"),
            models_dir=Path(env.get("EPARK_MODELS") or project / "models"),
            var_dir=var_dir,
            database_url=env.get("DATABASE_URL") or f"sqlite:///{var_dir / 'epark.db'}",
            demo=mode == "demo",
            rest_token=rest_token,
            token_key=token_key or _demo_key(var_dir),
            token_public_key=public_key,
            web_origins=_origins(env.get("EPARK_WEB_ORIGINS") or ""),
            socketio=env.get("EPARK_SOCKETIO") == "1",
            smtp_url=env.get("EPARK_SMTP_URL") or None,
            mail_from=env.get("EPARK_MAIL_FROM") or "epark@localhost",
            mail_reply_to=env.get("EPARK_MAIL_REPLY_TO") or None,
            mail_catch_all=env.get("EPARK_MAIL_CATCH_ALL") or None,
            mail_to_desks=env.get("EPARK_MAIL_TO_DESKS") == "1",
            console_url=_console_url(env.get("EPARK_CONSOLE_URL") or ""),
            public_url=_address("EPARK_PUBLIC_URL", env.get("EPARK_PUBLIC_URL") or ""),
            sign_in_url=_address("EPARK_SIGN_IN_URL", env.get("EPARK_SIGN_IN_URL") or ""),
            telegram_token=_shaped(
                "EPARK_TELEGRAM_TOKEN", env.get("EPARK_TELEGRAM_TOKEN") or "", _TELEGRAM_TOKEN, "as @BotFather gives it"
            ),
            telegram_secret=_shaped(
                "EPARK_TELEGRAM_SECRET",
                env.get("EPARK_TELEGRAM_SECRET") or "",
                _TELEGRAM_SECRET,
                "16 to 256 letters, digits, - or _",
            ),
            telegram_api=_address("EPARK_TELEGRAM_API", env.get("EPARK_TELEGRAM_API") or "") or TELEGRAM_API,
            telegram_polling=env.get("EPARK_TELEGRAM_POLLING") == "1",
            line_secret=env.get("EPARK_LINE_CHANNEL_SECRET") or "",
            line_token=env.get("EPARK_LINE_CHANNEL_TOKEN") or "",
            line_api=_address("EPARK_LINE_API", env.get("EPARK_LINE_API") or ""),
            metrics_token=_shaped(
                "EPARK_METRICS_TOKEN", env.get("EPARK_METRICS_TOKEN") or "", _METRICS_TOKEN, "16 or more ASCII signs"
            ),
        )


def _origins(value: str) -> tuple[str, ...]:
    """Each scheme, host and port, as browsers name a site; they go into a header, so nothing else may pass."""
    origins = [one.strip().rstrip("/").lower() for one in value.split(",") if one.strip()]
    for one in origins:
        if not _ORIGIN.match(one):
            raise SettingsError(f"EPARK_WEB_ORIGINS holds {one!r}; write origins such as https://example.gov.tw")
    return tuple(dict.fromkeys(origins))


def _console_url(value: str) -> str:
    clean = value.strip().rstrip("/").lower()
    if clean and not _ORIGIN.match(clean):
        raise SettingsError(f"EPARK_CONSOLE_URL is {value!r}; write an origin such as https://helpdesk.example.gov.tw")
    return clean


def _address(name: str, value: str) -> str:
    """A web address without a slash at its end."""
    found = value.strip().rstrip("/")
    if found and not _ADDRESS.match(found):
        raise SettingsError(f"{name} is {value!r}; write an address such as https://epark.example.gov.tw")
    return found


def _shaped(name: str, value: str, shape: re.Pattern[str], words: str) -> str:
    """A secret of this shape; what it is stays out of the error."""
    if value and not shape.match(value):
        raise SettingsError(f"{name} must be {words}")
    return value


def _public_key(value: str) -> str | None:
    if not value:
        return None
    if value.lstrip().startswith("-----BEGIN"):
        return value
    try:
        return Path(value).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise SettingsError(f"EPARK_TOKEN_PUBLIC_KEY is neither PEM text nor a file of it: {value}") from error


def _demo_key(var_dir: Path) -> str:
    """A key of this machine alone, made at first use: a demo never runs on a key that everyone knows."""
    path = var_dir / "token.key"
    try:
        return path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        var_dir.mkdir(parents=True, exist_ok=True)
    key = secrets.token_urlsafe(48)
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text(encoding="utf-8").strip()
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(key)
    return key
