"""One ticket with all that stands on it, as `show` and `export` give it away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from desk.addressed import Asked, addressed
from desk.conversation import Entry, Event, Happened, Note, OutboxId
from desk.desk import Desk
from desk.draft import Draft, DraftKind
from desk.drafts import held_draft
from desk.outgoing import OutboxEntry
from desk.ticket import Ticket, TicketNumber
from tandem.cli.jsonl import Json, draft_json, entry_json, ticket_json


@dataclass(frozen=True, slots=True)
class Whole:
    """A ticket, what stands on it (oldest first), its outgoing mails, and the reply that is not finished.

    `asked` is whom that goes to where nobody else was chosen.
    """

    ticket: Ticket
    entries: Sequence[Entry]
    outbox: Mapping[OutboxId, OutboxEntry]
    draft: Draft | None
    asked: Asked | None


def read_whole(desk: Desk, number: TicketNumber) -> Whole:
    """All of one ticket, as it is at one moment.

    Raises:
        NoSuchTicket: there is none with this number.
    """
    with desk.store.snapshot():
        draft = held_draft(desk, number, DraftKind.REPLY)
        return Whole(
            ticket=desk.ticket(number),
            entries=_without_removed_notes(desk.store.conversations.of(number)),
            outbox={each.id: each for each in desk.store.outbox.of(number)},
            draft=draft,
            asked=addressed(desk, number)[draft.id] if draft else None,
        )


def _without_removed_notes(entries: Sequence[Entry]) -> list[Entry]:
    """Leave out notes that were taken back, and the events that hold their words."""
    removed = {each.id for each in entries if isinstance(each, Note) and each.removed}
    return [
        each
        for each in entries
        if each.id not in removed
        and not (isinstance(each, Event) and each.what is Happened.NOTE_EDITED and each.entry in removed)
    ]


def whole_json(whole: Whole) -> Json:
    """A ticket with its messages, as `show --json` prints it."""
    draft, asked = whole.draft, whole.asked
    unsent = [draft_json(draft, whole.ticket, asked.to, asked.cc)] if draft and asked else []
    return ticket_json(whole.ticket) | {
        "messages": [*(entry_json(each, whole.outbox) for each in whole.entries), *unsent]
    }
