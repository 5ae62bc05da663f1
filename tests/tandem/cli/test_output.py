"""What commands print where somebody may be watching: JSON that no terminal obeys and every program still reads."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stdout

import pytest

from desk.safe import DANGEROUS
from tandem.cli.output import print_json

EVIL = "hi \x9b2J \u202egnp.exe \x7f\u200b\ufeff \U000e0041 \x1b]0;owned\x07\r\n \x85\u2028"
HARMLESS = 'Заказ "88213" \\u202e \U0001f600 é'


class _Terminal(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


def printed(text: str, kind: type[io.TextIOWrapper]) -> str:
    """What such a stream receives when an object with this text is printed."""
    received = io.BytesIO()
    with kind(received, encoding="ascii") as stream, redirect_stdout(stream):
        print_json({text: [text]})
        stream.flush()
        return received.getvalue().decode()


@pytest.mark.parametrize("text", [EVIL, HARMLESS])
def test_a_terminal_gets_json_that_it_does_not_obey(text: str) -> None:
    line = printed(text, _Terminal)
    assert not DANGEROUS.search(line)
    assert line.count("\n") == 1
    assert json.loads(line) == {text: [text]}


def test_a_pipe_gets_every_character_as_it_is() -> None:
    line = printed(EVIL, io.TextIOWrapper)
    assert "\u202egnp.exe" in line
    assert json.loads(line) == {EVIL: [EVIL]}


def test_what_is_harmless_is_the_same_everywhere() -> None:
    assert printed(HARMLESS, _Terminal) == printed(HARMLESS, io.TextIOWrapper)
    assert "Заказ" in printed(HARMLESS, _Terminal)
