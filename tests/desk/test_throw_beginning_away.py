from __future__ import annotations

import pytest

from desk.actions.assign import assign
from desk.actions.attach import enclose
from desk.actions.erase import erase
from desk.actions.keep_beginning import MOST_THROWN, keep_beginning, kept_beginnings, throw_beginning_away
from desk.actions.redo import redo
from desk.actions.status import set_status
from desk.actions.undo import undo
from desk.beginning import Beginning, KeptBeginning
from desk.desk import Desk
from desk.errors import NothingToRedo, NothingToUndo, RedoTooLate
from desk.ticket import Status, TicketNumber
from tests.desks import DANA, acting_as, receive

ONE = TicketNumber(1)


def begun(desk: Desk, text: str = "Dear Dana,") -> KeptBeginning:
    kept = keep_beginning(desk, Beginning(to=(DANA,), subject="Our offer", text=text))
    assert kept is not None
    return kept


def texts(desk: Desk) -> list[str]:
    return [each.beginning.text for each in kept_beginnings(desk)]


def test_a_first_mail_that_was_thrown_away_comes_back_with_its_files(desk: Desk) -> None:
    paper = enclose(desk, "offer.pdf", b"%PDF")
    written = Beginning(mailbox="support", to=(DANA,), subject="Our offer", text="Hello", enclosures=(paper,))
    kept = keep_beginning(desk, written)
    assert kept is not None
    assert throw_beginning_away(desk, kept)
    assert texts(desk) == []
    assert paper.sha256 in desk.store.digests()
    undone = undo(desk)
    assert (undone.said, undone.tickets) == ("taken back: new mail discarded", ())
    assert undone.beginning is not None
    assert undone.beginning.beginning == written
    assert [each.beginning for each in kept_beginnings(desk)] == [written]
    with pytest.raises(NothingToUndo):
        undo(desk)


def test_what_was_done_on_tickets_and_with_first_mails_is_taken_back_in_its_order_and_done_again(desk: Desk) -> None:
    receive(desk)
    assign(desk, ONE, desk.me.handle)
    throw_beginning_away(desk, begun(desk, "one"))
    throw_beginning_away(desk, begun(desk, "two"))
    set_status(desk, ONE, Status.CLOSED)

    def state() -> tuple[str | None, Status, list[str]]:
        ticket = desk.ticket(ONE)
        return ticket.assignee, ticket.status, sorted(texts(desk))

    steps: list[tuple[str | None, Status, list[str]]] = [
        ("ana", Status.CLOSED, []),
        ("ana", Status.OPEN, []),
        ("ana", Status.OPEN, ["two"]),
        ("ana", Status.OPEN, ["one", "two"]),
        (None, Status.OPEN, ["one", "two"]),
    ]
    for _ in range(2):
        for expected in steps[1:]:
            undo(desk)
            assert state() == expected
        for expected in reversed(steps[:-1]):
            redo(desk)
            assert state() == expected


def test_of_two_first_mails_the_one_thrown_away_last_comes_back_first(desk: Desk) -> None:
    one, two = begun(desk, "one"), begun(desk, "two")
    throw_beginning_away(desk, two)
    throw_beginning_away(desk, one)
    undo(desk)
    assert texts(desk) == ["one"]


def test_what_was_taken_back_before_a_first_mail_was_thrown_away_is_not_done_again(desk: Desk) -> None:
    receive(desk)
    set_status(desk, ONE, Status.CLOSED)
    undo(desk)
    throw_beginning_away(desk, begun(desk))
    with pytest.raises(NothingToRedo, match="something else since"):
        redo(desk)
    undo(desk)
    throw_beginning_away(desk, begun(desk, "another"))
    with pytest.raises(NothingToRedo, match="something else since"):
        redo(desk)
    assert texts(desk) == ["Dear Dana,"]


def test_a_first_mail_that_was_written_on_since_is_not_thrown_away_again(desk: Desk) -> None:
    throw_beginning_away(desk, begun(desk))
    back = undo(desk).beginning
    assert back is not None
    keep_beginning(desk, back.beginning, last=back)
    redo(desk)
    back = undo(desk).beginning
    assert back is not None
    keep_beginning(desk, Beginning(text="Dear Dana, and Kim,"), last=back)
    with pytest.raises(RedoTooLate, match="the new mail was changed since"):
        redo(desk)
    assert texts(desk) == ["Dear Dana, and Kim,"]


def test_nobody_brings_back_a_colleagues_first_mail_or_throws_away_what_another_screen_changed(desk: Desk) -> None:
    stale = begun(desk)
    keep_beginning(desk, Beginning(text="newer"), last=stale)
    assert not throw_beginning_away(desk, stale)
    [kept] = kept_beginnings(desk)
    assert not throw_beginning_away(acting_as(desk, "bo"), kept)
    assert throw_beginning_away(desk, kept)
    with pytest.raises(NothingToUndo):
        undo(acting_as(desk, "bo"))


def test_erasing_a_person_forgets_what_was_thrown_away_of_mails_to_them(desk: Desk) -> None:
    receive(desk)
    throw_beginning_away(desk, begun(desk))
    erase(desk, [DANA.email])
    assert desk.store.beginnings.all() == []


def test_an_agents_latest_thrown_first_mails_are_kept_and_older_ones_forgotten(desk: Desk) -> None:
    for number in range(MOST_THROWN + 2):
        throw_beginning_away(desk, begun(desk, f"mail {number}"))
    kept = [each.beginning.text for each in desk.store.beginnings.all()]
    assert kept == [f"mail {number}" for number in range(2, MOST_THROWN + 2)]
