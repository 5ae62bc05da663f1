"""What the keys do with several tickets that have to do with each other: merge, split, link, and open the other one."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from functools import partial
from itertools import combinations
from typing import TYPE_CHECKING, Literal

from desk.actions.keep_apart import keep_apart
from desk.actions.link import link, unlink
from desk.conversation import EntryId, Message
from desk.desk import Desk, new_act
from desk.errors import MergedAway, RefusedError
from desk.offers import Offer, Offered, offers_for
from desk.relations import related_to
from desk.ticket import TicketNumber
from tui.actions.tickets import TicketActions
from tui.front import front
from tui.keys.naming import with_keys
from tui.reader.opened import OpenTicket, load
from tui.words.heard import heard
from tui.words.tongue import tr, trn

if TYPE_CHECKING:
    from desk.actions.merge import Merged
    from desk.actions.split import Split
    from desk.merging import MergePlan
    from desk.splitting import SplitPlan
    from tui.screens.targets import TargetPicker

_MOST_LINKED = 10
"""Tickets that are linked with each other at once: so many are 45 links."""


class Relating(TicketActions):
    """A screen on which tickets can be put together and taken apart."""

    def with_shown(self, then: Callable[[OpenTicket], object]) -> None:
        """Act on the ticket at hand, as it is on the screen where it is shown there.

        Raises:
            RefusedError: there is none.
        """
        number = self.target()
        front(self).prepare(lambda desk: load(desk, number), then)

    def chosen_entry(self) -> EntryId | None:
        """The entry that the cursor is on, in a ticket that is read."""
        return None

    @abstractmethod
    def open_ticket(self, number: TicketNumber) -> None:
        """Read a ticket, wherever it is."""

    def action_merge(self) -> None:
        """Merge all marked tickets, or this one with one that is chosen; what that does is shown first."""
        numbers = sorted(self.targets())
        if len(numbers) > 1:
            self._preview_merge(numbers, numbers[0])
            return
        front(self).prepare(lambda desk: desk.live_ticket(numbers[0]).number, self._choose_to_merge)

    def _choose_to_merge(self, number: TicketNumber) -> None:
        from tui.screens.targets import TargetPicker

        heading = tr("Merge {number} with which ticket?").format(number=number)
        front(self).push_screen(TargetPicker(number, heading), partial(self._target_chosen, number))

    def action_split_off(self) -> None:
        """Choose a mail that becomes a ticket of its own; what that does is shown first."""
        self.with_shown(self._choose_to_split)

    def _choose_to_split(self, opened: OpenTicket) -> None:
        from desk.splitting import splittable
        from tui.screens.plans import SplitScreen

        number = opened.ticket.number
        if (into := opened.ticket.merged_into) is not None:
            raise MergedAway(number, into)
        can = [each.id for each in splittable(opened.entries)]
        if not can:
            words = tr("no mail of ticket {number} can be split off").format(number=number)
            is_one = sum(isinstance(each, Message) for each in opened.entries) == 1
            why = tr("it has only one mail") if is_one else tr("each one answers the first, or is ours")
            raise RefusedError(words, why)
        offer = offered(opened, Offered.SPLIT)
        wanted = (self.chosen_entry(), offer.entry if offer else None)
        first = next((each for each in wanted if each is not None and each in can), can[-1])
        front(self).push_screen(SplitScreen(number, can, first), self._split_planned)

    def action_link(self) -> None:
        """Link all marked tickets with each other, or this one with one that is chosen."""
        numbers = sorted(self.targets())
        if (count := len(numbers)) > _MOST_LINKED:
            words = trn(
                "{count} ticket is too many to link at once", "{count} tickets are too many to link at once", count
            )
            raise RefusedError(words.format(count=count), tr("at most {count}").format(count=_MOST_LINKED))
        if len(numbers) > 1:
            named = ", ".join(map(str, numbers))
            done = with_keys(tr("{numbers} are linked, {key_undo} takes it back"), numbers=named)
            label = tr("link {numbers}").format(numbers=named)
            front(self).act(label, partial(_link_all, numbers), lambda _: self._told(done))
            return
        front(self).prepare(lambda desk: desk.live_ticket(numbers[0]).number, self._choose_to_link)

    def _choose_to_link(self, number: TicketNumber) -> None:
        from tui.screens.targets import TargetPicker

        heading = tr("Link {number} with which ticket?").format(number=number)
        picker = TargetPicker(number, heading, related=with_keys(tr("linked: {key_choose} unlinks")))
        front(self).push_screen(picker, partial(self._link_chosen, number, picker))

    def action_keep_apart(self) -> None:
        """Say that the ticket is another matter than those that it looks like."""
        number = self.target()
        done = with_keys(tr("{number} is a matter of its own, {key_undo} takes it back"), number=number)
        label = tr("keep {number} apart").format(number=number)
        front(self).act(label, lambda desk: keep_apart(desk, number), lambda _: self._told(done))

    def action_open_other(self) -> None:
        """Open the ticket that this one goes with; of several, which one is asked."""
        self.with_shown(self._open_other)

    def _open_other(self, opened: OpenTicket) -> None:
        offers = offers_for(opened.ticket, opened.entries, opened.others)
        others = list(dict.fromkeys(each.ticket for each in offers if each.ticket is not None))
        if not others:
            words = tr("ticket {number} goes with no other ticket")
            raise RefusedError(words.format(number=opened.ticket.number))
        if len(others) == 1:
            self.open_ticket(others[0])
            return
        from tui.screens.others import OtherPicker

        front(self).push_screen(OtherPicker(offers), self._other_chosen)

    def _other_chosen(self, number: TicketNumber | None) -> None:
        if number is not None:
            self.open_ticket(number)

    def _target_chosen(self, number: TicketNumber, other: TicketNumber | None) -> None:
        if other is not None:
            self._preview_merge([number, other], other)

    def _preview_merge(self, numbers: Sequence[TicketNumber], into: TicketNumber) -> None:
        from tui.screens.plans import MergeScreen

        front(self).push_screen(MergeScreen(numbers, into), partial(self._merge_planned, numbers))

    def _merge_planned(self, numbers: Sequence[TicketNumber], plan: MergePlan | Literal["apart"] | None) -> None:
        from desk.actions.merge import merge

        if plan is None:
            return
        if plan == "apart":
            done = with_keys(tr("two matters: nobody is asked about them again, {key_undo} takes it back"))
            front(self).act(tr("keep apart"), partial(_keep_apart, numbers), lambda _: self._told(done))
            return
        froms, into, seen = plan.going, plan.into.ticket.number, plan.seen
        label = tr("merge {numbers}").format(numbers=", ".join(map(str, froms)))
        front(self).act(label, lambda desk: merge(desk, froms, into, seen=seen), self._merged)

    def _split_planned(self, plan: SplitPlan | None) -> None:
        from desk.actions.split import split

        if plan is not None:
            number, entry, seen = plan.ticket.number, plan.message.id, plan.newest
            label = tr("split {number}").format(number=number)
            front(self).act(label, lambda desk: split(desk, number, entry, seen=seen), self._split)

    def _link_chosen(self, number: TicketNumber, picker: TargetPicker, other: TicketNumber | None) -> None:
        if other is not None:
            label, change = tr("link {numbers}").format(numbers=number), _link
            if picker.showed_linked(other):
                label, change = tr("unlink {numbers}").format(numbers=number), _unlink
            front(self).act(label, partial(change, number, other), self._told)

    def _split(self, done: Split) -> None:
        self._told(with_keys(tr("{done}, {key_undo} takes it back"), done=heard(done.said)))

    def _merged(self, done: Merged) -> None:
        count = len(done.said)
        several = trn("{count} ticket is part of {number} now", "{count} tickets are part of {number} now", count)
        said = heard(done.said[0]) if count == 1 else several.format(count=count, number=done.ticket.number)
        front(self).say(with_keys(tr("{done}, {key_undo} takes it back"), done=said))
        self.go_back_to(done.ticket.number)
        self.acted()

    def _told(self, said: str) -> None:
        front(self).say(said)
        self.acted()


def offered(opened: OpenTicket, what: Offered) -> Offer | None:
    """The first offer of this kind on a ticket."""
    offers = offers_for(opened.ticket, opened.entries, opened.others)
    return next((each for each in offers if each.what is what), None)


def _link(number: TicketNumber, other: TicketNumber, desk: Desk) -> str:
    """Link two tickets; what was done, in words. A colleague may have been faster."""
    with desk.store.transaction():
        if other in related_to(desk, desk.ticket(number)):
            return tr("{number} and {other} were linked already").format(number=number, other=other)
        link(desk, number, other)
        return with_keys(tr("{number} and {other} are linked, {key_undo} takes it back"), number=number, other=other)


def _unlink(number: TicketNumber, other: TicketNumber, desk: Desk) -> str:
    unlink(desk, number, other)
    return with_keys(
        tr("{number} and {other} are linked no more, {key_undo} takes it back"), number=number, other=other
    )


def _link_all(numbers: Sequence[TicketNumber], desk: Desk) -> None:
    act = new_act()
    with desk.store.transaction():
        for one, other in combinations(numbers, 2):
            link(desk, one, other, act=act)


def _keep_apart(numbers: Sequence[TicketNumber], desk: Desk) -> None:
    act = new_act()
    with desk.store.transaction():
        for number in numbers:
            if set(numbers).intersection(desk.ticket(number).resembles):
                keep_apart(desk, number, others=numbers, act=act)
