"""A window on lines: draws only what is visible, and only what changed; a cursor, and marks on what is sought."""

from __future__ import annotations

from itertools import pairwise
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.reader.lines import Ground, Line, Span, Tone
from tui.style.signs import Signs
from tui.words.finding import Found, Lines, Mark


class LineView(ScrollView, can_focus=True):
    """Lines and a cursor. Its subclasses say which lines, with `_put`."""

    virtual_size = reactive(Size(0, 0), layout=False, repaint=False)
    """As long as the lines; what is around is laid out anew only where a scroll bar comes or goes."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *(f"lines--{each}" for each in (*Tone, *Ground)),
        "lines--cursor",
        "lines--found",
        "lines--found-here",
    }
    DEFAULT_CSS = """
    LineView {
        height: 1fr; overflow-x: hidden; overflow-y: auto; scrollbar-size-vertical: 1; background: $background;
        & > .lines--paper { background: $background; }
        & > .lines--note-paper { background: $note-background; }
        & > .lines--side-paper { background: $side-background; }
        & > .lines--cursor { background: $chosen-faint; }
        & > .lines--plain { color: $foreground; }
        & > .lines--title { color: $foreground; text-style: bold; }
        & > .lines--strong { color: $foreground; text-style: bold; }
        & > .lines--muted { color: $muted; }
        & > .lines--faint { color: $faint; }
        & > .lines--accent { color: $accent; text-style: bold; }
        & > .lines--ours { color: $ours; }
        & > .lines--note { color: $note; text-style: bold; }
        & > .lines--side { color: $side; text-style: bold; }
        & > .lines--warning { color: $warning; }
        & > .lines--found { background: $warning 25%; text-style: underline; }
        & > .lines--found-here { background: $background; color: $warning; text-style: bold reverse; }
    }
    """

    def __init__(self, signs: Signs) -> None:
        super().__init__()
        self._signs = signs
        self._styles: dict[tuple[str, ...], Style] = {}
        self._lines: list[Line] = []
        self._cursor = 0
        self._painted: dict[int, object] = {}
        self._searched: Lines | None = None
        self._found: Found | None = None
        self._place: int | None = None
        self._origin = 0

    @property
    def found(self) -> Found | None:
        """What is sought, and where it stands; None while nothing is."""
        return self._found

    @property
    def place(self) -> int | None:
        """Which of the places that were found the search is at, from 0."""
        return self._place

    def put(self, lines: list[Line], *, anew: bool) -> None:
        """Show other lines, from the top or (the same text, laid out anew) about where one was."""
        share = 0.0 if anew or not self._lines else self._cursor / len(self._lines)
        self._put(lines)
        self._go_to(min(round(share * len(lines)), max(len(lines) - 1, 0)))

    def begin_find(self) -> None:
        """Remember where a search begins: what is typed is sought from here on."""
        self._origin = self._cursor

    def find(self, words: str) -> None:
        """Mark the places where these words stand, and go to the first from where the search began."""
        self._found = self._searchable().find(words)
        self._place = self._found.from_line(min(self._origin, max(len(self._lines) - 1, 0))) if self._lines else None
        self._go_to_place()

    def find_on(self, by: int) -> bool:
        """Go to another place that was found; says whether that led around the end."""
        if self._found is None or not (count := len(self._found.places)):
            return False
        at = (-1 if by > 0 else 0) if self._place is None else self._place
        self._place = (at + by) % count
        self._origin = self._found.line_of(self._place)
        self._go_to_place()
        return not 0 <= at + by < count

    def end_find(self) -> None:
        """Take the marks off."""
        self._found = self._place = None
        self.repaint()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._styles.clear()

    def on_focus(self) -> None:
        self.repaint()

    def on_blur(self) -> None:
        self.repaint()

    def watch_virtual_size(self, size: Size) -> None:
        """Show a scroll bar where there is more than can be seen."""
        self._refresh_scrollbars()
        if self.show_vertical_scrollbar:
            self.vertical_scrollbar.window_virtual_size = size.height

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Move the scroll bar, and paint the rows that show something else now."""
        if self.show_vertical_scrollbar:
            self.vertical_scrollbar.position = new_value
        if round(old_value) != round(new_value):
            self.repaint()

    def repaint(self) -> None:
        """Paint the rows that look other than they were painted last."""
        left, top = self.content_offset
        for y in range(self.size.height):
            if self._looks(y) != self._painted.get(y):
                self.refresh(Region(left, top + y, self.size.width, 1))

    def render_line(self, y: int) -> Strip:
        """One row."""
        self._painted[y] = self._looks(y)
        at = self._line_at(y)
        if at >= len(self._lines):
            return Strip.blank(self.size.width, self.rich_style)
        return self._strip(self._lines[at], self._marks(at), is_cursor=self._is_cursor(at))

    def action_down(self) -> None:
        self._move(1)

    def action_up(self) -> None:
        self._move(-1)

    def action_half_down(self) -> None:
        self._move(self.size.height // 2)

    def action_half_up(self) -> None:
        self._move(-(self.size.height // 2))

    def action_page_up(self) -> None:
        self._move(2 - self.size.height)

    def action_page_down(self) -> None:
        self._move(self.size.height - 2)

    def action_top(self) -> None:
        self._move(-len(self._lines))

    def action_bottom(self) -> None:
        self._move(len(self._lines))

    def _put(self, lines: list[Line]) -> None:
        """Show other lines; where the cursor belongs in them is for the caller to say."""
        self._lines, self._searched = lines, None
        self.virtual_size = Size(0, len(lines))
        if self._found is not None:
            self._found = self._searchable().find(self._found.words)
            count = len(self._found.places)
            self._place = min(self._place, count - 1) if self._place is not None and count else None

    def _searchable(self) -> Lines:
        if self._searched is None:
            self._searched = Lines(self._lines)
        return self._searched

    def _go_to_place(self) -> None:
        """Put the cursor where the search is; text around it stays in sight."""
        if self._found is not None and self._place is not None:
            line = self._found.line_of(self._place)
            top = round(self.scroll_y)
            is_seen = top + 1 < line < top + self.size.height - 2
            self._go_to(line, row=line - top if is_seen else self.size.height // 3)
        self.repaint()

    def _line(self) -> Line | None:
        return self._lines[self._cursor] if self._cursor < len(self._lines) else None

    def _line_at(self, y: int) -> int:
        """Which line stands on a row."""
        return y + round(self.scroll_y)

    def _is_cursor(self, at: int) -> bool:
        return at == self._cursor and (self.has_focus or self._place is not None)

    def _marks(self, at: int) -> list[Mark]:
        return self._found.marks(at) if self._found is not None and self._found.places else []

    def _looks(self, y: int) -> object:
        """All that a row's looks depend on."""
        at = self._line_at(y)
        if at >= len(self._lines):
            return None
        marks = [(each.begin, each.end, each.place == self._place) for each in self._marks(at)]
        return self._lines[at], marks, self._is_cursor(at), self.size.width

    def _move(self, by: int) -> None:
        """Move the cursor and the text together, so that the eye keeps its row while there is text to scroll."""
        old = self._cursor
        new = max(0, min(len(self._lines) - 1, old + by))
        self._go_to(new, row=old - round(self.scroll_y))

    def _go_to(self, cursor: int, *, row: int | None = None, last: int | None = None) -> None:
        """Put the cursor on a line, on the given row of the screen where that can be, and always in sight.

        `last` is another line, further down, that is to be in sight if both can be.
        """
        self._cursor = cursor
        height, top = max(self.size.height, 2), round(self.scroll_y)
        wanted = cursor - row if row is not None and 0 <= row < height else top
        wanted = min(max(wanted, (cursor if last is None else last) - height + 1), max(cursor - 1, 0))
        self.scroll_to(y=wanted, animate=False)
        self.repaint()

    def _strip(self, line: Line, marks: list[Mark], *, is_cursor: bool) -> Strip:
        ground = "lines--cursor" if is_cursor and line.ground is Ground.PAPER else f"lines--{line.ground}"
        plain = self._style(ground, "lines--plain")
        sign = (
            Segment(f"{self._signs.here} ", self._style(ground, "lines--accent")) if is_cursor else Segment("  ", plain)
        )
        lead = [Segment(each.text, self._style(ground, f"lines--{each.tone}")) for each in line.lead]
        strip = Strip([sign, *lead, *self._words(line, marks, ground)])
        return strip.adjust_cell_length(self.size.width, plain).simplify()  # each segment costs thirty bytes

    def _words(self, line: Line, marks: list[Mark], ground: str) -> list[Segment]:
        """The words of a line, with what was found in them marked."""
        if not marks:
            return [Segment(each.text, self._style(ground, f"lines--{each.tone}")) for each in line.spans]
        segments: list[Segment] = []
        at = 0
        for span in line.spans:
            segments += self._marked(span, at, marks, ground)
            at += len(span.text)
        return segments

    def _marked(self, span: Span, at: int, marks: list[Mark], ground: str) -> list[Segment]:
        """One run of words that begins at a character of its line, cut where marks begin and end."""
        edges = {0, len(span.text), *(edge - at for each in marks for edge in (each.begin, each.end))}
        cuts = sorted(edge for edge in edges if 0 <= edge <= len(span.text))
        tone = f"lines--{span.tone}"
        segments: list[Segment] = []
        for begin, end in pairwise(cuts):
            mark = next((each for each in marks if each.begin - at <= begin < each.end - at), None)
            found = "" if mark is None else "lines--found-here" if mark.place == self._place else "lines--found"
            segments.append(Segment(span.text[begin:end], self._style(ground, tone, found)))
        return segments

    def _style(self, ground: str, tone: str, found: str = "") -> Style:
        """How words of a tone look on a ground, and where they were found."""
        if (style := self._styles.get((ground, tone, found))) is None:
            paper = self.get_component_rich_style(ground).bgcolor
            style = self.get_component_rich_style(tone) + Style(bgcolor=paper)
            if found:
                mark = self.get_component_rich_style(found)
                style = mark if found.endswith("here") else style + Style(bgcolor=mark.bgcolor, underline=True)
            self._styles[ground, tone, found] = style
        return style
