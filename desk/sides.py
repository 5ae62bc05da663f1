"""Side talks: what was forwarded to somebody else, and what they and we write about it then.

They stand on the customer's ticket and are no part of the talk with the customer: nobody's wait ends by them, no answer
goes to these people or quotes them, and no figure counts them. Each is named by the forward that began it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from desk.conversation import Direction, Entry, EntryId, Message
from desk.people import Address

ASIDE = "aside"
"""What a ticket holds where something of it was forwarded."""

ANSWERED_ASIDE = "answered_aside"
"""What it holds where the last that came is an answer to what was forwarded, and we have said nothing to it."""


def mails_in(entries: Iterable[Entry]) -> list[Message]:
    """All mails of a ticket, in the order in which they came to the desk."""
    return sorted((each for each in entries if isinstance(each, Message)), key=lambda each: each.id)


def with_customer(mails: Iterable[Message]) -> list[Message]:
    """Those of the talk with the customer."""
    return [each for each in mails if each.side is None]


def people_of(mails: Iterable[Message]) -> frozenset[str]:
    """The keys of everybody who wrote or got one of these."""
    return frozenset(who.key for each in mails for who in (each.sender, *each.to, *each.cc, *each.reply_to, *each.bcc))


def is_answered(mails: Sequence[Message]) -> bool:
    """Whether the last that a person wrote to us is part of a side talk, and the last word there; of mails in order."""
    came = [each for each in mails if each.direction is Direction.IN and each.automatic is None]
    if not came or (side := came[-1].side) is None:
        return False
    return not any(each.direction is Direction.OUT and each.side == side and each.id > came[-1].id for each in mails)


def nearest(named: Iterable[str], mails: Iterable[Message], also: Mapping[str, EntryId]) -> Message | None:
    """The first mail on the ticket of those that another one names; `also` are further names that mails have."""
    there = sorted(mails, key=lambda each: each.direction is Direction.OUT)  # a stranger may write under an id of ours
    by_name = {each.message_id: each for each in there if each.message_id}
    by_entry = {each.id: each for each in there}
    found = (by_name.get(each) or by_entry.get(also.get(each, EntryId(0))) for each in named)
    return next((each for each in found if each is not None), None)


def side_of_person(person: Address, mails: Sequence[Message]) -> EntryId | None:
    """The latest side talk with somebody who has no part in the customer's; of mails in their order."""
    theirs = [each for each in mails if person.key in people_of([each])]
    return theirs[-1].side if theirs and not with_customer(theirs) else None
