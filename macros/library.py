"""All macros of a desk: its own folder over the bundled ones, read again when a file changes."""

from __future__ import annotations

import difflib
import stat
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from desk.errors import MacroError, RefusedError
from desk.safe import safe_line

if TYPE_CHECKING:
    from macros.script import Macro

BUNDLED = Path(__file__).parent / "bundled"
"""The macros that come with Tandem."""

MAX_FILE = 64 * 1024
"""How large a macro's file may be, in bytes."""

Stamp = tuple[int, ...]
"""What changes when a file does: its place on the disk, size and times. Empty where that cannot be said."""


class Library:
    """The macros of one desk. `folder` holds its own; a file there replaces the bundled one of the same name.

    Each question looks at the folder first, so an edit is live at once; a file that did not change is not read again.
    Sub-folders, hidden files and README.md are no macros.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._lock = Lock()
        self._stamps: dict[Path, Stamp] = {}
        self._read: dict[Path, Macro | MacroError] = {}
        self._macros: tuple[Macro, ...] = ()
        self._problems: tuple[MacroError, ...] = ()

    def macros(self) -> tuple[Macro, ...]:
        """Every macro that can be used, by name. Own hot keys come before bundled ones."""
        with self._lock:
            self._look()
            return self._macros

    def problems(self) -> tuple[MacroError, ...]:
        """What keeps the other files from being used."""
        with self._lock:
            self._look()
            return self._problems

    def get(self, name: str) -> Macro:
        """The macro with this file name (without `.md`) or shown name, whatever the case.

        Raises:
            RefusedError: there is none, or more than one.
            MacroError: there is one, but its file cannot be used.
        """
        macros, problems = self.macros(), self.problems()
        wanted = name.strip().casefold().removesuffix(".md")
        by_file = [each for each in macros if each.slug.casefold() == wanted]
        found = by_file or [each for each in macros if each.name.casefold() == wanted]
        if len(found) > 1:
            raise RefusedError(f"more than one macro is called “{safe_line(name)}”", f"say which: {_slugs(found)}")
        if found:
            return found[0]
        for problem in problems:
            if Path(problem.path).stem.casefold() == wanted:
                raise problem
        raise RefusedError(f"there is no macro “{safe_line(name)[:60]}”", self._near(wanted))

    def _near(self, wanted: str) -> str:
        names = {word: each.slug for each in self._macros for word in (each.name.casefold(), each.slug.casefold())}
        near = dict.fromkeys(names[word] for word in difflib.get_close_matches(wanted, names, cutoff=0.5))
        return f"did you mean {' or '.join(near)}?" if near else f"there are: {_slugs(self._macros)}"

    def _look(self) -> None:
        files = {path.stem: path for folder in (BUNDLED, self._folder) if folder for path in _files(folder)}
        stamps = {path: _stamp(path) for path in files.values()}
        if stamps != self._stamps:
            self._read = {path: self._still(path, stamp) or _load(path) for path, stamp in stamps.items()}
            self._stamps = stamps
            read = self._read.values()
            usable = sorted(
                (each for each in read if not isinstance(each, MacroError)), key=lambda each: each.name.casefold()
            )
            self._macros = tuple(_with_own_keys_first(usable))
            self._problems = tuple(each for each in read if isinstance(each, MacroError))

    def _still(self, path: Path, stamp: Stamp) -> Macro | MacroError | None:
        return self._read.get(path) if stamp and self._stamps.get(path) == stamp else None


def clash(one: str, other: str) -> bool:
    """Whether two hot keys cannot both be typed: they are the same, or one starts with the other."""
    return one.startswith(other) or other.startswith(one)


def _with_own_keys_first(macros: list[Macro]) -> Iterable[Macro]:
    """A bundled macro gives its hot key up where one of the desk's own needs it."""
    own = [each.key for each in macros if each.key and each.path.parent != BUNDLED]
    for macro in macros:
        taken = macro.key and macro.path.parent == BUNDLED and any(clash(macro.key, each) for each in own)
        yield replace(macro, key=None) if taken else macro


def _files(folder: Path) -> list[Path]:
    """The macro files in a folder; a folder that cannot be listed stands for itself, so that the reason is told."""
    try:
        files = sorted(folder.iterdir())
    except FileNotFoundError:
        return []
    except OSError:
        return [folder]
    return [each for each in files if each.suffix == ".md" and each.name[0] != "." and each.name != "README.md"]


def _stamp(path: Path) -> Stamp:
    try:
        found = path.stat()
    except OSError:
        return ()
    return (found.st_dev, found.st_ino, found.st_mode, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def _load(path: Path) -> Macro | MacroError:
    from macros.script import parse_macro  # noqa: PLC0415 - with it come Jinja and YAML, which no list needs

    try:
        return parse_macro(path, _text_of(path))
    except MacroError as error:
        return error


def _text_of(path: Path) -> str:
    where = str(path)
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise MacroError(where, 0, "this is not a file that can be read")
        with path.open("rb") as file:
            data = file.read(MAX_FILE + 1)
    except OSError as error:
        raise MacroError(where, 0, f"this cannot be read: {error.strerror}") from error
    if len(data) > MAX_FILE:
        raise MacroError(where, 0, f"this is larger than {MAX_FILE // 1024} kB", "a macro is a short text")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise MacroError(where, line, "this is not UTF-8", "save it as UTF-8 in your editor") from error


def _slugs(macros: Iterable[Macro]) -> str:
    return ", ".join(each.slug for each in macros)
