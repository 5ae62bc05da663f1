"""The three lines around every screen: where I am and what waits, what just happened, and the keys that act here."""

from __future__ import annotations

from rich.cells import cell_len
from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget

from tui.front import front
from tui.keys import Context
from tui.reader.wrapping import fit
from tui.widgets.bar_words import (
    MUTED,
    STRONG,
    WARNING,
    key_line,
    marked_line,
    next_try,
    refusal,
    spread,
    status_line,
    which_key_line,
)
from tui.widgets.covered import Covered

_MOST_ROWS, _LEAST_HEIGHT = 3, 8
"""Rows that a refusal may take, one for so many of the screen's."""


class Bar(Widget):
    """One line of the screen, given as `Content` and drawn as wide as it stands."""

    DEFAULT_CSS = "Bar { height: 1; width: 1fr; background: $panel; }"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)

    def words(self, width: int) -> Content:
        """What the line says at this width."""
        return Content(" " * width)

    def render(self) -> Content:
        return self.words(self.size.width)


class Heading(Bar):
    """The top line of a screen beside the inbox: its name, and a word about it."""

    def __init__(self, name: str, about: str = "") -> None:
        super().__init__()
        self._title, self._about = name, about

    def show(self, name: str, about: str | None = None) -> None:
        """Another name, and another word about it unless that stays."""
        self._title, self._about = name, self._about if about is None else about
        self.refresh()

    def words(self, width: int) -> Content:
        about = fit(self._about, max(width - cell_len(self._title) - 4, 0))
        return spread([(f" {self._title}", STRONG)], [(f"{about} ", MUTED)], width)


class StatusLine(Bar):
    """What just happened. It reads the app's `said` and `sync`, so any screen may hold one.

    What was refused, and what to do about it, is read whole: the line has as many rows as that needs while it stands.
    """

    DEFAULT_CSS = "StatusLine { background: $background; }"

    _next_try = ""
    _second: Timer

    def on_mount(self) -> None:
        self._second = self.set_interval(1.0, self._tick, pause=True)
        for name in ("said", "sync", "stopped", "lost", "left"):
            self.watch(front(self), name, self._redraw, init=name == "sync")

    def words(self, width: int) -> Content:
        app = front(self)
        return self.refused(width) or status_line(app.said, app.standing, width, app.desk.clock())

    def refused(self, width: int) -> Content | None:
        """What one row does not hold of what was refused; None where it does."""
        rows = refusal(front(self).said, width, self._most_rows)
        return Content("\n").join(Content.styled(f" {each}", WARNING) for each in rows) if rows else None

    def on_resize(self) -> None:
        self._grow()

    @property
    def _most_rows(self) -> int:
        return min(_MOST_ROWS, self.screen.size.height // _LEAST_HEIGHT)

    def _grow(self) -> None:
        rows = max(len(refusal(front(self).said, self.size.width or self.screen.size.width, self._most_rows)), 1)
        if self.styles.height is None or self.styles.height.value != rows:
            self.styles.height = rows

    def _redraw(self) -> None:
        self._grow()
        self._second.resume() if front(self).standing.again else self._second.pause()
        self.refresh()

    def _tick(self) -> None:
        """Tell anew how long it is until something is tried again, where that reads otherwise by now."""
        again, now = front(self).standing.again, front(self).desk.clock()
        if again and self._next_try != (said := next_try(again, now)):
            self._next_try = said
            self.refresh()


class KeyLine(Bar, Covered):
    """The keys that act in a context, or what may follow the keys of a chord that has begun; none below a box."""

    def __init__(self, context: Context, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._where = context
        self._marked: int = 0
        self._aside: int = 0
        self._is_filtered: bool = False
        self._are_done: bool = False
        self._idle: frozenset[str] = frozenset()

    def on_mount(self) -> None:
        self.watch(front(self), "chord", self._redraw, init=False)

    def show(
        self, context: Context, marked: int = 0, aside: int = 0, *, done: bool = False, filtered: bool = False
    ) -> None:
        """Show the keys of another context; `marked` tickets are what they act on, `done` where all are closed.

        `aside` are marked too, but the list does not show them; `filtered`: Esc takes a filter off before marks.
        """
        told = (context, marked, aside, done, filtered)
        if told != (self._where, self._marked, self._aside, self._are_done, self._is_filtered):
            self._where, self._marked, self._aside, self._are_done, self._is_filtered = told
            self.refresh()

    def leave_out(self, idle: frozenset[str]) -> None:
        """Show all keys but these, which do nothing now."""
        if idle != self._idle:
            self._idle = idle
            self.refresh()

    def words(self, width: int) -> Content:
        if self.is_covered:
            return Content("")
        waiting = front(self).chord
        if waiting is not None:
            return which_key_line(waiting, width)
        if self._marked or self._aside:
            told = (self._marked, self._aside)
            return marked_line(self._where, width, *told, done=self._are_done, filtered=self._is_filtered)
        return key_line(self._where, width, self._idle, done=self._are_done)

    def _redraw(self) -> None:
        self.refresh()
