"""What colleagues told each other about a person who is erased: mentions, promises, remarks of shifts."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from desk.desk import Desk
from desk.erasure import WORDS
from desk.handovers import Handover
from desk.redaction import Redactor
from desk.ticket import TicketNumber

_SHORTEST_NAME = 3
"""Letters of a first name or surname that is looked for by itself."""


def forget_mentions(desk: Desk, number: TicketNumber) -> None:
    """Call nobody any more to a ticket of which nothing is left."""
    for each in desk.store.mentions.of(number):
        desk.store.mentions.put(replace(each, is_gone=True))


def forget_promises(desk: Desk, number: TicketNumber, is_theirs: Callable[[str], bool]) -> int:
    """Leave nothing of the promises on a ticket whose words are about the person; returns how many these were."""
    found = [each for each in desk.store.promises.of(number) if is_theirs(each.text)]
    for each in found:
        desk.store.promises.put(replace(each, text=WORDS, is_gone=True))
    return len(found)


def forget_remarks(desk: Desk, keys: Collection[str], names: Collection[str], tickets: Collection[TicketNumber]) -> int:
    """Empty the remarks that name the person; by half a name where the shift is about their `tickets`.

    Returns how many these were.
    """
    ours = {part for each in desk.store.agents.all() for part in each.name.split()}
    parts = {part for name in names for part in name.split() if len(part) >= _SHORTEST_NAME} - ours
    loose, close = Redactor(keys, names), Redactor(keys, names, parts)
    about = set(tickets)
    found = [
        each
        for each in desk.store.handovers.all()
        if (close if about & _numbers(each) else loose).is_named(each.remark)
    ]
    for each in found:
        desk.store.handovers.put(replace(each, remark=WORDS))
    return len(found)


def _numbers(shift: Handover) -> set[TicketNumber]:
    done = (each.ticket for each in shift.done)
    return {*done, *shift.ours, *shift.theirs, *shift.asleep, *shift.colleagues}
