"""All views at the left: their keys, names and counts, to choose from; one can be chosen without looking at it, too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from desk.safe import safe_line
from tui.front import front
from tui.keys.action import Context
from tui.keys.naming import instead_of
from tui.lists.pages import PAGES, Page
from tui.reader.wrapping import fit
from tui.style.signs import Signs
from tui.words.tongue import mark, tr

WIDTH, _WIDEST = 20, 40
"""Cells that it has at least; it is wider for the sake of long names, over the list more than beside it."""
_WARNING, _STRONG, _MUTED, _PLAIN = "$warning", "bold $accent", "$muted", "$foreground"
_ALL = mark("all")
_AROUND = len("> " + " ") + 1
"""Cells of a line besides its words: the cursor's, a blank behind it, and the padding."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A place to go: the name that the table of keys knows, the key after `g`, and how people call it.

    `gap` says that there is a line between it and those above, `whose` that it is a shared view.
    """

    name: str
    key: str
    title: str
    gap: bool = False
    whose: str = ""


_BESIDE = (
    Entry("outbox", "o", mark("Outbox"), gap=True),
    Entry("parked", "p", mark("Parked")),
    Entry("stats", "s", mark("Stats")),
    Entry("shift", "h", mark("Shift")),
)


def entries(saved: Sequence[Page]) -> list[Entry]:
    """Every place in the order of the sidebar: the views of every desk, what stands beside them, the saved views."""
    views = [Entry(each.name, each.view.key, each.title) for each in PAGES.values()]
    kept = [
        Entry(each.name, each.view.key, each.title, gap=not at, whose="" if each.saved and each.saved.owner else _ALL)
        for at, each in enumerate(saved)
    ]
    return [*views, *_BESIDE, *kept]


class Sidebar(Widget, can_focus=True):
    """The places, with a cursor of its own."""

    DEFAULT_CSS = f"Sidebar {{ width: {WIDTH}; height: 1fr; background: $panel; padding: 0 1 0 0; }}"

    @dataclass
    class Chosen(Message):
        """A place was chosen by a click."""

        name: str

    class Moved(Message):
        """The cursor is on another place."""

    def __init__(self, signs: Signs) -> None:
        super().__init__()
        self._signs = signs
        self._entries: list[Entry] = entries(())
        self._counts: Mapping[str, int] = {}
        self._shown = ""
        self._cursor = 0

    @property
    def chosen(self) -> str:
        """The place under the cursor, by its name."""
        return self._entries[self._cursor].name

    def show(self, places: list[Entry], counts: Mapping[str, int], shown: str) -> None:
        """Show these places; `shown` is the one that one is at. The cursor stays with its place."""
        if (places, counts, shown) == (self._entries, self._counts, self._shown):
            return
        before = self.chosen if shown == self._shown else shown
        self._entries, self._counts, self._shown = places, counts, shown
        self._cursor = next((at for at, each in enumerate(places) if each.name == before), 0)
        needed = max(cell_len("".join(self._told(each))) + _AROUND for each in places)
        self.styles.width = max(WIDTH, min(needed, _WIDEST))
        self.refresh()

    def action_down(self) -> None:
        self._move(1)

    def action_up(self) -> None:
        self._move(-1)

    def action_top(self) -> None:
        self._move(-len(self._entries))

    def action_bottom(self) -> None:
        self._move(len(self._entries))

    def on_focus(self) -> None:
        self.refresh()

    def on_blur(self) -> None:
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        rows = self._rows()
        at = self._first(len(rows)) + event.y
        if at < len(rows) and (entry := rows[at]) is not None:
            self._cursor = self._entries.index(entry)
            self.post_message(self.Chosen(entry.name))

    def render(self) -> Content:
        rows, width = self._rows(), self.content_size.width
        first = self._first(len(rows))
        lines = [self._line(each, width) for each in rows[first : first + self.size.height]]
        return Content("\n").join(lines)

    def _move(self, by: int) -> None:
        self._cursor = max(0, min(self._cursor + by, len(self._entries) - 1))
        self.refresh()
        self.post_message(self.Moved())
        front(self).cursor_position = self.region.offset

    def _rows(self) -> list[Entry | None]:
        return [row for entry in self._entries for row in ([None, entry] if entry.gap else [entry])]

    def _first(self, count: int) -> int:
        """The first visible row: as many as there are, or so that the cursor can be seen."""
        at = self._rows().index(self._entries[self._cursor])
        return max(0, min(count - self.size.height, at - self.size.height // 2))

    def _line(self, entry: Entry | None, width: int) -> Content:
        if entry is None:
            return Content("")
        is_under, is_here = self._entries[self._cursor] is entry and self.has_focus, entry.name == self._shown
        sign = self._signs.cursor if is_under else self._signs.here if is_here else " "
        key, name, number = self._told(entry)
        room = width - cell_len(f"{sign} {key}{number} ")
        name = fit(name, room)
        tone = _STRONG if is_here else _PLAIN if number else _MUTED
        line = Content.assemble(
            (f"{sign} ", _STRONG),
            (key, _STRONG if is_here else _MUTED),
            (name + " " * (room - cell_len(name)), tone),
            (f"{number} ", _WARNING if entry.name == "parked" and number else tone),
        )
        return line.stylize("on $chosen") if is_under else line

    def _told(self, entry: Entry) -> tuple[str, str, str]:
        """Its key, its name and how many tickets it has, with the blanks between them."""
        title = tr(entry.title) if entry.name in PAGES or entry in _BESIDE else safe_line(entry.title)
        name = f"{title} ({tr(entry.whose)})" if entry.whose else title
        count = self._counts.get(entry.name, 0)
        return f"{_key(entry):<3}", name, f" {count:,}" if count else ""


def _key(entry: Entry) -> str:
    """What is pressed behind g to go there; the whole key where that is another one."""
    if entry.name in PAGES or entry in _BESIDE:
        return instead_of(f"g {entry.key}", Context.LIST).removeprefix("g ")
    return safe_line(entry.key)
