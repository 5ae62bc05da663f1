"""Desks full of tickets, and what else several measures need."""

from __future__ import annotations

import os
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any

from desk.conversation import Act, Change, Direction, Entry, EntryId, Event, Happened, Message
from desk.people import Address, Agent, Handle
from desk.summary import summed_up
from desk.ticket import Status, Ticket, TicketNumber
from storage.codec import to_document
from storage.database import open_store
from tandem.config import Config
from tandem.founding import make_home, save_config
from tandem.paths import Home
from tandem.wiring import build_office

TANDEM = str(Path(sys.executable).with_name("tandem"))
SUBJECTS = (
    "Refund for order",
    "Не могу войти в кабинет",
    "Rechnung zeigt falschen Betrag",
    "注文について",
    "Parcel lost",
)
AGENTS = tuple(map(Handle, ("ana", "bo", "cem", "dee")))
_BATCH = 1_000
_TODAY = datetime.now(UTC).replace(microsecond=0)
_DESK = Address("support@acme.example", "Acme Support")


def environment(home: Path) -> dict[str, str]:
    """What a measured process gets: a desk, an agent, a terminal, nothing of the developer's own."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    said = {"TANDEM_HOME": str(home), "TANDEM_AGENT": "ana", "TANDEM_TOUR": "off"}
    return {**kept, **said, "TERM": "xterm-256color", "LANG": "C.UTF-8"}


def desk_of(folder: Path, tickets: int) -> Path:
    """A desk with so many tickets of `made`; returns its folder. It is made once for all measures of a run."""
    home = Home(folder / f"desk-{tickets}")
    if home.store.exists():
        return home.folder
    make_home(home, None)
    save_config(home, Config())
    office = build_office(home, Config())
    for handle in AGENTS:
        office.store.agents.put(Agent(handle=handle, name=handle.title()))
    office.close()
    with open_store(home.store) as store:
        for start in range(1, tickets + 1, _BATCH):
            batch = [made(number, tickets) for number in range(start, min(start + _BATCH, tickets + 1))]
            with store.transaction():
                store.table("tickets").insert_multiple([to_document(each.ticket) for each in batch])
                store.table("entries").insert_multiple([document for each in batch for document in each.documents])
    return home.folder


@dataclass(frozen=True, slots=True)
class Made:
    """A ticket with its conversation."""

    ticket: Ticket
    entries: tuple[Entry, ...]

    @property
    def documents(self) -> Iterator[dict[str, Any]]:
        """The entries as the store keeps them."""
        return (
            to_document(each, kind=each.direction if isinstance(each, Message) else "event") for each in self.entries
        )


def made(number: int, tickets: int) -> Made:
    """One of so many tickets, the older the smaller its number: 4 or 5 entries, the newest fiftieth not closed."""
    chance = random.Random(number)
    at = _TODAY - timedelta(minutes=5 * (tickets - number + 1))
    lives, assignee = number > tickets - max(tickets // 50, 20), AGENTS[number % len(AGENTS)]
    answered = not lives or number % 3 == 0
    ticket = Ticket(
        number=TicketNumber(number),
        subject=f"{SUBJECTS[number % len(SUBJECTS)]} {number}",
        customer=Address(f"customer{number % 9_973}@corp.example", f"Customer {number % 9_973}"),
        status=Status.CLOSED if not lives else Status.WAITING if answered else Status.OPEN,
        assignee=assignee if answered or number % 5 else None,
        tags=("billing",) if number % 7 == 0 else (),
        created=at,
        updated=at + timedelta(minutes=4),
        last_message=at,
        mailbox="support",
    )
    entries = tuple(_conversation(ticket, chance, answered=answered))
    return Made(summed_up(ticket, entries, {}, drafts=False), entries)


def _conversation(ticket: Ticket, chance: random.Random, *, answered: bool) -> Iterator[Entry]:
    """A question, its event, and an answer or another question with one; for every other ticket an assignment."""
    yield _message(ticket, chance, 1, Direction.IN)
    yield _event(ticket, 2, Happened.CREATED)
    yield _message(ticket, chance, 3, Direction.OUT if answered else Direction.IN)
    yield _event(ticket, 4, Happened.REPLIED if answered else Happened.TAGGED)
    if ticket.number % 2:
        yield _event(ticket, 5, Happened.ASSIGNED, Change("assignee", None, ticket.assignee))


def _message(ticket: Ticket, chance: random.Random, place: int, direction: Direction) -> Message:
    sender, to = (ticket.customer, _DESK) if direction is Direction.IN else (_DESK, ticket.customer)
    return Message(
        id=EntryId(place),
        ticket=ticket.number,
        direction=direction,
        at=ticket.created + timedelta(minutes=place - 1),
        sender=sender,
        to=(to,),
        subject=ticket.subject,
        text=f"Hello,\n\nabout {ticket.number}: {'. '.join(chance.choices(_SENTENCES, k=9))}.\n",
        message_id=f"<{ticket.number}.{place}@corp.example>",
        digest=f"{chance.getrandbits(64):016x}",
        raw=f"{chance.getrandbits(256):064x}",
    )


def _event(ticket: Ticket, place: int, what: Happened, *changes: Change) -> Event:
    return Event(
        id=EntryId(place),
        ticket=ticket.number,
        at=ticket.created + timedelta(minutes=place - 1),
        author=ticket.assignee,
        what=what,
        act=Act(f"{ticket.number * 8 + place:016x}"),
        changes=changes,
        detail={},
    )


def _sentences(count: int) -> list[str]:
    """Made-up language: of 3,000 words the n-th is an n-th as frequent as the first."""
    chance = random.Random(count)
    syllables = [a + b for a in "bdfghklmnprstvwz" for b in ("a", "e", "i", "o", "u", "ar", "en", "is")]
    words = ["".join(chance.choices(syllables, k=chance.randint(2, 4))) for _ in range(3_000)]
    words[300:302] = SOUGHT
    totals = list(accumulate(1 / place for place in range(1, len(words) + 1)))
    return [" ".join(chance.choices(words, cum_weights=totals, k=10)) for _ in range(count)]


SOUGHT = ("refund", "invoice")
"""Two words of which each stands in some hundredths of all texts, the first in a fifth of all subjects too."""

_SENTENCES = _sentences(20_000)


def sentences() -> list[str]:
    """What the texts are made of."""
    return _SENTENCES


def seconds(work: Callable[[], object]) -> float:
    """How long something takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def typical(values: list[float]) -> str:
    """Median, least and most of some times, in milliseconds."""
    low, middle, high = min(values), statistics.median(values), max(values)
    return f"{middle * 1000:.0f} ms (min {low * 1000:.0f}, max {high * 1000:.0f}, n={len(values)})"
