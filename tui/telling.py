"""What happened, in words: times, events, how a reply stands, how large a file is. For people, not for scripts."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from desk.conversation import Change, Event, Happened, Recorded
from desk.moves import MOVES
from desk.outgoing import NOT_GONE, OutboxEntry, OutboxState
from desk.people import Handle
from desk.remarked import in_words
from desk.safe import safe_line
from desk.sleep import in_words as sleep_in_words
from desk.sleep import told as told_sleep

_DAY = timedelta(days=1)


def moment(at: datetime, now: datetime, zone: tzinfo | None = None) -> str:
    """When something was, as short as it stays clear: 09:41, Fri 20 Nov 09:12, 20 Nov 2025. `zone` None: local time."""
    at, now = at.astimezone(zone), now.astimezone(zone)
    if at.date() == now.date():
        return f"{at:%H:%M}"
    if abs(now - at) < _DAY * 300:
        return f"{at:%a} {at.day} {at:%b %H:%M}"
    return f"{at.day} {at:%b %Y}"


def span(length: timedelta) -> str:
    """A length of time in its largest unit: 40s, 14m, 3h, 2d."""
    seconds = max(0, int(length.total_seconds()))
    for size, unit in ((86400, "d"), (3600, "h"), (60, "m")):
        if seconds >= size:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def size(count: int) -> str:
    """A number of bytes in the unit that keeps it below four digits: 84 KB."""
    amount = float(count)
    for unit in ("B", "KB", "MB"):
        if amount < 1000:  # noqa: PLR2004 - three digits, then the next unit
            return f"{amount:.0f} {unit}"
        amount /= 1000
    return f"{amount:.1f} GB"


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th."""
    ending = "th" if 10 < number % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")  # noqa: PLR2004
    return f"{number}{ending}"


def told(event: Event) -> str:
    """What an event records, said of its author: "took it", "tagged refund", "closed it"."""
    return _done(event) + (" (taken back)" if event.undone else "")


def _done(event: Event) -> str:
    match event.what:
        case Happened.MACRO_RUN:
            return f"ran macro {safe_line(event.detail.get('macro', ''))}"
        case Happened.REOPENED:
            return "opened it again"
        case Happened.ACCEPTED:
            return f"took in this mail that was parked, as {safe_line(event.detail.get('by', ''))} said"
        case Happened.HANDED_OVER:
            return in_words(event) or ""
        case Happened.CREATED:
            return "opened the ticket"
        case _:
            return _told_with_changes(event)


def _told_with_changes(event: Event) -> str:
    slept = sleep_in_words(event)
    fields = (each for each in event.changes if slept is None or each.field != "snoozed_until")
    changes = ", ".join(_changed(each, event.author) for each in fields)
    if slept is not None or event.what in MOVES:
        return ", ".join(filter(None, (in_words(event), changes)))
    return changes or in_words(event) or event.what.replace("_", " ")


def _changed(change: Change, author: Handle | None) -> str:
    match change.field:
        case "assignee":
            return _assigned(change.before, change.after, author)
        case "tags":
            return _tagged(change.before, change.after)
        case "status":
            return "closed it" if change.after == "closed" else f"set it {change.after}"
        case "snoozed_until":
            return told_sleep(change.after)
        case _:
            return f"set {change.field} {safe_line(str(change.after))}"


def _assigned(before: Recorded, after: Recorded, author: Handle | None) -> str:
    if after is None:
        return "put it back" if before == author else f"took it from {safe_line(str(before))}"
    return "took it" if after == author else f"gave it to {safe_line(str(after))}"


def _tagged(before: Recorded, after: Recorded) -> str:
    was, now = before or (), after or ()
    on = [safe_line(each) for each in now if each not in was]
    off = [safe_line(each) for each in was if each not in now]
    return " and ".join([*([f"tagged {' '.join(on)}"] if on else []), *([f"untagged {' '.join(off)}"] if off else [])])


def delivery(
    mail: OutboxEntry, now: datetime, me: Handle | None, zone: tzinfo | None = None, *, is_stopped: bool = False
) -> str:
    """How a reply stands, in words; why it did not go is told by `trouble`.

    `is_stopped`: the server lets the account in no more that it would leave through.
    """
    if is_stopped and mail.state in NOT_GONE:
        return f"{mail.state.shown}, waits for the account"
    return _stands(mail, now, me, zone)


def _stands(mail: OutboxEntry, now: datetime, me: Handle | None, zone: tzinfo | None) -> str:
    match mail.state:
        case OutboxState.QUEUED:
            return _queued(mail, now, me)
        case OutboxState.SENT:
            return f"sent {moment(mail.sent_at or mail.due, now, zone)}"
        case OutboxState.DEFERRED:
            return f"deferred, next try {moment(mail.due, now, zone)}"
        case OutboxState.UNCERTAIN:
            return _uncertain(mail)
        case OutboxState.CANCELLED:
            return "cancelled: taken back before it left"
        case _:
            return mail.state.shown


def _uncertain(mail: OutboxEntry) -> str:
    looked = any(each.kind == "not_in_sent" for each in mail.evidence)
    return f"uncertain: the server may have it{', but Sent has not' if looked else ''}"


def _queued(mail: OutboxEntry, now: datetime, me: Handle | None) -> str:
    if mail.due <= now:
        return "queued, leaves now"
    undo = ", u takes it back" if mail.author == me else ""
    return f"queued, leaves in {(mail.due - now).seconds} s{undo}"


def trouble(mail: OutboxEntry) -> str | None:
    """Why somebody must look at this reply; None when nothing is wrong with it."""
    return safe_line(mail.last_error or mail.state.shown) if mail.state in _TROUBLES else None


_TROUBLES = frozenset({OutboxState.REFUSED, OutboxState.UNCERTAIN, OutboxState.BOUNCED, OutboxState.DEFERRED})
