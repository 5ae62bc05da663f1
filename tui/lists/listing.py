"""What the ticket list shows, read from the store in one go, in a worker's thread."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from desk.actions.save_view import saved_views
from desk.desk import Desk
from desk.draft import Draft, DraftKind
from desk.errors import BadQuery, TandemError
from desk.expression import And, Expression, Match, Or
from desk.people import Handle
from desk.ports import Sort
from desk.presence import Doing, Presence
from desk.safe import safe_line
from desk.saved_views import SavedView
from desk.ticket import Ticket, TicketNumber
from desk.views import parse_query
from tui.lists.departure import told_departure
from tui.lists.joining import number_in, stands_alone
from tui.lists.lately import Lately
from tui.lists.numbering import Change, Numbers, change
from tui.lists.pages import COUNTED, INBOX, Page
from tui.words.telling import moment
from tui.words.tongue import tr

_FIRST = 100
"""Tickets that are read with a list that is shown from its top: more than a screen has rows."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which list an agent looks at: a view's search, what was typed to narrow it, and the order."""

    query: str
    words: str = ""
    sort: Sort = "updated"
    reverse: bool = False


@dataclass(frozen=True, slots=True)
class Here:
    """What a list is read for: the list that is shown now, the tickets whose rows are there, and what keys act on.

    `before` is None where the list is to be shown from its top. `pages` are the views whose tickets are counted.
    """

    before: Numbers | None = None
    rows: frozenset[TicketNumber] = frozenset()
    begun_on: tuple[TicketNumber, ...] = ()
    pages: tuple[Page, ...] = COUNTED


@dataclass(frozen=True, slots=True)
class Listing:
    """The numbers of a list in order, how many tickets each view has, and which colleagues are where.

    The counts tell of parked mails too. `drafts` are the shared drafts of all tickets and the acting agent's own notes
    and forwards, `tickets` the first of a list that is to be shown from its top, but for those whose rows are there.
    `news` is what is different from the list that was shown before. `saved` are the views that the acting agent sees
    beside those of every desk. `departed` tells why tickets left that keys would have acted on. `took` is how many
    seconds all that was.
    """

    numbers: Numbers
    counts: Mapping[str, int]
    presences: tuple[Presence, ...]
    drafts: tuple[Draft, ...] = ()
    tickets: tuple[Ticket, ...] = ()
    news: Change | None = None
    saved: tuple[SavedView, ...] = ()
    departed: Mapping[TicketNumber, str] = field(default_factory=dict[TicketNumber, str])
    took: float = 0.0


def understood(desk: Desk, query: str, words: str) -> Expression:
    """A view's query narrowed by what an agent typed, which finds a ticket by its number besides, in any view.

    Raises:
        BadQuery: the text cannot be read.
    """
    found, number = _narrowed(desk, query, words), number_in(words)
    return found if number is None else Or((Match("number", "is", number), found))


def _narrowed(desk: Desk, query: str, words: str) -> Expression:
    """A view's query and what was typed; a text that names a state beyond the view searches everything."""
    narrowed = _parsed(desk, words)
    if stands_alone(query, words):
        return narrowed
    return And((_parsed(desk, query), narrowed)) if words.strip() else _parsed(desk, query)


def read_first(desk: Desk) -> Listing | None:
    """The inbox, for the first frame; None where it cannot be read now, which the screen says when it tries again."""
    try:
        return read_listing(desk, understood(desk, INBOX.view.query, ""), INBOX.sort)
    except TandemError:
        return None


def read_listing(
    desk: Desk,
    wanted: Expression,
    sort: Sort,
    *,
    reverse: bool = False,
    here: Here = Here(),
    lately: Lately | None = None,
    first: TicketNumber | None = None,
) -> Listing:
    """Read a list, the counts of these views and who is here, all of one moment, but for what was read `lately`.

    Where no list is shown now (`here`) the first tickets are read too. The `first` ticket, where there is one, goes
    before the others.
    """
    lately = lately or Lately()
    with desk.store.snapshot():
        numbers = lately.numbers(desk, wanted, sort, reverse=reverse)
        if first is not None and desk.store.tickets.get(first) is not None:
            numbers = numbers.led_by(first)
        return Listing(
            numbers,
            {each.name: lately.kept(each.view, partial(counted, desk, each)) for each in here.pages}
            | {"parked": lately.kept("parked", desk.store.parked.count)},
            lately.kept("presences", partial(colleagues_of, desk)),
            lately.kept("drafts", partial(_unfinished_of, desk)),
            () if here.before is not None else tuple(desk.store.tickets.many(numbers[:_FIRST].without(here.rows))),
            change(here.before, numbers) if here.before is not None else None,
            lately.kept("saved", lambda: tuple(saved_views(desk))),
        )


