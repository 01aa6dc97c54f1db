"""Decoding: what spreadsheets in Taiwan save."""

from __future__ import annotations

import pytest

from bot.triage.decoding import BROKEN, decode

TEXT = "id,subject,body\n1,時數沒上傳,請問碁碁的環教時數\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp950", "utf-16"])
def test_a_file_of_a_usual_encoding_is_read(encoding: str) -> None:
    assert decode(TEXT.encode(encoding)) == TEXT


def test_a_broken_byte_in_utf_8_damages_its_place_alone() -> None:
    data = TEXT.encode() + b"2,x,\xff\n" + TEXT.encode()

    decoded = decode(data)

    assert decoded == f"{TEXT}2,x,{BROKEN}\n{TEXT}"


def test_a_broken_byte_in_cp950_damages_its_place_alone() -> None:
    decoded = decode(TEXT.encode("cp950") + b"2,x,\xff\n" + TEXT.encode("cp950"))

    assert decoded.startswith(TEXT)
    assert decoded.endswith(TEXT)
    assert BROKEN in decoded


def test_ascii_and_nothing_stay_what_they_are() -> None:
    assert decode(b"id\n") == "id\n"
    assert decode(b"") == ""
