"""The first steps: eight key presses on the list as it is, none of which changes anything but the view.

It lies between the list and the status line, tells which key comes next, and waits for it; every key goes on doing what
it always does. Esc ends it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rich.cells import cell_len
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from tui.keys import Action, acting_in, in_use, shown
from tui.keys.action import Context
from tui.reader.wrapping import wrap
from tui.widgets.bar_words import spread
from tui.widgets.bars import StatusLine
from tui.widgets.keyed import keyed, pieces
from tui.words.tongue import mark, tr


@dataclass(frozen=True, slots=True)
class Step:
    """An action to try where `place` says, what it does, and what is worth knowing besides."""

    action: str
    place: Context
    words: str
    besides: str


STEPS = (
    Step(
        "down",
        Context.LIST,
        mark("goes one ticket down"),
        mark("{key_up} goes up, {key_bottom} to the end; arrow keys work as well"),
    ),
    Step("open", Context.LIST, mark("opens the ticket"), mark("old messages and quotations are folded to a line")),
    Step(
        "back",
        Context.READER,
        mark("goes back to the list"),
        mark("{key_back} goes back from everywhere, one step at a time"),
    ),
    Step("mark", Context.LIST, mark("marks a ticket"), mark("what you do then is done to all marked ones at once")),
    Step(
        "mark",
        Context.LIST,
        mark("takes the mark off"),
        mark("{key_undo} takes back whatever you did last, even a mail just sent"),
    ),
    Step(
        "view-inbox",
        Context.LIST,
        mark("goes to the inbox"),
        mark("after the first key of two, all that may follow is told"),
    ),
    Step("help", Context.LIST, mark("shows all keys"), mark("type to search them; {key_choose} does what is marked")),
)
"""With the keys as they are built in, these are eight presses."""


class Tour(Static):
    """What comes next; it looks on while keys are pressed."""

    DEFAULT_CSS = "Tour { height: auto; padding: 0 1; background: $chosen; color: $foreground; }"

    def __init__(self) -> None:
        super().__init__()
        self._at = 0
        self._is_done = False

    def saw(self, action: Action) -> bool:
        """Go on where the step was done; false when it is over: what is said at the end is there until the next key."""
        if self._is_done:
            return False
        if action.id == STEPS[self._at].action:
            self._at += 1
            self._is_done = self._at == len(STEPS)
            self.refresh(layout=True)
        return True

    def on_mount(self) -> None:
        self.refresh(layout=True)

    def render(self) -> Content:
        width = self.content_size.width
        return Content("\n").join(farewell(width) if self._is_done else told(self._at, width))

    def get_content_height(self, container: object, viewport: object, width: int) -> int:  # noqa: ARG002 - Textual's
        return len(farewell(width) if self._is_done else told(self._at, width))


def told(at: int, width: int) -> Sequence[Content]:
    """A step in words: how far one has come, the key, what it does, and what is worth knowing."""
    step = STEPS[at]
    keys = _keys(step)
    count = tr("{at} of {all}").format(at=sum(len(_keys(each)) for each in STEPS[:at]) + 1, all=presses())
    left = [
        (tr("Tour") + f" {count}  ", "$muted"),
        (" ".join(map(shown, keys)), "bold $accent"),
        (f"  {tr(step.words)}", "bold"),
    ]
    ending = list(pieces(tr("{key_cancel} ends the tour"), Context.LIST))
    first = spread(left, ending, width) if _width([*left, *ending]) < width else Content.assemble(*left)
    return [first, *keyed(tr(step.besides), Context.LIST).wrap(width)]


def farewell(width: int) -> Sequence[Content]:
    """What is said at the end."""
    keys = {each.id: each.shown_key for each in acting_in(Context.LIST) if each.keys}
    words = tr("That is all you need: {help} tells every key, {palette} finds everything, {undo} takes back.").format(
        help=keys.get("help", "?"), palette=keys.get("palette", ":"), undo=keys.get("undo", "u")
    )
    return [Content.styled(each, "bold") for each in wrap(words, width)]


def presses() -> int:
    """How many keys the tour asks for, as they are now."""
    return sum(len(_keys(each)) for each in STEPS)


def begin_tour(screen: Screen[Any]) -> Tour:
    """Begin it on the screen with the list."""
    tour = Tour()
    screen.mount(tour, before=screen.query_one(StatusLine))
    return tour


def _keys(step: Step) -> Sequence[str]:
    """The keys of a step, one after another; none where the action has no key."""
    named = (each for each in in_use() if each.id == step.action and step.place in each.contexts and each.keys)
    action = next(named, None)
    return action.keys[0].split(" ") if action else ()


def _width(pieces: Sequence[tuple[str, str]]) -> int:
    return sum(cell_len(words) for words, _ in pieces)
