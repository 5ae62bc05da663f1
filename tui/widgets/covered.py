"""What tells the keys of a screen tells nothing while a box lies above it: those act then that the box tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.screen import Screen
from textual.widget import Widget

if TYPE_CHECKING:
    from textual.app import App
    from textual.signal import Signal


class Covered(Widget):
    """A widget that knows whether another screen lies above its own, and is painted anew when that changes."""

    is_covered = False

    def on_mount(self) -> None:
        """Hear of it at once, so that it is painted with what comes or goes above."""
        changes = cast("Signal[Screen[object]]", cast("App[object]", self.app).screen_change_signal)
        changes.subscribe(self, self._look, immediate=True)

    def _look(self, above: Screen[object]) -> None:
        if self.is_covered is (above is self.screen):
            self.is_covered = above is not self.screen
            self.refresh()
