"""The next ticket: the one that waits longest, of those that nobody has and nobody is writing on."""

from __future__ import annotations

from pathlib import Path

from desk.actions.attend import attend
from desk.actions.take_next import take_next
from desk.desk import Desk
from desk.people import Address
from desk.presence import TIME_TO_LIVE, Doing
from desk.ticket import Ticket, TicketNumber
from tests.desks import SetClock, acting_as, make_desk, receive


def desk_with(folder: Path, clock: SetClock, count: int) -> Desk:
    desk = make_desk(folder, clock=clock, agents=("ana", "bo"))
    for number in range(count):
        clock.go_on(minutes=1)
        receive(desk, subject=f"Order {number}", sender=Address(f"customer{number}@corp.example"), received=clock())
    return desk


def number_of(ticket: Ticket | None) -> TicketNumber | None:
    return ticket.number if ticket else None


def test_what_a_colleague_is_writing_on_is_left_to_them(tmp_path: Path) -> None:
    desk = desk_with(tmp_path, SetClock(), 3)
    attend(acting_as(desk, "bo"), TicketNumber(1), Doing.ANSWERING)
    attend(acting_as(desk, "ana"), TicketNumber(2), Doing.ANSWERING)
    assert [number_of(take_next(desk)) for _ in range(3)] == [2, 3, None]
    assert number_of(take_next(acting_as(desk, "bo"))) == 1
    desk.store.close()


def test_what_a_colleague_only_reads_or_has_left_is_free(tmp_path: Path) -> None:
    clock = SetClock()
    desk = desk_with(tmp_path, clock, 2)
    attend(acting_as(desk, "bo"), TicketNumber(1), Doing.READING)
    assert number_of(take_next(desk)) == 1
    attend(acting_as(desk, "bo"), TicketNumber(2), Doing.ANSWERING)
    clock.go_on(seconds=TIME_TO_LIVE.total_seconds() + 1)
    assert number_of(take_next(desk)) == 2
    desk.store.close()
