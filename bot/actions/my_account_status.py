"""How the speaker is signed in, and what that means for hours."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.record import as_custom, learner_for


class MyAccountStatus(Action):  # type: ignore[misc]
    """Tells log-in provider, identity and whether it is a 公務帳號."""

    def name(self) -> str:
        """The action's name in domain.yml."""
        return "action_my_account_status"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Say it in one message."""
        learner = learner_for(tracker, dispatcher, topic="check_official_account")
        if learner is not None:
            account = learner.account
            custom = as_custom(
                "account_status", provider=account.provider, identity=account.identity, official=account.official
            )
            custom["as_of"] = learner.as_of.isoformat()
            dispatcher.utter_message(
                response="utter_account_status", json_message=custom, as_of=learner.as_of.isoformat()
            )
        return []
