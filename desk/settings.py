"""What a desk was told about itself: its mailboxes and the few rules that can be set."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time, timedelta
from typing import Literal

from desk.people import Address
from desk.ticket import TicketNumber
from desk.tokens import without_token

ReplyTo = Literal["none", "plain", "token"]
"""The Reply-To of our mails: none, our address, or our address with a token behind a `+` that leads to the ticket."""

MORNING = time(9)
"""When work begins, where nothing else is set."""

_PLACE = re.compile(r"\{(\w*)\}")


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """The text of the automatic answer to a customer's first mail; `{number}` in it stands for the ticket's number."""

    text: str

    @property
    def unknown_places(self) -> tuple[str, ...]:
        """What stands in braces in the text and cannot be filled in."""
        return tuple(found[0] for found in _PLACE.finditer(self.text) if found[1] != "number")

    def filled(self, number: TicketNumber) -> str:
        """The text for one ticket."""
        return self.text.replace("{number}", str(number))


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """One address that customers write to. `name` is its key in the configuration and on every ticket.

    `aliases` are other addresses of ours whose mail comes here too; answers leave from `address`. `signature` stands
    below what agents write from here, after their own. `tags_subject`: its mails carry `[T-123]` in the subject.
    `acknowledge` is what customers are told when their first mail came (None: nothing).
    """

    name: str
    address: Address
    aliases: tuple[Address, ...] = ()
    signature: str = ""
    tags_subject: bool = False
    reply_to: ReplyTo = "none"
    acknowledge: Acknowledge | None = None

    @property
    def addresses(self) -> tuple[Address, ...]:
        """Every address of this mailbox, its own first."""
        return (self.address, *self.aliases)


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """What becomes of an answer to a closed ticket: it reopens the ticket, or it opens a new one that follows it.

    `days` (1 and more) is how long after closing an answer still reopens; 0: never, always a new ticket; None: always.
    `keeps_assignee` says whether a new ticket belongs to whoever had the one it follows.
    """

    days: int | None = 30
    keeps_assignee: bool = True

    def reopens(self, closed_for: timedelta) -> bool:
        """Whether an answer reopens a ticket that was closed so long ago."""
        return self.days is None or (self.days > 0 and closed_for <= timedelta(days=self.days))


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The rules of this desk.

    `undo_seconds` (0 to 60) is how long a reply can be taken back before it leaves. `flood` is how many mails of one
    sender an hour become tickets or answers before the rest is parked (0: all of them). `morning` is the time of a day
    that is said without one.
    """

    mailboxes: tuple[Mailbox, ...] = ()
    undo_seconds: int = 10
    follow_up: FollowUp = FollowUp()
    flood: int = 60
    morning: time = MORNING

    def mailbox(self, name: str) -> Mailbox | None:
        """The mailbox with this name, or else the only one there is to choose."""
        named = (each for each in self.mailboxes if each.name == name)
        return next(named, next(iter(self.mailboxes), None))

    def has(self, name: str) -> bool:
        """Whether a mailbox of this name is in the settings."""
        return any(each.name == name for each in self.mailboxes)

    def is_own(self, address: Address) -> bool:
        """Whether mail from this address comes from ourselves, be it with a token behind its `+`."""
        key = without_token(address.key)
        return any(own.key == key for each in self.mailboxes for own in each.addresses)

    def reaches_us(self, address: Address) -> bool:
        """Whether mail to this address comes to ourselves: one of ours, with whatever behind its `+` (RFC 5233)."""
        local, at, domain = address.key.rpartition("@")
        bare = f"{local.partition('+')[0]}{at}{domain}"
        return any(own.key in (address.key, bare) for each in self.mailboxes for own in each.addresses)
