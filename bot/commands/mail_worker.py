"""The mail process of `epark serve`: sends the letters of the outbox until told to stop."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys

from sqlalchemy.exc import SQLAlchemyError

from bot.cases.contact import Contacts
from bot.cases.mail import MailAddressError
from bot.cases.mail_delivery import CaseLetters, MailRoom
from bot.cases.rules import LiveRules
from bot.cases.store import Cases
from bot.cases.writing import EMAIL
from bot.knowledge.live import LiveKnowledge
from bot.learners.clock import now_in_taipei
from bot.learners.database import open_database
from bot.queues.delivery import Delivery
from bot.queues.outbox import Outbox
from bot.settings import Settings

logger = logging.getLogger(__name__)
TIDY_SECONDS = 600


async def run(settings: Settings) -> None:
    """Send letters and delete contacts that nobody confirmed, until SIGTERM or SIGINT; raises MailAddressError."""
    engine = open_database(settings.database_url)
    knowledge = LiveKnowledge.shared(settings.kb_dir)
    room = MailRoom.of(
        settings.smtp_url,
        settings.var_dir / "mail",
        settings.mail_from,
        settings.mail_reply_to,
        settings.mail_catch_all,
        settings.mail_to_desks,
    )
    rules = LiveRules.shared(settings.kb_dir)
    outbox = Outbox(engine, now_in_taipei)
    letters = CaseLetters(Cases(engine, knowledge), outbox, knowledge, rules, room, now_in_taipei)
    delivery = Delivery(outbox, EMAIL, letters.send)
    stop = asyncio.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(one, stop.set)
    sending = asyncio.ensure_future(delivery.run())
    contacts = Contacts(engine, settings.token_key, now_in_taipei)
    tidying = asyncio.ensure_future(_tidy(contacts, outbox))
    await stop.wait()
    tidying.cancel()
    await delivery.stop()
    await sending
    engine.dispose()


async def _tidy(contacts: Contacts, outbox: Outbox) -> None:
    while True:
        try:
            await asyncio.to_thread(contacts.tidy)
            await asyncio.to_thread(outbox.tidy)
        except (SQLAlchemyError, OSError) as error:
            logger.error("tidying failed: %s", type(error).__name__)
        await asyncio.sleep(TIDY_SECONDS)


def main() -> int:
    """Run until told to stop; exit status 2 where the settings cannot be used."""
    logging.basicConfig(level=logging.WARNING)
    try:
        asyncio.run(run(Settings.from_env()))
    except MailAddressError as error:
        print(f"epark: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
