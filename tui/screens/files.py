"""The files of a ticket: what each really is, how large, from whom; saved, opened on request, its name copied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from desk.conversation import Attachment, EntryId, Message
from desk.desk import Desk
from desk.errors import TandemError
from desk.filetypes import FileType, true_type, type_by_name
from desk.safe import safe_line
from tui.copying import copy_line
from tui.front import front
from tui.host import stands
from tui.keys import Context
from tui.keys.naming import with_keys
from tui.reader.saving import Saved, apart
from tui.reader.wrapping import fit_middle, fit_path
from tui.screens.leaf import LeafScreen
from tui.screens.save import SaveScreen
from tui.style.signs import Signs
from tui.terminal.desktop import open_copy, refused
from tui.words.heard import heard
from tui.words.telling import moment, size
from tui.words.tongue import tr, trn

_LARGEST_READ = 50_000_000
"""Bytes of files whose type is told by what is in them; of more, only by their names."""
_NARROWEST = 20
_LONGEST_LOST = 40
"""Cells of the name of a file that could not be saved."""
_WARNED = 8
"""Cells of a line with a warning that are not its words."""
_OTHERS = 36
"""Cells of a row for all but the file's name and type."""


@dataclass(frozen=True, slots=True)
class Filed:
    """A file, the mail it came with, and what it is."""

    file: Attachment
    message: Message
    kind: FileType


def filed(messages: Sequence[Message], first: EntryId | None) -> list[Filed]:
    """The files of these mails, the newest mail's first, and before them those of the one at hand.

    Pictures within a text come last.
    """
    newest = sorted(messages, key=lambda each: (each.id == first, each.at), reverse=True)
    found = [(file, each) for each in newest for file in each.attachments]
    ordered = sorted(found, key=lambda each: each[0].is_inline)
    return [Filed(file, each, type_by_name(file.name, file.type)) for file, each in ordered]


def looked_into(files: Sequence[Filed], desk: Desk) -> list[Filed]:
    """The same files with what their bytes tell."""
    room, told = _LARGEST_READ, list[Filed]()
    for each in files:
        room -= each.file.size
        told.append(_looked_into(each, desk) if room > 0 else each)
    return told


def _looked_into(each: Filed, desk: Desk) -> Filed:
    try:
        data = desk.blobs.get(each.file.sha256)
    except TandemError as error:
        return replace(each, kind=FileType(each.kind.words, str(error)))
    return replace(each, kind=true_type(each.file.name, each.file.type, data))


class FilesScreen(LeafScreen):
    """The files of the messages of one ticket; those of the mail at hand come first."""

    PLACE: ClassVar[Context] = Context.FILES

    def __init__(self, messages: Sequence[Message], first: EntryId | None, now: datetime, signs: Signs) -> None:
        self._files = filed(messages, first)
        count = len(self._files)
        super().__init__(tr("Files"), trn("{n} file", "{n} files", count).format(n=count))
        self._now, self._signs = now, signs

    def on_mount(self) -> None:
        self._show(self._files)
        files = self._files
        front(self).look("file types", partial(looked_into, files), self._show)

    def on_resize(self) -> None:
        self._show(self._files)

    def action_save(self) -> None:
        if (each := self._current()) is not None:
            front(self).push_screen(SaveScreen([each.file]), self._saved)

    def action_save_all(self) -> None:
        """Save all files; pictures within a text only where there is nothing else."""
        files = [each.file for each in self._files]
        attached = [each for each in files if not each.is_inline] or files
        if attached:
            front(self).push_screen(SaveScreen(apart(attached)), self._saved)

    def action_open_file(self) -> None:
        """Open a file on this desktop; asked again before, with what is known against it."""
        if (each := self._current()) is None:
            return
        if why := refused():
            front(self).say(why, "warn")
            return
        name = safe_line(each.file.name)
        warning = f" {self._signs.trouble} {heard(each.kind.warning)}." if each.kind.warning else ""
        question = with_keys(
            tr("open {name}, {type}?{warning} {key_open_file} again opens it"),
            name=name,
            type=heard(each.kind.words),
            warning=warning,
        )
        if front(self).asked_again(question, action="open-file"):
            file = each.file
            front(self).look(
                "open file",
                lambda desk: open_copy(file.name, desk.blobs.get(file.sha256)),
                lambda _: front(self).say(tr("opened a copy of {name}").format(name=name)),
            )

    def action_copy_name(self) -> None:
        if (each := self._current()) is not None:
            copy_line(front(self), each.file.name)

    def _current(self) -> Filed | None:
        return self._files[self.at] if self.at is not None and self.at < len(self._files) else None

    def _show(self, files: Sequence[Filed]) -> None:
        if stands(self):
            self._files = list(files)
            width = front(self).size.width
            names, types = columns(files, width)
            rows = [row(each, names, types, self._now, self._signs, width) for each in files]
            self.put(rows, tr("  No file came with this ticket."))

    def _saved(self, saved: Saved | None) -> None:
        if saved is None:
            return
        path = safe_line(str(saved.paths[0]))
        folder = safe_line(str(saved.paths[0].parent))
        several = trn("saved {n} file in {folder}", "saved {n} files in {folder}", len(saved.paths))
        one = tr("saved {path}").format(path=path)
        words = one if len(saved.paths) == 1 else several.format(n=len(saved.paths), folder=folder)
        if not saved.lost:
            front(self).say(words)
            return
        names = ", ".join(fit_middle(safe_line(each), _LONGEST_LOST) for each in saved.lost)
        lost = tr("not saved, `tandem doctor` says why: {names}; {saved}")
        front(self).say(lost.format(saved=words, names=names), "warn")


def columns(files: Sequence[Filed], width: int) -> tuple[int, int]:
    """How wide names and types are, in cells: as wide as they need, and so that it can be told whose each file is."""
    types = max((cell_len(heard(each.kind.words)) for each in files), default=0)
    longest = max((cell_len(safe_line(each.file.name)) for each in files), default=0)
    return max(min(longest, width - types - _OTHERS), _NARROWEST), types


def row(each: Filed, names: int, types: int, now: datetime, signs: Signs, width: int) -> Content:
    """One file: its name, its type, its size and whose it is; below that, what is to be known before it is opened."""
    name, who = safe_line(each.file.name), safe_line(each.message.sender.label)
    within = tr(", in the text") if each.file.is_inline else ""
    known = Content.assemble(
        (f"  {signs.file} ", "$muted"),
        set_cell_size(fit_middle(name, names), names),
        f"  {set_cell_size(heard(each.kind.words), types)} {size(each.file.size):>7}",
        (f"   {who}, {moment(each.message.at, now)}{within}", "$muted"),
    )
    if not each.kind.warning:
        return known
    why = fit_path(heard(safe_line(each.kind.warning)), width - _WARNED)
    return Content.assemble(known, "\n", (f"    {signs.trouble} {why}", "$warning"))
