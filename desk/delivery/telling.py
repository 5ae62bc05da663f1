"""What the ticket says of its mail's way out: an event for every step.

A step that changes nothing of how the mail stands for people (a process took it up, it is put off once more) is only
written down: the ticket does not move for it. An erased ticket has nobody to tell.
"""

from __future__ import annotations

from dataclasses import replace

from desk.conversation import Direction, EntryId, Event, Happened, Message, Purpose
from desk.desk import Desk, new_act
from desk.outgoing import OutboxEntry
from desk.safe import safe_line
from desk.sleep import awake
from desk.ticket import Status

_FAILED = frozenset({Happened.REFUSED, Happened.UNCERTAIN})


def write_down(desk: Desk, mail: OutboxEntry, what: Happened, **detail: str) -> None:
    """Put a step on the ticket and leave the ticket as it is."""
    if desk.store.tickets.get(mail.ticket) is not None:
        desk.store.conversations.add(
            Event(
                id=EntryId(0),
                ticket=mail.ticket,
                at=desk.clock(),
                author=None,
                what=what,
                act=new_act(),
                entry=mail.entry,
                detail={name: value for name, value in detail.items() if value},
            )
        )


def tell(desk: Desk, mail: OutboxEntry, what: Happened, said: str) -> None:
    """Put on the ticket what became of its mail; one that failed opens it, unless Tandem wrote it by itself."""
    if (ticket := desk.store.tickets.get(mail.ticket)) is None:
        return
    if what is Happened.SENT and (missed := _missed(desk, mail)):
        write_down(desk, mail, Happened.OVERTAKEN, **missed)
    opens = what in _FAILED and mail.purpose is not Purpose.AUTOMATIC
    after = replace(awake(ticket), status=Status.OPEN) if opens else ticket
    desk.record(what, ticket, after, entry=mail.entry, detail={"said": said})


def _missed(desk: Desk, mail: OutboxEntry) -> dict[str, str]:
    """What came in the same talk while this answer waited: whoever wrote it had not read that."""
    ours = desk.store.conversations.get(mail.entry)
    if not isinstance(ours, Message) or mail.purpose in (Purpose.FORWARD, Purpose.AUTOMATIC):
        return {}
    newer = [
        each
        for each in desk.store.conversations.of(mail.ticket)
        if isinstance(each, Message) and each.direction is Direction.IN and each.id > mail.entry
        if each.automatic is None and each.side == ours.side
    ]
    if not newer:
        return {}
    return {"newer": " ".join(str(each.id) for each in newer), "of": safe_line(newer[0].sender.label)}
