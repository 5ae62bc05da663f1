"""A line of the reader as words with tones; what a tone looks like is said in the reader's CSS."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum

from rich.cells import cell_len

from desk.conversation import EntryId
from tui.reader.wrapping import fit
from tui.style.signs import UNICODE, Signs


class Tone(StrEnum):
    """What a run of words is, each a component class of the reader (`reader--muted`)."""

    PLAIN = "plain"
    TITLE = "title"
    STRONG = "strong"
    MUTED = "muted"
    FAINT = "faint"
    ACCENT = "accent"
    OURS = "ours"
    NOTE = "note"
    SIDE = "side"
    WARNING = "warning"


class Ground(StrEnum):
    """What a whole line stands on."""

    PAPER = "paper"
    NOTE = "note-paper"
    SIDE = "side-paper"


@dataclass(frozen=True, slots=True)
class Fold:
    """What a line opens and closes: a part of an entry, or (None) the whole entry."""

    entry: EntryId
    part: int | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """How wide the lines may be, in cells, what time it is where the agent sits, and which signs can be shown.

    `zone` None: local time.
    """

    width: int
    now: datetime
    zone: tzinfo | None = None
    signs: Signs = UNICODE


@dataclass(frozen=True, slots=True)
class Span:
    """Words of one tone."""

    text: str
    tone: Tone = Tone.PLAIN


class Flow(StrEnum):
    """How a line goes on from the one above: not at all, as the next line of one text, or within a word."""

    APART = "\0"
    NEXT = "\n"
    TORN = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of cells: its words, the entry it belongs to, and what Enter toggles on it.

    `lead` stands before the words and is none of them (a bar, an indent): it is neither found nor copied.
    """

    spans: tuple[Span, ...] = ()
    ground: Ground = Ground.PAPER
    entry: EntryId | None = None
    fold: Fold | None = None
    lead: tuple[Span, ...] = ()
    flow: Flow = Flow.APART

    @property
    def words(self) -> str:
        """The words without their tones."""
        return "".join(each.text for each in self.spans)

    @property
    def text(self) -> str:
        """All that stands on the row, without its tones."""
        return "".join(each.text for each in (*self.lead, *self.spans))


def spread(left: tuple[Span, ...], right: tuple[Span, ...], width: int) -> tuple[Span, ...]:
    """Words at both ends of a row of `width` cells; where both do not fit, the left ones are cut."""
    right_cells = sum(cell_len(each.text) for each in right)
    room = max(width - right_cells - 2, width // 3) if right_cells else width
    kept, cells = cut(left, room)
    if not right_cells:
        return kept
    right, right_cells = cut(right, max(width - cells - 1, 0))
    return (*kept, Span(" " * (width - cells - right_cells)), *right)


def cut(spans: tuple[Span, ...], room: int) -> tuple[tuple[Span, ...], int]:
    """As many words as `room` cells hold, and how many cells they take."""
    kept: list[Span] = []
    cells = 0
    for each in spans:
        text = fit(each.text, room - cells)
        if text:
            kept.append(Span(text, each.tone))
        cells += cell_len(text)
        if text != each.text:
            break
    return tuple(kept), cells
