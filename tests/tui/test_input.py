"""What a terminal sends, told apart: pasted texts from keys, and Esc from what is typed behind it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.events import Key

from tui.terminal.ear import Ear
from tui.terminal.input import Escape, Escaped, Keys, Pasted, Piece, Sieve

_OPEN, _SHUT = "\x1b[200~", "\x1b[201~"
_STREAM = f"a\x1b[B{_OPEN}x\x1b]52;c;UFdO\x07\x1b\x1by{_OPEN}\x1b[201{_SHUT}\x1b/\x1b[<0;3;4M\x1b\x1b[27u\x1bOAz"
_PIECES = [
    Keys("a"),
    Keys("\x1b[B"),
    Pasted(f"x\x1b]52;c;UFdO\x07\x1b\x1by{_OPEN}\x1b[201"),
    Escaped("/"),
    Keys("\x1b[<0;3;4M"),
    Escape(),
    Keys("\x1b[27u"),
    Keys("\x1bOA"),
    Keys("z"),
]


def sifted(*parts: str) -> list[Piece]:
    """What comes of these parts, runs of plain keys as one."""
    sieve, pieces = Sieve(), list[Piece]()
    for piece in (*(each for part in parts for each in sieve.feed(part)), *sieve.give_up()):
        before = pieces[-1] if pieces else None
        if isinstance(piece, Keys) and isinstance(before, Keys) and "\x1b" not in before.text + piece.text:
            pieces[-1] = Keys(before.text + piece.text)
        else:
            pieces.append(piece)
    return pieces


@pytest.mark.parametrize("at", range(len(_STREAM)))
def test_wherever_it_is_cut_a_stream_means_the_same(at: int) -> None:
    assert sifted(_STREAM[:at], _STREAM[at:]) == _PIECES


def test_a_stream_that_comes_one_character_at_a_time_means_the_same() -> None:
    assert sifted(*_STREAM) == _PIECES


@given(
    st.text(st.sampled_from("\x1b[]201~;aO\x07\r\x9b") | st.characters(), max_size=60).filter(
        lambda text: _SHUT not in text
    ),
    st.lists(st.integers(0, 80), max_size=6),
)
def test_whatever_is_pasted_is_one_text_and_no_key(text: str, cuts: list[int]) -> None:
    sent = f"{_OPEN}{text}{_SHUT}"
    marks = sorted({0, *(min(each, len(sent)) for each in cuts), len(sent)})
    pieces = sifted(*(sent[start:end] for start, end in pairwise(marks)))
    assert pieces[0] == Pasted(f"{text}{_SHUT}".partition(_SHUT)[0])


@given(st.text(st.sampled_from("\x1b[]O0123;<~Mab/ \r\t") | st.characters(), max_size=80))
def test_nothing_that_is_typed_is_lost(text: str) -> None:
    again = ""
    for piece in sifted(*text):
        match piece:
            case Keys(keys):
                again += keys
            case Escaped(character):
                again += f"\x1b{character}"
            case Escape():
                again += "\x1b"
            case Pasted(words):
                again += f"{_OPEN}{words}{_SHUT}"
    assert text.startswith(again) if _OPEN in text else again == text


@pytest.mark.parametrize("sign", "/:?*,! =@éeEbf", ids=lambda sign: f"x{ord(sign):x}")
def test_a_character_right_behind_esc_leaves_both(sign: str) -> None:
    assert sifted(f"\x1b{sign}") == [Escaped(sign)]


@pytest.mark.parametrize("character", [chr(code) for code in range(ord(" "), 0x17F) if chr(code) not in "[O"])
def test_esc_and_a_character_are_never_another_key(character: str) -> None:
    if character.isprintable():
        heard = [each for each in Ear().hear(f"\x1b{character}".encode()) if isinstance(each, Key)]
        assert [each.character for each in heard] == [character]
        assert all(each.key.startswith("alt+") for each in heard)


@pytest.mark.parametrize(("sent", "key"), [("\x1b[1;5D", "ctrl+left"), ("\x1b[1;5C", "ctrl+right")])
def test_a_sequence_that_moves_by_words_stays_one_key(sent: str, key: str) -> None:
    assert [each.key for each in Ear().hear(sent.encode()) if isinstance(each, Key)] == [key]


def test_esc_alone_and_the_beginning_of_a_sequence_wait_for_what_follows() -> None:
    sieve = Sieve()
    assert list(sieve.feed("\x1b")) == []
    assert sieve.is_waiting
    assert list(sieve.feed("[")) == []
    assert list(sieve.feed("B")) == [Keys("\x1b[B")]
    assert not sieve.is_waiting


def test_a_paste_that_stops_midway_waits_for_its_end_however_long() -> None:
    sieve = Sieve()
    assert list(sieve.feed(f"{_OPEN}one\x1b[20")) == []
    assert not sieve.is_waiting
    assert list(sieve.give_up()) == []
    assert list(sieve.feed("1~")) == [Pasted("one")]


@pytest.mark.parametrize("at", range(1, len(_OPEN)))
def test_what_begins_a_paste_may_come_in_two_parts_however_late_the_second(at: int) -> None:
    sieve = Sieve()
    pieces = [*sieve.feed(_OPEN[:at]), *sieve.give_up(), *sieve.feed(f"{_OPEN[at:]}ouy{_SHUT}")]
    assert pieces[-1] == Pasted("ouy")
    assert len(pieces) == (2 if at <= len("\x1b[") else 1)
