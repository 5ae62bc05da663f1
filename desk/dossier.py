"""All that is known of one customer, as a panel shows it: by indexes alone, so that it takes no longer on a large desk.

Guesses (company, language, local time) stand apart from what an agent said, so that nobody takes one for the other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from itertools import chain

from desk.companies import company_of
from desk.contact import Tally
from desk.conversation import Message
from desk.customers import customer, spelled, spellings
from desk.desk import Desk
from desk.expression import And, Expression, Match, Or
from desk.people import Address, Handle
from desk.presence import Doing
from desk.profiles import Profile
from desk.quoting import own_words
from desk.ticket import Status, Ticket, TicketNumber
from desk.tongues import language_of

MOST_TICKETS = 200
"""Tickets of one customer that are listed, the open ones and the newest first."""

_READ = 6
"""Of a customer's latest mails so many tell their language and where they are."""
_COUNTED = 1_000
"""On so many of their tickets, the latest, mails to them are counted."""
_LIVE = (Status.OPEN, Status.WAITING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """What is known of a customer at one moment, on a ticket (`about`) or without one.

    `person` is as the mails say, `profile` what agents said. `company`, `language` and `utc_offset` are guesses:
    nothing where it is not sure. `tickets` are theirs but for the one at hand, the open ones first, then the newest,
    of `others` in all; `answering` says who writes on which of them.
    """

    person: Address
    about: TicketNumber | None = None
    profile: Profile
    company: str = ""
    language: str = ""
    utc_offset: timedelta | None = None
    tally: Tally = field(default_factory=Tally)
    tickets: tuple[Ticket, ...] = ()
    others: int = 0
    answering: Mapping[TicketNumber, Handle] = field(default_factory=dict[TicketNumber, Handle])

    def local(self, now: datetime) -> datetime | None:
        """What time it is where the customer is, about so where no zone was set; None where nobody knows."""
        with suppress(ValueError, OSError, KeyError):  # a zone that this machine does not know
            if self.profile.zone:
                from zoneinfo import ZoneInfo  # noqa: PLC0415 - it takes nearly a megabyte, and few customers have one

                return now.astimezone(ZoneInfo(self.profile.zone))
        return None if self.utc_offset is None else now.astimezone(timezone(self.utc_offset))


def dossier(desk: Desk, number: TicketNumber) -> Dossier:
    """What is known of a ticket's customer, all of one moment.

    Raises:
        NoSuchTicket: there is none with this number.
    """
    with desk.store.snapshot():
        return _dossier(desk, desk.ticket(number).customer, number)


def dossier_of(desk: Desk, person: Address) -> Dossier:
    """What is known of somebody, all of one moment."""
    with desk.store.snapshot():
        return _dossier(desk, person, None)


def profile_of(desk: Desk, address: str) -> Profile:
    """What agents know of the person with this address; a blank profile where they know nothing."""
    keys = spellings(address)
    known = desk.store.profiles.of(keys)
    return known[0] if known else Profile(addresses=(Address(address.strip()).key,))


def named(desk: Desk, person: Address) -> Address:
    """Somebody with the name that their mails and tickets give, else agents, where this address comes without one."""
    if person.name or person.is_nobody:
        return person
    profile = profile_of(desk, person.email)
    keys = keys_of(profile, person.email)
    wrote = (each.sender.name for each in desk.store.customers.mails_from(keys, _READ))
    asked = (each.customer.name for each in desk.store.tickets.find(_theirs(keys), limit=_READ))
    return replace(person, name=next((each for each in chain(wrote, asked) if each), profile.name))


def keys_of(profile: Profile, address: str) -> frozenset[str]:
    """All keys (see `Address.key`) under which mails of this person may stand."""
    return spellings(address) | spelled(profile)


def ticket_of(desk: Desk, address: str, about: TicketNumber | None = None) -> TicketNumber:
    """The ticket on which it is told what was done about a customer: the one at hand if it is theirs, or their latest.

    Raises:
        RefusedError: no mail of this desk is from them or to them.
        NoSuchTicket: there is none with this number.
    """
    keys = keys_of(profile_of(desk, address), address)
    if about is not None:
        ticket = desk.ticket(about)
        if any(each.key in keys for each in (ticket.customer, *ticket.senders, *ticket.recipients)):
            return ticket.merged_into or about
    theirs = _theirs(keys)
    latest = desk.store.tickets.find(theirs, limit=1)
    if latest:
        return latest[0].number
    return max(desk.ticket(each).merged_into or each for each in customer(desk, address).tickets)


def _dossier(desk: Desk, person: Address, about: TicketNumber | None) -> Dossier:
    if person.is_nobody:
        return Dossier(person=person, about=about, profile=Profile())
    profile = profile_of(desk, person.email)
    keys = keys_of(profile, person.email)
    theirs = _theirs(keys)
    numbers = desk.store.tickets.numbers(theirs)
    written = [each for each in desk.store.customers.mails_from(keys, _READ) if each.automatic is None]
    return Dossier(
        person=person,
        about=about,
        profile=profile,
        company="" if profile.company else company_of(person.email),
        language="" if profile.language else language_of(own_words(each.text) for each in written),
        utc_offset=None if profile.zone else _offset(written),
        tally=desk.store.customers.tally(keys, numbers[:_COUNTED]),
        tickets=_open_first(desk, theirs, numbers, about),
        others=len(numbers) - (about in numbers),
        answering={
            each.ticket: each.agent for each in desk.store.presences.all(desk.clock()) if each.doing is Doing.ANSWERING
        },
    )


def _theirs(keys: frozenset[str]) -> Expression:
    mine = tuple(Match("customer", "is", each) for each in sorted(keys))
    return And((Match("merged_into", "is", None), Or(mine)))


def _open_first(
    desk: Desk, theirs: Expression, numbers: Sequence[TicketNumber], about: TicketNumber | None
) -> tuple[Ticket, ...]:
    """Somebody's tickets, of these numbers, but the one at hand; what is open and very old is found by its status."""
    found = desk.store.tickets.many(numbers[:_COUNTED])
    if len(numbers) > _COUNTED:
        live = tuple(Match("status", "is", each.value) for each in _LIVE)
        found += desk.store.tickets.find(And((theirs, Or(live))), limit=MOST_TICKETS)
    others = {each.number: each for each in found if each.number != about}.values()
    newest = sorted(others, key=lambda each: each.last_message, reverse=True)
    live_first = sorted(newest, key=lambda each: _LIVE.index(each.status) if each.status in _LIVE else len(_LIVE))
    return tuple(live_first[:MOST_TICKETS])


def _offset(written: Sequence[Message]) -> timedelta | None:
    """Where the latest mail was written that says so. UTC itself says nothing: large mail servers write all in it."""
    told = next((each.utc_offset for each in written if each.utc_offset), None)
    return None if told is None else timedelta(minutes=told)
