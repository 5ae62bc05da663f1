"""What some events say in words of their own: until when, how many, which; made of what the event holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from desk.conversation import Event, Happened, Recorded
from desk.moves import FROM, INTO, MOVED
from desk.safe import safe_line
from desk.sleep import ANSWERED, BY, IN_TIME, WHY, Sleep
from tui.words.days import month, weekday
from tui.words.tongue import mark, tr, trn

Detail = Mapping[str, str]


def remark(event: Event) -> str | None:
    """What such an event says; None for events of other kinds."""
    slept = next((each for each in event.changes if each.field == "snoozed_until"), None)
    detail = {name: safe_line(value) for name, value in event.detail.items()}
    if slept is not None and event.what in (Happened.SNOOZED, Happened.WOKEN):
        return _woken(detail) or put_off(slept.after)
    say = _WORDS.get(event.what)
    return say(detail) if say else None


def put_off(recorded: Recorded) -> str:
    """What was done to a ticket whose sleep became this."""
    if not isinstance(recorded, str):
        return tr("woke it up")
    try:
        sleep = Sleep.read(recorded)
    except ValueError:  # the doing of a newer Tandem
        return tr("snoozed it")
    words = tr("snoozed it until {moment}, through answers") if sleep.through else tr("snoozed it until {moment}")
    return words.format(moment=_here(sleep.until))


def _woken(detail: Detail) -> str:
    by = detail.get(BY, "")
    match detail.get(WHY):
        case why if why == ANSWERED:
            early = tr("woke it up for this answer, before {agent} wanted it back")
            return early.format(agent=by) if by else tr("woke it up for this answer")
        case why if why == IN_TIME:
            return tr("woke it up, as {agent} wanted").format(agent=by) if by else tr("woke it up")
        case _:
            return ""


def _promised(detail: Detail) -> str:
    due = detail.get("due", "")
    try:
        at = datetime.fromisoformat(due).astimezone()
    except ValueError:  # it was erased
        moment = due
    else:
        moment = f"{weekday(at)} {at.day} {month(at)} {at:%H:%M}"
    return tr("promised by {moment}: {text}").format(moment=moment, text=detail.get("text", ""))


def _split(detail: Detail) -> str:
    count = len(detail.get(MOVED, "").split())
    if FROM in detail:
        words = trn("split {count} mail off ticket {number}", "split {count} mails off ticket {number}", count)
        return words.format(count=count, number=detail[FROM])
    words = trn("made ticket {number} of {count} mail", "made ticket {number} of {count} mails", count)
    return words.format(count=count, number=detail.get(INTO, ""))


def _overtaken(detail: Detail) -> str:
    count = len(detail.get("newer", "").split())
    words = trn(
        "sent, but written before a newer mail of {whom}",
        "sent, but written before {count} newer mails of {whom}",
        count,
    )
    return words.format(count=count, whom=detail.get("of") or tr("the customer"))


def _draft_given(detail: Detail) -> str:
    words = _GIVEN.get(detail.get("kind", ""), mark("handed the unfinished text to {agent}"))
    return tr(words).format(agent=detail.get("to", ""))


def _profile_edited(detail: Detail) -> str:
    fields = (tr(_FIELDS.get(each, "")) or each for each in detail.get("fields", "").split())
    return tr("edited the customer: {fields}").format(fields=", ".join(fields))


def _here(at: datetime) -> str:
    """A moment on this machine's clock."""
    try:
        here = at.astimezone()
    except (ValueError, OverflowError, OSError):  # the calendar ends
        return f"{at:%Y-%m-%d %H:%M} UTC"
    return f"{weekday(here)} {here.day} {month(here)} {here:%Y %H:%M}"


_GIVEN = {
    "reply": mark("handed the unfinished reply to {agent}"),
    "forward": mark("handed the unfinished forward to {agent}"),
    "note": mark("handed the unfinished note to {agent}"),
}
_FIELDS = {
    "name": mark("name"),
    "company": mark("company"),
    "language": mark("language"),
    "zone": mark("zone"),
    "tags": mark("tags"),
    "addresses": mark("addresses"),
    "notes": mark("notes"),
}
_WORDS: Mapping[Happened, Callable[[Detail], str]] = {
    Happened.PROMISED: _promised,
    Happened.SPLIT: _split,
    Happened.OVERTAKEN: _overtaken,
    Happened.DRAFT_GIVEN: _draft_given,
    Happened.PROFILE_EDITED: _profile_edited,
}
