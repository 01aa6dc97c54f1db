"""Editing answers and notices in the console."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import pytest
import requests
from counter import PASSWORD, Counter, Visitor
from page_form import PageForm
from ruamel.yaml import YAML

from bot.editing.files import stamp
from bot.knowledge.load import load

TOPIC = "withdraw_course"


@pytest.fixture(scope="module")
def kb(counter: Counter) -> Path:
    counter.accounts.add("wu.ed", "吳編輯", ["editor"], PASSWORD)
    return counter.log.parent / "kb"


def visitor(counter: Counter, login: str) -> Visitor:
    found = Visitor(counter.base)
    found.sign_in(login)
    return found


def opened(editor: Visitor, topic: str = TOPIC) -> tuple[str, str]:
    """The text of an answer as its editor shows it, and the name of that text."""
    page = editor.see(f"/answers/{topic}/yaml").text
    text = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)
    base = re.search(r'name="base" value="([0-9a-f]+)"', page)
    assert text is not None and base is not None
    return html.unescape(text.group(1)).lstrip("\n"), base.group(1)


def form_of(editor: Visitor, topic: str = TOPIC) -> PageForm:
    """The fields of an answer as a browser without scripts would send them."""
    return PageForm(editor.see(f"/answers/{topic}").text, f"/answers/{topic}")


def send(editor: Visitor, form: PageForm, topic: str = TOPIC, **button: str) -> requests.Response:
    url = f"{editor.base}/answers/{topic}"
    return editor.post(url, form.data(**button), timeout=30, allow_redirects=False)


def better(text: str, words: str) -> str:
    return text.replace("已通過的課程不能退選。", words)


def test_the_list_says_when_each_answer_must_be_looked_at_again(counter: Counter, kb: Path) -> None:
    page = visitor(counter, "li.ed").see("/answers").text

    assert page.count('href="/answers/') >= 55
    assert "55 則；" in page


def test_an_edit_is_previewed_for_each_channel_and_nothing_is_kept(counter: Counter, kb: Path) -> None:
    editor = visitor(counter, "li.ed")
    text, base = opened(editor)

    page = editor.fill(
        f"/answers/{TOPIC}/yaml", text=better(text, "預覽裡的新句子。"), base=base, note="", step="preview"
    )

    assert page.status_code == 200
    for name in ("對話頁", "LINE", "Telegram", "純文字"):
        assert f"{name}" in page.text
    assert page.text.count("預覽裡的新句子。") >= 5
    assert "預覽裡" not in (kb / "answers/courses/withdraw_course.yml").read_text(encoding="utf-8")
    assert "等人核准" not in editor.see("/answers").text


def test_one_person_proposes_another_approves_and_the_file_changes(counter: Counter, kb: Path) -> None:
    editor, second = visitor(counter, "li.ed"), visitor(counter, "wu.ed")
    text, base = opened(editor)

    sent = editor.fill(
        f"/answers/{TOPIC}/yaml", text=better(text, "核准的新句子。"), base=base, note="更清楚", step="propose"
    )
    place = sent.headers["location"].split("?")[0]

    assert sent.status_code == 303
    assert editor.fill(f"{place}/approve").status_code == 403
    page = second.see(place).text
    assert "核准的新句子。" in page and "新增：" in page and "刪除：" in page
    assert second.fill(f"{place}/approve").status_code == 303
    assert load(kb).answers[TOPIC].short.endswith("核准的新句子。")
    assert second.fill(f"{place}/approve").status_code == 409
    history = editor.see(f"/answers/{TOPIC}").text
    assert "李編輯 修改，吳編輯 核准" in history

    version = re.search(r'action="(/versions/\d+/bring-back)"', history)
    assert version is not None
    back = second.fill(version.group(1))
    assert editor.fill(f"{back.headers['location'].split('?')[0]}/approve").status_code == 303
    assert load(kb).answers[TOPIC].short.endswith("已通過的課程不能退選。")


def test_fields_are_proposed_and_approved_and_the_rest_of_the_file_stays_byte_for_byte(
    counter: Counter, kb: Path
) -> None:
    path = kb / "answers/courses/start_course.yml"
    before = path.read_bytes().replace(b"steps:\n", "# 照畫面走\nsteps:\n".encode(), 1)
    path.write_bytes(before)
    editor, second = visitor(counter, "li.ed"), visitor(counter, "wu.ed")
    form = form_of(editor, "start_course")
    step = form.of("steps")[0]
    form.put("steps", "改過的: 第一步")

    sent = send(editor, form, "start_course", step="propose")
    approved = second.fill(f"{sent.headers['location'].split('?')[0]}/approve")

    assert (sent.status_code, approved.status_code) == (303, 303)
    assert path.read_bytes() == before.replace(f"- {step}\n".encode(), '- "改過的: 第一步"\n'.encode())


def test_rows_are_added_moved_and_removed_without_scripts_and_keep_what_was_typed(counter: Counter, kb: Path) -> None:
    editor = visitor(counter, "li.ed")
    form = form_of(editor)
    first, second, third = form.of("steps")
    form.put("short", "還沒打完")

    for button, focus, steps in (
        ("add:steps", "f-steps-3", [first, second, third, ""]),
        ("up:steps.2", "up:steps.1", [first, third, second, ""]),
        ("up:steps.1", "down:steps.0", [third, first, second, ""]),
        ("remove:steps.1", "f-steps-1", [third, second, ""]),
        ("add:parts", "f-parts-0-when", [third, second, ""]),
        ("add:parts.0.notes", "f-parts-0-notes-0", [third, second, ""]),
        ("down:parts.9.steps.x", "", [third, second, ""]),
    ):
        page = send(editor, form, row=button)
        form = PageForm(page.text, f"/answers/{TOPIC}")
        assert (page.status_code, form.focus, form.of("steps")) == (200, focus, steps)
    assert (form.of("short"), form.of("parts.0.notes")) == (["還沒打完"], [""])


def test_each_fault_stands_beside_its_field_in_chinese_and_nothing_typed_is_lost(counter: Counter, kb: Path) -> None:
    editor = visitor(counter, "li.ed")
    form = form_of(editor)
    form.put("short", "請電 02-2192-7111")
    form.put("steps", "看 {phone:nowhere}", 1)
    form.put("reviewed", "")
    form.put("note", "為什麼")

    page = send(editor, form, step="propose")

    assert page.status_code == 400
    assert '<p class="fault" id="f-short-wrong">不要直接寫電話（02-2192-7111）' in page.text
    assert '<a href="#f-steps-1">步驟 2</a>：佔位符 {phone:nowhere} 沒有對應的資料' in page.text
    again = PageForm(page.text, f"/answers/{TOPIC}")
    assert (again.of("short"), again.of("steps")[1]) == (["請電 02-2192-7111"], "看 {phone:nowhere}")
    assert (again.of("reviewed"), again.of("note")) == ([""], ["為什麼"])


def test_fields_are_previewed_and_may_be_looked_at_as_yaml(counter: Counter, kb: Path) -> None:
    editor = visitor(counter, "li.ed")
    form = form_of(editor)
    form.put("short", "預覽裡的新句子。")

    shown, as_yaml = send(editor, form, step="preview"), send(editor, form, step="yaml")

    assert shown.text.count("預覽裡的新句子。") >= 5
    assert PageForm(shown.text, f"/answers/{TOPIC}").of("short") == ["預覽裡的新句子。"]
    text = PageForm(as_yaml.text, f"/answers/{TOPIC}/yaml").of("text")[0]
    assert "short: >-\n  預覽裡的新句子。\nsteps:" in text


def test_what_somebody_typed_is_put_onto_what_stands_there_since(counter: Counter, kb: Path) -> None:
    path = kb / "answers/courses/search_course.yml"
    before = path.read_text(encoding="utf-8")
    editor = visitor(counter, "li.ed")
    form = form_of(editor, "search_course")
    form.put("short", "我的句子。")
    form.put("reviewed", "2026-11-20")
    by_hand = re.sub("reviewed: .*", "reviewed: 2026-11-19", before) + "settled:\n  - 別人加的定論。\n"
    path.write_text(by_hand, encoding="utf-8")

    stale = send(editor, form, "search_course", step="propose")
    page = send(editor, PageForm(stale.text, "/answers/search_course"), "search_course", step="rebase")

    assert stale.status_code == 409 and "把我改的欄位放進新的內容" in stale.text
    assert page.status_code == 200 and "別人也改了：上次核對。" in page.text
    again = PageForm(page.text, "/answers/search_course")
    assert (again.of("short"), again.of("reviewed")) == (["我的句子。"], ["2026-11-20"])
    assert "別人加的定論。" in again.of("settled")
    sent = send(editor, again, "search_course", step="propose")
    assert sent.status_code == 303
    path.write_text(before, encoding="utf-8")


def test_a_draft_that_was_turned_down_can_be_worked_on(counter: Counter, kb: Path) -> None:
    editor, second = visitor(counter, "li.ed"), visitor(counter, "wu.ed")
    form = form_of(editor)
    form.put("short", "還可以更好。")
    place = send(editor, form, step="propose").headers["location"].split("?")[0]
    second.fill(f"{place}/decline")

    link = re.search(r'href="(/answers/\w+\?draft=\d+)"', editor.see(place).text)
    assert link is not None
    again = PageForm(editor.see(link.group(1)).text, f"/answers/{TOPIC}")

    assert again.of("short") == ["還可以更好。"]
    assert PageForm(editor.see(f"/answers/{TOPIC}?draft=999").text, f"/answers/{TOPIC}").of("short") != ["還可以更好。"]


def test_a_file_that_fields_cannot_change_is_shown_as_yaml(counter: Counter, kb: Path) -> None:
    path = kb / "answers/courses/search_course.yml"
    before = path.read_text(encoding="utf-8")
    editor = visitor(counter, "li.ed")
    form = form_of(editor, "search_course")
    data = YAML(typ="safe", pure=False).load(before)
    path.write_text(json.dumps({**data, "reviewed": "D"}, ensure_ascii=False).replace('"D"', "2026-11-21"), "utf-8")
    form.put("base", stamp(path.read_text(encoding="utf-8")))
    form.put("short", "改過的句子。")

    page = send(editor, form, "search_course", step="propose")
    path.write_text(before, encoding="utf-8")

    assert page.status_code == 400 and "請用 YAML 改" in page.text and "改過的句子。" in page.text


def test_fields_of_what_was_changed_meanwhile_or_not_at_all_are_refused(counter: Counter, kb: Path) -> None:
    editor = visitor(counter, "li.ed")
    form = form_of(editor)

    same = send(editor, form, step="propose")
    form.put("base", "0" * 64)
    stale = send(editor, form, step="propose")

    assert (same.status_code, stale.status_code) == (409, 409)
    assert "沒有要改的" in same.text and "檔案有了新的內容" in stale.text


def test_a_text_that_cannot_stand_comes_back_with_what_is_wrong(counter: Counter, kb: Path) -> None:
    editor = visitor(counter, "li.ed")
    text, base = opened(editor)

    page = editor.fill(
        f"/answers/{TOPIC}/yaml",
        text=text.replace("desk: platform", "desk: nowhere"),
        base=base,
        note="",
        step="propose",
    )

    assert page.status_code == 400
    assert "nowhere" in page.text and "desk: nowhere" in html.unescape(page.text)


def test_an_edit_of_what_is_no_longer_there_is_refused_and_not_lost(counter: Counter, kb: Path) -> None:
    editor = visitor(counter, "li.ed")
    text, _base = opened(editor)

    page = editor.fill(
        f"/answers/{TOPIC}/yaml", text=better(text, "我的修改。"), base="0" * 64, note="", step="propose"
    )

    assert page.status_code == 409
    assert "我的修改。" in page.text


def test_an_answer_that_was_only_looked_at_again_gets_todays_date_once_approved(counter: Counter, kb: Path) -> None:
    path = kb / "answers/courses/course_period.yml"
    path.write_text(re.sub("reviewed: .*", "reviewed: 2020-01-05", path.read_text(encoding="utf-8")), encoding="utf-8")
    editor, second = visitor(counter, "li.ed"), visitor(counter, "wu.ed")
    assert "逾期" in editor.see("/answers?state=late").text

    sent = editor.fill("/answers/course_period/reviewed", note="手冊 11 月版")
    second.fill(f"{sent.headers['location'].split('?')[0]}/approve")

    assert load(kb).answers["course_period"].reviewed.year > 2020


def test_a_draft_may_be_declined(counter: Counter, kb: Path) -> None:
    editor, second = visitor(counter, "li.ed"), visitor(counter, "wu.ed")
    text, base = opened(editor)
    sent = editor.fill(f"/answers/{TOPIC}/yaml", text=better(text, "不好的句子。"), base=base, note="", step="propose")

    assert second.fill(f"{sent.headers['location'].split('?')[0]}/decline").status_code == 303
    assert "不好的句子" not in editor.see("/answers").text


def test_a_notice_is_written_changed_and_deleted(counter: Counter, kb: Path) -> None:
    editor = visitor(counter, "li.ed")
    form = {"id": "", "text": "平臺停機維護", "where": "all", "begin": "2026-11-20T08:00", "end": "2036-11-20T12:00"}

    assert editor.fill("/notices", **form).status_code == 303
    notice = load(kb).notices[0]
    assert (notice.text, notice.topics) == ("平臺停機維護", None)
    assert "平臺停機維護" in editor.see("/notices").text

    changed = {**form, "id": notice.id, "where": "chosen", "topics": TOPIC, "text": "退選暫停"}
    assert editor.fill("/notices", **changed).status_code == 303
    assert [(one.text, one.topics) for one in load(kb).notices] == [("退選暫停", (TOPIC,))]
    text, base = opened(editor)
    page = editor.fill(f"/answers/{TOPIC}/yaml", text=better(text, "新。"), base=base, note="", step="preview")
    assert "退選暫停" in page.text

    assert editor.fill(f"/notices/{notice.id}/delete").status_code == 303
    assert load(kb).notices == ()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"end": "2026-11-19T08:00"}, 'id="f-end-wrong">要在開始之後。'),
        ({"end": ""}, 'id="f-end-wrong">請填日期與時間。'),
        ({"text": "請電 02-2192-7111"}, 'id="f-text-wrong">不要直接寫電話'),
        ({"where": "chosen"}, 'id="f-topics-wrong">至少選一題'),
        ({"id": "NO GOOD"}, "代號只能用"),
    ],
)
def test_a_notice_that_cannot_stand_comes_back(counter: Counter, kb: Path, changes: dict[str, str], words: str) -> None:
    form = {"id": "", "text": "停機", "where": "all", "begin": "2026-11-20T08:00", "end": "2036-11-20T12:00"}

    page = visitor(counter, "li.ed").fill("/notices", **{**form, **changes})

    assert page.status_code == 400
    assert words in page.text
    assert load(kb).notices == ()


@pytest.mark.parametrize(
    "path", ["/answers", "/answers/withdraw_course", "/answers/withdraw_course/yaml", "/notices", "/drafts/1"]
)
def test_agents_edit_nothing(counter: Counter, path: str) -> None:
    assert visitor(counter, "lin.mh").see(path).status_code == 403


def test_what_does_not_exist_is_not_found(counter: Counter, kb: Path) -> None:
    editor = visitor(counter, "li.ed")

    for path in ("/answers/nonsense", "/drafts/99999"):
        assert editor.see(path).status_code == 404
    assert editor.fill("/versions/99999/bring-back").status_code == 404
