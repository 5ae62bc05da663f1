"""A mail as it came, to read and to search: safe to show, a large one in parts; and any other text as it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.message import Message

from desk.desk import Desk
from desk.safe import safe
from tui.front import front
from tui.host import stands
from tui.keys import Context, on_key_line
from tui.keys.naming import with_keys
from tui.reader.lines import Flow, Line, Span, Tone
from tui.reader.seeking import Seeking
from tui.reader.wrapping import wrap
from tui.style.signs import Signs
from tui.widgets.bars import Heading, KeyLine, StatusLine
from tui.widgets.find import FindLine
from tui.widgets.line_view import LineView
from tui.words.telling import size
from tui.words.tongue import tr

PART = 1_000_000
"""Bytes that are shown at once."""
_LONGEST_ROW = 2_000
"""Characters that are wrapped at once; a longer row is cut there."""
_MARGIN = 3
_PICTURES = {code: chr(0x2400 + code) for code in range(0x20) if code not in (0x09, 0x0A)} | {0x7F: "\u2421"}
"""Control characters, each by its picture."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a text as lines, which one it is, of how many, and how many bytes all of it has."""

    lines: tuple[Line, ...]
    at: int
    count: int
    total: int


def part_of(data: bytes, at: int, width: int) -> Part:
    """A part of a mail's bytes as lines of at most `width` cells; every byte is shown, none is obeyed."""
    count = max((len(data) + PART - 1) // PART, 1)
    at = max(0, min(at, count - 1))
    text = data[at * PART : (at + 1) * PART].decode("utf-8", "backslashreplace").replace("\r\n", "\n")
    is_head = at == 0
    lines: list[Line] = []
    for row in safe(text.translate(_PICTURES)).split("\n"):
        is_head = is_head and bool(row.strip())
        lines += _set(row[:_LONGEST_ROW], width, is_head=is_head)
        for begin in range(_LONGEST_ROW, len(row), _LONGEST_ROW):
            first, *more = _set(row[begin : begin + _LONGEST_ROW], width, is_head=False)
            lines += (replace(first, flow=Flow.TORN), *more)
    return Part(tuple(lines), at, count, len(data))


def _set(row: str, width: int, *, is_head: bool) -> list[Line]:
    pieces = [row] if row.isascii() and len(row) <= width else wrap(row, width)
    name, colon, value = row.partition(":")
    if is_head and colon and " " not in name and len(pieces) == 1:
        return [Line((Span(name + colon, Tone.MUTED), Span(value)))]
    return [Line((Span(each),), flow=Flow.NEXT if at else Flow.APART) for at, each in enumerate(pieces)]


_BETWEEN_PLACES = frozenset({"find_next", "find_back"})


class Pages(LineView):
    """A part of a text, from which one pages on to the next."""

    @dataclass
    class Passed(Message):
        """The agent paged beyond one end: 1 for the lower, -1 for the upper."""

        by: int

    def action_page_down(self) -> None:
        if round(self.scroll_y) >= self.max_scroll_y:
            self.post_message(self.Passed(1))
        super().action_page_down()

    def action_page_up(self) -> None:
        if not round(self.scroll_y):
            self.post_message(self.Passed(-1))
        super().action_page_up()


class TextScreen(Seeking):
    """A text, with the keys of the reader."""

    PLACE: ClassVar[Context] = Context.SOURCE
    AUTO_FOCUS = "LineView"
    DEFAULT_CSS = "TextScreen { background: $background; }"

    def __init__(self, title: str, text: str, signs: Signs) -> None:
        super().__init__()
        self._title, self._signs = title, signs
        self._load: Callable[[Desk], bytes] = lambda _: text.encode()
        self._part = Part((), 0, 1, 0)
        self._wanted = 0

    def compose(self) -> ComposeResult:
        yield Heading(self._title, "")
        yield Pages(self._signs)
        yield FindLine()
        yield StatusLine()
        yield KeyLine(Context.SOURCE)

    @property
    def context(self) -> Context | None:
        """Where keys act: here; nowhere while one types what to find."""
        return Context.SOURCE if isinstance(self.focused, LineView) else None

    @property
    def sought_in(self) -> LineView:
        return self.query_one(LineView)

    def on_resize(self) -> None:
        self._read(self._wanted)

    def on_descendant_focus(self) -> None:
        self.query_one(KeyLine).show(self.context or Context.FIND)

    def on_pages_passed(self, event: Pages.Passed) -> None:
        """Go on to the next part of the text, or back to the one before."""
        event.stop()
        if 0 <= self._part.at + event.by < self._part.count:
            self._read(self._part.at + event.by)

    def action_back(self) -> None:
        self.dismiss(None)

    def action_cancel(self) -> None:
        if self.is_seeking:
            self.end_find()
        else:
            self.dismiss(None)

    def end_find(self) -> None:
        super().end_find()
        self._offer_places()

    def tell_found(self, *, is_around: bool = False) -> None:
        super().tell_found(is_around=is_around)
        self._offer_places()

    def _offer_places(self) -> None:
        """Name the keys that go from place to place only where something is sought."""
        going = frozenset(each.shown_key for each in on_key_line(Context.SOURCE) if each.name in _BETWEEN_PLACES)
        self.query_one(KeyLine).leave_out(frozenset() if self.is_seeking else going)

    def _read(self, part: int) -> None:
        """Read a part in the thread for files."""
        self._wanted = part
        width = max(self.size.width - _MARGIN, 20)
        front(self).look("source", lambda desk: part_of(self._load(desk), part, width), partial(self._show, part))

    def _show(self, wanted: int, part: Part) -> None:
        if not stands(self) or wanted != self._wanted:
            return
        is_other, self._part = part.at != self._part.at, part
        self.sought_in.put(list(part.lines), anew=is_other)
        self.query_one(Heading).show(self._title, self._about(part))
        self.tell_found()

    def _about(self, part: Part) -> str:
        if part.count == 1:
            return size(part.total)
        return with_keys(
            tr("part {n} of {count}, {size} in all; {key_page_down} and {key_page_up} go on and back"),
            n=part.at + 1,
            count=part.count,
            size=size(part.total),
        )


class SourceScreen(TextScreen):
    """The bytes of a mail; `raw` is their sha256."""

    def __init__(self, title: str, raw: str, signs: Signs) -> None:
        super().__init__(title, "", signs)
        self._load = lambda desk: desk.blobs.get(raw)
