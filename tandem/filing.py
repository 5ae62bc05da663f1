"""Mails of one folder on their way from the server onto tickets: fetched, read, on disk, then in one commit a batch.

While one batch is being taken in, the next ones are read and the server is already sending those after them.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace

from desk.desk import Desk
from desk.erased import discard
from desk.errors import MailError, StoreBusy, StoreDamaged, StoreOutdated, StoreUnreachable
from desk.incoming import KEPT, Fetched, Incoming, Outcome, Place, Row
from desk.intake import Taken, take_in
from mail.fetched import is_too_large
from mail.heads import scan_head
from mail.loading import ASKED_AT_ONCE, BATCH_BYTES, BATCH_MAILS, Loaded, Unloaded
from mail.received import received
from tandem.folder import Folder, Progress
from tandem.sent import belonging
from tandem.workshop import AHEAD, Arrived, Prepared, Workshop

log = logging.getLogger("tandem.fetching")

_STORE_FAILED = (StoreBusy, StoreDamaged, StoreOutdated, StoreUnreachable)
"""What is the store's trouble and not one mail's."""

_STUMBLED = f"Tandem stumbled over this mail and shows only its head; {KEPT}"
_NOT_HANDLED = frozenset({Outcome.PARKED, Outcome.ERASED, Outcome.ELSEWHERE})
"""What is not on a ticket stays where it is on the server."""


@dataclass(frozen=True, slots=True)
class Filing:
    """Takes mails of a folder in. `left` are the UIDs still to be looked at, with why the server did not give them.

    Those without a reason were not reached, or could not be filed. `erased` are mails that came again after they were
    erased, as read, with their bytes' sha256. `door` is what takes each mail in, in a transaction.
    """

    desk: Desk
    folder: Folder
    workshop: Workshop
    progress: Progress
    uidvalidity: int
    left: dict[int, str]
    erased: list[tuple[Incoming, str]] = field(default_factory=list[tuple[Incoming, str]])
    door: Callable[[Desk, Fetched, Incoming, str], Taken | None] = take_in

    def take_in(self, uids: Sequence[int]) -> None:
        """Take in these mails, but for those that the ledger came to know meanwhile.

        Raises:
            MailError: the server broke off; what it had given is taken in.
            StorageError: the store cannot be written.
        """
        for start in range(0, len(uids), ASKED_AT_ONCE):
            asked = uids[start : start + ASKED_AT_ONCE]
            wanted, gmail_ids = self._folded(self._still_unknown(asked))
            self.progress.note_done(len(asked) - len(wanted))
            self._take_in_some(wanted, gmail_ids)
            if self.progress.stop():
                return

    def take_in_again(self, uid: int) -> None:
        """Take in a mail whatever the ledger says of it: the `door` knows. Raises as `take_in`."""
        self._take_in_some([uid], {})

    def _still_unknown(self, uids: Sequence[int]) -> list[int]:
        """Another process may be taking in the same mails: the commit makes that safe, and this makes it cheap."""
        folder, lowest = self.folder, min(uids)
        known = self.desk.store.ledger.known(folder.mailbox, folder.name, self.uidvalidity, since=lowest)
        wanted = [uid for uid in uids if uid not in known]
        if folder.is_sent and wanted:
            wanted = belonging(self.desk, folder, self.uidvalidity, wanted)
        for uid in set(uids).difference(wanted):
            self.left.pop(uid, None)
        return wanted

    def _folded(self, uids: Sequence[int]) -> tuple[list[int], dict[int, str]]:
        """Those of the mails that are not held under another of Gmail's labels, and what Gmail calls them."""
        session = self.folder.session
        if not uids or not session.has_gmail_ids:
            return list(uids), {}
        infos = session.infos(uids)
        ids = {uid: info.gmail_id for uid, info in infos.items() if info.gmail_id}
        with self.desk.store.transaction():
            rows = {uid: self._row_of(uid, gmail_id) for uid, gmail_id in ids.items()}
            held = {uid: row for uid, row in rows.items() if row is not None}
            self._note_pending([uid for uid, row in held.items() if row.entry and not is_too_large(infos[uid])])
        for uid in held:
            self.left.pop(uid, None)
        return [uid for uid in uids if uid not in held], ids

    def _row_of(self, uid: int, gmail_id: str) -> Row | None:
        """Where this mail was taken in under another label; then the ledger knows of this one too from now on."""
        ledger, place = self.desk.store.ledger, self.folder.place(self.uidvalidity, uid)
        row = ledger.with_gmail(self.folder.mailbox, gmail_id)
        if row is not None and not ledger.has(place):
            ledger.record(place, row.elsewhere, row.entry, row.raw)
        return row

    def _take_in_some(self, uids: Sequence[int], gmail_ids: Mapping[int, str]) -> None:
        under_way: deque[Future[list[Prepared]]] = deque()
        try:
            for batch in batches(self._fetched(uids, gmail_ids)):
                under_way.append(self.workshop.prepare(batch))
                while len(under_way) > AHEAD:
                    self._commit(under_way.popleft().result())
                if self.progress.stop():
                    break
        finally:
            try:
                while under_way:
                    self._commit(under_way.popleft().result())
            finally:
                self._discard_erased()

    def _fetched(self, uids: Sequence[int], gmail_ids: Mapping[int, str]) -> Iterator[Arrived]:
        """The mails that can be had. Of the others the reason is written down; those that are gone are left no more."""
        for mail in self.folder.session.fetch(uids):
            match mail:
                case Loaded(uid, raw, told, note):
                    place, at = self.folder.place(self.uidvalidity, uid), received(raw, told, self.desk.clock())
                    yield Arrived(Fetched(place, raw, at, is_sent=self.folder.is_sent), note, gmail_ids.get(uid, ""))
                case Unloaded(uid, why, is_gone=True):
                    log.warning("uid %d of %s is gone: %s", uid, self.folder.mailbox, why)
                    self.left.pop(uid, None)
                case Unloaded(uid, why):
                    log.warning("uid %d of %s cannot be fetched now: %s", uid, self.folder.mailbox, why)
                    self.left[uid] = why

    def _commit(self, batch: Sequence[Prepared]) -> None:
        """Take a batch in in one commit; what the server shall do with its mails is noted in the same one."""
        with self.desk.store.transaction():
            results = [result for each in batch for result in self._take_in_somehow(each)]
            self._note_pending(_to_handle(results, batch))
        erased = {uid for uid, taken in results if taken and taken.outcome is Outcome.ERASED}
        self.erased.extend(slim(each) for each in batch if each.arrived.mail.place.uid in erased)
        for uid, taken in results:
            self.left.pop(uid, None)
            if taken is not None:
                self.progress.counts.add(taken)
        self.progress.note_done(len(results))
        self._tell_of_unfiled({each.arrived.mail.place for each in batch}, {uid for uid, _ in results})

    def _tell_of_unfiled(self, places: Iterable[Place], filed: Collection[int]) -> None:
        for each in places:
            if each.uid not in filed:
                words = f"{each.mailbox}, {each.folder}: the mail with UID {each.uid} cannot be put on a ticket"
                self.progress.notice(f"{words}; it is tried again at every look, and the log says why")

    def _discard_erased(self) -> None:
        """What was erased and has come again is on disk already, and must not stay there.

        Not before all that was prepared with it is committed: another mail may hold the same file.
        """
        discard(self.desk, self.erased)
        self.erased.clear()

    def _note_pending(self, uids: Sequence[int]) -> None:
        """Note what the server shall do something with."""
        ledger, folder = self.desk.store.ledger, self.folder
        state = ledger.folder(folder.mailbox, folder.name) if folder.is_handled and uids else None
        if state is not None and state.uidvalidity == self.uidvalidity:
            ledger.put_folder(replace(state, pending=tuple(dict.fromkeys((*state.pending, *uids)))))

    def _take_in_somehow(self, mail: Prepared) -> Iterator[tuple[int, Taken | None]]:
        """None stands for a mail that another process took in, nothing at all for a failure."""
        place = mail.arrived.mail.place
        for taken in somehow(mail, lambda read: self.door(self.desk, mail.arrived.mail, read, mail.raw)):
            if mail.arrived.gmail_id:
                self.desk.store.ledger.note_gmail(place, mail.arrived.gmail_id)
            yield place.uid, taken


