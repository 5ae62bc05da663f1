from __future__ import annotations

from datetime import UTC, datetime

import pytest
from rich.cells import cell_len

from desk.desk import Desk
from desk.people import Handle
from desk.presence import Doing, Presence
from desk.ticket import TicketNumber
from tests.desks import receive
from tests.tui.apps import showing
from tui.keys import ACTIONS, Action, Context, use
from tui.keys.chords import Chords, Waiting
from tui.keys.keymap import Rebinding, keymap
from tui.messages import Said
from tui.widgets.bar_words import fits_one_line, key_line, marked_line, refusal, status_line, which_key_line
from tui.widgets.bars import StatusLine
from tui.widgets.filter import Caption
from tui.widgets.top_line import Standing, top_line
from tui.widgets.which_key import which_key_lines

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
        key_line(Context.LIST, width),
        marked_line(Context.LIST, width, 3),
        which_key_line(waiting, width),
    ):
        assert cell_len(line.plain) == width


def test_the_top_line_tells_counts_colleagues_agent_and_time() -> None:
    assert "Inbox 14   Mine 5   New   Waiting" in top_line(STANDING, 120).plain
    assert "bo is answering 1039   ana   " in top_line(STANDING, 120).plain


def test_on_a_small_screen_the_view_is_told_whole_before_who_does_what() -> None:
    assert top_line(STANDING, 40).plain.startswith(" Inbox 14  ")
    assert "bo is answering" not in top_line(STANDING, 40).plain
    assert "bo is answering" in top_line(STANDING, 60).plain


def test_the_top_line_names_a_view_that_has_no_count() -> None:
    assert "Closed" in top_line(Standing("closed", {}, [], "ana", NOW), 80).plain


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_help_stands_at_the_right_end_at_any_width(width: int) -> None:
    for context in (Context.LIST, Context.READER, Context.STATS, Context.OUTBOX):
        assert key_line(context, width).plain.endswith("? help ")


def test_with_marks_the_key_line_says_what_acts_on_them() -> None:
    line = marked_line(Context.LIST, 80, 3).plain
    assert line.startswith(" 3 marked: e close · a assign · t tag · s status · ")
    assert " · Esc clears " in line
    assert line.endswith("? help ")
    assert "reply" not in line
    assert "Esc clears" in marked_line(Context.LIST, 40, 12_345).plain


def test_where_tickets_are_closed_the_keys_that_act_open_them_again() -> None:
    assert marked_line(Context.LIST, 80, 3, done=True).plain.startswith(
        " 3 marked: E reopen · a assign · t tag · s status "
    )
    for context in (Context.LIST, Context.READER):
        line = key_line(context, 80, done=True).plain
        assert "E reopen" in line
        assert "close" not in line


def test_the_keys_that_act_on_marks_are_those_of_the_keymap() -> None:
    use(keymap([Rebinding("close", ("t",)), Rebinding("tag", ("e",))]))
    assert "marked: t close · a assign · e tag · s status " in marked_line(Context.LIST, 80, 3).plain


def macro_chord(keys: str) -> Waiting:
    macros = [
        Action("run_macro", (f", {key}",), f"Rather long name {key}", "", frozenset({Context.LIST})) for key in keys
    ]
    waiting = Chords((), lambda: macros).press(",", Context.LIST)
    assert isinstance(waiting, Waiting)
    return waiting


@pytest.mark.parametrize("width", [40, 80, 120, 300])
def test_what_one_line_does_not_hold_is_told_whole_in_columns(width: int) -> None:
    views = Chords(ACTIONS).press("g", Context.LIST)
    assert isinstance(views, Waiting)
    for waiting in (views, macro_chord("abcdefghijkl")):
        lines = which_key_lines(waiting, width).plain.split("\n")
        assert all(cell_len(line) <= width for line in lines)
        assert lines[0].rstrip().endswith("Esc")
        told = "\n".join(lines[1:])
        assert all(f"{key} {action.title}" in told for key, action in waiting.choices)


