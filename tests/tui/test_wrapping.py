from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tui.reader.wrapping import fit, wrap


def test_a_line_that_fits_stays_as_it_is() -> None:
    assert wrap("  a line", 20) == ["  a line"]
    assert wrap("", 20) == [""]


def test_a_line_breaks_between_words() -> None:
    assert wrap("the refund has not arrived", 12) == ["the refund", "has not", "arrived"]


def test_a_word_longer_than_the_line_is_cut() -> None:
    assert wrap("see https://example.org/abcdef now", 10) == ["see", "https://ex", "ample.org/", "abcdef now"]


def test_japanese_breaks_between_characters_but_never_before_a_full_stop() -> None:
    assert wrap("明日発送いたします。", 18) == ["明日発送いたしま", "す。"]


def test_quotation_marks_are_repeated_on_every_line() -> None:
    assert wrap("> > one two three", 11) == ["> > one two", "> > three"]


@given(
    st.text(alphabet="ab >注文。👍🏽e\u0301", max_size=200) | st.text(alphabet="ab >я", max_size=200),
    st.integers(2, 40),
)
def test_no_line_is_wider_than_asked_and_no_character_is_lost(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert max(map(cell_len, lines)) <= width
    assert "".join(lines).replace(" ", "").replace(">", "") == text.replace(" ", "").replace(">", "")


def test_a_text_is_cut_with_an_ellipsis() -> None:
    assert fit("注文について", 7) == "注文に…"
    assert fit("short", 5) == "short"
    assert fit("longer", 1) == "…"
    assert fit("longer", 0) == ""


@pytest.mark.parametrize("text", ["a" * 1_000_000, " " * 1_000_000, "> " * 300_000, "注" * 300_000])
def test_endless_lines_are_wrapped_in_linear_time(text: str) -> None:
    started = time.thread_time()
    wrap(text, 76)
    assert time.thread_time() - started < 3.0
