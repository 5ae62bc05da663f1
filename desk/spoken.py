"""The words for a moment in English, read from left to right: a day, a time of the day, a length of time.

Which words name which days is in desk/spoken_days.py; when all of it is for the clocks of the world, in
desk/moments.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import time, timedelta

from desk.calendar_days import Days, business_days, counted_on, days_on, months_on
from desk.spoken_days import DAYS, WEEKDAY_NAMES, Naming, Unspoken

_UNITS = {
    "minute": ("m", "min", "mins", "minute", "minutes"),
    "hour": ("h", "hr", "hrs", "hour", "hours"),
    "day": ("d", "day", "days"),
    "business": ("bd", "workday", "workdays", "business day", "business days", "working day", "working days"),
    "week": ("w", "wk", "wks", "week", "weeks"),
    "fortnight": ("fortnight", "fortnights"),
    "month": ("mo", "mos", "month", "months"),
    "year": ("y", "yr", "yrs", "year", "years"),
}
_UNIT = {word: unit for unit, words in _UNITS.items() for word in words}
_COUNTED: dict[str, Callable[[int], Days]] = {
    "day": days_on,
    "business": business_days,
    "week": lambda count: days_on(7 * count),
    "fortnight": lambda count: days_on(14 * count),
    "month": months_on,
    "year": lambda count: months_on(12 * count),
}
_WORDS = ("a", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twelve", "an")
_NUMBERS = {**{name: at for at, name in enumerate(_WORDS) if at}, "a": 1, "an": 1, "twelve": 12}

PARTS: dict[str, time | None] = {
    "morning": None,
    "noon": time(12),
    "midday": time(12),
    "afternoon": time(14),
    "evening": time(18),
    "night": time(20),
    "midnight": time(0),
}
"""Parts of a day, and when they begin; the morning begins when work does."""
_LATE = frozenset({"afternoon", "evening", "night"})

_SAID_OTHERWISE = {
    "tonight": "today night",
    **dict.fromkeys(("eod", "end of day", "end of the day", "cob", "close of business"), "evening"),
    **dict.fromkeys(("eow", "end of the week"), "end of week"),
    **dict.fromkeys(("eom", "end of the month"), "end of month"),
    **dict.fromkeys(("next business day", "next working day", "next workday"), "1 business day"),
    "half an hour": "30 min",
    "half hour": "30 min",
}
_ALONE = {
    **dict.fromkeys(("later", "later today"), "3 h"),
    **dict.fromkeys(("eod", "end of day", "end of the day", "cob", "close of business"), "today evening"),
}
"""What means this only where nothing else is said: without a day the end of today is meant, though it be past."""
_OTHERWISE = re.compile(rf"\b(?:{'|'.join(sorted(_SAID_OTHERWISE, key=len, reverse=True))})\b")
_A_DAY = "|".join(sorted({*WEEKDAY_NAMES, "today", "tomorrow", "tom", "tmr", "tmrw"} - {"mon"}, key=len, reverse=True))
"""Words for a day behind an hour; “3 mon” may be three months."""
_REWRITTEN = (
    (re.compile(r"(?<=\d) ?o['’]?clock\b"), ":00"),
    (re.compile(r"\b([ap])\.m\.?"), r"\1m"),
    (re.compile(r"\bat (\d{1,2})(?=$|[ ,])(?! ?[ap]m)"), r"\1:00"),
    (re.compile(rf"^(\d{{1,2}}) (?=(?:on )?(?:next |this )?(?:{_A_DAY})\b)"), r"\1:00 "),
    (re.compile(rf"^(\d{{1,2}})\.(\d{{2}}) (?=(?:on )?(?:next |this )?(?:{_A_DAY})\b)"), r"\1:\2 "),
    (re.compile(r"\bfrom now\b"), ""),
)
"""Forms of a time that are said in another one, in order: `9 o'clock`, `9 a.m.`, `at 9`, `9 fri`, `9.30 fri`."""
_FILLERS = re.compile(r"\b(?:at|on|in|the|of|until|till|til|by|for|and)\b(?!\S)|,")
_ANY_UNIT = "|".join(sorted(_UNIT, key=len, reverse=True))
_GLUED = re.compile(rf"(?<=\d)(?P<unit>{_ANY_UNIT})(?=\d|\b)")
_STAMP = re.compile(r"(?<=-\d{2})t(?=\d{2}:)")
_DOTTED = re.compile(r"\d{1,2}\.(\d{2})")
_NOON, _LATEST_MONTH = 12, 12


@dataclass(slots=True)
class Spoken:
    """What was said. `length` passes on the clock (hours, minutes); `days` have a time of the day, or none.

    `is_counted`: the days were counted from today. `is_weekday`: without a time today is not meant, though it be one.
    """

    days: Days | None = None
    clock: time | None = None
    part: str = ""
    length: timedelta = timedelta()
    is_counted: bool = False
    is_weekday: bool = False

    @property
    def has_time(self) -> bool:
        """Whether a time of the day was said."""
        return self.clock is not None or bool(self.part)

    def time(self, morning: time) -> time:
        """The time of the day; of a part of it only, when that begins."""
        if self.clock is None:
            return PARTS.get(self.part) or morning
        is_late = self.part in _LATE and 0 < self.clock.hour < _NOON
        return self.clock.replace(hour=self.clock.hour + _NOON) if is_late else self.clock


def spoken(text: str) -> Spoken:
    """What a text says of a moment.

    Raises:
        Unspoken: nothing that can be understood, or something twice.
    """
    said, rest = Spoken(), _plain(text)
    if not rest:
        raise Unspoken("no day and no time is said")
    while rest:
        taken = _take(said, rest)
        if not taken:
            raise Unspoken(f"“{rest.split()[0][:30]}” means no day and no time")
        rest = rest[taken:].strip()
    if said.length and (said.has_time or (said.days and not said.is_counted)):
        raise Unspoken("a length of time does not go with another time")
    return said


def _take(said: Spoken, rest: str) -> int:
    """Take the first piece in; returns how many characters it has, 0 where it is none."""
    for pattern, take in _PIECES:
        if (found := pattern.match(rest)) and take(said, found):
            return found.end()
    return 0


def _plain(text: str) -> str:
    """The words that count, one blank between them."""
    text = " ".join(text.casefold().split())
    text = _OTHERWISE.sub(lambda found: _SAID_OTHERWISE[found[0]], _ALONE.get(text, text))
    for form, other in _REWRITTEN:
        text = form.sub(other, text)
    text = _STAMP.sub(" ", _FILLERS.sub(" ", text))
    return " ".join(_GLUED.sub(r" \g<unit> ", text).split())


def _length(said: Spoken, found: re.Match[str]) -> bool:
    """`2 weeks`, `a month`, `3 business days`, `1h`, `90 min`."""
    unit, amount = _UNIT[found["unit"]], float(_NUMBERS.get(found["count"], found["count"]))
    if not amount:
        raise Unspoken(f"“{found[0]}” is no time at all")
    if unit in ("hour", "minute"):
        said.length += timedelta(**{f"{unit}s": amount})
        return True
    if amount != int(amount):
        raise Unspoken("only hours and minutes can be parted")
    days = _COUNTED[unit](int(amount))
    if said.days is not None and not said.is_counted:
        raise Unspoken(f"“{found[0][:30]}” is a second day")
    said.days, said.is_counted = counted_on(said.days, days) if said.days else days, True
    return True


def _day(naming: Naming) -> Callable[[Spoken, re.Match[str]], bool]:
    def take(said: Spoken, found: re.Match[str]) -> bool:
        if _is_time(said, found[0]):
            return False
        if said.days is not None:
            raise Unspoken(f"“{found[0][:30]}” is a second day")
        said.days, said.is_weekday = naming(found), "weekday" in found.re.groupindex
        return True

    return take


def _is_time(said: Spoken, text: str) -> bool:
    """Whether what looks like a day, `9.30`, is a time: a day is said already, or there is no such month."""
    dotted = _DOTTED.fullmatch(text)
    return dotted is not None and (said.days is not None or not 1 <= int(dotted[1]) <= _LATEST_MONTH)


def _part(said: Spoken, found: re.Match[str]) -> bool:
    """`morning`, `noon`, `evening`."""
    if said.part:
        raise Unspoken(f"“{found[0]}” is a second time")
    said.part = found[0]
    return True


def _clock(said: Spoken, found: re.Match[str]) -> bool:
    """`14:30`, `9am`, `9` behind a day."""
    is_hour_alone = not found["minute"] and not found["half"]
    if is_hour_alone and said.days is None:
        raise Unspoken(f"it is not said what the {found['hour']} counts")
    if said.clock is not None:
        raise Unspoken(f"“{found[0]}” is a second time")
    said.clock = _time(int(found["hour"]), int(found["minute"] or 0), found["half"])
    if said.clock is None:
        raise Unspoken(f"there is no time “{found[0]}”")
    return True


def _time(hour: int, minute: int, half: str | None) -> time | None:
    if half:
        hour = hour % _NOON + (_NOON if half == "pm" else 0) if 1 <= hour <= _NOON else -1
    try:
        return time(hour, minute)
    except ValueError:
        return None


_COUNT = rf"(?P<count>\d{{1,6}}(?:\.\d{{1,2}})?|{'|'.join(_NUMBERS)})"
_PIECES: tuple[tuple[re.Pattern[str], Callable[[Spoken, re.Match[str]], bool]], ...] = tuple(
    (re.compile(rf"(?:{pattern})(?!\S)"), take)
    for pattern, take in (
        (rf"{_COUNT} (?P<unit>{_ANY_UNIT})", _length),
        *((pattern, _day(naming)) for pattern, naming in DAYS),
        ("|".join(PARTS), _part),
        (r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?(?::00)? ?(?P<half>[ap]m)?", _clock),
    )
)
