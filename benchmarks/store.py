"""The store at 1,000, 10,000 and 100,000 tickets of 4 or 5 messages and events, beside stock TinyDB at 1,000."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from itertools import cycle
from pathlib import Path

from benchmarks import action, fresh, stock
from benchmarks.figures import Figures, median, table
from benchmarks.worlds import AGENTS, SOUGHT, desk_of, made
from desk.clock import utc_now
from desk.ticket import TicketNumber
from desk.views import parse_query
from storage.database import open_store
from storage.shared import SharedStore, open_shared
from tandem.paths import Home

_SIZES = {"1k": 1_000, "10k": 10_000, "100k": 100_000}
_TIMES = 101
_BATCH, _BATCHES = 200, 5


def measure(folder: Path) -> Iterator[str]:
    """A table of all figures."""
    ours = [(name, _measured(folder, size)) for name, size in _SIZES.items()]
    yield from table(("TinyDB 1k", stock.measured(folder, _SIZES["1k"])), ours)


def _measured(folder: Path, tickets: int) -> Figures:
    home = desk_of(folder, tickets)
    path, chance = Home(home).store, random.Random(tickets)
    numbers = iter(lambda: TicketNumber(chance.randint(1, tickets)), None)
    start, cost = fresh.of_ours(path), action.of(home, folder)
    mine = parse_query("is:open is:mine", me=AGENTS[0], now=utc_now())
    words = parse_query(" ".join(SOUGHT), me=None, now=utc_now())
    with closing(open_shared(path)) as store, open_store(path) as plain:
        documents, flags = plain.table("tickets"), cycle((True, False))
        return Figures(
            first_list=start.seconds,
            mine=median(lambda: store.tickets.find(mine), _TIMES),
            thread=median(lambda: store.conversations.of(next(numbers)), _TIMES),
            words=median(lambda: store.tickets.find(words, limit=50), _TIMES),
            update=median(lambda: documents.update({"unread": next(flags)}, doc_ids=[next(numbers)]), _TIMES),
            action=cost.action,
            commit=cost.commit,
            ratio=cost.ratio,
            flushes=cost.flushes,
            ingest=_BATCH / median(lambda: _take_in(store), _BATCHES),
            memory=start.memory,
        )


def _take_in(store: SharedStore) -> None:
    """One batch of tickets with their conversations, as a fetch commits it."""
    with store.transaction():
        for number in range(1, _BATCH + 1):
            new = made(number, _BATCH)
            ticket = store.tickets.add(new.ticket)
            for entry in new.entries:
                store.conversations.add(replace(entry, ticket=ticket.number))
