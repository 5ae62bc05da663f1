"""A desk's store takes on another one's content, and what it held until that moment is kept as a backup.

The last moment before is when nobody can write any more: then a copy is put on disk, in a blink. A backup is made of
that copy afterwards, while colleagues go on; until it is whole, the copy lies there.
"""

from __future__ import annotations

import logging
import shutil
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from desk.clock import utc_now
from desk.errors import StoreDamaged
from desk.outgoing import OutboxEntry
from desk.unsent import unsent
from storage.database import replace_damaged
from storage.shared import SharedStore, open_shared
from tandem.backups.backup import SUFFIX, backups_folder, pack, stamp
from tandem.backups.manifest import STORE
from tandem.outfile import free_path
from tandem.paths import Home
from tandem.progress import Tell

log = logging.getLogger("tandem.backups")

_DAMAGED = "-damaged.db"
_COPY = "import shutil, sys; shutil.copyfile(sys.argv[1], sys.argv[2])"


@dataclass(frozen=True, slots=True)
class Kept:
    """Where a desk is that was replaced. `damaged`: only its store's file, as far as that could be read.

    `reopen`: whoever had it open must open it again. `unsent` mails had not left and are nowhere else now.
    """

    path: Path
    damaged: bool = False
    reopen: bool = False
    unsent: int = 0


def keep_and_become(home: Home, store: Path, folder: Path, tell: Tell) -> Kept:
    """Let the store of a desk, which others may have open, become the one in a file; keep what it was.

    Raises:
        StorageError: it cannot; then it is as it was.
    """
    copy = free_path(backups_folder(home), f"before-restore-{stamp()}", ".db", SUFFIX, _DAMAGED)
    damaged = copy.with_name(copy.stem + _DAMAGED)
    waiting: list[OutboxEntry] = []
    tell("restoring", 0)
    try:
        with closing(open_shared(home.store)) as live:
            with closing(open_shared(store)) as restored:
                live.carry_erasures(restored)
            live.become(store, lambda: _keep(live, home.store, copy, damaged, waiting))
            gone = _only_there(live, waiting)
    except StoreDamaged:
        log.exception("the store of this desk cannot be used any more")
        for each in (damaged, damaged.with_name(f"{damaged.name}-wal")):
            each.unlink(missing_ok=True)  # the file itself is kept
        return Kept(replace_damaged(home.store, store), damaged=True, reopen=True)
    if damaged.exists():
        return Kept(damaged, damaged=True, unsent=gone)
    return Kept(_packed(home, copy, folder, tell), unsent=gone)


def _only_there(live: SharedStore, waiting: list[OutboxEntry]) -> int:
    """How many mails that waited on the desk before the restored one knows nothing of."""
    try:
        return sum(live.outbox.with_message_id(each.message_id) is None for each in waiting)
    except Exception:  # the desk is restored: whatever this is, the rest of it goes on
        log.exception("the mails that waited could not be counted")
        return 0


def _keep(live: SharedStore, path: Path, copy: Path, damaged: Path, waiting: list[OutboxEntry]) -> None:
    try:
        live.copy_to(copy)
        waiting.extend(unsent(live))
    except StoreDamaged:
        log.exception("the store of this desk is damaged and is kept as it is")
        for suffix in ("", "-wal"):
            _copy_raw(path.with_name(path.name + suffix), damaged.with_name(damaged.name + suffix))


def _copy_raw(path: Path, target: Path) -> None:
    """In a process of its own: closing the store's file in this one would drop the locks that SQLite has on it."""
    if path.exists():
        subprocess.run([sys.executable, "-I", "-c", _COPY, path, target], check=True)  # noqa: S603 - our own words
        target.chmod(0o600)


def _packed(home: Home, copy: Path, folder: Path, tell: Tell) -> Path:
    """Make a backup of a copy, which then goes; where that cannot be, the copy is one."""
    target = copy.with_suffix(SUFFIX)
    try:
        (folder / "kept").mkdir()
        shutil.copyfile(copy, folder / "kept" / STORE)
        pack(home, folder / "kept" / STORE, utc_now(), target, tell)
        copy.unlink()
    except Exception:  # the desk is restored: whatever this is, the rest of it goes on
        log.exception("%s could not be made; %s stays", target, copy)
        return copy
    return target
