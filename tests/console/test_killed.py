"""The console is killed while agents work: every step is done once or not at all, and can simply be sent again."""

from __future__ import annotations

import re
import threading

import requests
from counter import Counter, Visitor, draft
from sqlalchemy import func, select

from bot.queues.tables import OutboundRow

ROUNDS = 4


def test_a_reply_over_which_the_console_dies_is_sent_once_when_it_is_sent_again(killable: Counter) -> None:
    visitor = killable.visitor("lin.mh")
    for number in range(ROUNDS):
        case = killable.cases.open(draft(conversation=f"line-{number}"))
        visitor.step(case.id, "take")
        seen = re.search(r'name="seen" value="(\d+)"', visitor.see(f"/cases/{case.id}").text)
        assert seen is not None
        form = {"seen": seen.group(1), "text": f"第 {number} 則"}
        killing = threading.Timer(0.004 * number, killable.kill)
        killing.start()
        first = _try(visitor, case.id, form)
        killing.join()
        killable.start()

        again = _try(visitor, case.id, form)

        assert again == 303, f"the session outlives the process; the first answer was {first}"
        replies = [one for one in killable.cases.events(case.id) if one.kind == "reply"]
        assert [one.data["text"] for one in replies] == [f"第 {number} 則"]
        with killable.engine.connect() as connection:
            own = OutboundRow.key == f"case:{case.id}:{replies[0].id}"
            assert connection.execute(select(func.count(OutboundRow.id)).where(own)).scalar_one() == 1


def _try(visitor: Visitor, case_id: int, form: dict[str, str]) -> int | None:
    """The status of the answer; None where there came none."""
    try:
        return visitor.fill(f"/cases/{case_id}/reply", **form).status_code
    except requests.RequestException:
        return None
