"""What the ticket list shows, read from the store in one go, in a worker's thread."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from desk.desk import Desk
from desk.draft import Draft
from desk.errors import BadQuery, TandemError
from desk.expression import And, Expression
from desk.people import Handle
from desk.ports import Sort
from desk.presence import Doing, Presence
from desk.safe import safe_line
from desk.ticket import TicketNumber
from desk.views import parse_query
from tui.pages import INBOX, PAGES, Page
from tui.telling import moment


@dataclass(frozen=True, slots=True)
class Listing:
    """The numbers of a list in order, how many tickets each counted view has, and which colleagues are where.

    The counts tell of parked mails too. `drafts` are the shared drafts of all tickets.
    """

    numbers: Sequence[TicketNumber]
    counts: Mapping[str, int]
    presences: tuple[Presence, ...]
    drafts: tuple[Draft, ...] = ()


def understood(desk: Desk, query: str, words: str) -> Expression:
    """A view's query narrowed by what an agent typed; a text that says `is:` itself searches everything.

    Raises:
        BadQuery: the text cannot be read.
    """
    narrowed = _parsed(desk, words)
    if "is:" in words:
        return narrowed
    return And((_parsed(desk, query), narrowed)) if words.strip() else _parsed(desk, query)


def read_first(desk: Desk) -> Listing | None:
    """The inbox, for the first frame; None where it cannot be read now, which the screen says when it tries again."""
    try:
        return read_listing(desk, understood(desk, INBOX.view.query, ""), INBOX.sort)
    except TandemError:
        return None


def read_listing(desk: Desk, wanted: Expression, sort: Sort) -> Listing:
    """Read a list, the counts of all views and who is here, all of one moment."""
    with desk.store.snapshot():
        return Listing(
            desk.store.tickets.numbers(wanted, sort=sort),
            {page.name: _counted(desk, page) for page in PAGES.values() if page.counted}
            | {"parked": desk.store.parked.count()},
            colleagues(desk.store.presences.all(desk.clock()), desk.acting.handle if desk.acting else None),
            tuple(desk.store.drafts.shared()),
        )


def colleagues(presences: Iterable[Presence], me: Handle | None) -> tuple[Presence, ...]:
    """Those presences that are not one's own."""
    return tuple(each for each in presences if each.agent != me)


def whereabouts(presences: Iterable[Presence], now: datetime) -> dict[TicketNumber, tuple[Handle, Doing]]:
    """For each ticket that a colleague has open, who that is; one who answers goes before one who reads."""
    here = sorted((each for each in presences if each.until > now), key=lambda each: each.doing is Doing.ANSWERING)
    return {each.ticket: (each.agent, each.doing) for each in here}


def unfinished(drafts: Iterable[Draft], me: Handle | None, now: datetime) -> dict[TicketNumber, tuple[str, str]]:
    """For each ticket with a shared draft, in words whose it is, and when it was saved."""
    return {each.ticket: (_whose(each, me), moment(each.saved, now)) for each in drafts}


def _whose(draft: Draft, me: Handle | None) -> str:
    return "your draft" if draft.author == me else f"{safe_line(draft.author)}'s draft"


def _counted(desk: Desk, page: Page) -> int:
    try:
        return desk.store.tickets.count(_parsed(desk, page.view.query))
    except BadQuery:  # “mine”, and nobody is acting
        return 0


def _parsed(desk: Desk, text: str) -> Expression:
    return parse_query(text, me=desk.acting.handle if desk.acting else None, now=desk.clock())
