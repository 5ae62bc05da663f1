"""The text of a mail or note as lines: wrapped, its quotations, signature and endless rest folded; kept once made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from rich.cells import cell_len
from textual.cache import FIFOCache

from desk.conversation import EntryId
from desk.safe import safe
from tui.reader.folding import Kind, Part, parts_of
from tui.reader.lines import Flow, Fold, Ground, Line, Span, Tone
from tui.reader.reflowing import reflowed
from tui.reader.wrapping import wrap
from tui.style.signs import Signs
from tui.words.tongue import tr

_KEPT = 400


@dataclass(frozen=True, slots=True)
class Opened:
    """What is open in the texts: parts that were toggled, and with `quotes` all other quotations and signatures.

    `rests` opens what is folded for its length. `found` are parts that are open because they hold what is sought.
    """

    parts: frozenset[Fold] = frozenset()
    quotes: bool = False
    rests: bool = False
    found: frozenset[Fold] = frozenset()

    def shows(self, fold: Fold, kind: Kind) -> bool:
        """Whether a part is open."""
        if kind is Kind.TEXT or fold in self.found:
            return True
        return (fold in self.parts) != (self.rests if kind is Kind.REST else self.quotes)

    def toggled(self, fold: Fold, *, is_open: bool) -> Opened:
        """The same with one part the other way round."""
        if is_open and fold in self.found:
            return replace(self, parts=self.parts - {fold}, found=self.found - {fold})
        return replace(self, parts=self.parts ^ {fold})


@dataclass(frozen=True, slots=True)
class Setting:
    """How a text is set: `lead` stands before every line (a bar, an indent), `width` is for both, in cells."""

    width: int
    signs: Signs
    lead: tuple[Span, ...] = ()
    ground: Ground = Ground.PAPER


_UNSURE = dict.fromkeys((0x200C, 0x200D, *range(0xFE00, 0xFE10), 0x20E3, *range(0x1F3FB, 0x1F400)))


def readable(text: str) -> str:
    """A text that is safe to show, without what joins emoji or chooses their looks: terminals disagree on its width."""
    return safe(text if text.isascii() else text.translate(_UNSURE))


class Bodies:
    """The lines of every text that was on show lately. A text never changes while it keeps its id and version."""

    def __init__(self) -> None:
        self._parts: FIFOCache[tuple[EntryId, int], tuple[Part, ...]] = FIFOCache(_KEPT)
        self._lines: FIFOCache[tuple[Fold, int, Setting, bool], list[Line]] = FIFOCache(_KEPT)

    def clear(self) -> None:
        """Forget everything kept."""
        self._parts.clear()
        self._lines.clear()

    def lines(
        self,
        entry: EntryId,
        text: str,
        opened: Opened,
        setting: Setting,
        version: int = 1,
        *,
        is_answer: bool = True,
    ) -> list[Line]:
        """The text of an entry; of a note, this version. In a mail that answers none, nothing counts as quoted."""
        if (parts := self._parts.get((entry, version))) is None:
            parts = self._parts[entry, version] = parts_of(readable(text), is_answer=is_answer)
        folds = ((Fold(entry, at), part) for at, part in enumerate(parts))
        blocks = (
            self._part(fold, part, version, setting, is_open=opened.shows(fold, part.kind)) for fold, part in folds
        )
        return [line for block in blocks for line in block] or [
            Line((Span(tr("(no text)"), Tone.MUTED),), setting.ground, entry, lead=setting.lead)
        ]

    def _part(self, fold: Fold, part: Part, version: int, setting: Setting, *, is_open: bool) -> list[Line]:
        """The lines of one part: what other parts look like makes no difference to them."""
        key = (fold, version, setting, is_open)
        if (lines := self._lines.get(key)) is None:
            lines = self._lines[key] = list(_set(fold, part, setting, is_open=is_open))
        return lines


def _set(fold: Fold, part: Part, setting: Setting, *, is_open: bool) -> Iterator[Line]:
    entry, ground, lead = fold.entry, setting.ground, setting.lead
    width = setting.width - sum(cell_len(each.text) for each in lead)
    if part.kind is not Kind.TEXT:
        sign = setting.signs.unfolded if is_open else setting.signs.folded
        yield Line((Span(f"  {sign} {part.label}", Tone.MUTED),), ground, entry, fold, lead)
    kept, flow = None if part.kind is Kind.TEXT else fold, Flow.APART
    for line in reflowed(part.lines, width) if is_open else ():
        tone, begin = _tone(part.kind, line), 0
        for piece in wrap(line, width):
            if begin:
                begin, flow = _found(line, piece, begin)
            yield Line((Span(piece, tone),), ground, entry, kept, lead, flow)
            begin, flow = begin or len(piece), Flow.NEXT


def _found(line: str, piece: str, after: int) -> tuple[int, Flow]:
    """Where a piece of a wrapped line ends in it, and whether it goes on within a word; marks `>` stand on each."""
    own = piece.lstrip("> ") or piece
    begin = line.find(own, after)
    return (begin + len(own), Flow.TORN if begin == after else Flow.NEXT) if begin >= 0 else (after, Flow.NEXT)


def _tone(kind: Kind, line: str) -> Tone:
    return Tone.MUTED if kind in (Kind.QUOTE, Kind.SIGNATURE) or line.startswith(">") else Tone.PLAIN
