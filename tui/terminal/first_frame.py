"""The first frame: nothing is painted before the screen has its size and its list, and that is painted once.

Textual paints as often as something moves while it starts, six times and 60 KB for one list: a second over a slow line.
"""

from __future__ import annotations

from textual.screen import Screen

from tui.terminal.line import Line
from tui.threads.later import later

_PATIENCE = 0.5
"""Seconds after which is painted what there is."""


class FirstFrame(Screen[None]):
    """A screen that stays dark until `reveal`; later it paints as any other."""

    is_revealed = False

    def on_mount(self) -> None:
        later(self, _PATIENCE, self.reveal)

    def on_resize(self) -> None:
        """The terminal has told its size, and each widget hears of its own now: what comes after that can be seen."""
        self.call_later(self.reveal)

    def reveal(self) -> None:
        """Paint from now on."""
        if not self.is_revealed:
            self._refresh_layout()  # scroll bars learn here how long their lists are, and ask for another
            self.is_revealed = True
            self._refresh_layout()
            self._layout_required = self._repaint_required = False
            if Line.active is not None:
                Line.active.let_keys_in()

    def _compositor_refresh(self) -> None:
        """Textual's own way to paint."""
        if self.is_revealed:
            super()._compositor_refresh()
