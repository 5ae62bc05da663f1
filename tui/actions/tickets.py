"""What the keys of the list and the reader do to tickets: each asks the desk in the writer's thread, and says so.

With marks, all marked tickets are acted on, and one undo takes all of it back: how is in tui/actions/acting.py.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from desk.actions.assign import assign
from desk.actions.priority import set_priority
from desk.actions.redo import Redone, redo
from desk.actions.status import set_status, with_status
from desk.actions.tag import clean_tag, tag, with_tags
from desk.actions.undo import Undone, undo
from desk.beginning import KeptBeginning
from desk.desk import Desk
from desk.draft import Draft
from desk.errors import RefusedError
from desk.people import Agent, Handle
from desk.ticket import Priority, Status, TicketNumber
from tui.actions.acting import Acting
from tui.actions.deeds import Deed, named
from tui.front import front
from tui.keys.naming import with_keys
from tui.words.heard import heard
from tui.words.telling import PRIORITY, STATUS
from tui.words.tongue import mark, tr, trc

_LOOKED_AT = 200
"""Of so many marked tickets it is told which tags all of them have."""


class TicketActions(Acting):
    """A screen with tickets at hand. What is at hand, and where to go next, its subclass says."""

    _last_tags: tuple[tuple[str, ...], tuple[str, ...]] | None = None

    @abstractmethod
    def targets(self) -> tuple[TicketNumber, ...]:
        """The tickets that an action is for.

        Raises:
            RefusedError: there are none.
        """

    @abstractmethod
    def target(self) -> TicketNumber:
        """The one ticket that an action is for.

        Raises:
            RefusedError: there is none.
        """

    def marked(self) -> tuple[TicketNumber, ...]:
        """The tickets that are marked, where keys act on marks."""
        return ()

    @abstractmethod
    def go_on_from(self, numbers: Sequence[TicketNumber]) -> None:
        """Go to the next ticket that is not among these."""

    @abstractmethod
    def let_go(self, number: TicketNumber) -> None:
        """Stay where this ticket is when it moves to another place."""

    @abstractmethod
    def go_back_to(self, number: TicketNumber) -> None:
        """Go to a ticket that was left, or that is only coming back."""

    @abstractmethod
    def write_on(self, draft: Draft) -> None:
        """Open the composer on a text that was taken back."""

    @abstractmethod
    def write_first(self, kept: KeptBeginning) -> None:
        """Go on with an unfinished first mail."""

    def action_take(self) -> None:
        self.action_assign("me")

    def action_assign(self, whom: str) -> None:
        numbers = self.spoken_of() or self.targets()
        if whom == "none":
            self._assign(numbers, None)
        elif whom == "me":
            self._assign(numbers, front(self).desk.me.handle)
        elif whom == "other":
            front(self).prepare(_agents, partial(self._choose_agent, numbers))
        else:
            front(self).prepare(partial(_colleague, whom), partial(self._assign, numbers))

    def action_tag(self) -> None:
        numbers = self.targets()
        front(self).prepare(partial(_tags, numbers), partial(self._choose_tags, numbers))

    def _choose_tags(self, numbers: Sequence[TicketNumber], tags: tuple[Sequence[str], ...]) -> None:
        from tui.screens.tag_picker import TagPicker

        front(self).push_screen(TagPicker(named(numbers), *tags), partial(self._tag, numbers))

    def action_close(self) -> None:
        self._set_status(Status.CLOSED)

    def action_status(self, status: str) -> None:
        self._set_status(Status(status))

    def action_priority(self, priority: str) -> None:
        wanted = Priority(priority)
        self._change(
            self.targets(),
            lambda whom: tr("priority of {whom}").format(whom=named(whom)),
            lambda desk, number, act: set_priority(desk, number, wanted, act=act),
            lambda whom: _with_undo(
                tr("{whom}: priority {priority}").format(whom=named(whom), priority=trc(PRIORITY, wanted)), whom
            ),
            lambda ticket: replace(ticket, priority=wanted),
        )

    def action_repeat(self) -> None:
        """Do what was done last to the tickets at hand here, too."""
        self._repeat(self.targets())

    def action_repeat_tag(self) -> None:
        """Put the tags on that were put on last, and take those off."""
        if self._last_tags is None:
            raise RefusedError(tr("no tag was put on or taken off yet"), with_keys(tr("{key_tag} does")))
        self._tag(self.targets(), self._last_tags)

    def action_no_trash(self) -> None:
        words = tr(
            "there is no trash: {key_status_spam} marks as spam, {key_close} closes; "
            "both are taken back with {key_undo}"
        )
        front(self).say(with_keys(words))

    def action_undo(self) -> None:
        front(self).undoing.take_back(undo, self._undone)

    def action_redo(self) -> None:
        front(self).act(tr("redo"), redo, self._redone)

    def _assign(self, numbers: Sequence[TicketNumber], to: Handle | None) -> None:
        deed = Deed(
            lambda whom: tr("assign {whom}").format(whom=named(whom)),
            lambda sight: lambda desk, number, act: assign(desk, number, to, seen=sight.get(number), act=act),
            lambda whom: _with_undo(_assigned(whom, to), whom),
            lambda ticket: replace(ticket, assignee=to),
        )
        self._begin(numbers, deed)

    def _choose_agent(self, numbers: Sequence[TicketNumber], agents: Sequence[Agent]) -> None:
        from tui.screens.agent_picker import AgentPicker

        heading = tr("Assign {whom} to").format(whom=named(numbers))
        front(self).push_screen(AgentPicker(agents, heading), partial(self._agent_chosen, numbers))

    def _agent_chosen(self, numbers: Sequence[TicketNumber], chosen: Handle | None) -> None:
        if chosen is not None:
            self._assign(numbers, chosen)

    def _set_status(self, status: Status) -> None:
        self._change(
            self.targets(),
            lambda whom: f"{trc(STATUS, status)} {named(whom)}",
            lambda desk, number, act: set_status(desk, number, status, act=act),
            lambda whom: with_keys(tr(_BECAME[status]), whom=named(whom)),
            lambda ticket: with_status(ticket, status),
            goes_on=status in (Status.CLOSED, Status.SPAM),
        )

    def _tag(self, numbers: Sequence[TicketNumber], chosen: tuple[tuple[str, ...], tuple[str, ...]] | None) -> None:
        if chosen is None:
            return
        self._last_tags = add, remove = chosen
        words = " ".join([*(f"+{each}" for each in add), *(f"-{each}" for each in remove)])
        wanted = [clean_tag(each) for each in add]
        unwanted = {clean_tag(each) for each in remove}.difference(wanted)
        self._change(
            numbers,
            lambda whom: tr("tag {whom}").format(whom=named(whom)),
            lambda desk, number, act: tag(desk, number, add, remove, act=act),
            lambda whom: _with_undo(f"{named(whom)}: {words}", whom),
            lambda ticket: with_tags(ticket, wanted, unwanted),
        )

    def _changed(self, done: str, _: None) -> None:
        front(self).say(done)
        self.acted()

    def _undone(self, undone: Undone) -> None:
        """Say what was taken back; a text among it is written on, unless by now keys go somewhere else."""
        front(self).say(undone.said)
        if undone.tickets:
            self.go_back_to(undone.tickets[0])
        self.acted()
        is_free = front(self).screen is self and front(self).here() is not None
        if is_free and (undone.beginning or undone.draft):
            front(self).undoing.bring_text()
        if undone.beginning is not None and is_free:
            self.write_first(undone.beginning)
        if (draft := undone.draft) is None:
            return
        if is_free:
            self.write_on(draft)
        else:
            words = tr("{done}; the text is a draft again on {number}")
            front(self).say(words.format(done=heard(undone.said), number=draft.ticket))

    def _redone(self, redone: Redone) -> None:
        front(self).say(with_keys(tr("{done}, {key_undo} takes it back"), done=heard(redone.said)))
        if redone.tickets:
            self.go_back_to(redone.tickets[0])
        self.acted()


def _tags(numbers: Sequence[TicketNumber], desk: Desk) -> tuple[Sequence[str], Sequence[str], Sequence[str]]:
    """All tags, those that each of these tickets has, and those that some have; of very many, what the first have."""
    held = [desk.ticket(numbers[0]).tags, *(each.tags for each in desk.store.tickets.many(numbers[1:_LOOKED_AT]))]
    has_all = len(numbers) <= _LOOKED_AT
    of_all = [each for each in held[0] if has_all and all(each in tags for tags in held)]
    of_some = dict.fromkeys(each for tags in held for each in tags if each not in of_all)
    return desk.store.tickets.tags(), of_all, tuple(of_some)


def _agents(desk: Desk) -> list[Agent]:
    return desk.store.agents.all()


def _colleague(whom: str, desk: Desk) -> Handle:
    """A colleague by handle, or the only one there is.

    Raises:
        RefusedError: there is none, or more than one.
    """
    if whom != "partner":
        return desk.agent(Handle(whom)).handle
    others = [each.handle for each in desk.store.agents.all() if each.handle != desk.me.handle]
    if len(others) != 1:
        hint = with_keys(tr("{key_assign_other} chooses from a list")) if others else tr("`tandem agents add` adds one")
        raise RefusedError(tr("you have more than one partner") if others else tr("you have no partner"), hint)
    return others[0]


_BECAME = {
    Status.OPEN: mark("{whom}: open again, {key_undo} takes it back"),
    Status.WAITING: mark("{whom}: waiting for the customer, {key_undo} takes it back"),
    Status.CLOSED: mark("{whom}: closed, {key_undo} takes it back"),
    Status.SPAM: mark("{whom}: spam, {key_undo} takes it back"),
}


def _with_undo(done: str, numbers: Sequence[TicketNumber]) -> str:
    """What became of tickets; of several also what takes it back from all of them."""
    return done if len(numbers) == 1 else with_keys(tr("{done}, {key_undo} takes it back"), done=done)


def _assigned(numbers: Sequence[TicketNumber], to: Handle | None) -> str:
    if to is None:
        return tr("{whom}: assigned to nobody").format(whom=named(numbers))
    return tr("{whom}: assigned to {agent}").format(whom=named(numbers), agent=to)
