"""Every key of the query language, alone and together, among 100,000 tickets: a list of 100, and how many there are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from benchmarks.figures import median
from benchmarks.worlds import AGENTS, SOUGHT, desk_of
from desk.clock import utc_now
from desk.views import parse_query
from storage.shared import open_shared
from tandem.paths import Home

_TICKETS = 100_000
_TIMES = 5
_ONE, _OTHER = SOUGHT
_QUERIES = (
    *("", "is:open", "is:closed", "is:mine", "is:unassigned", "is:unread", "is:snoozed", "is:bounced", "is:merged"),
    *("tag:billing", "-tag:billing", "tag:nowhere", "priority:high", "priority:low", "mailbox:support", "mailbox:none"),
    *("has:attachment", "-has:note", "has:draft", "created:>=2026-11-01", "created:2026-10-01", "updated:<7d"),
    *("updated:>300d", "waiting:>4h", "-waiting:>4h", "id:12", "id:12 or id:13", "assignee:nobody"),
    *("from:customer77", "from:customer77@corp.example", "to:support", "customer:corp", f"subject:{_ONE}"),
    *(_ONE, f"{_ONE} {_OTHER}", f'"{_ONE} {_OTHER}"', f"-{_ONE}", _ONE[:3], _ONE[:2], "nosuchword", "hello"),
    *(f"is:open {_ONE}", f"is:open or {_ONE}", f"({_ONE} or {_OTHER}) -is:open tag:billing", "is:open or tag:billing"),
    *(
        "is:mine -is:closed -is:spam",
        "is:open is:mine priority:high tag:billing updated:<7d",
        "-(is:open or is:waiting)",
    ),
)


def measure(folder: Path) -> Iterator[str]:
    """A line for each query, in milliseconds."""
    path = Home(desk_of(folder, _TICKETS)).store
    yield f"{f'of {_TICKETS:,} tickets, ms':<64}{'list 100':>10}{'count':>10}{'found':>10}"
    with closing(open_shared(path)) as store:
        for text in _QUERIES:
            query = parse_query(text, me=AGENTS[0], now=utc_now())
            listed = median(lambda: store.tickets.find(query, limit=100), _TIMES)  # noqa: B023  called at once
            counted = median(lambda: store.tickets.count(query), _TIMES)  # noqa: B023  likewise
            found = store.tickets.count(query)
            yield f"{text or '(everything)':<64}{listed * 1000:>10.1f}{counted * 1000:>10.1f}{found:>10,}"
