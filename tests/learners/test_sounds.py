"""How texts sound."""

from __future__ import annotations

from bot.learners.sounds import plain, sound_of, sounds


def test_signs_of_one_sound_and_both_scripts_sound_the_same() -> None:
    assert sounds("環境變遷") == sounds("环境变迁") == sounds("環境變千")


def test_what_is_no_chinese_sign_stands_for_itself() -> None:
    assert sounds("e化7") == ["e", sound_of("化"), "7"]


def test_marks_spaces_and_case_are_no_part_of_a_plain_text() -> None:
    assert plain("「Python 入門」_(上)") == "python入門上"
