"""Modes and groups of what is on a desk: all of it open to the people whose desk it is, and to nobody else."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from desk.errors import RefusedError
from storage import files
from storage.blobs import LOCK
from tandem.access import group_name, user_name
from tandem.paths import Home

PRIVATE, SHARED = 0o700, 0o2770
PRIVATE_FILE, SHARED_FILE = 0o600, 0o660
_READABLE = 0o040


def everything_on(home: Home) -> Iterator[tuple[Path, os.stat_result, int]]:
    """All that is on a desk, as it is and with the mode that it has on a shared one; but nobody's passwords, nor links.

    What goes away meanwhile is left out: others may be working on the desk.
    """
    for folder, folders, names in os.walk(home.folder):
        if Path(folder) == home.folder:
            folders[:] = [name for name in folders if home.folder / name != home.secrets]
        for name in (*folders, *names):
            with suppress(FileNotFoundError):
                found = Path(folder, name).lstat()
                if not stat.S_ISLNK(found.st_mode):
                    yield Path(folder, name), found, SHARED if stat.S_ISDIR(found.st_mode) else SHARED_FILE


def hand_over(path: Path, found: os.stat_result, mode: int, gid: int | None) -> None:
    """Set group and mode of something, which was found so, where they are not right yet.

    Raises:
        RefusedError: only its owner may.
    """
    refuse_others(path, found, mode, gid)
    if gid is not None and found.st_gid != gid:
        os.chown(path, -1, gid)  # which may take bits of the mode away
    if stat.S_IMODE(path.lstat().st_mode) != mode:
        path.chmod(mode)


def refuse_others(path: Path, found: os.stat_result, mode: int, gid: int | None) -> None:
    """Go on only with what has this mode and group, or is ours to change.

    Raises:
        RefusedError: it is neither.
    """
    is_right = stat.S_IMODE(found.st_mode) == mode and gid in (None, found.st_gid)
    if is_right or os.geteuid() in (0, found.st_uid):
        return
    owner = user_name(found.st_uid)
    now = f"mode {stat.S_IMODE(found.st_mode):o}, group {group_name(found.st_gid)}"
    what = f"{path} ({now}) belongs to {owner}, who alone can change that"
    raise RefusedError(what, f"ask {owner} or root, or choose another folder with --home")


@dataclass(frozen=True, slots=True)
class Misfit:
    """Something on a desk that not everybody can use whose desk it is, and whose it is."""

    path: Path
    owner: str


def misfits(home: Home) -> list[Misfit]:
    """What some of those whose desk this is cannot use: on a shared desk the group, on a private one its owner.

    What is just being made, under a hidden name, is left out.
    """
    desk, is_shared = home.folder.stat(), files.is_shared(home.folder)
    return [
        Misfit(path, user_name(found.st_uid))
        for path, found, mode in everything_on(home)
        if _counts(path) and not (_has(found, _needed(home, path, mode), desk) if is_shared else _is_of(found, desk))
    ]


def mend(home: Home, misfit: Misfit) -> bool:
    """Give the desk's people what is theirs; false where that is not ours to give."""
    desk = home.folder.stat()
    try:
        if files.is_shared(home.folder):
            mode = SHARED if misfit.path.is_dir() else SHARED_FILE
            hand_over(misfit.path, misfit.path.lstat(), mode, desk.st_gid)
        else:
            os.chown(misfit.path, desk.st_uid, desk.st_gid, follow_symlinks=False)
    except (OSError, RefusedError):
        return False
    return True


def _counts(path: Path) -> bool:
    return not path.name.startswith(".") or path.name == LOCK


def _needed(home: Home, path: Path, mode: int) -> int:
    """Files that people write themselves need only be readable: an editor makes them anew, by its own rules."""
    is_theirs = path == home.config or home.macros in path.parents
    return _READABLE if is_theirs and mode == SHARED_FILE else mode


def _is_of(found: os.stat_result, desk: os.stat_result) -> bool:
    """Whether it belongs to whose desk this is."""
    return found.st_uid == desk.st_uid


def _has(found: os.stat_result, mode: int, desk: os.stat_result) -> bool:
    """Whether the desk's group may use it."""
    return found.st_gid == desk.st_gid and found.st_mode & mode == mode
