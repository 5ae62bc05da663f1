"""Help, palette, the keys of a chord and the tour, on the running screen."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from desk.actions.assign import assign
from desk.desk import Desk
from desk.expression import EVERYTHING
from desk.people import Address, Handle
from desk.ticket import Status
from tests.desks import receive
from tests.tui.apps import NARROW
from tests.tui.composing import area, begun, inbox
from tests.tui.dressing import dressed, rebound
from tui.actions.summoning import Offer
from tui.keys import ACTIONS, Context
from tui.screens.palette import found_by
from tui.settings import ScreenSettings
from tui.widgets.tour import Tour, presses
from tui.words.ranking import ranked


async def test_help_tells_the_keys_of_here_first_and_cuts_no_word(desk: Desk) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        await screen.press("?")
        await screen.sees("in the list", "open the ticket")
        rows = [line.strip(" │▐") for line in screen.text.splitlines()]
        assert rows.index("in the list") < next(at for at, row in enumerate(rows) if row.startswith("Enter"))
        for _ in range(12):
            assert "…" not in screen.text.replace("waiting:>4h …", "")
            await screen.press("pagedown")


async def test_help_is_searched_by_words_and_by_keys_and_runs_what_is_marked(desk: Desk) -> None:
    number = receive(desk).number
    async with inbox(desk) as screen:
        await screen.press("?")
        await screen.type("close next")
        await screen.sees("close and go to the next ticket")
        await screen.misses("write a reply")
        await screen.press("enter")
        await screen.until(lambda: desk.ticket(number).status is Status.CLOSED)


async def test_help_marks_what_can_be_done_here_before_what_is_called_so_elsewhere(desk: Desk) -> None:
    number = receive(desk).number
    async with inbox(desk) as screen:
        await screen.press("?")
        await screen.type("close")
        await screen.sees("fold what is at the cursor")
        await screen.press("enter")
        await screen.until(lambda: desk.ticket(number).status is Status.CLOSED)


async def test_help_finds_a_chord_by_its_keys(desk: Desk) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        await screen.press("?")
        await screen.type("g m")
        await screen.until(lambda: "g m" in screen.text.splitlines()[3])
        await screen.press("enter")
        await screen.sees("Nothing here is yours.")


@pytest.mark.parametrize("key", [":", "?", "m"])
async def test_where_nothing_fits_that_is_said_in_the_place_of_the_list(desk: Desk, key: str) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        await screen.press(key)
        await screen.type("zzzzqq")
        await screen.sees("nothing is called so")
        lines = screen.text.splitlines()
        typed = next(at for at, line in enumerate(lines) if "> zzzzqq" in line)
        assert "nothing is called so" in lines[typed + 2]


async def test_help_says_so_where_nothing_fits_and_where_a_key_acts_elsewhere(desk: Desk) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        await screen.press("?")
        await screen.type("zzzzqq")
        await screen.sees("nothing is called so: fewer letters find more", "Esc leaves")
        await screen.press("down", "up", "enter", *["backspace"] * 6)
        await screen.type("send it to those")
        await screen.sees("in the outbox")
        await screen.press("enter")
        await screen.sees("this key acts only in the outbox")


async def test_help_runs_what_the_reader_the_composer_and_its_review_read_themselves(desk: Desk) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        await begun(screen, "r")
        await screen.type("Hello")
        await screen.press("f1")
        await screen.sees("while writing")
        await screen.type("show what can be done")
        await screen.press("enter")
        await screen.sees("y send")
        await screen.press("?")
        await screen.sees("after Esc while writing")
        await screen.type("go on writing")
        await screen.press("enter")
        await screen.until(lambda: screen.app.focused is area(screen))


async def test_changed_keys_act_and_stand_on_every_line_that_tells_them(desk: Desk) -> None:
    number = receive(desk).number
    async with dressed(desk, rebound(("take", "f7"), ("view-mine", "g x"), ("help", "f1"))) as screen:
        await screen.sees("F7 take", "F1 help")
        await screen.press("g")
        await screen.sees("x mine")
        await screen.press("escape", "f7")
        await screen.until(lambda: desk.ticket(number).assignee == "ana")
        await screen.press("f1")
        await screen.sees("in the list")
        await screen.type("your tickets")
        await screen.sees("g x")


async def test_changed_keys_act_where_a_widget_reads_its_keys_itself(desk: Desk) -> None:
    receive(desk)
    async with dressed(desk, rebound(("review", "f5"), ("edit", "f6"))) as screen:
        await begun(screen, "r")
        await screen.type("Hello")
        await screen.press("f5")
        await screen.sees("y send")
        await screen.press("e")
        await screen.sees("y send")
        await screen.press("f6")
        await screen.until(lambda: screen.app.focused is area(screen))


async def test_all_that_may_follow_a_key_is_told_at_once_with_whole_names(desk: Desk) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        for beginning in "gsapy":
            await screen.press(beginning)
            chords = [each for each in ACTIONS if Context.LIST in each.contexts]
            follow = [
                (key.split(" ")[1], each.title)
                for each in chords
                for key in each.keys
                if key.startswith(f"{beginning} ")
            ]
            assert follow
            text = " ".join(screen.text.split())
            for key, name in follow:
                shown = {"home": "Home", "end": "End"}.get(key, key)
                assert f"{shown} {name}" in text, (beginning, key, name, screen.text)
            assert "Esc" in screen.text
            await screen.press("escape")
            await screen.sees("? help")


async def test_the_keys_that_may_follow_stay_in_columns_when_the_terminal_becomes_narrow(desk: Desk) -> None:
    receive(desk)
    async with inbox(desk, size=(160, 50)) as screen:
        await screen.press("g")
        await screen.sees("g  go to")
        await screen.pilot.resize_terminal(*NARROW)
        await screen.until(lambda: any(each.startswith(" g  go to") for each in screen.text.split("\n")))
        shown = next(each for each in screen.text.split("\n") if each.startswith(" g  go to"))
        assert shown.rstrip().endswith("Esc")


async def test_the_palette_tells_what_each_row_is_also_when_the_terminal_becomes_another(desk: Desk) -> None:
    receive(desk, subject="Sleep on the snow")
    async with inbox(desk) as screen:
        await screen.press(":")
        await screen.type("sleep")
        await screen.until(lambda: "Sleep on the snow" in screen.text and "g z" in screen.text)
        await screen.pilot.resize_terminal(100, 30)
        await screen.until(
            lambda: any("Sleep on the snow" in each and " ticket " in each for each in screen.text.split("\n"))
        )


async def test_the_palette_finds_tickets_by_number_and_by_words_and_customers(desk: Desk) -> None:
    receive(desk, subject="Nothing of that")
    number = receive(desk, subject="The parcel is lost", sender=Address("dana@corp.example", "Dana Petrova")).number
    async with inbox(desk) as screen:
        await screen.press(":")
        await screen.type("parcel lost")
        await screen.sees(f"{number}  Dana Petrova  The parcel is lost", "ticket")
        await screen.press("enter")
        await screen.sees("dana@corp.example")
        await screen.press("q", ":")
        await screen.sees("Command")
        await screen.type("dana")
        await screen.sees("tickets of Dana Petrova <dana@corp.example>")
        await screen.press("escape", ":")
        await screen.type(str(number))
        await screen.sees(f"open ticket {number}")


async def test_the_palette_gives_tickets_to_colleagues_and_shows_what_they_have(desk: Desk) -> None:
    number = receive(desk).number
    other = receive(desk, sender=Address("eve@x.example", "Eve Other")).number
    assign(desk, other, Handle("bo"))
    async with inbox(desk) as screen:
        await screen.until(lambda: screen.cursor is not None)
        await screen.press(":")
        await screen.type("bo's")
        await screen.sees("bo's tickets")
        await screen.press("enter")
        await screen.until(lambda: list(screen.inbox.tickets.numbers) == [other])
        await screen.press("escape", "escape")
        await screen.until(lambda: set(screen.inbox.tickets.numbers) == {number, other})
        screen.inbox.tickets.go_to(number)
        await screen.press(":")
        await screen.type("assign to bo")
        await screen.sees("assign to bo", "colleague")
        await screen.press("enter")
        await screen.until(lambda: desk.ticket(number).assignee == "bo")


async def test_the_palette_offers_macros_and_every_action_of_here(desk: Desk, macros: Path) -> None:
    receive(desk)
    async with inbox(desk, macros) as screen:
        await screen.press(":")
        await screen.type("goodbye")
        await screen.sees("macro: Goodbye", ", b")


def test_every_action_is_among_the_first_that_are_found_by_its_own_words() -> None:
    actions = [each for each in ACTIONS if Context.LIST in each.contexts]
    rows = [(each, found_by(Offer(each))) for each in actions]
    for action in actions:
        found = ranked(rows, f"{action.title} {action.help}")
        assert action.help in {each.help for each in found[:3]}, action
        assert action.id in {each.id for each in ranked(rows, action.id)}


async def test_what_was_chosen_often_stands_first_and_is_remembered(desk: Desk, tmp_path: Path) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        await screen.press(":")
        await screen.type("view every")
        await screen.press("enter")
        await screen.press(":")
        await screen.sees("Command")
        await screen.until(lambda: "view: every ticket" in screen.text.splitlines()[3])
    kept = tmp_path / "state" / "tandem" / "screen" / "ana.json"
    assert json.loads(kept.read_text("utf-8"))["used"] == {"view-all": 1}


async def test_a_name_in_the_palette_drives_nothing(desk: Desk) -> None:
    receive(desk, subject="evil [/b] [@click=app.quit]x[/] \x1b]0;PWNED\x07")
    async with inbox(desk) as screen:
        await screen.press(":")
        await screen.type("evil")
        await screen.sees("evil [/b] [@click=app.quit]x[/]")


async def test_the_tour_asks_for_eight_presses_and_changes_nothing(desk: Desk, tmp_path: Path) -> None:
    receive(desk, sender=Address("eve@x.example", "Eve Other"))
    receive(desk)
    before = [desk.ticket(number) for number in desk.store.tickets.numbers(EVERYTHING)]
    async with dressed(desk, ScreenSettings(tour=True)) as screen:
        await screen.sees("Tour 1 of 8", "j", "goes one ticket down", "Esc ends the tour")
        for at, key in enumerate(("j", "enter", "q", "x", "x", "g", "i", "?"), 1):
            await screen.sees(f"Tour {at} of 8" if key != "i" else "i inbox")
            await screen.press(key)
        await screen.sees("in the list")
        await screen.press("escape")
        await screen.sees("That is all you need")
        await screen.press("k")
        await screen.misses("That is all you need")
        assert presses() == 8
    assert [replace(desk.ticket(each.number), unread=each.unread) for each in before] == before
    async with dressed(desk, ScreenSettings(tour=True)) as screen:
        await screen.press("j")
        assert not screen.inbox.query(Tour)


async def test_escape_ends_the_tour_and_the_palette_repeats_it(desk: Desk) -> None:
    receive(desk)
    async with dressed(desk, ScreenSettings(tour=True)) as screen:
        await screen.sees("Tour 1 of 8")
        await screen.press("x", "escape")
        await screen.misses("Tour 1 of 8")
        assert screen.inbox.tickets.marked
        await screen.press(":")
        await screen.type("tour")
        await screen.press("enter")
        await screen.sees("Tour 1 of 8")


async def test_no_corner_of_the_tour_looks_out_below_a_box(desk: Desk) -> None:
    receive(desk)
    async with dressed(desk, ScreenSettings(tour=True)) as screen:
        await screen.sees("Tour 1 of 8")
        await screen.press(":")
        await screen.until(lambda: not screen.inbox.query_one(Tour).visible)
        await screen.press("escape")
        await screen.sees("Tour 1 of 8", "goes one ticket down")


async def test_the_tour_waits_for_a_ticket_to_try_it_on(desk: Desk) -> None:
    async with dressed(desk, ScreenSettings(tour=True)) as screen:
        await screen.sees("Nothing is open")
        assert not screen.inbox.query(Tour)
        receive(desk)
        await screen.sees("Tour 1 of 8")


@pytest.mark.parametrize("width", [40, 80, 160])
async def test_the_tour_fits(desk: Desk, width: int) -> None:
    receive(desk)
    async with dressed(desk, ScreenSettings(tour=True), (width, 24)) as screen:
        await screen.sees("1 of 8", "? help")