async def test_a_low_screen_gives_all_its_lines_but_one_to_what_may_follow(desk: Desk) -> None:
    views = Chords(ACTIONS).press("g", Context.LIST)
    assert isinstance(views, Waiting)
    async with showing(desk, (40, 10)) as screen:
        await screen.press("g")
        await screen.sees(" g  go to")
        lines = [line for line in screen.text.split("\n") if line.strip()]
        assert "Inbox" in lines[0]
        for key, action in views.choices:
            assert f"{key} {action.title[:8].rstrip()}" in screen.text


def test_of_more_keys_than_there_is_room_for_it_is_told_how_many_are_left() -> None:
    told = which_key_lines(macro_chord("abcdefghijklmnopqrstuvwxyz"), 40, 5).plain
    assert len(told.split("\n")) == 5
    assert "… 15 more" in told
    assert all(cell_len(line) <= 40 for line in told.split("\n"))


def test_a_chord_that_one_line_holds_is_told_on_the_key_line_alone() -> None:
    waiting = Chords(ACTIONS).press("p", Context.LIST)
    assert isinstance(waiting, Waiting)
    assert fits_one_line(waiting, 80)
    assert "p priority:  l low  n normal  h high  u urgent" in which_key_line(waiting, 80).plain
    assert not fits_one_line(macro_chord("abcdefgh"), 80)


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
def test_how_to_give_a_chord_up_stands_at_the_right_end_at_any_width(width: int) -> None:
    waiting = Chords(ACTIONS).press("g", Context.LIST)
    assert isinstance(waiting, Waiting)
    for line in (which_key_line(waiting, width).plain, which_key_line(macro_chord("abcdefg"), width).plain):
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


def test_what_a_list_shows_and_its_order_never_touch() -> None:
    caption = Caption()
    caption.left, caption.right = "is:open -is:snoozed", "37 of 48 · sort: waiting"
    for width in range(30, 60):
        assert " 37 of 48 · sort: waiting " in caption.words(width).plain
        assert len(caption.words(width).plain) == width


def test_a_search_that_has_no_room_gives_way_to_the_name_of_its_view() -> None:
    caption = Caption()
    caption.left, caption.brief, caption.right = "is:open -is:snoozed parcel", "Inbox: parcel", "2 found"
    assert caption.words(37).plain == " is:open -is:snoozed parcel  2 found "
    assert caption.words(30).plain == " Inbox: parcel        2 found "


LOCKED = "no turn to write came in 10.0 seconds; another Tandem command holds the store, so try again in a moment"


def test_a_refusal_that_one_row_does_not_hold_has_as_many_as_it_needs() -> None:
    rows = refusal(Said(LOCKED, "error"), 60, 3)
    assert " ".join(rows) == LOCKED
    assert max(map(len, rows)) <= 58
    assert refusal(Said(LOCKED, "error"), 120, 3) == []
    assert refusal(Said(LOCKED), 60, 3) == []
    assert refusal(Said(LOCKED * 9, "error"), 60, 3)[-1].endswith("…")


def test_a_refusal_is_cut_before_what_a_key_does_next_only_where_no_rows_hold_both() -> None:
    said = Said(LOCKED, "error", onward=("u again takes back: tagged vip (1)", "u again: tagged vip (1)"))
    assert " ".join(refusal(said, 80, 3)) == f"{LOCKED}; u again: tagged vip (1)"
    assert refusal(said, 40, 2) == []
    assert said.within(38).endswith("…; u again: tagged vip (1)")


async def test_the_end_of_a_refusal_is_read_on_a_narrow_screen(desk: Desk) -> None:
    receive(desk)
    async with showing(desk, (80, 24)) as screen:
        await screen.sees("Dana Petrova")
        screen.app.say(LOCKED, "error")
        await screen.sees("no turn to write came", "try again in a moment", "? help")
        assert screen.app.screen.query_one(StatusLine).size.height == 2
        screen.app.fall_silent()
        await screen.until(lambda: screen.app.screen.query_one(StatusLine).size.height == 1)
