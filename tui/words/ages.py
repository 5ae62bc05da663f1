"""How long ago something was or when it will be, in the few letters of a row."""

from __future__ import annotations

from datetime import datetime, timedelta

from tui.words.days import month, weekday
from tui.words.telling import UNIT, span
from tui.words.tongue import trc


def brief(length: timedelta) -> str:
    """A length of time in at most three letters: 40s, 14m, 99d, 57w."""
    return span(length) if length < timedelta(days=100) else f"{min(length.days // 7, 99)}{trc(UNIT, 'w')}"


def age(at: datetime, now: datetime) -> str:
    """How long something is over, in at most three letters, from a minute on."""
    return brief(max(now - at, timedelta(minutes=1)))


def until(wakes: datetime, now: datetime) -> str:
    """When something wakes, in three letters: a length of time, and a weekday where that says more."""
    rest = wakes - now
    return weekday(wakes.astimezone()) if timedelta(hours=20) < rest < timedelta(days=6) else brief(rest)


def day(at: datetime, now: datetime) -> str:
    """When something was, in at most six letters: 09:41, 20 Nov, 2025."""
    at, now = at.astimezone(), now.astimezone()
    if at.date() == now.date():
        return f"{at:%H:%M}"
    return f"{at.day} {month(at)}" if abs(now - at) < timedelta(days=300) else f"{at:%Y}"
