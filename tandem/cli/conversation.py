"""`tandem show`: one ticket with its whole conversation, for people, for programs, or as the bytes that came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import click

from desk.addressed import Asked
from desk.conversation import Direction, Entry, EntryId, Event, Happened, Message, Note, Recorded
from desk.desk import Desk
from desk.draft import Draft
from desk.errors import NoSuchEntry
from desk.moves import MOVES
from desk.offers import Offered, offers_for, others_of
from desk.outgoing import NOT_GONE, OutboxEntry, OutboxState
from desk.remarked import in_words, signs
from desk.sleep import in_words as sleep_in_words
from desk.sleep import sleeps, slept
from desk.summary import UNDELIVERED
from desk.ticket import Ticket, TicketNumber
from desk.wording import Wording
from tandem.cli.arguments import TICKET, Number
from tandem.cli.draft_text import others_asked_for
from tandem.cli.output import local, print_bytes, print_json, say, say_text, since
from tandem.cli.session import Session, pass_session
from tandem.cli.whole import read_whole, whole_json


@click.command("show")
@click.argument("number", metavar="ID", type=TICKET)
@click.option("--json", "as_json", is_flag=True, help="The ticket with its messages, as one line of JSON.")
@click.option("--raw", metavar="MESSAGE", type=Number(min=1), help="The bytes of one message, as they came.")
@click.option("--all-headers", is_flag=True, help="Every header of every message.")
@pass_session
def show_command(session: Session, number: int, as_json: bool, raw: int | None, all_headers: bool) -> None:
    """Show one ticket with its whole conversation, oldest first, and last a reply that is not finished."""
    if raw is not None and as_json:
        raise click.UsageError("--raw and --json exclude each other")
    desk = session.desk
    whole = read_whole(desk, TicketNumber(number))
    if raw is not None:
        _print_raw(desk, whole.ticket.number, EntryId(raw))
    elif as_json:
        print_json(whole_json(whole))
    else:
        _print_head(whole.ticket, desk.clock())
        _print_offers(desk, whole.ticket, whole.entries)
        for entry in whole.entries:
            mail = whole.outbox[entry.outbox] if isinstance(entry, Message) and entry.outbox else None
            _print_entry(desk, entry, mail, all_headers=all_headers)
        if whole.draft is not None and whole.asked is not None:
            _print_draft(desk, whole.draft, whole.asked)


def _print_raw(desk: Desk, number: TicketNumber, entry: EntryId) -> None:
    message = desk.store.conversations.get(entry)
    if not isinstance(message, Message) or message.ticket != number:
        raise NoSuchEntry(f"message on ticket {number} with the id", entry)
    print_bytes(desk.blobs.get(message.raw))


def _print_head(ticket: Ticket, now: datetime) -> None:
    say(f"{ticket.number}  {ticket.subject}")
    tags = "".join(f" #{tag}" for tag in ticket.tags)
    facts = (str(ticket.customer), ticket.status, ticket.priority, f"{ticket.assignee or 'nobody'}{tags}")
    say(" · ".join((*facts, f"waiting {since(ticket.waiting_since, now)}", *signs(ticket))))
    if sleeps(ticket, now):
        say(slept(ticket))


def _print_offers(desk: Desk, ticket: Ticket, entries: Sequence[Entry]) -> None:
    for offer in offers_for(ticket, entries, others_of(desk, ticket, entries)):
        command = _COMMANDS[offer.what].format(ticket.number, offer.entry or offer.ticket)
        say(f"? {offer.said}: `tandem {command}`")


_COMMANDS: Mapping[Offered, str] = {
    Offered.SPLIT: "split {} {}",
    Offered.MERGE: "merge {} {}",
    Offered.LIKE: "merge {} {}",
    Offered.CONFIRM: "customer {} confirm",
    Offered.LOAD: "load {} {}",
    Offered.OPEN: "show {1}",
}


def _print_entry(desk: Desk, entry: Entry, mail: OutboxEntry | None, *, all_headers: bool) -> None:
    match entry:
        case Message():
            arrow = "→" if entry.direction is Direction.OUT else "←"
            click.echo()
            why = f"automatic: {entry.automatic}" if entry.automatic else ""
            stands = " · ".join(filter(None, (mail.state.shown if mail else "", why)))
            say(f"{arrow} {entry.id}  {entry.sender}  {local(entry.at)}  {stands}{_aside(entry)}")
            if mail is not None:
                _print_delivery(desk, entry, mail)
            if all_headers and not entry.redacted:
                say_text(_head(desk.blobs.get(entry.raw)))
            _print_message(entry)
        case Note():
            click.echo()
            edited = f"  edited, version {entry.version}" if entry.version > 1 else ""
            say(f"NOTE {entry.id}  {entry.author}  {local(entry.at)}{edited}")
            say_text(entry.note)
        case Event() if entry.what in (Happened.BOUNCED, Happened.DELAYED, Happened.ACCEPTED):
            by = f" by {entry.detail['by']}, it was parked" if "by" in entry.detail else ""
            say(f"· tandem: {entry.what}{by}: {entry.detail.get('why', 'a mail of this ticket')}  {local(entry.at)}")
        case Event(what=Happened.DRAFT_DISCARDED):
            pass
        case Event() if (entry.entry is None or in_words(entry)) and not entry.undone:
            _print_event(entry)
        case Event():
            pass


def _aside(message: Message) -> str:
    """Whom a mail went to that the customer has no part in, or that it is an answer to one."""
    if message.side is None:
        return ""
    if message.was_in_bcc and message.direction is Direction.IN:
        return f"  aside: {message.sender.email} was in Bcc of our mail ({message.side})"
    if message.direction is Direction.IN:
        return f"  aside: an answer to what was forwarded ({message.side})"
    return f"  aside: to {', '.join(each.email for each in (*message.to, *message.cc, *message.bcc))}"


def _print_delivery(desk: Desk, message: Message, mail: OutboxEntry) -> None:
    """To whom a mail of ours goes, and where it did not simply leave, why."""
    if mail.recipients and message.side is None:
        say(f"  to {', '.join(mail.recipients)}")
    for answer in mail.refused_for:
        say(f"  ⚠ refused for {answer.address}: {answer.code} {answer.words}")
    if mail.last_error and mail.state in _SAYS_WHY and not mail.refused_for:
        say(f"  ⚠ {mail.last_error}")
    shut = desk.store.senders.get(mail.mailbox) if mail.state in NOT_GONE else None
    if shut is not None and shut.stopped_since is not None:
        say(f"  ⚠ {shut.in_words}")
    if mail.state in UNDELIVERED and not mail.redacted:
        say(f"  `tandem outbox show {mail.id}` tells all that is known of it")


_SAYS_WHY = UNDELIVERED | {OutboxState.DEFERRED}


def _print_draft(desk: Desk, draft: Draft, asked: Asked) -> None:
    click.echo()
    said = draft.wording or Wording()
    say(f"DRAFT, not sent  {draft.author}  {local(draft.saved)}")
    to, cc = asked.to if said.to is None else said.to, asked.cc if said.cc is None else said.cc
    for field, people in (("to", to), ("cc", cc), ("bcc", said.bcc)):
        if people:
            say(f"  {field} {', '.join(map(str, people))}")
    if others := others_asked_for(desk, draft):
        say(others)
    if said.subject is not None:
        say(f"  subject {said.subject}")
    for each in said.enclosures:
        say(f"  [{each.name}, {each.size} bytes]")
    say_text(draft.text)


def _head(raw: bytes) -> str:
    return raw.replace(b"\r\n", b"\n").split(b"\n\n", 1)[0].decode("utf-8", "replace") + "\n"


def _print_message(message: Message) -> None:
    for defect in message.defects:
        say(f"  ⚠ {defect}")
    for fact in message.facts:
        say(f"  ℹ {fact}")
    say_text(message.text.strip("\n"))
    for attachment in message.attachments:
        within = ", in the text" if attachment.is_inline else ""
        say(f"  [{attachment.name}, {attachment.type}, {attachment.size} bytes{within}]")


def _print_event(event: Event) -> None:
    changes = ", ".join(f"{each.field} {_shown(each.before)} → {_shown(each.after)}" for each in event.changes)
    moved = f"{in_words(event)}{changes and f', {changes}'}" if event.what in MOVES else ""
    what = sleep_in_words(event) or moved or changes or in_words(event) or event.what.replace("_", " ")
    say(f"· {event.author or 'tandem'}: {what}  {local(event.at)}")


def _shown(value: Recorded) -> str:
    return (" ".join(value) if isinstance(value, tuple) else value) or "-"
