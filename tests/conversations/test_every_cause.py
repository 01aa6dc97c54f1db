"""Every cause of the diagnosis, reached in conversation with a demo learner: reason, remedy, date and desk are told."""

from __future__ import annotations

import uuid

import pytest

from bot.knowledge.check import REQUIRED_CAUSES
from bot.knowledge.models import Knowledge
from bot.learners.diagnosis import DESKS, STATES
from bot.learners.token import issue_token

QUESTIONS = {
    "lifelong": "幫我查我的終身學習時數上傳了沒",
    "env_edu": "幫我查我的環教時數上傳了沒",
    "teacher": "幫我查我的全教網研習時數上傳了沒",
}


@pytest.fixture(scope="module")
async def told(bot, settings) -> dict[str, tuple[str, dict]]:
    """Cause to the text and the machine-readable part that told it first."""
    found: dict[str, tuple[str, dict]] = {}
    for number in range(1, 12):
        token = issue_token(f"T{number:010d}", settings.token_key, 600)
        for portal, question in QUESTIONS.items():
            said = await bot.say(question, uuid.uuid4().hex, token)
            text = ""
            for one in said:
                text = one.get("text") or text
                custom = one.get("custom") or {}
                if custom.get("type") == "diagnosis":
                    assert custom["portal"] == portal
                    for cause in custom["causes"]:
                        found.setdefault(cause, (text, custom))
    return found


@pytest.mark.parametrize("cause", REQUIRED_CAUSES.read_text(encoding="utf-8").split())
def test_a_cause_is_told_with_reason_remedy_date_and_state(cause: str, told, knowledge: Knowledge) -> None:
    text, custom = told[cause]
    words = knowledge.causes[cause]

    assert words.reason.split("{")[0] in text
    assert all(step.split("{")[0] in text for step in words.steps)
    assert knowledge.phrases[f"state_{custom['state']}"] in text
    assert "的紀錄" in text
    assert (custom["next_check"] is not None) == (custom["state"] == "waiting")
    if len(custom["causes"]) == 1:
        assert custom["state"] == STATES.get(cause, "action_needed")
        assert custom["desk"] == DESKS.get(cause, "platform")
    if custom["next_check"]:
        month, day = (int(one) for one in custom["next_check"].split("-")[1:])
        assert f"{month}月{day}日(" in text
