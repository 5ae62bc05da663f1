"""Another process on the same desk, for tests that need several: `python -m tests.storage.worker JOB PATH ...`.

It speaks on standard output, one line at a time, as soon as the thing it tells of has happened.
"""

from __future__ import annotations

import fcntl
import os
import resource
import signal
import sys
import time
from collections.abc import Callable, MutableMapping
from functools import partial
from pathlib import Path
from typing import Any

from desk.errors import StorageError, StoreBusy
from storage.database import TicketStore, open_store
from storage.engine import Engine
from storage.schema import SCHEMA
from storage.sqlite.turnstile import Turnstile
from storage.watch import Watch
from tests.processes import say, working_in
from tests.storage.versions import open_newer

working = partial(working_in, "tests.storage.worker")
"""A process that does one of the jobs below."""


def count(path: str, seconds: str) -> None:
    """Add one to each of three shared counters, again and again; then say how often."""
    done = 0
    with open_store(path) as store:
        say("ready")
        sys.stdin.readline()
        end = time.monotonic() + float(seconds)
        while time.monotonic() < end:
            with store.transaction():
                for counter in (1, 2, 3):
                    store.table("counters").update(_incremented, doc_ids=[counter])
            done += 1
    say(done)


def _incremented(
    document: MutableMapping[str, Any],
) -> None:  # read and written apart, as an unlocked counter would lose it
    document["n"] = document["n"] + 1


def append(path: str) -> None:
    """Store tickets with two entries each in one transaction, and say each number once it is committed."""
    with open_store(path) as store:
        say("ready")
        while True:
            with store.transaction():
                number = store.table("tickets").insert({"subject": "Refund of an invoice", "status": "open"})
                entry = {"ticket": number, "text": "the payment did not arrive " * 40}
                store.table("entries").insert_multiple([entry, entry])
            say(number)


def hold(lock: str) -> None:
    """Hold a lock file until standard input ends."""
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    say("held")
    sys.stdin.read()


def enter(lock: str, patience: str) -> None:
    """Go through the turnstile, and say so inside; leave when standard input ends.  Or say that no turn came."""
    turnstile = Turnstile(Path(lock), float(patience))
    try:
        with turnstile.alone():
            say("inside")
            sys.stdin.read()
    except StoreBusy:
        say("busy")
    turnstile.close()


def edit(path: str) -> None:
    """Store a ticket for each line on standard input, and say its number."""
    with open_store(path) as store:
        say("ready")
        for line in sys.stdin:
            say(store.table("tickets").insert({"subject": line.strip()}))


def serve(path: str) -> None:
    """Do what each line on standard input says, and say how it went: the revision, what was read, or the refusal."""
    with open_store(path) as store:
        watch, tickets = Watch(store), store.table("tickets")
        doing: dict[str, Callable[[], object]] = {
            "write": lambda: tickets.insert({"subject": "from a colleague"}),
            "read": lambda: [ticket["subject"] for ticket in tickets],
            "poll": lambda: "everything" if (changed := watch.poll()) is None else sorted(changed),
        }
        say("ready")
        for line in sys.stdin:
            try:
                say(doing[line.strip()]())
            except StorageError as error:
                say(f"{type(error).__name__}: {error.message}")


def swap(path: str, *sources: str) -> None:
    """Let the store become one of these files after the other, for ever."""
    with open_store(path) as store:
        say("ready")
        while True:
            for source in sources:
                store.become(Path(source))


def upgrade(path: str) -> None:
    """Open a store as a newer Tandem is going to, and say what was read."""
    with open_newer(Path(path)) as store:
        say([ticket["subject"] for ticket in store.table("tickets")])


def die_upgrading(path: str) -> None:
    """Be killed in the middle of an upgrade, when documents are written already."""

    def die(engine: Engine, _found: int) -> None:
        TicketStore(engine).table("tickets").update({"subject": "half done"})
        os.kill(os.getpid(), signal.SIGKILL)

    open_newer(Path(path), die, SCHEMA.version)


def cramped(path: str, size: str) -> None:
    """Open a store where no file may grow beyond a size, and say how it ended."""
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(size), most))
    try:
        open_store(path).close()
    except StorageError as error:
        say(f"{type(error).__name__}: {error.message}")


def fill(path: str, size: str, then: str) -> None:
    """Write on a disk that has no room, swallow the error, write on or stop, and say how it ended."""
    with open_store(path) as store:
        tickets = store.table("tickets")
        tickets.insert({"subject": "before"})
        _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(size), most))
        try:
            with store.transaction():
                tickets.insert({"subject": "half"})
                try:
                    store.table("big").insert({"text": "x" * 30_000_000})  # more than SQLite keeps in memory
                except StorageError as error:
                    say(type(error).__name__)
                if then == "write on":
                    tickets.insert({"subject": "other half"})
        except StorageError as error:
            say(type(error).__name__)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        say([ticket["subject"] for ticket in tickets])


JOBS: dict[str, Callable[..., None]] = {
    "count": count,
    "append": append,
    "hold": hold,
    "edit": edit,
    "enter": enter,
    "serve": serve,
    "swap": swap,
    "upgrade": upgrade,
    "die_upgrading": die_upgrading,
    "cramped": cramped,
    "fill": fill,
}

if __name__ == "__main__":
    JOBS[sys.argv[1]](*sys.argv[2:])
