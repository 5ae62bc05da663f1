from __future__ import annotations

from pathlib import Path

import pytest

from desk.actions.note import add_note
from desk.desk import Desk
from desk.people import Address
from tests.desks import SetClock, acting_as, receive
from tests.tui.apps import NARROW, WIDE, Screen
from tests.tui.composing import ONE, area, begun, ended, inbox, outbox, write
from tui.screens.recipients import RecipientsScreen
from tui.widgets.answered import Answered

LONG = "\n".join(f"Line {number} of it." for number in range(1, 61))


def beside(screen: Screen) -> Answered:
    return screen.app.screen.query_one(Answered)


def right_of_text(screen: Screen) -> str:
    """What is painted beside the text."""
    begin = area(screen).region.right
    return "\n".join(line[begin:].rstrip() for line in screen.text.splitlines())


async def test_what_is_answered_stands_beside_the_text_where_there_is_room(desk: Desk) -> None:
    receive(desk, text="I returned the printer on Monday.")
    async with inbox(desk, size=WIDE) as screen:
        await begun(screen, "r")
        await screen.sees("I returned the printer on Monday.")
        assert "Dana Petrova" in right_of_text(screen)
        write(screen, "Thank you.")
        await screen.press("escape", "y")
        await ended(screen)
    assert outbox(desk)[0].draft.startswith("Thank you.")
    assert "I returned the printer" not in outbox(desk)[0].draft


@pytest.mark.parametrize("size", [NARROW, (100, 30), (119, 40)], ids=["80x24", "100x30", "119x40"])
async def test_a_smaller_terminal_has_only_the_text(desk: Desk, size: tuple[int, int]) -> None:
    receive(desk, text="I returned the printer on Monday.")
    async with inbox(desk, size=size) as screen:
        await begun(screen, "r")
        assert "I returned the printer on Monday." not in screen.text
        assert area(screen).region.width == size[0]


async def test_it_comes_and_goes_as_the_terminal_is_made_wider_and_narrower(desk: Desk) -> None:
    receive(desk, text=LONG)
    async with inbox(desk, size=NARROW) as screen:
        await begun(screen, "r")
        assert "Line 1 of it." not in screen.text
        for size in ((140, 40), (300, 80), (120, 24)):
            await screen.pilot.resize_terminal(*size)
            await screen.sees("Line 1 of it.")
        await screen.press("x", "escape", "pagedown", "escape")
        await screen.sees("Line 20 of it.")
        await screen.misses("Line 1 of it.")
        last = right_of_text(screen).rsplit("Line ", 1)[1].split()[0]
        await screen.pilot.resize_terminal(160, 24)
        await screen.sees(f"Line {last} of it.")
        await screen.pilot.resize_terminal(*NARROW)
        await screen.misses(f"Line {last} of it.")


async def test_a_note_beside_the_text_is_told_as_a_note(desk: Desk, clock: SetClock) -> None:
    receive(desk, text="Where is it?")
    clock.go_on(minutes=1)
    add_note(acting_as(desk, "bo"), ONE, "She is right, the carrier lost it.")
    async with inbox(desk, size=WIDE) as screen:
        await begun(screen, "r")
        await screen.sees("NOTE  bo", "She is right, the carrier lost it.")
        strip = next(
            each for y in range(beside(screen).size.height) if "carrier" in (each := beside(screen).render_line(y)).text
        )
        paper = beside(screen).get_component_styles("lines--note-paper").background.rich_color
        assert all(each.style is not None and each.style.bgcolor == paper for each in strip)


async def test_the_newest_is_in_sight_and_older_words_are_read_on_in_from_the_review(
    desk: Desk, clock: SetClock
) -> None:
    receive(desk, text=LONG, message_id="<1@corp.example>")
    clock.go_on(minutes=1)
    receive(desk, text="And here is the number.", answers=("<1@corp.example>",))
    async with inbox(desk, size=WIDE) as screen:
        await begun(screen, "r")
        await screen.sees("Line 60 of it.", "And here is the number.")
        assert "Line 1 of it." not in screen.text
        write(screen, "Hello")
        await screen.press("escape")
        await screen.sees("And here is the number.", "PgUp read back")
        for _ in range(8):
            await screen.press("pageup")
        await screen.sees("Line 1 of it.")
        for _ in range(8):
            await screen.press("pagedown")
        await screen.sees("And here is the number.")


