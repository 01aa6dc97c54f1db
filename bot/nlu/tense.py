"""Whether the words behind a date speak of what is to come: 11/30前要讀完, 12月會開課嗎."""

from __future__ import annotations

import re

from bot.nlu.squeeze import folded

_COMING = folded(
    r"前(?:[要得應需須]|必[須得]|一定|完成|[上讀修看學]完|[上讀修看補交繳考報做填]|[能可會沒])|截止|到期|期限|屆滿|為止"
    r"|[還快]沒到|即將|將|預[計定]|打算|準備|來得及|來不及|趕|快到|還有|還剩|下架|會不會|才[會能可開]"
    r"|要[考上交開維停辦去參登結關]|會[停維開傳有關下辦]|開始(?!就|上課了)|開放|開[課放]|能不能|能否|以後|再[去來上考]"
    r"|會(?!議)|要|前"
)
_GONE = folded(
    r"[^沒不]?了(?![解嗎沒])|已|過(?![期去])|的紀錄|那[天次場]|當[天時]|[沒未](?:有)?[進傳看收]|[上讀修考做看]的|就"
    r"|才(?![會能可開])|拿到"
)
_CLAUSE_END = re.compile(r"[,。;!?\n…]|\.\.")


def speaks_of_future(text: str, end: int) -> bool:
    """Whether the clause behind a date that ends there speaks of what is to come, and of nothing past."""
    clause = _CLAUSE_END.split(text[end:], maxsplit=1)[0]
    coming = _COMING.search(clause)
    if coming is None:
        return False
    right_behind = coming.start() == 0 and len(coming.group()) > 1
    return right_behind or _GONE.search(clause) is None
