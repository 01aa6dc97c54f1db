"""Linking a LINE account with the platform's: LINE's link token, the platform's sign-in, and a one-time code."""

from __future__ import annotations

import logging
import re
from typing import Any
from urllib.parse import quote, urlencode

from bot.channels import sign_in_page
from bot.channels.front_door import FrontDoor
from bot.channels.line_api import LineApi, Refused, Unheard, Unsure
from bot.channels.line_database import in_turn
from bot.channels.line_events import CHANNEL
from bot.channels.link_words import asked
from bot.learners.links import Links
from bot.settings import Settings

logger = logging.getLogger(__name__)

SIGN_IN = "/webhooks/line/sign-in"
DIALOG = "https://access.line.me/dialog/bot/accountLink"
LINK_TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]{1,200}\Z")


class AccountLink:
    """Begins, ends and undoes the link; the words that ask for it stand in kb/phrases.yml."""

    def __init__(self, settings: Settings, door: FrontDoor, api: LineApi, links: Links) -> None:
        self._settings = settings
        self._door = door
        self._api = api
        self._links = links

    @property
    def possible(self) -> bool:
        """Whether there is a sign-in that a phone can open, and the way back from it."""
        return sign_in_page.possible(self._settings)

    def asked(self, text: str) -> str | None:
        """`link` or `unlink` where the text is one of the sentences for it."""
        return asked(text, self._door.phrase)

    def learner(self, person: str) -> str | None:
        """The learner whom a person has proven to be; blocks."""
        return self._links.learner(CHANNEL, person)

    def offer(self) -> dict[str, Any]:
        """A sentence with the button that begins to link."""
        if not self.possible:
            return {"text": self._door.phrase("link_impossible")}
        words = self._door.phrase("link_words").split("\n")[0].strip()
        return {"text": self._door.phrase("line_link_offer"), "buttons": [{"title": words, "payload": words}]}

    async def begin(self, person: str) -> list[dict[str, Any]]:
        """The message that opens the platform's sign-in."""
        if not self.possible:
            return [{"text": self._door.phrase("link_impossible")}]
        try:
            token = await self._api.link_token(person)
        except (Refused, Unheard, Unsure) as error:
            logger.warning("LINE gave no link token: %s", error)
            return [{"text": self._door.phrase("line_link_failed")}]
        custom = {"type": "open", "label": self._door.phrase("line_link_button"), "uri": self._address(token)}
        return [{"text": self._door.phrase("line_link_begin"), "custom": custom}]

    async def finish(self, person: str, nonce: str) -> str:
        """Link whoever the one-time code was made for; the name of the phrase that says how it went."""
        redeemed = await in_turn(self._links.redeem, nonce, CHANNEL) if nonce else None
        if redeemed is not None and redeemed[1] is not None:
            await in_turn(self._links.link, CHANNEL, person, redeemed[1])
            return "link_done"
        # The code may have been used by an attempt that died before it could say so.
        linked = nonce and await in_turn(self.learner, person) is not None
        return "line_linked_still" if linked else "line_link_failed"

    async def undo(self, person: str) -> str:
        """Forget who the person is; the name of the phrase that says how it went."""
        gone = await in_turn(self._links.unlink, CHANNEL, person)
        return "unlink_done" if gone else "unlink_nobody"

    def _address(self, link_token: str) -> str:
        back = f"{self._settings.public_url}{SIGN_IN}?{urlencode({'linkToken': link_token})}"
        if not self._settings.sign_in_url:
            return back
        return sign_in_page.at_the_platform(self._settings.sign_in_url, return_to=back)

    async def dialog(self, link_token: str, learner_id: str) -> str:
        """Where a person who has signed in goes on: LINE's own dialog, with a one-time code for this learner."""
        nonce = await in_turn(self._links.issue, CHANNEL, "", learner_id)
        return f"{DIALOG}?linkToken={quote(link_token, safe='')}&nonce={quote(nonce, safe='')}"
