"""What `--json` prints: fields that other people's programs rely on and that do not change without a major version.

Times are ISO 8601 in UTC with Z, durations are seconds, absent is null, lists are never null.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from desk.conversation import Direction, Entry, EntryId, Event, Message, Note, OutboxId, Purpose
from desk.draft import Draft
from desk.outgoing import Evidence, OutboxEntry
from desk.parked import ParkedMail
from desk.people import Address
from desk.subjects import without_prefix
from desk.ticket import Ticket
from desk.wording import Wording

if TYPE_CHECKING:
    from tandem.audit import Found

Json = dict[str, object]


def moment(at: datetime | None) -> str | None:
    """A moment as programs read it."""
    return None if at is None else at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def person(who: Address) -> Json:
    """A name and an address."""
    return {"name": who.name or None, "email": who.email}


def ticket_json(ticket: Ticket) -> Json:
    """One ticket as `list --json` prints it."""
    return {
        "id": ticket.number,
        "subject": ticket.subject,
        "status": ticket.status,
        "priority": ticket.priority,
        "assignee": ticket.assignee,
        "tags": list(ticket.tags),
        "customer": person(ticket.customer),
        "mailbox": ticket.mailbox,
        "created": moment(ticket.created),
        "updated": moment(ticket.updated),
        "last_message": moment(ticket.last_message),
        "waiting_since": moment(ticket.waiting_since),
        "snoozed_until": moment(ticket.snoozed_until),
        "message_count": ticket.message_count,
        "unread": ticket.unread,
        "defects": list(ticket.defects),
        "merged_into": ticket.merged_into,
        "claims": ticket.claims,
        "follows": ticket.follows,
        "split_from": ticket.split_from,
        "related": list(ticket.related),
        "resembles": list(ticket.resembles),
        "proposed_customer": None if ticket.proposed_customer is None else person(ticket.proposed_customer),
    }


def entry_json(entry: Entry, outbox: Mapping[OutboxId, OutboxEntry]) -> Json:
    """One message, note or event as `show --json` prints it."""
    match entry:
        case Message():
            return _message(entry, outbox)
        case Note():
            return _blank(entry.id, entry.at) | {"kind": "note", "text": entry.note, "author": entry.author}
        case Event():
            return _blank(entry.id, entry.at) | {"kind": "event", "author": entry.author, "event": _event(entry)}


def draft_json(draft: Draft, ticket: Ticket, to: Sequence[Address], cc: Sequence[Address]) -> Json:
    """An unfinished reply among a ticket's messages: it has no id, for it is none yet, and nobody it is from.

    `to` and `cc` are whom it goes to where nothing else was chosen.
    """
    said = draft.wording or Wording()
    return _blank(None, draft.saved) | {
        "kind": "out",
        "to": [person(each) for each in (to if said.to is None else said.to)],
        "cc": [person(each) for each in (cc if said.cc is None else said.cc)],
        "subject": f"Re: {without_prefix(ticket.subject)}" if said.subject is None else said.subject,
        "text": draft.text,
        "attachments": [
            {"name": each.name, "type": None, "size": each.size, "sha256": each.sha256, "inline": False}
            for each in said.enclosures
        ],
        "state": "draft",
        "author": draft.author,
        "purpose": Purpose.REPLY,
        "bcc": [person(each) for each in said.bcc],
    }


def outbox_json(entry: OutboxEntry) -> Json:
    """One outgoing mail as `outbox --json` prints it."""
    return {
        "id": entry.id,
        "ticket": entry.ticket,
        "to": list(entry.recipients),
        "state": entry.state.shown,
        "due": moment(entry.due),
        "attempts": entry.attempts,
        "last_error": entry.last_error,
        "message_id": entry.message_id,
        "purpose": entry.purpose,
        "refused_for": [{"to": each.address, "code": each.code, "said": each.words} for each in entry.refused_for],
        "evidence": [_evidence(each) for each in entry.evidence],
        "tries": [{"at": moment(each.at), "verdict": each.verdict, "said": each.said} for each in entry.tries],
        "copy": entry.copy,
        "copy_said": entry.copy_said or None,
    }


def _evidence(found: Evidence) -> Json:
    return {"kind": found.kind, "at": moment(found.at), "detail": found.detail or None, "entry": found.entry}


def parked_json(mail: ParkedMail) -> Json:
    """One parked mail as `parked --json` prints it."""
    settled = mail.settled
    return {
        "id": mail.id,
        "mailbox": mail.place.mailbox,
        "from": person(mail.read.sender),
        "subject": mail.read.subject,
        "message_id": mail.read.message_id,
        "received": moment(mail.received),
        "parked": moment(mail.at),
        "reason": mail.reason,
        "state": settled.fate if settled else "waiting",
        "by": settled.by if settled else None,
        "settled": moment(settled.at if settled else None),
        "ticket": settled.ticket if settled else None,
        "sha256": mail.raw,
    }


def found_json(found: Found) -> Json:
    """One mail on the mail server as `audit --json` prints it."""
    place = found.place
    return {
        "mailbox": place.mailbox,
        "folder": place.folder,
        "uidvalidity": place.uidvalidity,
        "uid": place.uid,
        "state": found.state,
        "ticket": found.ticket,
        "reason": found.reason or None,
    }


def _blank(entry: EntryId | None, at: datetime) -> Json:
    return {
        "id": entry,
        "kind": None,
        "from": None,
        "to": [],
        "cc": [],
        "date": moment(at),
        "subject": None,
        "text": None,
        "html": False,
        "attachments": [],
        "message_id": None,
        "automatic": None,
        "facts": [],
        "defects": [],
        "state": None,
        "author": None,
        "event": None,
        "purpose": None,
        "side": None,
        "bcc": [],
    }


def _message(message: Message, outbox: Mapping[OutboxId, OutboxEntry]) -> Json:
    queued = outbox.get(message.outbox) if message.outbox else None
    return _blank(message.id, message.at) | {
        "kind": "out" if message.direction is Direction.OUT else "in",
        "from": person(message.sender),
        "to": [person(each) for each in message.to],
        "cc": [person(each) for each in message.cc],
        "subject": message.subject,
        "text": message.text,
        "html": message.has_html,
        "attachments": [
            {"name": each.name, "type": each.type, "size": each.size, "sha256": each.sha256, "inline": each.is_inline}
            for each in message.attachments
        ],
        "message_id": message.message_id,
        "automatic": message.automatic,
        "facts": list(message.facts),
        "defects": list(message.defects),
        "state": queued.state.shown if queued else None,
        "author": message.author,
        "purpose": message.purpose,
        "side": message.side,
        "bcc": [person(each) for each in message.bcc],
    }


def _event(event: Event) -> Json:
    return {
        "what": event.what,
        "changes": {each.field: {"before": each.before, "after": each.after} for each in event.changes},
        "detail": event.detail,
        "undone": event.undone,
    }
