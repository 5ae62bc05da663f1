"""The review bar under a finished text: a reply leaves, or a note is added, only from here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content

from desk.draft import DraftKind
from tui.bursts import HOLD
from tui.keys import Context
from tui.widgets.bars import Bar, Piece, spread

_ROOMY = 130
"""From this width on, every word is written out."""
_DIGITS = 9
_FINAL = ("y", "Y", "w", "X")


@dataclass(frozen=True, slots=True)
class Choice:
    """One key of the bar: its words, shorter ones where room is short (empty: not shown there), and what it does.

    `mails` is true for what a note cannot do.
    """

    key: str
    label: str
    short: str
    action: str
    mails: bool = False


CHOICES = (
    Choice("y", "send", "send", "send"),
    Choice("Y", "send+close", "send+close", "send('closed')", mails=True),
    Choice("w", "send+waiting", "send+wait", "send('waiting')", mails=True),
    Choice("c", "recipients", "to", "recipients", mails=True),
    Choice("a", "attach", "file", "attach", mails=True),
    Choice("d", "detach", "", "detach", mails=True),
    Choice("e", "edit", "", "edit"),
    Choice("E", "editor", "", "editor"),
    Choice("p", "keep draft", "keep", "keep"),
    Choice("X", "discard", "discard", "discard"),
)
TAKE_OVER = Choice("t", "take over", "take over", "take_over")
"""Instead of what sends, while the draft is held elsewhere."""
NOTE_LABELS = {"y": "add note"}
_ALWAYS = frozenset({"take_over", "edit", "editor", "keep", "discard"})
"""What can be done with a text that is held elsewhere."""


def choices(
    kind: DraftKind, *, roomy: bool = True, is_lost: bool = False, has_files: bool = False
) -> list[tuple[str, str]]:
    """The keys of the bar with their words: a note has no word that sends, nor has what is held elsewhere."""
    if is_lost:
        return [(each.key, each.label) for each in (TAKE_OVER, *CHOICES) if each.action in _ALWAYS]
    if kind is DraftKind.NOTE:
        return [(each.key, NOTE_LABELS.get(each.key, each.label)) for each in CHOICES if not each.mails]
    can = (each for each in CHOICES if has_files or each.action != "detach")
    return [(each.key, label) for each in can if (label := each.label if roomy else each.short)]


def ticks(steps: int) -> list[tuple[str, str]]:
    """The keys that tick so many steps off: a digit for each of the first nine, and Space for the next open one."""
    if not steps:
        return []
    return [("1" if steps == 1 else f"1-{steps}" if steps <= _DIGITS else "Space", "tick")]


class ReviewBar(Bar, can_focus=True):
    """The keys that act on a finished text. It has the focus while it is shown, so that no key types."""

    PLACE: ClassVar[Context] = Context.REVIEW
    DEFAULT_CSS = "ReviewBar { background: $chosen; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(each.key, f"screen.{each.action}", each.label, show=False) for each in (*CHOICES, TAKE_OVER)),
        *(Binding(str(number), f"screen.tick({number})", "step", show=False) for number in range(1, _DIGITS + 1)),
        Binding("u", "screen.take_back", "undo", show=False),
        Binding("space", "screen.tick_next", "next step", show=False),
        Binding("escape,enter", "screen.edit", "edit", show=False),
        Binding("question_mark", "screen.help", "help", show=False),
    ]

    def __init__(self, kind: DraftKind) -> None:
        super().__init__()
        self._kind = kind
        self._steps, self._is_lost, self._has_files = 0, False, False
        self._pressed = 0.0
        self.finishing = ""
        """What the key that finishes a note says, where that does more than to add it."""

    def on_key(self, event: events.Key) -> None:
        """Drop a key that cannot be taken back where it came too close behind another: that is a pasted text."""
        if event.character in _FINAL and event.time - self._pressed < HOLD:
            event.stop()
        self._pressed = event.time

    def show(self, steps: int, *, is_lost: bool = False, has_files: bool = False) -> None:
        """Say also how many steps can be ticked off, whether the draft is held elsewhere, whether files go along."""
        if (steps, is_lost, has_files) != (self._steps, self._is_lost, self._has_files):
            self._steps, self._is_lost, self._has_files = steps, is_lost, has_files
            self.refresh()

    def words(self, width: int) -> Content:
        pieces: list[Piece] = [(" ", "$foreground")]
        can = choices(self._kind, roomy=width >= _ROOMY, is_lost=self._is_lost, has_files=self._has_files)
        if self.finishing and not self._is_lost:
            can = [(key, self.finishing if key == "y" else label) for key, label in can]
        for key, label in (*ticks(self._steps), *can):
            pieces += [(key, "bold $accent"), (f" {label}  ", "$foreground")]
        return spread(pieces, [("?", "bold $accent"), (" help ", "$muted")], width)
