"""Whether the UIDs of a folder that was just opened still mean what they meant when it was last looked at."""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from desk.conversation import Message
from desk.desk import Desk
from desk.incoming import FolderState, Place
from tandem.folder import Folder, Progress

if TYPE_CHECKING:
    from mail.loading import Opened

log = logging.getLogger("tandem.fetching")


def compared(desk: Desk, folder: Folder, opened: Opened, found: FolderState | None, progress: Progress) -> FolderState:
    """What is known of the folder and still true. What is not is said in words, and compared anew.

    Under a new UIDVALIDITY no UID means anything (RFC 9051 2.3.1.1): every mail is fetched again and known by its
    content, so that none is taken in twice and those that came between are not missed.
    """
    where = f"{folder.mailbox}, {folder.name}"
    if found is None or found.uidvalidity != opened.uidvalidity:
        fresh = _begun_anew(desk, folder, opened)
        if found is not None:
            progress.notice(f"{where}: the server numbered all mails anew; none comes twice")
            log.warning("%s: UIDVALIDITY went from %d to %d", where, found.uidvalidity, opened.uidvalidity)
        return fresh
    if opened.uidnext < found.next_uid:
        progress.notice(f"{where}: the server went back to used numbers; none comes twice")
        log.warning("%s: UIDNEXT went from %d back to %d", where, found.next_uid, opened.uidnext)
        return _gone_back(desk, folder, opened, found)
    return found


def _begun_anew(desk: Desk, folder: Folder, opened: Opened) -> FolderState:
    """The folder as if nobody had looked at it; what another process has noted meanwhile stays in the store."""
    fresh, ledger = folder.unseen(opened.uidvalidity), desk.store.ledger
    with desk.store.transaction():
        now = ledger.folder(folder.mailbox, folder.name)
        if now is None or now.uidvalidity != opened.uidvalidity:
            ledger.put_folder(fresh)
    return fresh


def _gone_back(desk: Desk, folder: Folder, opened: Opened, found: FolderState) -> FolderState:
    """UIDs will be given to other mails, or were so already, though they were given before (RFC 9051 2.3.1.1).

    Only mails that still have the Message-ID that they were taken in with stay known. A row of any other would hide
    what came in its place, or have that marked and moved unseen; what is fetched again is known by its content. A mail
    that something stands for is asked for again in any case.
    """
    known = desk.store.ledger.known(folder.mailbox, folder.name, opened.uidvalidity) - set(found.stood_in)
    same = _still_the_same(desk, folder, opened.uidvalidity, known)
    stale, fresh = {*known, *found.pending} - same, folder.unseen(opened.uidvalidity)
    with desk.store.transaction():
        now = desk.store.ledger.folder(folder.mailbox, folder.name) or found
        if now.uidvalidity != opened.uidvalidity:
            return fresh  # another process found the folder numbered anew: none of these numbers means anything there
        pending = tuple(uid for uid in now.pending if uid not in stale)
        fresh = replace(fresh, withheld=now.withheld, pending=pending, stood_in=now.stood_in)
        desk.store.ledger.forget(folder.mailbox, folder.name, opened.uidvalidity, known - same)
        desk.store.ledger.put_folder(fresh)
    return fresh


def _still_the_same(desk: Desk, folder: Folder, uidvalidity: int, known: Collection[int]) -> frozenset[int]:
    there = [uid for uid in folder.session.all_uids() if uid in known]
    heads = folder.session.heads(there).items()
    return frozenset(uid for uid, head in heads if _is_kept_as(desk, folder.place(uidvalidity, uid), head.message_id))


def _is_kept_as(desk: Desk, place: Place, message_id: str) -> bool:
    """Whether the mail of this place is on a ticket under this id; one that was erased in part keeps its own."""
    row = desk.store.ledger.row(place)
    message = desk.store.conversations.get(row.entry) if row and row.entry is not None else None
    return isinstance(message, Message) and message.message_id == message_id
