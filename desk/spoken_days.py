"""Words for a day in English, each pattern with the days that it names: `tomorrow`, `next friday`, `27 nov`, `15th`."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from desk.calendar_days import (
    Days,
    day_of_month,
    days_on,
    end_of_month,
    every_year,
    next_month,
    only,
    weekday,
    weekday_of_next_week,
)

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_SHORT = 3
"""Letters of a weekday or month that are enough."""

_LONGER = {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}
_WEEKDAY = {name[:length]: at for at, name in enumerate(WEEKDAYS) for length in (_SHORT, len(name))} | _LONGER
WEEKDAY_NAMES = frozenset(_WEEKDAY)
"""Every way to write a day of the week."""
_MONTH = {name[:length]: at for at, name in enumerate(MONTHS, 1) for length in (_SHORT, len(name))} | {"sept": 9}
_LATEST_DAY, _LATEST_MONTH = 31, 12


class Unspoken(ValueError):
    """Words that name no moment, in words."""


Naming = Callable[[re.Match[str]], Days]


def _names(words: dict[str, int]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_W, _M = rf"(?P<weekday>{_names(_WEEKDAY)})\.?", rf"(?P<month>{_names(_MONTH)})\.?"
_D, _Y = r"(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?", r"(?: (?P<year>\d{4}))?"


def _weekday(found: re.Match[str]) -> Days:
    return weekday(_WEEKDAY[found["weekday"]])


def _next_weekday(found: re.Match[str]) -> Days:
    return weekday_of_next_week(_WEEKDAY[found["weekday"]])


def _named(found: re.Match[str]) -> Days:
    return _dated(int(found["day"]), _MONTH[found["month"]], found["year"])


def _numbered(found: re.Match[str]) -> Days:
    return _dated(int(found["day"]), int(found["month"]), found["year"])


def _slashed(found: re.Match[str]) -> Days:
    """Of two numbers that may both be a month nobody can tell which is."""
    one, other = sorted((int(found["one"]), int(found["other"])))
    if 0 < one != other <= _LATEST_MONTH:
        ways = f"{one} {_called(other)} and {other} {_called(one)}"
        raise Unspoken(f"“{found[0]}” can be read in two ways, {ways}")
    return _dated(other, one, found["year"])


def _of_month(found: re.Match[str]) -> Days:
    day = int(found["day"])
    if not 0 < day <= _LATEST_DAY:
        raise Unspoken(f"no month has a day {day}")
    return day_of_month(day)


def _month_alone(found: re.Match[str]) -> Days:
    raise Unspoken(f"which day of {_called(_MONTH[found['month']])} is not said")


def _called(month: int) -> str:
    return MONTHS[month - 1].title()


def _dated(day: int, month: int, year: str | None) -> Days:
    try:
        known = date(int(year) if year else 2028, month, day)  # a leap year, since 29 February is a day
    except ValueError as error:
        raise Unspoken(f"there is no day {day} in month {month}") from error
    return only(known) if year else every_year(month, day)


DAYS: tuple[tuple[str, Naming], ...] = (
    (r"today|this(?= (?:morning|afternoon|evening))", lambda _: days_on(0)),
    (r"tomorrow|tom|tmrw?", lambda _: days_on(1)),
    (r"day after (?:tomorrow|tom)", lambda _: days_on(2)),
    (rf"next (?:week )?{_W}", _next_weekday),
    (rf"{_W} next week", _next_weekday),
    (rf"(?:this )?{_W}", _weekday),
    (r"next week", lambda _: weekday_of_next_week(0)),
    (r"next weekend", lambda _: weekday_of_next_week(5)),
    (r"(?:this )?weekend", lambda _: weekday(5)),
    (r"end week", lambda _: weekday(4)),
    (r"next month", lambda _: next_month),
    (r"end month", lambda _: end_of_month),
    (r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})", _numbered),
    (r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.?(?P<year>\d{4})?", _numbered),
    (r"(?P<one>\d{1,2})/(?P<other>\d{1,2})(?:/(?P<year>\d{4}))?", _slashed),
    (rf"{_D} {_M}{_Y}", _named),
    (rf"{_M} {_D}{_Y}", _named),
    (r"(?P<day>\d{1,2})(?:st|nd|rd|th|\.)", _of_month),
    (_M, _month_alone),
)
"""What is said, without “the”, “of” and “in”, and the days that it names; the first pattern that fits counts."""
