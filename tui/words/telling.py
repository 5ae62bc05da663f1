"""What happened, in words: times, events, how a reply stands, how large a file is. For people, not for scripts."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from desk.conversation import Change, Event, Happened, Recorded
from desk.deeds import assigned
from desk.moves import MOVES
from desk.outgoing import NOT_GONE, OutboxEntry, OutboxState
from desk.people import Handle
from desk.remarked import in_words
from desk.safe import safe_line
from tui.keys.naming import with_keys
from tui.words.days import month, weekday
from tui.words.heard import heard
from tui.words.remarks import put_off, remark
from tui.words.tongue import tr, trc

_DAY = timedelta(days=1)
_NEXT_UNIT = 1000

UNIT, STATUS, PRIORITY = "short unit of time", "status of a ticket", "priority of a ticket"
DEED = "what somebody did"
"""What these words are about, in the catalogs."""


def moment(at: datetime, now: datetime, zone: tzinfo | None = None) -> str:
    """When something was, as short as it stays clear: 09:41, Fri 20 Nov 09:12, 20 Nov 2025. `zone` None: local time."""
    at, now = at.astimezone(zone), now.astimezone(zone)
    if at.date() == now.date():
        return f"{at:%H:%M}"
    if abs(now - at) < _DAY * 300:
        return f"{weekday(at)} {at.day} {month(at)} {at:%H:%M}"
    return f"{at.day} {month(at)} {at:%Y}"


def span(length: timedelta) -> str:
    """A length of time in its largest unit: 40s, 14m, 3h, 2d."""
    seconds = max(0, int(length.total_seconds()))
    for size, unit in ((86400, "d"), (3600, "h"), (60, "m")):
        if seconds >= size:
            return f"{seconds // size}{trc(UNIT, unit)}"
    return f"{seconds}{trc(UNIT, 's')}"


def size(count: int) -> str:
    """A number of bytes in the unit that keeps it below four digits: 84 KB."""
    amount = float(count)
    for unit in ("B", "KB", "MB"):
        if amount < _NEXT_UNIT:
            return f"{amount:.0f} {unit}"
        amount /= _NEXT_UNIT
    return f"{amount:.1f} GB"


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th."""
    is_teen = number % 100 in (11, 12, 13)
    return f"{number}{'th' if is_teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def told(event: Event) -> str:
    """What an event records, said of its author: "took it", "tagged refund", "closed it"."""
    return _done(event) + (tr(" (taken back)") if event.undone else "")


def _done(event: Event) -> str:
    match event.what:
        case Happened.MACRO_RUN:
            return tr("ran macro {name}").format(name=safe_line(event.detail.get("macro", "")))
        case Happened.REOPENED:
            return tr("opened it again")
        case Happened.ACCEPTED:
            by = safe_line(event.detail.get("by", ""))
            return tr("took in this mail that was parked, as {agent} said").format(agent=by)
        case Happened.HANDED_OVER:
            return heard(in_words(event) or "")
        case Happened.CREATED:
            return tr("opened the ticket")
        case _:
            return _told_with_changes(event)


def _told_with_changes(event: Event) -> str:
    is_sleep = event.what in (Happened.SNOOZED, Happened.WOKEN)
    fields = (each for each in event.changes if not is_sleep or each.field != "snoozed_until")
    changes = ", ".join(_changed(each, event.author) for each in fields)
    said = remark(event) or heard(in_words(event) or "")
    if is_sleep or event.what in MOVES:
        return ", ".join(filter(None, (said, changes)))
    return changes or said or heard(event.what.replace("_", " "))


def _changed(change: Change, author: Handle | None) -> str:
    match change.field:
        case "assignee":
            done, whom = assigned(change, author)
            return trc(DEED, done.value).format(about=safe_line(whom))
        case "tags":
            return _tagged(change.before, change.after)
        case "status":
            if change.after == "closed":
                return tr("closed it")
            return tr("set it {status}").format(status=trc(STATUS, str(change.after)))
        case "snoozed_until":
            return put_off(change.after)
        case _:
            value = trc(PRIORITY, safe_line(str(change.after)))
            return tr("set {field} {value}").format(field=tr(change.field), value=value)


def _tagged(before: Recorded, after: Recorded) -> str:
    was, now = before or (), after or ()
    on = " ".join(safe_line(each) for each in now if each not in was)
    off = " ".join(safe_line(each) for each in was if each not in now)
    if on and off:
        return tr("tagged {on} and untagged {off}").format(on=on, off=off)
    return tr("tagged {on}").format(on=on) if on else tr("untagged {off}").format(off=off)


def delivery(
    mail: OutboxEntry, now: datetime, me: Handle | None, zone: tzinfo | None = None, *, is_stopped: bool = False
) -> str:
    """How a reply stands, in words; why it did not go is told by `trouble`.

    `is_stopped`: the server lets the account in no more that it would leave through.
    """
    if is_stopped and mail.state in NOT_GONE:
        return tr("{state}, waits for the account").format(state=tr(mail.state.shown))
    return _stands(mail, now, me, zone)


def _stands(mail: OutboxEntry, now: datetime, me: Handle | None, zone: tzinfo | None) -> str:
    match mail.state:
        case OutboxState.QUEUED:
            return _queued(mail, now, me)
        case OutboxState.SENT:
            return tr("sent {at}").format(at=moment(mail.sent_at or mail.due, now, zone))
        case OutboxState.DEFERRED:
            return tr("deferred, next try {at}").format(at=moment(mail.due, now, zone))
        case OutboxState.UNCERTAIN:
            return _uncertain(mail)
        case OutboxState.CANCELLED:
            return tr("cancelled: taken back before it left")
        case _:
            return tr(mail.state.shown)


def _uncertain(mail: OutboxEntry) -> str:
    looked = any(each.kind == "not_in_sent" for each in mail.evidence)
    if looked:
        return tr("uncertain: the server may have it, but Sent has not")
    return tr("uncertain: the server may have it")


def _queued(mail: OutboxEntry, now: datetime, me: Handle | None) -> str:
    if mail.due <= now:
        return tr("queued, leaves now")
    words = (
        tr("queued, leaves in {count} s, {key_undo} takes it back")
        if mail.author == me and not mail.tries  # one that was tried, a colleague may have sent again
        else tr("queued, leaves in {count} s")
    )
    return with_keys(words, count=(mail.due - now).seconds)


def trouble(mail: OutboxEntry) -> str | None:
    """Why somebody must look at this reply; None when nothing is wrong with it."""
    if mail.state not in _TROUBLES:
        return None
    return heard(safe_line(mail.last_error)) if mail.last_error else tr(mail.state.shown)


_TROUBLES = frozenset({OutboxState.REFUSED, OutboxState.UNCERTAIN, OutboxState.BOUNCED, OutboxState.DEFERRED})
