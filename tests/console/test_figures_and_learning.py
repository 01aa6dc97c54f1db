"""The figures and the learning inbox, as a supervisor and an editor see them."""

from __future__ import annotations

import csv
import io
import re

import pytest
from counter import Counter, Visitor, draft

from bot.journal.journal import Journal
from bot.journal.turns import Turn
from bot.learning.verdicts import Verdicts
from bot.settings import Settings


@pytest.fixture(scope="module")
def journal(counter: Counter) -> Journal:
    settings = Settings.from_env({"EPARK_VAR": str(counter.log.parent)})
    journal = Journal(counter.engine, settings.token_key)
    told = (
        ("a", "answer", "怎麼退選", "withdraw_course", {"helpful": False, "reason": "wrong"}),
        ("b", "fallback", "冷氣<b>壞了</b>怎麼辦", None, {}),
        ("c", "fallback", "冷氣<b>壞了</b>怎麼辦呢", None, {}),
        ("d", "fallback", "電子報怎麼訂", None, {}),
    )
    for who, outcome, text, topic, more in told:
        topics = ((topic, 0.9),) if topic else ()
        journal.write(
            Turn(journal.now(), "web", journal.conversation(f"web-{who}"), outcome, topic, topics, text=text, **more)
        )
    counter.cases.open(draft())
    return journal


def visitor(counter: Counter, login: str) -> Visitor:
    found = Visitor(counter.base)
    found.sign_in(login)
    return found


def keys(page: str, text: str) -> tuple[str, list[str]]:
    """The section of a cluster, and the names of its messages."""
    section = next(one for one in page.split("<section")[1:] if text in one)
    return section, list(dict.fromkeys(re.findall(r'name="key" value="([0-9a-f]+)"', section)))


def test_a_supervisor_sees_the_figures_and_takes_them_along(counter: Counter, journal: Journal) -> None:
    supervisor = visitor(counter, "wang.sv")

    page = supervisor.see("/figures")
    table = supervisor.see("/figures.csv")

    assert page.status_code == 200
    assert "自行解決" in page.text and "<svg" in page.text and "已報名課程如何退選" in page.text
    rows = {(one[0], one[1]): one[2] for one in csv.reader(io.StringIO(table.content.decode("utf-8-sig")))}
    assert (rows["turns", ""], rows["outcome", "fallback"], rows["thumbs", "down"]) == ("4", "3", "1")
    assert rows["cases_of_desk", "platform"] == "1"
    assert "attachment" in table.headers["content-disposition"]


@pytest.mark.parametrize(
    "query", ["from=2026-11-02&to=2026-11-01", "from=yesterday", "from=0001-01-01", "to=0001-01-01"]
)
def test_days_that_are_no_range_are_refused_kindly(counter: Counter, query: str) -> None:
    assert visitor(counter, "wang.sv").see(f"/figures?{query}").status_code == 400


def test_an_editor_finds_near_identical_messages_together_and_escaped(counter: Counter, journal: Journal) -> None:
    page = visitor(counter, "li.ed").see("/learning").text

    section, names = keys(page, "冷氣")
    assert len(names) == 2
    assert "冷氣&lt;b&gt;壞了&lt;/b&gt;怎麼辦" in section and "<b>壞了" not in page
    assert "沒答出來" in section
    assert "按了沒幫助" in keys(page, "怎麼退選")[0]


def test_what_is_treated_never_returns_and_is_in_the_trail(counter: Counter, journal: Journal) -> None:
    editor = visitor(counter, "li.ed")
    names = keys(editor.see("/learning").text, "冷氣")[1]

    done = editor.fill("/learning", key=names, verdict="out_of_scope")  # type: ignore[arg-type]

    assert done.status_code == 303
    page = editor.see("/learning").text
    assert "冷氣" not in page
    assert "已認可 2 句" in page
    assert {one.verdict for one in Verdicts(counter.engine).accepted()} == {"out_of_scope"}
    again = editor.fill("/learning", key=names, verdict="topic:withdraw_course")  # type: ignore[arg-type]
    assert again.headers["location"].endswith("said=gone")


def test_a_topic_may_be_chosen_by_button_or_from_the_list_and_a_new_one_described(
    counter: Counter, journal: Journal
) -> None:
    editor = visitor(counter, "li.ed")
    names = keys(editor.see("/learning").text, "電子報")[1]

    assert editor.fill("/learning", key=names, verdict="topic", topic="nonsense").status_code == 400  # type: ignore[arg-type]
    assert editor.fill("/learning", key=names, verdict="new_topic", note="").status_code == 400  # type: ignore[arg-type]
    assert editor.fill("/learning", key=names, verdict="topic:change_profile").status_code == 303  # type: ignore[arg-type]
    assert "change_profile" in {one.topic for one in Verdicts(counter.engine).accepted()}


@pytest.mark.parametrize(("login", "path"), [("lin.mh", "/figures"), ("li.ed", "/figures"), ("wang.sv", "/learning")])
def test_each_page_is_for_its_role_alone(counter: Counter, login: str, path: str) -> None:
    assert visitor(counter, login).see(path).status_code == 403
