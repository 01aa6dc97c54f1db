from __future__ import annotations

import datetime
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from bot.commands.questions import read_questions
from bot.privacy.redact import MAIL, PHONE, redact

DESKS = ["02-2192-7111", "02-2397-9108", "0800-080-117", "412-1166", "02-2192-7186", "egov@service.gov.tw"]
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJMMDAwMSJ9.c2lnbmF0dXJlLXNpZ25hdHVyZQ"


@pytest.mark.parametrize(
    "text",
    [
        "A123456789",
        "a123456789",
        "B223456789",
        "Ａ１２３４５６７８９",
        "ａ１２３４５６７８９",
        "A 123456789",
        "A1 2345 6789",
        "A 1 2 3 4 5 6 7 8 9",
        "A-123-456-789",
        "A123.456.789",
        "A12345\n6789",
    ],
)
def test_a_national_id_is_taken_out_however_it_is_written(text: str) -> None:
    message = f"我的身分證字號是{text}，時數沒上傳"

    clean = redact(message)

    assert clean == "我的身分證字號是[身分證字號]，時數沒上傳"


@pytest.mark.parametrize(
    "text", ["A800000014", "F900000016", "a800000014", "AC01234567", "fd 0123 4567", "ＡＣ０１２３４５６７"]
)
def test_new_and_old_resident_certificates_are_taken_out(text: str) -> None:
    message = f"統一證號{text}可以註冊嗎"

    clean = redact(message)

    assert clean == "統一證號[居留證號]可以註冊嗎"


@pytest.mark.parametrize(
    "text",
    [
        "0912345678",
        "0912-345-678",
        "0912 345 678",
        "0912.345.678",
        "(0912)345-678",
        "０９１２３４５６７８",
        "+886912345678",
        "+886 912 345 678",
        "+886-912-345-678",
        "+886 (0)912-345-678",
        "886912345678",
        "02-2345-6789",
        "(02)2345-6789",
        "(02) 2345 6789",
        "0223456789",
        "+886-2-2345-6789",
        "+886 4 2234 5678",
        "049-2345678",
        "037-123456",
        "082-123456",
        "0836-22381",
    ],
)
def test_a_private_phone_number_is_taken_out(text: str) -> None:
    message = f"請打{text}給我"

    clean = redact(message, DESKS)

    assert clean == "請打[電話]給我"


@pytest.mark.parametrize(
    "text",
    [
        "wang@gmail.com",
        "wang.da-ming+e@mail.moi.gov.tw",
        "WANG_01@X.TW",
        "wang @ gmail.com",
        "ｗａｎｇ＠ｇｍａｉｌ．ｃｏｍ",
    ],
)
def test_a_mailbox_is_taken_out_and_the_words_around_it_stay(text: str) -> None:
    message = f"我用{text}收不到認證信"

    clean = redact(message, DESKS)

    assert clean == "我用[信箱]收不到認證信"


@pytest.mark.parametrize(
    ("message", "clean"),
    [
        ("密碼是Abc12345!，登不進去", "密碼是[密碼]，登不進去"),
        ("我的密碼：hunter22", "我的密碼：[密碼]"),
        ("密碼=p@ss1 還是不行", "密碼=[密碼] 還是不行"),
        ("密碼是「Abc123」嗎", "密碼是「[密碼]」嗎"),
        ("密碼為 12345678", "密碼為 [密碼]"),
        ("密碼設成abcdef登不進去", "密碼設成[密碼]登不進去"),
        ("密碼改成Abc12345還是錯", "密碼改成[密碼]還是錯"),
        ("我的密碼Abc12345登不進去", "我的密碼[密碼]登不進去"),
        ("密碼 Abc12345", "密碼 [密碼]"),
        ("密碼是我的生日19900101", "密碼是我的生日[密碼]"),
        ("密碼是a1234567890", "密碼是[密碼]"),
        ("PIN碼是123456", "PIN碼是[密碼]"),
        ("PinCode: 987654", "PinCode: [密碼]"),
        ("my password is Hunter22", "my password is [密碼]"),
        ("我的pwd:Abc12345", "我的pwd:[密碼]"),
        ("密码是Abc12345", "密码是[密碼]"),
        ("密碼是Ａｂｃ１２３４５", "密碼是[密碼]"),
        ("請問密碼是什麼？我的密碼是Abc12345", "請問密碼是什麼？我的密碼是[密碼]"),
    ],
)
def test_a_password_is_taken_out(message: str, clean: str) -> None:
    assert redact(message, DESKS) == clean


