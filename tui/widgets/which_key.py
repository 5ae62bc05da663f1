"""All that may follow the keys of a chord, in columns over the lower edge, where one line does not hold it."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual.content import Content
from textual.geometry import Size
from textual.screen import Screen
from textual.widgets import Static

from desk.safe import safe_line
from tui.keys import CHORD_TITLES, shown
from tui.keys.chords import Waiting
from tui.reader.wrapping import fit
from tui.widgets.bar_words import fits_one_line, spread
from tui.words.tongue import tr

_GAP = 2
_SHORTEST = 8
"""Cells that are left of a name at least, where names are cut to be all there."""
_LOW = 12
"""Lines of a screen so low that it gives up more than half of them."""
_WIDEST = 36
"""Cells of one entry; a longer name, which only a macro or a view of somebody's can have, is cut."""


class WhichKey(Static):
    """Lies over the last lines of a screen as long as a chord has begun that one line cannot tell."""

    DEFAULT_CSS = """
    WhichKey { layer: over; dock: bottom; width: 100%; height: auto; background: $panel; }
    """

    def __init__(self, waiting: Waiting, size: Size) -> None:
        super().__init__(which_key_lines(waiting, size.width, _most_lines(size.height)))
        self._waiting = waiting

    def on_resize(self) -> None:
        size = self.screen.size
        self.update(which_key_lines(self._waiting, size.width, _most_lines(size.height)))

    @classmethod
    def tell(cls, screen: Screen[object], waiting: Waiting | None) -> None:
        """Show what may follow on a screen, or take it away."""
        for each in screen.query(cls):
            each.remove()
        if waiting is not None and not fits_one_line(waiting, screen.size.width):
            screen.mount(cls(waiting, screen.size))


def _most_lines(height: int) -> int:
    """Half of a screen, and of a low one all but its first line."""
    return max(height // 2, min(height - 1, _LOW))


def which_key_lines(waiting: Waiting, width: int, most: int = 100) -> Content:
    """`g go to`, and below it every key that may follow with its whole name, in columns from top to bottom.

    Where that takes more than `most` lines, names are cut for more columns; then it is told how many are left.
    """
    pressed, title = shown(" ".join(waiting.keys)), tr(CHORD_TITLES.get(waiting.keys[0], ""))
    head = spread([(f" {pressed} ", "bold $accent reverse"), (f" {title}", "$foreground")], [("Esc ", "$muted")], width)
    entries = [(shown(key), fit(safe_line(action.title), _WIDEST)) for key, action in waiting.choices]
    return Content("\n").join([head, *_columns(entries, width - 2, max(most - 1, 1))])


def _columns(entries: Sequence[tuple[str, str]], width: int, most: int) -> list[Content]:
    keys = max((cell_len(key) for key, _ in entries), default=1)
    widest = keys + 1 + max((cell_len(words) for _, words in entries), default=0) + _GAP
    across = max(1, (width + _GAP) // widest)
    if -(-len(entries) // across) > most:
        across = max(across, min(-(-len(entries) // most), (width + _GAP) // (keys + 1 + _SHORTEST + _GAP)))
        widest = (width + _GAP) // across
        entries = [(key, fit(words, widest - keys - 1 - _GAP)) for key, words in _as_many(entries, across * most)]
    down = -(-len(entries) // across)
    return [
        Content.assemble(
            " ", *(piece for entry in entries[row::down] for piece in _entry(entry, keys, widest))
        ).rstrip()
        for row in range(down)
    ]


def _as_many(entries: Sequence[tuple[str, str]], room: int) -> Sequence[tuple[str, str]]:
    """All of them, or the first with how many more there are."""
    if len(entries) <= room:
        return entries
    left = len(entries) - room + 1
    return [*entries[: room - 1], ("…", tr("{count} more").format(count=left))]


def _entry(entry: tuple[str, str], keys: int, widest: int) -> list[tuple[str, str]]:
    key, words = entry
    rest = " " * (widest - keys - 1 - cell_len(words))
    return [(key + " " * (keys - cell_len(key)), "bold $accent"), (f" {words}{rest}", "$foreground")]
