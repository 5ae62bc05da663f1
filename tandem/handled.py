"""What the server shall do with mail that is on a ticket: mark it as read, or move it. By default it does nothing.

It is asked only for what a commit has noted, and the note goes away after the server has done it. So a crash means that
it is asked again, which harms nothing: a mail that is gone by then is none of our business any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from desk.desk import Desk
from desk.incoming import Place
from mail.loading import Moved
from tandem.connections import naming_folders
from tandem.folder import Folder

_AT_ONCE = 200
"""Mails that one command speaks of: a line that names more may be too long for a server (RFC 7162 4)."""


def handle(desk: Desk, folder: Folder, uidvalidity: int) -> None:
    """Have the server mark or move what is noted; the folder is open for that.

    Raises:
        MailError: it does not do so; it is asked again another time.
        StorageError: the store cannot be written.
    """
    state = desk.store.ledger.folder(folder.mailbox, folder.name)
    if not folder.is_handled or state is None or state.uidvalidity != uidvalidity:
        return
    for start in range(0, len(state.pending), _AT_ONCE):
        uids = state.pending[start : start + _AT_ONCE]
        if folder.marks_seen:
            folder.session.mark_seen(uids)
        moved = _move(folder, uids) if folder.target else Moved()
        with desk.store.transaction():
            _note_places(desk, folder, uidvalidity, moved)
            _forget_pending(desk, folder, uids)


def _move(folder: Folder, uids: tuple[int, ...]) -> Moved:
    with naming_folders(folder.session.folders, folder.target):
        return folder.session.move(uids, folder.target)


def _note_places(desk: Desk, folder: Folder, uidvalidity: int, moved: Moved) -> None:
    """Where the server says that moved mails lie now, they are known already (RFC 4315 COPYUID)."""
    ledger = desk.store.ledger
    for old, new in _told(moved).items():
        row, place = ledger.row(folder.place(uidvalidity, old)), Place(folder.mailbox, folder.target, *new)
        if row is not None and not ledger.has(place):
            ledger.record(place, row.elsewhere, row.entry, row.raw)


def _told(moved: Moved) -> Mapping[int, tuple[int, int]]:
    return {old: (moved.uidvalidity, new) for old, new in moved.uids.items()} if moved.uidvalidity else {}


def _forget_pending(desk: Desk, folder: Folder, uids: tuple[int, ...]) -> None:
    state = desk.store.ledger.folder(folder.mailbox, folder.name)
    if state is not None:
        left = tuple(uid for uid in state.pending if uid not in uids)
        desk.store.ledger.put_folder(replace(state, pending=left))
