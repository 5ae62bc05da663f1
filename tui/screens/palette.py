"""The command palette: every action, view, macro, colleague, ticket and customer by a few letters."""

from __future__ import annotations

from asyncio import TimerHandle
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from typing import cast

from rich.cells import cell_len
from textual.content import Content

from desk.desk import Desk
from tui.actions.summoning import KINDS, Offer, desk_offers, found_offers, looked_for, macro_offers
from tui.front import front
from tui.host import stands
from tui.keys import Action, Context, acting_in
from tui.keys.action import ANYWHERE
from tui.lists.joining import number_in
from tui.reader.wrapping import fit, wrap
from tui.screens.awaiting import AwaitingPicker
from tui.screens.pickers import Choices
from tui.threads.later import later
from tui.words.ranking import Words, told_apart
from tui.words.tongue import mark, tr

_PAUSE = 0.12
"""Seconds after a letter before the store is searched."""
_MOST = 12
"""So many rows fit what is typed before what the store has is told."""
_KEY_WIDTH = 11
_HOME = frozenset({Context.LIST, Context.READER})
"""Where macros can be run, and where what is done most comes first; elsewhere that is what only acts there."""


class PaletteScreen(AwaitingPicker[Action]):
    """Gives the chosen action; the app carries it out where the palette was called.

    Until all is there the rows that are there act, once they were painted: Enter does what stood marked.
    `without`: the names of actions that are not offered.
    """

    HEADING = mark("Command")
    HINT = mark("letters, words, or a ticket's number   {key_choose} does it   {key_leave} leaves")

    def __init__(self, here: Context, *, without: AbstractSet[str] = frozenset()) -> None:
        super().__init__()
        self._here = here
        there = (each for each in acting_in(here) if not each.typed and each.name not in {"palette", *without})
        self._own = [_offered(each) for each in there]
        self._asks = {"desk", "macros"} if here in _HOME else {"desk"}
        self._asked: dict[str, Sequence[Offer]] = {}
        self._found: Sequence[Offer] | None = ()
        self._rows: dict[str, Offer] = {}
        self._soon: TimerHandle | None = None
        self._painted: str | None = None
        """The row that stood marked when the rows were painted last; none before they were for what is typed."""
        self._has_moved = False

    def on_mount(self) -> None:
        here, library = self._here, front(self).library
        super().on_mount()
        front(self).read("palette", lambda desk: desk_offers(desk, here), lambda offers: self._take("desk", offers))
        if "macros" in self._asks:
            front(self).look("palette", lambda _: macro_offers(library), lambda offers: self._take("macros", offers))

    def on_choices_resized(self) -> None:
        self._show()

    def offer(self, typed: str) -> None:
        """Show what is called so at once; what the store has comes a moment later, below it."""
        self.asks(typed)
        self._found = None if looked_for(typed) else ()
        self._painted, self._has_moved = None, False
        self._show()
        if self._soon is not None:
            self._soon.cancel()
        self._soon = later(self, _PAUSE, self._search) if looked_for(typed) else None

    def choose(self) -> None:
        marked = self.chosen if self._has_moved or self._painted not in self._rows else self._painted
        if marked is not None:
            self.dismiss(self._rows[marked].action)

    def once_there(self, do: Callable[[], None]) -> None:
        if self._painted is not None:
            do()
            return
        super().once_there(do)
        if self._soon is not None:
            self._soon.cancel()
            self._search()

    def move(self, by: int) -> None:
        self._has_moved = True
        super().move(by)

    def _search(self) -> None:
        typed, self._soon = self._typed, None
        front(self).read("found", lambda desk: _found(desk, typed), self._take_found)

    def _take_found(self, found: tuple[str, Sequence[Offer]]) -> None:
        typed, offers = found
        if typed == self._typed:
            self._found = offers
            self._show()

    def _take(self, what: str, offers: object) -> None:
        self._asked[what] = cast("Sequence[Offer]", offers)
        self._show()

    def _show(self) -> None:
        """Lay the rows out; the first is marked, or the one to which the agent moved."""
        if not stands(self):
            return
        before = self.chosen if self._has_moved else None
        self._rows = {_name(each): each for each in self._fitting()}
        choices = self.query_one(Choices)
        width = max(choices.scrollable_content_region.width - 1, 30)
        choices.offer([(name, described(each, width)) for name, each in self._rows.items()], before)
        if self._found is None:
            self.hint()
        else:
            self.tell_empty()
        self.call_after_refresh(self._paint, self._typed, self.chosen)
        if self._is_whole:
            self.is_there()

    @property
    def _is_whole(self) -> bool:
        """Whether all that is asked for has come."""
        return self._found is not None and self._asked.keys() >= self._asks

    def _paint(self, typed: str, marked: str | None) -> None:
        if typed == self._typed:
            self._painted = marked

    def _fitting(self) -> Iterable[Offer]:
        """What fits: a customer's name comes before actions that only hold its letters, such as spam for Sam."""
        used = front(self).habits.used
        offers = [*self._own, *(each for offers in self._asked.values() for each in offers)]
        offers.sort(
            key=lambda each: (not self._is_of_here(each), -used.get(each.action.id, 0), each.action.rank or 1000)
        )
        if not self._typed.strip():
            return offers
        if number_in(self._typed) is not None and self._found is None:
            return []  # what Enter opens is known in a moment
        by_words, by_letters = told_apart(
            ((each, found_by(each, is_of_here=self._is_of_here(each))) for each in offers), self._typed
        )
        rows = by_words[:_MOST]
        if self._found is None:
            return rows
        rows = [*self._found, *rows] if number_in(self._typed) is not None else [*rows, *self._found]
        return [*rows, *by_letters[: _MOST - len(by_words)]]

    def _is_of_here(self, offer: Offer) -> bool:
        """Whether it is what this screen is for: not done anywhere, and no scrolling."""
        where, scrolls = offer.action.contexts, offer.action.name.startswith("pane")
        return self._here not in _HOME and self._here in where and not where >= ANYWHERE and not scrolls


