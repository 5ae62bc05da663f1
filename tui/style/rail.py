"""The bar at the right edge that tells how far one has read: half a cell wide, so that no text touches it."""

from __future__ import annotations

from rich.console import Console, ConsoleOptions, RenderResult
from rich.segment import Segment, Segments
from rich.style import Style
from textual.scrollbar import ScrollBar, ScrollBarRender

_THUMB = "▐"


class Rail(ScrollBarRender):
    """Draws a bar that stands, in whole rows; one that lies, which no screen has, is drawn as Textual does."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        if self.vertical:
            yield self.drawn(options.height or console.height, options.max_width, console.get_style(self.style))
        else:
            yield from super().__rich_console__(console, options)

    def drawn(self, size: int, width: int, style: Style) -> Segments:
        """So many rows, each of which says what a press of the mouse does there."""
        first, last = thumb(size, self.virtual_size, self.window_size, self.position)
        presses = ["scroll_up"] * first + ["grab"] * (last - first) + ["scroll_down"] * (size - last)
        cells = ((_THUMB if each == "grab" else "").rjust(width) for each in presses)
        return Segments(
            [
                Segment(cell, style + Style(meta={"@mouse.down": press}))
                for cell, press in zip(cells, presses, strict=True)
            ],
            new_lines=True,
        )


def thumb(size: int, virtual_size: float, window_size: float, position: float) -> tuple[int, int]:
    """The first row of the thumb and the one after its last, of `size`; it is at an end only at the very end."""
    hidden = virtual_size - window_size
    if size <= 0 or hidden <= 0:
        return 0, 0
    rows = max(round(size * window_size / virtual_size), 1)
    first = round((size - rows) * position / hidden)
    lowest, highest = int(position > 0), size - rows - int(position < hidden)
    first = max(min(first, highest), lowest) if lowest <= highest else first
    return first, first + rows


def use_rail() -> None:
    """Let all bars be drawn so."""
    ScrollBar.renderer = Rail
