"""Whom an erasure is about, and what it leaves of a ticket that is the person's alone.

Erased mails stay as empty shells with their time and direction, so that figures of the past stay true. How a person is
taken out of a ticket on which others wrote is in `desk.removal`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace

from desk.conversation import Attachment, Direction, Entry, Event, Message, Note
from desk.desk import Desk
from desk.draft import Draft
from desk.erasure import SOMEBODY, WORDS
from desk.forgetting import forget_mentions, forget_promises
from desk.moves import DRAFTS, MOVED, SETTLED, WAITS
from desk.outgoing import Copy, OutboxEntry, OutboxState
from desk.people import Address
from desk.plan import Plan
from desk.ports import Drafts, ThrownDrafts
from desk.redaction import Redactor
from desk.ticket import Ticket, TicketNumber
from desk.wording import Enclosure

_SETTLED = frozenset({OutboxState.SENT, OutboxState.BOUNCED, OutboxState.CANCELLED})
FACTS = frozenset({"fields", "act", "about", "by", "mail", "macro", "version", "edited", MOVED, SETTLED, DRAFTS, WAITS})
"""Details of events that are about us, or name what stands on a ticket by numbers and when."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A ticket with all that stands on it, the oldest entry first; `thrown` are drafts that were thrown away."""

    ticket: Ticket
    entries: Sequence[Entry]
    outbox: Sequence[OutboxEntry]
    drafts: Sequence[Draft]
    thrown: Sequence[Draft]

    @property
    def messages(self) -> list[Message]:
        """Its mails, in the order in which they came to the desk."""
        return sorted((each for each in self.entries if isinstance(each, Message)), key=lambda each: each.id)


def read_ticket(desk: Desk, number: TicketNumber) -> Whole:
    """All of one ticket.

    Raises:
        NoSuchTicket: there is none with this number.
    """
    store = desk.store
    entries, outbox = store.conversations.of(number), store.outbox.of(number)
    return Whole(desk.ticket(number), entries, outbox, store.drafts.of(number), store.thrown.of(number))


def ids_of(whole: Whole) -> frozenset[str]:
    """Every id that a mail which stands on a ticket has or names."""
    named = {each for mail in whole.messages for each in (mail.message_id, *mail.references)}
    return frozenset(named.union(*((mail.message_id, mail.sent_as) for mail in whole.outbox)) - {""})


@dataclass(slots=True)
class Done:
    """What was done to tickets: mails that are gone and mails without the person, as they were, and how much else.

    `dropped` are files of mails that stay, `enclosures` those of texts that were not finished.
    """

    messages: list[Message] = field(default_factory=list[Message])
    redacted: list[Message] = field(default_factory=list[Message])
    dropped: list[Attachment] = field(default_factory=list[Attachment])
    enclosures: list[Enclosure] = field(default_factory=list[Enclosure])
    notes: int = 0
    drafts: int = 0
    outgoing: int = 0
    events: int = 0


@dataclass(frozen=True, slots=True)
class Person:
    """Who is to be erased: the keys of their addresses, the names that stood there, and how to tell us from others."""

    keys: Collection[str]
    names: Collection[str]
    is_ours: Callable[[Address], bool]

    def among(self, *people: Address | None) -> bool:
        """Whether the person is one of these."""
        return any(each is not None and each.key in self.keys for each in people)

    def is_behind(self, sender: Address, reply_to: Collection[Address]) -> bool:
        """Whether a mail is the person's: they wrote it, or it asks to answer them alone, as one of a form does."""
        others = any(not self.among(each) and not self.is_ours(each) for each in reply_to)
        return self.among(sender) or (self.among(*reply_to) and not others)

    def is_in(self, whole: Whole) -> bool:
        """Whether the person has to do with a ticket, and is not only spoken of there."""
        ticket = whole.ticket
        mails = any(self.among(each.sender, *each.to, *each.cc, *each.bcc, *each.reply_to) for each in whole.messages)
        sent = any(each.casefold() in self.keys for mail in whole.outbox for each in mail.recipients)
        return mails or sent or self.among(ticket.customer, ticket.proposed_customer, *ticket.senders)

    def owns(self, whole: Whole) -> bool:
        """Whether a ticket is the person's alone: nobody else wrote on it but us and machines."""
        others = (each for each in whole.messages if each.direction is Direction.IN and each.automatic is None)
        alone = all(self.is_behind(each.sender, each.reply_to) or self.is_ours(each.sender) for each in others)
        return alone and self.among(whole.ticket.customer, whole.ticket.proposed_customer)

    def wrote(self, message: Message) -> bool:
        """Whether a mail is the person's own, or was only for them, or is a machine's about them."""
        if message.direction is Direction.IN:
            about = message.automatic is not None and Redactor(self.keys).bare(message.text) != message.text
            return self.is_behind(message.sender, message.reply_to) or about
        return all(self.among(each) or self.is_ours(each) for each in (*message.to, *message.cc, *message.bcc))


