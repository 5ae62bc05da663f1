"""The customer beside the reader or over it: found in one key, their other ticket in two, edited in place."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from textual.widgets import Input, TextArea

from desk.actions.assign import assign
from desk.actions.edit_customer import edit_customer
from desk.actions.erase import erase
from desk.actions.status import set_status
from desk.desk import Desk
from desk.dossier import profile_of
from desk.people import Address, Handle
from desk.presence import Doing, Presence
from desk.profiles import ProfileField
from desk.ticket import Status, TicketNumber
from tests.desks import DANA, SetClock, acting_as, receive
from tests.tui.apps import NARROW, Screen, showing
from tests.tui.composing import inbox
from tui.keys import Context
from tui.widgets.customer import CustomerPane
from tui.widgets.customer_card import CustomerCard
from tui.widgets.customer_form import CustomerForm

ROOMY, MIDDLE = (160, 50), (100, 30)
LEO = Address("leo@partner.example", "Leo Brandt")


@pytest.fixture
def numbers(desk: Desk, clock: SetClock) -> list[TicketNumber]:
    """Five tickets of Dana's, the third closed, and one of Leo's, the youngest."""
    made: list[TicketNumber] = []
    for subject in ("First lamp", "Second lamp", "Third lamp", "Fourth lamp", "Fifth lamp"):
        made.append(receive(desk, subject=subject).number)
        clock.go_on(hours=1)
    set_status(desk, made[2], Status.CLOSED)
    made.append(receive(desk, subject="Of Leo", sender=LEO).number)
    return made


def card(screen: Screen) -> CustomerCard:
    return screen.inbox.query_one(CustomerCard)


def is_shown(screen: Screen) -> bool:
    return any(each.display for each in screen.inbox.query(CustomerPane))


async def opened(screen: Screen) -> None:
    """Show the customer, and wait until it is known who that is."""
    await screen.press("w")
    await screen.until(lambda: bool(screen.inbox.query(CustomerCard)) and card(screen).known is not None)


async def editing(screen: Screen) -> CustomerForm:
    await screen.press("e")
    await screen.until(lambda: isinstance(screen.inbox.focused, Input))
    return screen.inbox.query_one(CustomerForm)


def field(screen: Screen, name: ProfileField) -> Input:
    return screen.inbox.query_one(f"#{name}", Input)


def in_file(said: str) -> str:
    """The text in the file that a sentence names at its end."""
    return Path(said.partition("which is in ")[2]).read_text("utf-8")


@contextmanager
def slow_reads(screen: Screen) -> Generator[None]:
    """Nothing is read for as long as this lasts."""
    gate = Event()
    screen.app.read("gate", lambda _: gate.wait(60.0), lambda _: None)
    try:
        yield
    finally:
        gate.set()


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
        with slow_reads(screen):
            await screen.press("w", "enter")
            assert not screen.inbox.is_reading
        await screen.until(lambda: screen.inbox.is_reading)
        assert screen.inbox.target() == numbers[4]


async def test_enter_that_was_given_up_opens_nothing(desk: Desk, numbers: list[TicketNumber]) -> None:
    async with inbox(desk) as screen:
        with slow_reads(screen):
            await screen.press("w", "enter", "q")
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


async def test_what_is_typed_is_saved_on_enter_and_taken_back_by_one_key(
    desk: Desk, numbers: list[TicketNumber]
) -> None:
    async with inbox(desk) as screen:
        await opened(screen)
        await editing(screen)
        await screen.press("tab")
        await screen.type("Corp Ltd")
        await screen.press("tab", "tab", "tab")
        await screen.type("vip, reseller")
        await screen.press("enter")
        await screen.sees("#vip #reseller", "Corp Ltd", "u takes it back")
        assert screen.inbox.context is Context.CUSTOMER
        assert profile_of(desk, DANA.email).tags == ("vip", "reseller")
        await screen.press("u")
        await screen.misses("#vip", "Corp Ltd")
        assert profile_of(desk, DANA.email).is_blank
        assert screen.inbox.target() == numbers[0]


async def test_notes_have_several_lines_and_are_saved_from_there(desk: Desk, numbers: list[TicketNumber]) -> None:
    del numbers
    async with inbox(desk) as screen:
        await opened(screen)
        form = await editing(screen)
        form.query_one(TextArea).focus()
        await screen.type("one")
        await screen.press("enter")
        await screen.type("two")
        await screen.press("ctrl+s")
        await screen.sees("NOTES", "ana", "one", "two")
        assert profile_of(desk, DANA.email).notes == "one\ntwo"


async def test_a_wrong_tag_or_zone_is_refused_in_words_and_stays_to_be_mended(
    desk: Desk, numbers: list[TicketNumber]
) -> None:
    del numbers
    async with inbox(desk) as screen:
        await opened(screen)
        await editing(screen)
        field(screen, ProfileField.TAGS).value = "vip a?b"
        await screen.press("enter")
        await screen.sees("“a?b” cannot be a tag")
        field(screen, ProfileField.TAGS).value = "vip"
        field(screen, ProfileField.ZONE).value = "Nowhere"
        await screen.press("enter")
        await screen.sees("“Nowhere” is no time zone")
        field(screen, ProfileField.ZONE).value = "sofia"
        await screen.press("enter")
        await screen.sees("#vip", "Sofia")


async def test_escape_leaves_things_as_they_were_and_asks_where_something_was_typed(
    desk: Desk, numbers: list[TicketNumber]
) -> None:
    del numbers
    async with inbox(desk) as screen:
        await opened(screen)
        await editing(screen)
        await screen.press("escape")
        await screen.until(lambda: screen.inbox.context is Context.CUSTOMER)
        await editing(screen)
        await screen.type("Dany")
        await screen.press("escape")
        await screen.sees("Esc again leaves it as it was")
        assert screen.inbox.query(CustomerForm)
        await screen.press("escape")
        await screen.until(lambda: screen.inbox.context is Context.CUSTOMER)
        assert profile_of(desk, DANA.email).is_blank


async def test_a_colleagues_edit_in_between_is_shown_and_overwritten_only_once_it_was_seen(
    desk: Desk, numbers: list[TicketNumber]
) -> None:
    del numbers
    bo = acting_as(desk, "bo")
    async with inbox(desk) as screen:
        await opened(screen)
        await editing(screen)
        field(screen, ProfileField.COMPANY).value = "Corp AG"
        field(screen, ProfileField.TAGS).value = "vip"
        edit_customer(bo, DANA.email, {ProfileField.COMPANY: "Corp Holding", ProfileField.TAGS: ("late",)})
        await screen.sees("bo changed", "company", "just now")
        await screen.press("enter")
        await screen.sees("bo has since put company “Corp Holding”")
        assert profile_of(desk, DANA.email).company == "Corp Holding"
        await screen.press("enter")
        await screen.sees("Corp AG", "#late", "#vip")


async def test_a_colleagues_edit_shows_in_an_open_panel(desk: Desk, numbers: list[TicketNumber]) -> None:
    del numbers
    async with inbox(desk, size=ROOMY) as screen:
        await opened(screen)
        await screen.press("j")
        chosen = card(screen).chosen
        edit_customer(acting_as(desk, "bo"), DANA.email, {ProfileField.NOTES: "a bridge\n" * 3})
        await screen.sees("a bridge")
        assert card(screen).chosen == chosen


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


async def test_of_a_customer_without_an_address_nothing_is_edited_or_opened(desk: Desk) -> None:
    receive(desk, sender=Address(""))
    async with inbox(desk) as screen:
        await opened(screen)
        await screen.sees("Nobody knows whose mail this is")
        await screen.press("e", "enter", "y")
        assert not screen.inbox.query(CustomerForm)
        assert screen.inbox.context is Context.CUSTOMER


async def test_what_is_typed_of_somebody_who_is_erased_meanwhile_is_not_kept(
    desk: Desk, numbers: list[TicketNumber]
) -> None:
    del numbers
    async with inbox(desk) as screen:
        await opened(screen)
        await editing(screen)
        field(screen, ProfileField.COMPANY).value = "Corp"
        erase(acting_as(desk, "bo"), [DANA.email])
        await screen.press("enter")
        await screen.sees("no mail of this desk is from or to dana@corp.example")
        assert desk.store.profiles.all() == []


async def test_what_is_half_typed_when_the_screen_must_end_is_in_a_file(
    desk: Desk, numbers: list[TicketNumber]
) -> None:
    del numbers
    async with inbox(desk) as screen:
        await opened(screen)
        await editing(screen)
        field(screen, ProfileField.COMPANY).value = "Corp AG"
        screen.app.keep_and_leave()
        [where] = screen.app.unsaved
        assert in_file(where) == "dana@corp.example\ncompany: Corp AG\n"
    assert profile_of(desk, DANA.email).is_blank


async def test_a_form_outlives_a_storm_of_sizes(desk: Desk, numbers: list[TicketNumber]) -> None:
    del numbers
    async with inbox(desk, size=ROOMY) as screen:
        await opened(screen)
        await editing(screen)
        await screen.type("Dany")
        for size in (MIDDLE, (12, 4), NARROW, (300, 80), (12, 4), ROOMY):
            await screen.pilot.resize_terminal(*size)
        await screen.until(lambda: isinstance(screen.inbox.focused, Input))
        await screen.press("enter")
        await screen.sees("Dany", "writes as “Dana Petrova”")


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
