"""Figures as lines: pure. One table where there is room, else counts above times, else each agent for itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from desk.safe import safe_line
from desk.stats import Figures, Stats, Timing, Unanswered
from tui.widgets.row import LATE_AFTER
from tui.words.telling import UNIT, span
from tui.words.tongue import tr, trc

_NAME = 10
_TIME = 22
_GAP = 2
_NARROW = 1 + _NAME + 3 * _TIME
"""Columns below which there is no room for a table."""


def stats_lines(stats: Stats, width: int) -> list[Content]:
    """The figures of every agent and the team, and the unanswered tickets, oldest first."""
    rows = [*stats.agents, stats.team]
    if width >= _whole_width():
        table = [_line("", [*_count_heads(), *_time_heads()], "$muted")]
        table += [_line(_name(each), [*_counts(each), *_times(each)], _tone(each)) for each in rows]
    elif width < _NARROW:
        table = [line for each in rows for line in _slim(each)]
    else:
        table = [_line("", _count_heads(), "$muted")]
        table += [_line(_name(each), _counts(each), _tone(each)) for each in rows]
        table += [Content(""), _line("", _time_heads(), "$muted")]
        table += [_line(_name(each), _times(each), _tone(each)) for each in rows]
    return [Content(""), *table, Content(""), *_unanswered(stats, width)]


def long_span(seconds: int) -> str:
    """A length of time in its two largest units: 52m, 1h 10m, 2d 3h."""
    length = timedelta(seconds=seconds)
    unit = timedelta(days=1) if length >= timedelta(days=1) else timedelta(hours=1)
    whole, rest = divmod(length, unit)
    small = timedelta(hours=1) if unit == timedelta(days=1) else timedelta(minutes=1)
    if not whole or rest < small:
        return span(length)
    return f"{span(whole * unit)} {span(rest)}"


def bound_span(seconds: int) -> str:
    """A length of time in one unit, rounded up, so that none that it bounds is told as longer: 52m, 70m, 22h, 3d."""
    for size, unit in ((86400, "d"), (3600, "h"), (60, "m")):
        if seconds == size or seconds >= 2 * size:
            return f"{-(-seconds // size)}{trc(UNIT, unit)}"
    return span(timedelta(seconds=seconds))


def timing_words(timing: Timing) -> str:
    """Median, 90th percentile and n: `1h 10m   4h  n=28`; dashes where nothing was timed."""
    if timing.median is None or timing.p90 is None:
        return f"{'-':>7} {'-':>4}  n=0"
    return f"{long_span(timing.median):>7} {bound_span(timing.p90):>4}  n={timing.n}"


def _count_columns() -> list[tuple[str, int]]:
    """The columns of counts, each with its width."""
    names = (trc("column of figures", "open"), trc("column of figures", "replies"))
    more = (trc("column of figures", "closed"), trc("column of figures", "reopened"))
    return [(name, cell_len(name) + _GAP) for name in (*names, *more)]


def _whole_width() -> int:
    """Columns of the screen that all of it takes as one table."""
    return 1 + _NAME + sum(width for _, width in _count_columns()) + len(_time_heads()) * _TIME + _GAP


def _count_heads() -> list[str]:
    return [f"{name:>{width}}" for name, width in _count_columns()]


def _time_heads() -> list[str]:
    names = (tr("first answer"), tr("next answer"), tr("resolution"))
    return [set_cell_size(f"  {name:>14}", _TIME) for name in names]


def _name(figures: Figures) -> str:
    return safe_line(figures.agent) if figures.agent else tr("team")


def _counts(figures: Figures) -> list[str]:
    values = (figures.open, figures.replies, figures.closed, figures.reopened)
    return [f"{value:>{width}}" for value, (_, width) in zip(values, _count_columns(), strict=True)]


def _times(figures: Figures) -> list[str]:
    timings = (figures.first_response, figures.next_response, figures.resolution)
    return [set_cell_size(f"  {timing_words(each)}", _TIME) for each in timings]


def _slim(figures: Figures) -> list[Content]:
    """The figures of one below each other."""
    names = [name for name, _ in _count_columns()]
    counts = [f"{name} {value.strip()}" for name, value in zip(names, _counts(figures), strict=True)]
    times = [f"{name.strip():<15}{words.strip()}" for name, words in zip(_time_heads(), _times(figures), strict=True)]
    lines = ["  ".join(counts[:2]), "  ".join(counts[2:]), *times]
    return [
        Content.styled(f" {_name(figures)}", "bold"),
        *(Content.styled(f"   {each}", _tone(figures)) for each in lines),
    ]


def _tone(figures: Figures) -> str:
    return "bold $foreground" if figures.agent is None else "$foreground"


def _line(name: str, cells: Sequence[str], tone: str) -> Content:
    return Content.assemble((f" {set_cell_size(name, _NAME)}", tone), ("".join(cells).rstrip(), tone))


def _unanswered(stats: Stats, width: int) -> list[Content]:
    """A heading, and the tickets in columns."""
    if not stats.unanswered:
        return [Content.assemble((f" {tr('unanswered now: nobody waits')}", "$muted"))]
    waits = [_wait(each) for each in stats.unanswered]
    heading = tr("unanswered now: {count}, the longest wait first")
    across = max((width - 2) // 14, 1)
    rows = [waits[at : at + across] for at in range(0, len(waits), across)]
    return [
        Content.assemble((f" {heading.format(count=len(waits))}", "$muted")),
        *(Content("   ").join(row) for row in rows),
    ]


def _wait(waits: Unanswered) -> Content:
    """A ticket and how long it waits; in the colour of the list where that is too long."""
    waiting = timedelta(seconds=waits.waiting)
    tone = "$warning" if waiting > LATE_AFTER else "$foreground"
    return Content.styled(f"{waits.number:>6} {span(waiting):>4}", tone)
