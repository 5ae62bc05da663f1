"""What the keys do about things that intake left to an agent: split, merge, whose matter it is, the rest of a mail."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from desk.actions.merge import Merged, merge
from desk.actions.set_customer import confirm_customer
from desk.actions.split import Split, split
from desk.conversation import EntryId, Message
from desk.errors import RefusedError
from desk.merged import goes_on_as
from desk.merging import counted
from desk.offers import Offer, Offered, offers_for
from desk.safe import safe_line
from desk.ticket import Ticket, TicketNumber
from tui.front import front
from tui.opened import OpenTicket, load
from tui.ticket_actions import TicketActions

_LONGEST_SUBJECT = 30


class OfferActions(TicketActions):
    """A screen on which what a ticket offers can be taken."""

    def shown(self) -> OpenTicket:
        """The ticket at hand, as it is on the screen where it is shown there.

        Raises:
            RefusedError: there is none.
        """
        return load(front(self).desk, self.target())

    def chosen_entry(self) -> EntryId | None:
        """The entry that the cursor is on, in a ticket that is read."""
        return None

    def open_ticket(self, number: TicketNumber) -> None:
        """Read a ticket, wherever it is."""
        raise NotImplementedError

    def action_split_off(self) -> None:
        """Split the mail off whose subject changed, at once; without one that under the cursor, when asked again."""
        opened = self.shown()
        number, seen = opened.ticket.number, opened.newest
        offer = _offered(opened, Offered.SPLIT)
        entry = offer.entry if offer else self._asked_about(opened)
        if entry is not None:
            front(self).act(f"split {number}", lambda desk: split(desk, number, entry, seen=seen), self._split)

    def action_merge(self) -> None:
        """Merge into the ticket that this one says it belongs to, or all marked ones; what that does is shown first."""
        froms, into = self._to_merge()
        desk = front(self).desk
        tickets = [desk.ticket(each) for each in froms]
        if front(self).asked_again(_preview(tickets, goes_on_as(desk, desk.ticket(into))), key="="):
            seen = {each: last for each in froms if (last := load(desk, each).newest) is not None}
            label = f"merge {', '.join(map(str, froms))}"
            front(self).act(label, lambda desk: merge(desk, froms, into, seen=seen), self._merged)

    def action_open_other(self) -> None:
        opened = self.shown()
        other = next((each.ticket for each in offers_for(opened.ticket, opened.entries) if each.ticket), None)
        if other is None:
            raise RefusedError(f"ticket {opened.ticket.number} goes with no other ticket")
        self.open_ticket(other)

    def action_confirm_customer(self) -> None:
        number = self.target()
        if front(self).desk.ticket(number).proposed_customer is None:
            raise RefusedError(f"nobody is proposed as the customer of {number}")
        front(self).act(
            f"customer of {number}", lambda desk: confirm_customer(desk, number), partial(self._confirmed, number)
        )

    def action_load_whole(self) -> None:
        opened = self.shown()
        offer = _offered(opened, Offered.LOAD)
        if offer is None or offer.entry is None:
            raise RefusedError(f"all mails of ticket {opened.ticket.number} are here whole")
        front(self).load_whole(offer.entry, self.acted)

    def _asked_about(self, opened: OpenTicket) -> EntryId | None:
        mails = {each.id: each for each in opened.messages}
        entry = self.chosen_entry()
        mail = mails.get(entry) if entry is not None else None
        if mail is None:
            raise RefusedError("no mail here is about something else", "Enter opens the ticket; go to a mail in it")
        return mail.id if front(self).asked_again(_question(mail), key="%") else None

    def _to_merge(self) -> tuple[Sequence[TicketNumber], TicketNumber]:
        numbers = sorted(self.targets())
        if len(numbers) > 1:
            return numbers[1:], numbers[0]
        opened = self.shown()
        if opened.ticket.claims is None:
            raise RefusedError("mark (x) the tickets that are one matter first")
        return numbers, opened.ticket.claims

    def _split(self, done: Split) -> None:
        front(self).say(f"{done.said}, u takes it back")
        self.acted()

    def _merged(self, done: Merged) -> None:
        said = done.said[0] if len(done.said) == 1 else f"{len(done.said)} tickets are part of {done.ticket.number} now"
        front(self).say(f"{said}, u takes it back")
        self.go_back_to(done.ticket.number)
        self.acted()

    def _confirmed(self, number: TicketNumber, after: Ticket) -> None:
        front(self).say(f"{number}: a matter of {safe_line(str(after.customer))}, u takes it back")
        self.acted()


def _offered(opened: OpenTicket, what: Offered) -> Offer | None:
    return next((each for each in offers_for(opened.ticket, opened.entries) if each.what is what), None)


def _preview(tickets: Sequence[Ticket], into: Ticket) -> str:
    count = sum(each.message_count for each in tickets)
    named = ", ".join(str(each.number) for each in tickets)
    subject = safe_line(into.subject)
    subject = subject if len(subject) <= _LONGEST_SUBJECT else f"{subject[: _LONGEST_SUBJECT - 1]}…"
    return f"{counted(count, 'mail')} of {named} {'goes' if count == 1 else 'go'} to {into.number} “{subject}”: = again"


def _question(mail: Message) -> str:
    return f"a ticket of its own for the mail of {safe_line(mail.sender.label)[:_LONGEST_SUBJECT]}? % again"
