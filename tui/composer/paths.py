"""Files of the agent's own, to be attached: what a half-typed path may become, and what stands in a file.

All of this may take as long as the disk or the network behind it likes: it is done in the thread for files, never on
the event loop.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from itertools import islice
from os.path import commonprefix
from pathlib import Path

from desk.errors import RefusedError
from desk.safe import safe_line
from tui.words.heard import heard
from tui.words.tongue import tr

_MOST = 200
"""Candidates that are shown."""
_LOOKED_AT = 20_000
"""Entries of one folder that are looked at."""
LARGEST = 25_000_000
"""Bytes of a file that are read: no mail carries more."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a path may go on to: the whole path as it would be typed, its last part, and its size (None: a folder)."""

    typed: str
    name: str
    size: int | None


@dataclass(frozen=True, slots=True)
class Candidates:
    """What a half-typed path may become; `problem` says why there is nothing, in words.

    `common` is how far all agree, those that there is no room to show too.
    """

    found: tuple[Candidate, ...] = ()
    problem: str = ""
    common: str = ""


@dataclass(frozen=True, slots=True)
class FileRead:
    """A file's base name as others may see it, and its bytes."""

    name: str
    data: bytes


def candidates(typed: str) -> Candidates:
    """The files and folders that a half-typed path may become, folders first; hidden ones only when asked for.

    A relative path is one in the agent's home folder.
    """
    folder, begins = os.path.split(typed)
    try:
        with os.scandir(Path.home() / Path(folder).expanduser()) as entries:
            found = [
                _candidate(typed, begins, each)
                for each in islice(entries, _LOOKED_AT)
                if each.name.startswith(begins) and (begins.startswith(".") or not each.name.startswith("."))
            ]
    except (OSError, RuntimeError, ValueError) as error:
        return Candidates(problem=_why(error, folder))
    ordered = sorted(found, key=lambda each: (each.size is not None, each.name.casefold()))
    common = commonprefix([each.typed for each in ordered])  # noqa: RUF071 - letters are what is typed
    return Candidates(tuple(ordered[:_MOST]), "" if ordered else tr("nothing there begins like this"), common)


def read_file(typed: str) -> FileRead:
    """What stands in a file.

    Raises:
        RefusedError: it cannot be read, is no file, or no mail can carry it.
    """
    try:
        path = Path.home() / Path(typed).expanduser()
        seen = path.stat()
        if not stat.S_ISREG(seen.st_mode):  # a pipe or a device would never end
            words = tr("{name} is no file").format(name=safe_line(typed))
            raise RefusedError(words, tr("attach a file; a folder must be packed first"))
        if seen.st_size > LARGEST:
            raise _too_large(typed, seen.st_size)
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except (OSError, RuntimeError, ValueError) as error:
        words = tr("{name} cannot be attached: {why}").format(name=safe_line(typed), why=_why(error, typed))
        raise RefusedError(words, tr("look at its path")) from error
    if len(data) > LARGEST:
        raise _too_large(typed, len(data))
    return FileRead(_shown(path.name), data)


def _candidate(typed: str, begins: str, entry: os.DirEntry[str]) -> Candidate:
    whole = typed.removesuffix(begins) + entry.name if begins else typed + entry.name
    try:
        if entry.is_dir():
            return Candidate(f"{whole}/", f"{entry.name}/", None)
        return Candidate(whole, entry.name, entry.stat().st_size)
    except OSError:  # a link to nowhere, or one that went meanwhile
        return Candidate(whole, entry.name, 0)


def _shown(name: str) -> str:
    """A file's name as text, whatever bytes it is made of."""
    return safe_line(os.fsencode(name).decode("utf-8", "replace")) or "file"


def _too_large(typed: str, size: int) -> RefusedError:
    words = tr("{name} has {size} MB, and a mail carries at most {most} MB")
    return RefusedError(
        words.format(name=safe_line(typed), size=f"{size / 1e6:.0f}", most=f"{LARGEST / 1e6:.0f}"),
        tr("put it where the customer can fetch it, and send the address"),
    )


def _why(error: Exception, path: str) -> str:
    if isinstance(error, FileNotFoundError):
        return tr("there is no such file") if path else tr("there is no home folder")
    if isinstance(error, NotADirectoryError):
        return tr("that is no folder")
    return heard((isinstance(error, OSError) and error.strerror) or "") or tr("it cannot be read")
