"""How many mails somebody wrote and got: by indexes, so that it takes no longer on a large desk."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

import msgspec
from tinydb import Query

from desk.contact import Tally
from desk.conversation import Message
from desk.people import Address
from desk.ticket import TicketNumber
from storage.codec import from_row
from storage.database import TicketStore

_NOT_SENT = ["cancelled", "refused"]


class _Sent(msgspec.Struct):
    kind: str
    at: datetime
    outbox: int | None = None
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()


_SENT = msgspec.json.Decoder(_Sent)


def mails_from(store: TicketStore, keys: Collection[str], limit: int) -> list[Message]:
    """The latest mails that came from one of these addresses, the latest first."""
    table = store.table("entries")
    found = [row for key in keys for row in table.rows(Query().sender_key == key, order_by="-at", limit=limit)]
    mails = sorted((from_row(Message, each) for each in found), key=lambda each: (each.at, each.id), reverse=True)
    return mails[:limit]


def tally(store: TicketStore, keys: Collection[str], tickets: Collection[TicketNumber]) -> Tally:
    """How many mails came from these addresses, and how many went to them on these tickets."""
    table = store.table("entries")
    wrote = sum(table.count(Query().sender_key == key) for key in keys)
    ends = [
        row
        for key in keys
        for order in ("at", "-at")
        for row in table.rows(Query().sender_key == key, order_by=order, limit=1)
    ]
    sent = list(_sent_to(store, keys, tickets))
    times = [*(_SENT.decode(each.body).at for each in ends), *sent]
    return Tally(wrote, len(sent), min(times, default=None), max(times, default=None))


def _sent_to(store: TicketStore, keys: Collection[str], tickets: Collection[TicketNumber]) -> Iterator[datetime]:
    """When each mail went to one of these addresses, or is to go; those that never will are left out."""
    on_them = Query().ticket.one_of(sorted(tickets))
    unsent = frozenset(store.table("outbox").ids(on_them & Query().state.one_of(_NOT_SENT)))
    for row in store.table("entries").rows(on_them):  # by the tickets alone: all that is not mail falls out below
        mail = _SENT.decode(row.body)
        is_sent = mail.kind == "out" and mail.outbox not in unsent
        if is_sent and any(each.key in keys for each in (*mail.to, *mail.cc, *mail.bcc)):
            yield mail.at
