"""By when, and what: a promise on a ticket, or that one was kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from textual.content import Content
from textual.widgets import Input, Static

from desk.errors import RefusedError
from desk.moments import moment_of
from desk.promises import LONGEST, Promise, PromiseId
from desk.safe import safe_line
from desk.ticket import TicketNumber
from tui.host import host
from tui.keys.naming import with_keys
from tui.screens.pickers import LEAVES, Choices, Picker
from tui.widgets.keyed import keyed
from tui.words.telling import moment
from tui.words.tongue import mark, tr

_PROMISES = mark("{key_choose} promises it   {key_leave} leaves")


class PromisePicker(Picker[tuple[datetime, str] | PromiseId]):
    """Asks by when, then what. `there` is what is promised already: Enter on an empty line says that it was kept."""

    def __init__(self, number: TicketNumber, there: Sequence[Promise], clock: Callable[[], datetime]) -> None:
        super().__init__()
        self._number, self._there, self._clock = number, there, clock
        self._due: datetime | None = None

    def on_mount(self) -> None:
        self._head(tr("Promise on {number}: by when?").format(number=self._number))

    @property
    def keys(self) -> str:
        if self._due is not None:
            return _PROMISES
        return self.HINT if self.query_one(Input).value.strip() or self.chosen is not None else LEAVES

    def offer(self, typed: str) -> None:
        """Show what is promised, and how the words for a moment are understood."""
        if self._due is not None:
            self.hint()
            return
        there = () if typed.strip() else self._there
        self.query_one(Choices).offer((str(each.id), self._row(each)) for each in there)
        if not typed.strip():
            keep = tr(mark("   {key_choose} says that the marked one was kept")) if self._there else ""
            self.hint(Content.assemble(tr("for example fri 9, tomorrow morning, 2 days"), keyed(keep, self.PLACE)))
            return
        try:
            due = moment_of(host(self).desk, typed)
        except RefusedError as error:
            self.hint(error.message, warns=True)
        else:
            self.hint(with_keys(tr("by {due}, {key_choose}"), self.PLACE, due=self._shown(due)))

    def choose(self) -> None:
        """Take what was typed, first the moment and then the words; or the marked promise, where nothing was."""
        typed = self.query_one(Input).value
        if self._due is not None:
            self._promise(self._due, typed)
        elif typed.strip():
            self._settle(typed)
        elif self.chosen is not None:
            self.dismiss(PromiseId(int(self.chosen)))

    def _settle(self, typed: str) -> None:
        try:
            self._due = moment_of(host(self).desk, typed)
        except RefusedError as error:
            self.hint(str(error), warns=True)
            return
        self._head(tr("Promised on {number} by {due}: what?").format(number=self._number, due=self._shown(self._due)))
        self.query_one(Input).value = ""
        self.query_one(Choices).display = False
        self.offer("")

    def _promise(self, due: datetime, typed: str) -> None:
        if not typed.strip():
            self.hint(tr("say what is promised"), warns=True)
        elif len(typed) > LONGEST:
            self.hint(tr("that is longer than {count} characters").format(count=LONGEST), warns=True)
        else:
            self.dismiss((due, typed))

    def _head(self, words: str) -> None:
        self.query_one("#heading", Static).update(Content(words))

    def _row(self, made: Promise) -> Content:
        late = (tr("late "), "$warning") if made.is_late(self._clock()) else ("", "")
        due, by = (self._shown(made.due), "bold"), (f"  {safe_line(made.by)}", "$muted")
        return Content.assemble(late, due, f"  {safe_line(made.text)}", by)

    def _shown(self, at: datetime) -> str:
        return moment(at, self._clock())
