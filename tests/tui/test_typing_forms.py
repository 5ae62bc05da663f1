"""Keys that come faster than the forms and pickers that they are for."""

from __future__ import annotations

import asyncio
from pathlib import Path

from desk.desk import Desk
from desk.ticket import Status
from tests.desks import receive
from tests.tui.apps import Screen
from tests.tui.composing import ONE, area, begun, inbox, outbox, write
from tests.tui.held_up import slow_files, slow_opening, slow_reads
from tui.screens.attach import AttachScreen
from tui.screens.compose import ComposeScreen


async def attaching(screen: Screen, folder: Path) -> None:
    """Type the path of a file for an answer, but for its last letter."""
    (folder / "terms").write_text("Terms")
    await begun(screen, "r")
    write(screen, "Hello")
    await screen.press("escape", "a")
    await screen.until(lambda: isinstance(screen.app.screen, AttachScreen))
    await screen.type(str(folder / "term"))


async def test_a_letter_behind_enter_in_a_form_is_for_the_review_though_the_screen_below_is_told_late(
    desk: Desk,
) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        composer = await begun(screen, "r")
        write(screen, "Hello")
        await screen.press("escape")
        below, form = asyncio.Event(), asyncio.Event()
        screen.send("c")
        for _ in range(10_000):
            if screen.app.screen is not composer:
                break
            await asyncio.sleep(0)
        composer.call_later(below.wait)
        await screen.until(lambda: bool(screen.app.focused))
        await screen.type(", bo@example.org")
        screen.app.screen.call_later(form.wait)
        screen.send("enter", "y")
        await asyncio.sleep(0.05)
        below.set()
        await asyncio.sleep(0.05)
        form.set()
        await screen.until(lambda: bool(outbox(desk)))
        assert "bo@example.org" in str(outbox(desk)[0].recipients)


async def test_letters_behind_enter_in_a_picker_wait_for_the_list_that_it_chooses_from(
    desk: Desk, tmp_path: Path
) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        await attaching(screen, tmp_path)
        with slow_files(screen):
            for key in ("s", "enter", "e", "Z"):
                screen.send(key)  # at a pace of its own: at a stroke they would be a pasted text
                await asyncio.sleep(0.05)
        await screen.until(lambda: isinstance(screen.app.screen, ComposeScreen))
        await screen.until(lambda: area(screen).text.startswith("HelloZ"))
        await screen.sees("terms")


async def test_a_mail_that_is_sent_right_behind_the_choice_of_a_file_takes_it_along(desk: Desk, tmp_path: Path) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        await attaching(screen, tmp_path)
        screen.send("s", "enter", "y")
        await screen.until(lambda: bool(outbox(desk)))
        assert "terms" in str(outbox(desk)[0])


async def test_what_is_typed_before_a_customer_is_read_is_for_the_form_that_the_key_asks_for(desk: Desk) -> None:
    receive(desk)
    async with inbox(desk) as screen:
        with slow_reads(screen), slow_opening(screen):
            screen.send("w")
            await asyncio.sleep(0.05)
            screen.send("e")
            await asyncio.sleep(0.05)
            screen.send(*"Dee", "tab", *"Acme", "ctrl+s")
            await asyncio.sleep(0.05)
        await screen.until(lambda: bool(desk.store.profiles.of(["dana@corp.example"])))
        (profile,) = desk.store.profiles.of(["dana@corp.example"])
        assert "Dee" in profile.name
        assert profile.company == "Acme"
        assert desk.ticket(ONE).status is Status.OPEN