async def test_what_is_new_is_read_on_and_back_before_what_is_answered(desk: Desk, clock: SetClock) -> None:
    receive(desk, text=LONG, message_id="<1@corp.example>")
    clock.go_on(minutes=1)
    receive(desk, text="And here is the number.", answers=("<1@corp.example>",))
    async with inbox(desk, size=WIDE) as screen:
        await begun(screen, "r")
        await screen.sees("Line 60 of it.", "And here is the number.")
        write(screen, "Hello")
        add_note(acting_as(desk, "bo"), ONE, "\n".join(f"Remark {number:02}." for number in range(60)))
        await screen.sees("bo, in a note, wrote in the meantime", "Remark 00.")
        await screen.press("escape", "pagedown", "pagedown")
        await screen.misses("Remark 00.")
        top = beside(screen).scroll_y
        await screen.press("pageup", "pageup")
        await screen.sees("Remark 00.")
        assert beside(screen).scroll_y == top
        await screen.press(*["pageup"] * 8)
        await screen.sees("Line 1 of it.")


async def test_a_last_mail_that_is_too_long_begins_with_its_first_words(desk: Desk) -> None:
    receive(desk, text=LONG)
    async with inbox(desk, size=WIDE) as screen:
        await begun(screen, "r")
        await screen.sees("Line 1 of it.")
        assert "Line 60 of it." not in screen.text


async def test_it_does_not_move_while_somebody_types_or_writes(desk: Desk, clock: SetClock) -> None:
    receive(desk, text=LONG, message_id="<1@corp.example>")
    async with inbox(desk, size=WIDE) as screen:
        await begun(screen, "r")
        await screen.sees("Line 30 of it.")
        row = next(y for y, line in enumerate(screen.text.splitlines()) if "Line 30 of it." in line)
        write(screen, "Hello,\n" * 60)
        clock.go_on(minutes=1)
        receive(desk, text="It is settled.", answers=("<1@corp.example>",))
        await screen.sees("Dana Petrova wrote in the meantime", "It is settled.")
        assert "Line 30 of it." in screen.text.splitlines()[row]
        assert screen.text.count("It is settled.") == 1


async def test_new_words_have_the_place_to_themselves_on_a_low_screen(desk: Desk) -> None:
    receive(desk, text="Where is it?", message_id="<1@corp.example>")
    async with inbox(desk, size=(140, 24)) as screen:
        await begun(screen, "r")
        await screen.sees("Where is it?")
        width = area(screen).region.width
        receive(desk, text="It is settled.", answers=("<1@corp.example>",))
        await screen.sees("It is settled.")
        await screen.misses("Where is it?")
        assert area(screen).region.width == width


async def test_the_steps_of_a_macro_stand_below_it(desk: Desk, macros: Path) -> None:
    receive(desk, text="I returned the printer on Monday.")
    async with inbox(desk, macros, size=WIDE) as screen:
        await begun(screen, ",", "g")
        await screen.sees("Steps", "I returned the printer on Monday.")
        assert screen.text.index("Steps") > screen.text.index("I returned the printer on Monday.")


async def test_neither_a_forward_nor_a_first_mail_has_anything_beside_it(desk: Desk) -> None:
    receive(desk, text="I returned the printer on Monday.")
    async with inbox(desk, size=WIDE) as screen:
        for key in ("f", "c"):
            await screen.press(key)
            await screen.until(lambda: isinstance(screen.app.screen, RecipientsScreen))
            await screen.press("escape")
            await screen.sees("nobody yet")
            assert area(screen).region.width == WIDE[0]
            await screen.press("escape")
            await ended(screen)


async def test_a_note_for_several_tickets_has_none_of_them_beside_it(desk: Desk) -> None:
    receive(desk, text="I returned the printer on Monday.")
    receive(desk, text="Where is my order?", subject="Order", sender=Address("kim@other.example", "Kim"))
    async with inbox(desk, size=WIDE) as screen:
        await screen.press("x", "j", "x", "n")
        await screen.sees("on 2 tickets")
        assert area(screen).region.width == WIDE[0]
