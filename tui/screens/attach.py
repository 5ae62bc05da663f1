"""Choosing a file to attach by its path, which Tab completes whatever the disk does, or one to take off again."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from textual import on
from textual.content import Content
from textual.widgets import Input, OptionList

from desk.safe import safe_line
from desk.wording import Enclosure
from tui.composer.paths import Candidate, Candidates, candidates
from tui.front import front
from tui.host import stands
from tui.screens.completing import CompletingPicker
from tui.screens.pickers import LEAVES, Choices, Picker
from tui.threads.later import later
from tui.words.ranking import Words, ranked
from tui.words.telling import size
from tui.words.tongue import mark, tr

_MOMENT = 0.5
"""Seconds that Enter waits for the list that fits what is typed."""


class AttachScreen(CompletingPicker[str]):
    """Gives the path of what was chosen, as it was typed."""

    HEADING = mark("Attach a file")
    HINT = mark("{key_choose} attaches   {key_complete} completes   {key_leave} leaves")
    INTO = mark("{key_choose} goes into it   {key_complete} completes   {key_leave} leaves")

    def __init__(self, typed: str = "~/") -> None:
        super().__init__()
        self._begun = typed

    @property
    def keys(self) -> str:
        if not self.query_one(Input).value.strip():
            return LEAVES
        return self.INTO if (marked := self.marked()) is not None and marked.size is None else self.HINT

    def on_mount(self) -> None:
        self.go_to(self._begun)

    def offer(self, typed: str) -> None:
        """Ask the disk what the path may become; of several questions only the last is asked.

        A whole path that was typed or pasted behind what stood there takes its place.
        """
        if typed.startswith((f"{self._begun}/", f"{self._begun}~/")):
            self.go_to(self.query_one(Input).value.removeprefix(self._begun))
            return
        self.asks(typed)
        front(self).look("paths", lambda _: candidates(typed), lambda found: self._found(typed, found))

    def entered(self) -> None:
        """Choose from the list that fits what is typed; where the disk keeps that back, act on what is typed."""
        typed = self.query_one(Input).value
        super().entered()
        later(self, _MOMENT, partial(self._take_typed, typed))

    def _take_typed(self, typed: str) -> None:
        if not stands(self) or not self._is_behind or self.query_one(Input).value != typed:
            return
        completes_first = self._then[:1] != [self.choose]
        if typed.strip() and not typed.endswith("/") and not completes_first:
            self.dismiss(typed.strip())
        else:
            self.hint(tr("that folder does not answer: wait, or type the whole path of a file"), warns=True)

    def choose(self) -> None:
        """Take the marked file, or what was typed where nothing is marked; a folder is gone into."""
        marked = self.marked()
        if marked is not None and marked.size is None:
            self.go_to(marked.typed)
        elif path := marked.typed if marked else self.query_one(Input).value.strip():
            self.dismiss(path)

    @on(OptionList.OptionHighlighted)
    def tell(self, event: OptionList.OptionHighlighted) -> None:
        """Say what Enter does with what is marked now."""
        event.stop()
        self.hint(self._candidates.problem, warns=bool(self._candidates.problem))

    def go_to(self, path: str) -> None:
        line = self.query_one(Input)
        line.value = path
        line.cursor_position = len(path)
        self.offer(path)

    def _found(self, typed: str, found: Candidates) -> None:
        if not stands(self) or typed != self._typed:
            return
        self._candidates = found
        self.query_one(Choices).offer((str(at), _row(each)) for at, each in enumerate(found.found))
        self.hint(found.problem, warns=bool(found.problem))
        self.is_there()


class DetachScreen(Picker[Enclosure]):
    """Gives the file that is not to go along after all."""

    HEADING = mark("Which file stays here?")
    HINT = mark("{key_choose} detaches   {key_leave} leaves")

    def __init__(self, files: Sequence[Enclosure]) -> None:
        super().__init__()
        self._files = {f"{at} {each.name}": each for at, each in enumerate(files)}

    def offer(self, typed: str) -> None:
        found = ranked(((key, Words(each.name)) for key, each in self._files.items()), typed)
        self.query_one(Choices).offer(
            (key, Content.assemble(safe_line(self._files[key].name), (f"  {size(self._files[key].size)}", "$muted")))
            for key in found
        )
        self.tell_empty()

    def choose(self) -> None:
        if self.chosen is not None:
            self.dismiss(self._files[self.chosen])


def _row(candidate: Candidate) -> Content:
    count = "" if candidate.size is None else f"  {size(candidate.size)}"
    return Content.assemble(safe_line(candidate.name), (count, "$muted"))
