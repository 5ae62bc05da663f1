"""Views on the screen: all of them at the left, searches that are kept, orders, panes, doing things again."""

from __future__ import annotations

import random
from functools import partial

import pytest

from desk.actions.keep_beginning import keep_beginning, kept_beginnings, throw_beginning_away
from desk.actions.merge import merge
from desk.actions.save_view import save_view, saved_views
from desk.actions.status import set_status
from desk.actions.tag import tag
from desk.beginning import Beginning
from desk.desk import Desk
from desk.errors import BadQuery
from desk.people import Address
from desk.ticket import Status, TicketNumber
from tests.desks import acting_as, receive
from tests.tui.apps import NARROW, WIDE, Screen, showing
from tests.tui.filling import fill
from tui.widgets.filter import pointed
from tui.widgets.sidebar import Sidebar
from tui.widgets.ticket_list import TicketList

pytestmark = pytest.mark.real_time


def row_of(screen: Screen, words: str) -> int:
    return next(at for at, line in enumerate(screen.text.splitlines()) if words in line)


async def ask_to_keep(screen: Screen, words: str) -> None:
    """Narrow the list, and ask for this search to be kept."""
    await screen.press("/")
    await screen.type(words)
    await screen.press("enter", "g", "+")


async def test_the_sidebar_names_every_view_with_its_key_and_count_and_leads_there(desk: Desk) -> None:
    numbers = fill(desk, "Printer broken", "Where is my parcel", "Third matter")
    set_status(desk, numbers[0], Status.WAITING)
    save_view(desk, "Parcels", "parcel", key="r")
    async with showing(desk, NARROW) as screen:
        await screen.sees("Third matter")
        await screen.press("`")
        await screen.sees("> i  Inbox       2", "w  Waiting     1", "a  All         3", "r  Parcels     1")
        assert "X forget view" not in screen.text
        await screen.press("G")
        await screen.sees("X forget view")
        await screen.press("g", "g", "j", "j", "j")
        await screen.misses("X forget view")
        await screen.press("enter")
        await screen.sees("is:waiting", "Printer broken")
        assert "z  Snoozed" not in screen.text
        assert screen.cursor == numbers[0]
        await screen.press("`", "`")
        await screen.misses("z  Snoozed")
        await screen.press("j", "k")
        assert screen.cursor == numbers[0]


async def test_a_roomy_screen_keeps_the_sidebar_beside_the_list_and_tab_leads_around(desk: Desk) -> None:
    fill(desk, "Printer broken")
    async with showing(desk, WIDE) as screen:
        await screen.sees("Printer broken")
        await screen.press("`", "enter")
        await screen.sees("z  Snoozed", "Printer broken", "Customer 0")
        assert isinstance(screen.inbox.focused, TicketList)
        await screen.press("tab", "tab")
        assert isinstance(screen.inbox.focused, Sidebar)
        await screen.press("tab")
        assert isinstance(screen.inbox.focused, TicketList)
        await screen.press("`")
        await screen.misses("z  Snoozed")


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_the_filter_opens_from_the_sidebar_too(desk: Desk, size: tuple[int, int]) -> None:
    _, parcel = fill(desk, "Printer broken", "Where is my parcel")
    async with showing(desk, size) as screen:
        await screen.sees("Where is my parcel")
        await screen.press("`")
        await screen.sees("z  Snoozed", "/ filter")
        await screen.press("/")
        await screen.type("parcel")
        await screen.until(lambda: list(screen.inbox.tickets.numbers) == [parcel])
        await screen.press("enter", "enter")
        await screen.until(lambda: screen.shown == parcel)


async def test_a_sidebar_over_the_list_goes_with_the_keys_by_whichever_way_they_leave_it(desk: Desk) -> None:
    number = fill(desk, "Printer broken")[0]
    set_status(desk, number, Status.CLOSED)
    save_view(desk, "Refunds_promised_by_bo", "printer")
    async with showing(desk, NARROW) as screen:
        await screen.press("`")
        await screen.sees("c  Closed                 1", "Refunds_promised_by_bo 1")
        await screen.press("g", "c")
        await screen.sees(f">   {number}  Customer 0", "Printer broken", "E reopen")
        assert "z  Snoozed" not in screen.text
        await screen.pilot.resize_terminal(*WIDE)
        await screen.press("`", "enter")
        await screen.sees("z  Snoozed", "is:closed", "Refunds_promised… 1")
        await screen.pilot.resize_terminal(*NARROW)
        await screen.misses("z  Snoozed")


