from __future__ import annotations

import datetime
import re

import pytest
from counter import Counter, Visitor, draft
from sqlalchemy import delete, update

from bot.cases.tables import CaseRow
from bot.learners.records import TAIPEI

pytestmark = pytest.mark.parametrize("counter", ["sqlite", "postgresql"], indirect=True, scope="module")


@pytest.fixture
def empty(counter: Counter) -> Counter:
    with counter.engine.begin() as connection:
        connection.execute(delete(CaseRow))
    return counter


def subjects(visitor: Visitor, query: str = "") -> list[str]:
    page = visitor.see(f"/cases{query}")
    assert page.status_code == 200
    return re.findall(r'<span class="number">[^<]+</span> ([^<]+)</a>', page.text)


def opened(counter: Counter, subject: str, days: float = 0, **changes: object) -> int:
    """A case that was opened so many days ago."""
    case = counter.cases.open(draft(subject=subject, **changes))
    at = datetime.datetime.now(TAIPEI) - datetime.timedelta(days=days)
    with counter.engine.begin() as connection:
        connection.execute(update(CaseRow).where(CaseRow.id == case.id).values(opened_at=at))
    return case.id


def test_every_filter_narrows_the_list(empty: Counter) -> None:
    a = opened(empty, "甲", days=10, desk="platform", channel="line", topic="hours_not_uploaded_lifelong")
    b = opened(empty, "乙", days=2, desk="egov", channel="web", topic="convert_official_account")
    c = opened(empty, "丙", desk="platform", channel="web", topic="course_material_files", fields={"course": "園藝"})
    empty.cases.take(a, "lin.mh")
    empty.cases.resolve(c, "chen.zm")
    visitor = empty.visitor("lin.mh")

    assert subjects(visitor) == ["甲", "乙"]
    assert subjects(visitor, "?state=all&sort=newest") == ["丙", "乙", "甲"]
    assert subjects(visitor, "?state=all&sort=oldest") == ["甲", "乙", "丙"]
    assert subjects(visitor, "?state=resolved") == ["丙"]
    assert subjects(visitor, "?desk=egov") == ["乙"]
    assert subjects(visitor, "?channel=line") == ["甲"]
    assert subjects(visitor, "?topic=convert_official_account") == ["乙"]
    assert subjects(visitor, "?assignee=lin.mh") == ["甲"]
    assert subjects(visitor, "?assignee=nobody") == ["乙"]
    assert subjects(visitor, "?age=7") == ["甲"]
    assert subjects(visitor, "?state=all&text=園藝") == ["丙"]
    assert subjects(visitor, f"?state=all&text={empty.cases.get(b).number}") == ["乙"]
    assert subjects(visitor, "?text=%25") == []
    assert subjects(visitor, "?text=0900") == [], "contacts are never searched"


def test_who_waits_for_a_first_reply_comes_first(empty: Counter) -> None:
    old = opened(empty, "答過了", days=5)
    opened(empty, "等最久", days=3)
    opened(empty, "剛來")
    empty.cases.reply(old, "lin.mh", "收到")

    assert subjects(empty.visitor("lin.mh")) == ["等最久", "剛來", "答過了"]


def test_late_is_counted_in_each_desks_working_time(empty: Counter) -> None:
    opened(empty, "很久沒人回", days=12)
    answered = opened(empty, "回過但沒結", days=12)
    opened(empty, "剛剛開的")
    empty.cases.reply(answered, "lin.mh", "收到")
    visitor = empty.visitor("lin.mh")

    assert subjects(visitor, "?state=late") == ["很久沒人回", "回過但沒結"]
    assert visitor.see("/cases").text.count('class="case late"') == 2


def test_an_agent_sees_the_cases_of_their_desks_and_those_that_such_a_desk_was_named_for(empty: Counter) -> None:
    opened(empty, "我的e政府的", desk="egov")
    opened(empty, "平臺的", desk="platform")

    assert subjects(empty.visitor("egov.only"), "?state=all") == ["我的e政府的"]
    assert subjects(empty.visitor("egov.only"), "?state=all&desk=platform") == []
    assert subjects(empty.visitor("wang.sv"), "?state=all&sort=oldest") == ["我的e政府的", "平臺的"]


def test_thirty_a_page_and_none_twice(empty: Counter) -> None:
    for number in range(65):
        opened(empty, f"第{number:02d}件")
    visitor = empty.visitor("lin.mh")

    pages = [subjects(visitor, f"?sort=oldest&page={page}") for page in (1, 2, 3)]

    assert [len(one) for one in pages] == [30, 30, 5]
    assert sorted(one for page in pages for one in page) == [f"第{number:02d}件" for number in range(65)]
    assert subjects(visitor, "?sort=oldest&page=99") == pages[2]


@pytest.mark.parametrize(
    "query", ["?page=0", "?page=-1", "?page=x", "?page=²", "?state=king", "?sort=1;drop", "?age=9"]
)
def test_what_makes_no_sense_in_the_address_counts_as_not_given(empty: Counter, query: str) -> None:
    opened(empty, "甲")

    assert subjects(empty.visitor("lin.mh"), query) == ["甲"]


def test_what_people_wrote_is_text_and_never_markup(empty: Counter) -> None:
    bad = "<script>alert(1)</script>\"'&{{ 7*7 }}"
    case = empty.cases.open(
        draft(subject=bad, fields={bad: bad}, contact=bad, transcript=[{"who": "person", "text": bad}])
    )
    empty.cases.said(case.id, bad)
    visitor = empty.visitor("lin.mh")

    for path in ("/cases", f"/cases/{case.id}", f"/cases?text={bad}"):
        page = visitor.see(path).text

        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;&#34;&#39;&amp;{{ 7*7 }}" in page
