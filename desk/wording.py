"""What an agent chose for one mail besides its words: who gets it, what it is called, and which files go along."""

from __future__ import annotations

from dataclasses import dataclass

from desk.conversation import EntryId
from desk.people import Address


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that goes along, copied into the blobs when it was attached: its base name, sha256 and size in bytes.

    Whatever becomes of the agent's own file, the draft, the mail and whoever takes them over keep this one.
    """

    name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What was chosen; None for what the ticket says itself.

    `bcc` get the mail without standing in it. `forwards` is the message that is passed on (None: nothing is).
    """

    to: tuple[Address, ...] | None = None
    cc: tuple[Address, ...] | None = None
    bcc: tuple[Address, ...] = ()
    subject: str | None = None
    enclosures: tuple[Enclosure, ...] = ()
    forwards: EntryId | None = None
