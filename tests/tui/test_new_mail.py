from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from textual.widgets import Input

from desk.actions.keep_beginning import keep_beginning, kept_beginnings, throw_beginning_away
from desk.beginning import Beginning
from desk.conversation import Purpose
from desk.desk import Desk
from desk.people import Address
from desk.settings import Mailbox, Settings
from desk.ticket import TicketNumber
from tests.desks import SUPPORT, receive
from tests.tui.apps import NARROW, WIDE, Screen, showing
from tests.tui.composing import ended, outbox, write
from tests.tui.held_up import slow_writes
from tui.screens.new_mail import NewMailScreen
from tui.screens.recipients import RecipientsScreen

ONE = TicketNumber(1)


async def asked(screen: Screen) -> None:
    await screen.until(lambda: isinstance(screen.app.screen, RecipientsScreen))
    await screen.sees("New mail: to whom, and about what?")


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "140x40"])
async def test_a_customer_is_written_to_first_and_a_ticket_opens(desk: Desk, size: tuple[int, int]) -> None:
    async with showing(desk, size) as screen:
        await screen.until(lambda: screen.app.here() is not None)
        await screen.press("c")
        await asked(screen)
        await screen.type("Ivan Sidorov <ivan@firm.example>")
        await screen.press("down", "down", "down")
        await screen.type("Your contract")
        await screen.press("enter")
        await screen.until(lambda: isinstance(screen.app.screen, NewMailScreen))
        await screen.sees("New mail to ivan@firm.example")
        write(screen, "Dear Ivan")
        await screen.press("escape")
        await screen.sees("From     Ana Petrova (Acme Support) <support@acme.example>", "Subject  Your contract")
        await screen.press("y")
        await ended(screen)
        await screen.sees("queued for Ivan", "Your contract")
    (mail,) = outbox(desk)
    assert (mail.purpose, mail.draft) == (Purpose.NEW, "Dear Ivan")
    ticket = desk.ticket(mail.ticket)
    assert (ticket.customer.email, ticket.subject, ticket.assignee) == ("ivan@firm.example", "Your contract", "ana")
    assert kept_beginnings(desk) == []


async def test_what_is_typed_right_behind_the_key_is_whom_the_mail_goes_to(desk: Desk) -> None:
    async with showing(desk) as screen:
        await screen.until(lambda: screen.app.here() is not None)
        with slow_writes(screen):
            await screen.press("c")
            await screen.type("zed@y.example")
        await asked(screen)
        await screen.press("enter")
        await screen.sees("New mail to zed@y.example")
        composer = screen.app.screen
        assert isinstance(composer, NewMailScreen)
        assert composer.text == ""


async def test_a_field_that_is_left_gets_nothing_that_is_typed_behind_the_key(desk: Desk) -> None:
    async with showing(desk) as screen:
        await screen.until(lambda: screen.app.here() is not None)
        await screen.press("c")
        await asked(screen)
        screen.send("z", "@", "y", "tab", "c", "down", "down", "s", "shift+tab", "b", "down", "t")
        typed = ["z@y", "c", "b", "st"]
        await screen.until(lambda: [each.value for each in screen.app.screen.query(Input)] == typed)


async def test_what_is_typed_right_behind_the_form_is_the_mail(desk: Desk) -> None:
    async with showing(desk) as screen:
        await screen.until(lambda: screen.app.here() is not None)
        await screen.press("c")
        await asked(screen)
        screen.send(*"z@y.org", "tab", "tab", "tab", *"Hello")
        for key in ("enter", *"Body"):
            screen.send(key)  # at a pace of its own: at a stroke they would be a pasted text
            await asyncio.sleep(0.03)
        await screen.sees("New mail to z@y.org", "Body")
        composer = screen.app.screen
        assert isinstance(composer, NewMailScreen)
        await screen.until(lambda: composer.text == "Body")
        assert composer.head.heads.subject == "Hello"


async def test_a_mail_that_is_not_finished_is_there_the_next_time(desk: Desk) -> None:
    receive(desk)
    async with showing(desk) as screen:
        await screen.until(lambda: screen.cursor is not None)
        await screen.press("c")
        await asked(screen)
        await screen.type("ivan@firm.example")
        await screen.press("enter")
        await screen.sees("New mail to ivan@firm.example")
        write(screen, "Dear Ivan")
        await screen.press("escape", "y")
        await screen.sees("no subject yet: c says what it is about")
        await screen.press("p")
        await ended(screen)
        await screen.sees("the draft is kept")
        await screen.press("c")
        await screen.sees("Go on with an unfinished mail?", "ivan@firm.example  Dear Ivan", "a new mail")
        await screen.press("enter")
        await screen.sees("New mail to ivan@firm.example", "Dear Ivan")
    assert outbox(desk) == []


