"""Settings from the environment."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from bot.settings import PROJECT, Settings, SettingsError

PEM = "-----BEGIN PUBLIC KEY-----\nabc\n-----END PUBLIC KEY-----\n"


def test_everything_has_a_default_that_works_on_a_newcomers_machine(tmp_path: Path) -> None:
    settings = Settings.from_env({"EPARK_VAR": str(tmp_path)})

    assert settings.demo
    assert (settings.project, settings.kb_dir, settings.models_dir) == (PROJECT, PROJECT / "kb", PROJECT / "models")
    assert settings.database_url == f"sqlite:///{tmp_path / 'epark.db'}"
    assert (settings.rest_token, settings.token_public_key) == (None, None)
    assert len(settings.token_key) >= 32


def test_every_place_can_be_moved(tmp_path: Path) -> None:
    places = {"EPARK_HOME": "home", "EPARK_KB": "kb", "EPARK_MODELS": "models", "EPARK_VAR": "var"}

    settings = Settings.from_env(
        {name: str(tmp_path / place) for name, place in places.items()} | {"DATABASE_URL": "postgresql://u@h/d"}
    )

    found = (settings.project, settings.kb_dir, settings.models_dir, settings.var_dir)
    assert found == tuple(tmp_path / place for place in places.values())
    assert settings.database_url == "postgresql://u@h/d"


def test_what_is_set_to_nothing_is_as_not_set(tmp_path: Path) -> None:
    names = ["EPARK_MODE", "EPARK_REST_TOKEN", "EPARK_TOKEN_KEY", "EPARK_TOKEN_PUBLIC_KEY", "DATABASE_URL", "EPARK_KB"]

    settings = Settings.from_env({**dict.fromkeys(names, ""), "EPARK_VAR": str(tmp_path)})

    assert settings.demo and settings.rest_token is None and settings.kb_dir == PROJECT / "kb"


@pytest.mark.parametrize("mode", ["prod", "Production", "DEMO", "test", " demo"])
def test_an_unknown_mode_is_refused_with_what_is_possible(mode: str) -> None:
    with pytest.raises(SettingsError, match="set it to demo or production"):
        Settings.from_env({"EPARK_MODE": mode})


def test_production_needs_a_key_and_says_which() -> None:
    with pytest.raises(SettingsError, match="EPARK_TOKEN_KEY or EPARK_TOKEN_PUBLIC_KEY"):
        Settings.from_env({"EPARK_MODE": "production"})


@pytest.mark.parametrize("key", [{"EPARK_TOKEN_KEY": "a key"}, {"EPARK_TOKEN_PUBLIC_KEY": PEM}])
def test_production_with_either_key_is_no_demo(key: dict[str, str], tmp_path: Path) -> None:
    settings = Settings.from_env({"EPARK_MODE": "production", "EPARK_VAR": str(tmp_path), **key})

    assert not settings.demo


def test_the_key_of_a_demo_is_its_own_kept_and_readable_by_its_user_alone(tmp_path: Path) -> None:
    first = Settings.from_env({"EPARK_VAR": str(tmp_path / "a")}).token_key
    again = Settings.from_env({"EPARK_VAR": str(tmp_path / "a")}).token_key
    other = Settings.from_env({"EPARK_VAR": str(tmp_path / "b")}).token_key

    assert first == again != other
    assert stat.S_IMODE((tmp_path / "a" / "token.key").stat().st_mode) == 0o600


def test_a_key_that_is_given_needs_no_file(tmp_path: Path) -> None:
    settings = Settings.from_env({"EPARK_VAR": str(tmp_path), "EPARK_TOKEN_KEY": "given"})

    assert settings.token_key == "given"
    assert not (tmp_path / "token.key").exists()


def test_a_public_key_is_given_as_text_or_as_a_file(tmp_path: Path) -> None:
    path = tmp_path / "public.pem"
    path.write_text(PEM)

    keys = [
        Settings.from_env({"EPARK_VAR": str(tmp_path), "EPARK_TOKEN_PUBLIC_KEY": value}).token_public_key
        for value in (PEM, str(path))
    ]

    assert keys == [PEM, PEM]


@pytest.mark.parametrize("value", ["/no/such/file.pem", "x" * 5000, "a\x00b", "/"])
def test_a_public_key_that_is_neither_is_refused(value: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="EPARK_TOKEN_PUBLIC_KEY"):
        Settings.from_env({"EPARK_VAR": str(tmp_path), "EPARK_TOKEN_PUBLIC_KEY": value})


def test_a_public_key_in_binary_form_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "public.der"
    path.write_bytes(b"\x30\x82\xff\xfe")

    with pytest.raises(SettingsError, match="EPARK_TOKEN_PUBLIC_KEY"):
        Settings.from_env({"EPARK_VAR": str(tmp_path), "EPARK_TOKEN_PUBLIC_KEY": str(path)})


def test_the_sites_that_may_embed_the_page_are_origins_each_once(tmp_path: Path) -> None:
    value = " https://A.example/ ,http://localhost:8000,, https://a.example"

    settings = Settings.from_env({"EPARK_VAR": str(tmp_path), "EPARK_WEB_ORIGINS": value})

    assert settings.web_origins == ("https://a.example", "http://localhost:8000")


@pytest.mark.parametrize(
    "value",
    [
        "*",
        "a.example",
        "https://",
        "https://a.example/path",
        "https://a.example;script-src *",
        "javascript:x",
        "'self'",
    ],
)
def test_what_is_no_origin_is_refused_because_it_would_go_into_a_header(value: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="EPARK_WEB_ORIGINS"):
        Settings.from_env({"EPARK_VAR": str(tmp_path), "EPARK_WEB_ORIGINS": value})


@pytest.mark.parametrize(("value", "on"), [("1", True), ("", False), ("0", False), ("no", False)])
def test_socketio_is_off_unless_it_is_asked_for(value: str, on: bool, tmp_path: Path) -> None:
    assert Settings.from_env({"EPARK_VAR": str(tmp_path), "EPARK_SOCKETIO": value}).socketio is on


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EPARK_TELEGRAM_TOKEN", "no-token"),
        ("EPARK_TELEGRAM_TOKEN", "123:a/b"),
        ("EPARK_TELEGRAM_SECRET", "short"),
        ("EPARK_TELEGRAM_SECRET", "with a space in it, long enough"),
        ("EPARK_TELEGRAM_API", "api.telegram.org"),
    ],
)
def test_what_telegram_could_not_use_is_refused_without_being_told(name: str, value: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=name) as refused:
        Settings.from_env({"EPARK_VAR": str(tmp_path), name: value})

    assert "a/b" not in str(refused.value)


def test_secrets_are_not_shown_with_the_settings(tmp_path: Path) -> None:
    given = {"EPARK_TELEGRAM_TOKEN": "123:secret-token", "EPARK_TELEGRAM_SECRET": "a-secret-of-the-test"}

    settings = Settings.from_env({"EPARK_VAR": str(tmp_path), **given})

    assert not any(value in repr(settings) for value in given.values())
