"""Contact facts of a desk in words: phones, mailboxes, hours, whether it is open now and when it opens next."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from bot.desks.hours import TAIPEI, Opening, opening
from bot.knowledge.fill import phone_text
from bot.knowledge.models import Desk, Knowledge
from bot.learners.working_days import calendar_of

_WORKWEEK = (0, 1, 2, 3, 4)


@dataclass(frozen=True)
class DeskFacts:
    """What can be said of desks at one moment."""

    knowledge: Knowledge
    now: datetime.datetime

    def opening(self, desk: Desk) -> Opening:
        """Whether the desk is open now and when it opens next."""
        calendar = calendar_of(self.knowledge)
        return opening(desk.hours, calendar, self.now, desk.id, desk.closed_on_holidays)

    def reach(self, desk: Desk) -> list[str]:
        """Phone, mailbox and hours, one text each; what the sources do not give is said so."""
        say = self.knowledge.phrases
        facts = []
        phones = say["list_comma"].join(phone_text(phone, self.knowledge) for phone in desk.phones)
        addresses = say["list_comma"].join(box.address for box in desk.mailboxes)
        if phones:
            facts.append(say["fact_phone"].format(phones=phones))
        if addresses:
            facts.append(say["fact_mail"].format(addresses=addresses))
        unknown = [
            say[name]
            for name, known in (("word_phone", phones), ("word_mail", addresses), ("word_hours", desk.hours))
            if not known
        ]
        if desk.hours is not None:
            facts.append(self.hours(desk))
        if unknown:
            facts.append(say["fact_unknown"].format(facts=say["list_comma"].join(unknown)))
        return facts

    def line(self, desk: Desk) -> str:
        """The desk in one line, for the end of an answer."""
        say = self.knowledge.phrases
        return say["contact_line"].format(name=desk.name, facts=say["sentence_gap"].join(self.reach(desk)))

    def hours(self, desk: Desk) -> str:
        """The service hours with the state now."""
        say = self.knowledge.phrases
        return say["fact_hours"].format(hours=self.hours_text(desk), state=self.state(desk))

    def hours_text(self, desk: Desk) -> str:
        """The service hours of a week; without any where no source gives them."""
        say = self.knowledge.phrases
        hours = desk.hours or {}
        groups: dict[str, list[int]] = {}
        for day, periods in sorted(hours.items()):
            text = say["list_comma"].join(f"{opens:%H:%M}–{closes:%H:%M}" for opens, closes in periods)
            groups.setdefault(text, []).append(day)
        texts = []
        for periods_text, days in groups.items():
            if tuple(days) == _WORKWEEK:
                texts.append(say["hours_weekdays"].format(periods=periods_text))
            else:
                names = say["list_comma"].join(say["weekday_names"][day] for day in days)
                texts.append(say["hours_on"].format(days=names, periods=periods_text))
        text = say["list_comma"].join(texts)
        return say["holidays_closed"].format(hours=text) if desk.closed_on_holidays else text

    def state(self, desk: Desk) -> str:
        """Open until when, or closed until when."""
        say = self.knowledge.phrases
        state = self.opening(desk)
        if state.open_now and state.closes_at:
            return say["open_until"].format(time=f"{state.closes_at:%H:%M}")
        if state.opens_at is None:
            return say["closed_long"]
        return say["open_next"].format(when=self.moment(state.opens_at))

    def moment(self, moment: datetime.datetime) -> str:
        """A moment to come in words: today, tomorrow, or its date."""
        say = self.knowledge.phrases
        time = f"{moment:%H:%M}"
        days = (moment.date() - self.now.astimezone(TAIPEI).date()).days
        if days in (0, 1):
            return say["today" if days == 0 else "tomorrow"].format(time=time)
        weekday = say["weekday_names"][moment.weekday()]
        return say["on_day"].format(month=moment.month, day=moment.day, weekday=weekday, time=time)
