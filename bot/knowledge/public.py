"""What everyone may read: it is no personal data, wherever it stands."""

from __future__ import annotations

from bot.knowledge.models import Knowledge


def public_facts(knowledge: Knowledge) -> list[str]:
    """Numbers and addresses of the desks: public, so a message may hold them."""
    return [
        fact
        for desk in knowledge.desks.values()
        for fact in (
            *(phone.number for phone in (*desk.phones, *desk.faxes)),
            *(mailbox.address for mailbox in desk.mailboxes),
        )
    ]
