from __future__ import annotations

from datetime import UTC, datetime

import pytest
from rich.cells import cell_len

from desk.people import Handle
from desk.presence import Doing, Presence
from desk.ticket import TicketNumber
from tui.chords import Chords, Waiting
from tui.keys import ACTIONS, Action, Context, on_key_line
from tui.messages import Said
from tui.widgets.bars import Standing, key_line, status_line, top_line, which_key_line

NOW = datetime(2026, 11, 20, 12, 4, tzinfo=UTC)
ANSWERING = Presence(agent=Handle("bo"), ticket=TicketNumber(1039), doing=Doing.ANSWERING, until=NOW)
STANDING = Standing("inbox", {"inbox": 14, "mine": 5, "new": 0}, [ANSWERING], "ana", NOW)


@pytest.mark.parametrize("width", [40, 80, 120])
def test_every_bar_fills_its_line(width: int) -> None:
    waiting = Chords(ACTIONS).press("g", Context.LIST)
    assert isinstance(waiting, Waiting)
    for line in (
        top_line(STANDING, width),
        status_line(Said("x" * 200), Said("y" * 50), width),
        key_line(on_key_line(Context.LIST), width),
        key_line(on_key_line(Context.LIST), width, marked=3),
        which_key_line(waiting, width),
    ):
        assert cell_len(line.plain) == width


def test_the_top_line_tells_counts_colleagues_agent_and_time() -> None:
    assert "Inbox 14   Mine 5   New   Waiting" in top_line(STANDING, 120).plain
    assert "bo is answering 1039   ana   " in top_line(STANDING, 120).plain


def test_the_top_line_names_a_view_that_has_no_count() -> None:
    assert "Closed" in top_line(Standing("closed", {}, [], "ana", NOW), 80).plain


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_help_stands_at_the_right_end_at_any_width(width: int) -> None:
    for context in (Context.LIST, Context.READER, Context.STATS, Context.OUTBOX):
        assert key_line(on_key_line(context), width).plain.endswith("? help ")


def test_with_marks_the_key_line_says_what_acts_on_them() -> None:
    line = key_line(on_key_line(Context.LIST), 80, marked=3).plain
    assert line.startswith(" 3 marked")
    assert "close" in line
    assert "Esc clear" in line
    assert "reply" not in line


def test_every_view_finds_room_on_80_columns_when_g_is_pressed() -> None:
    waiting = Chords(ACTIONS).press("g", Context.LIST)
    assert isinstance(waiting, Waiting)
    line = which_key_line(waiting, 80).plain
    assert "g i inbox m mine n new w wait… c clos… d draf… a all o outb… p park… s stats Esc" in line
    line = which_key_line(waiting, 84).plain
    assert "i inbox m mine n new w wait" in line


def macro_line(keys: str, width: int) -> str:
    macros = [
        Action("run_macro", (f", {key}",), f"Rather long name {key}", "", frozenset({Context.LIST})) for key in keys
    ]
    waiting = Chords((), lambda: macros).press(",", Context.LIST)
    assert isinstance(waiting, Waiting)
    return which_key_line(waiting, width).plain


def test_long_names_of_macros_are_shortened_so_that_all_are_seen() -> None:
    line = macro_line("abcde", 80)
    assert all(f" {key} Rather lo" in line for key in "abcde"), line
    assert line.endswith(" Esc")


def test_of_more_macros_than_fit_whole_entries_are_shown_and_that_there_are_more() -> None:
    line = macro_line("abcdefg", 80)
    assert line.count("Rather lo… ") == 5
    assert "e Rather lo… …  " in line
    assert line.endswith(" Esc")
    assert cell_len(line) == 80


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
def test_how_to_give_a_chord_up_stands_at_the_right_end_at_any_width(width: int) -> None:
    waiting = Chords(ACTIONS).press("g", Context.LIST)
    assert isinstance(waiting, Waiting)
    for line in (which_key_line(waiting, width).plain, macro_line("abcdefg", width)):
        assert line.rstrip().endswith(" Esc")


def test_what_just_happened_stands_on_the_left_and_how_the_mailbox_stands_on_the_right() -> None:
    line = status_line(Said("1042: closed"), Said("synced 12:04:02"), 120).plain
    assert line.startswith(" 1042: closed")
    assert line.endswith("synced 12:04:02 ")
    assert status_line(Said(), Said("synced 12:04:02"), 80).plain.endswith("synced 12:04:02 ")


def test_trouble_with_the_mailbox_never_covers_what_just_happened() -> None:
    closed, away = Said("1042: closed, u takes it back"), Said("IMAP: connection refused by " + "x" * 100, "warn")
    wide = status_line(closed, away, 120).plain
    assert wide.startswith(" 1042: closed, u takes it back  ")
    assert "IMAP: connection refused" in wide
    assert wide.endswith("… ")
    assert status_line(closed, away, 80).plain.strip() == "1042: closed, u takes it back"
    assert "IMAP: connection refused" in status_line(Said(), away, 80).plain


def test_a_servers_words_cannot_drive_the_terminal() -> None:
    assert status_line(Said("server said \x1b]0;x\x07 [/b]"), Said(), 80).plain.isprintable()
