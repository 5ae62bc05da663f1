"""The figures of each agent and of the team: medians with their 90th percentile and n, and who waits now."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from desk.desk import Desk
from desk.stats import Stats, measure
from tui.front import front
from tui.host import stands
from tui.keys import Context
from tui.lists.figures import stats_lines
from tui.screens.pane import Pane, PanedScreen
from tui.widgets.bars import Heading, KeyLine, StatusLine
from tui.words.tongue import mark, tr

PERIODS = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=30)}
_TITLES = {"day": mark("Last 24 hours"), "week": mark("Last 7 days"), "month": mark("Last 30 days")}
_AGAIN = 15.0


class StatsScreen(PanedScreen):
    """Figures for a period that d, w and m choose."""

    PLACE: ClassVar[Context] = Context.STATS
    CSS_PATH = "side.tcss"

    def __init__(self) -> None:
        super().__init__()
        self._period = "week"
        self._stats: Stats | None = None

    def compose(self) -> ComposeResult:
        yield Heading(tr(_TITLES[self._period]), tr("calendar time: median, 90th percentile, n"))
        with Pane():
            yield Static(Content(" …"), id="figures")
        yield StatusLine()
        yield KeyLine(Context.STATS)

    def on_mount(self) -> None:
        self.set_interval(_AGAIN, self._measure)
        self._measure()

    def action_period(self, period: str) -> None:
        self._period = period
        self.query_one(Heading).show(tr(_TITLES[period]))
        self._measure()

    def on_resize(self) -> None:
        self._draw()
        self.tell_more()

    def _measure(self) -> None:
        period = self._period
        front(self).read("stats", partial(_measured, PERIODS[period]), partial(self._show, period))

    def _show(self, period: str, stats: Stats) -> None:
        """Show the figures, unless by now those of another period are wanted."""
        if stands(self) and period == self._period:
            self._stats = stats
            self._draw()

    def _draw(self) -> None:
        if self._stats is not None:
            lines = stats_lines(self._stats, self.size.width - 1)
            self.query_one("#figures", Static).update(Content("\n").join(lines))


def _measured(length: timedelta, desk: Desk) -> Stats:
    now = desk.clock()
    return measure(desk.store, since=now - length, until=now)
