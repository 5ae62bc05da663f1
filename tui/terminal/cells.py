"""A line as the terminal holds it, a character in each cell, and what has to be told the terminal to draw cells.

Of a look only what differs from the one before is told, and cells that look alike are drawn one after the other: with
colours of 24 bits a look is as long as half a row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import astuple
from functools import lru_cache
from itertools import groupby, pairwise
from operator import itemgetter

from rich.color import Color, ColorSystem
from rich.console import Console
from rich.style import Style
from textual.strip import SGR_STYLES, Strip

from tui.style.signs import UNICODE

Look = tuple[tuple[str, ...], str, str]
"""The codes (SGR) of attributes, ink and ground; of a blank that shows neither of the first two only the ground."""
Cell = tuple[Look, str]
Stroke = tuple[int, Look, str]
"""What is drawn in one go: the column where it begins, its look and its characters."""

_NO_INK, _NO_GROUND = "39", "49"
PLAIN: Look = ((), _NO_INK, _NO_GROUND)
"""As a terminal writes that was told nothing."""
_PLAINLY = "\x1b[0m"
_BEHIND: Cell = (PLAIN, "")
"""A cell that belongs to one before it."""

_SURE = re.compile(
    "[ -~\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u052f"  # Latin, Greek, Cyrillic
    f"\u2010-\u2027\u2030-\u205e\u2500-\u259f{re.escape(''.join(astuple(UNICODE)))}]*"
)
"""Characters that take one cell on every terminal, our signs among them."""
_ENDS = {"1": "22", "2": "22", "3": "23", "4": "24", "5": "25", "6": "25", "7": "27", "8": "28", "9": "29"} | {
    "21": "24", "51": "54", "52": "54", "53": "55",
}  # fmt: skip
"""What ends each attribute."""
_SHOWN_ON_BLANKS = {"4", "7", "9", "21", "51", "52", "53"}


def cells_of(piece: Strip, console: Console) -> tuple[list[Cell], int]:
    """The cells of a piece of a line, and how many of them are sure to stand in columns of their own.

    The first segment that terminals may give another width, and all behind it, is one cell, which is written as
    Textual would. So is the segment before it: on its last character a mark may stand.
    """
    cells, last, system = list[Cell](), 0, _system(console)
    for at, (text, style, _) in enumerate(piece):
        if not _SURE.fullmatch(text) or (style and style.link):
            whole = Strip([*piece][max(at - 1, 0) :]).render(console)
            return [*cells[:last], (PLAIN, whole), *[_BEHIND] * (piece.cell_length - last - 1)], last
        last, (look, blank) = len(cells), _looks(style or Style.null(), system)
        cells += [(blank if each == " " else look, each) for each in text]
    return cells, len(cells)


def changed(old: Sequence[Cell | None], new: Sequence[Cell], sure: int, near: int) -> list[tuple[int, int]]:
    """Where new cells differ from old ones (from, up to); places at most `near` cells apart are one.

    What stands behind the sure cells is all new or all old.
    """
    places = [at for at, (before, now) in enumerate(zip(old, new, strict=True)) if before != now]
    if not places:
        return []
    end = places[-1] + 1
    if end > sure:
        places, end = [*(at for at in places if at < sure), sure], len(new)
    gaps = [(before + 1, after) for before, after in pairwise(places) if after - before > near]
    return list(zip([places[0], *(after for _, after in gaps)], [*(before for before, _ in gaps), end], strict=True))


def strokes_of(cells: Sequence[Cell], column: int) -> Iterator[Stroke]:
    """Cells side by side that look alike; a blank is drawn with what stands before it, the first with what comes."""
    attributes, ink, _ = next((look for look, _ in cells if look[1]), PLAIN)
    for look, alike in groupby(cells, itemgetter(0)):
        if look[1]:
            attributes, ink, _ = look
        elif _SHOWN_ON_BLANKS.intersection(attributes):
            attributes = ()
        text = "".join(map(itemgetter(1), alike))
        yield column, (attributes, ink, look[2]), text
        column += len(text)


def drawn(strokes: Sequence[Stroke], y: int, pen: Look) -> tuple[str, Look]:
    """What draws these strokes on a line where the terminal has drawn like `pen` before; and how it draws then.

    Those of one look are drawn together, and first those that have the ink of the pen.
    """
    looks = sorted(dict.fromkeys(look for _, look, _ in strokes), key=lambda look: look[1] != pen[1])
    parts, at = list[str](), -1
    for column, look, text in sorted(strokes, key=lambda stroke: looks.index(stroke[1])):
        if column != at:
            parts.append(f"\x1b[{y + 1};{column + 1}H" if at < 0 else f"\x1b[{column + 1}G")
        parts += (turned(pen, look), text)
        pen, at = look, column + len(text)
    return "".join(parts), pen


@lru_cache(1024)
def turned(pen: Look, look: Look) -> str:
    """What turns one look into another."""
    if pen == look:
        return ""
    if look == PLAIN:
        return _PLAINLY
    codes = list[str]()
    if pen[0] != look[0]:
        codes += (*dict.fromkeys(_ENDS[each] for each in pen[0]), *look[0])
    codes += (new for old, new in zip(pen[1:], look[1:], strict=True) if new != old)
    return f"\x1b[{';'.join(codes)}m"


def _system(console: Console) -> ColorSystem:
    """How many colours the terminal has, as far as is known; without colours, there are none in what is written."""
    return console._color_system or ColorSystem.TRUECOLOR  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]


def _looks(style: Style, system: ColorSystem) -> tuple[Look, Look]:
    """Those of characters in this style, and of blanks."""
    on = style._attributes & style._set_attributes  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - as Textual does
    return _looks_in(on, style.color, style.bgcolor, system)


@lru_cache(1024)
def _looks_in(on: int, ink: Color | None, ground: Color | None, system: ColorSystem) -> tuple[Look, Look]:
    attributes = tuple(code for bit, code in enumerate(SGR_STYLES) if on >> bit & 1)
    in_ink = ";".join(ink.downgrade(system).get_ansi_codes()) if ink else _NO_INK
    on_ground = ";".join(ground.downgrade(system).get_ansi_codes(foreground=False)) if ground else _NO_GROUND
    look = attributes, in_ink, on_ground
    return look, look if _SHOWN_ON_BLANKS.intersection(attributes) else ((), "", on_ground)
