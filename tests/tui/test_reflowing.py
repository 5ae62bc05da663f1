"""Mail that was broken for a wider screen breaks once on a narrow one, and what is no prose stays as it is."""

from __future__ import annotations

import textwrap
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.reader.reflowing import reflowed

_PROSE = (
    "I write many complaints in my life, so it is only fair that I write this one too: "
    "the desk lamp came a day early, the box was small enough for the letter slot, and "
    "the switch makes a very good click."
)
_NARROW = 58


def test_a_paragraph_that_a_program_broke_is_one_line_again() -> None:
    lines = ["Hello Acme,", "", *textwrap.wrap(_PROSE, 78), "", "Olive"]
    assert list(reflowed(lines, _NARROW)) == ["Hello Acme,", "", _PROSE, "", "Olive"]


def test_a_paragraph_goes_on_after_a_colon_at_the_end_of_a_line() -> None:
    first, second = _PROSE.split(" the desk", 1)
    lines = [first, *textwrap.wrap("the desk" + second, len(first))]
    assert list(reflowed(lines, _NARROW)) == [_PROSE]


def test_a_screen_that_is_wide_enough_shows_each_line_as_it_was_written() -> None:
    lines = textwrap.wrap(_PROSE, 78)
    assert list(reflowed(lines, 78)) == lines


@pytest.mark.parametrize(
    "make",
    [
        lambda line: f"> {line}",
        lambda line: f"- {line}",
        lambda line: f"  {line}",
        lambda line: line.replace(" ", "  "),
        lambda line: line.replace(" ", "\t", 1),
        lambda line: line.replace(" ", "|"),
        lambda line: f"12:04:01 {line}",
        lambda line: f"{line};",
    ],
    ids=["quotation", "list", "indent", "columns", "tabs", "table", "log", "program"],
)
def test_what_is_no_prose_stays_as_it_is(make: Callable[[str], str]) -> None:
    lines = [make(line) for line in textwrap.wrap(_PROSE, 70)]
    assert list(reflowed(lines, _NARROW)) == lines


@pytest.mark.parametrize(
    "text",
    [
        (
            "Nov 12 10:11:12 host kernel: something failed while reading the disk\n"
            "Nov 12 10:11:13 host kernel: something failed while reading the disk\n"
            "Nov 12 10:11:14 host kernel: again"
        ),
        (
            "Shall I compare thee to a summer's day and then another day?\n"
            "Thou art more lovely and more temperate than the day was:\n"
            "Rough winds do shake the darling buds of May, and then it is"
        ),
        (
            "ACME Returns and Repairs Department Limited Sofia Bulgaria\n"
            "Store House Number Fourteen, Second Floor, Lozenets\n"
            "United Kingdom"
        ),
        (
            "a) the first thing that is long enough to be some sixty-eight letters\n"
            "b) the second thing that is long enough to be some sixty-nine letters"
        ),
        (
            "kernel: something failed while the machine was reading the third disk\n"
            "kernel: something failed while the machine was reading the third disk"
        ),
        (
            "here is what you need to know of the place where you send it back to:\n"
            "Warehouse number fourteen, second floor, Lozenets, Sofia, Bulgaria"
        ),
        "as it is, the lamp that came yesterday is broken and cannot be mended.\nBest regards",
    ],
    ids=["syslog", "poem", "address", "letters", "names", "after a colon", "greeting"],
)
def test_lines_that_stand_for_themselves_are_not_put_together(text: str) -> None:
    lines = text.split("\n")
    assert list(reflowed(lines, _NARROW - 20)) == lines


def test_a_line_that_its_writer_ended_early_ends_there() -> None:
    whole = textwrap.wrap(_PROSE, 78)
    lines = [*whole[:-1], "It was fine with me.", "Please keep it up, all of you."]
    assert list(reflowed(lines, _NARROW)) == [" ".join(whole[:-1]) + " It was fine with me.", lines[-1]]


def test_lines_that_no_program_broke_stay_as_they_are() -> None:
    lines = [_PROSE, "and one more line of it that is shorter"]
    assert list(reflowed(lines, _NARROW)) == lines


@given(st.text(alphabet="ab >-\n", max_size=400), st.integers(2, 100))
def test_no_character_but_a_line_end_changes(text: str, width: int) -> None:
    lines = text.split("\n")
    assert "\n".join(reflowed(lines, width)).replace("\n", " ") == text.replace("\n", " ")
