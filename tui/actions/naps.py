"""The quick choices of the snooze picker, and moments in words as people name them. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from functools import partial

from desk.errors import RefusedError
from desk.moments import PastMoment, read_moment
from desk.safe import safe_line
from desk.settings import MORNING
from desk.ticket import Ticket
from tui.words.days import month, weekday
from tui.words.ranking import nearest
from tui.words.tongue import mark, tr, trn

_BEFORE = {
    "in 3 hours": mark("In 3 hours"),
    "this evening": mark("This evening"),
    "tomorrow morning": mark("Tomorrow morning"),
    "tomorrow afternoon": mark("Tomorrow afternoon"),
}
_DAYS = {
    "monday": mark("Monday"),
    "tuesday": mark("Tuesday"),
    "wednesday": mark("Wednesday"),
    "thursday": mark("Thursday"),
    "friday": mark("Friday"),
    "saturday": mark("Saturday"),
    "sunday": mark("Sunday"),
}
_AFTER = {"next week": mark("Next week"), "2 weeks": mark("In 2 weeks"), "next month": mark("Next month")}
_WORKDAYS = 5
_TOLD_IN_WEEKS = 21
"""Days from which on whole weeks are told as such."""
_FAR = timedelta(days=300)
_Read = Callable[[str], datetime]


@dataclass(frozen=True, slots=True)
class Nap:
    """One choice: its name, the words that are read anew when it is taken, and when that is now, in UTC."""

    label: str
    words: str
    at: datetime


def naps(typed: str, now: datetime, zone: tzinfo | None = None, *, morning: time = MORNING) -> list[Nap]:
    """What is offered: the usual choices by day; for typed words what they say, then the choices that fit them."""
    read = partial(read_moment, now=now, zone=zone, morning=morning)
    if not typed.strip():
        return _each_once(sorted(_known(read, days=_workdays(now, zone)), key=lambda each: each.at))
    known = {each.label: each for each in _known(read, days=_DAYS)}
    fitting = [known[label] for label in nearest(known, typed)]
    if (said := _said(typed, read)) is None:
        return _each_once(fitting)
    same = [each for each in fitting if each.at == said.at]
    return _each_once([*same, said, *fitting])


def _known(read: _Read, *, days: Iterable[str]) -> list[Nap]:
    words = {**_BEFORE, **{each: _DAYS[each] for each in days}, **_AFTER}
    found: list[Nap] = []
    for phrase, label in words.items():
        try:
            found.append(Nap(tr(label), phrase, read(phrase)))
        except PastMoment:  # this evening, late at night
            continue
    return found


def _workdays(now: datetime, zone: tzinfo | None) -> Sequence[str]:
    """Monday to Friday in the order in which they come, from the day after tomorrow on."""
    today = now.astimezone(zone).weekday()
    days = tuple(_DAYS)
    return [days[day] for ahead in range(2, 7) if (day := (today + ahead) % 7) < _WORKDAYS]


def _said(typed: str, read: _Read) -> Nap | None:
    try:
        return Nap(" ".join(typed.split()), typed, read(typed))
    except RefusedError:
        return None


def _each_once(found: Iterable[Nap]) -> list[Nap]:
    """Of choices that mean the same moment the first."""
    kept: dict[datetime, Nap] = {}
    for each in found:
        kept.setdefault(each.at, each)
    return list(kept.values())


def day_and_time(at: datetime, now: datetime, zone: tzinfo | None = None) -> str:
    """A moment ahead, always with its day and time: Fri 27 Nov 09:00; with the year where it is another one."""
    at, now = at.astimezone(zone), now.astimezone(zone)
    year = "" if at.year == now.year else f" {at.year}"
    return f"{weekday(at)} {at.day} {month(at)}{year} {at:%H:%M}"


def in_column(at: datetime, now: datetime, zone: tzinfo | None = None) -> str:
    """The same where moments stand below each other."""
    name, day, rest = day_and_time(at, now, zone).split(" ", 2)
    return f"{name} {day:>2} {rest}"


def how_far(at: datetime, now: datetime, zone: tzinfo | None = None) -> str:
    """How long it is until a moment: in 40 minutes, in 3 hours, tomorrow, in 5 days, in 3 weeks."""
    days = (at.astimezone(zone).date() - now.astimezone(zone).date()).days
    if at - now < timedelta(hours=1):
        return _in(
            trn("in {count} minute", "in {count} minutes", count := -((now - at) // timedelta(minutes=1))), count
        )
    if not days:
        return _in(trn("in {count} hour", "in {count} hours", count := round((at - now) / timedelta(hours=1))), count)
    if days == 1:
        return tr("tomorrow")
    if days < _TOLD_IN_WEEKS or days % 7:
        return _in(trn("in {count} day", "in {count} days", days), days)
    return _in(trn("in {count} week", "in {count} weeks", days // 7), days // 7)


def is_far(at: datetime, now: datetime) -> bool:
    """Whether a moment is so far ahead that it may be a slip, such as a day that was yesterday."""
    return at - now > _FAR


def _in(sentence: str, count: int) -> str:
    return sentence.format(count=count)


def until(ticket: Ticket, now: datetime, zone: tzinfo | None = None) -> str:
    """Until when a ticket sleeps, and who put it off."""
    words = tr("sleeps until {moment}").format(moment=day_and_time(ticket.snoozed_until or now, now, zone))
    return f"{words} ({safe_line(ticket.snoozed_by)})" if ticket.snoozed_by else words


def slept(ticket: Ticket, now: datetime, zone: tzinfo | None = None) -> str:
    """The same, and what wakes it."""
    wakes = tr("sleeps through answers") if ticket.sleeps_through else tr("wakes on an answer")
    return f"{until(ticket, now, zone)}; {wakes}"