def read_asked(desk: Desk, asked: Asked, here: Here, lately: Lately) -> Listing:
    """Read the list that is asked for, and why it no longer holds what keys were to act on.

    Raises:
        BadQuery: the text cannot be read.
    """
    begun = time.monotonic()
    with desk.store.snapshot():
        still = lately.still(desk, anew=not asked.words.strip())
        wanted, first = _narrowed(still, asked.query, asked.words), number_in(asked.words)
        read = read_listing(still, wanted, asked.sort, reverse=asked.reverse, here=here, lately=lately, first=first)
    left = read.news.left if read.news else frozenset[TicketNumber]()
    departed = {each: told_departure(desk, each) for each in here.begun_on if each in left}
    return replace(read, departed=departed, took=time.monotonic() - begun)


def colleagues_of(desk: Desk) -> tuple[Presence, ...]:
    """Where the others are now."""
    return colleagues(desk.store.presences.all(desk.clock()), desk.acting.handle if desk.acting else None)


def colleagues(presences: Iterable[Presence], me: Handle | None) -> tuple[Presence, ...]:
    """Those presences that are not one's own."""
    return tuple(each for each in presences if each.agent != me)


def whereabouts(presences: Iterable[Presence], now: datetime) -> dict[TicketNumber, tuple[Handle, Doing]]:
    """For each ticket that a colleague has open, who that is; one who answers goes before one who reads."""
    here = sorted((each for each in presences if each.until > now), key=lambda each: each.doing is Doing.ANSWERING)
    return {each.ticket: (each.agent, each.doing) for each in here}


def company(presences: Iterable[Presence], now: datetime) -> dict[TicketNumber, tuple[str, bool]]:
    """For each ticket that colleagues have open, in words what they do there, and whether somebody answers.

    One who answers is told first; of several there is said how many more.
    """
    here = sorted((each for each in presences if each.until > now), key=lambda each: each.doing is not Doing.ANSWERING)
    by_ticket = dict[TicketNumber, list[Presence]]()
    for each in here:
        by_ticket.setdefault(each.ticket, []).append(each)
    return {number: (_company(there), there[0].doing is Doing.ANSWERING) for number, there in by_ticket.items()}


def _company(there: Sequence[Presence]) -> str:
    agent, more = safe_line(there[0].agent), len(there) - 1
    told = tr("{agent} is answering") if there[0].doing is Doing.ANSWERING else tr("{agent} is reading")
    return told.format(agent=f"{agent} +{more}" if more else agent)


def _unfinished_of(desk: Desk) -> tuple[Draft, ...]:
    """What the acting agent may see of unfinished texts; on one ticket the shared draft comes last."""
    own = desk.store.drafts.own(desk.acting.handle) if desk.acting else ()
    return (*own, *desk.store.drafts.shared())


def unfinished(drafts: Iterable[Draft], me: Handle | None, now: datetime) -> dict[TicketNumber, tuple[str, str]]:
    """For each ticket with an unfinished text, in words what it is and whose, and when it was saved: of the last."""
    return {each.ticket: (_whose(each, me), moment(each.saved, now)) for each in drafts}


def _whose(draft: Draft, me: Handle | None) -> str:
    if draft.kind is not DraftKind.REPLY:
        return tr("your forward") if draft.kind is DraftKind.FORWARD else tr("your note")
    return tr("your draft") if draft.author == me else tr("{agent}'s draft").format(agent=safe_line(draft.author))


def counted(desk: Desk, page: Page) -> int:
    """How many tickets a view has; none where it cannot be read, as “mine” when nobody is acting."""
    try:
        return desk.store.tickets.count(_parsed(desk, page.view.query))
    except BadQuery:
        return 0


def _parsed(desk: Desk, text: str) -> Expression:
    return parse_query(text, me=desk.acting.handle if desk.acting else None, now=desk.clock())
