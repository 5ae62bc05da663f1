"""A desk becomes what a backup holds: all of that is looked at first, and what was there before is kept.

The moment is the store's: until then the desk is as before, from then on it is restored. Mails and attached files are
only ever added, and before that moment; macros and settings follow it. Whoever is stopped in between does it again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from storage.blobs import Blobs
from storage.workshop import workshop
from tandem.backups.replacement import Kept, keep_and_become
from tandem.backups.texts import Settled, settle
from tandem.backups.unpacked import Unpacked, unpacked
from tandem.log import open_log
from tandem.new_desk import folder_for, make_folders, put_in_place
from tandem.paths import Home
from tandem.progress import Tell

log = logging.getLogger("tandem.backups")

Agree = Callable[[Unpacked], None]
"""Is shown what would take a desk's place, and raises when that is not wanted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What a desk is now. `kept` is the desk as it was before, None where there was none.

    `uncertain` mails had not left when the backup was made and may have left since; `missing` are mails and
    attached files that are neither in the backup nor on the desk.
    """

    made: datetime
    tickets: int
    mails: int
    files_added: int
    uncertain: int
    missing: tuple[str, ...]
    settled: Settled
    kept: Kept | None


def restore(home: Home, source: Path, agree: Agree, tell: Tell) -> Restored:
    """Let the desk in a folder, which may be new, be what a backup holds. `agree` is asked where there is a desk.

    Raises:
        RefusedError: this is no backup, there is no room for it, or it is not wanted.
        StorageError: the backup or the desk cannot be used; the desk is as it was.
    """
    with folder_for(home), workshop(home.folder) as folder, unpacked(source, folder, tell) as backup:
        is_new = not home.exists
        if not is_new:
            agree(backup)
        make_folders(home)
        open_log(home.log)
        blobs, kept = Blobs(home.mail), None
        added = backup.add_files(blobs, tell)
        if is_new:
            settled = settle(home, backup.texts)
            put_in_place(backup.store, home)
        else:
            kept = keep_and_become(home, backup.store, folder, tell)
            settled = _settle_anyway(home, backup)
        log.info("restored %d tickets as of %s", backup.tickets, backup.made)
        return Restored(
            made=backup.made,
            tickets=backup.tickets,
            mails=len(backup.files.mails),
            files_added=added,
            uncertain=backup.uncertain,
            missing=tuple(each for each in backup.files.all if not blobs.has(each)),
            settled=settled,
            kept=kept,
        )


def _settle_anyway(home: Home, backup: Unpacked) -> Settled:
    """Macros and settings of a desk whose store is restored already: what fails is told, and nothing stops for it."""
    try:
        return settle(home, backup.texts)
    except Exception as error:  # the desk is restored: whatever this is, it is told
        log.exception("macros and settings could not all be restored")
        return Settled(0, "kept", failed=str(error))
