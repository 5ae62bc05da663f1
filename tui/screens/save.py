"""Where to save files: a path that Tab completes. Nothing is written over another file without a second Enter."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input, Static

from desk.conversation import Attachment
from desk.safe import safe_line
from tui.composer.paths import Candidate, Candidates, candidates
from tui.front import front
from tui.host import stands
from tui.keys import Context
from tui.keys.naming import with_keys
from tui.reader.saving import Saved, default_folder, fit_name, save
from tui.reader.wrapping import fit_middle
from tui.screens.completing import CompletingPicker
from tui.screens.pickers import LEAVES, Choices
from tui.words.telling import size
from tui.words.tongue import mark, tr, trn

_LONGEST_NAME = 60
"""Cells of a file's name above the path; its whole name stands in that."""


class SaveScreen(CompletingPicker[Saved]):
    """Saves these files and gives what is there then."""

    HINT = mark("{key_choose} saves   {key_complete} completes   {key_leave} leaves")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("shift+tab", "move(-1)", "up", show=False, priority=True),
    ]

    def __init__(self, files: Sequence[Attachment]) -> None:
        super().__init__()
        count = len(files)
        name = fit_name(files[0].name) if count == 1 else ""
        self._heading = (
            tr("Save {name}").format(name=fit_middle(name, _LONGEST_NAME))
            if name
            else trn("Save {n} file", "Save {n} files", count).format(n=count)
        )
        self._files, self._file = tuple(files), name
        self._asked, self._busy = "", False
        self._pressed, self._seen = 0.0, math.inf
        """When a key was pressed last, and when it was painted what Enter would replace."""

    @property
    def keys(self) -> str:
        return self.HINT if self.query_one(Input).value.strip() else LEAVES

    def on_mount(self) -> None:
        self.query_one("#heading", Static).update(Content(self._heading))
        front(self).look("save folder", lambda _: default_folder(), lambda folder: self.go_to(folder + self._file))

    def on_key(self, event: events.Key) -> None:
        """Know when Enter was pressed."""
        self._pressed = event.time

    def offer(self, typed: str) -> None:
        """Ask the disk what the path may become; of several questions only the last is asked."""
        self._asked = ""
        self.asks(typed)
        front(self).look("paths", lambda _: candidates(typed), partial(self._found, typed))

    def choose(self) -> None:
        """Save; what is there already is only replaced when that was said and Enter is pressed once more."""
        typed = self.query_one(Input).value.strip()
        over = self._asked == typed
        if not typed or self._busy or (over and self._pressed < self._seen):
            return
        self._busy, files = True, self._files
        front(self).look("save", lambda desk: save(desk, files, typed, over=over), partial(self._saved, typed))

    def entered(self) -> None:
        self.choose()

    def go_to(self, path: str) -> None:
        if not stands(self):
            return
        line = self.query_one(Input)
        line.value = path
        line.cursor_position = len(path)
        self.offer(path)

    def _found(self, typed: str, found: Candidates) -> None:
        if not stands(self) or typed != self.query_one(Input).value:
            return
        self._candidates = found
        self.query_one(Choices).offer((str(at), _row(each)) for at, each in enumerate(found.found))
        if not self._asked:
            self.hint()
        self.is_there()

    def _saved(self, typed: str, saved: Saved) -> None:
        self._busy = False
        if not stands(self):
            return
        if saved.taken:
            self._asked, self._seen = typed, math.inf
            self.call_after_refresh(self._see)
            self.hint(_taken(saved.taken), warns=True)
        elif saved.problem:
            self.hint(saved.problem, warns=True)
        else:
            self.dismiss(saved)

    def _see(self) -> None:
        self._seen = time.monotonic()


def _taken(names: Sequence[str]) -> str:
    if len(names) == 1:
        return with_keys(tr("{name} is there already: {key_choose} again replaces it"), Context.PATH, name=names[0])
    words = tr("{n} of these are there already: {key_choose} again replaces them")
    return with_keys(words, Context.PATH, n=len(names))


def _row(candidate: Candidate) -> Content:
    count = "" if candidate.size is None else f"  {size(candidate.size)}"
    return Content.assemble(safe_line(candidate.name), (count, "$muted"))
