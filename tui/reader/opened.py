"""One ticket with all that a screen shows of it, read in one go; nothing here writes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from desk.conversation import Direction, Entry, EntryId, Message, OutboxId
from desk.desk import Desk
from desk.draft import Draft, DraftKind
from desk.drafts import held_draft, own_drafts
from desk.errors import RefusedError
from desk.expression import And, Match, Or
from desk.offers import NO_OTHERS, Others, others_of
from desk.outgoing import OutboxEntry, SendingAccount
from desk.people import Address, Handle
from desk.presence import Presence
from desk.profiles import Profile
from desk.promised import promised_on
from desk.promises import Promise
from desk.sides import known_to
from desk.ticket import Ticket, TicketNumber
from tui.words.tongue import tr


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTicket:
    """A ticket as it stood at one moment.

    `entries` are oldest first, `outbox` holds the ticket's own outgoing mails by id. `presences` are colleagues who
    have the ticket open, never oneself. `other_tickets` counts this customer's other tickets, none of one whom no
    address tells from others, `earlier_tickets` those of them that are older. `me` is the acting agent (None: nobody
    said who acts), `draft` the shared draft, `own` are their unfinished notes and forwards. `stopped` are the mailboxes
    from which nothing leaves now. `others` are the tickets that it goes with, `promises` those that have still to be
    kept. `profile` is what agents noted of the customer.
    """

    ticket: Ticket
    entries: tuple[Entry, ...]
    outbox: Mapping[OutboxId, OutboxEntry]
    presences: tuple[Presence, ...] = ()
    other_tickets: int = 0
    earlier_tickets: int = 0
    me: Handle | None = None
    draft: Draft | None = None
    own: tuple[Draft, ...] = ()
    stopped: frozenset[str] = frozenset()
    others: Others = NO_OTHERS
    promises: tuple[Promise, ...] = ()
    profile: Profile | None = None

    @property
    def messages(self) -> tuple[Message, ...]:
        """The mails of the conversation, oldest first."""
        return tuple(each for each in self.entries if isinstance(each, Message))

    @property
    def newest(self) -> EntryId | None:
        """The newest entry that an agent who reads this has seen."""
        return max((each.id for each in self.entries), default=None)

    @property
    def last_from_customer(self) -> Message | None:
        """The mail that an answer answers: a person's if there is any, and the last that came, whatever its date.

        What others answered to a forward is none of it.
        """
        return self.last_known_to(())

    def last_known_to(self, to: Iterable[Address]) -> Message | None:
        """The mail that an answer to these people quotes: the last of the customer's that one of them wrote or got."""
        received = [each for each in self.messages if each.direction is Direction.IN and each.side is None]
        by_people = [each for each in received if each.automatic is None]
        talk = known_to(sorted(by_people or received, key=lambda each: each.id), to)
        return talk[-1] if talk else None


def load(desk: Desk, number: TicketNumber) -> OpenTicket:
    """Read a ticket and everything about it, all of one moment.

    Raises:
        NoSuchTicket: there is none with this number.
    """
    me = desk.acting.handle if desk.acting else None
    with desk.store.snapshot():
        ticket = desk.ticket(number)
        theirs = And((Match("customer", "is", ticket.customer.key), Match("merged_into", "is", None)))
        at_once = And((Match("created", "is", ticket.created), Match("number", "<", number)))
        earlier = And((theirs, Or((Match("created", "<", ticket.created), at_once))))
        is_known = not ticket.customer.is_nobody
        entries = tuple(desk.store.conversations.of(number))
        return OpenTicket(
            ticket=ticket,
            entries=entries,
            outbox={each.id: each for each in desk.store.outbox.of(number)},
            presences=tuple(
                each for each in desk.store.presences.all(desk.clock()) if each.ticket == number and each.agent != me
            ),
            other_tickets=max(desk.store.tickets.count(theirs) - (ticket.merged_into is None), 0) if is_known else 0,
            earlier_tickets=desk.store.tickets.count(earlier) if is_known else 0,
            me=me,
            draft=held_draft(desk, number, DraftKind.REPLY),
            own=own_drafts(desk, number),
            stopped=frozenset(stopped_accounts(desk)),
            others=others_of(desk, ticket, entries),
            promises=tuple(promised_on(desk, number)),
            profile=next(iter(desk.store.profiles.of((ticket.customer.key,))), None) if is_known else None,
        )


def stopped_accounts(desk: Desk) -> Mapping[str, SendingAccount]:
    """The accounts of this desk's mailboxes that their servers do not let in, so that their mails wait."""
    ours = {each.name for each in desk.settings.mailboxes}
    return {each.mailbox: each for each in desk.store.senders.all() if each.stopped_since and each.mailbox in ours}


def newest_mail(desk: Desk, number: TicketNumber) -> Message:
    """The mail of a ticket that came or went last.

    Raises:
        RefusedError: it has none.
    """
    newest = next((each for each in reversed(desk.store.conversations.of(number)) if isinstance(each, Message)), None)
    if newest is None:
        raise RefusedError(tr("there is no message here"))
    return newest
