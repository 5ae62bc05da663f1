"""Side talks: what was forwarded to somebody else, and what they and we write about it then.

They stand on the customer's ticket and are no part of the talk with the customer: nobody's wait ends by them, no answer
goes to these people or quotes them, and no figure counts them. Each is named by the forward that began it. What
somebody answers who only got a mail to the customer in Bcc stands aside too, named by that mail.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from desk.conversation import Direction, Entry, EntryId, Message
from desk.people import Address

ASIDE = "aside"
"""What a ticket holds where something of it was forwarded, or somebody got a mail of it in Bcc."""

ANSWERED_ASIDE = "answered_aside"
"""What it holds where the last that came is an answer to what was forwarded, and we have said nothing to it."""

ANSWERED_FROM_BCC = "answered_from_bcc"
"""What it holds besides where whoever wrote that answer was in Bcc."""


def mails_in(entries: Iterable[Entry]) -> list[Message]:
    """All mails of a ticket, in the order in which they came to the desk."""
    return sorted((each for each in entries if isinstance(each, Message)), key=lambda each: each.id)


def with_customer(mails: Iterable[Message]) -> list[Message]:
    """Those of the talk with the customer."""
    return [each for each in mails if each.side is None]


def people_of(mails: Iterable[Message]) -> frozenset[str]:
    """The keys of everybody who wrote or got one of these."""
    return frozenset(who.key for each in mails for who in (each.sender, *each.to, *each.cc, *each.reply_to, *each.bcc))


def writers(customer: Address, mails: Iterable[Message]) -> frozenset[str]:
    """The keys of the customer and of everybody who wrote in the talk with them: nothing is forwarded to these."""
    came = (each for each in with_customer(mails) if each.direction is Direction.IN)
    return frozenset((customer.key, *(each.sender.key for each in came)))


def known_to(talk: Sequence[Message], to: Iterable[Address]) -> Sequence[Message]:
    """The talk up to the last mail that one of these people wrote or got; all of it where they had no part in it.

    On a merged ticket another customer's mail may be the last: an answer neither names nor quotes one that whoever
    gets it never saw.
    """
    keys = {each.key for each in to}
    last = next((at for at in range(len(talk), 0, -1) if keys & people_of(talk[at - 1 : at])), len(talk))
    return talk[:last]


def unanswered(mails: Sequence[Message]) -> Message | None:
    """The last that a person wrote to us, if it is the last word of a side talk; of mails in order."""
    came = [each for each in mails if each.direction is Direction.IN and each.automatic is None]
    if not came or (side := came[-1].side) is None:
        return None
    is_done = any(each.direction is Direction.OUT and each.side == side and each.id > came[-1].id for each in mails)
    return None if is_done else came[-1]


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


def last_in_bcc(person: Address, mails: Sequence[Message]) -> Message | None:
    """The last mail to the customer that somebody got in Bcc who has no other part in that talk; of mails in order."""
    talk = with_customer(mails)
    if any(person.key in people_of([replace(each, bcc=())]) for each in talk):
        return None
    return next((each for each in reversed(talk) if person.key in {who.key for who in each.bcc}), None)
