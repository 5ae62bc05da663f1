"""Desks for tests: the real store, blobs and composer in a folder, and mail that arrives without a server."""

from __future__ import annotations

import hashlib
import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from desk.clock import Clock, utc_now
from desk.conversation import Attachment
from desk.deliveries import Action, Delivery
from desk.desk import Desk
from desk.incoming import Fetched, Incoming, Place
from desk.intake import take_in
from desk.people import Address, Agent, Handle
from desk.settings import Mailbox, Settings
from desk.subjects import base_subject
from desk.ticket import Ticket
from mail.compose import MailComposer
from mail.forming import MailForms
from mail.likeness import likeness
from storage.blobs import Blobs
from storage.shared import open_shared

SUPPORT = Address("support@acme.example", "Acme Support")
DANA = Address("dana@corp.example", "Dana Petrova")
FULL_NAMES = {"ana": "Ana Petrova", "bo": "Bo Lind"}

_uids = itertools.count(1)


class SetClock:
    """A clock that stands still until it is told to go on."""

    def __init__(self, now: datetime = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def go_on(self, **span: float) -> None:
        self.now += timedelta(**span)


def make_desk(
    folder: Path, agents: tuple[str, ...] = ("ana", "bo"), clock: Clock = utc_now, undo_seconds: int = 10
) -> Desk:
    """A desk in this folder, acted on by the first agent. Its owner closes `desk.store`."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    store = open_shared(folder / "desk.db")
    for handle in agents:
        if store.agents.get(Handle(handle)) is None:
            name = FULL_NAMES.get(handle, handle.title())
            store.agents.put(Agent(handle=Handle(handle), name=name, email=f"{handle}@acme.example", signature=name))
    blobs = Blobs(folder / "mail")
    return Desk(
        store=store,
        blobs=blobs,
        composer=MailComposer(blobs.get),
        clock=clock,
        settings=Settings(mailboxes=(Mailbox(name="support", address=SUPPORT),), undo_seconds=undo_seconds),
        acting=store.agents.get(Handle(agents[0])) if agents else None,
        forms=MailForms(),
        place=str(folder.resolve()),
    )


def acting_as(desk: Desk, handle: str) -> Desk:
    """The same desk in a colleague's hands."""
    return replace(desk, acting=desk.agent(Handle(handle)))


def receive(
    desk: Desk,
    *,
    subject: str = "Refund for order 88213",
    text: str = "Hello, I returned the printer on Monday.",
    sender: Address = DANA,
    to: tuple[Address, ...] = (SUPPORT,),
    cc: tuple[Address, ...] = (),
    reply_to: tuple[Address, ...] = (),
    message_id: str | None = None,
    answers: tuple[str, ...] = (),
    references: tuple[str, ...] = (),
    received: datetime | None = None,
    automatic: str | None = None,
    is_doubtful: bool = False,
    bounce_of: tuple[str, ...] = (),
    attachments: tuple[Attachment, ...] = (),
    facts: tuple[str, ...] = (),
    defects: tuple[str, ...] = (),
    uid: int | None = None,
) -> Ticket:
    """Take a mail in as if it had been fetched; returns the ticket it is on."""
    uid = uid or next(_uids)
    read = Incoming(
        message_id=message_id or f"<{uid}@corp.example>",
        parents=(*answers, *reversed(references)),
        answers=len(answers),
        references=references,
        sender=sender,
        to=to,
        cc=cc,
        reply_to=reply_to,
        subject=subject,
        base_subject=base_subject(subject),
        text=text,
        attachments=attachments,
        likeness=likeness(text),
        automatic=automatic,
        is_doubtful=is_doubtful,
        bounce_of=bounce_of,
        deliveries=(Delivery("dana@corp.example", Action.FAILED, "5.1.1"),) if bounce_of else (),
        digest=hashlib.sha256(f"{sender.email}\n{subject}\n{text}".encode("utf-8", "surrogatepass")).hexdigest(),
        facts=facts,
        defects=defects,
    )
    return _take_in(desk, read, uid, received or desk.clock())


def _take_in(desk: Desk, read: Incoming, uid: int, received: datetime) -> Ticket:
    raw = f"Message-ID: {read.message_id}\r\nSubject: test\r\n\r\n{read.text}".encode("utf-8", "surrogatepass")
    mail = Fetched(Place("support", "INBOX", 1, uid), raw, received)
    taken = take_in(desk, mail, read, desk.blobs.put(raw))
    assert taken is not None
    assert taken.ticket is not None
    return desk.ticket(taken.ticket)
