"""Account links at Telegram: asked for by a sentence, proven on the platform's sign-in page, closed by the chat itself.

The code of the sign-in page names the chat that asked. Whoever signs in there gets a second code, which that same chat
alone can redeem: a page that somebody else passed on links nobody to the wrong account.
"""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import urlencode

from bot.channels import sign_in_page
from bot.channels.link_words import UNLINK, asked
from bot.channels.telegram_updates import Self, private
from bot.knowledge.live import LiveKnowledge
from bot.learners.links import Links
from bot.settings import Settings

CHANNEL = "telegram"
PAGE = "telegram-page"
"""The codes of the sign-in page are no codes for the chat, nor the other way round."""
PAGE_MINUTES = 60
"""The button stands in a chat, where it is not always pressed at once."""


class Linking:
    """Who a chat's person is, and how they prove it."""

    def __init__(self, links: Links, knowledge: LiveKnowledge, settings: Settings, bot: Self) -> None:
        self._links = links
        self._knowledge = knowledge
        self._settings = settings
        self._bot = bot

    async def learner(self, person: str) -> str | None:
        """The learner of a private chat; a group is nobody."""
        return await asyncio.to_thread(self._links.learner, CHANNEL, person) if private(person) else None

    async def said(self, person: str, text: str) -> dict[str, Any] | None:
        """The reply where the person wants their account linked or no longer linked, None for all else."""
        say = self._knowledge.get().phrases
        wish = asked(text, say.__getitem__)
        if wish is None:
            return None
        if not private(person):
            return {"text": say["telegram_private_only"]}
        if wish == UNLINK:
            known = await asyncio.to_thread(self._links.unlink, CHANNEL, person)
            return {"text": say["unlink_done" if known else "unlink_nobody"]}
        if not self.possible:
            return {"text": say["link_impossible"]}
        return {"text": say["link_offer"], "custom": {"type": "link"}}

    @property
    def possible(self) -> bool:
        """Whether there is a page to sign in on and a way back."""
        return sign_in_page.possible(self._settings)

    def page(self, person: str) -> str | None:
        """The address of the sign-in page for one chat; None where there is none."""
        if not self.possible or not private(person):
            return None
        code = self._links.issue(PAGE, person, minutes=PAGE_MINUTES)
        here = f"{self._settings.public_url}/webhooks/telegram"
        if self._settings.sign_in_url:
            return sign_in_page.at_the_platform(self._settings.sign_in_url, code=code, return_to=f"{here}/linked")
        return f"{here}/sign-in?{urlencode({'code': code})}"

    async def proven(self, code: str, learner_id: str) -> str | None:
        """The code with which the chat closes the link, for a person who signed in; None for a code that is none."""
        found = await asyncio.to_thread(self._links.redeem, code, PAGE)
        if found is None:
            return None
        return await asyncio.to_thread(self._links.issue, CHANNEL, found[0], learner_id)

    def way_back(self, code: str) -> str | None:
        """The address that opens the chat and closes the link; None until the bot's name is known."""
        return f"https://t.me/{self._bot.username}?start=link_{code}" if self._bot.username else None

    async def redeemed(self, person: str, code: str) -> dict[str, Any]:
        """The reply to a code that came back through the chat."""
        say = self._knowledge.get().phrases
        if not private(person):
            return {"text": say["telegram_private_only"]}
        found = await asyncio.to_thread(self._links.redeem, code, CHANNEL)
        if found is None:
            return {"text": say["link_expired"], "custom": {"type": "link"}}
        if found[0] != person or found[1] is None:
            return {"text": say["link_elsewhere"]}
        await asyncio.to_thread(self._links.link, CHANNEL, person, found[1])
        buttons = [{"title": one, "payload": one} for one in say["link_first_questions"].split("\n") if one]
        return {"text": say["link_done"], "buttons": buttons}