def erase_whole(desk: Desk, whole: Whole, done: Done) -> Ticket:
    """Leave nothing of a ticket but its number and what happened when."""
    for entry in whole.entries:
        desk.store.conversations.put(emptied_entry(entry, done))
    for mail in whole.outbox:
        done.outgoing += 1
        desk.store.outbox.put(emptied_mail(mail))
    for draft in whole.drafts:
        forget_draft(desk.store.drafts, draft, done)
    for draft in whole.thrown:
        forget_draft(desk.store.thrown, draft, done)
    done.notes += forget_promises(desk, whole.ticket.number, lambda _: True)
    forget_mentions(desk, whole.ticket.number)
    return replace(
        whole.ticket,
        subject=WORDS,
        customer=SOMEBODY,
        proposed_customer=None,
        snoozed_until=None,
        snoozed_by=None,
        sleeps_through=False,
        unread=False,
        erased=True,
    )


def forget_draft(kept: Drafts | ThrownDrafts, draft: Draft, done: Done) -> None:
    """Leave nothing of an unfinished text and what was attached to it."""
    done.drafts += 1
    done.enclosures += draft.wording.enclosures if draft.wording else ()
    kept.remove(draft.id)


def forget_beginnings(desk: Desk, person: Person, done: Done) -> None:
    """Leave nothing of unfinished first mails that are to the person or speak of them."""
    redactor = Redactor(person.keys, person.names)
    for kept in desk.store.beginnings.all():
        words = (kept.beginning.text, *kept.beginning.wording.says(), *words_of(kept.beginning.plan))
        if any(map(redactor.is_named, words)):
            done.drafts += 1
            done.enclosures += kept.beginning.enclosures
            desk.store.beginnings.remove(kept.id)


def forget_views(desk: Desk, person: Person) -> None:
    """Leave no kept search that names the person."""
    redactor = Redactor(person.keys, person.names)
    for view in desk.store.views.all():
        if any(map(redactor.is_named, (view.name, view.query))):
            desk.store.views.remove(view.id)


def words_of(plan: Plan | None) -> tuple[str, ...]:
    """What a macro adds to a text, in words."""
    return (plan.filled, *(word for action in plan.actions for word in action.words)) if plan else ()


def emptied_entry(entry: Entry, done: Done) -> Entry:
    """What stays of an entry that is erased; it is counted in `done`."""
    match entry:
        case Message():
            done.messages.append(entry)
            return emptied(entry)
        case Note():
            done.notes += 1
            return replace(entry, note=WORDS, version=entry.version + 1)
        case Event():
            return emptied_event(entry, done)


def emptied_event(event: Event, done: Done) -> Event:
    """What stays of an event that is erased; it is counted in `done`, if it said more than facts."""
    after = replace(event, detail={key: _kept(key, text) for key, text in event.detail.items()})
    done.events += after != event
    return after


def _kept(key: str, text: str) -> str:
    return text if key in FACTS or text.isdecimal() else WORDS


def emptied(message: Message) -> Message:
    """What stays of a mail that is erased."""
    return Message(
        id=message.id,
        ticket=message.ticket,
        direction=message.direction,
        at=message.at,
        sender=SOMEBODY if message.direction is Direction.IN else message.sender,
        text=WORDS,
        automatic=None if message.automatic is None else WORDS,
        author=message.author,
        outbox=message.outbox,
        purpose=message.purpose,
        side=message.side,
        was_in_bcc=message.was_in_bcc,
        redacted=True,
    )


def emptied_mail(mail: OutboxEntry) -> OutboxEntry:
    """What stays of an outgoing mail that is erased; nobody is asked about it any more."""
    return replace(
        mail,
        state=mail.state if mail.state in _SETTLED else OutboxState.CANCELLED,
        message_id="",
        sent_as="",
        raw="",
        recipients=(),
        draft="",
        plan=None,
        wording=None,
        refused_for=(),
        evidence=(),
        tries=(),
        last_error=None,
        copy=mail.copy if mail.copy is not Copy.WANTED else Copy.UNWANTED,
        copy_said="",
        claim=None,
        lease_until=None,
        redacted=True,
    )
