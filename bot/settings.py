"""Settings from the environment: every one has a default that works on a newcomer's machine."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_ORIGIN = re.compile(r"https?://[a-z0-9-]+(\.[a-z0-9-]+)*(:[0-9]{1,5})?\Z")
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
        )


def _origins(value: str) -> tuple[str, ...]:
    """Each scheme, host and port, as browsers name a site; they go into a header, so nothing else may pass."""
    origins = [one.strip().rstrip("/").lower() for one in value.split(",") if one.strip()]
    for one in origins:
        if not _ORIGIN.match(one):
            raise SettingsError(f"EPARK_WEB_ORIGINS holds {one!r}; write origins such as https://example.gov.tw")
    return tuple(dict.fromkeys(origins))


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