def _to_handle(results: Sequence[tuple[int, Taken | None]], batch: Sequence[Prepared]) -> list[int]:
    """What this batch put on tickets, whole. The rest must stay where it can be had, or is another process's affair."""
    cut = {each.arrived.mail.place.uid for each in batch if each.arrived.note}
    return [uid for uid, taken in results if taken and taken.outcome not in _NOT_HANDLED and uid not in cut]


def slim(mail: Prepared) -> tuple[Incoming, str]:
    """What `discard` must know of a mail, without its text and files."""
    return replace(mail.read, text="", files=()), mail.raw


def somehow(mail: Prepared, take: Callable[[Incoming], Taken | None]) -> Iterator[Taken | None]:
    """One mail that trips a defect of ours must not stop the others: it becomes a ticket with a warning.

    Nothing at all stands for a failure.
    """
    fetched = mail.arrived.mail
    for is_careful in (False, True):
        try:
            taken = take(scan_head(fetched.raw, _STUMBLED) if is_careful else mail.read)
        except _STORE_FAILED:
            raise
        except Exception:  # a worker's edge: logged whole, and shown to the agents on the ticket
            log.exception("uid %d of %s could not be filed", fetched.place.uid, fetched.place.mailbox)
        else:
            yield taken
            return


def batches(mails: Iterable[Arrived]) -> Iterator[list[Arrived]]:
    """So many at a time as are taken in together; what had come when the server broke off is a batch too."""
    batch: list[Arrived] = []
    held = 0
    try:
        for mail in mails:
            batch.append(mail)
            held += len(mail.mail.raw)
            if len(batch) == BATCH_MAILS or held > BATCH_BYTES:
                yield batch
                batch, held = [], 0
    except MailError:
        if batch:
            yield batch
        raise
    if batch:
        yield batch
