"""Putting tickets off: quick choices with their day and time, and words that are understood while they are typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input, OptionList, Static

from desk.errors import RefusedError
from desk.moments import moment_of
from desk.safe import safe_line
from desk.sleep import sleeps
from desk.ticket import Ticket, TicketNumber
from tui.actions.deeds import named
from tui.actions.naps import Nap, day_and_time, how_far, in_column, is_far, naps, until
from tui.front import front
from tui.host import host, stands
from tui.keys import Context
from tui.screens.pickers import Choices, Picker
from tui.widgets.keyed import keyed
from tui.words.tongue import mark, tr, trn

_WAKE = "wake"
_AWAKENING = mark("Wake up now")
_WIDTH = 59


@dataclass(frozen=True, slots=True)
class Nodded:
    """What was chosen: the words for until when (empty: to wake up now), and whether answers are slept through."""

    words: str
    through: bool = False


class SnoozeScreen(Picker[Nodded]):
    """Until when the tickets at hand are put off; with `sends` an answer leaves then, and nothing can be woken up."""

    PLACE = Context.SNOOZE
    HEADING = mark("Snooze")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "through", "through", show=False, priority=True),
    ]

    def __init__(self, numbers: Sequence[TicketNumber], *, verb: str = HEADING, sends: bool = False) -> None:
        super().__init__()
        self._sends = sends
        self._numbers, self._verb = numbers, verb
        self._sleepers: list[Ticket] = []
        self._through = False
        self._naps: dict[str, Nap] = {}

    def on_mount(self) -> None:
        self._head()
        super().on_mount()
        numbers = self._numbers
        front(self).read("sleepers", lambda desk: desk.store.tickets.many(numbers), self._loaded)

    def on_choices_resized(self) -> None:
        """Let the moments stand at the right edge, wherever that turns out to be."""
        if stands(self):
            self.offer(self.query_one(Input).value, self.chosen)

    def offer(self, typed: str, mark: str | None = None) -> None:
        found = naps(typed, host(self).desk.clock(), morning=host(self).desk.settings.morning)
        self._naps = {each.at.isoformat(): each for each in found}
        rows = [(at, self._row(each, found)) for at, each in self._naps.items()]
        if self._can_wake(typed):
            rows.insert(0, (_WAKE, Content.styled(tr(_AWAKENING), "bold")))
        first = next(iter(self._naps), _WAKE) if not typed.strip() else None
        self.query_one(Choices).offer(rows, mark or first)
        self._tell()

    def choose(self) -> None:
        """Take the marked choice, read anew: a moment may have passed meanwhile."""
        if self.chosen == _WAKE:
            self.dismiss(Nodded(""))
        elif self.chosen is not None:
            words = self._naps[self.chosen].words
            try:
                moment_of(host(self).desk, words)
            except RefusedError as error:
                self.hint(str(error), warns=True)
            else:
                self.dismiss(Nodded(words, self._through))

    def action_through(self) -> None:
        """Let answers wake the tickets, or not."""
        self._through = not self._through
        self._tell()

    @on(OptionList.OptionHighlighted)
    def tell(self, event: OptionList.OptionHighlighted) -> None:
        """Say when the marked choice is."""
        event.stop()
        self._tell()

    def _loaded(self, tickets: Sequence[Ticket]) -> None:
        """Offer to wake those up that sleep; what is marked by now stays so."""
        if not stands(self):
            return
        now = host(self).desk.clock()
        self._sleepers = [each for each in tickets if sleeps(each, now)]
        self._through = self._through or any(each.sleeps_through for each in self._sleepers)
        self._head()
        self.offer(self.query_one(Input).value, self.chosen)

    def _head(self) -> None:
        title = f"{tr(self._verb)} {named(self._numbers)}"
        self.query_one("#heading", Static).update(Content.assemble(title, (self._asleep(), "$muted not bold")))

    def _asleep(self) -> str:
        if not self._sleepers:
            return ""
        if len(self._numbers) > 1:
            count = len(self._sleepers)
            return "  " + trn("{count} of them sleeps", "{count} of them sleep", count).format(count=count)
        return f"  {until(self._sleepers[0], host(self).desk.clock())}"

    def _row(self, nap: Nap, found: Sequence[Nap]) -> Content:
        now = host(self).desk.clock()
        label, when = safe_line(nap.label), in_column(nap.at, now)
        width = max(cell_len(in_column(each.at, now)) for each in found)
        wide = self.query_one(Choices).size.width - 1  # a scrollbar may come
        room = max((wide if wide > 0 else _WIDTH) - width - cell_len(label), 2)
        return Content.assemble((label, "bold"), " " * room, (when.ljust(width), "$muted"))

    def _can_wake(self, typed: str) -> bool:
        """Whether to offer it: somebody sleeps, and the letters fit it and are no moment."""
        if not self._sleepers or self._sends or any(each.words == typed for each in self._naps.values()):
            return False
        return any(each.casefold().startswith(typed.strip().casefold()) for each in (tr(_AWAKENING), "off"))

    def _tell(self) -> None:
        """Below: when the marked choice is, or what is wrong with the words, and what may wake the tickets."""
        typed = self.query_one(Input).value
        answers = (
            mark("sleeps through answers   {key_through} wakes on one")
            if self._through
            else mark("wakes on an answer   {key_through} sleeps through them")
        )
        if self.chosen is None:
            self.hint(self._problem(typed), warns=True)
        elif self.chosen == _WAKE:
            self.hint(tr("back among the others at once"))
        else:
            at, now = self._naps[self.chosen].at, host(self).desk.clock()
            told = f"{day_and_time(at, now)}, {how_far(at, now)}\n"
            when = Content.styled(told, "$warning" if is_far(at, now) else "")
            self.hint(Content.assemble(when, keyed(tr(answers), self.PLACE)))

    def _problem(self, typed: str) -> str:
        try:
            moment_of(host(self).desk, typed)
        except RefusedError as error:
            return str(error)
        return ""