async def test_a_first_mail_is_thrown_away_by_one_key_and_comes_back_by_one_after_a_new_start(desk: Desk) -> None:
    receive(desk)
    keep_beginning(desk, Beginning(to=(Address("ivan@firm.example"),), subject="Offer", text="Dear Ivan"))
    async with showing(desk) as screen:
        await screen.until(lambda: screen.app.here() is not None)
        await screen.press("c", "enter")
        await screen.sees("New mail to ivan@firm.example", "Dear Ivan")
        await screen.press("escape", "X")
        await ended(screen)
        await screen.sees("the draft is gone, u brings it back")
        assert kept_beginnings(desk) == []
        await screen.press("i")
        await screen.until(lambda: desk.ticket(ONE).assignee == "ana")
    async with showing(desk) as screen:
        await screen.until(lambda: screen.cursor is not None)
        await screen.press("u")
        await screen.sees("taken back on ticket 1: assigned")
        assert kept_beginnings(desk) == []
        await screen.press("u")
        await screen.sees("New mail to ivan@firm.example", "Dear Ivan")
        await screen.press("escape", "p")
        await ended(screen)
        await screen.press("U")
        await screen.sees("done again: new mail discarded, u takes it back")
        assert kept_beginnings(desk) == []


async def test_a_first_mail_comes_back_from_a_screen_beside_the_inbox_too(desk: Desk) -> None:
    kept = keep_beginning(desk, Beginning(to=(Address("ivan@firm.example"),), subject="Offer", text="Dear Ivan"))
    assert kept is not None
    throw_beginning_away(desk, kept)
    async with showing(desk) as screen:
        await screen.until(lambda: screen.app.here() is not None)
        await screen.press("g", "o", "u")
        await screen.sees("New mail to ivan@firm.example", "Dear Ivan")
    assert len(kept_beginnings(desk)) == 1


async def test_of_several_unfinished_mails_each_can_be_gone_on_with_and_a_new_one_begun(desk: Desk) -> None:
    for name in ("ivan", "kim", "sato"):
        keep_beginning(
            desk, Beginning(to=(Address(f"{name}@firm.example"),), subject=f"For {name}", text=f"Dear {name}")
        )
    async with showing(desk) as screen:
        await screen.until(lambda: screen.app.here() is not None)
        for name in ("ivan", "kim", "sato"):
            await screen.press("c")
            await screen.sees("Go on with an unfinished mail?", "For ivan", "For kim", "For sato")
            await screen.type(name)
            await screen.misses("For sato" if name != "sato" else "For kim")
            await screen.press("enter")
            await screen.sees(f"New mail to {name}@firm.example", f"Dear {name}")
            await screen.press("escape", "p")
            await ended(screen)
        await screen.press("c")
        await screen.type("somebody else")
        await screen.misses("For kim")
        await screen.press("enter")
        await asked(screen)
        await screen.type("new@firm.example")
        await screen.press("enter")
        await screen.sees("New mail to new@firm.example")
        write(screen, "A fourth one")
        await screen.press("escape", "p")
        await ended(screen)
    assert [each.beginning.text for each in kept_beginnings(desk)][-1].startswith("A fourth one")
    assert len(kept_beginnings(desk)) == 4


async def test_with_several_mailboxes_it_is_asked_from_which(desk: Desk) -> None:
    sales = Mailbox(name="sales", address=Address("sales@acme.example", "Acme Sales"))
    both = Settings(mailboxes=(Mailbox(name="support", address=SUPPORT), sales))
    async with showing(replace(desk, settings=both)) as screen:
        await screen.until(lambda: screen.app.here() is not None)
        await screen.press("c")
        await screen.sees("Write from", "sales@acme.example")
        await screen.press("down", "enter")
        await asked(screen)
        await screen.type("ivan@firm.example")
        await screen.press("down", "down", "down")
        await screen.type("Offer")
        await screen.press("enter")
        write(screen, "Dear Ivan")
        await screen.press("escape")
        await screen.sees("<sales@acme.example>")
        await screen.press("y")
        await ended(screen)
    assert [each.mailbox for each in outbox(desk)] == ["sales"]


async def test_a_first_mail_that_is_taken_back_is_written_on(desk: Desk) -> None:
    async with showing(desk) as screen:
        await screen.until(lambda: screen.app.here() is not None)
        await screen.press("c")
        await asked(screen)
        await screen.type("ivan@firm.example")
        await screen.press("down", "down", "down")
        await screen.type("Offer")
        await screen.press("enter")
        write(screen, "Dear Ivan")
        await screen.press("escape", "y")
        await ended(screen)
        await screen.press("u")
        await screen.sees("ivan@firm.example", "Dear Ivan")
