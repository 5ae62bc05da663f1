"""Text broken into lines that fit a number of terminal cells, whatever it is written in; pure, and linear in time."""

from __future__ import annotations

import re

from rich.cells import cell_len, chop_cells

_QUOTE_MARKS = re.compile(r"(?:> ?){1,8}")
_WIDE = (
    "\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3"
    "\uf900-\ufaff\uff01-\uff60"
)
_PATH = re.compile(r"/\S+")
_LEAST_ENDS = 9
"""Cells below which a text has no room for both of its ends."""
_NEVER_FIRST = "、。，．・：；？！）」』】〕〉》”’ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ"
_BREAKABLE = re.compile(rf" +|[{_WIDE}][{_NEVER_FIRST}]*|[^ {_WIDE}]+")
"""Blanks, single wide characters (a line may break at each, but not before what JIS X 4051 keeps back), and words."""
_EVEN = re.compile("[ -~\u00c0-\u02af\u0391-\u03ff\u0400-\u0482\u048a-\u052f]*")
"""Latin, Greek and Cyrillic letters and ASCII: one cell each."""


def wrap(line: str, width: int) -> list[str]:
    """One line of text as lines of at most `width` cells; quotation marks `>` are repeated on each of them."""
    width = max(width, 2)
    is_even = _EVEN.fullmatch(line) is not None
    if len(line) * 2 <= width or (len(line) if is_even else cell_len(line)) <= width:
        return [line]
    marks = found.group() if (found := _QUOTE_MARKS.match(line)) and len(found.group()) < width // 2 else ""
    fill = _filled_evenly if is_even else _filled
    pieces = fill(line[len(marks) :], width - len(marks))
    return [marks + piece for piece in pieces] if marks else pieces


def fit(text: str, width: int) -> str:
    """A text cut to `width` cells, with an ellipsis where something is missing."""
    if cell_len(text) <= width:
        return text
    return chop_cells(text, width - 1)[0].rstrip() + "…" if width > 1 else "…"[:width]


def fit_middle(text: str, width: int) -> str:
    """A text cut to `width` cells in its middle: how a file's name or a path ends tells more than how it goes on."""
    if cell_len(text) <= width or width < _LEAST_ENDS:
        return fit(text, width)
    room, end = (width - 1) // 2, len(text)
    while end and (room := room - cell_len(text[end - 1])) >= 0:
        end -= 1
    ending = text[end:]
    return chop_cells(text, width - 1 - cell_len(ending))[0].rstrip() + "…" + ending


def fit_path(text: str, width: int) -> str:
    """A sentence with a path in it in so many cells, if that can be: the path gives way, in its middle."""
    over, path = cell_len(text) - width, max(_PATH.findall(text), key=len, default="")
    return text.replace(path, fit_middle(path, max(cell_len(path) - over, _LEAST_ENDS)), 1) if over > 0 else text


def _filled_evenly(text: str, width: int) -> list[str]:
    """As `_filled`, faster, for characters of one cell each."""
    lines: list[str] = []
    begin = 0
    while len(text) - begin > width:
        end = text.rfind(" ", begin, begin + width + 1)
        end = end if end > begin else begin + width
        lines.append(text[begin:end].rstrip())
        begin = next((at for at in range(end, len(text)) if text[at] != " "), len(text))
    return [*lines, text[begin:].rstrip()]


def _filled(text: str, width: int) -> list[str]:
    lines: list[str] = []
    held: list[str] = []
    room = width
    for found in _BREAKABLE.finditer(text):
        piece, cells = found.group(), cell_len(found.group())
        if cells <= room or piece.isspace():
            held.append(piece)
            room -= cells
            continue
        if held:
            lines.append("".join(held).rstrip())
        *whole, last = chop_cells(piece, width) if cells > width else [piece]
        lines.extend(whole)
        held, room = [last], width - cell_len(last)
    return [*lines, "".join(held).rstrip()]
