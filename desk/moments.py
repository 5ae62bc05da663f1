"""A moment in everyday English (“fri 9”, “tomorrow morning”, “2 weeks”) as a moment in UTC.

Days and times are those of the agent's own clock: a day that is put off has its nine o'clock before and after summer
time ends; an hour is an hour. How the words are read is in desk/spoken.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING

from desk.desk import Desk
from desk.errors import RefusedError
from desk.safe import safe_line
from desk.settings import MORNING

if TYPE_CHECKING:
    from desk.spoken import Spoken

FURTHEST = timedelta(days=5 * 366)
"""How far ahead a moment may be."""

LONGEST = 80
"""Characters of a text that may name a moment."""

EXAMPLES = "such as fri 9, tomorrow morning, 2 weeks, 3 business days, 90 min, 27 nov or 2026-12-01 10:00"

_ABOUT_A_YEAR = timedelta(days=300)
_WITH_OFFSET = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(?::\d{2})?(?:[Zz]|[+-]\d{2}:?\d{2})")
_PAST = frozenset({"ago", "yesterday", "last"})


class UnreadMoment(RefusedError):
    """A text that names no moment."""

    def __init__(self, text: str, why: str) -> None:
        shown, why = f"“{safe_line(text.strip())[:LONGEST]}”", safe_line(why)
        super().__init__(why if shown in why else f"{shown}: {why}", EXAMPLES)


class PastMoment(RefusedError):
    """A moment that is not ahead."""


class FarMoment(RefusedError):
    """A moment so far ahead that it must be a slip."""


def moment_of(desk: Desk, text: str) -> datetime:
    """The moment that a text names now: on this machine's clock, with the desk's morning. Raises as `read_moment`."""
    return read_moment(text, desk.clock(), None, morning=desk.settings.morning)


def read_moment(text: str, now: datetime, zone: tzinfo | None, *, morning: time = MORNING) -> datetime:
    """The moment that a text names, in UTC and whole seconds; `zone` None is the one that this machine is set to.

    A day without a time begins in the `morning`; a time without a day is the next such time. Of days that come again
    (a weekday, a day without a year) the next one is meant, but for this very day at a time that is past: that would
    put off by a year what somebody meant to put off by hours. Lengths of hours and minutes go by the clock, those of
    days by the calendar.

    Raises:
        UnreadMoment: it cannot be understood.
        PastMoment, FarMoment: it is past, or more than `FURTHEST` ahead.
    """
    if (exact := _with_offset(text)) is not None:
        return refuse_unfit(exact, now)
    said = _understood(text)
    found = next(_ahead(said, now, zone, morning), None)
    behind = next(_candidates(said, now, zone, morning), None)
    if found is not None:
        if behind is not None and found - now > _ABOUT_A_YEAR and _is_today(behind, now, zone):
            raise _past_today(text, behind.astimezone(zone))
        return refuse_unfit(found, now)
    if behind is None:
        raise _far()
    raise _past(f"“{safe_line(text.strip())}” was {_told(behind, zone)}")


def refuse_unread(text: str) -> None:
    """Go on only with a text that names a moment, whenever that is.

    Raises:
        UnreadMoment: it cannot be understood.
        PastMoment: it is past at any time, such as “yesterday”.
    """
    if _with_offset(text) is None:
        _understood(text)


def is_moment(text: str) -> bool:
    """Whether a text names a moment that may be ahead."""
    try:
        refuse_unread(text)
    except RefusedError:
        return False
    return True


def refuse_unfit(at: datetime, now: datetime) -> datetime:
    """Go on only with a moment that can be waited for.

    Raises:
        PastMoment, FarMoment: it is past, or more than `FURTHEST` ahead.
    """
    if at <= now:
        raise _past("that moment is past")
    if at - now > FURTHEST:
        raise _far()
    return at


def _past(what: str) -> PastMoment:
    return PastMoment(what, f"name one that is ahead, {EXAMPLES}")


def _is_today(at: datetime, now: datetime, zone: tzinfo | None) -> bool:
    return at <= now and at.astimezone(zone).date() == now.astimezone(zone).date()


def _past_today(text: str, at: datetime) -> PastMoment:
    what = f"“{safe_line(text.strip())}” is today, and {at:%H:%M} is past"
    return PastMoment(what, f"say a later time, or the year too: {at.day} {at:%b} {at.year + 1}")


def _far() -> FarMoment:
    return FarMoment("that is more than five years ahead", f"name a nearer moment, {EXAMPLES}")


def _understood(text: str) -> Spoken:
    from desk.spoken import spoken  # noqa: PLC0415 - its grammar is loaded when something is said
    from desk.spoken_days import Unspoken  # noqa: PLC0415 - likewise

    if len(text) > LONGEST:
        raise UnreadMoment(text, f"it has more than {LONGEST} characters")
    if _PAST.intersection(text.casefold().split()):
        raise _past(f"“{safe_line(text.strip())}” is past")
    try:
        return spoken(text)
    except Unspoken as error:
        raise UnreadMoment(text, str(error)) from error


def _with_offset(text: str) -> datetime | None:
    if not _WITH_OFFSET.fullmatch(text.strip()):
        return None
    try:
        return datetime.fromisoformat(text.strip().upper()).astimezone(UTC).replace(microsecond=0)
    except (ValueError, OverflowError) as error:
        raise UnreadMoment(text, "there is no such day or time") from error


def _ahead(said: Spoken, now: datetime, zone: tzinfo | None, morning: time) -> Iterator[datetime]:
    return (each for each in _candidates(said, now, zone, morning) if each > now)


def _candidates(said: Spoken, now: datetime, zone: tzinfo | None, morning: time) -> Iterator[datetime]:
    """The moments that may be meant, in order."""
    here = now.astimezone(zone).replace(tzinfo=None)
    if said.days is None and not said.has_time:
        yield from _later(now, said.length)
        return
    is_counted = bool(said.length) and said.days is not None and not said.has_time
    clock = here.time() if is_counted else said.time(morning)
    for day in _days(said, here):
        for at in _on_the_clock(datetime.combine(day, clock), zone):
            yield from _later(at, said.length)


def _later(at: datetime, length: timedelta) -> Iterator[datetime]:
    if length <= FURTHEST * 2:
        yield at + length


def _days(said: Spoken, here: datetime) -> Iterator[date]:
    today = here.date()
    if said.days is None:
        return iter((today, today + timedelta(days=1)))
    return (each for each in said.days(today) if each != today or said.has_time or not said.is_weekday)


def _on_the_clock(here: datetime, zone: tzinfo | None) -> Iterator[datetime]:
    """When the clocks of a zone show a time: once, twice in the hour that comes again, or just after one they skip."""
    try:
        both = sorted(here.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
        shown = [at for at in both if at.astimezone(zone).replace(tzinfo=None) == here]
    except (OverflowError, ValueError, OSError):  # the calendar ends
        return
    # Where the machine's clock skips a time, its folds stand the other way round than those of a ZoneInfo.
    yield from (at.replace(microsecond=0) for at in shown or both[1:])


def _told(at: datetime, zone: tzinfo | None) -> str:
    there = at.astimezone(zone)
    return f"{there:%a} {there.day} {there:%b %Y %H:%M}"
