"""The figures: how the bot and the help desk did."""

from __future__ import annotations

import csv
import datetime
import io

from sanic import response
from sanic.response import HTTPResponse

from bot.console.charts import bars
from bot.console.house import House
from bot.console.pages import Pages
from bot.console.threads import in_thread
from bot.console.visit import Refused, Visit
from bot.figures.report import HEADER, Figures, figures_of
from bot.figures.span import DAY, Span, SpanError
from bot.journal.journal import Journal

DAYS = 30
SHORTCUTS = (1, 7, 30, 90)
MOST_TOPICS = 25


def add_figures(pages: Pages, house: House) -> None:
    """Add the page and its CSV."""
    journal = Journal(house.engine, house.settings.token_key, house.clock)

    def read(span: Span) -> Figures:
        knowledge = house.knowledge.get()
        help_desk = house.help_desk.get(knowledge).desk
        return figures_of(house.engine, journal, knowledge, help_desk, span, house.clock())

    @pages.get("/figures", right="figures")
    async def figures(visit: Visit) -> HTTPResponse:
        span = _span(visit, house.clock().date())
        found = await in_thread(read, span)
        knowledge = house.knowledge.get()
        return visit.page(
            "figures.html",
            figures=found,
            span=span,
            shortcuts=[(days, house.clock().date() - DAY * (days - 1)) for days in SHORTCUTS],
            today=house.clock().date(),
            days=bars([(f"{day.month}/{day.day}", count) for day, count in found.talk.days.items()]),
            hours=bars([(str(hour), count) for hour, count in enumerate(found.talk.hours)]),
            topics=found.talk.topics[:MOST_TOPICS],
            most_topics=max((one.count for one in found.talk.topics), default=0),
            titles={topic.id: topic.title for topic in knowledge.topics.values()},
            desks={desk.id: desk.aka for desk in knowledge.desks.values()},
        )

    @pages.get("/figures.csv", right="figures")
    async def as_csv(visit: Visit) -> HTTPResponse:
        span = _span(visit, house.clock().date())
        found = await in_thread(read, span)
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(HEADER)
        writer.writerows(found.rows())
        await visit.record("figures_exported", f"{span.first} {span.last}")
        name = f"epark-figures-{span.first}-{span.last}.csv"
        return response.raw(
            ("\ufeff" + out.getvalue()).encode(),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


def _span(visit: Visit, today: datetime.date) -> Span:
    try:
        last = datetime.date.fromisoformat(visit.query("to")) if visit.query("to") else today
        given = visit.query("from")
        return Span(datetime.date.fromisoformat(given) if given else last - DAY * (DAYS - 1), last)
    except (SpanError, ValueError, OverflowError) as error:
        raise Refused(400, "days") from error
