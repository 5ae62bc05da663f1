from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest

from desk.composing import MOST_MARKS, compose
from desk.filenames import clean_name
from desk.safe import safe
from desk.words import search_form

ENDLESS = "a" + "\u0301" * 400_000 + "\u0316" * 400_000 + "b"
"""Composing this takes a quarter of an hour where all marks are sorted."""


@pytest.mark.parametrize(
    "text", ["Zoë", "e\u0301 u\u0323\u0302", "क्षत्रिय", "שָׁ֑לוֹם", "ភាសាខ្មែរ", "─" * 80, "👍🏽" * 40, "\u3000" * 99]
)
def test_what_people_write_is_composed_as_unicode_says(text: str) -> None:
    assert compose(text) == unicodedata.normalize("NFC", text)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("made", [compose, safe, search_form, clean_name], ids=lambda made: made.__name__)
def test_endless_marks_on_a_letter_cost_no_more_than_other_text(made: Callable[[str], str]) -> None:
    assert len(made(ENDLESS)) <= MOST_MARKS + 2


def test_every_mark_that_is_sorted_is_counted() -> None:
    sorted_ones = [char for char in map(chr, range(0x300, 0x110000)) if unicodedata.combining(char)]
    for char in sorted_ones:
        assert len(compose("a" + char * 100)) <= MOST_MARKS * 3 + 1, f"U+{ord(char):04X}"
