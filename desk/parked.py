"""Mail that was kept back: whole, with the reason in words, until an agent lets it in or drops it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from desk.incoming import Incoming, Place
from desk.people import Address, Handle
from desk.ticket import TicketNumber

ParkedId = NewType("ParkedId", int)


class Trait(StrEnum):
    """What mails of a flood share: one address, the same words, or the domain of a machine that writes by itself."""

    SENDER = "sender_key"
    WORDS = "likeness"
    DOMAIN = "automatic_domain"


class Fate(StrEnum):
    """What an agent did with a parked mail."""

    ACCEPTED = "accepted"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Settled:
    """An agent's decision about a parked mail: what, who, when (UTC), and the ticket that it went on."""

    fate: Fate
    by: Handle
    at: datetime
    ticket: TicketNumber | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkedMail:
    """A mail that waits for an agent's word. `reason` says in words why it was kept back.

    `place` is where it was found first, `also` where the same bytes were found again. `received` is when it reached the
    server, `at` when it was parked, both UTC. `raw` is the sha256 of its bytes, `read` what could be read of it,
    without the contents of its files. `settled` is None as long as it waits; a mail that was dropped is kept so that it
    can still be let in.
    """

    id: ParkedId
    place: Place
    received: datetime
    raw: str
    reason: str
    read: Incoming
    at: datetime
    settled: Settled | None = None
    also: tuple[Place, ...] = ()

    @property
    def places(self) -> tuple[Place, ...]:
        """Wherever it was found."""
        return (self.place, *self.also)


def traits(sender: Address, *, is_automatic: bool) -> dict[str, str]:
    """What a mail is counted by, as far as its sender goes; the domain counts only where no person wrote."""
    domain = sender.key.rpartition("@")[2]
    return {Trait.SENDER.value: sender.key} | ({Trait.DOMAIN.value: domain} if is_automatic else {})
