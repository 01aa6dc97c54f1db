"""`epark figures`, out of a real database."""

from __future__ import annotations

import csv
import datetime
import io
import json
from pathlib import Path

import pytest

from bot.cli import _parser, main
from bot.commands.figures import run
from bot.desks.hours import TAIPEI
from bot.journal.journal import Journal
from bot.journal.turns import Turn
from bot.learners.database import migrate, open_database
from bot.settings import Settings

NOW = datetime.datetime(2026, 11, 20, 12, 0, tzinfo=TAIPEI)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings.from_env({"EPARK_VAR": str(tmp_path), "EPARK_TOKEN_KEY": "a key for tests that is long enough"})
    engine = open_database(settings.database_url)
    migrate(engine)
    journal = Journal(engine, settings.token_key, lambda: NOW)
    who = journal.conversation("line-U123")
    asked = Turn(
        NOW, "line", who, "answer", "withdraw_course", (("withdraw_course", 0.9),), "platform", text="怎麼退選"
    )
    journal.write(asked)
    engine.dispose()
    return settings


def test_the_table_json_and_csv_tell_the_same(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    parser = _parser()

    assert run(parser.parse_args(["figures"]), settings, lambda: NOW) == 0
    table = capsys.readouterr().out
    run(parser.parse_args(["figures", "--from", "2026-11-20", "--json"]), settings, lambda: NOW)
    data = json.loads(capsys.readouterr().out)
    run(parser.parse_args(["figures", "--from", "2026-11-20", "--to", "2026-11-20", "--csv"]), settings, lambda: NOW)
    text = capsys.readouterr().out

    assert "1 turns in 1 conversations" in table
    assert (data["turns"], data["containment"], data["undecided"]) == (1, 1.0, 1)
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert ["topic", "withdraw_course", "1"] in rows
    assert "怎麼退選" not in text + table and "U123" not in text + table


def test_days_the_wrong_way_round_are_wrong_usage(settings: Settings) -> None:
    with pytest.raises(SystemExit) as stopped:
        run(_parser().parse_args(["figures", "--from", "2026-11-20", "--to", "2026-11-01"]), settings, lambda: NOW)

    assert stopped.value.code == 2


def test_what_is_no_date_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["figures", "--from", "yesterday"])

    assert "no date" in capsys.readouterr().err
