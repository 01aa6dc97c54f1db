"""Session tickets of the web chat."""

from __future__ import annotations

import pytest

from bot.channels.session import Sessions
from bot.learners.token import issue_token

KEY = "a key of at least thirty-two bytes, as HS256 wants it"


def test_a_ticket_that_was_made_here_opens_its_session() -> None:
    session, ticket = Sessions(KEY).new()

    assert Sessions(KEY).session_of(ticket) == session


def test_every_session_is_another() -> None:
    sessions = Sessions(KEY)

    made = {sessions.new()[0] for _ in range(100)}

    assert len(made) == 100
    assert min(map(len, made)) >= 24


def test_a_ticket_of_another_server_opens_nothing() -> None:
    _session, ticket = Sessions("another key").new()

    assert Sessions(KEY).session_of(ticket) is None


def test_a_ticket_cannot_be_moved_to_another_session() -> None:
    sessions = Sessions(KEY)
    (mine, ticket), (others, _ticket) = sessions.new(), sessions.new()

    forged = ticket.replace(mine, others)

    assert sessions.session_of(forged) is None


@pytest.mark.parametrize(
    "ticket",
    [None, "", ".", "a", "a.", ".a", "a.b", "a.b.c", "é.é", "a.\udcff", "\udcff.a", "a" * 100_000, "\x00.\x00"],
)
def test_what_is_no_ticket_opens_nothing_and_raises_nothing(ticket: str | None) -> None:
    assert Sessions(KEY).session_of(ticket) is None


def test_a_session_id_without_its_signature_opens_nothing() -> None:
    sessions = Sessions(KEY)
    session, ticket = sessions.new()

    guesses = [session, f"{session}.", ticket[:-1], ticket + "0", ticket.upper(), f" {ticket}", f"{ticket}\n"]

    assert [sessions.session_of(guess) for guess in guesses] == [None] * len(guesses)


def test_a_learner_token_of_the_same_key_is_no_ticket() -> None:
    token = issue_token("T5602110801", KEY, 60)

    assert Sessions(KEY).session_of(token) is None
