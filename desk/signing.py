"""Signatures below what agents write: their own, then the mailbox's. Tickets and mails know nothing of them."""

from __future__ import annotations

from collections.abc import Sequence

from desk.desk import Desk
from desk.draft import Draft, DraftKind
from desk.people import Agent, Handle
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
    return _signatures(desk, desk.me, mailbox)


def resigned(desk: Desk, draft: Draft, to: Handle) -> str:
    """A draft's text as it goes into other hands: where its author's signatures were put, the colleague's stand."""
    if draft.author == to or draft.kind is DraftKind.NOTE:
        return draft.text
    agents, mailbox = desk.store.agents, desk.ticket(draft.ticket).mailbox
    before, after = (_block(_signatures(desk, each, mailbox)) for each in map(agents.get, (draft.author, to)))
    lines = draft.text.split("\n")
    row = _row_of(before, lines)
    return draft.text if row is None else "\n".join([*lines[:row], *after, *lines[row + len(before) :]])


def unsigned(text: str, signatures: tuple[str, ...]) -> str:
    """A text without these signatures, where they stand in it as they were put there."""
    block, lines = _block(signatures), text.split("\n")
    if (row := _row_of(block, lines)) is None:
        return text
    around = ("\n".join(each).strip("\n") for each in (lines[:row], lines[row + len(block) :]))
    return "\n\n".join(filter(None, around))


def _row_of(block: Sequence[str], lines: Sequence[str]) -> int | None:
    """The last line at which these lines stand; an editor may have taken blanks off their ends."""
    wanted, there = ([line.rstrip() for line in each] for each in (block, lines))
    rows = (row for row in range(len(there) - len(wanted), -1, -1) if there[row : row + len(wanted)] == wanted)
    return next(rows, None) if wanted else None


def _block(signatures: tuple[str, ...]) -> list[str]:
    return "\n".join([SEPARATOR, *signatures]).split("\n") if signatures else []


def _signatures(desk: Desk, agent: Agent | None, mailbox: str) -> tuple[str, ...]:
    found = desk.settings.mailbox(mailbox)
    said = (agent.signature if agent else "", found.signature if found else "")
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
