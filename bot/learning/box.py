"""The learning inbox as pages and commands use it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from sqlalchemy.engine import Engine

from bot.journal.journal import TEXT_KEPT, Journal
from bot.knowledge.models import Knowledge
from bot.learners.clock import Clock
from bot.learning.clusters import Cluster, clusters
from bot.learning.inbox import Item, collect, keyed
from bot.learning.verdicts import TOPIC, VerdictError, Verdicts

Rank = Callable[[Sequence[str]], list[list[tuple[str, float]]]]
"""The best topics of each text, with scores; whoever has the model gives it."""
BEST = 3


class LearningBox:
    """Messages to learn from, in clusters, and what is said of them."""

    def __init__(self, engine: Engine, secret: str, clock: Clock) -> None:
        self._journal = Journal(engine, secret, clock)
        self.verdicts = Verdicts(engine, clock)
        self._key = keyed(secret)
        self._clock = clock

    def items(self, knowledge: Knowledge) -> list[Item]:
        """The messages that nobody has treated."""
        self._journal.copy_thumbs()
        turns = self._journal.turns(self._clock() - TEXT_KEPT)
        buttons = [*(topic.title for topic in knowledge.topics.values()), *knowledge.phrases.values()]
        return collect(turns, self._key, self.verdicts.treated(), buttons)

    def clusters(self, knowledge: Knowledge) -> list[Cluster]:
        """The messages that nobody has treated, near-identical ones together."""
        return clusters(self.items(knowledge))

    def treat(
        self,
        keys: Iterable[str],
        verdict: str,
        staff: str,
        knowledge: Knowledge,
        topic: str | None = None,
        note: str = "",
    ) -> int:
        """Say what messages of the inbox were; how many that were there. Raises VerdictError."""
        if verdict == TOPIC and topic not in knowledge.topics:
            raise VerdictError(f"topic {topic!r} is not in topics.yml")
        wanted = set(keys)
        chosen = [item for cluster in self.clusters(knowledge) for item in cluster.items if item.key in wanted]
        return self.verdicts.treat(chosen, verdict, staff, topic, note) if chosen else 0