def described(offer: Offer, width: int) -> Content:
    """A row: the key, what it does, in two lines where it must be, and at the right of what kind it is, if not told."""
    key, told = offer.action.shown_key, offer.action.about or offer.action.title
    kind = "" if told.startswith(f"{tr(KINDS[offer.kind])}:") else tr(KINDS[offer.kind])
    left = key + " " * max(_KEY_WIDTH - cell_len(key), 1)
    room = width - cell_len(left) - (cell_len(kind) + 2 if kind else 0)
    words, *more = wrap(told, room) or [""]
    gap = " " * (room - cell_len(words) + 2) if kind else ""
    first = Content.assemble((left, "bold $accent"), words, (f"{gap}{kind}", "$muted"))
    return Content("\n").join([first, *([Content(" " * cell_len(left) + fit(" ".join(more), room))] if more else [])])


def found_by(offer: Offer, *, is_of_here: bool = False) -> Words:
    """What a row is found by: all that stands on it, its name and its words, which one sees where it acts."""
    action = offer.action
    key, name = action.shown_key, action.title
    seen, hidden = f"{action.about or name} {tr(KINDS[offer.kind])} {key}", f"{name} {offer.words} {action.id}"
    return Words(f"{seen} {hidden}" if is_of_here else seen, hidden, (key, name))


def _offered(action: Action) -> Offer:
    return Offer(action, "view" if action.name == "view" else "", f"{action.label} {action.help}")


def _name(offer: Offer) -> str:
    """What tells a row from all others."""
    return " ".join((offer.kind, offer.action.name, *offer.action.args, *offer.action.keys))


def _found(desk: Desk, typed: str) -> tuple[str, Sequence[Offer]]:
    return typed, found_offers(desk, typed)
