"""The people a desk writes with: one for each address that wrote to it or was written to, but for ourselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime

from desk.composing import compose
from desk.contact import Contact
from desk.desk import Desk
from desk.errors import RefusedError
from desk.judging import is_mail_system
from desk.people import NOBODY, Address
from desk.profiles import Profile
from desk.safe import safe_line
from desk.ticket import TicketNumber


@dataclass(slots=True)
class Customer:
    """What the desk's mails tell of one address. `names` are the names it came with, the latest first.

    `profile` is what agents know of whose it is (None: nothing).
    """

    email: str
    names: list[str]
    first: datetime
    last: datetime
    wrote: int = 0
    received: int = 0
    tickets: set[TicketNumber] = field(default_factory=set[TicketNumber])
    profile: Profile | None = None

    @property
    def name(self) -> str:
        """The name that agents gave, or else the one that it came with last; may be empty."""
        return (self.profile.name if self.profile else "") or next(iter(self.names), "")

    def add(self, contact: Contact) -> None:
        """Count one more mail."""
        self.tickets.add(contact.ticket)
        self.wrote += contact.wrote
        self.received += not contact.wrote
        self.first = min(self.first, contact.at)
        name = contact.person.name
        if name and (name not in self.names or contact.at >= self.last):
            self.names = [*self.names, name] if contact.at < self.last else [name, *_without(self.names, name)]
        self.last = max(self.last, contact.at)

    def says(self, words: Iterable[str]) -> bool:
        """Whether address, names, company and tags hold all of these words, whatever their case."""
        known = (self.profile.name, self.profile.company, *self.profile.tags) if self.profile else ()
        text = " ".join((self.email, *self.names, *known)).casefold()
        return all(word.casefold() in text for word in words)


def _without(names: list[str], name: str) -> list[str]:
    return [each for each in names if each != name]


def customers(desk: Desk, query: str = "") -> list[Customer]:
    """Everybody of whom address, name, company or tags hold all words of the query; no mail systems.

    Who wrote or got the latest mail comes first.
    """
    found: dict[str, Customer] = {}
    is_ours = ours(desk)
    for each in desk.store.customers.contacts():
        if not is_ours(each.person) and not is_mail_system(each.person):
            _into(found, each)
    for profile in desk.store.profiles.all():
        for key in found.keys() & spelled(profile):
            found[key].profile = profile
    asked = [each for each in found.values() if each.says(query.split())]
    return sorted(asked, key=lambda each: (-each.last.timestamp(), each.email))


def _into(found: dict[str, Customer], contact: Contact) -> None:
    person, at = contact.person, contact.at
    found.setdefault(person.key, Customer(person.email, [], at, at)).add(contact)


def customer(desk: Desk, address: str) -> Customer:
    """What is known of one address, in whichever way it is written.

    Raises:
        RefusedError: nobody wrote from it or was written to.
    """
    keys = spellings(address) - {NOBODY.key}
    found: dict[str, Customer] = {}
    for each in desk.store.customers.contacts():
        if each.person.key in keys:
            _into(found, replace(each, person=Address(address, each.person.name)))
    if not found:
        whom = safe_line(address)[:100] or "“”"
        raise RefusedError(f"no mail of this desk is from or to {whom}", "`tandem customers list` shows everybody")
    somebody = next(iter(found.values()))
    somebody.profile = next(iter(desk.store.profiles.of(keys)), None)
    return somebody


def ours(desk: Desk) -> Callable[[Address], bool]:
    """What tells whether an address is one of our mailboxes or colleagues, or stands for nobody."""
    agents = {each.email.casefold() for each in desk.store.agents.all() if each.email}
    return lambda person: person.is_nobody or person.key in agents or desk.settings.is_own(person)


def spelled(profile: Profile) -> frozenset[str]:
    """All keys (see `Address.key`) under which mails of the person may stand."""
    return frozenset[str]().union(*map(spellings, profile.addresses))


def spellings(address: str) -> frozenset[str]:
    """The keys (see `Address.key`) under which one address may stand, its domain in letters or in ASCII (RFC 5890)."""
    composed = compose(address.strip())
    local, at, domain = composed.rpartition("@")
    written = {address.strip(), composed}
    if at:
        with suppress(UnicodeError):
            written.add(f"{local}@{domain.encode('idna').decode()}")
        with suppress(UnicodeError):
            written.add(f"{local}@{domain.encode().decode('idna')}")
    return frozenset(each.casefold() for each in written)
