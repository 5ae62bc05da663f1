"""How soon a mail that came is in the list of a running Tandem, and what a look costs that finds nothing.

One server says at a known moment that there is mail; with Dovecot the time runs from the delivery, and Dovecot itself
takes half a second until it tells anybody.
"""

from __future__ import annotations

import os
import random
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from imapclient import IMAPClient

from benchmarks.mailboxes import MAILBOX, account_at, desk_at, surroundings
from benchmarks.mails import mail
from benchmarks.terminal import Terminal
from benchmarks.worlds import TANDEM, typical
from tandem.config import Config
from tandem.counts import Counts
from tandem.folder import Progress
from tandem.paths import Home
from tandem.watching import Watched
from tandem.wiring import build_office
from tandem.workshop import Workshop
from tests.dovecot import PASSWORD
from tests.journeys.mails import customer_mail
from tests.quirky_imap import QuirkyImap
from tests.servers import Dovecot

_TIMES = 25
_PAUSE = 0.3
_LOOKS = 30


def measure(folder: Path) -> Iterator[str]:
    """Times from the announcement, and from the delivery; then what finding nothing takes."""
    with QuirkyImap() as server:
        home, _ = desk_at(folder / "announced", server)
        seen = list(_seen(home, server.deliver))
    yield f"a mail announced by the server, until it is in the list on the screen: {_spread(seen)}"
    with Dovecot() as server:
        home, _ = desk_at(folder / "delivered", server)
        seen = list(_seen(home, server.deliver))
        told = list(_told(server))
    yield f"a mail delivered to Dovecot, until it is in the list on the screen: {_spread(seen)}"
    yield f"  of which Dovecot takes until it announces it (bare IMAPClient): {_spread(told)}"
    yield from _nothing_new(folder)


def _spread(times: list[float]) -> str:
    return f"{typical(times)[:-1]}, p90 {statistics.quantiles(times, n=10)[-1] * 1000:.0f} ms)"


def _seen(home: Home, deliver: Callable[[bytes], object]) -> Iterator[float]:
    """How many seconds after each delivery its subject stood on the screen."""
    chance = random.Random(1)
    with Terminal([TANDEM], surroundings(home.folder, PASSWORD)) as terminal:
        deliver(customer_mail(0, subject="Firstword"))
        terminal.wait_for(b"Firstword")
        for number in range(1, _TIMES + 1):
            time.sleep(_PAUSE + chance.uniform(0, 0.1))
            word = "".join(chance.choices("bdfgklmnprst", k=7)).title()
            raw = customer_mail(number, subject=word, sender=f"Kim <kim{number}@corp.example>")
            started = time.perf_counter()
            deliver(raw)
            yield terminal.wait_for(word.encode()) - started


def _told(server: Dovecot) -> Iterator[float]:
    """How many seconds after each delivery a client hears of it that does nothing else."""
    with IMAPClient("127.0.0.1", port=server.port, ssl=False) as client:
        client.login(server.user, server.password)
        client.select_folder("INBOX", readonly=True)
        for number in range(8):
            client.idle()
            time.sleep(_PAUSE)
            started = time.perf_counter()
            server.deliver(customer_mail(1_000 + number))
            while not any(b"EXISTS" in each for each in client.idle_check(10)):
                pass
            yield time.perf_counter() - started
            client.idle_done()


def _nothing_new(folder: Path) -> Iterator[str]:
    """Round trips are what the one server counts that came from us; times are Dovecot's."""
    with QuirkyImap() as counting:
        home, config = desk_at(folder / "counted", counting)
        _, packets = _looks(home, config, counting, lambda: counting.packets)
    with Dovecot() as server:
        home, config = desk_at(folder / "timed", server)
        times, _ = _looks(home, config, server, lambda: 0)
    took = f"{statistics.median(times) * 1000:.2f} ms (n={len(times)})"
    yield f"a look of a running Tandem that finds nothing: {packets / _LOOKS:.2f} round trips, {took}"


def _looks(
    home: Home, config: Config, server: QuirkyImap | Dovecot, packets: Callable[[], int]
) -> tuple[list[float], int]:
    os.environ["DESK_PASSWORD"] = PASSWORD
    chance = random.Random(2)
    for number in range(20):
        server.deliver(mail(number, number, "", chance))
    office = build_office(home, config)
    try:
        with Workshop(office.desk.blobs) as workshop:
            watched = Watched(office.desk, MAILBOX, account_at(server), workshop)
            watched.look(Progress(Counts()))
            watched.wait(0, lambda: False)
            before = packets()
            times: list[float] = []
            for _ in range(_LOOKS):
                started = time.perf_counter()
                watched.wait(0, lambda: False)
                watched.look(Progress(Counts()))
                times.append(time.perf_counter() - started)
            sent = packets() - before
            watched.hang_up()
            return times, sent
    finally:
        office.close()
