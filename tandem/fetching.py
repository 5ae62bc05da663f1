"""One look at one IMAP folder: what is new there is read, stored, and taken in; nothing on the server is changed.

The order is the safety: a mail's bytes and its files are on disk before the store speaks of them, and its ledger row
is in the commit that puts it on a ticket. A crash anywhere means that the mail is looked at again, never that it is
lost or doubled.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from desk.desk import Desk
from desk.errors import StoreBusy, StoreDamaged, StoreUnreachable
from desk.incoming import Fetched, FolderState, Incoming, Place
from desk.intake import Taken, take_in
from desk.ports import Reader
from mail.heads import scan_head
from mail.loading import BATCH_BYTES, BATCH_MAILS, Loaded, Unloaded
from tandem.counts import Counts

if TYPE_CHECKING:
    from mail.imap import Session

log = logging.getLogger("tandem.fetching")

_STORE_FAILED = (StoreBusy, StoreDamaged, StoreUnreachable)
"""What is the store's trouble and not one mail's."""

NOT_FETCHED = "(a mail that could not be fetched)"
"""The subject of a ticket that stands for a mail on the server."""

LOOKS = 3
"""After so many whole looks at which the server does not give a mail, a ticket says so."""

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

    def unseen(self, uidvalidity: int) -> FolderState:
        """This folder when nobody has looked at it."""
        return FolderState(self.mailbox, self.name, uidvalidity, next_uid=1)


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
    found = desk.store.ledger.folder(folder.mailbox, folder.name)
    before = found if found and found.uidvalidity == opened.uidvalidity else folder.unseen(opened.uidvalidity)
    start = 1 if everything else before.next_uid
    there = folder.session.uids(start)
    new = _unknown(desk, folder, opened.uidvalidity, there)
    left = _take_in_new(desk, folder, reader, progress, opened.uidvalidity, new)
    withheld = _counted(before, left, everything=everything)
    for uid in [uid for uid, looks in withheld.items() if looks >= LOOKS]:
        _stand_in_for(desk, folder.place(opened.uidvalidity, uid), left.pop(uid), progress.counts)
        del withheld[uid]
    progress.counts.parked += len(withheld) if everything else 0
    next_uid = min(left, default=max(there, default=start - 1) + 1)
    after = replace(before, next_uid=next_uid, withheld=tuple(withheld.items()))
    if after != found:
        desk.store.ledger.put_folder(after)


def _counted(before: FolderState, left: Mapping[int, str], *, everything: bool) -> dict[int, int]:
    """In how many whole looks the server has not given each mail; the hasty looks between them prove nothing."""
    looks = dict(before.withheld)
    return {
        uid: looks.get(uid, 0) + (everything and why != "") for uid, why in sorted(left.items()) if why or uid in looks
    }


def _stand_in_for(desk: Desk, place: Place, why: str, counts: Counts) -> None:
    """A ticket for a mail that cannot be had, so that somebody looks for it where it lies, and it is asked for no more.

    What is kept as its bytes are the words about it; they name the place, so that two such mails are never one.
    """
    where = f"{place.mailbox}, {place.folder}, UID {place.uid}, UIDVALIDITY {place.uidvalidity}"
    words = f"the mail server does not give this mail ({where}): {why}; look at it there with another program"
    log.error("%s", words)
    raw = f"Subject: {NOT_FETCHED}\r\n\r\n{words}\r\n".encode()
    if taken := take_in(desk, Fetched(place, raw, desk.clock()), scan_head(raw, words), desk.blobs.put(raw)):
        counts.add(taken)


def _unknown(desk: Desk, folder: Folder, uidvalidity: int, there: list[int]) -> list[int]:
    if not there:
        return []
    known = desk.store.ledger.known(folder.mailbox, folder.name, uidvalidity, since=min(there))
    return [uid for uid in there if uid not in known]


def _take_in_new(
    desk: Desk, folder: Folder, reader: Reader, progress: Progress, uidvalidity: int, new: list[int]
) -> dict[int, str]:
    """Take in mails batch by batch; returns the UIDs to look at again, with why the server did not give the mail.

    Those without a reason were not reached, or could not be filed.
    """
    left = dict.fromkeys(new, "")
    for batch in _batches(_fetched(folder, uidvalidity, new, left)):
        for uid, taken in _take_in_all(desk, reader, batch):
            left.pop(uid, None)
            if taken is not None:
                progress.counts.add(taken)
        progress.tell(f"{len(new) - len(left)} of {len(new)} mails")
        if progress.stop():
            break
    return left


def _fetched(folder: Folder, uidvalidity: int, uids: list[int], left: dict[int, str]) -> Iterator[tuple[Fetched, str]]:
    """The mails that can be had, each with what is missing of it, in words.

    Of those that are `left` the reason is written down; those that are gone are left no more.
    """
    for mail in folder.session.fetch(uids):
        match mail:
            case Loaded(uid, raw, received, note):
                yield Fetched(folder.place(uidvalidity, uid), raw, received), note
            case Unloaded(uid, why, is_gone=True):
                log.warning("uid %d of %s is gone: %s", uid, folder.mailbox, why)
                left.pop(uid, None)
            case Unloaded(uid, why):
                log.warning("uid %d of %s cannot be fetched now: %s", uid, folder.mailbox, why)
                left[uid] = why


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
    """Read all, then put their bytes on disk, then take them in in one commit: nobody waits for the store meanwhile.

    Returns what became of each UID; None stands for a mail that another process took in, no UID at all for a failure.
    """
    readings = [_with_note(reader.read(mail.raw), note) for mail, note in batch]
    raws = [mail.raw for mail, _ in batch]
    digests = desk.blobs.put_many([*raws, *(file for read in readings for file in read.files)])[: len(batch)]
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
