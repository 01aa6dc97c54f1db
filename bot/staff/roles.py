"""Who may do what in the console: four roles and their rights."""

from __future__ import annotations

from typing import Literal, get_args

Role = Literal["agent", "supervisor", "editor", "admin"]
Right = Literal[
    "cases",  # see and work on cases of one's desks: one's own, and those that nobody has
    "cases_of_others",  # see cases of every desk; transfer, take over, answer and delete anybody's
    "figures",
    "audit",
    "answers",
    "learning",
    "notices",
    "staff",
]
ROLES: tuple[Role, ...] = get_args(Role)
EVERY_RIGHT: tuple[Right, ...] = get_args(Right)

RIGHTS: dict[Role, frozenset[Right]] = {
    "agent": frozenset({"cases"}),
    "supervisor": frozenset({"cases", "cases_of_others", "figures", "audit"}),
    "editor": frozenset({"answers", "learning", "notices"}),
    "admin": frozenset({"staff"}),
}
"""Each role alone; a person may have several. Who runs the accounts sees no case by that."""
