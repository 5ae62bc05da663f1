"""What really goes to the terminal: the program under a pseudo terminal, over mails that try to drive it."""

from __future__ import annotations

from pathlib import Path

import pytest

from desk.actions.note import add_note
from desk.people import Address
from desk.safe import DANGEROUS
from tests.desks import receive
from tests.tui.apps import open_desk
from tests.tui.pseudo_terminal import SEQUENCE, Terminal, terminal

MARKUP = "[#123] [@click=app.quit]x[/] [/b] [red]"
ATTACKS = {
    "titles, a link, the clipboard": (
        "\x1b]0;PWNED\x07\x1b]2;PWNED\x1b\\\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\\x1b]52;c;UFdORUQ=\x07"
    ),
    "DCS, reports, erasing, C1": (
        "\x1bP+q544e\x1b\\\x1b[6n\x1b[5n\x1b[c\x1b[>q\x1b[2J\x1b[H\x1b[?1049l\x1bc\x9b2J\x9d0;PWNED\x9c\x90q\x9c\x85"
    ),
    "turned around, hidden, bells": "gpj.\u202eexe\u2066x\u2069\u200b\ufeff\u2028b\u2029c\x0bd\x0ce\x00f\x7fg"
    + "\x07" * 5000,
    "markup, marks, and what never ends": MARKUP + " e" + "\u0301" * 10_000 + " \x1b]0;never ended",
}
"""Texts that drive a terminal: ECMA-48, xterm's OSC, bidi controls (UAX 9), and Textual's own markup."""


def write_mails(folder: Path, attacks: dict[str, str]) -> None:
    """A desk with one ticket for each of these texts: in the subject, the name, the address, the text and a note."""
    with open_desk(folder) as desk:
        for number, (name, attack) in enumerate(attacks.items()):
            ticket = receive(
                desk,
                subject=f"Case {number} {attack} tail",
                text=f"Body of {name}: {attack} tail\n> quoted {attack}",
                sender=Address(f"a{number}@corp.example", f"Name {attack}"),
                defects=(f"a defect {attack}",),
                facts=(f"a fact {attack}",),
            )
            add_note(desk, ticket.number, f"Note {attack}")


def walk_through(screen: Terminal, count: int) -> None:
    """Look at every ticket in list and reader, and write on each."""
    screen.wait_for(f"Case {count - 1} ")
    for _ in range(count):
        screen.press("\r")
        screen.press("T")
        screen.press("r", "Reply to")
        screen.press("\x0f", ">:")
        screen.press("\x1b", " discard")
        screen.press("X", "Inbox")
        screen.press("q", "close+next")
        screen.press("j")
    screen.press("m", "Macros")
    screen.press("\x1b", "close+next")
    screen.press("?", "Keys")
    screen.press("\x1b", "close+next")


def shapes(text: str) -> set[str]:
    """Every escape sequence, told by what it does: numbers that only move the cursor or choose a colour left out."""
    found = set()
    for match in SEQUENCE.finditer(text):
        csi = match["csi"]
        if csi is None:
            found.add(match[0])
        else:
            found.add("CSI " + (csi[-1] if csi[-1] in "GHm" else csi))
    return found


def controls(text: str) -> set[str]:
    """Characters that drive a terminal and stand outside of any escape sequence."""
    return set(DANGEROUS.findall(SEQUENCE.sub("", text))) - {"\r"}


@pytest.fixture(scope="module")
def harmless(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The escape sequences that a mailbox of plain mails brings."""
    folder = tmp_path_factory.mktemp("harmless")
    write_mails(folder, {"plain": "hello", "again": "world"})
    with terminal(folder) as screen:
        walk_through(screen, 2)
        screen.press("q")
        screen.press("q")
        assert screen.end() == 0
    return shapes(screen.text)


def test_no_mail_makes_the_terminal_do_anything(tmp_path: Path, harmless: set[str]) -> None:
    write_mails(tmp_path, ATTACKS)
    with terminal(tmp_path) as screen:
        walk_through(screen, len(ATTACKS))
        screen.press("q")
        screen.press("q")
        assert screen.end() == 0
    assert shapes(screen.text) - harmless == set()
    assert controls(screen.text) == set()
    assert MARKUP in screen.text
    assert "PWNED" in screen.text
