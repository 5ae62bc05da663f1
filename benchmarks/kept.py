"""Desks and mails that are the same in each run: made once, and kept in the system's folder for temporary files."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from email.message import EmailMessage
from email.utils import format_datetime
from hashlib import sha256
from pathlib import Path

import benchmarks.worlds
import storage.schema
from benchmarks.worlds import AGENTS, desk_of, made
from desk.conversation import Direction, EntryId, Message
from desk.people import Address
from desk.summary import summed_up
from desk.ticket import Status, Ticket, TicketNumber
from storage.codec import to_document
from storage.database import open_store

SIZES = (1_000, 10_000, 100_000)
LONGEST = 50
"""Messages of the long ticket."""
LAST_WORD = "fiftiethmessage"
"""Stands in the last message of the long ticket only."""


def desk(tickets: int) -> Path:
    """A desk with so many tickets, and one more with fifty messages, the newest of all."""
    made_by = (benchmarks.worlds.__file__, storage.schema.__file__, __file__)
    return _kept(f"desk-{tickets}", made_by, lambda folder: _with_long_ticket(desk_of(folder, tickets), tickets))


def maildir(tickets: int) -> Path:
    """The first mail of each ticket of that desk in a Maildir; returns the folder that holds `INBOX`."""
    return _kept(f"maildir-{tickets}", (benchmarks.worlds.__file__,), lambda folder: _fill(folder / "mail", tickets))


def _kept(name: str, made_by: Iterable[str], make: Callable[[Path], Path]) -> Path:
    sources = sha256(b"".join(Path(each).read_bytes() for each in made_by)).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / f"tandem-bench-{os.getuid()}" / f"{name}-{sources}"
    answer = folder / "made"
    if not answer.exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True, mode=0o700)
        answer.write_text(str(make(folder)))
    return Path(answer.read_text())


def _fill(root: Path, tickets: int) -> Path:
    inbox = root / "INBOX"
    for each in ("cur", "new", "tmp"):
        (inbox / each).mkdir(parents=True)
    for number in range(1, tickets + 1):
        (inbox / "cur" / f"{number}.tandem.bench:2,S").write_bytes(_mail(number, tickets))
    return root


def _mail(number: int, tickets: int) -> bytes:
    ticket = made(number, tickets)
    first = next(each for each in ticket.entries if isinstance(each, Message))
    mail = EmailMessage()
    mail["From"] = f"{first.sender.name} <{first.sender.email}>"
    mail["To"] = "Acme Support <support@acme.example>"
    mail["Subject"] = first.subject
    mail["Date"] = format_datetime(first.at)
    mail["Message-ID"] = first.message_id
    mail.set_content(first.text)
    return mail.as_bytes()


def _with_long_ticket(home: Path, tickets: int) -> Path:
    number = TicketNumber(tickets + 1)
    newest = made(tickets, tickets).ticket.updated
    ticket = Ticket(
        number=number,
        subject="A long conversation",
        customer=Address("long@corp.example", "Lena Long"),
        status=Status.OPEN,
        assignee=AGENTS[0],
        created=newest,
        updated=newest,
        last_message=newest,
        mailbox="support",
    )
    source = [each for one in range(1, LONGEST) for each in made(one, tickets).entries if isinstance(each, Message)]
    entries = tuple(_message(each, number, place, ticket) for place, each in enumerate(source[:LONGEST], 1))
    ticket = summed_up(ticket, entries, {}, drafts=False)
    with open_store(home / "desk.db") as store, store.transaction():
        store.table("tickets").insert_multiple([to_document(ticket)])
        store.table("entries").insert_multiple([to_document(each, kind=each.direction) for each in entries])
    return home


def _message(source: Message, number: TicketNumber, place: int, ticket: Ticket) -> Message:
    text = f"{source.text}\n{LAST_WORD}\n" if place == LONGEST else source.text
    return replace(
        source,
        id=EntryId(place),
        ticket=number,
        direction=Direction.IN,
        sender=ticket.customer,
        at=ticket.created,
        text=text,
        message_id=f"<{number}.{place}@corp.example>",
    )
