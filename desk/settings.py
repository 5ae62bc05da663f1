"""What a desk was told about itself: its mailboxes and the few rules that can be set."""

from __future__ import annotations

from dataclasses import dataclass

from desk.people import Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """One address that customers write to. `name` is its key in the configuration and on every ticket."""

    name: str
    address: Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The rules of this desk. `undo_seconds` (0 to 60) is how long a reply can be taken back before it leaves."""

    mailboxes: tuple[Mailbox, ...] = ()
    undo_seconds: int = 10

    def mailbox(self, name: str) -> Mailbox | None:
        """The mailbox with this name, or else the only one there is to choose."""
        named = (each for each in self.mailboxes if each.name == name)
        return next(named, next(iter(self.mailboxes), None))

    def is_own(self, address: Address) -> bool:
        """Whether mail from this address comes from ourselves."""
        return any(each.address.key == address.key for each in self.mailboxes)
