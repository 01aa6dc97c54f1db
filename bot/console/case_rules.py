"""Who may do what with a case, beyond seeing it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.cases.records import CLOSED, NEW, OPEN, REACHABLE, RESOLVED, UNFINISHED, Case
from bot.staff.accounts import Staff


@dataclass(frozen=True)
class Steps:
    """The steps that somebody may take with a case as it stands."""

    take: bool
    take_over: bool
    """From a colleague."""
    reply: bool
    work: bool
    """Transfer, wait, resolve, close, reopen, each where the state allows it."""
    wait: bool
    finish: bool
    close: bool
    reopen: bool
    assign: bool
    delete: bool


def steps_of(me: Staff, case: Case) -> Steps:
    """An agent works on their own cases and on those that nobody has; a supervisor on everybody's."""
    any_case = me.may("cases_of_others")
    mine, free = case.assignee == me.login, case.assignee is None
    unfinished = case.state in UNFINISHED
    # Who went back to the bot, or has not heard of the agent yet, can be asked in again.
    silent = case.channel in REACHABLE and not case.with_agent
    work = mine or free or any_case
    return Steps(
        take=unfinished and (free or (mine and (silent or case.state != OPEN))),
        take_over=unfinished and not free and not mine and any_case,
        reply=unfinished and (mine or free),
        work=work,
        wait=work and case.state in (NEW, OPEN),
        finish=work and unfinished,
        close=work and (unfinished or case.state == RESOLVED),
        reopen=work and case.state in (RESOLVED, CLOSED),
        assign=unfinished and any_case,
        delete=any_case,
    )
