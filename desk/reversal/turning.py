"""Turning an act back or on again, ticket by ticket: its fields, the marks on its events, and an event about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from desk.conversation import Entry, EntryId, Event, Field, Happened
from desk.desk import Desk, new_act
from desk.errors import RedoTooLate, RefusedError, UndoTooLate
from desk.fields import Turn, as_told, changes, turned, turned_back, turned_on, value, with_value
from desk.moves import FROM, MOVES
from desk.reversal.obstacles import changed_since, is_over, mail_since, nobody_there
from desk.reversal.others import done_since
from desk.sleep import awake, sleep_of, with_sleep
from desk.ticket import Status, Ticket, TicketNumber

_NOW = {
    Status.OPEN: "now open",
    Status.WAITING: "now waiting",
    Status.CLOSED: "now closed",
    Status.SPAM: "now spam",
}


@dataclass(frozen=True, slots=True)
class Way:
    """One of the two ways in which an act can be turned, and what is said where it cannot."""

    what: Happened
    turns: Callable[[Iterable[Event]], tuple[Turn, ...]]
    refused: type[RefusedError]
    late: str


BACK = Way(Happened.UNDONE, turned_back, UndoTooLate, "too late")
ON = Way(Happened.REDONE, turned_on, RedoTooLate, "not done again")


def numbers_of(events: Iterable[Event]) -> tuple[TicketNumber, ...]:
    """The tickets that these events are on, each once; first the one that went on for others that were merged."""
    events = tuple(events)
    went_on = (event.ticket for event in events if event.what is Happened.MERGED and FROM in event.detail)
    return tuple(dict.fromkeys([*went_on, *(event.ticket for event in events)]))


def in_words(desk: Desk, way: str, events: Sequence[Event], more: Iterable[str] = ()) -> str:
    """What became of an act, in words: “taken back on 3 tickets: tagged, status changed, now open”."""
    words = ", ".join([*dict.fromkeys(event.what.replace("_", " ") for event in events), *_now(desk, events)])
    numbers = numbers_of(events)
    one = len(numbers) == 1
    told = f"{way} on ticket {numbers[0]}: {words}" if one else f"{way} on {len(numbers)} tickets: {words}"
    return "; ".join([told, *dict.fromkeys(more)])


def _now(desk: Desk, events: Sequence[Event]) -> Iterator[str]:
    """The status that the tickets have by now, where the act was about that and it is the same of all."""
    changed = {event.ticket for event in events if any(each.field == "status" for each in event.changes)}
    by_now = {desk.ticket(number).status for number in changed}
    if len(by_now) == 1:
        yield _NOW[by_now.pop()]


def turn(
    desk: Desk,
    way: Way,
    events: Sequence[Event],
    last: Sequence[Event],
    *,
    detail: Mapping[str, str] | None = None,
    partly: bool = False,
) -> list[str]:
    """Turn the events of one act; inside a transaction. Returns what was left as it is, in words, where `partly`.

    `last` are the events with which these tickets were turned the other way: what came after them is news. `detail` is
    kept with the events that tell of it.

    Raises:
        RefusedError: somebody else changed a field since, be it to and fro, unless `partly`; then what was turned
            already is taken back too.
    """
    since = {each.ticket: each.id for each in last}
    act, left, by_ticket = new_act(), list[str](), dict[TicketNumber, list[Event]]()
    for event in events:
        by_ticket.setdefault(event.ticket, []).append(event)
    for number, here in by_ticket.items():
        before = desk.ticket(number)
        if before.merged_into is not None and not partly and not any(each.what in MOVES for each in here):
            raise way.refused(f"{way.late}: ticket {number} was merged into {before.merged_into} since")
        after, stays = _turned(desk, way, before, here, since[number], partly=partly)
        left += stays
        for event in here:
            desk.store.conversations.put(replace(event, undone=way is BACK))
        before = _untold(before, after, desk.store.conversations.of(number))
        desk.record(way.what, before, after, act=act, author=desk.me.handle, detail=_detail(here, detail))
    return left


def _untold(before: Ticket, after: Ticket, entries: Iterable[Entry]) -> Ticket:
    """The ticket as it was `before` in those fields alone of which the marks on the events do not tell how it is now.

    That happens where a field stays though the events that gave it its value are taken back: that is told as a change.
    """
    told = as_told(after, entries)
    for each in changes(told, after):
        was = value(before, each.field)
        after = with_value(after, each.field, each.before if was == each.after else was)
    return after


def _detail(events: Sequence[Event], more: Mapping[str, str] | None) -> dict[str, str]:
    about = next((each.entry for each in events if each.entry is not None), None)
    return {"act": events[0].act, **({} if about is None else {"about": str(about)}), **(more or {})}


def _turned(
    desk: Desk, way: Way, before: Ticket, events: Sequence[Event], since: EntryId, *, partly: bool
) -> tuple[Ticket, list[str]]:
    """The ticket with its fields turned, and in words what stays as it is because something stands in the way."""
    after, stays, entries = before, dict[Field, str](), desk.store.conversations.of(before.number)
    others = done_since(entries, events, desk.me.handle)
    for each in way.turns(events):
        if each.field in stays:
            continue
        if is_over(each, desk.clock()):
            after, stays[each.field] = awake(after), f"ticket {before.number} stays awake, since its time has come"
            continue
        if obstacle := changed_since(after, each, entries, others) or nobody_there(desk, after, each):
            if not partly:
                raise way.refused(f"{way.late}: {obstacle.why}")
            stays[each.field] = obstacle.stays
        else:
            after = turned(after, each)
    if obstacle := mail_since(desk, before, after, since):
        if not partly:
            raise way.refused(f"{way.late}: {obstacle.why}", "look at it first")
        after = replace(with_sleep(after, sleep_of(before)), status=before.status)
        stays["status"] = obstacle.stays
    return after, list(stays.values())
