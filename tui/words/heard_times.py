"""The time of an invitation as mail/invitations.py tells it, in the language of the screen.

“Mon 23 Nov 2026, 10:00 to 11:30 (Europe/Berlin), every week, 4 times”: days and months are shown as elsewhere on the
screen, the rest is told part by part; what nobody knows stays, such as the name of a time zone.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from tui.words.days import DAY, DAYS, MONTH, MONTHS
from tui.words.tongue import trc

_DATE = re.compile(rf"({'|'.join(DAYS)}) (\d{{1,2}}) ({'|'.join(MONTHS)}) (\d{{4}})")
_TO = re.compile(rf"(?<=\d) to (?=\d\d:\d\d|(?:{'|'.join(DAYS)}) )")
_BRACKETED = re.compile(r"(.*) \((.*)\)")


def heard_times(text: str, told: Callable[[str], str]) -> str:
    """A text that begins with a day, translated; empty for any other. `told` translates what stands around the days."""
    if not _DATE.match(text):
        return ""
    return ", ".join(_part(each, told) for each in _TO.sub(" – ", text).split(", "))


def _part(part: str, told: Callable[[str], str]) -> str:
    if found := _BRACKETED.fullmatch(part):
        return f"{_part(found[1], told)} ({told(found[2])})"
    return _DATE.sub(_day, part) if _DATE.search(part) else told(part)


def _day(found: re.Match[str]) -> str:
    return f"{trc(DAY, found[1])} {found[2]} {trc(MONTH, found[3])} {found[4]}"
