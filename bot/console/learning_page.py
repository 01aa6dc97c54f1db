"""The learning inbox: what was not answered well, and what an editor says that it was."""

from __future__ import annotations

from sanic.response import HTTPResponse

from bot.console.house import House
from bot.console.pages import Pages
from bot.console.threads import in_thread
from bot.console.tools import Tools
from bot.console.visit import Refused, Visit
from bot.knowledge.models import Knowledge
from bot.learning.box import LearningBox
from bot.learning.clusters import Cluster
from bot.learning.verdicts import TOPIC, VerdictError

PER_PAGE = 20
MOST_KEYS = 500


def add_learning(pages: Pages, house: House, tools: Tools) -> None:
    """Add the page and its one step."""
    box = LearningBox(house.engine, house.settings.token_key, house.clock)

    def best(clusters: list[Cluster], knowledge: Knowledge) -> list[list[tuple[str, float]]]:
        ranked = tools.rank([one.items[0].text for one in clusters]) if clusters else []
        return [[pair for pair in topics if pair[0] in knowledge.topics] for topics in ranked]

    @pages.get("/learning", right="learning")
    async def learning(visit: Visit) -> HTTPResponse:
        knowledge = house.knowledge.get()
        reason = visit.query("reason")
        found = await in_thread(box.clusters, knowledge)
        chosen = [one for one in found if not reason or reason in one.reasons]
        text = visit.query("page")
        page = min(int(text), 10_000) if text.isascii() and text.isdigit() and int(text) else 1
        shown = chosen[(page - 1) * PER_PAGE : page * PER_PAGE]
        accepted = await in_thread(box.verdicts.accepted)
        return visit.page(
            "learning.html",
            clusters=list(zip(shown, await in_thread(best, shown, knowledge))),
            count=len(chosen),
            counts={one: sum(one in each.reasons for each in found) for one in _reasons(found)},
            all=len(found),
            reason=reason,
            page=page,
            more=len(chosen) > page * PER_PAGE,
            titles={topic.id: topic.title for topic in knowledge.topics.values()},
            accepted=len(accepted),
        )

    @pages.post("/learning", right="learning")
    async def treat(visit: Visit) -> HTTPResponse:
        knowledge = house.knowledge.get()
        verdict, keys = visit.field("verdict"), visit.fields("key")[:MOST_KEYS]
        topic = visit.field("topic") or None
        if verdict.startswith(f"{TOPIC}:"):
            # One button for each of the best topics.
            verdict, topic = TOPIC, verdict.partition(":")[2]
        elif verdict != TOPIC:
            topic = None
        note = visit.field("note")
        try:
            treated = await in_thread(box.treat, keys, verdict, visit.staff.login, knowledge, topic, note)
        except VerdictError as error:
            raise Refused(400, "verdict") from error
        await visit.record("learning_treated", keys[0] if keys else "", {"verdict": verdict, "topic": topic or ""})
        back = f"&reason={visit.query('reason')}" if visit.query("reason").isidentifier() else ""
        return visit.see_other(f"/learning?said={'treated' if treated else 'gone'}{back}")


def _reasons(clusters: list[Cluster]) -> list[str]:
    return list(dict.fromkeys(reason for one in clusters for reason in one.reasons))
