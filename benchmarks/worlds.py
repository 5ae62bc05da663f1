"""Desks full of tickets, and what else several measures need."""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from desk.conversation import Direction, EntryId, Message
from desk.people import Address, Agent, Handle
from desk.ticket import Status, Ticket, TicketNumber
from tandem.config import Config
from tandem.founding import make_home, save_config
from tandem.paths import Home
from tandem.wiring import Office, build_office

TANDEM = str(Path(sys.executable).with_name("tandem"))
SUBJECTS = (
    "Refund for order",
    "Не могу войти в кабинет",
    "Rechnung zeigt falschen Betrag",
    "注文について",
    "Parcel lost",
)
_BATCH = 500


def environment(home: Path) -> dict[str, str]:
    """What a measured process gets: a desk, an agent, a terminal, nothing of the developer's own."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {**kept, "TANDEM_HOME": str(home), "TANDEM_AGENT": "ana", "TERM": "xterm-256color", "LANG": "C.UTF-8"}


def desk_of(folder: Path, tickets: int) -> Path:
    """A desk with so many tickets, a tenth of them open, each with one message; returns its folder."""
    home = Home(folder / f"desk-{tickets}")
    make_home(home, None)
    save_config(home, Config())
    office = build_office(home, Config())
    try:
        office.store.agents.put(Agent(handle=Handle("ana"), name="Ana Petrova"))
        for start in range(0, tickets, _BATCH):
            _fill(office, range(start, min(start + _BATCH, tickets)))
    finally:
        office.close()
    return home.folder


def _fill(office: Office, numbers: range) -> None:
    with office.store.transaction():
        for number in numbers:
            ticket = office.store.tickets.add(_ticket(number))
            message = replace(_MESSAGE, ticket=ticket.number, at=ticket.created, message_id=f"<{number}@corp.example>")
            office.store.conversations.add(message)


def _ticket(number: int) -> Ticket:
    at = datetime(2026, 11, 20, tzinfo=UTC) - timedelta(minutes=number)
    is_open = number % 10 == 0
    return Ticket(
        number=TicketNumber(0),
        subject=f"{SUBJECTS[number % len(SUBJECTS)]} {number}",
        customer=Address(f"customer{number % 997}@corp.example", f"Customer {number % 997}"),
        status=Status.OPEN if is_open else Status.CLOSED,
        assignee=Handle("ana") if number % 3 == 0 else None,
        tags=("billing",) if number % 7 == 0 else (),
        created=at,
        updated=at,
        last_message=at,
        waiting_since=at if is_open else None,
        message_count=1,
    )


_MESSAGE = Message(
    id=EntryId(0),
    ticket=TicketNumber(0),
    direction=Direction.IN,
    at=datetime(2026, 11, 20, tzinfo=UTC),
    sender=Address("customer@corp.example", "Customer"),
    subject="Refund",
    text="Hello, I returned the printer on Monday and the refund has not arrived.\n" * 6,
)


def seconds(work: Callable[[], object]) -> float:
    """How long something takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def typical(values: list[float]) -> str:
    """Median, least and most of some times, in milliseconds."""
    low, middle, high = min(values), statistics.median(values), max(values)
    return f"{middle * 1000:.0f} ms (min {low * 1000:.0f}, max {high * 1000:.0f}, n={len(values)})"
