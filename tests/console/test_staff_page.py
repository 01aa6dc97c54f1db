from __future__ import annotations

import pytest
from counter import PASSWORD, Counter, Visitor

from bot.staff.accounts import Staff
from bot.staff.audit import AuditFilter

NEW = "another horse 43"


@pytest.fixture
def admin(counter: Counter) -> Visitor:
    return counter.visitor("zhang.ad")


def add(admin: Visitor, login: str, **form: str):
    return admin.fill("/staff", **{"login": login, "name": "新人", "password": PASSWORD, "role": "agent", **form})


def test_an_admin_makes_an_account_changes_and_removes_it(counter: Counter, admin: Visitor) -> None:
    assert add(admin, "neu.eins", desk="egov").status_code == 303
    made = counter.accounts.get("neu.eins")
    assert made is not None and (made.roles, made.desks, made.name) == (("agent",), ("egov",), "新人")

    admin.fill("/staff/neu.eins/roles", role="supervisor")
    changed = counter.accounts.get("neu.eins")
    assert changed is not None and (changed.roles, changed.desks) == (("supervisor",), ())

    admin.fill("/staff/neu.eins/password", password=NEW)
    assert counter.accounts.proved("neu.eins", NEW) is not None

    admin.fill("/staff/neu.eins/remove")
    assert counter.accounts.get("neu.eins") is None
    done = [one.action for one in counter.audit.find(AuditFilter(login="zhang.ad", subject="neu.eins"))]
    assert done == ["staff_remove", "staff_password", "staff_roles", "staff_add"]


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"login": "Neu Zwei!"}, 400),
        ({"login": "lin.mh"}, 409),
        ({"password": "short"}, 400),
        ({"role": ""}, 400),
        ({"role": "king"}, 400),
        ({"name": "長" * 61}, 400),
    ],
)
def test_what_cannot_be_an_account_is_said_and_the_form_keeps_the_rest(
    counter: Counter, admin: Visitor, form: dict[str, str], status: int
) -> None:
    before = counter.accounts.all()

    answer = admin.fill(
        "/staff", **{"login": "neu.zwei", "name": "新人", "password": PASSWORD, "role": "agent", **form}
    )

    assert answer.status_code == status and 'id="problem"' in answer.text
    assert counter.accounts.all() == before
    assert PASSWORD not in answer.text


@pytest.mark.parametrize("what", ["roles", "remove"])
def test_nobody_changes_their_own_rights(counter: Counter, admin: Visitor, what: str) -> None:
    assert admin.fill(f"/staff/zhang.ad/{what}", role="supervisor").status_code == 403

    me = counter.accounts.get("zhang.ad")
    assert isinstance(me, Staff) and me.roles == ("admin",)
    assert admin.see("/cases").status_code == 403


def test_everybody_changes_their_own_password_and_signs_in_anew(counter: Counter) -> None:
    counter.accounts.add("own.pass", "自己", ["agent"], PASSWORD)
    visitor = counter.visitor("own.pass")

    wrong = visitor.fill("/account/password", old="wrong wrong", password=NEW, again=NEW)
    differ = visitor.fill("/account/password", old=PASSWORD, password=NEW, again=NEW + "x")
    weak = visitor.fill("/account/password", old=PASSWORD, password="short", again="short")
    assert [wrong.status_code, differ.status_code, weak.status_code] == [400, 400, 400]
    assert len({wrong.text, differ.text, weak.text}) == 3
    right = visitor.fill("/account/password", old=PASSWORD, password=NEW, again=NEW)

    assert right.headers["Location"] == "/sign-in?said=password"
    assert "/sign-in" in visitor.see("/cases").url
    assert counter.accounts.proved("own.pass", NEW) is not None


def test_whoever_finds_an_open_page_cannot_guess_at_the_password(counter: Counter) -> None:
    counter.accounts.add("left.open", "離席", ["agent"], PASSWORD)
    visitor = counter.visitor("left.open")

    statuses = [
        visitor.fill("/account/password", old=f"guess {number}", password=NEW, again=NEW).status_code
        for number in range(6)
    ]

    assert statuses == [400] * 5 + [429]


def test_a_supervisor_reads_the_trail_by_person_deed_subject_and_day(counter: Counter) -> None:
    for number in range(120):
        counter.audit.record("chen.zm", "case_noted", f"case 2001-{number:04d}")
    counter.audit.record("lin.mh", "case_deleted", "case 2001-0500", {"<b>": "<script>"})
    visitor = counter.visitor("wang.sv")

    assert "2001-0500" in visitor.see("/audit").text
    assert (
        visitor.see("/audit?login=chen.zm").text.count("case_noted")
        + visitor.see("/audit?login=chen.zm&action=case_noted").text.count("<td>寫備註</td>")
        == 100 + 1
    )
    assert visitor.see("/audit?action=case_noted&page=2").text.count("<td>寫備註</td>") == 20
    assert "<script>" not in visitor.see("/audit?subject=0500").text
    assert visitor.see("/audit?to=1999-01-01").text.count("<td>") == 0
    assert visitor.see("/audit?from=nonsense&to=²&page=x").status_code == 200
    assert counter.audit.find(AuditFilter(login="wang.sv", action="audit_seen"))


@pytest.mark.parametrize("text", ["%00", "%ff%fe", "%ed%a0%80", "%F0%9F%98%80", "a" * 5000, "%0d%0aX:%20y", "'%22;--"])
def test_nothing_in_an_address_or_a_form_breaks_a_page(counter: Counter, text: str) -> None:
    visitor = counter.visitor("wang.sv")
    for path in ("/cases?text=", "/cases?state=", "/audit?subject=", "/cases?said=", "/sign-in?next=/"):
        assert visitor.see(path + text).status_code == 200, path
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = visitor.post(f"{counter.base}/sign-in", f"ticket={text}&login={text}", headers=headers, timeout=30)
    assert answer.status_code == 400
    for body in (f"csrf={text}", f"csrf={visitor.csrf}&text={text}&seen={text}"):
        answer = visitor.post(f"{counter.base}/cases/1/note", body, headers=headers, timeout=30)
        assert answer.status_code in (400, 403, 404, 409)
    kinds = ("application/json", "multipart/form-data; boundary=x", "multipart/form-data", "text/plain")
    for kind in kinds:
        answer = visitor.post(f"{counter.base}/cases/1/note", text, headers={"Content-Type": kind}, timeout=30)
        assert answer.status_code in (400, 403, 404)
