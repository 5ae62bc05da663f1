"""Days of the calendar as people name them: from today, each gives the days that may be meant, the next first. Pure."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import repeat

Days = Callable[[date], Iterator[date]]
"""From today, the days that may be meant, in order; none where the calendar ends."""

FURTHEST_YEARS = 12
"""How many years ahead a day without a year is sought: 29 February may be eight years off."""

_SATURDAY, _WORKING_DAYS = 5, 5


def only(day: date) -> Days:
    """This one day, past or not."""
    return lambda _: repeat(day, 1)


def days_on(days: int) -> Days:
    """Today (0), tomorrow (1), so many days from today."""

    def counted(today: date) -> Iterator[date]:
        if days <= (date.max - today).days:
            yield today + timedelta(days=days)

    return counted


def business_days(days: int) -> Days:
    """So many working days from today, Monday to Friday; from a weekend they are counted as from the Friday before."""

    def counted(today: date) -> Iterator[date]:
        weeks, rest = divmod(days, _WORKING_DAYS)
        start = today - timedelta(days=max(0, today.weekday() - _SATURDAY + 1)) if days else today
        over_weekend = 2 if start.weekday() + rest >= _SATURDAY > start.weekday() else 0
        yield from days_on(7 * weeks + rest + over_weekend)(start)

    return counted


def months_on(months: int) -> Days:
    """The same day so many months on, or the last one of a shorter month."""

    def counted(today: date) -> Iterator[date]:
        for first in _first(today, months):
            yield first.replace(day=min(today.day, _length(first)))

    return counted


def weekday(day: int) -> Days:
    """Such a day of the week (0: Monday), today's where it is one."""

    def each(today: date) -> Iterator[date]:
        first = today + timedelta(days=(day - today.weekday()) % 7)
        return (first + timedelta(weeks=week) for week in range(2))

    return each


def weekday_of_next_week(day: int) -> Days:
    """Such a day of the week that begins next Monday."""
    return lambda today: repeat(today + timedelta(days=7 - today.weekday() + day), 1)


def next_month(today: date) -> Iterator[date]:
    """The first of the next month."""
    return _first(today, 1)


def end_of_month(today: date) -> Iterator[date]:
    """The last day of a month, this one's first."""
    for months in range(2):
        for first in _first(today, months):
            yield first.replace(day=_length(first))


def day_of_month(day: int) -> Days:
    """Such a day (1 to 31) of a month, of those that have it."""

    def each(today: date) -> Iterator[date]:
        firsts = (first for months in range(12) for first in _first(today, months))
        return (first.replace(day=day) for first in firsts if day <= _length(first))

    return each


def every_year(month: int, day: int) -> Days:
    """Such a day of a year, of those that have it."""

    def each(today: date) -> Iterator[date]:
        firsts = (date(today.year + years, month, 1) for years in range(FURTHEST_YEARS))
        return (first.replace(day=day) for first in firsts if day <= _length(first))

    return each


def counted_on(first: Days, second: Days) -> Days:
    """A week and two days: the one counted on from the other."""
    return lambda today: (day for between in first(today) for day in second(between))


def _first(today: date, months: int) -> Iterator[date]:
    """The first day of the month that comes so many months after this one."""
    year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    if year <= date.max.year:
        yield date(year, month + 1, 1)


def _length(first: date) -> int:
    return monthrange(first.year, first.month)[1]
