"""What a terminal sends, told apart: pasted texts from keys, and Esc from what is typed behind it."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.events import Event, Key, MouseEvent, Resize
from textual.messages import TerminalSupportsSynchronizedOutput

from tui.terminal.ear import Ear
from tui.terminal.input import Escape, Escaped, Keys, Pasted, Piece, Sieve, Unread

_OPEN, _SHUT = "\x1b[200~", "\x1b[201~"
_ANSWERS = (
    "\x1b[>41;351;0c",
    "\x1b[?62;22;52c",
    "\x1b[?0u",
    "\x1b[?997;1n",
    "\x1b[0n",
    "\x1b[24;80R",
    "\x1b[8;24;80t",
    "\x1b[?7;1$y",
    "\x1b[4;2$y",
    "\x1b]11;rgb:1e1e/1e1e/2e2e\x07",
    "\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\",
    "\x1b]52;c;UFdO\x1b\\",
    "\x1bP1$r0m\x1b\\",
    "\x1bP>|tmux 3.4\x1b\\",
    "\x1bP!|7E565445\x1b\\",
    "\x1bP1+r544e=787465726d\x1b\\",
    "\x1b_Gi=31;OK\x1b\\",
)
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
        elif isinstance(piece, Unread) and isinstance(before, Unread):
            pieces[-1] = Unread(before.text + piece.text)
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


@given(st.text(st.sampled_from("\x1b[]OP_0123;<~Mab/ \r\t") | st.characters(), max_size=80))
def test_nothing_that_is_typed_is_lost(text: str) -> None:
    again = ""
    for piece in sifted(*text):
        match piece:
            case Keys(keys):
                again += keys
            case Unread(words):
                again += words
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


@pytest.mark.parametrize("character", [chr(code) for code in range(ord(" "), 0x17F) if chr(code) not in "[O]P_"])
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


class _Listener:
    """An ear, and the time that passes for it."""

    def __init__(self) -> None:
        self.time = 100.0
        self._ear = Ear(lambda: self.time)
        self.told: list[object] = []

    def hear(self, *parts: str, pause: float = 1.0) -> list[str]:
        """The keys of these parts, with a pause behind each."""
        before = len(self.told)
        for part in parts:
            self.told += self._ear.hear(part.encode())
            self.time += pause
            self.told += self._ear.hear(b"")
        return [each.key for each in self.told[before:] if isinstance(each, Key)]


@pytest.mark.parametrize("answer", _ANSWERS, ids=ascii)
def test_an_answer_of_the_terminal_is_no_key_however_late_its_parts_come(answer: str) -> None:
    begun = 3  # an Esc, or Esc and a sign, that nothing follows is what somebody typed
    assert _Listener().hear(answer, "j") == ["j"]
    for at in range(begun, len(answer)):
        assert _Listener().hear(answer[:at], answer[at:], "j") == ["j"], at
    assert _Listener().hear(answer[:begun], *answer[begun:], "j") == ["j"]


@pytest.mark.parametrize("answer", _ANSWERS, ids=ascii)
@pytest.mark.parametrize("at", [1, 2])
def test_an_answer_that_is_cut_behind_its_esc_leaves_that_alone(answer: str, at: int) -> None:
    (first, *rest) = _Listener().hear(answer[:at], answer[at:], "j")
    assert first == "escape" or first.startswith("alt+")
    assert rest == ["j"]


@pytest.mark.parametrize("sequence", ["\x1b[1;5D", "\x1b[1;5:2D", "\x1b[3~", "\x1b[97;1;97u", "\x1b[200~x\x1b[201~"])
def test_a_sequence_with_numbers_is_that_however_late_its_parts_come(sequence: str) -> None:
    whole = _Listener()
    whole.hear(sequence)
    for at in range(3, len(sequence)):
        cut = _Listener()
        cut.hear(sequence[:at], sequence[at:])
        assert repr(cut.told) == repr(whole.told), at


@pytest.mark.parametrize("begun", ["\x1b[?2026;2", "\x1b]11;rgb:", "\x1bP1$r0", "\x1b[<0;3"])
def test_what_never_comes_to_its_end_swallows_nothing_that_is_typed_later(begun: str) -> None:
    assert _Listener().hear(begun, pause=5.0) == []
    listener = _Listener()
    listener.hear(begun, pause=5.0)
    assert listener.hear(*"Hello") == [*"Hello"]


@pytest.mark.parametrize("end", ["\r", "\x1b[B", "\x1b[200~x\x1b[201~"])
def test_what_cannot_be_in_an_answer_ends_it(end: str) -> None:
    broken, alone = _Listener(), _Listener()
    broken.hear(f"\x1b]11;rgb:1e{end}")
    alone.hear(end)
    assert repr(broken.told) == repr(alone.told) != "[]"


@pytest.mark.parametrize("sign", [*"[]P_OX^"])
@pytest.mark.parametrize("pause", [0.05, 1.0], ids=["fast", "slow"])
def test_esc_and_a_sign_that_may_begin_more_are_both_there_with_what_is_typed_behind_them(
    sign: str, pause: float
) -> None:
    listener = _Listener()
    keys = listener.hear("\x1b", sign, *"lease", pause=pause)
    characters = [each.character for each in listener.told if isinstance(each, Key)]
    assert "".join(each or "" for each in characters).lstrip("\x1b") == f"{sign}lease"
    assert keys[0] == "escape" or keys[0].startswith("alt+")


@pytest.mark.parametrize(
    ("sent", "keys"),
    [
        ("\x1b[97;1:3u", []),
        ("\x1b[1;1:3B", []),
        ("\x1b[3;5:3~", []),
        ("\x1b[97;1:1u", ["a"]),
        ("\x1b[97;1:2u", ["a"]),
        ("\x1b[97:65;2u", ["shift+a"]),
        ("\x1b[97:65;2;65u", ["A"]),
        ("\x1b[1;5:1D", ["ctrl+left"]),
        ("\x1b[0;;20320u", ["\u4f60"]),
        ("\x1b[27;5;105~", ["ctrl+i"]),
        ("\x1b[13u", ["enter"]),
        ("\x1b[3$", ["shift+delete"]),
        ("\x1b[[A", ["f1"]),
        ("\x1b[1114112u", []),
        ("\x1b[55296u", []),
        ("\x1b[999999999999u", []),
        ("\x1b[97;999999999999u", []),
        ("\x1b[97;;1114112u", []),
        ("\x1b[97;;97:u", []),
        ("\x1b[:u", []),
        ("\x1b[99~", []),
        ("\x1b[34~", []),
        ("\x1b[63000u", []),
    ],
    ids=ascii,
)
def test_a_key_with_more_about_it_is_read_and_one_that_cannot_be_is_none(sent: str, keys: list[str]) -> None:
    assert _Listener().hear(sent, "j") == [*keys, "j"]


def test_what_is_told_of_the_terminal_itself_is_still_heard() -> None:
    listener = _Listener()
    listener.hear("\x1b[?2026;2$y", "\x1b[48;24;80;0;0t", "\x1b[<0;3;4M", "\x1b[<64;3;-1M", "\x1b[I")
    synchronized, resize, mouse, focus = listener.told
    assert isinstance(synchronized, TerminalSupportsSynchronizedOutput)
    assert isinstance(resize, Resize)
    assert resize.size == (80, 24)
    assert isinstance(mouse, MouseEvent)
    assert (mouse.x, mouse.y) == (2, 3)
    assert isinstance(focus, Event)


_PARTS = [
    *"\x1b\x1b\x1b[[[[]OP_<=>?0123456789;;::-$ !uuu~~ABCDEFHPQRSMmcnty\x07\\\r",
    "\x1b[",
    "\x1b]1",
    "48;",
    "\u0416",
    "\x9b",
]


def test_no_bytes_break_it_and_a_key_behind_them_is_heard() -> None:
    chance = random.Random(20)
    for _ in range(4_000):
        sent = "".join(chance.choices(_PARTS, k=chance.randint(1, 24)))
        assert heard_last(sent) == "j", ascii(sent)
        body = "".join(chance.choices("0123456789;:<>?", k=chance.randint(0, 12)))
        assert heard_last(f"\x1b[{body}{chance.choice('u~ABCDEFHPQRSMmtyJ')}") == "j", body


def test_no_bytes_that_are_no_text_break_it() -> None:
    chance = random.Random(21)
    listener = Ear()
    for _ in range(1_000):
        for _ in listener.hear(chance.randbytes(chance.randint(1, 40))):
            pass


def heard_last(sent: str) -> str:
    """The last key, where a long time passes before it."""
    listener = _Listener()
    listener.hear(sent, pause=5.0)
    return listener.hear(_SHUT, "j", pause=5.0)[-1]
