"""One look at one IMAP folder: what is new there is read, stored, and taken in; then the server may be asked for more.

The order is the safety: a mail's bytes and its files are on disk before the store speaks of them, its ledger row is in
the commit that puts it on a ticket, and only after that commit is anything changed on the server, if at all. A crash
anywhere means that the mail is looked at again, never that it is lost or doubled.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from desk.desk import Desk
from desk.errors import MailUnreachable
from desk.incoming import FolderState
from tandem.comparing import compared
from tandem.counts import Counts
from tandem.filing import Filing
from tandem.folder import Folder, Progress
from tandem.handled import handle
from tandem.stand_ins import stand_in_for
from tandem.workshop import Workshop

if TYPE_CHECKING:
    from mail.loading import Opened

log = logging.getLogger("tandem.fetching")

LOOKS = 3
"""After so many whole looks at which the server does not give a mail, a ticket says so."""

BREAKS = 5
"""After so many connections that broke off over one mail, a ticket says so."""


def fetch_folder(
    desk: Desk,
    folder: Folder,
    workshop: Workshop,
    progress: Progress,
    *,
    everything: bool,
    opened: Opened | None = None,
    passed: Collection[int] = (),
) -> Opened:
    """Take in what a folder holds and the ledger does not; returns the folder as it was opened.

    With `everything` the whole folder is compared with the ledger, so that a mail the server once kept back is found;
    else only what came after the last look. A folder whose UIDs are no longer what they were is compared whole anyway.
    `opened`: it is open already, so that a look that finds nothing costs one question. `passed` are UIDs that are not
    asked for now: they broke connections off.

    Raises:
        MailError: the server broke off; what was taken in stays so.
        StorageError: the store cannot be written.
    """
    found = desk.store.ledger.folder(folder.mailbox, folder.name)  # before it is opened: what comes later is higher
    if opened is None or found is None:
        opened = folder.open()
        before = compared(desk, folder, opened, found, progress)
        modseq = opened.highestmodseq or 0
    else:
        before, modseq = found, found.highestmodseq
    everything = everything or before is not found
    _Look(desk, folder, opened, before, modseq, everything=everything, passed=passed).take_in(workshop, progress)
    if not progress.stop():  # else the server may still be speaking of mails that nobody waits for any more
        handle(desk, folder, opened.uidvalidity)
    return opened


@dataclass(frozen=True, slots=True)
class _Look:
    """A folder that is open, what was known of it `before`, and whether all of it is compared."""

    desk: Desk
    folder: Folder
    opened: Opened
    before: FolderState
    modseq: int
    everything: bool
    passed: Collection[int]

    def take_in(self, workshop: Workshop, progress: Progress) -> None:
        """Take in what is new, and remember how far that went, also when the server breaks off."""
        there = self._there()
        new = sorted(self._unknown(there))
        left = dict.fromkeys(new, "")
        progress.begin(len(new))
        try:
            filing = Filing(self.desk, self.folder, workshop, progress, self.opened.uidvalidity, left)
            for uids in self._apart(new):
                filing.take_in(uids)
                if progress.stop():
                    break
        except MailUnreachable as error:
            if broken := error.uid if error.uid in left else None:
                left[broken] = error.message
            self._remember(there, left, progress.counts, broken)
            raise
        self._remember(there, left, progress.counts)

    def _there(self) -> list[int]:
        """The UIDs to compare with the ledger.

        Where the server counts changes (RFC 7162), a mail that appeared below the last look's end is found at once.
        """
        if self.everything:
            return self.folder.session.all_uids()
        uids = {*self.folder.session.uids(self.before.next_uid), *self.before.again}
        if 0 < self.before.highestmodseq < self.modseq:
            uids.update(self.folder.session.changed(self.before.highestmodseq))
        return sorted(uids)

    def _unknown(self, there: Sequence[int]) -> list[int]:
        if not there:
            return []
        folder, ledger = self.folder, self.desk.store.ledger
        known = ledger.known(folder.mailbox, folder.name, self.opened.uidvalidity, since=min(there))
        return [uid for uid in there if uid not in known]

    def _apart(self, uids: Sequence[int]) -> list[list[int]]:
        """What to ask for at once, oldest first, but alone and last of all each that made trouble before.

        They must not keep the others waiting: a server may break off already when it is asked for their size.
        """
        troubled = {uid for uid, _ in self.before.withheld}
        others = [uid for uid in uids if uid not in troubled]
        return [others, *([uid] for uid in sorted(troubled.intersection(uids).difference(self.passed)))]

    def _remember(self, there: Sequence[int], left: dict[int, str], counts: Counts, broken: int | None = None) -> None:
        withheld = self._counted(left, broken)
        due = [uid for uid, looks in withheld.items() if left[uid] and looks >= (BREAKS if uid == broken else LOOKS)]
        for uid in due:
            stand_in_for(self.desk, self.folder.place(self.opened.uidvalidity, uid), left.pop(uid), counts)
            del withheld[uid]
        counts.parked += len(withheld) if self.everything and broken is None else 0
        start = 1 if self.everything else self.before.next_uid
        next_uid = min(left, default=max(max(there, default=0) + 1, start))
        with self.desk.store.transaction():
            now = self.desk.store.ledger.folder(self.folder.mailbox, self.folder.name) or self.before
            if now.uidvalidity != self.opened.uidvalidity:
                return  # another process found the folder numbered anew: none of these numbers means anything there
            modseq = self.before.highestmodseq if left else self.modseq
            again = tuple(uid for uid in now.again if uid not in self.before.again)
            after = replace(now, next_uid=next_uid, withheld=tuple(withheld.items()), highestmodseq=modseq, again=again)
            if after != now:
                self.desk.store.ledger.put_folder(after)

    def _counted(self, left: Mapping[int, str], broken: int | None) -> dict[int, int]:
        """In how many looks the server has not given each mail: whole ones, for hasty looks between prove nothing.

        A connection that breaks off over a mail counts each time.
        """
        looks = dict(self.before.withheld)
        return {
            uid: looks.get(uid, 0) + ((self.everything and why != "" and broken is None) or uid == broken)
            for uid, why in sorted(left.items())
            if why or uid in looks
        }
