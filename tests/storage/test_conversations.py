"""Messages, notes and events of all tickets, as one collection keeps them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from desk.conversation import Act, Direction, EntryId, Event, Happened, Message, Note
from desk.people import Address, Handle
from desk.ticket import TicketNumber
from storage.conversations import StoredConversations
from storage.database import TicketStore

START = datetime(2026, 11, 20, 9, tzinfo=UTC)
ONE, TWO = TicketNumber(1), TicketNumber(2)
NEW = EntryId(0)


def event(ticket: TicketNumber, minutes: float) -> Event:
    at = START + timedelta(minutes=minutes)
    return Event(id=NEW, ticket=ticket, at=at, author=Handle("ana"), what=Happened.TAGGED, act=Act("1"), detail={})


def test_what_happened_in_a_time_is_told_in_order_without_mails_and_notes(store: TicketStore) -> None:
    entries = StoredConversations(store)
    mail = Message(id=NEW, ticket=ONE, direction=Direction.IN, at=START, sender=Address("a@corp.example"))
    note = Note(id=NEW, ticket=ONE, at=START, author=Handle("ana"), note="Call them.")
    all_of_them = (event(ONE, 30), mail, note, event(ONE, -1), event(TWO, 0), event(TWO, 60))
    last, *_, first, _ = [entries.add(each) for each in all_of_them]
    found = entries.events_between(START, START + timedelta(hours=1))
    assert [(each.id, each.ticket) for each in found] == [(first, TWO), (last, ONE)]
