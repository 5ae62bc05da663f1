"""The same desk in stock TinyDB, whose one JSON file is written anew by each write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import cycle
from pathlib import Path
from typing import Any

from tinydb import TinyDB, where

from benchmarks import fresh
from benchmarks.figures import Figures, median
from benchmarks.worlds import SOUGHT, made, seconds
from storage.codec import to_document

_TIMES = 5
_BATCH = 200


def measured(folder: Path, tickets: int) -> Figures:
    """The figures of a desk with so many tickets."""
    path = folder / f"stock-{tickets}.json"
    with TinyDB(str(path)) as store:
        _insert(store, range(1, tickets + 1), tickets)
    start = fresh.of_stock(path)
    with TinyDB(str(path)) as store:
        subjects, texts = store.table("tickets", cache_size=0), store.table("entries", cache_size=0)
        numbers, flags = cycle(range(1, tickets + 1, 7)), cycle((True, False))
        mine = (where("status") == "open") & (where("assignee") == "ana")
        return Figures(
            first_list=start.seconds,
            mine=median(lambda: _newest(subjects.search(mine)), _TIMES),
            thread=median(lambda: texts.search(where("ticket") == next(numbers)), _TIMES),
            words=median(lambda: texts.search(where("text").test(_says_both)), _TIMES),
            update=median(lambda: subjects.update({"unread": next(flags)}, doc_ids=[next(numbers)]), _TIMES),
            ingest=_BATCH / seconds(lambda: _insert(store, range(tickets + 1, tickets + 1 + _BATCH), tickets + _BATCH)),
            memory=start.memory,
        )


def _insert(store: TinyDB, numbers: range, tickets: int) -> None:
    desk = [made(number, tickets) for number in numbers]
    store.table("tickets").insert_multiple([to_document(each.ticket) for each in desk])
    store.table("entries").insert_multiple([document for each in desk for document in each.documents])


def _newest(found: Iterable[Any]) -> list[Mapping[str, Any]]:
    return sorted(found, key=lambda ticket: str(ticket["updated"]), reverse=True)


def _says_both(text: str) -> bool:
    return all(word in text for word in SOUGHT)
