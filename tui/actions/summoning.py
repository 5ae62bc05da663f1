"""What the palette offers besides the table of keys: macros, saved views, colleagues, tickets and customers.

All of it as actions, so that choosing is carrying out. What is asked of the store is read in the reader's thread.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from desk.desk import Desk
from desk.errors import BadQuery, RefusedError
from desk.people import Address, Agent
from desk.safe import safe_line
from desk.saved_views import seen_by
from desk.ticket import Ticket, TicketNumber
from desk.views import parse_query
from tui.keys import Action, Context
from tui.keys.macro_keys import macro_action
from tui.lists.joining import number_in
from tui.words.tongue import mark, tr

if TYPE_CHECKING:
    from macros.library import Library

Kind = Literal["", "view", "macro", "colleague", "ticket", "customer"]
KINDS: dict[Kind, str] = {
    "": "",
    "view": mark("view"),
    "macro": mark("macro"),
    "colleague": mark("colleague"),
    "ticket": mark("ticket"),
    "customer": mark("customer"),
}
_TICKETS = 8
"""So many tickets are offered for a few words; the list shows all of them."""
_CUSTOMERS = 4
_SHORTEST = 2
"""Letters from which on tickets and customers are looked for."""
_TICKET_PLACES = frozenset({Context.LIST, Context.READER})


@dataclass(frozen=True, slots=True)
class Offer:
    """One row: what it does, of what kind it is, and by which other words it is found."""

    action: Action
    kind: Kind = ""
    words: str = ""


def macro_offers(library: Library) -> list[Offer]:
    """Every macro that can be run."""
    return [Offer(macro_action(each), "macro", safe_line(each.folder or "")) for each in library.macros()]


def desk_offers(desk: Desk, here: Context) -> list[Offer]:
    """What the desk has of its own: saved views, and colleagues with what they have and can be given."""
    me = desk.me.handle
    saved = seen_by(desk.store.views.all(), me)
    views = [
        Offer(_view(f"saved:{each.id}", safe_line(each.name), each.key), "view", safe_line(each.query))
        for each in saved
    ]
    colleagues = [
        offer for each in desk.store.agents.all() for offer in _colleague(each, here, is_me=each.handle == me)
    ]
    return [*views, *colleagues]


def _view(name: str, title: str, key: str) -> Action:
    keys = (f"g {key}",) if key else ()
    return Action("view", keys, title, tr("view: {name}").format(name=title), frozenset(Context), (name,), moves=True)


def _colleague(agent: Agent, here: Context, *, is_me: bool) -> Iterator[Offer]:
    handle, name = safe_line(agent.handle), safe_line(agent.name)
    if here in _TICKET_PLACES:
        told = tr("assign to {agent}").format(agent=handle)
        yield Offer(Action("assign", (), told, told, _TICKET_PLACES, (agent.handle,)), "colleague", name)
    if not is_me:
        told = tr("{agent}'s tickets").format(agent=handle)
        yield Offer(_seek(told, f"assignee:{agent.handle} -is:closed -is:spam"), "colleague", name)


def _seek(told: str, query: str) -> Action:
    return Action("seek", (), told, told, frozenset(Context), (query,), moves=True)


def looked_for(typed: str) -> bool:
    """Whether tickets and customers are looked for by these words."""
    return len(typed.strip()) >= _SHORTEST or number_in(typed) is not None


def found_offers(desk: Desk, typed: str) -> list[Offer]:
    """Tickets and customers that fit these words, newest first; none where the words are no search.

    Of a number, the ticket that has it comes first; where nothing has it, opening the ticket tells so.
    """
    number = number_in(typed)
    tickets = [each for each in _tickets(desk, typed) if each.number != number]
    offers = [_ticket(each) for each in tickets[:_TICKETS]]
    if len(tickets) > _TICKETS:
        told = tr("all tickets with “{words}”").format(words=safe_line(typed.strip()))
        offers.append(Offer(_seek(told, typed.strip()), "ticket"))
    offers += (_customer(each) for each in _customers(desk, typed))
    if number is not None and (not offers or desk.store.tickets.get(number) is not None):
        offers.insert(0, _numbered(number))
    return offers


def _numbered(number: TicketNumber) -> Offer:
    told = tr("open ticket {number}").format(number=number)
    return Offer(Action("open_ticket", (), told, told, frozenset(Context), (str(number),)), "ticket")


def _tickets(desk: Desk, typed: str) -> Sequence[Ticket]:
    if len(typed.strip()) < _SHORTEST:
        return ()
    try:
        query = parse_query(typed, me=desk.me.handle, now=desk.clock())
    except (BadQuery, RefusedError):
        return ()
    return desk.store.tickets.find(query, limit=_TICKETS + 2)


def _ticket(ticket: Ticket) -> Offer:
    told = f"{ticket.number}  {safe_line(ticket.customer.label)}  {safe_line(ticket.subject)}"
    return Offer(Action("open_ticket", (), told, told, frozenset(Context), (str(ticket.number),)), "ticket")


def _customers(desk: Desk, typed: str) -> list[Address]:
    """The customers whose name or address begins with the typed words, of tickets that say so."""
    words = " ".join(f'customer:"{each}"' for each in typed.split() if '"' not in each)
    tickets = _tickets(desk, words) if words and ":" not in typed else ()
    return list({each.customer.key: each.customer for each in tickets if not each.customer.is_nobody}.values())[
        :_CUSTOMERS
    ]


def _customer(customer: Address) -> Offer:
    told = tr("tickets of {customer}").format(customer=safe_line(str(customer)))
    return Offer(_seek(told, f'customer:"{customer.email}"'), "customer")
