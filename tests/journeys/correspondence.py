"""A desk's mail of many months, made up: who writes what about which matter is known, so threading can be judged.

Every matter begins with a customer's mail and goes on in steps, each a way in which real mail programs, servers and
people go on with a conversation, or seem to. Some steps are no part of their matter: they begin one of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import count

from desk.actions.reply import reply
from desk.actions.status import set_status
from desk.desk import Desk
from desk.intake import Taken
from desk.outgoing import Answer, OutboxState
from desk.ticket import Status, TicketNumber
from tests.desks import SetClock
from tests.journeys.post import Landed, Matter, Post

__all__ = ["Correspondence", "Landed"]

WORDS = ("invoice", "printer", "parcel", "refund", "login", "address", "order", "router", "contract", "delivery")
RECYCLED = "<shipment@parcels.example>"


class Correspondence(Post):
    """The mail of a desk; `run` lets so many mails arrive, each up to `delay` hours after it was sent."""

    def __init__(self, desk: Desk, clock: SetClock, seed: int, delay: float = 0) -> None:
        super().__init__(desk, clock, seed, delay)
        self._labels = count(1)
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
        start = self.clock.now
        while len(self.landed) < mails:
            start += timedelta(minutes=self.random.uniform(1, 90))
            while self.events and self.events[0][0] <= start:
                self.next()
            self.clock.now = max(self.clock.now, start).replace(microsecond=0)
            self._begin()
        while self.events:
            self.next()

    def _begin(self, kind: str = "first", like: Matter | None = None, *lines: str, subject: str = "") -> Matter:
        """A new matter, of the customer of another one or of a new one."""
        number = next(self._labels)
        words = self.random.sample(WORDS, 3)
        customer = like.customer if like else f"Customer {number} <c{number}@corp{number % 97}.example>"
        matter = Matter(f"m{number}", customer, subject or f"{' '.join(words)} {number}")
        steps = self.random.choices((0, 1, 3, 6, 12), (30, 20, 25, 15, 10))[0]

        def landed(taken: Taken) -> None:
            matter.ticket = taken.ticket
            if not self.delay:
                self.later(lambda: self._go_on(matter, steps), hours=self.random.uniform(0.1, 30))

        if self.delay:
            self.later(lambda: self._go_on(matter, steps), hours=self.random.uniform(0.1, 30))
        copied = f"Cc: Boss <boss{number}@corp{number % 97}.example>"
        matter.chain.append(self.send(matter, kind, copied, *lines, then=landed))
        return matter

    def _go_on(self, matter: Matter, steps: int) -> None:
        if steps > 0 and not matter.is_over:
            [step] = self.random.choices(list(self._steps), list(self._steps.values()))
            if matter.ticket is not None or step in (self._by_both, self._by_references, self._by_in_reply_to):
                step(matter)
            self.later(lambda: self._go_on(matter, steps - 1), hours=self.random.uniform(0.1, 30))

    def _references(self, matter: Matter, *more: str) -> str:
        return "References: " + " ".join([*matter.chain, *more])

    # The ways to go on with a matter

    def _by_both(self, matter: Matter) -> None:
        lines = (f"In-Reply-To: {matter.chain[-1]}", self._references(matter))
        matter.chain.append(self.send(matter, "both", *lines, subject=f"Re: {matter.subject}"))

    def _by_references(self, matter: Matter) -> None:
        prefix = self.random.choice(["Re", "AW", "Отв", "Fwd"])
        subject = f"{prefix}: {matter.subject}"
        matter.chain.append(self.send(matter, "references", self._references(matter), subject=subject))

    def _by_in_reply_to(self, matter: Matter) -> None:
        subject = self.random.choice([f"Re: {matter.subject}"] * 4 + ["and one thing more"])
        parent = self.random.choice(matter.chain)
        matter.chain.append(self.send(matter, "in-reply-to", f"In-Reply-To: {parent}", subject=subject))

    def _by_colleague(self, matter: Matter) -> None:
        """Whoever got a copy of the first mail answers it, not our answer."""
        number = matter.customer.split()[1]
        boss = f"Boss <boss{number}@corp{int(number) % 97}.example>"
        lines = (f"In-Reply-To: {matter.chain[0]}", f"References: {matter.chain[0]}", f"Cc: {matter.customer}")
        matter.chain.append(self.send(matter, "colleague", *lines, sender=boss, subject=f"Re: {matter.subject}"))

    def _answered(self, matter: Matter) -> None:
        assert matter.ticket is not None
        sent = reply(self.desk, matter.ticket, Answer(text="Here you are.", send_in=0))
        self.desk.store.outbox.put(replace(sent, state=OutboxState.SENT))
        matter.ours.append(sent)
        matter.chain.append(sent.message_id)

    def _token(self, matter: Matter) -> str:
        if not matter.ours:
            self._answered(matter)
        return matter.ours[-1].message_id.strip("<>").partition("@")[0]

    def _by_address(self, matter: Matter) -> None:
        to = f"support+{self._token(matter).upper()}@acme.example"
        self.send(matter, "plus address", to=to, subject="from my telephone")

    def _by_mangled_id(self, matter: Matter) -> None:
        line = f"In-Reply-To: <{self._token(matter)}@relay.example>"
        matter.chain.append(self.send(matter, "mangled id", line, subject="Re: your mail"))

    def _by_subject(self, matter: Matter) -> None:
        matter.chain.append(self.send(matter, "subject", subject=f"your ticket [T-{matter.ticket}]"))

    def _again(self, matter: Matter) -> None:
        """The last mail at another place, byte for byte or by another way."""
        way = b"Received: from elsewhere\r\n" if self.random.random() < 0.5 else b""
        if b"Date: " in matter.last and b"bounce" not in matter.last:
            raw = way + matter.last
            self.later(
                lambda: self.arrive(matter.label, "again", raw, is_sent=False, then=lambda _: None, mailbox="sales"),
                hours=self.delay,
            )

    def _rewritten(self, matter: Matter) -> None:
        """Our answer reached the customer under an id that we never saw."""
        self._answered(matter)
        unseen = f"<{next(self.serial)}@outlook.example>"
        lines = (f"In-Reply-To: {unseen}", self._references(matter, unseen))
        matter.chain.append(self.send(matter, "rewritten", *lines, subject=f"RE: {matter.subject}"))

    def _rewritten_in_sent(self, matter: Matter) -> None:
        """The same, but the server keeps a copy that tells both ids."""
        self._answered(matter)
        line = f"X-Microsoft-Original-Message-ID: {matter.ours[-1].message_id}"
        unseen = self.send(
            matter, "rewritten in Sent", line, sender="support@acme.example", to=matter.customer, is_sent=True
        )
        self.send(matter, "answers it", f"In-Reply-To: {unseen}", subject="Re: that")

    def _answered_elsewhere(self, matter: Matter) -> None:
        """A colleague answers with another program, and the customer goes on from there."""
        line, subject = f"In-Reply-To: {matter.chain[0]}", f"Re: {matter.subject}"
        there = self.send(
            matter,
            "answered elsewhere",
            line,
            sender="ana@acme.example",
            to=matter.customer,
            subject=subject,
            is_sent=True,
        )
        matter.chain.append(self.send(matter, "answers it", f"In-Reply-To: {there}", subject="Re: that"))

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
        self.send(matter, "bounce", *lines, sender="mailer-daemon@mx.example", subject="Undelivered")

    def _away(self, matter: Matter) -> None:
        self._token(matter)
        lines = (f"In-Reply-To: {matter.ours[-1].message_id}", "Auto-Submitted: auto-replied")
        self.send(matter, "away", *lines, subject="I am away")

    def _close(self, matter: Matter) -> None:
        assert matter.ticket is not None
        set_status(self.desk, matter.ticket, Status.CLOSED)

    def _reopened(self, matter: Matter) -> None:
        self._close(matter)
        self.later(lambda: self._by_both(matter), days=5)

    def _followed_up(self, matter: Matter) -> None:
        """The matter ends, and is closed; what comes long after that is one of its own, and so is what comes then."""
        matter.is_over = True
        self.later(lambda: self._close(matter), days=45)
        self.later(lambda: self._follow_up(matter), days=80)

    def _follow_up(self, old: Matter) -> None:
        new = replace(old, label=f"{old.label}+", chain=list(old.chain), ours=[], ticket=None, is_over=False)

        def landed(taken: Taken) -> None:
            new.ticket = taken.ticket
            self.later(lambda: self._by_both(old_again), hours=5)
            self.later(lambda: self._go_on(new, 2), hours=30)

        lines = (f"In-Reply-To: {old.chain[-1]}", self._references(old))
        new.chain.append(self.send(new, "follow-up", *lines, subject=f"Re: {old.subject}", then=landed))
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
        if self.random.random() < 0.5:
            self.send(stranger, "claims", then=landed)
        else:
            self.send(stranger, "claims", to=forged, subject="hello", then=landed)

    def _same_words(self, matter: Matter) -> None:
        """The same customer under the same subject, and nothing else."""
        self._begin("same words", matter, subject=matter.subject)

    def _recycled(self, matter: Matter) -> None:
        """A sender whose mails all have one id; somebody there answers one of them."""
        del matter
        number = next(self._labels)
        parcel = Matter(f"p{number}", "Parcels <info@parcels.example>", f"Parcel {number}")
        self.send(parcel, "recycled", message_id=RECYCLED)
        subject = f"Re: {parcel.subject}"
        self.later(lambda: self.send(parcel, "answers it", f"In-Reply-To: {RECYCLED}", subject=subject), hours=30)

    def _newsletter(self, matter: Matter) -> None:
        """Two people answer a mail that we never got; the first writes twice."""
        del matter
        unseen = f"In-Reply-To: <{next(self.serial)}@news.example>"
        for name in ("ann", "bob"):
            one = Matter(f"n{next(self._labels)}", f"{name}@readers.example", "Re: News")
            self.send(one, "newsletter", unseen)
            if name == "ann":
                self.later(partial(self.send, one, "newsletter", unseen), hours=20)
