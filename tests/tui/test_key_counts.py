"""How few keys the everyday things take, counted from the list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from desk.actions.assign import assign
from desk.conversation import Note
from desk.desk import Desk
from desk.people import Address, Handle
from desk.ticket import Status, Ticket, TicketNumber
from tests.desks import SetClock, receive
from tests.tui.apps import Screen
from tests.tui.composing import inbox

BO = Handle("bo")


@dataclass(frozen=True)
class Job:
    """Keys to press, `TEXT` where something is typed, how many keys that makes, and what holds then."""

    keys: tuple[str, ...]
    count: int
    holds: Callable[[Desk, Screen, list[TicketNumber]], bool]
    text: str = ""
    marked: int = 0


TEXT = "TEXT"


def ticket(desk: Desk, numbers: list[TicketNumber], at: int = 0) -> Ticket:
    return desk.ticket(numbers[at])


def noted(desk: Desk, number: TicketNumber) -> list[str]:
    return [each.note for each in desk.store.conversations.of(number) if isinstance(each, Note)]


JOBS = {
    "answer with a macro, close, be on the next ticket": Job(
        (",", "p", "escape", "Y"),
        4,
        lambda desk, screen, numbers: (
            ticket(desk, numbers).status is Status.CLOSED
            and bool(desk.store.outbox.of(numbers[0]))
            and screen.cursor == numbers[1]
        ),
    ),
    "hand to a colleague with a note": Job(
        ("N", TEXT, "escape", "y"),
        4,
        lambda desk, _, numbers: ticket(desk, numbers).assignee == BO and noted(desk, numbers[0]) == ["the bank calls"],
        text="the bank calls",
    ),
    "snooze until Friday": Job(
        ("b", "f", "enter"),
        3,
        lambda desk, _, numbers: (
            (until := ticket(desk, numbers).snoozed_until) is not None and until.astimezone().weekday() == 4
        ),
    ),
    "tag the five that are marked": Job(
        ("t", TEXT, "enter"),
        3,
        lambda desk, _, numbers: all("vip" in ticket(desk, numbers, at).tags for at in range(5)),
        text="vip",
        marked=5,
    ),
    "undo": Job(("u",), 1, lambda desk, _, numbers: ticket(desk, numbers).assignee is None),
    "a customer's other tickets": Job(
        ("w", "enter"), 2, lambda _, screen, __: "Subject 5" in screen.text and "Subject 1" not in screen.text
    ),
}


@pytest.mark.parametrize("name", list(JOBS), ids=["macro", "hand", "snooze", "tag", "undo", "others"])
async def test_everyday_things_take_few_keys(desk: Desk, clock: SetClock, macros: Path, name: str) -> None:
    job, numbers = JOBS[name], list[TicketNumber]()
    for at in range(6):
        who = Address(f"c{at % 5}@corp.example", f"Customer {at % 5}")
        numbers.append(receive(desk, subject=f"Subject {at}", sender=who, received=clock()).number)
        clock.go_on(minutes=5)
    if name == "undo":
        assign(desk, numbers[0], desk.me.handle)
    assert sum(key != TEXT for key in job.keys) <= job.count
    async with inbox(desk, macros) as screen:
        await screen.sees("Subject 0")
        for _ in range(job.marked):
            await screen.press("space")
        for key in job.keys:
            if key == TEXT:
                await screen.until(lambda: bool(screen.app.screen.focused))
                await screen.type(job.text)
            else:
                await screen.press(key)
        await screen.until(lambda: job.holds(desk, screen, numbers))
