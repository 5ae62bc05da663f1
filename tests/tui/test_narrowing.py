"""A list that narrows with each letter of a filter, while the store is slower than the keys."""

from __future__ import annotations

from threading import Event

from desk.actions.status import set_status
from desk.desk import Desk
from desk.ticket import Status, TicketNumber
from tests.desks import receive
from tests.tui.apps import WIDE, showing

_SUBJECTS = ("parcel", "parcels of Paris", "parcels of Pisa", "Printer broken")


async def test_a_filter_typed_ahead_of_the_store_shows_what_its_newest_words_find_and_nothing_older(desk: Desk) -> None:
    everything = [receive(desk, subject=each).number for each in _SUBJECTS]
    async with showing(desk) as screen:
        await screen.sees(*_SUBJECTS)
        held, shown = Event(), list[set[TicketNumber]]()
        screen.app.read("held up", lambda _: held.wait(60), lambda _: None)
        await screen.press("/")
        await screen.type("parcels of pi")
        assert set(screen.inbox.tickets.numbers) == set(everything)
        held.set()

        def is_narrow() -> bool:
            shown.append(set(screen.inbox.tickets.numbers))
            return shown[-1] == {everything[2]}

        await screen.until(is_narrow)
        assert all(each in ({everything[2]}, set(everything)) for each in shown)
        await screen.press("enter")
        await screen.sees("1 found", "parcels of Pisa")


async def test_beside_a_filter_that_is_kept_or_taken_off_stands_the_ticket_under_the_cursor(desk: Desk) -> None:
    numbers = [receive(desk, subject=each).number for each in _SUBJECTS]
    async with showing(desk, WIDE) as screen:
        await screen.press("g", "a", "G")
        await screen.until(lambda: screen.shown == screen.cursor == numbers[0])
        await screen.press("/")
        await screen.type("printer")
        await screen.until(lambda: screen.cursor == numbers[3])
        await screen.press("enter")
        await screen.until(lambda: screen.shown == numbers[3])
        await screen.press("escape", "/")
        await screen.type("pisa")
        await screen.until(lambda: screen.cursor == numbers[2])
        await screen.press("escape")
        await screen.until(lambda: screen.shown == screen.cursor)


async def test_a_word_that_is_not_finished_leaves_what_those_before_it_find(desk: Desk) -> None:
    numbers = [receive(desk, subject=each).number for each in _SUBJECTS]
    async with showing(desk) as screen:
        await screen.sees(*_SUBJECTS)
        await screen.press("/")
        await screen.type("pisa priority")
        await screen.until(lambda: not screen.inbox.tickets.numbers)
        await screen.type(":")
        await screen.until(lambda: [*screen.inbox.tickets.numbers] == [numbers[2]])


async def test_what_stands_beside_the_list_follows_the_words_that_are_typed_and_is_not_read_by_that(desk: Desk) -> None:
    numbers = [receive(desk, subject=each).number for each in _SUBJECTS]
    async with showing(desk, WIDE) as screen:
        await screen.press("g", "a", "G")
        await screen.until(lambda: screen.shown == numbers[0])
        await screen.press("/")
        await screen.type("printer")
        await screen.until(lambda: screen.shown == screen.cursor == numbers[3])
        await screen.type(" nowhere")
        await screen.until(lambda: screen.shown is None)
        assert desk.ticket(numbers[3]).unread
        await screen.press("escape")
        await screen.until(lambda: screen.shown == screen.cursor)


async def test_a_number_finds_its_ticket_in_any_view_before_those_that_only_tell_it(desk: Desk) -> None:
    wanted = receive(desk, subject="Printer broken").number
    tells = receive(desk, subject=f"about {wanted}").number
    set_status(desk, wanted, Status.CLOSED)
    async with showing(desk) as screen:
        await screen.sees(f"about {wanted}")
        for typed in (f"{wanted}", f"#{wanted}"):
            await screen.press("/")
            await screen.type(typed)
            await screen.until(lambda: [*screen.inbox.tickets.numbers] == [wanted, tells])
            await screen.sees("2 found", "Printer broken", f"id:{wanted} or")
            await screen.press("escape")
            await screen.until(lambda: [*screen.inbox.tickets.numbers] == [tells])


async def test_the_cursor_stays_on_its_ticket_when_the_filter_around_it_goes(desk: Desk) -> None:
    for at in range(20):
        receive(desk, subject=f"{'refund' if at % 3 else 'parcel'} {at}")
    async with showing(desk) as screen:
        await screen.press("g", "g", "j", "j", "j", "j")
        everything = [*screen.inbox.tickets.numbers]
        assert screen.cursor == everything[4]
        for leave in ([], ["ctrl+u"]):
            await screen.press("/")
            await screen.type("refund")
            await screen.until(lambda: len(screen.inbox.tickets.numbers) == 13)
            found = [*screen.inbox.tickets.numbers]
            if leave:
                await screen.press(*leave, "enter")
            else:
                await screen.press("enter", "j", "j", "escape")
            await screen.until(lambda: [*screen.inbox.tickets.numbers] == everything)
            assert screen.cursor == found[0 if leave else 2]
        await screen.press("G", "/", "escape")
        await screen.until(lambda: not screen.inbox.is_narrowing)
        assert screen.cursor == everything[-1]
        await screen.press("g", "i")
        await screen.until(lambda: screen.cursor == everything[0])


async def test_the_cursor_goes_back_where_it_was_when_what_a_filter_found_is_not_in_the_view(desk: Desk) -> None:
    closed = receive(desk, subject="Printer broken").number
    for each in _SUBJECTS[:3] * 10:
        receive(desk, subject=each)
    set_status(desk, closed, Status.CLOSED)
    async with showing(desk) as screen:
        await screen.press("g", "g", *"jjjj")
        before, everything = screen.cursor, [*screen.inbox.tickets.numbers]
        assert before == everything[4]
        for typed in (f"{closed}", "is:closed", "nowhere"):
            await screen.press("/")
            await screen.type(typed)
            await screen.until(lambda: screen.cursor != before)
            await screen.press("enter", "escape")
            await screen.until(lambda: [*screen.inbox.tickets.numbers] == everything)
            assert screen.cursor == before
