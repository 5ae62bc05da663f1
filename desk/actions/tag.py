"""Put tags on a ticket and take tags off."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from desk.conversation import Act, Happened
from desk.desk import Desk
from desk.errors import RefusedError
from desk.ticket import Ticket, TicketNumber

_TAG = re.compile(r"[^\W_][\w.:/-]{0,39}")


def clean_tag(text: str) -> str:
    """A tag as it is stored: lower case, 1 to 40 letters, digits, `-`, `_`, `.`, `:` or `/`.

    Raises:
        RefusedError: it holds a blank or another character, or is empty or too long.
    """
    tag = text.strip().removeprefix("#").casefold()
    if not _TAG.fullmatch(tag):
        raise RefusedError(
            f"“{text[:60]}” cannot be a tag",
            "letters, digits, - _ . : / and no blanks, at most 40 characters",
        )
    return tag


def tag(
    desk: Desk,
    number: TicketNumber,
    add: Sequence[str] = (),
    remove: Sequence[str] = (),
    *,
    act: Act | None = None,
) -> Ticket:
    """Put the tags `add` on a ticket and take the tags `remove` off; a tag that already is so changes nothing.

    A tag that is in both stays on.

    Raises:
        NoSuchTicket, NoAgent: the ticket or the acting agent is unknown.
        MergedAway: another ticket goes on for this one.
        RefusedError: a tag cannot be one.
    """
    author = desk.me.handle
    wanted = [clean_tag(each) for each in add]
    unwanted = {clean_tag(each) for each in remove}.difference(wanted)
    with desk.store.transaction():
        ticket = desk.live_ticket(number)
        after = with_tags(ticket, wanted, unwanted)
        if after == ticket:
            return ticket
        return desk.record(Happened.TAGGED, ticket, after, act=act, author=author)


def with_tags(ticket: Ticket, add: Iterable[str], remove: Collection[str]) -> Ticket:
    """What a ticket is with the tags `add` and without the tags `remove`, all of them clean; one in both is on."""
    kept = [each for each in ticket.tags if each not in remove]
    return replace(ticket, tags=tuple(dict.fromkeys([*kept, *add])))
