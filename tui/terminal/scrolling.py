"""Scrolling by the terminal itself: it moves the rows that it shows already, and only the new ones are sent to it.

A list that goes on by a row costs some hundred bytes so instead of some thousand, which is felt over a slow line. It
works where the rows are as wide as the terminal and nothing lies over them (DECSTBM, SU and SD of the VT100 family).
"""

from __future__ import annotations

from textual.widget import Widget

from tui.front import front
from tui.terminal.standing import STANDING


def scroll_terminal(rows: Widget, by: int) -> bool:
    """Move what the terminal shows of a widget up by so many rows (down, if negative); False: all is to be painted."""
    app = front(rows)
    driver = app._driver  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - nothing else writes what is no frame
    if driver is None or app.is_headless or not 0 < abs(by) < rows.size.height // 2 or not _is_alone(rows):
        return False
    first, last = rows.region.y + 1, rows.region.bottom
    driver.write(f"\x1b[{first};{last}r\x1b[0m\x1b[{abs(by)}{'S' if by > 0 else 'T'}\x1b[r")
    STANDING.move_up(first - 1, last, by)
    return True


def _is_alone(rows: Widget) -> bool:
    """Whether a widget is on top, as wide as the terminal, all painted, and nothing lies over it.

    What waits to be painted would be painted where it no longer is.
    """
    app, screen = front(rows), rows.screen
    if app.screen is not screen or rows.region.x or rows.region.width != app.size.width:
        return False
    compositor = screen._compositor  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - what covers what
    dirty = screen._dirty_widgets  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - what is not painted yet
    waiting = compositor._dirty_regions  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - likewise
    if rows in dirty or any(each.overlaps(rows.region) for each in waiting):
        return False
    around, shown = {*rows.ancestors_with_self}, compositor.visible_widgets.items()
    return all(each in around or not region.overlaps(rows.region) for each, (region, _) in shown)
