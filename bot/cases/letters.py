"""The e-mail of a case: plain text and HTML, from the case as it stands when it is sent."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.cases.records import Case
from bot.cases.rules import Rules
from bot.knowledge.fill import FillError, fill
from bot.knowledge.models import Knowledge

TEMPLATES = Path(__file__).parent / "templates"
_ENVIRONMENT = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=lambda name: bool(name and name.endswith(".html")),
    undefined=StrictUndefined,
    keep_trailing_newline=True,
)


@dataclass(frozen=True)
class Envelope:
    """Who writes to whom."""

    key: str
    """The outbox's key: the same letter has the same Message-ID however often it is tried."""
    sender: str
    recipient: str
    reply_to: str | None
    desk: str
    """Whom the letter is meant for, whatever mailbox catches it."""
    written_at: datetime.datetime
    repeat: bool = False
    """Whether the letter may have arrived before: nobody heard what became of it then."""


def draw_letter(
    case: Case, files: Sequence[tuple[str, str, bytes]], envelope: Envelope, knowledge: Knowledge, rules: Rules
) -> EmailMessage:
    """The letter; `files` are name, type and content of what the person sent."""
    labels = {field.id: field.label for form in rules.forms.values() for field in form.fields}
    topic = knowledge.topics.get(case.topic or "")
    values = {
        "desk": knowledge.desks[envelope.desk].name,
        "number": case.number,
        "subject": " ".join(case.subject.split()),
        "opened_at": f"{case.opened_at:%Y-%m-%d %H:%M}",
        "topic": topic.title if topic else "",
        "fields": [(labels.get(name, name), value) for name, value in case.fields.items()],
        "contact": case.contact or "",
        "causes": _causes(case, knowledge),
        "files": [name for name, _type, _content in files],
        "transcript": case.transcript,
        "reply_to": envelope.reply_to,
        "repeat": envelope.repeat,
    }
    letter = EmailMessage()
    letter["Subject"] = " ".join(_ENVIRONMENT.get_template("case_subject.txt").render(values).split())
    letter["From"] = envelope.sender
    letter["To"] = envelope.recipient
    if envelope.reply_to:
        letter["Reply-To"] = envelope.reply_to
    letter["Date"] = format_datetime(envelope.written_at)
    letter["Message-ID"] = message_id(envelope.key, envelope.sender)
    letter["Auto-Submitted"] = "auto-generated"
    letter["X-Epark-Case"] = case.number
    letter["X-Epark-Desk"] = envelope.desk
    if envelope.repeat:
        letter["X-Epark-Repeat"] = "possible"
    letter.set_content(_ENVIRONMENT.get_template("case_letter.txt").render(values))
    letter.add_alternative(_ENVIRONMENT.get_template("case_letter.html").render(values), subtype="html")
    for name, kind, content in files:
        maintype, _, subtype = kind.partition("/")
        letter.add_attachment(content, maintype=maintype, subtype=subtype or "octet-stream", filename=name)
    return letter


def message_id(key: str, sender: str) -> str:
    """The same for the same key: whoever gets a letter twice can tell that it is one."""
    domain = sender.rpartition("@")[2].strip(" >") or "localhost"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{domain}>"


def _causes(case: Case, knowledge: Knowledge) -> list[str]:
    diagnosis = case.diagnosis or {}
    portal = knowledge.phrases.get(f"portal_{diagnosis.get('portal')}", "")
    told = []
    for code in diagnosis.get("causes", ()):
        cause = knowledge.causes.get(code)
        if cause is None:
            continue
        text = cause.reason.replace("{portal}", portal).replace("{date}", str(diagnosis.get("next_check") or ""))
        try:
            told.append(fill(text, knowledge))
        except FillError:
            told.append(code)
    return told
