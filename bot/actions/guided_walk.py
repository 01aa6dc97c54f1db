"""One turn of a step-by-step guide."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from rasa_sdk.executor import CollectingDispatcher

from bot.guides.navigation import Navigation
from bot.guides.walk import WalkGuide, WalkScreen, move, progress
from bot.knowledge.fill import fill
from bot.knowledge.models import Knowledge

State = dict[str, Any]


class WalkTurn:
    """Says screens of a walk; a state holds guide, screen and path."""

    def __init__(
        self,
        guide: WalkGuide,
        navigation: Navigation,
        knowledge: Knowledge,
        dispatcher: CollectingDispatcher,
        others: Collection[WalkGuide] = (),
    ) -> None:
        self._guide = guide
        self._others = others
        self._navigation = navigation
        self._knowledge = knowledge
        self._dispatcher = dispatcher

    def begin(self) -> State | None:
        """The first screen."""
        return self._show(self._guide.start, [])

    def again(self, state: State) -> State | None:
        """The screen where the person stands, once more."""
        screen = state["screen"] if state["screen"] in self._guide.screens else self._guide.start
        return self._show(screen, list(state["path"]))

    def take(self, state: State, text: str) -> tuple[State | None, bool]:
        """The state after a message, None where the guide ends with it, and whether it was understood."""
        step = move(self._guide, state["screen"], state["path"], text, self._navigation)
        if step is None:
            return state, False
        if step.left:
            self._dispatcher.utter_message(text=self._knowledge.phrases["guide_left"])
            return None, True
        if step.stuck:
            return self._show(step.screen, list(step.path), stuck=True), True
        return self._show(step.screen, list(step.path)), True

    def _show(self, screen_id: str, path: list[str], stuck: bool = False) -> State | None:
        screen = self._guide.screens[screen_id]
        number, most = progress(self._guide, screen_id, path)
        say = self._knowledge.phrases
        head = say["guide_head"].format(title=self._guide.title, step=number, of=most)
        body = fill(screen.stuck if stuck else screen.text, self._knowledge)
        lines = [head, body]
        if screen.end:
            # The guide is over with this screen, so its help stands with it.
            lines.append(say["guide_end_help"].format(help=fill(screen.stuck, self._knowledge)))
        else:
            lines += [say["step"].format(number=at, text=one.title) for at, one in enumerate(screen.choices, 1)]
        self._dispatcher.utter_message(
            text="\n".join(lines),
            buttons=[{"title": title, "payload": title} for title in self._buttons(screen, path, stuck)],
            json_message={"type": "guide", "guide": self._guide.id, "screen": screen_id, "step": number, "of": most},
        )
        return None if screen.end else {"guide": self._guide.id, "screen": screen_id, "path": path}

    def _buttons(self, screen: WalkScreen, path: list[str], stuck: bool) -> list[str]:
        titles = self._navigation.titles
        buttons = [choice.title for choice in screen.choices]
        if screen.end:
            deeper = [one.title for one in self._others if one.topic == screen.topic and one.id != self._guide.id]
            return [*deeper, *([self._knowledge.topics[screen.topic].title] if screen.topic else [])]
        if screen.next is not None:
            buttons.append(titles["next"])
        if path:
            buttons.append(titles["back"])
        if not stuck:
            buttons.append(titles["stuck"])
        return [*buttons, titles["leave"]]
