"""`epark triage`: rows in order, bad ones named, nothing personal in what is written out."""

from __future__ import annotations

import csv
import datetime
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.cases.rules import load_rules as load_routing
from bot.commands.triage import read_messages, write_all
from bot.commands.triage_desk import desk_for
from bot.commands.triage_output import CsvOutput, JsonOutput
from bot.commands.triage_reading import Triage
from bot.commands.understanding import Heard
from bot.desks.hours import TAIPEI
from bot.knowledge.models import Knowledge
from bot.nlu.decision import ANSWER, FALLBACK, SUGGEST, Decision
from bot.nlu.mentions import MentionFinder
from bot.nlu.model import Ranked
from bot.nlu.thresholds import Thresholds
from bot.privacy.redact import redact
from bot.triage.inbound import Inbound, UnreadableFile
from bot.triage.rules import load_rules

NOW = datetime.datetime(2026, 11, 20, 20, 0, tzinfo=TAIPEI)
DECISIONS = {
    "密碼": Decision(ANSWER, (("forgot_password", 0.9),)),
    "環教": Decision(ANSWER, (("hours_not_uploaded_env", 0.8),)),
    "選哪個": Decision(SUGGEST, (("withdraw_course", 0.4), ("course_period", 0.3))),
    "幫我查": Decision(ANSWER, (("my_hours_status", 0.9),)),
}


class FakeUnderstanding:
    """Decides by a word in the text."""

    thresholds = Thresholds(0.5, 0.5, 0.5, 0.5)

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge

    def hear(self, texts: Sequence[str]) -> list[Heard]:
        return [Heard(redact(text), Ranked((), 0.1, 0.2)) for text in texts]

    def decide(self, heard: Sequence[Heard], thresholds: Thresholds) -> list[Decision]:
        fallback = Decision(FALLBACK, (("greet", 0.1),))
        return [next((one for word, one in DECISIONS.items() if word in each.text), fallback) for each in heard]


@pytest.fixture(scope="module")
def triage(knowledge: Knowledge, kb_dir: Path) -> Triage:
    finder = MentionFinder(knowledge.vocabulary, ["資訊安全概論與實務"])
    return Triage(FakeUnderstanding(knowledge), load_rules(kb_dir, knowledge), finder.find, NOW)


def row(triage: Triage, body: str, **named: Any) -> dict[str, Any]:
    return triage.sort([Inbound("line 2", "1", "", body, **named)])[0]


def test_a_row_has_desk_topic_confidence_and_an_answer_from_the_knowledge_base(triage: Triage) -> None:
    found = row(triage, "我用臉書登入的密碼忘了")

    assert (found["desk"], found["topic"], found["confidence"], found["missing"]) == (
        "platform",
        "forgot_password",
        0.9,
        "",
    )
    assert found["draft"].startswith("您好：")
    assert "Facebook" in found["draft"] and "eCPA的帳號" not in found["draft"]
    assert found["draft"].rstrip().endswith("敬上")


def test_the_desk_follows_the_provider_that_the_mail_names(triage: Triage) -> None:
    assert row(triage, "我的eCPA密碼忘了")["desk"] == "ecpa"
    assert row(triage, "我的e政府的密碼忘了")["desk"] == "egov"


def test_what_is_missing_is_named_and_asked_for(triage: Triage) -> None:
    found = row(triage, "環教時數沒進來，課程是《資訊安全概論與實務》")

    assert found["missing"] == "provider;screenshot;contact"
    assert "1. 登入方式" in found["draft"]


def test_a_phone_number_in_the_signature_is_a_contact_and_is_nowhere_written_out(triage: Triage) -> None:
    found = row(triage, "環教時數沒進來\n\n王小明 敬上\n0912-345-678")

    assert "contact" not in found["missing"]
    assert "345" not in json.dumps(found, ensure_ascii=False)


def test_a_draft_says_nothing_of_the_hour_at_which_it_was_written(triage: Triage) -> None:
    draft = row(triage, "我的e政府的密碼忘了")["draft"]

    assert "服務時間 週一至週五" in draft
    assert "現在" not in draft


def test_where_the_topic_is_open_the_draft_asks_which(triage: Triage) -> None:
    found = row(triage, "不知道要選哪個")

    assert found["topic"] == "withdraw_course"
    assert "・已報名課程如何退選" in found["draft"] and "・" in found["draft"]


