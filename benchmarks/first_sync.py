"""The first sync of a full mailbox from a local Dovecot, until every mail is on its ticket and can be found.

In turns with a bare loop that fetches the same mails with IMAPClient and writes their bytes to SQLite, and with mbsync
followed by notmuch, where they are installed.
"""

from __future__ import annotations

import json
import statistics
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks import rivals
from benchmarks.mailboxes import desk_at, surroundings
from benchmarks.mails import mailbox
from benchmarks.worlds import TANDEM, seconds
from desk.expression import And, Words
from storage.shared import open_shared
from tandem.paths import Home
from tests.servers import Dovecot

_MOST_AT_EASE = 2_000
"""Mailboxes larger than this are synced once, not in several rounds."""

_ROUNDS = 3


def measure(folder: Path, mails: int) -> Iterator[str]:
    """Seconds of each, medians of the rounds, and what ours are of the others'."""
    lacking = rivals.lacking()
    with Dovecot() as server:
        topics, size = _filled(server, mails)
        yield f"first sync of {mails:,} mails of {size / mails / 1000:.0f} KB, {topics:,} conversations"
        rivals.fetch_only(server)  # so that Dovecot has looked at its mails, whoever comes first
        rounds = 1 if mails > _MOST_AT_EASE else _ROUNDS
        taken: dict[str, list[float]] = {}
        for number in range(rounds):
            for name, time in _round(server, _made(folder / f"first-{number}"), mails, topics, lacking=lacking):
                taken.setdefault(name, []).append(time)
    yield from _lines({name: statistics.median(times) for name, times in taken.items()}, mails)
    if lacking:
        yield f"  not compared with mbsync and notmuch: not installed: {lacking}"


def _lines(taken: dict[str, float], mails: int) -> Iterator[str]:
    ours = taken["tandem sync"]
    for name, time in taken.items():
        yield f"  {name:<44}{time:7.2f} s {mails / time:8,.0f} mails/s; tandem sync takes {ours / time:.2f} of it"
    if "notmuch new" in taken:
        both = taken["mbsync, FSync no"] + taken["notmuch new"]
        yield f"  {'mbsync and notmuch new':<44}{both:7.2f} s {mails / both:8,.0f} mails/s; {ours / both:.2f} of it"


def _round(server: Dovecot, folder: Path, mails: int, topics: int, *, lacking: str) -> Iterator[tuple[str, float]]:
    yield "a loop that only fetches (IMAPClient)", rivals.fetch_only(server)
    yield "the same, and the bytes into SQLite", rivals.fetch_into_sqlite(server, folder)
    home, _ = desk_at(folder / "desk", server)
    yield "tandem sync", seconds(lambda: _sync(home, server, mails))
    _check(home, topics)
    yield "tandem sync again, nothing new", seconds(lambda: _sync(home, server, 0))
    if not lacking:
        yield "mbsync, FSync no", rivals.mbsync(server, folder)
        yield "notmuch new", rivals.notmuch(folder)


def _filled(server: Dovecot, mails: int) -> tuple[int, int]:
    """How many conversations were put into the mailbox, and how many bytes."""
    topics = size = 0
    for number, (topic, raw) in enumerate(mailbox(mails)):
        server.deliver(raw, datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=20 * number))
        topics, size = max(topics, topic), size + len(raw)
    return topics, size


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _sync(home: Home, server: Dovecot, mails: int) -> None:
    command = [TANDEM, "sync", "--json"]
    done = subprocess.run(
        command, env=surroundings(home.folder, server.password), capture_output=True, check=True, text=True
    )
    fetched = json.loads(done.stdout.splitlines()[-1])["fetched"]
    if fetched != mails:
        raise AssertionError(f"{fetched} of {mails} mails were fetched: {done.stdout}{done.stderr}")


def _check(home: Home, topics: int) -> None:
    """Every conversation must be one ticket, and each must be found by what its mails say."""
    store = open_shared(home.store)
    try:
        tickets, found = store.tickets.count(And(())), store.tickets.count(Words("Grusse!"))
    finally:
        store.close()
    if not tickets == found == topics:
        raise AssertionError(f"{topics} conversations became {tickets} tickets, of which {found} are found")
