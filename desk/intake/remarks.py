"""What an agent should know of a mail that was put on a ticket: another subject, new people, other tickets."""

from __future__ import annotations

from desk.conversation import EntryId, Happened
from desk.desk import Desk
from desk.incoming import Incoming
from desk.intake.threads import Lead
from desk.subjects import base_subject
from desk.ticket import Ticket, TicketNumber

_MOST_NAMED = 20
"""People that one event names."""


def remark(desk: Desk, before: Ticket, read: Incoming, lead: Lead, entry: EntryId | None) -> None:
    """Write on a ticket, as it was `before` this mail of a person, what is odd about the mail; it stays where it is."""
    now = desk.ticket(before.number)
    if _is_another_subject(desk, before, read):
        detail = {"old": before.subject, "new": read.subject}
        desk.record(Happened.SUBJECT_CHANGED, now, now, entry=entry, detail=detail)
    if detail := _newcomers(desk, before, read):
        desk.record(Happened.NEWCOMER, now, now, entry=entry, detail=detail)
    if others := [each for each in lead.others if not _are_one_story(desk, before, each)]:
        desk.record(Happened.ALSO_ABOUT, now, now, entry=entry, detail={"tickets": " ".join(map(str, others))})


def _is_another_subject(desk: Desk, ticket: Ticket, read: Incoming) -> bool:
    """Whether it is news that this mail has another subject: it is not when it answers one that had it already."""
    if not read.base_subject or read.base_subject == base_subject(ticket.subject):
        return False
    answered = (mail for each in read.parents[:1] for mail in desk.store.conversations.with_message_id(each))
    return all(base_subject(each.subject) != read.base_subject for each in answered if each.ticket == ticket.number)


def _newcomers(desk: Desk, ticket: Ticket, read: Incoming) -> dict[str, str]:
    """Who is in the conversation for the first time: `wrote` this mail, or `got` it or is to get the answer."""
    known = {each.key for each in (ticket.customer, *ticket.senders, *ticket.recipients)}
    new = {
        each.key: each
        for each in (*read.to, *read.cc, *read.reply_to)
        if each.key not in known and not desk.settings.is_own(each)
    }
    got = ", ".join(each.email for each in list(new.values())[:_MOST_NAMED] if each.key != read.sender.key)
    wrote = read.sender.email if read.sender.key not in known and not desk.settings.is_own(read.sender) else ""
    return {name: who for name, who in (("wrote", wrote), ("got", got)) if who}


def _are_one_story(desk: Desk, ticket: Ticket, other: TicketNumber) -> bool:
    """Whether one of these tickets goes on from the other or was split off it, however many stand between."""
    return other in _before(desk, ticket) or ticket.number in _before(desk, desk.ticket(other))


def _before(desk: Desk, ticket: Ticket) -> set[TicketNumber]:
    passed, ahead = set[TicketNumber](), [ticket.follows, ticket.split_from]
    while ahead:
        number = ahead.pop()
        if number is not None and number not in passed and (before := desk.store.tickets.get(number)):
            passed.add(number)
            ahead += [before.follows, before.split_from]
    return passed
