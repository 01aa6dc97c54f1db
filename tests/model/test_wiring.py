"""Every class named in Rasa's files can be imported: Rasa reports a broken import as a class not found."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
from ruamel.yaml import YAML

PROJECT = Path(__file__).parent.parent.parent


def named_classes() -> list[str]:
    read = YAML(typ="safe")
    config = read.load((PROJECT / "config.yml").read_text(encoding="utf-8"))
    endpoints = read.load((PROJECT / "endpoints.yml").read_text(encoding="utf-8"))
    credentials = read.load((PROJECT / "credentials.yml").read_text(encoding="utf-8"))
    names = [entry["name"] for entry in config["pipeline"]]
    names += [entry["type"] for entry in endpoints.values() if "type" in entry]
    names += list(credentials)
    return [name for name in names if name.startswith("bot.")]


@pytest.mark.parametrize("name", named_classes())
def test_a_class_named_in_rasas_files_can_be_imported(name: str) -> None:
    module, _, attribute = name.rpartition(".")

    assert isinstance(getattr(importlib.import_module(module), attribute), type)


def test_every_intent_of_the_data_has_a_rule_and_stands_in_the_domain() -> None:
    read = YAML(typ="safe")
    domain = read.load((PROJECT / "domain.yml").read_text(encoding="utf-8"))
    known = {next(iter(one)) if isinstance(one, dict) else one for one in domain["intents"]}
    files = sorted((PROJECT / "bot" / "data" / "rules").glob("*.yml"))
    rules = [rule for path in files for rule in read.load(path.read_text(encoding="utf-8"))["rules"]]
    ruled = {step["intent"] for rule in rules for step in rule["steps"] if "intent" in step}

    named = {
        str(entry["intent"]).split("/")[0]
        for path in (PROJECT / "bot" / "data" / "nlu").rglob("*.yml")
        for entry in read.load(path.read_text(encoding="utf-8"))["nlu"]
    }

    assert named | {"start_guide", "suggest", "fallback"} == known == ruled
