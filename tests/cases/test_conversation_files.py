"""The files of a conversation, as the chat store keeps them."""

from __future__ import annotations

from pathlib import Path

import pytest
from case_drafts import draft
from clock import Clock
from sqlalchemy.engine import Engine

from bot.cases.conversation_files import ConversationFiles
from bot.cases.help_desk import HelpDesk
from bot.knowledge.live import LiveKnowledge
from bot.stores.web import WebStore

PICTURE = b"\x89PNG picture"


@pytest.fixture
def store(engine: Engine, tmp_path: Path, clock: Clock) -> WebStore:
    return WebStore(engine, tmp_path / "attachments", clock)


@pytest.fixture
def files(engine: Engine, tmp_path: Path) -> ConversationFiles:
    return ConversationFiles(engine, tmp_path / "attachments")


def test_what_was_sent_lately_is_found_whether_its_message_came_or_not(
    store: WebStore, files: ConversationFiles, clock: Clock
) -> None:
    first = store.keep("s1", "紀錄.png", "image/png", PICTURE)
    store.accept("s1", "turn-1", "這是截圖", [first.id])
    clock.go_on(minutes=1)
    store.keep("s1", "入口網.png", "image/png", PICTURE + b"2")
    store.keep("line-U1", "line.png", "image/png", PICTURE)

    found = files.recent("web-s1", clock.now)

    assert [(one.name, one.content) for one in found] == [("紀錄.png", PICTURE), ("入口網.png", PICTURE + b"2")]
    assert [one.name for one in files.recent("line-U1", clock.now)] == ["line.png"]
    assert files.count("web-s1", clock.now) == 2 and files.count("web-s2", clock.now) == 0


def test_what_a_case_has_what_is_old_and_what_is_gone_is_left_out(
    store: WebStore, files: ConversationFiles, clock: Clock, tmp_path: Path
) -> None:
    taken = store.keep("s1", "taken.png", "image/png", PICTURE)
    gone = store.keep("s1", "gone.png", "image/png", PICTURE)
    (tmp_path / "attachments" / gone.id).unlink()

    assert files.recent("web-s1", clock.now, [taken.id]) == []
    clock.go_on(hours=3)
    assert files.recent("web-s1", clock.now) == [] and files.count("web-s1", clock.now) == 0


def test_a_case_takes_the_files_along_once(engine: Engine, store: WebStore, live: LiveKnowledge, clock: Clock) -> None:
    desk = HelpDesk.on(engine, live, "secret", store._folder, clock)
    store.keep("s1", "紀錄.png", "image/png", PICTURE)
    mine = {"channel": "web", "conversation": "web-s1"}

    opened = desk.cases.open(draft(**mine, files=desk.files("web-s1")))
    store.clear("s1")

    assert desk.files("web-s1") == [] and desk.count_files("web-s1") == 0
    (file,) = desk.cases.files(opened.id)
    assert desk.cases.file(opened.id, file.id)[1] == PICTURE
