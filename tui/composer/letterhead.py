"""What stands around a text that is going to be a mail: from whom, to whom, under which subject, with which files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeGuard

from desk.addressed import are_same
from desk.conversation import Entry, Event, Happened, Purpose
from desk.desk import Desk
from desk.errors import RefusedError
from desk.freemail import is_freemail
from desk.letters import letter_for
from desk.moves import MOVED, has_come, named_in
from desk.outgoing import Answer
from desk.people import Address
from desk.safe import safe_line
from desk.settings import Mailbox
from desk.sides import people_of, with_customer, writers
from desk.ticket import TicketNumber
from desk.wording import Wording
from tui.composer.heads import Heads
from tui.reader.opened import OpenTicket
from tui.words.tongue import tr

AS_SAID = Wording()
"""Nothing was chosen: all of it is as the ticket says."""


@dataclass(frozen=True, slots=True)
class LetterHead:
    """As the mail would leave now: `sender` is who answers, `usual` whom the ticket says, `refused` why it cannot go.

    `wording` is what was chosen instead.
    """

    sender: Address | None
    usual: Heads
    wording: Wording = AS_SAID
    refused: str = ""

    @property
    def is_known(self) -> bool:
        """Whether it was read by now what the ticket says."""
        return self.sender is not None or bool(self.refused)

    @property
    def heads(self) -> Heads:
        """Whom it goes to, and what it is called."""
        chosen, usual = self.wording, self.usual
        return Heads(
            to=usual.to if chosen.to is None else chosen.to,
            cc=usual.cc if chosen.cc is None else chosen.cc,
            bcc=chosen.bcc,
            subject=usual.subject if chosen.subject is None else chosen.subject,
        )

    def chosen(self, heads: Heads) -> Wording:
        """The wording for these heads: what is as the ticket says stays so."""
        was = self.wording
        return Wording(
            to=None if heads.to == self.usual.to else heads.to,
            cc=None if heads.cc == self.usual.cc else heads.cc,
            bcc=heads.bcc,
            subject=None if heads.subject == self.usual.subject else heads.subject,
            enclosures=was.enclosures,
            forwards=was.forwards,
        )


NO_MAIL = LetterHead(None, Heads())
"""Around what never leaves, and before it is known."""


def letterhead(desk: Desk, number: TicketNumber, purpose: Purpose = Purpose.REPLY) -> LetterHead:
    """What stands around an answer or a forward on a ticket, as long as nothing else is chosen.

    Raises:
        NoSuchTicket, NoAgent: the ticket or the acting agent is unknown.
    """
    desk.ticket(number)
    try:
        letter = letter_for(desk, number, Answer(text="", purpose=purpose))
    except RefusedError as error:
        return LetterHead(None, Heads(), refused=str(error))
    return LetterHead(letter.sender, Heads(to=letter.to, cc=letter.cc, subject=letter.subject))


def first_letterhead(desk: Desk, mailbox: Mailbox | None) -> LetterHead:
    """What stands around a mail that is to open a ticket.

    Raises:
        NoAgent: nobody said who is acting.
    """
    name = desk.me.name
    if mailbox is None:
        refused = tr("this desk has no address to write from; `tandem init` sets one up")
        return LetterHead(None, Heads(), refused=refused)
    company = mailbox.address.name
    return LetterHead(Address(mailbox.address.email, f"{name} ({company})" if company else name), Heads())


def stays_elsewhere(head: LetterHead) -> str:
    """That a text goes to whom it was written, not to whom its ticket asks for by now, in words; empty where it is one.

    A mail came that asks for others, or a merge or a split moved those that say whom an answer goes to.
    """
    heads, usual = head.heads, head.usual
    if not heads.to:
        return ""
    if not are_same(heads.to, usual.to):
        words = tr("written to {whom}; answers on this ticket go to {other} by now: To stays {whom}")
        return words.format(whom=_named(heads.to), other=_named(usual.to))
    if not are_same(heads.cc, usual.cc):
        words = tr("copies of answers on this ticket go to {other} by now: Cc stays {whom}")
        return words.format(whom=_named(heads.cc), other=_named(usual.cc))
    return ""


def _named(people: Sequence[Address]) -> str:
    return ", ".join(safe_line(each.email) for each in people) or tr("nobody")


def leads_elsewhere(opened: OpenTicket, heads: Heads) -> str:
    """Where a Reply-To leads to another domain than its mail came from, in words; empty where it does not.

    What looks like the customer may be somebody else's way to get at the answer.
    """
    last = opened.last_from_customer
    if last is None:
        return ""
    asked = {each.key for each in last.reply_to}
    away = [each for each in heads.everybody if each.key in asked and _domain(each) != _domain(last.sender)]
    words = tr("{address} is another domain than that of {sender}, who wrote")
    return words.format(address=away[0].email, sender=last.sender.email) if away else ""


def takes_no_forward(opened: OpenTicket, heads: Heads) -> str:
    """Who of those that a forward goes to is in the talk with the customer, so that it is refused; empty: nobody."""
    wrote = writers(opened.ticket.customer, opened.messages)
    inside = [each for each in heads.everybody if each.key in wrote]
    words = tr("{address} is in the talk on this ticket already: a forward is for others, so answer instead")
    return words.format(address=safe_line(inside[0].email)) if inside else ""


def newcomers(opened: OpenTicket, heads: Heads) -> str:
    """Who would get the answer and came to the ticket with its last mail, from a domain that nobody there had.

    It may be a stranger who knows the id of a mail. Empty where there is none, and for the first mail; what a merge
    brought makes nobody new.
    """
    last = opened.last_from_customer
    if last is None:
        return ""
    earlier = with_customer(each for each in opened.messages if each.id < last.id)
    merged = {one for event in opened.entries if _brings(event) for one in named_in(event, MOVED)}
    if not earlier or (last.id not in merged and all(each.id in merged for each in earlier)):
        return ""
    known = people_of(earlier)
    domains = {domain for each in known if not is_freemail(domain := each.rpartition("@")[2])}
    new = [each for each in heads.everybody if each.key in people_of([last]) - known and _domain(each) not in domains]
    return tr("new on this ticket: {people}").format(people=_named(new)) if new else ""


def _brings(entry: Entry) -> TypeGuard[Event]:
    return isinstance(entry, Event) and entry.what is Happened.MERGED and has_come(entry)


def _domain(address: Address) -> str:
    return address.key.rpartition("@")[2]
