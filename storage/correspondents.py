"""Who wrote a ticket's messages and who got them, for tickets of stores from before these were told apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, MutableMapping
from functools import partial
from typing import TYPE_CHECKING, Any

from tinydb import Query

if TYPE_CHECKING:
    from storage.database import TicketStore

_NOT_SENT = ["cancelled", "refused"]


def naming(store: TicketStore) -> Callable[[MutableMapping[str, Any]], None]:
    """What gives a ticket the senders and recipients of its messages, both with names, instead of bare addresses."""
    return partial(_name, store)


def _name(store: TicketStore, ticket: MutableMapping[str, Any]) -> None:
    of_it = Query().ticket == ticket["number"]
    messages = store.table("entries").find(of_it & Query().kind.one_of(["in", "out"]), order_by=("at", "doc_id"))
    unsent = store.table("outbox").ids(of_it & Query().state.one_of(_NOT_SENT))
    counted = [each for each in messages if each.get("outbox") not in unsent]
    ticket.pop("correspondents", None)
    ticket["senders"] = _each_once(each["sender"] for each in counted)
    ticket["recipients"] = _each_once(to for each in counted for to in (*each.get("to", ()), *each.get("cc", ())))


def _each_once(people: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    return list({(each["email"].casefold(), each["name"]): each for each in people}.values())
