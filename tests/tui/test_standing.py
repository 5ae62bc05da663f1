"""What is written brings onto the terminal what is to stand there, and is no more than that needs."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

import pytest
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from desk.desk import Desk
from tests.desks import receive
from tests.tui.apps import NARROW, Screen, showing
from tests.tui.paper import Paper
from tui.terminal.standing import Standing

COLUMNS, ROWS = 40, 6
CONSOLE = Console(color_system="truecolor", force_terminal=True)
STYLES = [
    *(Style.parse(each) for each in ("#9fa6b3 on #15171b", "bold #d5d8de on #15171b", "#9fa6b3 on #2a3a54", "reverse")),
    *(Style.parse(each) for each in ("underline #f0b866", "dim italic", "bold underline", "none", "red on blue")),
    Style(link="https://acme.example"),
]
WORDS = ["Refund", " ", "    ", "é–…", "Не могу", "⚠ ", "退款", "🎉", "e\u0301", "\u0301", "12"]


def textuals_own(lines: Sequence[Strip]) -> str:
    return "".join(f"\x1b[{y + 1};1H{line.render(CONSOLE)}" for y, line in enumerate(lines))


def line(chance: random.Random) -> Strip:
    segments = [Segment(chance.choice(WORDS), chance.choice(STYLES)) for _ in range(chance.randint(0, 9))]
    return Strip(segments).adjust_cell_length(COLUMNS, chance.choice(STYLES[:3]))


def changes(chance: random.Random, lines: list[Strip]) -> Iterator[tuple[int, int, Strip]]:
    """Pieces of some lines: other ones, or the same with a word in it that is another."""
    for y in chance.sample(range(ROWS), chance.randint(0, ROWS)):
        begin = chance.choice([1, 7, 20])
        piece = line(chance) if chance.random() < 0.4 else lines[y]
        if chance.random() < 0.5:
            at = chance.randrange(COLUMNS - 2)
            piece = Strip.join(
                [*piece.divide([at, at + 2]), Strip([Segment("ab")]), *piece.divide([at + 2, COLUMNS])[1:]]
            )
        pieces = lines[y].crop(0, begin), piece.crop(begin, COLUMNS)
        lines[y] = Strip.join(pieces)
        yield from zip((y, y), (0, begin), pieces, strict=True)


@pytest.mark.parametrize("seed", range(40))
def test_whatever_changes_the_terminal_shows_what_textual_would_write(seed: int) -> None:
    chance, standing, paper = random.Random(seed), Standing(), Paper(COLUMNS, ROWS)
    lines = [line(chance) for _ in range(ROWS)]
    paper.feed(standing.bring([(y, 0, each) for y, each in enumerate(lines)], CONSOLE))
    for _ in range(12):
        paper.feed(standing.bring(list(changes(chance, lines)), CONSOLE))
        whole = Paper(COLUMNS, ROWS)
        whole.feed(textuals_own(lines))
        assert paper.lines == whole.lines


def strip(*words: str) -> Strip:
    return Strip([Segment(each, STYLES[0]) for each in words])


def test_only_what_changed_is_written() -> None:
    standing = Standing()
    standing.bring([(1, 0, strip(" is:open         12 of 45 "))], CONSOLE)
    written = standing.bring([(1, 0, strip(" is:open         13 of 45 "))], CONSOLE)
    assert written == "\x1b[2;19H\x1b[38;2;159;166;179;48;2;21;23;27m3\x1b[0m"
    assert not standing.bring([(1, 0, strip(" is:open         13 of 45 "))], CONSOLE)


def test_behind_a_character_of_which_terminals_think_differently_all_is_written_that_may_have_moved() -> None:
    standing = Standing()
    standing.bring([(1, 0, strip("Dana ", "🎉", " waits 3 days ")), (1, 21, strip("beside"))], CONSOLE)
    written = standing.bring([(1, 0, strip("Dana ", "🎉", " waits 4 days ")), (1, 21, strip("beside"))], CONSOLE)
    assert written.startswith("\x1b[2;1H")
    assert "🎉" in written
    assert " waits 4 days " in written
    assert "beside" in written


def test_rows_that_the_terminal_moved_are_known_where_they_are_now_and_those_that_came_in_are_not() -> None:
    standing = Standing()
    standing.bring([(y, 0, strip(f"row {y}")) for y in range(5)], CONSOLE)
    standing.move_up(1, 4, 1)
    assert not standing.bring([(1, 0, strip("row 2")), (2, 0, strip("row 3"))], CONSOLE)
    assert not standing.bring([(0, 0, strip("row 0")), (4, 0, strip("row 4"))], CONSOLE)
    assert "row 3" in standing.bring([(3, 0, strip("row 3"))], CONSOLE)


def test_what_is_forgotten_is_written_whole() -> None:
    standing = Standing()
    standing.bring([(0, 0, strip("Refund"))], CONSOLE)
    standing.forget()
    assert "Refund" in standing.bring([(0, 0, strip("Refund"))], CONSOLE)


def pieces(screen: Screen) -> list[tuple[int, int, Strip]]:
    with screen.app._context():  # noqa: SLF001 - as a frame is made
        lines = screen.app.screen._compositor.render_strips()  # noqa: SLF001 - there is no public way to read the screen
    return [(y, 0, line) for y, line in enumerate(lines)]


async def test_the_next_row_costs_fewer_than_500_bytes_where_there_are_all_colours(desk: Desk) -> None:
    for number in range(40):
        receive(desk, subject=f"Rechnung zeigt einen falschen Betrag {number}")
    standing = Standing()
    async with showing(desk, NARROW) as screen:
        await screen.sees("Betrag 9")
        standing.bring(pieces(screen), CONSOLE)
        for _ in range(15):
            await screen.press("j")
            assert 0 < len(standing.bring(pieces(screen), CONSOLE).encode()) < 500
