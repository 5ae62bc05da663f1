"""Screens with more text than they may have room for: a key reads on, which the key line names where there is more."""

from __future__ import annotations

from textual.containers import VerticalScroll

from tui.keys.naming import instead_of
from tui.screens.side import SideScreen
from tui.widgets.bars import KeyLine

_READS_ON = "space"


class Pane(VerticalScroll, can_focus=False):
    """A text that is scrolled by its screen's keys."""

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Let the screen tell whether there is more."""
        super().watch_scroll_y(old_value, new_value)
        self._tell()

    def watch_virtual_size(self) -> None:
        """The same: there may be another text."""
        self._tell()

    def on_resize(self) -> None:
        self._tell()

    def _tell(self) -> None:
        if isinstance(self.screen, PanedScreen):
            self.screen.tell_more()


class PanedScreen(SideScreen):
    """A screen with one such text."""

    _idle: frozenset[str] = frozenset()
    _about: object = None

    def action_pane(self, way: str) -> None:
        """Go on in the text, or back, by what fits but for a line."""
        pane = self.query_one(Pane)
        by = max(pane.size.height - 1, 1)
        pane.scroll_relative(y=by if way == "down" else -by, animate=False)

    def action_pane_line(self, way: str) -> None:
        """The same by a line."""
        self.query_one(Pane).scroll_relative(y=1 if way == "down" else -1, animate=False)

    def action_pane_end(self, way: str) -> None:
        """Go to the end of the text, or to its beginning."""
        pane = self.query_one(Pane)
        (pane.scroll_end if way == "down" else pane.scroll_home)(animate=False)

    def turn_to(self, about: object) -> None:
        """Begin at the top where the text is about something else from now on."""
        if about != self._about:
            self._about = about
            self.query_one(Pane).scroll_home(animate=False)

    def leave_out(self, idle: frozenset[str]) -> None:
        """Let the key line name all keys but these, which do nothing now."""
        self._idle = idle
        self.tell_more()

    def tell_more(self) -> None:
        """Let the key line name the key that reads on where there is more."""
        pane = self.query_one(Pane)
        is_more = bool(pane.display) and pane.scroll_y < pane.max_scroll_y
        reads_on = instead_of(_READS_ON, self.PLACE)
        self.query_one(KeyLine).leave_out(self._idle if is_more else self._idle | {reads_on})
