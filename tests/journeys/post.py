"""A desk's mail on its way: what is written arrives some time later, in the order of time, and is taken in."""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from functools import partial
from itertools import count
from random import Random

from desk.desk import Desk
from desk.incoming import Fetched, Place
from desk.intake import Taken, take_in
from desk.outgoing import OutboxEntry
from desk.ticket import TicketNumber
from mail.parse import parse
from tests.desks import SetClock


@dataclass(slots=True, eq=False)
class Matter:
    """One conversation: its label, who wrote it, the ids in it and those of our answers, and where it landed."""

    label: str
    customer: str
    subject: str
    chain: list[str] = field(default_factory=list[str])
    ours: list[OutboxEntry] = field(default_factory=list[OutboxEntry])
    ticket: TicketNumber | None = None
    last: bytes = b""
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class Landed:
    """A mail that was taken in: the matter that it is about, what kind it is, and what became of it."""

    label: str
    kind: str
    taken: Taken


class Post:
    """Carries mail to a desk; each takes up to `delay` hours."""

    def __init__(self, desk: Desk, clock: SetClock, seed: int, delay: float) -> None:
        self.desk, self.clock, self.random, self.delay = desk, clock, Random(seed), delay
        self.landed: list[Landed] = []
        self.events: list[tuple[datetime, int, Callable[[], object]]] = []
        self.serial, self._uids = count(), count(1)

    def next(self) -> None:
        at, _, event = heapq.heappop(self.events)
        self.clock.now = max(self.clock.now, at).replace(microsecond=0)
        event()

    def later(self, event: Callable[[], object], **span: float) -> None:
        heapq.heappush(self.events, (self.clock.now + timedelta(**span), next(self.serial), event))

    def send(
        self,
        matter: Matter,
        kind: str,
        *lines: str,
        sender: str = "",
        subject: str = "",
        to: str = "support@acme.example",
        message_id: str = "",
        is_sent: bool = False,
        then: Callable[[Taken], None] = lambda _: None,
    ) -> str:
        """Write a mail and let it arrive some time later; returns its id."""
        serial = next(self.serial)
        message_id = message_id or f"<{serial}.{self.random.getrandbits(40):x}@mail.example>"
        head = [
            f"From: {sender or matter.customer}",
            f"To: {to}",
            f"Subject: {subject or matter.subject}",
            f"Date: {format_datetime(self.clock.now)}",
            f"Message-ID: {message_id}",
            *lines,
        ]
        raw = "\r\n".join([*head, "", f"This is mail {serial}.", ""]).encode()
        matter.last = raw
        arrive = partial(self.arrive, matter.label, kind, raw, is_sent=is_sent, then=then)
        if self.delay and not is_sent:
            self.later(arrive, hours=self.random.uniform(0, self.delay))
        else:
            arrive()
        return message_id

    def arrive(
        self,
        label: str,
        kind: str,
        raw: bytes,
        *,
        is_sent: bool,
        then: Callable[[Taken], None],
        mailbox: str = "support",
    ) -> None:
        place = Place(mailbox, "Sent" if is_sent else "INBOX", 1, next(self._uids))
        mail = Fetched(place, raw, self.clock.now, is_sent=is_sent)
        taken = take_in(self.desk, mail, parse(raw), hashlib.sha256(raw).hexdigest())
        assert taken is not None
        self.landed.append(Landed(label, kind, taken))
        then(taken)
