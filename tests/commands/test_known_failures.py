"""The list of known failures: what is in it, that it only shrinks, and that the file survives any text."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.known_failures import (
    KnownFailures,
    KnownFailuresError,
    failures,
    read_known,
    started,
    write_known,
)
from bot.commands.questions import Question
from bot.nlu.decision import Decision

RIGHT = Decision("answer", (("a", 0.9),))
WRONG = Decision("answer", (("b", 0.9),))
HELPED = Decision("suggest", (("b", 0.4), ("a", 0.3)))
MISSED = Decision("suggest", (("b", 0.4), ("c", 0.3)))
REFUSED = Decision("fallback", ())


def asked(**decisions: Decision) -> list[tuple[Question, Decision]]:
    """Messages of topic a, each its own text; one named outside… is out of scope."""
    return [
        (Question(text, "out_of_scope" if text.startswith("outside") else "a"), decision)
        for text, decision in decisions.items()
    ]


def test_failures_are_wrong_answers_what_is_not_helped_and_false_answers() -> None:
    pairs = asked(
        right=RIGHT, wrong=WRONG, helped=HELPED, missed=MISSED, refused=REFUSED, outside=RIGHT, outside2=MISSED
    )

    assert list(failures(pairs)) == [("a", "wrong"), ("a", "missed"), ("a", "refused"), ("out_of_scope", "outside")]


def test_at_the_start_the_file_holds_todays_failures_and_their_number() -> None:
    known = started(asked(one=WRONG, two=RIGHT, three=REFUSED))

    assert known == KnownFailures(2, (("a", "one"), ("a", "three")))


def test_shrinking_takes_out_what_is_solved_and_adds_nothing() -> None:
    known = KnownFailures(5, (("a", "right"), ("a", "helped"), ("a", "wrong"), ("a", "not asked")))

    left = known.shrunk(asked(right=RIGHT, helped=HELPED, wrong=WRONG, new=WRONG))

    assert left == KnownFailures(2, (("a", "wrong"), ("a", "not asked")))


def test_the_number_in_the_head_is_never_raised() -> None:
    known = KnownFailures(1, (("a", "one"), ("a", "two")))

    assert known.shrunk(asked(one=WRONG, two=WRONG)).at_most == 1


def test_failures_outside_of_the_file_are_told() -> None:
    known = KnownFailures(1, (("a", "old"),))

    assert known.unknown(asked(old=WRONG, new=WRONG, fine=RIGHT)) == [("a", "new")]


def test_what_is_written_is_read_again_topic_by_topic(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "known.yml"

    write_known(path, KnownFailures(3, (("b", "二"), ("a", "一\n行"), ("b", "- #: '三'"))))

    assert read_known(path) == KnownFailures(3, (("a", "一\n行"), ("b", "二"), ("b", "- #: '三'")))
    assert path.read_text(encoding="utf-8").startswith("# Held-out messages")
    assert "一" in path.read_text(encoding="utf-8")
    assert [one.name for one in path.parent.iterdir()] == ["known.yml"]


@given(st.lists(st.text(), unique=True))
def test_any_text_survives_writing_and_reading(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    path = tmp_path_factory.mktemp("known") / "known.yml"
    known = KnownFailures(len(texts), tuple(("a", text) for text in texts))

    write_known(path, known)

    assert read_known(path) == known


def test_the_comment_in_the_head_stays_when_the_file_is_written_anew(tmp_path: Path) -> None:
    path = tmp_path / "known.yml"
    path.write_text('# 已知的錯\n# 第二行\nat_most: 2\na:\n- "一"\nb:\n- "二"\n', encoding="utf-8")

    write_known(path, KnownFailures(1, (("b", "二"),)))

    assert path.read_text(encoding="utf-8") == '# 已知的錯\n# 第二行\nat_most: 1\nb:\n- "二"\n'


@pytest.mark.parametrize(
    "text",
    [
        "",
        "- a\n",
        "a: [x]\n",
        "at_most: many\n",
        "at_most: true\n",
        "at_most: 1\na: x\n",
        "at_most: 1\na: [1]\n",
        "a: [\n",
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "known.yml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(KnownFailuresError) as refused:
        read_known(path)

    assert str(refused.value).startswith(f"{path}: ")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(KnownFailuresError, match=r"known\.yml"):
        read_known(tmp_path / "known.yml")
