"""One look at one IMAP folder: what is new there is stored, read, and taken in; nothing on the server is changed.

The order is the safety: a mail's bytes are on disk before the store speaks of it, and its ledger row is
in the commit that puts it on a ticket. A crash anywhere means that the mail is looked at again, never that it is lost
or doubled.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from desk.desk import Desk
from desk.errors import StorageError
from desk.incoming import Fetched, FolderState, Incoming, Place
from desk.intake import Taken, take_in
from desk.ports import Reader
from mail.heads import scan_head
from mail.imap import Session
from mail.loading import BATCH_BYTES, BATCH_MAILS, Loaded, Unloaded
from tandem.counts import Counts

log = logging.getLogger("tandem.fetching")


@dataclass(frozen=True, slots=True)
class Folder:
    """A watched folder: the mailbox it belongs to, its name on the server, and the open connection to it."""

    mailbox: str
    name: str
    session: Session

    def place(self, uidvalidity: int, uid: int) -> Place:
        """Where a mail of this folder lies."""
        return Place(self.mailbox, self.name, uidvalidity, uid)


def fetch_folder(
    desk: Desk, folder: Folder, reader: Reader, counts: Counts, tell: Callable[[str], None], *, everything: bool
) -> None:
    """Take in what a folder holds and the ledger does not.

     With `everything` the whole folder is compared with the ledger, so that a mail the server once kept back is found
    ; else only what came after the last look. A folder with a new UIDVALIDITY is compared whole anyway.

    Raises:
         MailError: the server broke off; what was taken in stays so.
         StorageError: the store cannot be written.
    """
    opened = folder.session.open(folder.name)
    state = desk.store.ledger.folder(folder.mailbox, folder.name)
    start = state.next_uid if state and state.uidvalidity == opened.uidvalidity and not everything else 1
    there = folder.session.uids(start)
    known = desk.store.ledger.known(folder.mailbox, folder.name, opened.uidvalidity) if there else frozenset[int]()
    new = [uid for uid in there if uid not in known]
    failed: list[int] = []
    for batch in _batches(_fetched(folder, opened.uidvalidity, new, failed)):
        for taken in _take_in_all(desk, reader, batch):
            counts.add(taken)
        tell(f"{counts.fetched} of {len(new)} mails")
    next_uid = min(failed, default=max(there, default=start - 1) + 1)
    after = FolderState(folder.mailbox, folder.name, opened.uidvalidity, next_uid)
    if after != state:
        desk.store.ledger.put_folder(after)


def _fetched(folder: Folder, uidvalidity: int, uids: list[int], failed: list[int]) -> Iterator[tuple[Fetched, str]]:
    """The mails that can be had, each with what is missing of it, in words."""
    for mail in folder.session.fetch(uids):
        match mail:
            case Loaded(uid, raw, received, note):
                yield Fetched(folder.place(uidvalidity, uid), raw, received), note
            case Unloaded(uid, _, is_gone):
                log.warning("uid %d of %s %s", uid, folder.mailbox, "is gone" if is_gone else "cannot be fetched now")
                failed.extend([] if is_gone else [uid])


def _batches(mails: Iterable[tuple[Fetched, str]]) -> Iterator[list[tuple[Fetched, str]]]:
    batch: list[tuple[Fetched, str]] = []
    for mail in mails:
        batch.append(mail)
        if len(batch) == BATCH_MAILS or sum(len(each.raw) for each, _ in batch) > BATCH_BYTES:
            yield batch
            batch = []
    if batch:
        yield batch


def _take_in_all(desk: Desk, reader: Reader, batch: list[tuple[Fetched, str]]) -> list[Taken]:
    """Bytes first, then one commit for the batch; reading is done before the store is locked."""
    digests = desk.blobs.put_many([mail.raw for mail, _ in batch])
    readings = [_with_note(reader.read(mail.raw), note) for mail, note in batch]
    taken: list[Taken] = []
    with desk.store.transaction():
        for (mail, _), read, raw in zip(batch, readings, digests, strict=True):
            if (result := _take_in_somehow(desk, mail, read, raw)) is not None:
                taken.append(result)
    return taken


def _with_note(read: Incoming, note: str) -> Incoming:
    return replace(read, defects=(note, *read.defects)) if note else read


def _take_in_somehow(desk: Desk, mail: Fetched, read: Incoming, raw: str) -> Taken | None:
    """One mail that trips a defect of ours must not stop the folder: it becomes a ticket with a warning."""
    try:
        return take_in(desk, mail, read, raw)
    except StorageError:
        raise
    except Exception:  # a worker's edge: logged whole, and shown to the agents on the ticket
        log.exception("uid %d of %s could not be filed as it is", mail.place.uid, mail.place.mailbox)
        return take_in(desk, mail, scan_head(mail.raw, "Tandem stumbled over this mail; its bytes are kept"), raw)
