"""The data of the guided diagnosis: what is delivered holds, and each mistake is told."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.guides.facts import DOUBTS, SCREENS
from bot.guides.load import faults, load_diagnosis
from bot.knowledge.models import Knowledge


@pytest.fixture
def kb_copy(kb_dir: Path, tmp_path: Path) -> Path:
    (tmp_path / "kb" / "guides").mkdir(parents=True)
    shutil.copy(kb_dir / "guides" / "diagnosis.yml", tmp_path / "kb" / "guides")
    return tmp_path / "kb"


def edited(kb_copy: Path, old: str, new: str) -> Path:
    path = kb_copy / "guides" / "diagnosis.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return kb_copy


def test_the_delivered_guide_has_no_fault(kb_dir: Path, knowledge: Knowledge) -> None:
    assert faults(kb_dir) == faults(kb_dir, knowledge) == []


def test_every_screen_can_be_skipped_and_every_doubt_has_its_sentence(kb_dir: Path, knowledge: Knowledge) -> None:
    guide, _ = load_diagnosis(kb_dir, knowledge)

    assert guide is not None
    assert list(guide.screens) == list(SCREENS)
    assert {screen.options[-1].title for screen in guide.screens.values()} == {"不確定"}
    assert set(guide.doubts) == set(DOUBTS)
    assert guide.screens["done"].checklist and guide.screens["settings"].checklist


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("title: 環教網\n", "title: 環教網環教網環教網環教網環教網環教網環教網\n", "longer than 20 signs"),
        ("sets: {portal: env_edu}", "sets: {portal: environment}", "'environment' is no value of portal"),
        ("sets: {portal: env_edu}", "sets: {portals: env_edu}", "'portals' is no fact"),
        ("when: {provider: egov}", "when: {provider: gov}", "'gov' is no value of provider"),
        ("replies: [環境的,", "replies: [終生, 環境的,", "means both lifelong and env_edu"),
        ("- id: env_edu", "- id: lifelong", "option lifelong stands twice"),
        ("- id: env_edu", "- id: unsure", "every screen gets it by itself"),
        ("vocabulary: [portal.env_edu]", "vocabulary: [portal.moon]", "portal.moon is not in vocabulary.yml"),
        ("您的時數要上傳到哪一個網站？", "請打 02-2192-7111", "a phone number stands in"),
        ("您的時數要上傳到哪一個網站？", "請寄 help@example.org", "a mailbox stands in"),
        ("您的時數要上傳到哪一個網站？", "請看 https://example.org", "a web address stands in"),
        ("您的時數要上傳到哪一個網站？", "請看 {link:env_edu}", "a brace stands in"),
        ("  survey: 問卷填了沒", "  surveys: 問卷填了沒", "doubts.survey: is missing"),
        ("otherwise: {survey: true}", "otherwise: {reading: true}", "otherwise must name the facts of sets"),
        ("    checklist: true\n", "", "only a checklist's options have otherwise"),
        ("  portal:\n", "  gate:\n", "the screens must be portal, sign_in"),
        ("every: fine", "every: good", "is not one of"),
        ("language:\n", "languages:\n", "'language' is a required property"),
        ("unsure:\n", "unsure: [\n", "is not valid YAML"),
    ],
)
def test_each_mistake_is_told_with_its_file(kb_copy: Path, knowledge: Knowledge, old: str, new: str, told: str) -> None:
    guide, found = load_diagnosis(edited(kb_copy, old, new), knowledge)

    assert guide is None
    assert any(told in fault.message for fault in found), found
    assert {fault.path for fault in found} == {"kb/guides/diagnosis.yml"}


def test_a_file_that_is_missing_is_told(kb_copy: Path, knowledge: Knowledge) -> None:
    (kb_copy / "guides" / "diagnosis.yml").unlink()

    assert [str(fault) for fault in faults(kb_copy, knowledge)] == [
        "kb/guides/diagnosis.yml: file is missing; restore it"
    ]


def test_one_word_may_mean_two_things_where_both_are_never_asked_together(kb_copy: Path, knowledge: Knowledge) -> None:
    guide, found = load_diagnosis(kb_copy, knowledge)

    assert guide is not None and not found
    finished = {option.id: option for option in guide.screens["finished"].options}
    assert set(finished["long_ago"].words) & set(finished["ended_long_ago"].words)
