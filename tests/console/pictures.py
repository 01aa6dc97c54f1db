"""`make screenshots`: the README's pictures of the console, taken of a running one with made-up cases."""

from __future__ import annotations

import datetime
import os
import shutil
import socket
import tempfile
from pathlib import Path
from typing import Any

from counter import PASSWORD, Counter, draft, opened_counter
from playwright.sync_api import sync_playwright

from bot.learners.records import TAIPEI

PROJECT = Path(__file__).parent.parent.parent
DOCS = PROJECT / "docs"
SIZE = {"width": 1180, "height": 860}
TALK = (
    ("person", "我的時數沒上傳"),
    ("bot", "請先確認閱讀、測驗與問卷都完成了；完成後三個工作天內會上傳。"),
    ("person", "都做完了，已經三個禮拜"),
    ("bot", "這樣的話，我可以幫您把資料交給平臺客服。"),
)
CASES: tuple[tuple[float, dict[str, Any]], ...] = (
    (29, {"subject": "公務帳號轉換後無法登入", "desk": "egov", "channel": "web", "topic": "convert_official_account"}),
    (26, {"subject": "測驗完成卻沒有成績", "channel": "telegram", "topic": "test_score_missing"}),
    (24, {"subject": "終身學習時數沒有上傳", "learner_id": "T0000000004", "diagnosis": {"portal": "lifelong"}}),
    (4.5, {"subject": "索取數位教材電子檔", "channel": "web", "topic": "course_material_files"}),
    (2.2, {"subject": "環境教育時數查不到", "desk": "env_edu", "channel": "line", "topic": "hours_not_uploaded_env"}),
    (0.6, {"subject": "想找真人", "kind": "human", "channel": "line", "topic": "talk_to_human"}),
)


def main() -> None:
    """Write docs/console-queue.png and docs/console-case.png."""
    chromium = os.environ.get("EPARK_TEST_CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        raise SystemExit("no Chromium found: install Debian's chromium, or name one in EPARK_TEST_CHROMIUM")
    with tempfile.TemporaryDirectory() as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
        probe.close()
        url = f"sqlite:///{folder}/epark.db"
        with opened_counter(url, Path(folder), PROJECT, port) as counter, sync_playwright() as play:
            case_id = _fill(counter)
            browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
            page = browser.new_context(viewport=SIZE, locale="zh-TW", timezone_id="Asia/Taipei").new_page()
            page.goto(f"{counter.base}/sign-in")
            page.fill("#login", "lin.mh")
            page.fill("#password", PASSWORD)
            page.keyboard.press("Enter")
            page.locator(".who").wait_for()
            for name, path in (("console-queue.png", "/cases"), ("console-case.png", f"/cases/{case_id}")):
                page.goto(counter.base + path)
                page.screenshot(path=str(DOCS / name))
                print(DOCS / name)
            browser.close()


def _fill(counter: Counter) -> int:
    """The cases, opened some hours before the last working afternoon; the id of the one to show."""
    shown, afternoon = 0, datetime.datetime.now(TAIPEI).replace(hour=15, minute=20) - datetime.timedelta(days=1)
    while afternoon.weekday() > 4:
        afternoon -= datetime.timedelta(days=1)
    for hours, changes in CASES:
        moment = afternoon - datetime.timedelta(hours=hours)
        cases = counter.cases_at(moment)
        talk = [{"who": who, "text": text} for who, text in TALK]
        case = cases.open(draft(**{"transcript": talk, "conversation": f"line-{hours}", **changes}))
        if case.learner_id:
            shown = case.id
            cases = counter.cases_at(moment + datetime.timedelta(hours=1))
            cases.reply(case.id, "lin.mh", "您好，已經收到，正在查詢上傳的紀錄。")
            cases.said(case.id, "謝謝，再麻煩了")
            cases.note(case.id, "chen.zm", "同一門課昨天也有人反映。")
    return shown


if __name__ == "__main__":
    main()
