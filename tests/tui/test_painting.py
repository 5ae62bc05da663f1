"""Frames are what Textual would paint, made of what changed and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec, module_from_spec

import pytest
from textual.app import App, ComposeResult
from textual.containers import Horizontal
from textual.geometry import Region
from textual.strip import Strip
from textual.widgets import Static

from desk.desk import Desk
from tests.desks import receive
from tests.tui.apps import NARROW, WIDE, Screen, showing
from tui.terminal.painting import paint_what_changed

Lines = Sequence[Mapping[int, Strip | None]]


def textuals_own(screen: Screen) -> Lines:
    """The whole screen as Textual makes it: from a copy of its module that nobody has changed."""
    spec = find_spec("textual._compositor")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    with screen.app._context():  # noqa: SLF001 - as a frame is made
        compositor = screen.app.screen._compositor  # noqa: SLF001 - there is no public way to read the screen
        make: Callable[..., Lines] = module.Compositor._render_chops  # noqa: SLF001 - as a frame is made
        return make(compositor, compositor.size.region, lambda _: True)


def ours(screen: Screen, crop: Region, *lines: int) -> Lines:
    with screen.app._context():  # noqa: SLF001 - as a frame is made
        compositor = screen.app.screen._compositor  # noqa: SLF001 - there is no public way to read the screen
        return compositor._render_chops(crop, (lines or crop.line_range).__contains__)  # noqa: SLF001 - likewise


def painted(lines: Lines) -> list[list[tuple[int, list[tuple[str, str]]]]]:
    """What stands on each line: the columns where pieces begin, their words and their looks."""
    return [
        [
            (begin, [(each.text, str(each.style)) for each in piece])
            for begin, piece in line.items()
            if piece is not None
        ]
        for line in lines
    ]


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])
@pytest.mark.parametrize("keys", ["", "?", "/Refund", "g?", "\r"], ids=["list", "help", "filter", "chord", "ticket"])
async def test_the_whole_screen_is_what_textual_would_paint(desk: Desk, size: tuple[int, int], keys: str) -> None:
    for number in range(5):
        receive(desk, subject=f"Refund {number}")
    async with showing(desk, size) as screen:
        await screen.until(lambda: screen.cursor is not None)
        await screen.press(*("enter" if key == "\r" else key for key in keys))
        assert painted(ours(screen, Region(0, 0, *size))) == painted(textuals_own(screen))


async def test_a_part_of_the_screen_is_painted_as_in_the_whole_and_what_is_beside_it_is_left_out(desk: Desk) -> None:
    receive(desk)
    async with showing(desk, WIDE) as screen:
        await screen.until(lambda: screen.shown is not None)
        whole, crop = painted(textuals_own(screen)), Region(0, 2, 30, 10)
        part = painted(ours(screen, crop, 3, 5))
    assert [y for y, line in enumerate(part) if line] == [3, 5]
    assert all(part[y] == [piece for piece in whole[y] if piece[0] < crop.right] for y in (3, 5))
    assert all(len(part[y]) < len(whole[y]) for y in (3, 5))


class Told(Static):
    """Notes which of its lines it is asked for."""

    asked: list[int] = []  # noqa: RUF012 - each has its own from the start

    def render_lines(self, crop: Region) -> list[Strip]:
        self.asked = [*self.asked, *crop.line_range]
        return super().render_lines(crop)


class Panes(App[None]):
    """Two widgets beside each other, and one that covers their upper half."""

    CSS = """
    Screen { layers: below above; }
    Horizontal { layer: below; height: 4; } Told { width: 1fr; height: 4; }
    #over { layer: above; width: 100%; height: 2; }
    """

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Told("one\ntwo\nthree\nfour", id="left")
            yield Told("1\n2\n3\n4", id="right")
        yield Told("over\nall", id="over")


@pytest.mark.parametrize(
    ("crop", "asked"),
    [
        (Region(0, 3, 5, 1), {"left": [3], "right": [], "over": []}),
        (Region(0, 1, 5, 2), {"left": [2], "right": [], "over": [1]}),
        (Region(5, 0, 30, 2), {"left": [], "right": [], "over": [0, 1]}),
        (Region(0, 0, 40, 10), {"left": [2, 3], "right": [2, 3], "over": [0, 1]}),
        (Region(0, 6, 40, 2), {"left": [], "right": [], "over": []}),
    ],
    ids=["left", "below-what-covers", "covered", "everything", "beside"],
)
async def test_only_what_will_be_written_is_asked_for(crop: Region, asked: dict[str, list[int]]) -> None:
    paint_what_changed()
    app = Panes()
    async with app.run_test(size=(40, 10)):
        for each in app.query(Told):
            each.asked = []
        app.screen._compositor._render_chops(crop, crop.line_range.__contains__)  # noqa: SLF001 - as a frame is made
        assert {str(each.id): each.asked for each in app.query(Told)} == asked