@pytest.mark.parametrize(
    "message",
    [
        "密碼是什麼",
        "eCPA密碼是幾碼",
        "密碼是8碼嗎",
        "密碼是8~12碼嗎",
        "密碼是 12 個字以上嗎",
        "密碼是180天要改一次嗎",
        "改密碼是改eCPA的還是你們這邊的",
        "改密碼是在貴平臺改還是回我的e政府改？",
        "密碼是eCPA的還是e等公務園的",
        "不是忘記密碼 是eCPA從來沒開通過",
        "密碼是Google的",
        "PIN碼6～8碼",
        "忘記密碼",
        "密碼：",
        "忘記密碼 T5602110801",
    ],
)
def test_a_question_about_passwords_stays(message: str) -> None:
    assert redact(message, DESKS) == message


@pytest.mark.parametrize(
    ("message", "clean"),
    [
        (f"token={JWT}", "token=[權杖]"),
        (f"我的權杖是{JWT}，請查", "我的權杖是[權杖]，請查"),
        (f"{JWT[: JWT.rindex('.')]}. 沒有簽章", "[權杖] 沒有簽章"),
        ("Authorization: Bearer abcdef123456", "Authorization: [權杖]"),
        ("bearer  ABCDEFGH.ijkl_mn-op==", "[權杖]"),
    ],
)
def test_a_token_is_taken_out(message: str, clean: str) -> None:
    assert redact(message) == clean


@pytest.mark.parametrize(
    "message", ["T5602110801", "平台識別編號是t5602110801，對嗎", "Ｔ５６０２１１０８０１", "A1234567890"]
)
def test_the_platforms_own_number_stays(message: str) -> None:
    assert redact(message, DESKS) == message


@pytest.mark.parametrize(
    "message",
    [
        "02-2192-7111打不通",
        "02-21927111打不通",
        "0221927111 打不通",
        "(02)2192-7111打不通",
        "(02) 2192 7111打不通",
        "０２－２１９２－７１１１打不通",
        "0800080117 沒人接",
        "412-1166 要加02嗎",
        "寫信到EGOV@service.gov.tw都沒回",
    ],
)
def test_public_numbers_of_the_desks_stay(message: str) -> None:
    assert redact(message, DESKS) == message


def test_without_being_told_that_it_is_public_a_desks_number_goes_too() -> None:
    assert redact("02-2192-7111打不通") == "[電話]打不通"


@pytest.mark.parametrize("message", ["電話:0912345678", "電話：02-2345-6789", "手機/0912345678"])
def test_a_number_right_behind_a_mark_goes(message: str) -> None:
    assert redact(message, DESKS).endswith("[電話]")


def test_a_public_number_stays_beside_private_data() -> None:
    message = "我是A123456789，打02-2192-7111沒人接，請回0912345678或me@x.tw"

    clean = redact(message, DESKS)

    assert clean == "我是[身分證字號]，打02-2192-7111沒人接，請回[電話]或[信箱]"


def test_a_private_mailbox_that_ends_like_a_public_one_goes() -> None:
    assert redact("not-egov@service.gov.tw", DESKS) == "[信箱]"


@pytest.mark.parametrize(
    ("message", "clean"),
    [
        ("A123456789B223456789", "[身分證字號][身分證字號]"),
        ("0912345678A123456789", "[電話][身分證字號]"),
        ("02-23456789-0912345678", "[電話]-[電話]"),
        ("1.0912345678 2.0987654321", "1.[電話] 2.[電話]"),
        ("A123456789 0912345678 a@b.tw", "[身分證字號] [電話] [信箱]"),
        ("姓名王大明,A123456789,0912345678", "姓名王大明,[身分證字號],[電話]"),
    ],
)
def test_data_that_stands_close_together_is_all_taken_out(message: str, clean: str) -> None:
    assert redact(message) == clean


@pytest.mark.parametrize(
    "message",
    [
        "課程代碼 PSINICA108100046",
        "服務機關代碼A09600000Q",
        "2024-03-21 09:22:05 上完",
        "2024-03-21 09:22:09 2024-03-22 08:00:00",
        "2025-09-01 2025-09-30 的課",
        "2025/09/01~2025/09/30",
        "2025-01-09 2025-02-01",
        "2025.01.09 2025.02.01",
        "99-09-01 99-09-30",
        "2025.09.01-2025.09.30",
        "114-09-01 114-09-30",
        "教室A1 2025-01-15",
        "第B2 2025 01 15場",
        "20250115 上完",
        "111年3月28日下午6點至下午10點",
        "08:30-18:00",
        "0830-1730",
        "09:00~12:00 14:00~17:00",
        "測驗 75 分，閱讀 01:30:00",
        "12345678",
        "10小時還差4.5小時",
        "分機 189、198、199",
        "keyboard1234.html",
        "DL1: e等公務園+學習平臺",
        "https://elearn.hrd.gov.tw/mooc/index.php?id=10020345",
        "Ｃｈｒｏｍｅ　１２０",
        "",
    ],
)
def test_dates_scores_codes_and_years_stay(message: str) -> None:
    assert redact(message, DESKS) == message