def test_what_is_not_understood_goes_to_the_platform_without_an_answer(triage: Triage) -> None:
    found = row(triage, "今天天氣如何")

    assert (found["topic"], found["desk"], found["confidence"]) == ("out_of_scope", "platform", 0.8)
    assert "承辦人員" in found["draft"]


def test_a_mail_is_never_told_a_record_but_how_to_look(triage: Triage) -> None:
    found = row(triage, "幫我查時數，全教網的")

    assert found["topic"] == "my_hours_status"
    assert "無法確認身分" in found["draft"]


def test_an_unknown_desk_becomes_the_platforms(knowledge: Knowledge) -> None:
    assert desk_for("withdraw_course", {}, knowledge, None, None) == ("platform", "")
    assert desk_for("nonsense", {}, knowledge, "nowhere", None) == ("platform", "")


def test_the_desk_is_the_one_that_routing_names_and_the_draft_says_why(knowledge: Knowledge, kb_dir: Path) -> None:
    routing = load_routing(kb_dir, knowledge)[0]
    assert routing is not None
    triage = Triage(
        FakeUnderstanding(knowledge),
        load_rules(kb_dir, knowledge),
        MentionFinder(knowledge.vocabulary, []).find,
        NOW,
        routing,
    )

    found = row(triage, "我的eCPA密碼忘了")

    assert found["desk"] == "ecpa"
    assert routing.desks["ecpa"].reason in found["draft"]
    assert row(triage, "環教時數沒進來，我是用我的e政府登入的")["desk"] == "platform"


def test_a_desk_that_is_named_counts_only_where_a_desk_is_asked_for(knowledge: Knowledge, kb_dir: Path) -> None:
    routing = load_routing(kb_dir, knowledge)[0]

    assert desk_for("talk_to_human", {}, knowledge, None, routing, ["moica"])[0] == "moica"
    assert desk_for("withdraw_course", {}, knowledge, "platform", routing, ["moica"]) == ("platform", "")


def test_csv_goes_out_in_order_with_a_bom_and_bad_rows_named(
    triage: Triage, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes("id, subject, body\n1,密碼,忘了\n2,只有兩欄\n3,,天氣如何\n".encode("cp950"))
    out = io.StringIO()

    status = write_all(read_messages(path), triage.sort, CsvOutput(out), progress=False)

    assert status == 1
    assert out.getvalue().startswith("\ufeffid,desk,topic,confidence,missing,draft,error\r\n")
    rows = list(csv.DictReader(io.StringIO(out.getvalue().removeprefix("\ufeff"), newline="")))
    assert [(one["id"], one["topic"], bool(one["error"])) for one in rows] == [
        ("1", "forgot_password", False),
        ("2", "", True),
        ("3", "out_of_scope", False),
    ]
    assert "line 3: has 2 columns" in capsys.readouterr().err


def test_json_goes_out_a_line_each(triage: Triage, tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text('{"id": 5, "subject": "密碼", "body": "忘了"}\nx\n', encoding="utf-8-sig")
    out = io.StringIO()

    status = write_all(read_messages(path), triage.sort, JsonOutput(out), progress=False)

    rows = [json.loads(line) for line in out.getvalue().splitlines()]
    assert status == 1
    assert [(one["id"], one["confidence"]) for one in rows] == [(5, 0.9), ("", None)]
    assert list(rows[0]) == ["id", "desk", "topic", "confidence", "missing", "draft", "error"]


def test_a_folder_of_mails_is_read_by_name(tmp_path: Path) -> None:
    for name in ("b.eml", "inner/a.EML"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes("Subject: x\r\n\r\n密碼忘了".encode())
    (tmp_path / "notes.txt").write_text("x")

    assert [one.id for one in read_messages(tmp_path)] == ["b", "inner/a"]


def test_a_folder_without_mails_says_so(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"no \.eml"):
        read_messages(tmp_path)


def test_a_huge_mail_is_cut_for_understanding_and_done(triage: Triage) -> None:
    found = row(triage, "環教時數沒進來。" + "說明" * 50_000)

    assert (found["topic"], found["error"]) == ("hours_not_uploaded_env", "")
