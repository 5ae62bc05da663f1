"""What the list holds, and that nothing which comes, leaves or moves takes the cursor's row away."""

from __future__ import annotations

import random
import tracemalloc
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from desk.people import Address
from desk.ticket import Ticket, TicketNumber
from tui.lists.marks import Marks
from tui.lists.numbering import Numbers, change
from tui.lists.placing import Place
from tui.lists.rows import Rows

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
TICKET = Ticket(
    number=TicketNumber(1), subject="s", customer=Address("a@b.example"), created=NOW, updated=NOW, last_message=NOW
)
some = st.lists(st.integers(1, 60), unique=True, max_size=40)


@given(some, some)
def test_what_came_and_what_left_is_told(before: list[int], after: list[int]) -> None:
    news = change(Numbers(before), Numbers(after))
    assert news.came == set(after) - set(before)
    assert news.left == set(before) - set(after)


@given(some, st.integers(0, 70), st.integers(0, 50))
def test_a_number_is_found_from_anywhere(numbers: list[int], wanted: int, near: int) -> None:
    found = Numbers(numbers).place(wanted, near)
    assert found == (numbers.index(wanted) if wanted in numbers else None)


def test_a_hundred_thousand_numbers_take_four_bytes_each() -> None:
    numbers = Numbers(range(1, 100_001))
    assert numbers.size == 400_000
    tracemalloc.start()
    held = Numbers(numbers)
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(held) == 100_000
    assert kept < 500_000


@given(st.integers(0, 200), st.integers(1, 60), st.data())
def test_a_cursor_that_is_moved_can_be_seen_and_nothing_is_left_blank(
    count: int, height: int, data: st.DataObject
) -> None:
    place = Place(data.draw(st.integers(0, max(count - 1, 0))), data.draw(st.integers(-60, 260)))
    moved = place.moved(data.draw(st.integers(-300, 300)), count, height)
    assert 0 <= moved.cursor <= max(count - 1, 0)
    assert 0 <= moved.row < height
    assert moved.top >= 0
    assert moved.top + height <= max(count, height)
    centred = moved.centred(count, height)
    assert centred.cursor == moved.cursor
    assert 0 <= centred.row < height
    assert 0 <= centred.top <= max(count - height, 0)


@settings(max_examples=200)
@given(st.integers(0, 10_000))
def test_whatever_comes_leaves_or_moves_the_cursor_keeps_its_ticket_and_its_row(seed: int) -> None:
    chance = random.Random(seed)
    numbers, height = Numbers(range(1, chance.randint(2, 120))), chance.randint(1, 50)
    place = Place().moved(chance.randrange(len(numbers)), len(numbers), height)
    ticket, row = numbers[place.cursor], place.row
    for _ in range(20):
        numbers = Numbers(_changed(list(numbers), ticket, chance))
        there = numbers.place(ticket, place.cursor)
        assert there is not None
        place = place.keeping_row(there)
        assert (numbers[place.cursor], place.row) == (ticket, row)
        assert place.blank_above() <= row
        assert place.blank_below(len(numbers), height) < height


def _changed(numbers: list[TicketNumber], kept: TicketNumber, chance: random.Random) -> Sequence[int]:
    what = chance.choice(["come", "leave", "move"])
    if what == "come":
        for _ in range(chance.randint(1, 30)):
            numbers.insert(chance.randint(0, len(numbers)), TicketNumber(1000 + chance.randrange(10**6)))
    elif what == "leave":
        gone = set(chance.sample(numbers, chance.randint(0, len(numbers)))) - {kept}
        numbers = [each for each in numbers if each not in gone]
    else:
        chance.shuffle(numbers)
    return list(dict.fromkeys(numbers))


def test_a_list_says_which_of_some_tickets_it_lacks() -> None:
    numbers = Numbers(range(1, 1_000))
    assert numbers.lacking([TicketNumber(7), None, TicketNumber(2_000)]) == {2_000}


def test_rows_are_read_where_they_are_asked_for_and_old_ones_stand_until_then() -> None:
    asked: list[list[int]] = []
    rows = Rows(lambda: asked.append([]))

    def load(numbers: Sequence[TicketNumber]) -> Sequence[Ticket]:
        asked[-1] += numbers
        return [replace(TICKET, number=each, subject=f"{len(asked)}") for each in numbers if each != 9]

    rows.ask(map(TicketNumber, (3, 1, 9)))
    assert rows.get(TicketNumber(3)) is None
    rows.fill(load)
    assert rows.take() == {1, 3, 9}
    known = rows.get(TicketNumber(3))
    assert known is not None
    assert known[0].subject == "1"
    assert rows.get(TicketNumber(9)) is None
    rows.forget(frozenset({TicketNumber(3)}))
    assert rows.get(TicketNumber(3)) == known
    rows.ask(map(TicketNumber, (1, 3, 9)))
    rows.fill(load)
    rows.take()
    newer = rows.get(TicketNumber(3))
    assert newer is not None
    assert (newer[0].subject, newer[1] > known[1]) == ("2", True)
    assert asked == [[3, 1, 9], [3]]


def test_a_ticket_that_was_read_again_and_is_the_same_is_no_other_reading_of_it() -> None:
    rows = Rows(lambda: None)
    rows.bring([TICKET])
    before = rows.get(TICKET.number)
    rows.forget(None)
    assert not rows.fresh
    rows.bring([replace(TICKET)])
    assert rows.get(TICKET.number) == before
    assert rows.fresh == {TICKET.number}
    rows.bring([replace(TICKET, subject="Another")])
    assert rows.get(TICKET.number) != before


def test_no_more_than_a_window_is_kept() -> None:
    rows = Rows(lambda: None)
    rows.bring(replace(TICKET, number=TicketNumber(each)) for each in range(1, 5_000))
    near = [TicketNumber(each) for each in range(300, 600)]
    rows.let_go_of_all_but(near)
    assert len(rows) == 300
    assert rows.has(near)


def test_marks_are_in_the_order_they_were_set() -> None:
    marks = Marks().toggled(TicketNumber(3)).toggled(TicketNumber(1)).joined([TicketNumber(3), TicketNumber(2)])
    assert marks.all == (3, 1, 2)
    assert marks.last == 1
    assert marks.toggled(TicketNumber(1)).without({TicketNumber(2)}).all == (3,)
