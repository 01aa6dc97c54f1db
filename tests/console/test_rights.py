"""Every route against every role: who lacks the right gets 403, and the trail says so."""

from __future__ import annotations

import re

import pytest
from counter import PEOPLE, Counter, Visitor, cheap, draft

from bot.console.app import create_console
from bot.console.house import open_house
from bot.console.pages import Route
from bot.learners.clock import now_in_taipei
from bot.learners.database import open_database
from bot.settings import Settings
from bot.staff.accounts import Staff
from bot.staff.audit import AuditFilter


def all_routes() -> list[Route]:
    settings = Settings.from_env({"EPARK_TOKEN_KEY": "k", "DATABASE_URL": "sqlite://"})
    app = create_console(open_house(settings, open_database("sqlite://"), now_in_taipei, cheap()))
    guarded = {(one.method, one.path) for one in app.ctx.pages.routes}
    open_to_all = {
        (method, f"/{route.path}")
        for route in app.router.routes
        for method in route.methods
        if (method, f"/{route.path}") not in guarded
    }
    # Only these may be reached without a session: a route that is added beside `pages` would turn up here.
    assert open_to_all == {
        ("GET", "/sign-in"),
        ("POST", "/sign-in"),
        ("GET", "/health"),
        ("GET", "/static/<name:str>"),
    }
    return list(app.ctx.pages.routes)


ROUTES = all_routes()
IDS = [f"{one.method} {one.path}" for one in ROUTES]


def place(route: Route, case_id: int) -> str:
    path = route.path.replace("<case_id:int>", str(case_id))
    return re.sub(r"<\w+:str>", "x", re.sub(r"<\w+:int>", "1", path))


def ask(visitor: Visitor, route: Route, case_id: int) -> int:
    if route.method == "POST":
        return visitor.fill(place(route, case_id)).status_code
    return visitor.see(place(route, case_id), allow_redirects=False, stream=True).status_code


@pytest.fixture(scope="module")
def visitors(counter: Counter) -> dict[str, Visitor]:
    return {login: counter.visitor(login) for login in PEOPLE}


@pytest.fixture(scope="module")
def case_id(counter: Counter) -> int:
    return counter.cases.open(draft()).id


@pytest.mark.parametrize("route", ROUTES, ids=IDS)
def test_a_stranger_gets_nothing(counter: Counter, route: Route, case_id: int) -> None:
    stranger = Visitor(counter.base)

    status = ask(stranger, route, case_id)

    assert status == (401 if route.method == "POST" else 303)


@pytest.mark.parametrize("route", [one for one in ROUTES if one.right], ids=[n for n, r in zip(IDS, ROUTES) if r.right])
def test_who_lacks_the_right_is_refused_and_it_is_recorded(
    counter: Counter, visitors: dict[str, Visitor], route: Route, case_id: int
) -> None:
    assert route.right is not None
    for login, values in PEOPLE.items():
        if Staff(login, "", tuple(values["roles"])).may(route.right):
            continue

        assert ask(visitors[login], route, case_id) == 403, login

        denied = counter.audit.find(AuditFilter(login=login, action="denied"), limit=1)
        assert denied and denied[0].subject == place(route, case_id)


@pytest.mark.parametrize(
    "route",
    [one for one in ROUTES if "<case_id" in one.path],
    ids=[name for name, one in zip(IDS, ROUTES) if "<case_id" in one.path],
)
def test_an_agent_gets_nothing_of_a_case_of_other_desks(
    counter: Counter, visitors: dict[str, Visitor], route: Route
) -> None:
    case = counter.cases.open(draft(subject="只有平臺看得到", fields={"course": "祕密的課"}))
    before = counter.cases.events(case.id)

    visitor = visitors["egov.only"]
    path = place(route, case.id)
    answer = visitor.fill(path, seen="1", text="x") if route.method == "POST" else visitor.see(path)

    assert answer.status_code == 403
    assert "只有平臺看得到" not in answer.text and "祕密的課" not in answer.text
    assert counter.cases.events(case.id) == before


@pytest.mark.parametrize("route", [one for one in ROUTES if one.method == "POST"])
@pytest.mark.parametrize("how", ["none", "made up", "somebody else's", "from another site"])
def test_a_post_without_the_pages_own_token_is_refused(
    counter: Counter, visitors: dict[str, Visitor], route: Route, how: str, case_id: int
) -> None:
    login = next(login for login, one in PEOPLE.items() if may(one, route))
    visitor = visitors[login]
    others = next(one.csrf for name, one in visitors.items() if name != login)
    token = {"none": "", "made up": "0" * 64, "somebody else's": others}.get(how, visitor.csrf)
    headers = {"Origin": "https://evil.example"} if how == "from another site" else {}
    before = counter.cases.events(case_id)

    answer = visitor.post(
        counter.base + place(route, case_id), {"csrf": token, "text": "x"}, headers=headers, timeout=30
    )

    assert answer.status_code == 403
    assert counter.cases.events(case_id) == before
    assert visitor.see("/account").url.endswith("/account"), "nobody was signed out"


def may(person: dict[str, object], route: Route) -> bool:
    return route.right is None or Staff("x", "", tuple(person["roles"])).may(route.right)  # type: ignore[arg-type]


def test_a_right_that_was_taken_away_is_gone_at_the_next_click(counter: Counter) -> None:
    counter.accounts.add("was.sv", "曾經", ["supervisor"], "correct horse 42")
    visitor = counter.visitor("was.sv")
    assert visitor.see("/audit").status_code == 200

    counter.accounts.set_roles("was.sv", ["agent"], [])

    assert visitor.see("/audit").url.endswith("/sign-in?next=%2Faudit")
