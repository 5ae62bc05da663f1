"""Scrolling by the terminal itself: it moves the rows that it shows already, and only the new ones are sent to it.

A list that goes on by a row costs some hundred bytes so instead of some thousand, which is felt over a slow line. It
works where the rows are as wide as the terminal and nothing lies over them (DECSTBM, SU and SD of the VT100 family).
"""

from __future__ import annotations

from textual.widget import Widget


def scroll_terminal(rows: Widget, by: int) -> bool:
    """Move what the terminal shows of a widget up by so many rows (down, if negative); False: all is to be painted."""
    if not 0 < abs(by) < rows.size.height // 2 or not _is_alone(rows):
        return False
    driver = rows.app._driver  # noqa: SLF001 - Textual has no public way to write what is no frame
    if driver is None or rows.app.is_headless:
        return False
    first, last = rows.region.y + 1, rows.region.bottom
    direction = "S" if by > 0 else "T"
    driver.write(f"\x1b[{first};{last}r\x1b[0m\x1b[{abs(by)}{direction}\x1b[r")
    return True


def _is_alone(rows: Widget) -> bool:
    """Whether a widget is on top, as wide as the terminal, all painted, and nothing lies over it."""
    app, screen = rows.app, rows.screen
    if app.screen is not screen or rows.region.x or rows.region.width != app.size.width:
        return False
    compositor = screen._compositor  # noqa: SLF001 - there is no public way to ask what covers what
    waiting = rows in screen._dirty_widgets  # noqa: SLF001 - or what waits to be painted, which would be elsewhere then
    if waiting or any(each.overlaps(rows.region) for each in compositor._dirty_regions):  # noqa: SLF001 - likewise
        return False
    around, shown = {*rows.ancestors_with_self}, compositor.visible_widgets.items()
    return all(each in around or not region.overlaps(rows.region) for each, (region, _) in shown)
