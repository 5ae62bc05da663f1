"""Days of the week and months, as short as the language of the screen has them."""

from __future__ import annotations

from datetime import datetime

from tui.words.tongue import trc

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DAY, MONTH = "day of the week", "month after its day"
"""What these words are about, in the catalogs."""


def weekday(at: datetime) -> str:
    """Mon to Sun."""
    return trc(DAY, DAYS[at.weekday()])


def month(at: datetime) -> str:
    """Jan to Dec, as it stands after a day: 20 Nov."""
    return trc(MONTH, MONTHS[at.month - 1])
