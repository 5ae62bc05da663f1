"""Where the cursor of a list stands and which row is the topmost: pure, so that all that can happen can be tried.

Whatever comes or goes while one looks, the cursor keeps its ticket and its row of the screen. So the top may lie above
the first row or below the last full page for a while: there the screen is blank, until one moves the cursor.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """The cursor's place in the list, and the place that the topmost row of the screen has; both count from 0."""

    cursor: int = 0
    top: int = 0

    @property
    def row(self) -> int:
        """How many rows below the topmost one the cursor stands."""
        return self.cursor - self.top

    def keeping_row(self, cursor: int) -> Place:
        """The cursor's ticket is at another place of the list, and its row stays."""
        return Place(cursor, cursor - self.row)

    def moved(self, to: int, count: int, height: int) -> Place:
        """The cursor goes to a place of a list with `count` rows, of which `height` are visible; the top follows."""
        cursor = max(0, min(to, count - 1))
        top = max(0, min(self.top, count - height))
        return Place(cursor, max(cursor - height + 1, min(top, cursor)))

    def centred(self, count: int, height: int) -> Place:
        """The cursor in the middle: where each row scrolled paints all of them anew, half a page goes at once."""
        return Place(self.cursor, max(0, min(self.cursor - height // 2, count - height)))

    def resized(self, count: int, height: int) -> Place:
        """The screen has another height: the cursor stays where it can be seen, and nothing is left blank."""
        row = max(0, min(self.row, height - 1))
        return Place(self.cursor, max(0, min(self.cursor - row, count - height)))

    def blank_above(self) -> int:
        """Blank rows above the first one."""
        return max(-self.top, 0)

    def blank_below(self, count: int, height: int) -> int:
        """Blank rows below the last one."""
        return max(self.top + height - max(count, 0), 0)
