"""A parked mail of somebody else's stays when a person whom it names is erased: without them, in plain bytes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from email.utils import format_datetime

from desk.conversation import Attachment
from desk.desk import Desk
from desk.erasing import Person
from desk.erasure import SOMEBODY
from desk.errors import StoreDamaged
from desk.incoming import Incoming
from desk.loose import names_any
from desk.people import Address
from desk.redaction import Redactor
from desk.safe import safe_line

_TELLS = "parts of this mail were erased"


def spared(desk: Desk, person: Person, redactor: Redactor, read: Incoming) -> Incoming:
    """What could be read of a mail, without this person."""
    return replace(
        read,
        sender=SOMEBODY if person.among(read.sender) else replace(read.sender, name=redactor.line(read.sender.name)),
        reply_to=_others(person, read.reply_to),
        to=_others(person, read.to),
        cc=_others(person, read.cc),
        forwarded=_others(person, read.forwarded),
        subject=redactor.line(read.subject),
        base_subject=redactor.line(read.base_subject),
        text=redactor.text(read.text),
        automatic=None if read.automatic is None else redactor.line(read.automatic),
        attachments=tuple(_kept(desk, redactor, read.attachments)),
        files=(),
        deliveries=(),
        digest="",
        likeness="",
        facts=(*map(redactor.text, read.facts), _TELLS),
        defects=tuple(map(redactor.line, read.defects)),
    )


def as_bytes(read: Incoming) -> bytes:
    """A mail of no more than was read of it (RFC 6532), for its own bytes hold what was taken out."""
    head = {
        "From": str(read.sender),
        "Reply-To": ", ".join(map(str, read.reply_to)),
        "To": ", ".join(map(str, read.to)),
        "Cc": ", ".join(map(str, read.cc)),
        "Subject": read.subject,
        "Message-ID": "" if read.local_id else read.message_id,
        "In-Reply-To": " ".join(read.parents[: read.answers]),
        "References": " ".join(read.references),
        "Date": format_datetime(read.date) if read.date else "",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
    }
    lines = [f"{name}: {safe_line(value)}" for name, value in head.items() if value]
    return "\r\n".join([*lines, "", *read.text.split("\n")]).encode("utf-8", "replace")


def _others(person: Person, people: Iterable[Address]) -> tuple[Address, ...]:
    return tuple(each for each in people if not person.among(each))


def _kept(desk: Desk, redactor: Redactor, files: Iterable[Attachment]) -> Iterator[Attachment]:
    for each in files:
        if _may_stay(desk, redactor.keys, each):
            yield replace(each, name=redactor.line(each.name))


def _may_stay(desk: Desk, keys: Collection[str], file: Attachment) -> bool:
    """Whether an attached file is there by itself, and is no text or mail that names the person."""
    with suppress(StoreDamaged):
        is_text = file.type.startswith(("message/", "text/"))
        return not names_any(desk.blobs.get(file.sha256), keys if is_text else ())
    return False
