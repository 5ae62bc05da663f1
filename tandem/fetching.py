"""One look at one IMAP folder: what is new there is stored, read, and taken in; nothing on the server is changed.

The order is the safety: a mail's bytes are on disk before the store speaks of it, and its ledger row is in the commit
that puts it on a ticket. A crash anywhere means that the mail is looked at again, never that it is lost or doubled.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from desk.desk import Desk
from desk.errors import StoreBusy, StoreDamaged, StoreUnreachable
from desk.incoming import Fetched, FolderState, Incoming, Place
from desk.intake import Taken, take_in
from desk.ports import Reader
from mail.heads import scan_head
from mail.imap import Session
from mail.loading import BATCH_BYTES, BATCH_MAILS, Loaded, Unloaded
from tandem.counts import Counts

log = logging.getLogger("tandem.fetching")

_STORE_FAILED = (StoreBusy, StoreDamaged, StoreUnreachable)
"""What is the store's trouble and not one mail's."""

_STUMBLED = "Tandem stumbled over this mail and shows only its head; its bytes are kept"


@dataclass(frozen=True, slots=True)
class Folder:
    """A watched folder: the mailbox it belongs to, its name on the server, and the open connection to it."""

    mailbox: str
    name: str
    session: Session

    def place(self, uidvalidity: int, uid: int) -> Place:
        """Where a mail of this folder lies."""
        return Place(self.mailbox, self.name, uidvalidity, uid)


@dataclass(frozen=True, slots=True)
class Progress:
    """How a look goes: what it brought so far, whom to tell of it in a few words, and whether it should end."""

    counts: Counts
    tell: Callable[[str], None] = lambda _: None
    stop: Callable[[], bool] = lambda: False


def fetch_folder(desk: Desk, folder: Folder, reader: Reader, progress: Progress, *, everything: bool) -> None:
    """Take in what a folder holds and the ledger does not.

    With `everything` the whole folder is compared with the ledger, so that a mail the server once kept back is found;
    else only what came after the last look. A folder with a new UIDVALIDITY is compared whole anyway.

    Raises:
        MailError: the server broke off; what was taken in stays so.
        StorageError: the store cannot be written.
    """
    opened = folder.session.open(folder.name)
    state = desk.store.ledger.folder(folder.mailbox, folder.name)
    start = state.next_uid if state and state.uidvalidity == opened.uidvalidity and not everything else 1
    there = folder.session.uids(start)
    new = _unknown(desk, folder, opened.uidvalidity, there)
    left = _take_in_new(desk, folder, reader, progress, opened.uidvalidity, new)
    next_uid = min(left, default=max(there, default=start - 1) + 1)
    after = FolderState(folder.mailbox, folder.name, opened.uidvalidity, next_uid)
    if after != state:
        desk.store.ledger.put_folder(after)


def _unknown(desk: Desk, folder: Folder, uidvalidity: int, there: list[int]) -> list[int]:
    if not there:
        return []
    known = desk.store.ledger.known(folder.mailbox, folder.name, uidvalidity, since=min(there))
    return [uid for uid in there if uid not in known]


def _take_in_new(
    desk: Desk, folder: Folder, reader: Reader, progress: Progress, uidvalidity: int, new: list[int]
) -> set[int]:
    """Take in mails batch by batch; returns the UIDs to look at again: those that failed, or were not reached."""
    left = set(new)
    for batch in _batches(_fetched(folder, uidvalidity, new, left)):
        for uid, taken in _take_in_all(desk, reader, batch):
            left.discard(uid)
            if taken is not None:
                progress.counts.add(taken)
        progress.tell(f"{len(new) - len(left)} of {len(new)} mails")
        if progress.stop():
            break
    return left


def _fetched(folder: Folder, uidvalidity: int, uids: list[int], left: set[int]) -> Iterator[tuple[Fetched, str]]:
    """The mails that can be had, each with what is missing of it, in words; those that are gone are `left` no more."""
    for mail in folder.session.fetch(uids):
        match mail:
            case Loaded(uid, raw, received, note):
                yield Fetched(folder.place(uidvalidity, uid), raw, received), note
            case Unloaded(uid, _, is_gone):
                log.warning("uid %d of %s %s", uid, folder.mailbox, "is gone" if is_gone else "cannot be fetched now")
                left.difference_update([uid] if is_gone else [])


def _batches(mails: Iterable[tuple[Fetched, str]]) -> Iterator[list[tuple[Fetched, str]]]:
    batch: list[tuple[Fetched, str]] = []
    for mail in mails:
        batch.append(mail)
        if len(batch) == BATCH_MAILS or sum(len(each.raw) for each, _ in batch) > BATCH_BYTES:
            yield batch
            batch = []
    if batch:
        yield batch


def _take_in_all(desk: Desk, reader: Reader, batch: list[tuple[Fetched, str]]) -> list[tuple[int, Taken | None]]:
    """Bytes first, then one commit for the batch; reading is done before the store is locked.

    Returns what became of each UID; None stands for a mail that another process took in, no UID at all for a failure.
    """
    digests = desk.blobs.put_many([mail.raw for mail, _ in batch])
    readings = [_with_note(reader.read(mail.raw), note) for mail, note in batch]
    with desk.store.transaction():
        return [
            taken
            for (mail, _), read, raw in zip(batch, readings, digests, strict=True)
            for taken in _take_in_somehow(desk, mail, read, raw)
        ]


def _with_note(read: Incoming, note: str) -> Incoming:
    return replace(read, defects=(note, *read.defects)) if note else read


def _take_in_somehow(desk: Desk, mail: Fetched, read: Incoming, raw: str) -> Iterator[tuple[int, Taken | None]]:
    """One mail that trips a defect of ours must not stop the folder: it becomes a ticket with a warning."""
    for reading in (read, None):
        try:
            taken = take_in(desk, mail, reading or scan_head(mail.raw, _STUMBLED), raw)
        except _STORE_FAILED:
            raise
        except Exception:  # a worker's edge: logged whole, and shown to the agents on the ticket
            log.exception("uid %d of %s could not be filed", mail.place.uid, mail.place.mailbox)
        else:
            yield mail.place.uid, taken
            return
