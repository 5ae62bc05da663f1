"""Processes that put files in and take them out: `python -m tests.storage.keeping JOB ...`. Each says ready first."""

from __future__ import annotations

import fcntl
import os
import random
import select
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from desk.incoming import Outcome, Place
from storage.blobs import Blobs
from storage.database import open_store
from storage.leftovers import Collector
from storage.shared import SharedStore

ROOT = Path(__file__).parents[2]
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC).timestamp()


def say(word: object) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def keep(folder: str, who: str, rounds: str) -> None:
    """Take mails in and forget them again; say how many were missing while the store spoke of them."""
    blobs, missing, chance = Blobs(Path(folder, "mail")), 0, random.Random(who)
    with open_store(Path(folder, "desk.db")) as store:
        shared, places = SharedStore(store), store.table("places")
        say("ready")
        for number in range(int(rounds)):
            digest = blobs.put(f"mail {who}.{chance.randrange(5)}".encode())
            time.sleep(chance.choice((0, 0.001)))
            shared.ledger.record(Place(who, "INBOX", 1, number), Outcome.TICKET, None, digest)
            time.sleep(chance.choice((0, 0.001)))
            missing += not blobs.has(digest)
            # From the moment it is old, it may be collected, unless it is put in once more; so nothing speaks of it.
            places.remove(doc_ids=[each.doc_id for each in places if each["mailbox"] == who])
            if blobs.has(digest):
                os.utime(blobs.path(digest), (LONG_AGO, LONG_AGO))
    say(missing)


def collect(folder: str) -> None:
    """Collect what is left over until standard input speaks; then say how many files went."""
    removed = 0
    with open_store(Path(folder, "desk.db")) as store:
        shared = SharedStore(store)
        say("ready")
        while not select.select([sys.stdin], [], [], 0)[0]:
            collector = Collector(Path(folder, "mail"))
            removed += collector.collect(collector.look(set(shared.mails()))).removed
    say(removed)


def hold(lock: str) -> None:
    """Be inside a lock with all who put files in, until standard input ends."""
    descriptor = os.open(lock, os.O_RDWR)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    say("ready")
    sys.stdin.read()


JOBS: dict[str, Callable[..., None]] = {"keep": keep, "collect": collect, "hold": hold}

if __name__ == "__main__":
    JOBS[sys.argv[1]](*sys.argv[2:])
