"""A desk's mail of many months, made up: who writes what about which matter is known, so threading can be judged.

Every matter begins with a customer's mail and goes on in steps, each a way in which real mail programs, servers and
people go on with a conversation, or seem to. Some steps are no part of their matter: they begin one of their own.
"""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from itertools import count
from random import Random

from desk.actions.reply import reply
from desk.actions.status import set_status
from desk.desk import Desk
from desk.incoming import Fetched, Place
from desk.intake import Taken, take_in
from desk.outgoing import Answer, OutboxEntry, OutboxState
from desk.ticket import Status, TicketNumber
from mail.parse import parse
from tests.desks import SetClock

WORDS = [
    "invoice",
    "printer",
    "parcel",
    "refund",
    "login",
    "address",
    "order",
    "licence",
    "router",
    "contract",
    "delivery",
    "password",
]
RECYCLED = "<shipment@parcels.example>"


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


class Correspondence:
    """The mail of a desk; `run` lets so many mails arrive, each up to `delay` hours after it was sent."""

    def __init__(self, desk: Desk, clock: SetClock, seed: int, delay: float = 0) -> None:
        self._desk, self._clock, self._random, self._delay = desk, clock, Random(seed), delay
        self._events: list[tuple[datetime, int, Callable[[], None]]] = []
        self._serial, self._labels, self._uids = count(), count(1), count(1)
        self.landed: list[Landed] = []
        self.claims: list[tuple[TicketNumber, TicketNumber]] = []
        self._steps: dict[Callable[[Matter], None], int] = {
            self._by_both: 30,
            self._by_references: 12,
            self._by_in_reply_to: 12,
            self._by_colleague: 6,
            self._answered: 22,
            self._by_address: 4,
            self._by_mangled_id: 3,
            self._by_subject: 4,
            self._again: 5,
            self._rewritten: 5,
            self._rewritten_in_sent: 3,
            self._answered_elsewhere: 4,
            self._bounced: 3,
            self._away: 4,
            self._reopened: 4,
            self._followed_up: 3,
            self._carried_over: 3,
            self._claimed: 4,
            self._same_words: 2,
            self._recycled: 4,
            self._newsletter: 3,
        }

    def run(self, mails: int) -> None:
        """Let matters begin until so many mails have arrived, and end those that have begun."""
        start = self._clock.now
        while len(self.landed) < mails:
            start += timedelta(minutes=self._random.uniform(1, 90))
            while self._events and self._events[0][0] <= start:
                self._next()
            self._clock.now = max(self._clock.now, start).replace(microsecond=0)
            self._begin()
        while self._events:
            self._next()

    def _next(self) -> None:
        at, _, event = heapq.heappop(self._events)
        self._clock.now = max(self._clock.now, at).replace(microsecond=0)
        event()

    def _later(self, event: Callable[[], None], **span: float) -> None:
        heapq.heappush(self._events, (self._clock.now + timedelta(**span), next(self._serial), event))

    # One mail

    def _send(
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
        serial = next(self._serial)
        message_id = message_id or f"<{serial}.{self._random.getrandbits(40):x}@mail.example>"
        head = [
            f"From: {sender or matter.customer}",
            f"To: {to}",
            f"Subject: {subject or matter.subject}",
            f"Date: {format_datetime(self._clock.now)}",
            f"Message-ID: {message_id}",
            *lines,
        ]
        raw = "\r\n".join([*head, "", f"This is mail {serial}.", ""]).encode()
        matter.last = raw
        arrive = lambda: self._arrive(matter.label, kind, raw, is_sent=is_sent, then=then)  # noqa: E731 - one of many
        if self._delay and not is_sent:
            self._later(arrive, hours=self._random.uniform(0, self._delay))
        else:
            arrive()
        return message_id

    def _arrive(
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
        mail = Fetched(place, raw, self._clock.now, is_sent=is_sent)
        taken = take_in(self._desk, mail, parse(raw), hashlib.sha256(raw).hexdigest())
        assert taken is not None
        self.landed.append(Landed(label, kind, taken))
        then(taken)

    def _begin(self, kind: str = "first", like: Matter | None = None, *lines: str, **more: str) -> Matter:
        """A new matter, of the customer of another one or of a new one."""
        number = next(self._labels)
        words = self._random.sample(WORDS, 3)
        customer = like.customer if like else f"Customer {number} <c{number}@corp{number % 97}.example>"
        matter = Matter(f"m{number}", customer, more.pop("subject", f"{' '.join(words)} {number}"))
        steps = self._random.choices((0, 1, 3, 6, 12), (30, 20, 25, 15, 10))[0]

        def landed(taken: Taken) -> None:
            matter.ticket = taken.ticket
            if not self._delay:
                self._later(lambda: self._go_on(matter, steps), hours=self._random.uniform(0.1, 30))

        if self._delay:
            self._later(lambda: self._go_on(matter, steps), hours=self._random.uniform(0.1, 30))
        copied = f"Cc: Boss <boss{number}@corp{number % 97}.example>"
        matter.chain.append(self._send(matter, kind, copied, *lines, then=landed, **more))
        return matter

    def _go_on(self, matter: Matter, steps: int) -> None:
        if steps > 0 and not matter.is_over:
            [step] = self._random.choices(list(self._steps), list(self._steps.values()))
            if matter.ticket is not None or step in (self._by_both, self._by_references, self._by_in_reply_to):
                step(matter)
            self._later(lambda: self._go_on(matter, steps - 1), hours=self._random.uniform(0.1, 30))

    def _references(self, matter: Matter, *more: str) -> str:
        return "References: " + " ".join([*matter.chain, *more])

    # The ways to go on with a matter

    def _by_both(self, matter: Matter) -> None:
        lines = (f"In-Reply-To: {matter.chain[-1]}", self._references(matter))
        matter.chain.append(self._send(matter, "both", *lines, subject=f"Re: {matter.subject}"))

    def _by_references(self, matter: Matter) -> None:
        prefix = self._random.choice(["Re", "AW", "Отв", "Fwd"])
        subject = f"{prefix}: {matter.subject}"
        matter.chain.append(self._send(matter, "references", self._references(matter), subject=subject))

    def _by_in_reply_to(self, matter: Matter) -> None:
        subject = self._random.choice([f"Re: {matter.subject}"] * 4 + ["and one thing more"])
        parent = self._random.choice(matter.chain)
        matter.chain.append(self._send(matter, "in-reply-to", f"In-Reply-To: {parent}", subject=subject))

    def _by_colleague(self, matter: Matter) -> None:
        """Whoever got a copy of the first mail answers it, not our answer."""
        number = matter.customer.split()[1]
        boss = f"Boss <boss{number}@corp{int(number) % 97}.example>"
        lines = (f"In-Reply-To: {matter.chain[0]}", f"References: {matter.chain[0]}", f"Cc: {matter.customer}")
        matter.chain.append(self._send(matter, "colleague", *lines, sender=boss, subject=f"Re: {matter.subject}"))

    def _answered(self, matter: Matter) -> None:
        assert matter.ticket is not None
        sent = reply(self._desk, matter.ticket, Answer(text="Here you are.", send_in=0))
        self._desk.store.outbox.put(replace(sent, state=OutboxState.SENT))
        matter.ours.append(sent)
        matter.chain.append(sent.message_id)

    def _token(self, matter: Matter) -> str:
        if not matter.ours:
            self._answered(matter)
        return matter.ours[-1].message_id.strip("<>").partition("@")[0]

    def _by_address(self, matter: Matter) -> None:
        to = f"support+{self._token(matter).upper()}@acme.example"
        self._send(matter, "plus address", to=to, subject="from my telephone")

    def _by_mangled_id(self, matter: Matter) -> None:
        line = f"In-Reply-To: <{self._token(matter)}@relay.example>"
        matter.chain.append(self._send(matter, "mangled id", line, subject="Re: your mail"))

    def _by_subject(self, matter: Matter) -> None:
        matter.chain.append(self._send(matter, "subject", subject=f"your ticket [T-{matter.ticket}]"))

    def _again(self, matter: Matter) -> None:
        """The last mail at another place, byte for byte or by another way."""
        way = b"Received: from elsewhere\r\n" if self._random.random() < 0.5 else b""
        if b"Date: " in matter.last and b"bounce" not in matter.last:
            raw = way + matter.last
            self._later(
                lambda: self._arrive(matter.label, "again", raw, is_sent=False, then=lambda _: None, mailbox="sales"),
                hours=self._delay,
            )

    def _rewritten(self, matter: Matter) -> None:
        """Our answer reached the customer under an id that we never saw."""
        self._answered(matter)
        unseen = f"<{next(self._serial)}@outlook.example>"
        lines = (f"In-Reply-To: {unseen}", self._references(matter, unseen))
        matter.chain.append(self._send(matter, "rewritten", *lines, subject=f"RE: {matter.subject}"))

    def _rewritten_in_sent(self, matter: Matter) -> None:
        """The same, but the server keeps a copy that tells both ids."""
        self._answered(matter)
        line = f"X-Microsoft-Original-Message-ID: {matter.ours[-1].message_id}"
        ours = {"sender": "support@acme.example", "to": matter.customer, "is_sent": True}
        unseen = self._send(matter, "rewritten in Sent", line, **ours)  # type: ignore[arg-type]
        self._send(matter, "answers it", f"In-Reply-To: {unseen}", subject="Re: that")

    def _answered_elsewhere(self, matter: Matter) -> None:
        """A colleague answers with another program, and the customer goes on from there."""
        ours = {"sender": "ana@acme.example", "to": matter.customer, "subject": f"Re: {matter.subject}"}
        line = f"In-Reply-To: {matter.chain[0]}"
        there = self._send(matter, "answered elsewhere", line, is_sent=True, **ours)  # type: ignore[arg-type]
        matter.chain.append(self._send(matter, "answers it", f"In-Reply-To: {there}", subject="Re: that"))

    def _bounced(self, matter: Matter) -> None:
        self._token(matter)
        status = "Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; c@corp.example\r\nAction: failed\r\n"
        status += "Status: 5.1.1\r\n"
        parts = (
            "text/plain\r\n\r\nreturned\r\n",
            f"message/delivery-status\r\n\r\n{status}",
            f"text/rfc822-headers\r\n\r\nMessage-ID: {matter.ours[-1].message_id}\r\n",
        )
        body = "".join(f"--edge\r\nContent-Type: {each}" for each in parts) + "--edge--\r\n"
        kind = 'Content-Type: multipart/report; report-type=delivery-status; boundary="edge"'
        lines = ("MIME-Version: 1.0", kind, "", f"bounce\r\n{body}")
        self._send(matter, "bounce", *lines, sender="mailer-daemon@mx.example", subject="Undelivered")

    def _away(self, matter: Matter) -> None:
        self._token(matter)
        lines = (f"In-Reply-To: {matter.ours[-1].message_id}", "Auto-Submitted: auto-replied")
        self._send(matter, "away", *lines, subject="I am away")

    def _close(self, matter: Matter) -> None:
        assert matter.ticket is not None
        set_status(self._desk, matter.ticket, Status.CLOSED)

    def _reopened(self, matter: Matter) -> None:
        self._close(matter)
        self._later(lambda: self._by_both(matter), days=5)

    def _followed_up(self, matter: Matter) -> None:
        """The matter ends, and is closed; what comes long after that is one of its own, and so is what comes then."""
        matter.is_over = True
        self._later(lambda: self._close(matter), days=45)
        self._later(lambda: self._follow_up(matter), days=80)

    def _follow_up(self, old: Matter) -> None:
        new = replace(old, label=f"{old.label}+", chain=list(old.chain), ours=[], ticket=None, is_over=False)

        def landed(taken: Taken) -> None:
            new.ticket = taken.ticket
            self._later(lambda: self._by_both(old_again), hours=5)
            self._later(lambda: self._go_on(new, 2), hours=30)

        lines = (f"In-Reply-To: {old.chain[-1]}", self._references(old))
        new.chain.append(self._send(new, "follow-up", *lines, subject=f"Re: {old.subject}", then=landed))
        old_again = replace(old, label=new.label, chain=list(old.chain))

    # What only looks like a part of a matter

    def _carried_over(self, matter: Matter) -> None:
        """A new matter, written as an answer to an old mail, of which only References are left."""
        self._begin("carried over", matter, self._references(matter))

    def _claimed(self, matter: Matter) -> None:
        """A stranger names a ticket, in the subject or with a token that we did not sign."""
        named = matter.ticket
        forged = f"support+t{named}.{'a' * 16}.{'b' * 24}@acme.example"

        def landed(taken: Taken) -> None:
            assert taken.ticket is not None
            assert named is not None
            self.claims.append((taken.ticket, named))

        stranger = Matter(f"s{next(self._labels)}", "Stranger <eve@elsewhere.example>", f"Re: [T-{named}] hello")
        if self._random.random() < 0.5:
            self._send(stranger, "claims", then=landed)
        else:
            self._send(stranger, "claims", to=forged, subject="hello", then=landed)

    def _same_words(self, matter: Matter) -> None:
        """The same customer under the same subject, and nothing else."""
        self._begin("same words", matter, subject=matter.subject)

    def _recycled(self, matter: Matter) -> None:
        """A sender whose mails all have one id; somebody there answers one of them."""
        del matter
        number = next(self._labels)
        parcel = Matter(f"p{number}", "Parcels <info@parcels.example>", f"Parcel {number}")
        self._send(parcel, "recycled", message_id=RECYCLED)
        subject = f"Re: {parcel.subject}"
        self._later(lambda: self._send(parcel, "answers it", f"In-Reply-To: {RECYCLED}", subject=subject), hours=30)

    def _newsletter(self, matter: Matter) -> None:
        """Two people answer a mail that we never got; the first writes twice."""
        del matter
        unseen = f"In-Reply-To: <{next(self._serial)}@news.example>"
        for name in ("ann", "bob"):
            one = Matter(f"n{next(self._labels)}", f"{name}@readers.example", "Re: News")
            self._send(one, "newsletter", unseen)
            if name == "ann":
                self._later(lambda one=one: self._send(one, "newsletter", unseen), hours=20)  # type: ignore[misc]
