"""The review bar under a finished text: a reply leaves, or a note is added, only from here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content

from desk.draft import DraftKind
from tui.front import front
from tui.keys import ACTIONS, Context, acting_in
from tui.keys.naming import instead_of
from tui.keys.presses import is_idle_letter
from tui.terminal.bursts import HOLD
from tui.widgets.bar_words import Piece, spread
from tui.widgets.covered import Covered
from tui.widgets.told import Told
from tui.words.tongue import mark, tr

_DIGITS = 9
_GAP = 3
"""Cells at least between the last key and the help."""
_FINAL = ("y", "Y", "w", "X", "h")


@dataclass(frozen=True, slots=True)
class Choice:
    """One key of the bar: its words, and what it does. `mails` is true for what a note cannot do."""

    key: str
    label: str
    action: str
    mails: bool = False


CHOICES = (
    Choice("y", mark("send"), "send"),
    Choice("Y", mark("send+close"), "send('closed')", mails=True),
    Choice("w", mark("send+waiting"), "send('waiting')", mails=True),
    Choice("b", mark("send+snooze"), "send_snoozed", mails=True),
    Choice("c", mark("recipients"), "recipients", mails=True),
    Choice("a", mark("attach"), "attach", mails=True),
    Choice("d", mark("detach"), "detach", mails=True),
    Choice("e", mark("edit"), "edit"),
    Choice("E", mark("editor"), "editor"),
    Choice("h", mark("hand over"), "give"),
    Choice("p", mark("keep draft"), "keep"),
    Choice("X", mark("discard"), "discard"),
)
TAKE_OVER = Choice("t", mark("take over"), "take_over")
"""Instead of what sends, while the draft is held elsewhere."""
_ONWARD, _BACK = "pagedown", "pageup"
READ_NEWS, READ_ON, READ_BACK = mark("read what came"), mark("read on"), mark("read back")
"""What the keys that read on and back do where something does not fit: of what came meanwhile, or of any other text."""
NOTE_LABELS = {"y": mark("add note")}
_ALWAYS = frozenset({"take_over", "edit", "editor", "keep", "discard"})
"""What can be done with a text that is held elsewhere."""


def choices(
    kind: DraftKind,
    *,
    is_lost: bool = False,
    is_merged: bool = False,
    has_files: bool = False,
    is_first: bool = False,
) -> list[tuple[str, str]]:
    """The keys of the bar with their words: a note has no word that sends, nor has what is held elsewhere.

    `is_merged`: it is held nowhere any more; `is_first`: a mail that is to open a ticket, which nobody else can go on
    with.
    """
    if is_lost:
        all_of_them = CHOICES if is_merged else (TAKE_OVER, *CHOICES)
        return [(each.key, tr(each.label)) for each in all_of_them if each.action in _ALWAYS]
    if kind is DraftKind.NOTE:
        return [(each.key, tr(NOTE_LABELS.get(each.key, each.label))) for each in CHOICES if not each.mails]
    out = {*(() if has_files else ("detach",)), *(("give", "send_snoozed") if is_first else ())}
    return [(each.key, tr(each.label)) for each in CHOICES if each.action not in out]


def ticks(steps: int) -> list[tuple[str, str]]:
    """The keys that tick so many steps off: a digit for each of the first nine, and Space for the next open one."""
    if not steps:
        return []
    return [("1" if steps == 1 else f"1-{steps}" if steps <= _DIGITS else "Space", tr("tick"))]


def review_lines(keys: Sequence[tuple[str, str]], width: int) -> list[Content]:
    """All keys with their words, in as few lines as that takes, each about as long; help is at the end of the last."""
    ending = [(instead_of("?", Context.REVIEW), "bold $accent"), (f" {tr('help')} ", "$muted")]
    count = len(_broken(keys, width, _cells(ending)))
    even = next(each for each in range(1, width + 1) if len(_broken(keys, each, _cells(ending))) <= count)
    *above, last = _broken(keys, even, _cells(ending))
    return [*(spread(each, (), width) for each in above), spread(last, ending, width)]


def _broken(keys: Sequence[tuple[str, str]], width: int, ending: int) -> list[list[Piece]]:
    """The keys in lines of so many cells; the last leaves as many as what ends it takes, and a gap before that."""
    lines: list[list[Piece]] = [[]]
    room = width
    for at, (key, label) in enumerate(keys):
        cells = cell_len(f"{key} {label}") + (1 if not lines[-1] else 2)
        if lines[-1] and room - cells < (ending + _GAP if at == len(keys) - 1 else 1):
            lines.append([])
            room, cells = width, cells - 1
        gap = "  " if lines[-1] else " "
        lines[-1] += [(gap, "$foreground"), (key, "bold $accent"), (f" {label}", "$foreground")]
        room -= cells
    return lines


def _cells(pieces: Sequence[Piece]) -> int:
    return sum(cell_len(words) for words, _ in pieces)


def _bound() -> frozenset[str]:
    return frozenset(key for each in acting_in(Context.REVIEW, ACTIONS) for key in each.keys)


class ReviewBar(Told, Covered, can_focus=True):
    """The keys that act on a finished text. It has the focus while it is shown, so that no key types."""

    PLACE: ClassVar[Context] = Context.REVIEW
    DEFAULT_CSS = "ReviewBar { background: $chosen; padding: 0; width: 1fr; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(each.key, f"screen.{each.action}", each.label, show=False) for each in (*CHOICES, TAKE_OVER)),
        *(Binding(str(number), f"screen.tick({number})", "step", show=False) for number in range(1, _DIGITS + 1)),
        Binding("u", "screen.take_back", "undo", show=False),
        Binding("space", "screen.tick_next", "next step", show=False),
        Binding("pagedown", "screen.read_on(8)", "read on", show=False),
        Binding("pageup", "screen.read_on(-8)", "read back", show=False),
        Binding("escape,enter", "screen.edit", "edit", show=False),
    ]

    def __init__(self, kind: DraftKind) -> None:
        super().__init__()
        self._kind = kind
        self._steps, self._shown = 0, dict[str, bool]()
        self._more, self._is_back = "", False
        self._pressed = 0.0
        self.finishing = ""
        """What the key that finishes a note says, where that does more than to add it."""

    def on_key(self, event: events.Key) -> None:
        """Drop a key that cannot be taken back where it came too close behind another: that is a pasted text."""
        if event.character in _FINAL and event.time - self._pressed < HOLD:
            event.stop()
        elif event.time - self._pressed > HOLD and is_idle_letter(event) and event.character not in _bound():
            front(self).say_idle(event.character or "")
        self._pressed = event.time

    def show(self, steps: int, **shown: bool) -> None:
        """Say also how many steps can be ticked off, and what else is so.

        `is_lost`: the draft is held elsewhere, or went along with a ticket, which `is_merged`; `has_files`: some go
        along; `is_first`: there is no ticket yet.
        """
        if (steps, shown) != (self._steps, self._shown):
            self._steps, self._shown = steps, shown
            self.refresh(layout=True)

    def tell_more(self, more: str, *, is_back: bool) -> None:
        """Say what reading on would show (empty: all is in sight), and whether what is answered is read back in."""
        if (more, is_back) != (self._more, self._is_back):
            self._more, self._is_back = more, is_back
            self.refresh(layout=True)

    def render(self) -> Content:
        return Content("") if self.is_covered else super().render()

    def lines(self, width: int) -> Sequence[Content]:
        is_lost = self._shown.get("is_lost", False)
        can = choices(self._kind, **self._shown)
        if self.finishing and not is_lost:
            can = [(key, self.finishing if key == "y" else label) for key, label in can if key != "h"]
        more = [(_ONWARD, tr(self._more))] if self._more else []
        keys = [*can, *more, *([(_BACK, tr(READ_BACK))] if self._is_back else [])]
        now = [(told, label) for key, label in keys if (told := instead_of(key, self.PLACE))]
        return review_lines([*ticks(self._steps), *now], width)
