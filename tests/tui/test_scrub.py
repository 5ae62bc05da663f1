from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from tui.terminal.scrub import Scrub

BLACK = Color(0, 0, 0)


def scrubbed(*segments: Segment) -> list[Segment]:
    return Scrub().apply(list(segments), BLACK)


def test_characters_that_drive_a_terminal_are_taken_out() -> None:
    (segment,) = scrubbed(Segment("a\x1b]0;b\x07\x9b2J\u202ec\u200b"))
    assert segment.text == "a]0;b2Jc"


def test_links_that_hold_control_characters_are_taken_off() -> None:
    (bad, good) = scrubbed(
        Segment("x", Style(link="https://a.example/\x1b\\\x1b]52;c;eA==\x07", bold=True)),
        Segment("y", Style(link="https://a.example/")),
    )
    assert bad.style is not None
    assert bad.style.link is None
    assert bad.style.bold
    assert good.style is not None
    assert good.style.link == "https://a.example/"


def test_everything_else_is_painted_as_it_is() -> None:
    segment = Segment("Jürgen 佐藤 Иван [#123] ⚠", Style(bold=True))
    assert scrubbed(segment) == [segment]


def test_what_another_encoding_cannot_show_keeps_its_width() -> None:
    (segment,) = Scrub("iso-8859-1").apply([Segment("Jürgen 佐藤 ж ▸")], BLACK)
    assert segment.text == "Jürgen ???? ? >"
