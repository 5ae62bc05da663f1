"""Texts that were in an agent's editor when Tandem was killed: their files are still there, and nobody has them open.

Texts that the store could not take lie there likewise (refuge.py, tui/outdated.py). The name of such a file tells what
its author had seen of the ticket when they wrote; whom a first mail goes to stands in a file beside it.

Such a folder is locked for as long as its Tandem runs (flock, which ends with the process, however that ends).
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from desk.conversation import EntryId
from desk.desk import Desk
from desk.draft import DraftKind
from desk.ticket import TicketNumber
from tui.composer.draft_text import plain
from tui.composer.private import drafts_folder

_FILE = re.compile(r"(?P<number>[1-9][0-9]{0,8}|new)-(?P<kind>reply|forward|note)(?:-(?P<seen>[1-9][0-9]{0,17}))?\.txt")
HEADS = ".heads"
"""The file beside a text that has the lines above it, where an editor does not show them."""
UNFINISHED = ".unfinished"
"""The end of the name of a file that was to take the place of a text."""
_MOST = 1024 * 1024
"""Bytes of a file that are read: what is longer was not typed by anybody."""


@dataclass(frozen=True, slots=True)
class Leftover:
    """A text that was left in a file. `number` is None for a mail that is to open a ticket.

    `others` are the files that an editor keeps beside it, as Vim does of what was not saved. `seen` is the newest entry
    of the ticket that its author had seen (None: nobody knows).
    """

    path: Path
    number: TicketNumber | None
    kind: DraftKind
    text: str
    saved: datetime
    others: tuple[Path, ...] = ()
    seen: EntryId | None = None


def file_name(number: TicketNumber, kind: DraftKind, seen: EntryId | None) -> str:
    """What the file of a text is called; the ticket of a first mail has no number."""
    return "-".join(str(each) for each in (number or "new", kind, seen) if each is not None) + ".txt"


def whose(desk: Desk) -> str:
    """Tells one agent's files on one desk from those of others, in letters that a file's name may have."""
    handle = desk.acting.handle if desk.acting else ""
    return hashlib.sha256(f"{handle}\n{desk.place}".encode(errors="surrogateescape")).hexdigest()[:12]


def lock(folder: Path) -> int:
    """Keep a folder from being taken for a leftover until this process ends, or the descriptor is closed."""
    descriptor = os.open(folder, os.O_RDONLY)
    with suppress(OSError):  # a file system without locks: what is there is offered once too often
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return descriptor


def leftovers(mark: str, environ: Mapping[str, str] = os.environ) -> list[Leftover]:
    """The texts of this mark that nobody has open, the oldest first."""
    try:
        folders = [*drafts_folder(environ).glob(f"tandem-{mark}-*")]
    except (OSError, RuntimeError):
        return []
    found = [each for folder in folders if _is_free(folder) for each in _texts_in(folder)]
    return sorted(found, key=lambda each: each.saved)


def forget(leftover: Leftover, *, all_of_it: bool = False) -> None:
    """Remove the file, since its text is kept; what the editor has beside it stays, unless all is to go."""
    if all_of_it or not leftover.others:
        shutil.rmtree(leftover.path.parent, ignore_errors=True)
    else:
        leftover.path.unlink(missing_ok=True)


def _is_free(folder: Path) -> bool:
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return True


def _texts_in(folder: Path) -> Iterator[Leftover]:
    with suppress(OSError):
        there = sorted(folder.iterdir())
        for path in there:
            if (found := _FILE.fullmatch(path.name)) and path.is_file() and not path.is_symlink():
                others = tuple(each for each in there if each != path and not each.name.endswith((HEADS, UNFINISHED)))
                number = None if found["number"] == "new" else TicketNumber(int(found["number"]))
                text = _heads_beside(path) + _text_in(path).removesuffix("\n")
                saved = datetime.fromtimestamp(path.stat().st_mtime, UTC)
                seen = EntryId(int(found["seen"])) if found["seen"] else None
                yield Leftover(path, number, DraftKind(found["kind"]), text, saved, others, seen)


def _heads_beside(path: Path) -> str:
    heads = path.with_name(HEADS)
    return _text_in(heads) if heads.is_file() and not heads.is_symlink() else ""


def _text_in(path: Path) -> str:
    with path.open("rb") as file:
        return plain(file.read(_MOST).decode("utf-8", errors="replace"))