FAKE_PHONE = re.compile("0900[-]?000[-]?[0-9]{3}")
"""What letters are signed with in the questions: redacted as it should be."""


def test_the_held_out_questions_stay_unchanged(project: Path) -> None:
    questions = [question.text for question in read_questions([project / "tests" / "questions"])]

    changed = [text for text in questions if redact(text, DESKS) != text and not FAKE_PHONE.search(text)]

    assert len(questions) > 500
    assert changed == []


@pytest.mark.thorough
def test_the_training_questions_stay_unchanged_but_for_the_one_that_holds_an_id(project: Path) -> None:
    files = sorted((project / "bot" / "data" / "nlu").rglob("*.yml"))
    questions = [
        line.removeprefix("- ")
        for file in files
        for entry in YAML(typ="safe").load(file.read_text(encoding="utf-8"))["nlu"]
        for line in entry["examples"].splitlines()
    ]

    changed = [text for text in questions if redact(text, DESKS) != text and "A123456789" not in text]
    changed = [text for text in changed if not FAKE_PHONE.search(text)]

    assert len(questions) > 1000
    assert changed == []


def test_the_answers_of_the_knowledge_stay_unchanged(kb_dir: Path) -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted((kb_dir / "answers").rglob("*.yml"))]

    changed = [text for text in texts if redact(text, DESKS) != text]

    assert changed == []


def test_a_message_with_control_signs_breaks_nothing() -> None:
    assert redact("\x005\x00 請打0912345678") == "5 請打[電話]"


MOMENTS = st.datetimes(datetime.datetime(2000, 1, 1), datetime.datetime(2035, 1, 1))
PIECES = st.one_of(
    st.text(max_size=12),
    st.text("0123456789 -.()+", max_size=16),
    st.from_regex(r"[A-Za-z][ -]?[12A-D89](?:[ -]?\d){8}", fullmatch=True),
    st.from_regex(r"09\d\d-?\d{3}-?\d{3}", fullmatch=True),
    st.from_regex(r"[A-Z]\d{10}", fullmatch=True),
    st.sampled_from(
        ["密碼是", "PIN", "Abc12345", "@", "gmail.com", "Bearer ", JWT, "02-2192-7111", "[密碼]", "\x00", "，"]
    ),
)


@pytest.mark.thorough
@settings(deadline=None, max_examples=150)
@given(st.lists(PIECES, max_size=6))
def test_what_was_cleaned_once_stays_as_it_is(pieces: list[str]) -> None:
    message = "".join(pieces)

    once = redact(message, DESKS)

    assert redact(once, DESKS) == once


@settings(deadline=None)
@given(st.from_regex(r"[A-Z][12]\d{8}", fullmatch=True), st.text("學習時數沒有上傳，。？ \n", max_size=10))
def test_no_national_id_in_chinese_text_survives(number: str, words: str) -> None:
    message = f"{words}{number}{words}"

    clean = redact(message, DESKS)

    assert clean == f"{words}[身分證字號]{words}"


@settings(deadline=None)
@given(MOMENTS, MOMENTS, st.sampled_from([" ", "~", " ~ ", "至"]))
def test_no_pair_of_moments_is_taken_for_a_number_of_a_person(
    first: datetime.datetime, second: datetime.datetime, between: str
) -> None:
    formats = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d", "%Y/%m/%d %H:%M", "%Y.%m.%d")

    messages = [between.join(moment.strftime(one) for moment in (first, second)) for one in formats]

    assert [redact(message, DESKS) for message in messages] == messages


@settings(deadline=None)
@given(st.text("學習時數上傳課程帳號登入，。？", max_size=40))
def test_plain_chinese_stays(message: str) -> None:
    assert redact(message, DESKS) == message


def test_what_may_stay_stays_and_the_rest_still_goes() -> None:
    text = "王小明 0912-345-678 ming@example.com A123456789，密碼是abcd1234"

    left = redact(text, leave=(PHONE, MAIL))

    assert "0912-345-678" in left and "ming@example.com" in left
    assert "A123456789" not in left and "abcd1234" not in left
