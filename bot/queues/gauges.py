"""How much the queues hold, for whoever watches the service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import Connection, Engine

from bot.queues.tables import DEAD, WAITING, InboundRow, OutboundRow


@dataclass(frozen=True)
class QueueSizes:
    """Events and messages by channel; a channel without any is left out."""

    inbox_waiting: Mapping[str, int]
    """Came in and not answered yet."""
    outbox_waiting: Mapping[str, int]
    """To be sent."""
    outbox_dead: Mapping[str, int]
    """Given up."""


def queue_sizes(engine: Engine) -> QueueSizes:
    """Count them; blocks."""
    with engine.connect() as connection:
        return QueueSizes(
            _count(connection, InboundRow.channel, InboundRow.done_at.is_(None)),
            _count(connection, OutboundRow.channel, OutboundRow.state == WAITING),
            _count(connection, OutboundRow.channel, OutboundRow.state == DEAD),
        )


def _count(connection: Connection, channel: Any, condition: Any) -> dict[str, int]:
    rows = connection.execute(select(channel, func.count()).where(condition).group_by(channel))
    return {str(name): int(count) for name, count in rows}
