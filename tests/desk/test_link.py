from __future__ import annotations

import pytest

from desk.actions.link import link, unlink
from desk.actions.merge import merge
from desk.actions.redo import redo
from desk.actions.undo import undo
from desk.desk import Desk
from desk.errors import MergedAway, RefusedError
from desk.relations import related_to
from desk.remarked import signs
from desk.ticket import TicketNumber
from tests.desks import receive

ONE, TWO, THREE = TicketNumber(1), TicketNumber(2), TicketNumber(3)


@pytest.fixture
def three(desk: Desk) -> Desk:
    for subject in ("Printer", "Toner", "Paper"):
        receive(desk, subject=subject, text=f"About {subject} alone.")
    return desk


def related(desk: Desk) -> list[tuple[int, ...]]:
    return [related_to(desk, desk.ticket(each)) for each in (ONE, TWO, THREE)]


def test_a_link_is_told_on_both_sides_undone_and_done_again(three: Desk) -> None:
    link(three, ONE, TWO)
    assert related(three) == [(2,), (1,), ()]
    assert signs(three.ticket(ONE)) == ("related to T-2",)
    undo(three)
    assert related(three) == [(), (), ()]
    redo(three)
    assert related(three) == [(2,), (1,), ()]


def test_a_second_link_changes_nothing(three: Desk) -> None:
    link(three, ONE, TWO)
    before = len(three.store.conversations.of(ONE))
    link(three, TWO, ONE)
    assert len(three.store.conversations.of(ONE)) == before


def test_a_link_is_taken_off_and_its_undo_puts_it_back(three: Desk) -> None:
    link(three, ONE, TWO)
    unlink(three, TWO, ONE)
    assert related(three) == [(), (), ()]
    undo(three)
    assert related(three) == [(2,), (1,), ()]


def test_what_goes_on_for_a_merged_ticket_has_its_links(three: Desk) -> None:
    link(three, ONE, TWO)
    merge(three, [TWO], THREE)
    assert related_to(three, three.ticket(ONE)) == (3,)
    assert related_to(three, three.ticket(THREE)) == (1,)
    unlink(three, THREE, ONE)
    assert related_to(three, three.ticket(ONE)) == related_to(three, three.ticket(THREE)) == ()
    undo(three)
    undo(three)
    assert related(three) == [(2,), (1,), ()]


def test_a_ticket_is_not_linked_with_itself(three: Desk) -> None:
    merge(three, [TWO], ONE)
    with pytest.raises(RefusedError, match="itself"):
        link(three, ONE, ONE)
    with pytest.raises(RefusedError, match="ticket 2 was merged into 1 already"):
        link(three, ONE, TWO)
    with pytest.raises(MergedAway):
        link(three, TWO, THREE)


def test_taking_off_a_link_that_is_not_there_is_refused(three: Desk) -> None:
    with pytest.raises(RefusedError, match="ticket 1 is not linked with 3"):
        unlink(three, ONE, THREE)
