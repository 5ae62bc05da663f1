from __future__ import annotations

from datetime import UTC, datetime

import pytest

from desk.people import Handle
from desk.stats import Figures, Stats, Timing, Unanswered
from desk.ticket import TicketNumber
from tui.lists.figures import bound_span, long_span, stats_lines, timing_words

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
NONE = Timing(None, None, 0)


def figures(agent: str | None) -> Figures:
    return Figures(
        agent=Handle(agent) if agent else None,
        open=5,
        assigned=7,
        replies=41,
        closed=33,
        reopened=2,
        first_response=Timing(4200, 14400, 28),
        next_response=NONE,
        resolution=Timing(26400, 172800, 33),
    )


def told(width: int, *unanswered: Unanswered) -> str:
    stats = Stats(NOW, NOW, (figures("ana"), figures("bo")), figures(None), unanswered)
    return "\n".join(line.plain for line in stats_lines(stats, width))


@pytest.mark.parametrize("width", [80, 120])
def test_every_figure_has_its_median_its_90th_percentile_and_its_n(width: int) -> None:
    table = told(width)
    assert table.count("1h 10m   4h  n=28") == 3
    assert table.count("7h 20m   2d  n=33") == 3
    assert max(map(len, table.split("\n"))) <= width


def test_agents_and_team_have_a_row_each() -> None:
    rows = [line.split() for line in told(120).split("\n") if line.strip()]
    assert ["ana", "5", "41", "33", "2"] in [row[:5] for row in rows]
    assert ["team", "5", "41", "33", "2"] in [row[:5] for row in rows]


def test_nothing_timed_is_a_dash_never_a_zero() -> None:
    assert timing_words(NONE).split() == ["-", "-", "n=0"]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(40, "40s"), (3120, "52m"), (3600, "1h"), (4200, "1h 10m"), (90000, "1d 1h"), (86400 * 40, "40d")],
)
def test_a_length_of_time_in_its_two_largest_units(seconds: int, words: str) -> None:
    assert long_span(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(3100, "52m"), (3600, "1h"), (4200, "70m"), (79080, "22h"), (90000, "25h"), (172801, "3d"), (86400 * 40, "40d")],
)
def test_a_length_of_time_that_bounds_others_is_rounded_up(seconds: int, words: str) -> None:
    assert bound_span(seconds) == words


def test_the_unanswered_stand_beside_the_averages() -> None:
    table = told(80, Unanswered(TicketNumber(1039), 18000), Unanswered(TicketNumber(1044), 840))
    assert "unanswered now: 2" in table
    assert "1039   5h" in table
    assert "1044  14m" in table
    assert "nobody waits" in told(80)


def test_only_who_waits_too_long_stands_in_the_colour_of_a_warning() -> None:
    stats = Stats(
        NOW, NOW, (), figures(None), (Unanswered(TicketNumber(1039), 18000), Unanswered(TicketNumber(1044), 840))
    )
    line = next(each for each in stats_lines(stats, 80) if "1039" in each.plain)
    warned = [line.plain[each.start : each.end] for each in line.spans if each.style == "$warning"]
    assert [each.split() for each in warned] == [["1039", "5h"]]
