"""A frame is made of what changed: a widget is asked only for lines that will be written and that nothing covers.

Textual asks every widget on the screen for all of its lines, the containers behind them too, whatever changed: a
millisecond for each key. And it writes whole rows, each look in full: over a slow line one waits for that. What stands
on the screen then is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import cast

from rich.console import Console
from textual._compositor import ChopsUpdate, Compositor, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from tui.grafting import graft
from tui.terminal.standing import STANDING


def paint_what_changed() -> None:
    """Let Textual make its frames so."""
    graft(Compositor, _render_chops=_pieces)
    graft(LayoutUpdate, render_segments=_everything)
    graft(ChopsUpdate, render_segments=_differences)


def _pieces(self: Compositor, crop: Region, is_rendered_line: Callable[[int], bool]) -> Sequence[Mapping[int, Strip]]:
    """What these lines are made of as far as they lie within `crop`, by the columns where pieces begin."""
    frame = _Frame.begun(self.cuts, crop, is_rendered_line)
    for widget, (region, clip) in self.visible_widgets.items():  # what is in front comes first
        if not frame.bare:
            break
        if (shown := region.intersection(clip)).overlaps(crop):
            frame.paint(widget, region, shown)
    return cast("Sequence[Mapping[int, Strip]]", frame.pieces)


def _everything(self: LayoutUpdate, console: Console) -> str:
    """What writes a whole screen, whatever stands there."""
    STANDING.forget()
    return STANDING.bring(_laid_out(self.strips, self.region), console)


def _laid_out(lines: Iterable[Iterable[Strip]], region: Region) -> Iterator[tuple[int, int, Strip]]:
    for y, pieces in enumerate(lines, region.y):
        x = region.x
        for piece in pieces:
            yield y, x, piece
            x += piece.cell_length


def _differences(self: ChopsUpdate, console: Console) -> str:
    """What writes the part of a frame that does not stand there yet."""
    return STANDING.bring(
        (
            (y, begin, piece)
            for y, first, last in self.spans
            for (begin, piece), end in zip(self.chops[y].items(), self.chop_ends[y], strict=True)
            if piece is not None and begin < last and end > first
        ),
        console,
    )


@dataclass(frozen=True, slots=True)
class _Frame:
    """What is painted so far; None is left out. `bare` are the places of each line that no widget has painted yet."""

    cuts: list[list[int]]
    pieces: list[dict[int, Strip | None]]
    bare: dict[int, set[int]]

    @classmethod
    def begun(cls, cuts: list[list[int]], crop: Region, is_wanted: Callable[[int], bool]) -> _Frame:
        """Nothing is painted yet of what is wanted."""
        wanted = filter(is_wanted, range(max(crop.y, 0), min(crop.bottom, len(cuts))))
        bare = {y: {begin for begin, end in pairwise(cuts[y]) if begin < crop.right and end > crop.x} for y in wanted}
        return cls(cuts, [dict.fromkeys(each[:-1]) for each in cuts], {y: each for y, each in bare.items() if each})

    def paint(self, widget: Widget, region: Region, shown: Region) -> None:
        """Have a widget paint what is bare of the part of it that can be seen."""
        first, last = shown.column_span
        lines = [y for y in shown.line_range if any(first <= each < last for each in self.bare.get(y, ()))]
        if not lines:
            return
        top, height = lines[0], lines[-1] - lines[0] + 1
        strips = widget.render_lines(Region(first - region.x, top - region.y, shown.width, height))
        for y, strip in enumerate(strips, top):
            if y in self.bare:
                self._put(y, first, last, strip)

    def _put(self, y: int, first: int, last: int, strip: Strip) -> None:
        """Keep of a line what is still bare; once it is painted it is asked for no more."""
        bare, pieces = self.bare[y], self.pieces[y]
        cuts = [cut for cut in self.cuts[y] if first <= cut <= last]
        for begin, piece in zip(cuts, strip.divide([cut - first for cut in cuts[1:]]), strict=False):
            if begin in bare:
                pieces[begin] = piece
                bare.discard(begin)
        if not bare:
            del self.bare[y]
