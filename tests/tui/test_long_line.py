"""A line as long as a whole text is painted as any other is, but row by row."""

from __future__ import annotations

import pytest
from rich.text import Text
from textual import events

from desk.desk import Desk
from tests.desks import receive
from tests.tui.apps import Screen
from tests.tui.composing import area, begun, inbox
from tui.widgets.long_line import LONG, LongLine

WORDS = "e\u0301 ж\t注 ⟦sum⟧ 👩 " * 500
CUTS = [7, 80, 81, 2_000, 4_100]


def styled(line: Text) -> Text:
    line.set_length(len(line) + 1)
    line.stylize("bold", 5, 90)
    line.stylize("red", 80, 81)
    line.stylize("reverse", len(line) - 1, len(line))
    return line


@pytest.mark.parametrize("row", range(len(CUTS) + 1))
def test_each_row_is_what_it_is_where_the_whole_line_is_cut(row: int) -> None:
    long = styled(LongLine(WORDS)).divide(CUTS)
    usual = styled(Text(WORDS, end="", no_wrap=True)).divide(CUTS)
    made = long[row]
    assert (made.plain, sorted(made.spans)) == (usual[row].plain, sorted(usual[row].spans))
    assert [long[at].plain.count("\t") for at in range(row)] == [usual[at].plain.count("\t") for at in range(row)]


async def pasted(screen: Screen, text: str) -> str:
    await begun(screen, "r")
    screen.app.post_message(events.Paste(text))
    await screen.until(lambda: area(screen).text == text)
    await screen.pilot.pause()
    return screen.text


async def test_a_long_line_stands_there_row_by_row_with_its_marks(desk: Desk) -> None:
    receive(desk)
    text = "cafe\u0301 déjà vu ⟦sum⟧ " * 300 + "\tthe end"
    assert len(text) > LONG
    async with inbox(desk) as screen:
        shown = await pasted(screen, text)
        assert "the end" in shown
        assert shown.count("⟦sum⟧") > 20
