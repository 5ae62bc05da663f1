from __future__ import annotations

import unicodedata

import pytest

from desk.safe import DANGEROUS, is_masked, is_tampered, safe, safe_line

BLANK = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
DRIVING = "\x00\x07\x08\x1b\x7f\x9b\x9d\u200b\u200e\u202e\u2066\ufeff\U000e0041"


@pytest.mark.parametrize("character", [*BLANK, *DRIVING], ids=lambda character: f"U+{ord(character):04X}")
def test_what_drives_a_terminal_or_cannot_be_seen_is_shown_as_taken_out(character: str) -> None:
    for clean in (safe, safe_line):
        assert clean(f"a{character}b") == "a\ufffdb"
    assert is_tampered(character)


@pytest.mark.parametrize("character", BLANK, ids=lambda character: f"U+{ord(character):04X}")
def test_a_name_of_blank_letters_does_not_look_empty(character: str) -> None:
    assert safe_line(character * 3) == "\ufffd" * 3


@pytest.mark.parametrize("text", ["Zoë Łuczak", "山田 太郎", "김민수", "ភាសាខ្មែរ", "اردو", "⠓⠑⠇⠇⠕", "👍"])
def test_what_people_write_stays_as_it_is(text: str) -> None:
    assert safe(text) == safe_line(text) == text
    assert not is_tampered(text)


def test_breaks_of_every_kind_become_line_feeds_and_one_blank_in_a_line() -> None:
    text = "a\r\nb\rc\u2028d\x0be"
    assert safe(text) == "a\nb\nc\nd\ne"
    assert safe_line(text) == "a b c d e"


def test_text_is_composed_before_it_is_judged() -> None:
    assert safe("e\u0301") == unicodedata.normalize("NFC", "e\u0301")
    assert DANGEROUS.search(safe("".join(map(chr, range(0x110000))))) is None


def test_a_soft_hyphen_goes_without_a_trace() -> None:
    assert safe_line("Donau\u00addampf\u00adschiff") == "Donaudampfschiff"
    assert not is_tampered("Donau\u00addampf")


def test_joiners_in_words_and_emoji_go_without_a_trace_but_not_out_of_what_looks_like_an_address() -> None:
    assert safe("می\u200cخواهم 👩\u200d👧") == "میخواهم 👩👧"
    assert safe_line("🤷\u200d♂\ufe0f क्\u200dष") == "🤷♂ क्ष"
    assert safe("pay\u200dpal.example") == "pay\ufffdpal.example"


def test_joiners_in_words_and_emoji_are_no_masks() -> None:
    assert not is_masked("می\u200cخواهم 👩\u200d👧")
    assert is_masked("Refund \u202egpj.exe")


def test_marks_of_direction_go_without_a_trace_out_of_what_is_written_from_right_to_left() -> None:
    assert safe("\u200fשלום (abc)\u200f!\n") == "שלום (abc)!\n"
    assert safe_line("مرحبا\u200e 42\u061c") == "مرحبا 42"
    assert not is_masked("\u200fדנה")
    assert safe("pay\u200epal.example \u202eשלום") == "pay\ufffdpal.example \ufffdשלום"
    assert safe("pay\u200epal.example") == "pay\ufffdpal.example"
