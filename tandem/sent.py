"""A folder of sent mail holds all that was ever sent: only what belongs to a ticket is fetched from there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from desk.desk import Desk
from desk.incoming import Outcome
from desk.intake.elsewhere import look_out
from desk.ticket import TicketNumber
from tandem.folder import Folder

if TYPE_CHECKING:
    from mail.threads import Thread


def belonging(desk: Desk, folder: Folder, uidvalidity: int, uids: Sequence[int]) -> list[int]:
    """Those of these mails that go on with a ticket or may be a mail of ours; of the others the ledger takes note.

    Only their heads are asked for. A mail whose head cannot be had is not judged by it.

    Raises:
        MailError: the server broke off.
        StorageError: the store cannot be written.
    """
    heads = folder.session.heads(uids)
    with desk.store.transaction():
        foreign = [uid for uid in uids if uid in heads and not _is_known(desk, heads[uid])]
        for uid in foreign:
            place = folder.place(uidvalidity, uid)
            if not desk.store.ledger.has(place):
                desk.store.ledger.record(place, Outcome.ELSEWHERE, None, "")
                look_out(desk, place, (heads[uid].message_id, *heads[uid].alike), heads[uid].parents)
    return [uid for uid in uids if uid not in set(foreign)]


def _is_known(desk: Desk, head: Thread) -> bool:
    """Whether a mail, or one that it answers, is on a ticket or in the outbox, or its subject names a ticket."""
    if head.subject_number is not None and desk.store.tickets.get(TicketNumber(head.subject_number)):
        return True
    ids = (head.message_id, *head.alike, *head.parents)
    threads, outbox = desk.store.threads, desk.store.outbox
    return bool(threads.tickets(ids, own=True) or threads.tickets(ids, own=False) or outbox.tickets(ids))
