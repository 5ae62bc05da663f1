"""The customer beside the reader or over it: found in one key, their other ticket in two, edited in place."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from desk.actions.assign import assign
from desk.actions.edit_customer import edit_customer
from desk.desk import Desk
from desk.people import Address, Handle
from desk.presence import Doing, Presence
from desk.profiles import ProfileField
from desk.ticket import TicketNumber
from tests.desks import DANA, SetClock, acting_as, receive
from tests.tui.apps import NARROW, Screen, showing
from tests.tui.composing import inbox
from tests.tui.customers import MIDDLE, ROOMY, card, editing, field, opened
from tests.tui.held_up import slow_opening, slow_reads
from tui.keys import Context
from tui.widgets.customer import CustomerPane


def is_shown(screen: Screen) -> bool:
    return any(each.display for each in screen.inbox.query(CustomerPane))


def assert_beside_each_other(screen: Screen) -> None:
    tickets, panel = screen.inbox.tickets.region, screen.inbox.query_one(CustomerPane).region
    assert tickets.width >= 40
    assert panel.width >= 41
    assert tickets.right <= panel.x
    assert panel.right == screen.app.size.width


@pytest.mark.parametrize("size", [NARROW, ROOMY], ids=["80", "160"])
async def test_another_ticket_of_the_customer_is_two_keys_from_the_list(
    desk: Desk, numbers: list[TicketNumber], size: tuple[int, int]
) -> None:
    async with inbox(desk, size=size) as screen:
        await screen.until(lambda: screen.cursor == numbers[0])
        keys = ("w", "enter")
        await screen.press(*keys)
        await screen.until(lambda: screen.inbox.is_reading)
        await screen.sees("Fifth lamp")
        assert screen.inbox.target() == numbers[4]
        assert len(keys) == 2
        assert is_shown(screen) == (size is ROOMY)


async def test_enter_pressed_before_the_customer_is_known_opens_the_ticket_once_they_are(
    desk: Desk, numbers: list[TicketNumber]
) -> None:
    async with inbox(desk) as screen:
        with slow_reads(screen), slow_opening(screen):
            await screen.press("w", "enter")
            assert not screen.inbox.is_reading
        await screen.until(lambda: screen.inbox.is_reading)
        assert screen.inbox.target() == numbers[4]


async def test_enter_that_was_given_up_opens_nothing(desk: Desk, numbers: list[TicketNumber]) -> None:
    async with inbox(desk) as screen:
        with slow_reads(screen), slow_opening(screen):
            await screen.press("w", "enter")
            await screen.sees("Esc lets it be")
            await screen.press("escape")
        await screen.until(lambda: card(screen).known is not None)
        assert not screen.inbox.is_reading
        assert screen.cursor == numbers[0]


async def test_who_it_is_and_what_is_known_stands_in_the_panel(
    desk: Desk, numbers: list[TicketNumber], clock: SetClock
) -> None:
    assign(desk, numbers[1], Handle("bo"))
    edit_customer(
        desk,
        DANA.email,
        {ProfileField.COMPANY: "Corp Ltd", ProfileField.TAGS: ("vip",), ProfileField.ZONE: "Asia/Tokyo"},
    )
    edit_customer(desk, DANA.email, {ProfileField.NOTES: "pays late", ProfileField.LANGUAGE: "bg"})
    until = clock() + timedelta(seconds=44)
    bo = acting_as(desk, "bo").me.handle
    desk.store.presences.put(Presence(agent=bo, ticket=numbers[3], doing=Doing.ANSWERING, until=until))
    async with inbox(desk, size=NARROW) as screen:
        await opened(screen)
        await screen.sees("Dana Petrova", "dana@corp.example", "Corp Ltd", "Bulgarian", "23:00", "Tokyo", "#vip")
        await screen.sees("5 in, 0 out", "NOTES", "pays late", "OPEN ELSEWHERE  3", "BEFORE  1")
        rows = [each for each in screen.text.split("\n") if "lamp" in each]
        hands = [" ".join(each.partition("lamp")[2].split()[:-1]) for each in rows[:3]]
        assert hands == ["open -", "open bo ✎", "open bo"]
        assert rows[3].split()[-2:] == ["closed", "3h"]


async def test_a_guess_is_shown_as_one(desk: Desk) -> None:
    receive(desk, text="Hello, I returned the printer on Monday and it is not the one that I have asked for.")
    async with inbox(desk) as screen:
        await opened(screen)
        await screen.sees("Corp?", "by the address", "English?", "by the mails", "No other tickets")
        assert "time" not in screen.text


async def test_the_cursor_goes_from_ticket_to_ticket_and_enter_opens_the_one_under_it(
    desk: Desk, numbers: list[TicketNumber]
) -> None:
    async with inbox(desk) as screen:
        await opened(screen)
        assert card(screen).chosen == numbers[4]
        await screen.press("j", "j", "j")
        assert card(screen).chosen == numbers[2]
        await screen.press("j", "k", "k")
        assert card(screen).chosen == numbers[3]
        await screen.press("enter")
        await screen.until(lambda: screen.inbox.is_reading)
        assert screen.inbox.target() == numbers[3]


async def test_the_panel_stays_beside_the_reader_and_follows_the_cursor(
    desk: Desk, numbers: list[TicketNumber]
) -> None:
    async with inbox(desk, size=ROOMY) as screen:
        await opened(screen)
        await screen.press("q")
        assert is_shown(screen)
        assert screen.inbox.context is Context.LIST
        await screen.press("G")
        await screen.sees("leo@partner.example", "No other tickets")
        await screen.press("w", "w")
        assert not is_shown(screen)
        await screen.press("k", "j")
        assert not is_shown(screen)
        del numbers


async def test_a_panel_over_the_list_goes_and_the_row_is_the_same(desk: Desk, numbers: list[TicketNumber]) -> None:
    async with inbox(desk) as screen:
        await screen.press("j")
        for key in ("q", "escape", "h", "w"):
            await opened(screen)
            await screen.press(key)
            assert not is_shown(screen), key
            assert (screen.cursor, screen.inbox.context) == (numbers[1], Context.LIST), key


async def test_from_the_reader_the_panel_leads_back_to_the_reader(desk: Desk, numbers: list[TicketNumber]) -> None:
    async with inbox(desk, size=MIDDLE) as screen:
        await screen.press("enter")
        await screen.until(lambda: screen.inbox.context is Context.READER)
        await opened(screen)
        await screen.press("q")
        assert screen.inbox.context is Context.READER
        assert screen.inbox.target() == numbers[0]


async def test_the_panel_comes_over_a_list_that_has_the_screen_for_itself(
    desk: Desk, numbers: list[TicketNumber]
) -> None:
    async with inbox(desk, size=ROOMY) as screen:
        await screen.press("_")
        await screen.until(lambda: not screen.inbox.reader.display)
        await opened(screen)
        assert is_shown(screen)
        assert screen.inbox.context is Context.CUSTOMER
        await screen.press("enter")
        await screen.until(lambda: screen.inbox.is_reading)
        assert screen.inbox.target() == numbers[4]


@pytest.mark.parametrize("width", [100, 110, 111, 120, 139, 140, 160])
@pytest.mark.parametrize("before", ["", "_", "` enter"], ids=["both", "list", "views"])
async def test_the_list_is_as_wide_as_the_panel_leaves_room_for(desk: Desk, width: int, before: str) -> None:
    receive(desk, subject="a lamp")
    async with inbox(desk, size=(width, 30)) as screen:
        await screen.press(*before.split())
        await opened(screen)
        assert_beside_each_other(screen)
        await editing(screen)
        assert_beside_each_other(screen)


async def test_a_panel_that_loses_its_room_goes_and_comes_back_with_it(desk: Desk, numbers: list[TicketNumber]) -> None:
    del numbers
    async with inbox(desk, size=ROOMY) as screen:
        await opened(screen)
        await screen.press("q")
        await screen.pilot.resize_terminal(*MIDDLE)
        await screen.until(lambda: not is_shown(screen))
        await screen.pilot.resize_terminal(*ROOMY)
        await screen.until(lambda: is_shown(screen))


async def test_whether_the_panel_is_shown_is_remembered(desk: Desk, numbers: list[TicketNumber]) -> None:
    del numbers
    async with inbox(desk, size=ROOMY) as screen:
        assert not is_shown(screen)
        await opened(screen)
    async with inbox(desk, size=ROOMY) as screen:
        await screen.sees("OPEN ELSEWHERE", "dana@corp.example")
        assert screen.inbox.context is Context.LIST
        await screen.press("w", "w")
    async with inbox(desk, size=ROOMY) as screen:
        await screen.press("j")
        await screen.sees("Second lamp")
        assert not is_shown(screen)


async def test_no_ticket_is_ever_shown_with_another_ones_customer(desk: Desk) -> None:
    for at in range(6):
        receive(desk, subject=f"Matter {at}", sender=Address(f"c{at}@corp.example", f"Customer {at}"))
    async with inbox(desk, size=ROOMY) as screen:
        await opened(screen)
        pane = screen.inbox.query_one(CustomerPane)
        tickets = screen.inbox.tickets.numbers
        for at in range(60):
            pane.show(tickets[at % 6])
            await asyncio.sleep(0.001 * (at % 5))
            known = card(screen).known
            assert known is None or known.about == pane.number == tickets[at % 6]
        await screen.until(lambda: card(screen).known is not None)
        known = card(screen).known
        assert known is not None
        assert known.person == desk.ticket(tickets[59 % 6]).customer


async def test_while_a_customer_is_read_nothing_of_the_one_before_stays_in_sight(
    desk: Desk, numbers: list[TicketNumber]
) -> None:
    async with inbox(desk, size=ROOMY) as screen:
        await opened(screen)
        await screen.sees("dana@corp.example")
        with slow_reads(screen):
            screen.inbox.query_one(CustomerPane).show(numbers[5])
            await screen.pilot.pause()
            lines = [line[-40:] for line in screen.text.split("\n")]
            assert not any("dana@" in line or "lamp" in line for line in lines)
        await screen.until(lambda: card(screen).known is not None)
        assert any("leo@partner" in line[-40:] for line in screen.text.split("\n"))


async def test_the_address_is_copied(desk: Desk, numbers: list[TicketNumber]) -> None:
    del numbers
    async with inbox(desk) as screen:
        await opened(screen)
        await screen.press("y")
        await screen.sees("copied: dana@corp.example")


async def test_a_hostile_customer_drives_neither_terminal_nor_markup(desk: Desk) -> None:
    name = "\x1b]0;pwn\x07[/x][@click=app.quit]Da\u202ena"
    hostile = Address('ev"il\x1b[2J@corp.example', name)
    receive(desk, sender=hostile)
    receive(desk, sender=hostile, subject="[bold]\x9b2J\u202eother[/]")
    async with showing(desk, ROOMY) as screen:
        await screen.until(lambda: screen.cursor is not None)
        await opened(screen)
        await screen.sees("[/x][@click=app.quit]", "[bold]")
        assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(screen.text)
        await editing(screen)
        field(screen, ProfileField.COMPANY).value = "[red]Co\x1b[31m"
        await screen.press("enter")
        await screen.sees("[red]Co")
        assert not {"\x1b", "\x9b"} & set(screen.text)


async def test_a_long_list_of_tickets_is_walked_to_both_ends(desk: Desk) -> None:
    numbers = [receive(desk, subject=f"Matter {at:02}").number for at in range(40)]
    async with inbox(desk) as screen:
        await opened(screen)
        await screen.press("G")
        last = card(screen).chosen
        assert last is not None
        await screen.sees(f"Matter {numbers.index(last):02}")
        await screen.press("g", "g")
        await screen.sees("Dana Petrova", "OPEN ELSEWHERE  39")
        first = card(screen).chosen
        await screen.press("space", "ctrl+u")
        assert card(screen).chosen == first
