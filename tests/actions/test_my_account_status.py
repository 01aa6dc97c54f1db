"""How the speaker is signed in."""

from __future__ import annotations

from typing import Any

import pytest

from bot.actions.my_account_status import MyAccountStatus


@pytest.mark.parametrize(
    ("provider", "identity", "official"),
    [
        ("ecpa", "civil_servant", True),
        ("egov", "civil_servant", True),
        ("egov", "general_public", False),
        ("google", "civil_servant", False),
    ],
)
async def test_provider_identity_and_whether_it_is_official_are_told(
    provider: str, identity: str, official: bool, records: Any, ask: Any
) -> None:
    records.put(provider=provider, identity=identity)

    (said,) = await ask(MyAccountStatus(), "我是公務帳號嗎")

    expected = {"type": "account_status", "provider": provider, "identity": identity, "official": official}
    assert expected.items() <= said["custom"].items()
    assert said["response"] == "utter_account_status"
    assert said["as_of"] == said["custom"]["as_of"] == "2026-11-20T05:00:00+08:00"


async def test_without_a_token_the_sign_in_is_asked_for(records: Any, ask: Any) -> None:
    said = await ask(MyAccountStatus(), "我是公務帳號嗎", learner_id=None)

    assert [one["response"] for one in said] == ["utter_login_required"]