async def test_a_search_is_kept_as_a_view_reached_by_its_letter_taken_away_and_put_back(desk: Desk) -> None:
    fill(desk, "Printer broken", "Where is my parcel")
    async with showing(desk) as screen:
        await screen.sees("Printer broken")
        await ask_to_keep(screen, "parcel")
        await screen.sees("Keep this search as a view", "is:open -is:snoozed parcel", "free letters: b f j")
        await screen.type("Parcels")
        await screen.press("tab")
        await screen.type("i")
        await screen.press("enter")
        await screen.sees("g i leads to inbox already")
        await screen.press("backspace")
        await screen.type("r")
        await screen.press("ctrl+o", "enter")
        await screen.sees("kept as “Parcels”, g r leads there", "Parcels: is:open")
        assert [each.owner for each in saved_views(acting_as(desk, "bo"))] == [None]
        await screen.press("g", "i")
        await screen.sees("Printer broken")
        await screen.press(":")
        await screen.type("forget view")
        await screen.sees("nothing is called so")
        await screen.press("escape", "g", "r")
        await screen.misses("Printer broken")
        await screen.press(":")
        await screen.type("forget view")
        await screen.press("enter")
        await screen.sees("the view “Parcels” is gone, u puts it back", "Printer broken")
        await screen.press("u")
        await screen.sees("the view “Parcels” is back")
        await screen.press("g", "r")
        await screen.sees("Parcels: is:open")


async def test_one_undo_takes_a_view_away_that_was_just_kept(desk: Desk) -> None:
    fill(desk, "Printer broken", "Where is my parcel")
    async with showing(desk) as screen:
        await screen.sees("Printer broken")
        await ask_to_keep(screen, "parcel")
        await screen.sees("Keep this search as a view")
        await screen.type("Parcels")
        await screen.press("enter")
        await screen.sees("kept as “Parcels”")
        await screen.press("u")
        await screen.sees("the view “Parcels” is gone again", "Printer broken")
        assert saved_views(desk) == []


async def test_undo_brings_a_first_mail_back_that_was_thrown_away_after_a_view_went(desk: Desk) -> None:
    fill(desk, "Printer broken")
    save_view(desk, "Parcels", "parcel", key="r")
    kept = keep_beginning(desk, Beginning(subject="Offer", text="Dear Ivan"))
    assert kept is not None
    async with showing(desk) as screen:
        await screen.sees("Printer broken")
        await screen.press("`", *"jjjjjjjjjjjjjjjjj", "X")
        await screen.sees("the view “Parcels” is gone")
        throw_beginning_away(desk, kept)
        await screen.press("escape", "u")
        await screen.until(lambda: kept_beginnings(desk) != [])
        assert saved_views(desk) == []


async def test_undo_takes_back_what_was_done_after_a_view_went(desk: Desk) -> None:
    (number,) = fill(desk, "Printer broken")
    save_view(desk, "Parcels", "parcel", key="r")
    async with showing(desk) as screen:
        await screen.sees("Printer broken")
        await screen.press("`", *"jjjjjjjjjjjjjjjjj", "X")
        await screen.sees("the view “Parcels” is gone")
        await screen.press("escape", "i")
        await screen.sees("1: assigned to ana")
        await screen.press("u")
        await screen.until(lambda: desk.ticket(number).assignee is None)
        assert saved_views(desk) == []


async def test_a_view_that_a_colleague_shares_is_there_at_once(desk: Desk) -> None:
    fill(desk, "Printer broken", "Where is my parcel")
    async with showing(desk) as screen:
        await screen.sees("Printer broken")
        save_view(acting_as(desk, "bo"), "Parcels", "parcel", key="r", shared=True)
        await screen.press("`")
        await screen.sees("r  Parcels (all)")
        await screen.press("`")
        await screen.press("g", "r")
        await screen.sees("Parcels: parcel", "Where is my parcel")


async def test_the_order_of_a_view_is_chosen_reversed_and_remembered(desk: Desk) -> None:
    first, second, third = fill(desk, "First", "Second", "Third")
    async with showing(desk) as screen:
        await screen.sees("Third", "sort: waiting")
        await screen.press("S", "n")
        await screen.sees("sort: number")
        await screen.until(lambda: list(screen.inbox.tickets.numbers) == [third, second, first])
        await screen.press("S", "r")
        await screen.sees("sort: number, reversed")
        await screen.until(lambda: list(screen.inbox.tickets.numbers) == [first, second, third])
        await screen.press("g", "a")
        await screen.sees("sort: updated")
        await screen.press("g", "i")
        await screen.sees("sort: number, reversed")


async def test_panes_are_the_list_both_or_the_ticket(desk: Desk) -> None:
    fill(desk, "Printer broken", "Second matter")
    async with showing(desk, WIDE) as screen:
        await screen.sees("Second matter", "I returned the printer")
        await screen.press("_")
        await screen.misses("I returned the printer")
        await screen.press("+")
        await screen.sees("Second matter", "I returned the printer")
        await screen.press("+")
        await screen.misses("Second matter")
        await screen.press("q")
        await screen.sees("Second matter", "I returned the printer")


