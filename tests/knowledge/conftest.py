"""A knowledge folder of a few lines that holds together, for tests that break one thing of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.knowledge.check import REQUIRED_CAUSES

FILES = {
    "topics.yml": """
faq:
  - {id: forgot_password, title: 忘記密碼怎麼辦, desk: egov}
  - {id: withdraw_course, title: 如何退選, desk: platform}
contact:
  - {id: contact_desk, title: 客服電話}
personal: []
service: []
conversation:
  - {id: greet, title: 打招呼}
""",
    "desks.yml": """
platform:
  name: 平臺客服
  aka: 平臺
  handles: [課程]
  refuses: [帳號]
  phones: unknown
  mailboxes:
    - {address: help@example.org, source: {document: "001", section: 一}}
  hours: unknown
  website: home
  next_desk: egov
  sources: [{document: "001", section: 一}]
egov:
  name: 我的e政府客服
  aka: 我的e政府
  handles: [帳號]
  refuses: [課程]
  phones:
    - {number: 02-1234-5678, source: {document: "001", section: 二}}
  faxes:
    - {number: 02-8765-4321, label: 申請書用, source: {document: "001", section: 二}}
  mailboxes: unknown
  hours:
    mon: ["09:00-12:00", "13:00-17:00"]
    holidays: closed
    source: {document: "001", section: 二}
  next_desk: platform
  sources: [{document: "001", section: 二}]
""",
    "links.yml": """
home:
  title: 平臺首頁
  url: https://www.example.org/home
  source: {document: "001", section: 一}
""",
    "sources.yml": """
"001":
  title: 手冊
  date: "2024"
  sections: {一: 第一節, 二: 第二節}
""",
    "calendar.yml": "overrides: []\n",
    "vocabulary.yml": """
provider:
  egov: [我的e政府, egov]
  google: [google]
desk:
  egov: [我的e政府]
""",
    "answers/account/forgot_password.yml": """
topic: forgot_password
title: 忘記密碼怎麼辦
desk: egov
reviewed: 2026-01-05
short: 請回原註冊網站重設。
steps:
  - 開啟平臺（{link:home}）。
  - 打電話 {phone:egov}，傳真 {fax:egov}，或寫信到 {mail:platform}。
links: [home]
related: [withdraw_course]
sources: [{document: "001", section: 一}]
""",
    "answers/courses/withdraw_course.yml": """
topic: withdraw_course
title: 如何退選
desk: platform
reviewed: 2026-01-05
short: 點「退選」。
related: [forgot_password]
sources: [{document: "001", section: 二}]
""",
}


@pytest.fixture
def small_kb(tmp_path: Path, kb_dir: Path) -> Path:
    """A folder kb/ with two answers, two desks and one link, free of faults."""
    for name, text in FILES.items():
        path = tmp_path / "kb" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.lstrip(), encoding="utf-8")
    shutil.copy(kb_dir / "phrases.yml", tmp_path / "kb" / "phrases.yml")
    cause = '{reason: 原因。, topic: forgot_password, sources: [{document: "001", section: 一}]}'
    causes = "".join(f"{code}: {cause}\n" for code in REQUIRED_CAUSES.read_text(encoding="utf-8").split())
    (tmp_path / "kb" / "causes.yml").write_text(causes, encoding="utf-8")
    return tmp_path / "kb"
