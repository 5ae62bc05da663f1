"""The parked mails on the screen: why each was kept back, and the keys that settle it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from desk.actions.accept import accept
from desk.actions.assign import assign
from desk.desk import Desk
from desk.expression import EVERYTHING
from desk.people import Handle
from desk.ticket import TicketNumber
from tests.desk.arriving import arrive, mail_from
from tests.desks import acting_as, receive
from tests.tui.apps import NARROW, WIDE, open_desk, showing

WHY = "parked: more than 1 mails from loud@x.example came within an hour"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk with one ticket of Dana's, one of a loud sender, and two mails parked."""
    with open_desk(tmp_path / "desk") as desk:
        receive(desk)
        limited = replace(desk, settings=replace(desk.settings, flood=1))
        for subject in ("First of all", "Second \x1b]0;owned\x07 call", "Third call"):
            arrive(limited, mail_from("Loud <loud@x.example>", subject, f"This is what {subject} has to say to you."))
        yield desk


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_parked_mail_is_counted_on_the_top_line_and_shown_with_its_reason(
    desk: Desk, size: tuple[int, int]
) -> None:
    async with showing(desk, size) as screen:
        await screen.sees("Parked 2")
        await screen.press("g", "p")
        await screen.sees("Third call", WHY, "This is what Third call has to say to you.", "y accept", "X drop")
        await screen.press("j")
        await screen.sees("This is what Second \ufffd]0;owned\ufffd call has to say")


async def test_a_mail_is_taken_in_after_a_question_and_the_cursor_goes_to_the_next(desk: Desk) -> None:
    async with showing(desk) as screen:
        await screen.press("g", "p")
        await screen.sees("Third call")
        await screen.press("y")
        await screen.sees("take in the mail from loud@x.example? y again")
        assert desk.store.parked.count() == 2
        await screen.press("y")
        await screen.sees("accepted: it is on ticket 3", "This is what Second")
        await screen.press("y")
        await screen.sees("take in the mail from loud@x.example? y again")
        assert desk.store.parked.count() == 1
        await screen.press("y")
        await screen.sees("accepted: it is on ticket 4", "No mail is parked")
        await screen.press("y", "X", "Y", "g", "i")
        await screen.sees("Third call")
        await screen.misses("Parked")
    assert desk.store.parked.count() == 0


async def test_dropping_asks_first_and_keeps_the_mail(desk: Desk) -> None:
    async with showing(desk) as screen:
        await screen.press("g", "p")
        await screen.sees("Third call")
        await screen.press("X")
        await screen.sees("drop the mail from loud@x.example? X again")
        await screen.press("j", "X")
        assert desk.store.parked.count() == 2
        await screen.press("X")
        await screen.sees("dropped; its bytes are kept, and `tandem parked accept 1` still takes it in")
        await screen.misses("Second")
    assert [each.settled is not None for each in desk.store.parked.all(settled=True)] == [False, True]


async def test_all_of_a_sender_are_taken_in_after_a_question(desk: Desk) -> None:
    async with showing(desk) as screen:
        await screen.press("g", "p")
        await screen.sees("Third call")
        await screen.press("Y")
        await screen.sees("take in all 2 mails from loud@x.example? Y again")
        await screen.press("Y")
        await screen.sees("2 mails from loud@x.example are on tickets now", "No mail is parked")
    assert desk.store.tickets.count(EVERYTHING) == 4


async def test_one_mail_of_a_sender_is_spoken_of_as_one(desk: Desk) -> None:
    accept(desk, desk.store.parked.all()[0].id)
    async with showing(desk) as screen:
        await screen.press("g", "p")
        await screen.sees("Second")
        await screen.press("Y")
        await screen.sees("take in the one mail from loud@x.example? Y again")
        await screen.press("Y")
        await screen.sees("1 mail from loud@x.example is on a ticket now")


async def test_undo_says_that_an_accepted_mail_stays_and_then_takes_back_what_was_before(desk: Desk) -> None:
    assign(desk, TicketNumber(1), Handle("bo"))
    async with showing(desk) as screen:
        await screen.press("g", "p")
        await screen.sees("Third call")
        await screen.press("y", "y")
        await screen.sees("accepted: it is on ticket 3")
        await screen.press("u")
        await screen.sees("what was accepted stays on its ticket")
        assert desk.ticket(TicketNumber(1)).assignee == "bo"
        await screen.press("u")
        await screen.misses("what was accepted stays")
        await screen.sees("ticket 1")
    assert desk.ticket(TicketNumber(1)).assignee is None


async def test_while_many_are_taken_in_what_else_is_asked_for_comes_between(desk: Desk) -> None:
    limited = replace(desk, settings=replace(desk.settings, flood=1))
    for number in range(30):
        arrive(limited, mail_from("loud@x.example", f"Call {number}", f"This is call {number}."))
    left: list[int] = []
    async with showing(desk) as screen:

        def ask() -> None:
            screen.app.act("count", lambda desk: desk.store.parked.count(), note)

        def note(count: int) -> None:
            left.append(count)
            if count:
                ask()

        await screen.press("g", "p")
        await screen.sees("Call 29")
        await screen.press("Y")
        await screen.sees("take in all 32 mails")
        ask()
        await screen.press("Y")
        await screen.sees("32 mails from loud@x.example are on tickets now", "No mail is parked")
    assert 12 in left


async def test_what_a_colleague_settles_leaves_the_screen_and_who_is_late_is_told(desk: Desk) -> None:
    bo = acting_as(desk, "bo")
    newest, oldest = desk.store.parked.all()
    async with showing(desk) as screen:
        await screen.press("g", "p")
        await screen.sees("Third call")
        accept(bo, newest.id)
        await screen.misses("Third call")
        await screen.press("y")
        with desk.store.transaction():
            await screen.press("y")
            accept(bo, oldest.id)
        await screen.sees("parked mail 1 was accepted by bo")


async def test_a_screen_without_parked_mail_does_not_speak_of_it(tmp_path: Path) -> None:
    with open_desk(tmp_path / "other") as desk:
        receive(desk)
        async with showing(desk) as screen:
            await screen.sees("Inbox 1")
            assert "Parked" not in screen.text
            await screen.press("g", "p")
            await screen.sees("No mail is parked: nothing was kept back.")
            assert "─" not in screen.text
            assert "accept" not in screen.text.split("\n")[-1]
