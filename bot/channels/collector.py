"""Collecting the replies of one turn, each message whole."""

from __future__ import annotations

from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel


class WholeMessages(CollectingOutputChannel):  # type: ignore[misc]
    """Rasa's collecting channel cuts texts at blank lines; here one reply stays one message."""

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        """Keep the text as it is."""
        await self._persist_message(self._message(recipient_id, text=text))
