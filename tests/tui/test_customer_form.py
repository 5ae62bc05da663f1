from __future__ import annotations

import asyncio
from pathlib import Path

from textual.widgets import Input, TextArea

from desk.actions.edit_customer import edit_customer
from desk.actions.erase import erase
from desk.desk import Desk
from desk.dossier import profile_of
from desk.people import Address
from desk.profiles import ProfileField
from desk.ticket import TicketNumber
from tests.desks import DANA, acting_as, receive
from tests.tui.apps import NARROW
from tests.tui.composing import inbox
from tests.tui.customers import MIDDLE, ROOMY, card, editing, field, opened
from tests.tui.held_up import locked, slow_writes
from tui.keys import Context
from tui.widgets.customer_form import CustomerForm


def in_file(said: str) -> str:
    """The text in the file that a sentence names at its end."""
    return Path(said.partition("which is in ")[2]).read_text("utf-8")


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


async def test_a_customer_that_was_renamed_is_told_by_the_new_name(desk: Desk, numbers: list[TicketNumber]) -> None:
    del numbers
    async with inbox(desk) as screen:
        await opened(screen)
        await editing(screen)
        field(screen, ProfileField.NAME).value = "Maria Bell"
        await screen.press("enter")
        await screen.sees("Maria Bell: saved, u takes it back")


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


async def test_what_is_typed_behind_enter_is_for_what_the_form_leaves(desk: Desk, numbers: list[TicketNumber]) -> None:
    del numbers
    async with inbox(desk) as screen:
        await opened(screen)
        await editing(screen)
        screen.send(*"Dany", "enter", "e")
        await screen.until(lambda: profile_of(desk, DANA.email).name == "Dany")
        await screen.until(lambda: isinstance(screen.inbox.focused, Input))
        assert field(screen, ProfileField.NAME).value == "Dany"


async def test_keys_wait_until_a_form_that_is_saved_has_gone(desk: Desk, numbers: list[TicketNumber]) -> None:
    del numbers
    async with inbox(desk) as screen:
        await opened(screen)
        form = await editing(screen)
        await screen.type("Dany")
        busy = asyncio.Event()
        with slow_writes(screen):
            await screen.press("enter")
            await screen.until(lambda: form.is_saving)
            form.call_later(busy.wait)
        for _ in range(3000):  # the pilot would wait for the form
            if not form.is_saving:
                break
            await asyncio.sleep(0.01)
        is_saving, waits = form.is_saving, screen.app.is_settling()
        busy.set()
        await screen.until(lambda: not screen.inbox.query(CustomerForm))
        assert (is_saving, waits, screen.app.is_settling()) == (False, True, False)


async def test_what_is_typed_while_a_locked_store_saves_stays_in_the_form_and_is_said_to_be_unsaved(
    desk: Desk, numbers: list[TicketNumber], tmp_path: Path
) -> None:
    del numbers
    async with inbox(desk) as screen:
        await opened(screen)
        form = await editing(screen)
        with locked(tmp_path / "desk"):
            await screen.type("Dany")
            await screen.press("enter")
            await screen.until(lambda: form.is_saving and not form.is_closing)
            await screen.type(" P")
            await screen.until(lambda: field(screen, ProfileField.NAME).value == "Dany P")
            await screen.press("escape")
            await screen.sees("Esc again leaves this, and it is saved all the same")
        await screen.sees("what you typed since is not")
        assert (profile_of(desk, DANA.email).name, field(screen, ProfileField.NAME).value) == ("Dany", "Dany P")
        await screen.press("enter")
        await screen.until(lambda: not screen.inbox.query(CustomerForm))
        assert profile_of(desk, DANA.email).name == "Dany P"


async def test_a_form_that_is_left_while_it_saves_says_what_became_of_it(
    desk: Desk, numbers: list[TicketNumber], tmp_path: Path
) -> None:
    del numbers
    async with inbox(desk) as screen:
        await opened(screen)
        form = await editing(screen)
        with locked(tmp_path / "desk"):
            await screen.type("Dany")
            await screen.press("enter")
            await screen.until(lambda: form.is_saving and not form.is_closing)
            await screen.press("escape", "escape")
            await screen.until(lambda: not screen.inbox.query(CustomerForm))
        await screen.sees("Dany: saved, u takes it back")
        assert profile_of(desk, DANA.email).name == "Dany"
