"""Looking at what a merge or a split would do before it is done: both sides at once, changed with the arrows."""

from __future__ import annotations

import math
import time
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from functools import partial
from typing import ClassVar, Literal, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from desk.conversation import EntryId
from desk.merging import MergePlan, plan_merge
from desk.splitting import SplitPlan, plan_split
from desk.ticket import TicketNumber
from tui.actions.plans import cursor_row, merge_facts, merge_rows, split_facts, split_rows
from tui.front import front
from tui.host import stands
from tui.keys import Context
from tui.keys.naming import with_keys
from tui.widgets.keyed import keyed
from tui.words.tongue import tr, trn

T = TypeVar("T")
APART: Literal["apart"] = "apart"
"""What the agent says of tickets that only look like one matter."""

_PAGE = 5
_AROUND, _LEAST = 10, 3
"""Rows that all but the list and the facts take, and that the list always has."""


_DOES = frozenset({"enter", "x"})
"""Keys that mean what is shown here."""


class PlanScreen(ModalScreen[T | None]):
    """A list of what there is, with what would become of it below. Enter does it, Esc leaves everything as it is.

    A key that means what is shown does nothing where it was pressed before that could be seen.
    """

    PLACE: ClassVar[Context] = Context.PLAN
    CSS_PATH = "plans.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", "leave", show=False),
        Binding("enter", "do", "do it", show=False),
        Binding("down,j", "choose(1)", "down", show=False),
        Binding("up,k", "choose(-1)", "up", show=False),
        Binding("pagedown,space", f"choose({_PAGE})", "page down", show=False),
        Binding("pageup", f"choose({-_PAGE})", "page up", show=False),
    ]

    _seen = math.inf
    """When the plan was painted, in seconds of the clock of events."""

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            yield Static(Content(self.heading), id="heading")
            with VerticalScroll(id="rows", can_focus=False):
                yield Static(id="list")
            yield Static(id="facts")
            yield Static(self.hint, id="hint")

    def on_mount(self) -> None:
        self.plan()

    def on_resize(self) -> None:
        self.call_after_refresh(self.draw)

    def on_key(self, event: events.Key) -> None:
        """Do nothing that could not be seen when the key was pressed."""
        if event.key in _DOES and event.time < self._seen:
            event.stop()

    @property
    @abstractmethod
    def heading(self) -> str:
        """What stands over it."""

    @property
    @abstractmethod
    def hint(self) -> Content:
        """The keys that act here."""

    @abstractmethod
    def plan(self) -> None:
        """Work out what would be done, in the reader's thread, and draw it."""

    @abstractmethod
    def rows(self, width: int) -> Iterator[tuple[Content, bool]]:
        """The list, line by line, and which lines are of what is chosen."""

    @abstractmethod
    def facts(self, width: int) -> Iterator[Content]:
        """What would become of it, line by line."""

    def draw_anew(self) -> None:
        """Show another plan than before."""
        self._seen = math.inf
        self.draw()

    def draw(self) -> None:
        """Show the plan as it is known."""
        if not stands(self):
            return
        width = self.query_one("#facts").size.width
        rows = list(self.rows(width - 1)) if width else []
        facts = list(self.facts(width))[: max(self.size.height - _AROUND, _LEAST)] if width else []
        self.query_one("#rows").styles.max_height = max(self.size.height - len(facts) - _AROUND, _LEAST)
        self.query_one("#list", Static).update(Content("\n").join(line for line, _ in rows))
        self.query_one("#facts", Static).update(Content("\n").join(facts))
        self.query_one("#hint", Static).update(self.hint)
        self.call_after_refresh(self._see, cursor_row(rows))

    def say(self, words: str) -> None:
        """Say what is wrong, in the place of the keys."""
        hint = self.query_one("#hint", Static)
        hint.update(Content.styled(words, "$warning"))

    def action_leave(self) -> None:
        self.dismiss(None)

    def _see(self, row: int) -> None:
        """Keep what is chosen in sight, which it is from now on."""
        self._seen = min(self._seen, time.monotonic())
        area = self.query_one("#rows", VerticalScroll)
        if not area.scroll_y <= row < area.scroll_y + area.size.height - 1:
            area.scroll_to(y=max(row - area.size.height // 2, 0), animate=False)


class MergeScreen(PlanScreen[MergePlan | Literal["apart"]]):
    """Several tickets that are to be one. Gives the plan to be carried out, or that they are two matters."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("x", "apart", "two matters", show=False)]

    def __init__(self, numbers: Sequence[TicketNumber], into: TicketNumber) -> None:
        super().__init__()
        self._numbers = tuple(sorted(dict.fromkeys((*numbers, into))))
        self._into = into
        self._plan: MergePlan | None = None

    @property
    def heading(self) -> str:
        count = len(self._numbers)
        return trn("Merge {count} ticket", "Merge {count} tickets into one", count).format(count=count)

    @property
    def hint(self) -> Content:
        can = self._plan is None or self._plan.going
        keys = [
            *([tr("{key_do} merges")] if can else []),
            tr("↑↓ which one goes on"),
            *([tr("{key_apart} two matters")] if self._looks_alike else []),
            tr("{key_leave} leaves"),
        ]
        return keyed("   ".join(keys), self.PLACE)

    def plan(self) -> None:
        numbers, into = self._numbers, self._into
        froms = [each for each in numbers if each != into]
        front(self).read("plan", lambda desk: plan_merge(desk, froms, into), partial(self._planned, into))

    def rows(self, width: int) -> Iterator[tuple[Content, bool]]:
        return merge_rows(self._plan, width, front(self).signs) if self._plan else iter(())

    def facts(self, width: int) -> Iterator[Content]:
        return merge_facts(self._plan, width) if self._plan else iter(())

    def action_choose(self, by: int) -> None:
        """Let another one of them go on."""
        at = self._numbers.index(self._into) + by
        self._into = self._numbers[min(max(at, 0), len(self._numbers) - 1)]
        self._plan = None
        self.plan()

    def action_do(self) -> None:
        """Merge, as it stands here."""
        if self._plan is not None and self._plan.going:
            self.dismiss(self._plan)
        elif self._plan is not None:
            self.say(with_keys(tr("nothing here can be merged: {key_leave} leaves"), self.PLACE))

    def action_apart(self) -> None:
        """They only look alike."""
        if self._looks_alike:
            self.dismiss(APART)

    @property
    def _looks_alike(self) -> bool:
        parts = self._plan.shares if self._plan else ()
        here = {each.ticket.number for each in parts}
        return any(here.intersection(each.ticket.resembles) for each in parts)

    def _planned(self, asked: TicketNumber, plan: MergePlan) -> None:
        """Show the plan that was asked for last; of a ticket that was merged itself, the one that goes on is meant."""
        if not stands(self) or asked != self._into:
            return
        self._into = plan.into.ticket.number
        if self._into == asked:
            self._plan = plan
            self.draw_anew()
        else:
            self._numbers = tuple(sorted({*self._numbers, self._into}))
            self.plan()


class SplitScreen(PlanScreen[SplitPlan]):
    """The mails of a ticket, one of which is to open another one. `choices` can be split off, `first` is proposed."""

    def __init__(self, number: TicketNumber, choices: Sequence[EntryId], first: EntryId) -> None:
        super().__init__()
        self._number, self._choices, self._chosen = number, tuple(choices), first
        self._plan: SplitPlan | None = None

    @property
    def heading(self) -> str:
        return tr("Split a mail off ticket {number}").format(number=self._number)

    @property
    def hint(self) -> Content:
        can = self._plan is None or not self._plan.refused
        keys = [
            *([tr("{key_do} splits")] if can else []),
            *([tr("↑↓ which mail")] if len(self._choices) > 1 else []),
            tr("{key_leave} leaves"),
        ]
        return keyed("   ".join(keys), self.PLACE)

    def plan(self) -> None:
        number, chosen = self._number, self._chosen
        front(self).read("plan", lambda desk: plan_split(desk, number, chosen), self._planned)

    def rows(self, width: int) -> Iterator[tuple[Content, bool]]:
        app = front(self)
        return split_rows(self._plan, self._chosen, width, app.signs, app.desk.clock()) if self._plan else iter(())

    def facts(self, width: int) -> Iterator[Content]:
        return split_facts(self._plan, width) if self._plan else iter(())

    def action_choose(self, by: int) -> None:
        """Another mail."""
        at = self._choices.index(self._chosen) + by
        self._chosen = self._choices[min(max(at, 0), len(self._choices) - 1)]
        self._plan = None
        self.plan()

    def action_do(self) -> None:
        """Split it off, as it stands here."""
        if self._plan is not None and not self._plan.refused:
            self.dismiss(self._plan)

    def _planned(self, plan: SplitPlan) -> None:
        if stands(self) and plan.message.id == self._chosen:
            self._plan = plan
            self.draw_anew()
