"""How many messages LINE still sends for us this month, and whether one may be spent."""

from __future__ import annotations

import logging
import time

from bot.channels.line_api import LineApi, Refused, Unheard, Unsure

logger = logging.getLogger(__name__)

LOOK_SECONDS = 600.0
"""How long an answer of LINE about the quota counts."""
RESERVE = 0.1
"""The share of the month's quota that only people of the help desk may use."""
MONTHLY_LIMIT = "monthly limit"
"""What LINE says where the quota is used up, in the message of a 429."""


class Quota:
    """The gauge of this process; what other processes push shows at the next look."""

    def __init__(self, api: LineApi) -> None:
        self._api = api
        self._looked = float("-inf")
        self.limit: int | None = None
        """None where there is no limit, or none is known yet."""
        self.used = 0

    @property
    def left(self) -> int | None:
        """How many messages may still be pushed; None without a limit."""
        return None if self.limit is None else max(0, self.limit - self.used)

    async def allows(self, urgent: bool) -> bool:
        """Whether a message may be pushed; an ordinary one leaves a tenth of the month to the help desk."""
        await self.look()
        if self.limit is None or self.left is None:
            return True
        return self.left > (0 if urgent else self.limit * RESERVE)

    def spend(self) -> None:
        """A message was pushed."""
        self.used += 1

    def exhaust(self) -> None:
        """LINE says that nothing is left."""
        self.limit = self.used if self.limit is None else min(self.limit, self.used)
        self._looked = time.monotonic()
        logger.warning("the monthly quota of LINE is used up: answers wait until people write again")

    async def look(self) -> None:
        """Ask LINE, where the last answer is older than ten minutes; raises nothing."""
        if time.monotonic() - self._looked < LOOK_SECONDS:
            return
        try:
            self.limit, self.used = await self._api.quota()
        except (Refused, Unheard, Unsure) as error:
            # What was known before still counts; a push beyond the quota is refused, so nothing can go wrong.
            logger.warning("the quota of LINE cannot be read: %s", error)
        self._looked = time.monotonic()
        if self.limit is not None:
            logger.info("LINE: %s of %s pushed messages left this month", self.left, self.limit)
