"""Who writes and who answers: mail addresses, customers and agents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NewType

Handle = NewType("Handle", str)
"""An agent's short name on the desk: lower-case letters, digits, `-` and `_`, 1 to 20 characters."""


@dataclass(frozen=True, slots=True)
class Address:
    """A mail address with the name its owner gave; the name may be empty and is never to be trusted."""

    email: str
    name: str = ""

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>" if self.name else self.email

    @property
    def label(self) -> str:
        """What a list shows: the name, or else the address."""
        return self.name or self.email

    @property
    def key(self) -> str:
        """What two spellings of one address share (RFC 5321 2.4: domains ignore case; so do mailboxes in use)."""
        return self.email.casefold()

    @property
    def is_nobody(self) -> bool:
        """Whether it stands for people whose addresses nobody knows, who are not one and the same."""
        return "@" not in self.email or self.key == NOBODY.key


NOBODY = Address("unknown@invalid")
"""Stands for a customer whose address no mail gives: nothing can be sent there (RFC 2606 2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """A colleague who answers tickets. `login` is the Unix user that acts as this agent."""

    handle: Handle
    name: str
    email: str = ""
    login: str | None = None
    signature: str = ""

    @property
    def first_name(self) -> str:
        """The first word of the name, as a greeting or a signature uses it."""
        return next(iter(self.name.split()), self.handle)