async def test_the_last_deed_is_done_again_on_another_ticket_and_the_last_tags_too(desk: Desk) -> None:
    numbers = fill(desk, "First", "Second", "Third")
    async with showing(desk) as screen:
        await screen.sees("Third")
        await screen.press(".")
        await screen.sees("nothing was done yet")
        await screen.press("t")
        await screen.type("refund")
        await screen.press("enter")
        await screen.sees("1: +refund")
        await screen.press("j", "p", "h")
        await screen.sees("2: priority high")
        await screen.press("T")
        await screen.sees("2: +refund")
        await screen.press("p", "u", "j", ".")
        await screen.sees("3: priority urgent")
        assert [desk.ticket(each).tags for each in numbers] == [("refund",), ("refund",), ()]
        await screen.press("e")
        await screen.until(lambda: len(screen.inbox.tickets.numbers) == 2)
        await screen.press(".")
        await screen.until(lambda: len(screen.inbox.tickets.numbers) == 1)


async def test_a_bulk_action_says_what_was_done_what_was_so_already_and_what_was_refused(desk: Desk) -> None:
    numbers = fill(desk, "First", "Second", "Third", "Fourth")
    tag(desk, numbers[1], ["refund"])
    async with showing(desk) as screen:
        await screen.sees("Fourth")
        await screen.press("g", "a")
        await screen.sees("every ticket", "Fourth")
        await screen.press("*")
        await screen.sees("4 marked:")
        await screen.press("t")
        await screen.sees("Enter applies")
        merge(acting_as(desk, "bo"), [numbers[3]], numbers[2])
        await screen.type("refund")
        await screen.press("enter")
        await screen.sees("2 tickets: +refund, u takes it back; 2 was so already; 1 refused: ticket 4")
        assert screen.app.said.text.endswith("ticket 4 was merged into 3")


async def test_letters_that_delete_elsewhere_only_say_what_does_it_here(desk: Desk) -> None:
    fill(desk, "Printer broken")
    async with showing(desk) as screen:
        await screen.sees("Printer broken")
        for key in ("d", "#"):
            await screen.press(key)
            await screen.sees("there is no trash: ! marks as spam, e closes")
            await screen.press("j")
        assert desk.ticket(TicketNumber(1)).status is Status.OPEN


@pytest.mark.parametrize(
    ("width", "told"),
    [
        (30, "  ^ there is no “x:”"),
        (60, "  ^ there is no “x:” (known: is assignee tag from to custom…"),
    ],
)
def test_a_mistake_is_told_with_as_much_of_its_hint_as_helps(width: int, told: str) -> None:
    wrong = BadQuery("there is no “x:”", "x:y", 1, "known: is assignee tag from to customer subject")
    assert pointed(wrong, width) == told


async def test_what_was_searched_for_is_recalled_and_a_mistake_is_pointed_at(desk: Desk) -> None:
    fill(desk, "Printer broken", "Where is my parcel")
    async with showing(desk) as screen:
        await screen.sees("Printer broken")
        for words in ("parcel", "printer"):
            await screen.press("/")
            await screen.type(words)
            await screen.press("enter")
            await screen.sees(f"-is:snoozed {words}")
            await screen.press("escape")
        await screen.press("/", "up", "up")
        await screen.sees("-is:snoozed parcel")
        await screen.press("down")
        await screen.sees("-is:snoozed printer")
        await screen.type(" tag:")
        await screen.sees("nothing stands after “tag:”")
        line = next(each for each in screen.text.splitlines() if "nothing stands" in each)
        assert line.index("^") == len(" /printer tag:")


async def test_rows_keep_their_place_while_tickets_come_go_and_move(desk: Desk) -> None:
    numbers = fill(desk, *(f"Subject {at}" for at in range(60)))
    bo, chance = acting_as(desk, "bo"), random.Random(7)
    async with showing(desk) as screen:
        await screen.sees("Subject 0")
        await screen.press("pagedown", "j", "j", "k", "k", "k")
        tickets, held = screen.inbox.tickets, TicketNumber(screen.cursor or 0)
        row = row_of(screen, f"> {held:>3}  ")
        others = [each for each in numbers if each != held]
        for _ in range(12):
            with desk.store.transaction():
                for number in chance.sample(others, 5):
                    status = Status.OPEN if desk.ticket(number).status is Status.CLOSED else Status.CLOSED
                    set_status(bo, number, status)
                receive(desk, subject="New", sender=Address(f"n{chance.random()}@corp.example"))
            shown = {each.number for each in desk.store.tickets.many(others) if each.status is Status.OPEN}
            await screen.until(partial(_shows, tickets, shown | {held}))
            assert screen.cursor == held
            assert row_of(screen, f"> {held:>3}  ") == row


def _shows(tickets: TicketList, numbers: set[TicketNumber]) -> bool:
    """Whether a list holds these tickets, and of those that were there at the beginning no others."""
    return {each for each in tickets.numbers if each <= 60} == numbers
