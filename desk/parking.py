"""Mail that waits apart until an agent accepts or drops it, and why: floods, and mail that answers itself.

What counts is when mails reached the server, as servers say and no sender, and the store is asked: so a year of
newsletters on a first sync, or what came in while the desk was off, is no flood, and several processes and a restart
count the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from desk.desk import Desk
from desk.incoming import Fetched, Incoming
from desk.judging import behind
from desk.outgoing import OutboxState
from desk.parked import ParkedId, ParkedMail, Trait, traits
from desk.safe import safe_line
from desk.subjects import is_reply_prefix, repeated_prefix

MOST_REPEATS = 5
"""How often a subject may repeat what stands before its colons; more is mail that answers itself."""

MOST_REPLY_REPEATS = 20
"""The same for Re:, Fwd: and the like of mail that nothing calls automatic: some people's programs pile them up."""

_LONGEST = 100
_HOUR = timedelta(hours=1)
_FIRST = datetime.min.replace(tzinfo=UTC) + _HOUR


def why_parked(desk: Desk, mail: Fetched, read: Incoming) -> str | None:
    """Why this mail is not let in by itself, in words; None: it is."""
    if mail.is_sent:
        return None
    why = _growing(read) or next(_flooding(desk, mail, read), None)
    return why if why and not _is_expected(desk, read) else None


def park(desk: Desk, mail: Fetched, read: Incoming, raw: str, why: str) -> None:
    """Keep a mail apart, once wherever it lies; inside a transaction. `raw` is its stored bytes' sha256."""
    if known := desk.store.parked.with_raw(raw):
        desk.store.parked.put(replace(known, also=(*known.also, mail.place)))
        return
    desk.store.parked.add(
        ParkedMail(
            id=ParkedId(0), place=mail.place, received=mail.received, raw=raw, reason=why, read=read, at=desk.clock()
        )
    )


def _growing(read: Incoming) -> str | None:
    """Two machines that answer each other put the same words before the subject again and again."""
    prefix, times = repeated_prefix(read.subject)
    is_peoples = is_reply_prefix(prefix) and read.automatic is None
    if times <= (MOST_REPLY_REPEATS if is_peoples else MOST_REPEATS):
        return None
    return f"its subject says “{safe_line(prefix)}:” {times} times, as mail does that answers itself"


def _flooding(desk: Desk, mail: Fetched, read: Incoming) -> Iterator[str]:
    """What there is too much of within the hour before this mail, what is parked counted in; the first ones pass."""
    most, until = desk.settings.flood, max(mail.received, _FIRST)
    since = until - _HOUR
    parked = desk.store.parked.arrived(since, until, most) if most else 0

    def is_much(trait: Trait | None = None, value: str = "") -> bool:
        """Asks for parked mails only where there are any in this hour: most hours know none."""
        count = desk.store.conversations.arrived(since, until, most, trait, value)
        if count < most and parked:
            count += desk.store.parked.arrived(since, until, most, trait, value)
        return count >= most

    if most and is_much():
        for trait, value, what in _traits(desk, read):
            if is_much(trait, value):
                yield f"more than {most} {what} within an hour"


def _traits(desk: Desk, read: Incoming) -> Iterator[tuple[Trait, str, str]]:
    """What this mail may have too much company in, each in words. A form of ours writes for many people."""
    counted = traits(read.sender, is_automatic=read.automatic is not None and not read.is_doubtful)
    sender, domain = (safe_line(counted.get(trait, ""))[:_LONGEST] for trait in (Trait.SENDER, Trait.DOMAIN))
    if sender and not behind(desk, read):
        yield Trait.SENDER, counted[Trait.SENDER], f"mails from {sender} came"
    if read.likeness:
        yield Trait.WORDS, read.likeness, f"mails with the same words came, this one from {sender or 'nobody'},"
    if domain:
        yield Trait.DOMAIN, counted[Trait.DOMAIN], f"automatic mails from {domain} came"


def _is_expected(desk: Desk, read: Incoming) -> bool:
    """What must not wait: a copy of what is held, and a report of a mail that is not yet known to have come back."""
    if any(each.digest == read.digest for each in desk.store.conversations.with_message_id(read.message_id)):
        return True
    about = (desk.store.outbox.with_message_id(each) for each in read.bounce_of)
    return any(each is not None and each.state in _OUT for each in about)


_OUT = (OutboxState.SENT, OutboxState.UNCERTAIN)
