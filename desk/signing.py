"""Signatures below what agents write: their own, then the mailbox's. Tickets and mails know nothing of them."""

from __future__ import annotations

from collections.abc import Sequence

from desk.desk import Desk
from desk.ticket import TicketNumber

SEPARATOR = "-- "
"""The line above a signature (RFC 3676 4.3): mail programs fold what is below it, and leave it out of answers."""


def signatures(desk: Desk, number: TicketNumber) -> tuple[str, ...]:
    """The signatures of a mail that the acting agent writes on a ticket, those that there are.

    Raises:
        NoSuchTicket: there is none with this number.
        NoAgent: nobody said who is acting.
    """
    return signatures_of(desk, desk.ticket(number).mailbox)


def signatures_of(desk: Desk, mailbox: str) -> tuple[str, ...]:
    """The same of a mail that leaves from the mailbox of this name, or from the only one."""
    found = desk.settings.mailbox(mailbox)
    said = (desk.me.signature, found.signature if found else "")
    return tuple(_one_below(each).strip("\n") for each in said if each.strip())


def _one_below(signature: str) -> str:
    """A signature without lines that would begin one: only the one above all signatures of a mail does."""
    lines = signature.strip("\n").split("\n")
    begins = len(lines) > 1 and lines[0].rstrip() == SEPARATOR.rstrip()
    return "\n".join(line.rstrip() if line == SEPARATOR else line for line in (lines[1:] if begins else lines))


def signed(text: str, wanted: tuple[str, ...]) -> str:
    """A text with the signatures that it does not hold yet at its end, so that doing it twice changes nothing.

    A macro may have put one there already, in its own place.
    """
    there = "\n".join(["", *(line.rstrip() for line in text.split("\n")), ""])
    missing = [
        each for each in wanted if "\n".join(["", *(line.rstrip() for line in each.split("\n")), ""]) not in there
    ]
    if not missing:
        return text
    has_one = signature_row(text.split("\n")) is not None
    above = text.rstrip("\n") if has_one else f"{text.rstrip()}\n\n{SEPARATOR}"
    return "\n".join([above, *missing])


def signature_row(lines: Sequence[str]) -> int | None:
    """Which line of a text of ours stands above its signature, counted from 0; None where it has none."""
    return max((row for row, line in enumerate(lines) if line == SEPARATOR), default=None)
