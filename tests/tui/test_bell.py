"""The terminal rings once when a colleague asks for the agent, as bytes on the wire."""

from __future__ import annotations

from pathlib import Path

from desk.actions.draft import save_draft
from desk.actions.give_draft import give_draft
from desk.actions.note import add_note
from desk.draft import DraftKind
from desk.people import Handle
from desk.written import Written
from tests.desks import acting_as, receive
from tests.tui.apps import open_desk
from tests.tui.pseudo_terminal import SEQUENCE, Terminal, terminal


def bells(screen: Terminal) -> int:
    """How often it rang: outside of any escape sequence."""
    return SEQUENCE.sub("", screen.text).count("\x07")


def ask(folder: Path, subject: str) -> None:
    """Let bo ask for ana on a new ticket."""
    with open_desk(folder) as desk:
        add_note(acting_as(desk, "bo"), receive(desk, subject=subject).number, "@ana look")


def test_it_rings_once_for_each_call_and_for_none_that_was_told_before(tmp_path: Path) -> None:
    ask(tmp_path, "Printer")
    with terminal(tmp_path) as screen:
        screen.wait_for("asks for you on 1")
        assert bells(screen) == 1
        ask(tmp_path, "Parcel")
        screen.wait_for("asks for you on 2")
        assert bells(screen) == 2
    with terminal(tmp_path) as screen:
        screen.wait_for("2 notes ask for you")
        assert bells(screen) == 0


def test_it_rings_once_for_an_unfinished_text_that_was_handed_over_while_nobody_was_there(tmp_path: Path) -> None:
    with open_desk(tmp_path) as desk:
        bo, number = acting_as(desk, "bo"), receive(desk).number
        draft = save_draft(bo, number, DraftKind.REPLY, Written("Dear Dana,"))
        give_draft(bo, number, DraftKind.REPLY, Handle("ana"), last=draft)
    for rings in (1, 0):
        with terminal(tmp_path) as screen:
            screen.wait_for("bo handed the unfinished text on 1 to you: g d")
            assert bells(screen) == rings


def test_it_stays_silent_where_the_settings_say_so(tmp_path: Path) -> None:
    ask(tmp_path, "Printer")
    with terminal(tmp_path, "silent") as screen:
        screen.wait_for("asks for you on 1")
        assert bells(screen) == 0
