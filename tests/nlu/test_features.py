from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.nlu.features import PINYIN_WEIGHT, Featurizer, grams, sounds, units
from bot.nlu.normalise import normalise


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ["<", ">"]),
        ("…", ["<", ">"]),
        ("退選", ["<", "退", "選", ">"]),
        ("ecpa密碼180天", ["<", "ecpa", "密", "碼", "180", "天", ">"]),
        ("你好,再見", ["<", "你", "好", "|", "再", "見", ">"]),
        ("，，你好。。", ["<", "你", "好", ">"]),
        ("12:30", ["<", "12", "|", "30", ">"]),
        ("fb2登入", ["<", "fb", "2", "登", "入", ">"]),
    ],
)
def test_a_text_falls_into_signs_words_and_numbers(text: str, found: list[str]) -> None:
    assert units(text) == found


def test_grams_are_single_units_and_neighbours() -> None:
    assert grams("退選,fb") == ["退", "選", "fb", "< 退", "退 選", "選 |", "| fb", "fb >"]


def test_homophones_sound_alike() -> None:
    assert sounds("時數") == sounds("實數") == ["shi", "shu", "< shi", "shi shu", "shu >"]


def test_latin_words_and_numbers_sound_as_they_are_written() -> None:
    assert sounds("ecpa180")[:2] == ["ecpa", "180"]


@settings(deadline=None)
@given(st.text(max_size=40))
def test_the_units_of_any_text_can_be_joined_again(text: str) -> None:
    clean = normalise(text)

    found = units(clean)

    assert found[0] == "<"
    assert found[-1] == ">"
    assert all(found)
    assert set("".join(found)) - set("<|>") <= set(clean)


def test_a_chinese_row_has_the_length_of_its_signs_and_sounds() -> None:
    featurizer = Featurizer()

    rows = featurizer.fit_transform(["忘記密碼", "怎麼退選", "時數沒上傳", "ecpa"])[:3]

    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    assert np.allclose(lengths, np.sqrt(1 + PINYIN_WEIGHT**2))


def test_the_row_of_a_text_is_the_same_at_training_and_later() -> None:
    featurizer = Featurizer()
    learnt = featurizer.fit_transform(["忘記密碼", "怎麼退選", "ecpa登入"])

    later = featurizer.transform(["忘記密碼", "怎麼退選", "ecpa登入"])

    assert (learnt != later).nnz == 0


def test_a_text_of_unseen_signs_has_an_empty_row() -> None:
    featurizer = Featurizer()
    featurizer.fit_transform(["忘記密碼", "怎麼退選", "ecpa登入"])

    rows = featurizer.transform(["水火木", ""])

    assert rows.nnz == 0
    assert np.isfinite(rows.toarray()).all()


def test_a_homophone_slip_stays_nearer_than_another_question() -> None:
    featurizer = Featurizer()
    rows = featurizer.fit_transform(["時數沒上傳", "怎麼退選課程", "ecpa登入"])

    slip = featurizer.transform(["實數沒上船"])

    near = np.asarray((slip @ rows.T).todense()).ravel()
    assert near[0] > max(near[1:])
