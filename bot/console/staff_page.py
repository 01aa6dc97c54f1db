"""Accounts: an admin's page of everybody, and everybody's own password."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sanic.response import HTTPResponse

from bot.console.house import House
from bot.console.pages import Pages
from bot.console.threads import in_line, in_thread
from bot.console.visit import Refused, Visit
from bot.staff.accounts import LOGIN, StaffError, checked_roles
from bot.staff.passwords import LONGEST, SHORTEST, WeakPassword
from bot.staff.roles import ROLES

NOTHING: Mapping[str, Any] = {}


def add_staff(pages: Pages, house: House) -> None:
    """Add both pages."""

    async def _page(
        visit: Visit, status: int = 200, problem: str = "", kept: Mapping[str, Any] = NOTHING
    ) -> HTTPResponse:
        knowledge = house.knowledge.get()
        return visit.page(
            "staff.html",
            status,
            everybody=await in_thread(house.accounts.all),
            desk_names={one.id: one.aka for one in knowledge.desks.values()},
            all_roles=ROLES,
            problem=problem,
            kept={"login": "", "name": "", "roles": [], "desks": [], **kept},
            shortest=SHORTEST,
            longest=LONGEST,
        )

    @pages.get("/staff", right="staff")
    async def staff(visit: Visit) -> HTTPResponse:
        return await _page(visit)

    def chosen(visit: Visit) -> tuple[list[str], list[str]]:
        desks = house.knowledge.get().desks
        return visit.fields("role"), [one for one in visit.fields("desk") if one in desks]

    @pages.post("/staff", right="staff")
    async def add(visit: Visit) -> HTTPResponse:
        roles, desks = chosen(visit)
        login, name = visit.field("login").lower(), visit.field("name")
        kept: dict[str, Any] = {"login": login, "name": name, "roles": roles, "desks": desks}
        if not LOGIN.match(login):
            return await _page(visit, 400, "login", kept)
        if await in_thread(house.accounts.get, login):
            return await _page(visit, 409, "taken", kept)
        return await _changed(
            visit, "staff_add", login, lambda: house.accounts.add(login, name, roles, _secret(visit), desks), kept
        )

    @pages.post("/staff/<login:str>/roles", right="staff")
    async def roles(visit: Visit, login: str) -> HTTPResponse:
        _not_oneself(visit, login)
        wanted, desks = chosen(visit)
        return await _changed(
            visit, "staff_roles", login, lambda: house.accounts.set_roles(login, checked_roles(wanted), desks)
        )

    @pages.post("/staff/<login:str>/password", right="staff")
    async def reset(visit: Visit, login: str) -> HTTPResponse:
        return await _changed(
            visit, "staff_password", login, lambda: house.accounts.set_password(login, _secret(visit))
        )

    @pages.post("/staff/<login:str>/remove", right="staff")
    async def remove(visit: Visit, login: str) -> HTTPResponse:
        _not_oneself(visit, login)
        return await _changed(visit, "staff_remove", login, lambda: house.accounts.remove(login))

    async def _changed(
        visit: Visit, deed: str, login: str, do: Callable[[], object], kept: Mapping[str, Any] = NOTHING
    ) -> HTTPResponse:
        try:
            await in_line(do)
        except WeakPassword:
            return await _page(visit, 400, "weak", kept)
        except StaffError:
            return await _page(visit, 400, "choice", kept)
        await visit.record(deed, login, {"roles": visit.fields("role")} if "role" in (visit.request.form or {}) else {})
        return visit.see_other("/staff?said=saved")

    @pages.get("/account", right=None)
    async def account(visit: Visit) -> HTTPResponse:
        return visit.page("account.html", problem="", shortest=SHORTEST, longest=LONGEST)

    @pages.post("/account/password", right=None)
    async def own_password(visit: Visit) -> HTTPResponse:
        login = visit.staff.login
        # Whoever finds a page left open may not guess at the password either.
        if await in_thread(house.attempts.begin, login, visit.address) is not None:
            raise Refused(429)
        problem = ""
        if await in_line(house.accounts.proved, login, _secret(visit, "old")) is None:
            problem = "old"
        elif _secret(visit) != _secret(visit, "again"):
            problem = "differ"
        else:
            try:
                await in_line(house.accounts.set_password, login, _secret(visit))
            except WeakPassword:
                problem = "weak"
        if problem != "old":
            await in_thread(house.attempts.succeeded, login)
        if problem:
            return visit.page("account.html", 400, problem=problem, shortest=SHORTEST, longest=LONGEST)
        await visit.record("own_password", login)
        return visit.see_other("/sign-in?said=password")


def _secret(visit: Visit, name: str = "password") -> str:
    """A password as it was typed: spaces at its ends belong to it."""
    return str((visit.request.form or {}).get(name, ""))


def _not_oneself(visit: Visit, login: str) -> None:
    """Nobody gives themselves other rights, or locks themselves out."""
    if login == visit.staff.login:
        raise Refused(403, "oneself")
