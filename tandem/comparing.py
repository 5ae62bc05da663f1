"""Whether the UIDs of a folder that was just opened still mean what they meant when it was last looked at."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from desk.desk import Desk
from desk.incoming import FolderState
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
        fresh = folder.unseen(opened.uidvalidity)
        desk.store.ledger.put_folder(fresh)
        if found is not None:
            progress.notice(f"{where}: the mail server numbered all mails anew; they are compared, none comes in twice")
            log.warning("%s: UIDVALIDITY went from %d to %d", where, found.uidvalidity, opened.uidvalidity)
        return fresh
    if opened.uidnext < found.next_uid:
        progress.notice(f"{where}: the mail server went back to numbers that it had used; all mails are compared anew")
        log.warning("%s: UIDNEXT went from %d back to %d", where, found.next_uid, opened.uidnext)
        return _gone_back(desk, folder, opened, found)
    return found


def _gone_back(desk: Desk, folder: Folder, opened: Opened, found: FolderState) -> FolderState:
    """UIDs from UIDNEXT on will be given to other mails, though they were given before (RFC 9051 2.3.1.1 forbids it).

    Those of mails that are there all the same stay known; the rows of the others would hide what comes.
    """
    lowest = max(folder.session.uids(opened.uidnext), default=opened.uidnext - 1) + 1
    fresh = replace(folder.unseen(opened.uidvalidity), withheld=found.withheld, pending=found.pending)
    with desk.store.transaction():
        desk.store.ledger.forget(folder.mailbox, folder.name, opened.uidvalidity, since=lowest)
        desk.store.ledger.put_folder(fresh)
    return fresh
