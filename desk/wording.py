"""What an agent chose for one mail besides its words: who gets it, what it is called, and which files go along."""

from __future__ import annotations

from collections.abc import Iterator
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

    @property
    def is_chosen(self) -> bool:
        """Whether anything was chosen that would be lost with it; which message is passed on is nothing by itself."""
        return self != Wording(forwards=self.forwards)

    def says(self) -> Iterator[str]:
        """All its words: names, addresses, the subject, and what the files are called."""
        for each in (*(self.to or ()), *(self.cc or ()), *self.bcc):
            yield from (each.email, each.name)
        yield self.subject or ""
        yield from (each.name for each in self.enclosures)


def together(first: Wording | None, second: Wording | None) -> Wording | None:
    """What was chosen for two texts that become one: the files of both, else what the first says where it says any."""
    if first is None or second is None:
        return first or second
    return Wording(
        to=second.to if first.to is None else first.to,
        cc=second.cc if first.cc is None else first.cc,
        bcc=tuple(dict.fromkeys((*first.bcc, *second.bcc))),
        subject=second.subject if first.subject is None else first.subject,
        enclosures=tuple(dict.fromkeys((*first.enclosures, *second.enclosures))),
        forwards=first.forwards or second.forwards,
    )
