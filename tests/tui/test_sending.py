from __future__ import annotations

from datetime import timedelta

import pytest

from desk.actions.draft import save_draft
from desk.actions.status import set_status
from desk.conversation import Note
from desk.desk import Desk
from desk.draft import DraftKind
from desk.errors import GapsLeft, NoSuchTicket, RefusedError
from desk.outgoing import Answer
from desk.people import Address
from desk.presence import TIME_TO_LIVE, Doing
from desk.steps import MacroUse, StatusStep
from desk.ticket import Status, TicketNumber
from desk.written import Written
from tests.desks import DANA, SetClock, acting_as, receive
from tui.composer.drafting import Drafting
from tui.composer.keeping import Keeper
from tui.composer.sending import Moved, Sent, note_down, send, stay
from tui.reader.opened import load

BOSS = Address("boss@corp.example", "Boss")


def replying(number: TicketNumber) -> Keeper:
    return Keeper(number, DraftKind.REPLY)


def noting(desk: Desk, number: TicketNumber) -> Keeper:
    """With what was kept before."""
    keeper = Keeper(number, DraftKind.NOTE)
    keeper.begin(desk)
    return keeper


def test_beginning_tells_colleagues_and_knows_the_recipients_and_ones_own_draft(desk: Desk, clock: SetClock) -> None:
    number = receive(desk, cc=(BOSS,)).number
    save_draft(acting_as(desk, "bo"), number, DraftKind.REPLY, Written("of bo"))
    save_draft(desk, number, DraftKind.NOTE, Written("a note"))
    noted = Keeper(number, DraftKind.NOTE).begin(desk).draft
    assert [(each.agent, each.doing) for each in desk.store.presences.all(clock())] == [("ana", Doing.ANSWERING)]
    beginning = Keeper(number, DraftKind.REPLY).begin(desk)
    assert (beginning.head.heads.to, beginning.head.heads.cc, beginning.draft) == ((DANA,), (BOSS,), None)
    assert noted is not None
    assert noted.text == "a note"


def test_staying_renews_the_presence_and_brings_the_news(desk: Desk, clock: SetClock) -> None:
    number = receive(desk, message_id="<1@corp.example>").number
    Keeper(number, DraftKind.REPLY).begin(desk)
    clock.go_on(seconds=TIME_TO_LIVE.total_seconds() - 1)
    receive(desk, text="More of it", answers=("<1@corp.example>",))
    assert [each.text for each in stay(desk, number, Doing.ANSWERING).messages][-1] == "More of it"
    (presence,) = desk.store.presences.all(clock() + timedelta(seconds=2))
    assert presence.until == clock() + TIME_TO_LIVE


def test_how_sending_ended_is_a_value(desk: Desk) -> None:
    number = receive(desk, message_id="<1@corp.example>").number
    seen = load(desk, number).newest
    assert isinstance(send(desk, replying(number), Answer(text="Hello ⟦name⟧")), GapsLeft)
    assert isinstance(send(desk, replying(TicketNumber(99)), Answer(text="Hello")), NoSuchTicket)
    receive(desk, text="More of it", answers=("<1@corp.example>",))
    moved = send(desk, replying(number), Answer(text="Hello", seen=seen))
    assert isinstance(moved, Moved)
    assert moved.by == "Dana Petrova"
    assert moved.opened.messages[-1].text == "More of it"
    sent = send(desk, replying(number), Answer(text="Hello", seen=moved.opened.newest, status=Status.CLOSED))
    assert isinstance(sent, Sent)
    assert sent.closed
    assert sent.entry is not None
    assert sent.entry.draft == "Hello"


def test_a_note_with_a_macro_is_stopped_by_what_a_colleague_changed(desk: Desk) -> None:
    number = receive(desk).number
    seen = load(desk, number).newest
    set_status(acting_as(desk, "bo"), number, Status.SPAM)
    inside = Drafting(kind=DraftKind.NOTE, steps=(StatusStep(Status.CLOSED),), use=MacroUse("inside", "0" * 12))
    moved = note_down(desk, noting(desk, number), "Ask", inside, seen=seen)
    assert isinstance(moved, Moved)
    assert moved.what == "bo changed the status"
    assert (desk.ticket(number).status, moved.opened.ticket.holds) == (Status.SPAM, ())
    assert note_down(desk, noting(desk, number), "Ask", inside, seen=moved.opened.newest) == Sent(None, closed=True)


@pytest.mark.parametrize("kept", ["", "half a note"])
def test_a_note_its_macro_and_its_draft_are_settled_in_one_commit(desk: Desk, kept: str) -> None:
    number = receive(desk).number
    save_draft(desk, number, DraftKind.NOTE, Written(kept))
    drafting = Drafting(
        kind=DraftKind.NOTE, steps=(StatusStep(Status.CLOSED),), use=MacroUse("inside", "0" * 12), filled="Ask"
    )
    assert note_down(desk, noting(desk, number), "Ask", drafting) == Sent(None, closed=True)
    assert desk.store.drafts.of(number) == []
    assert [each.note for each in desk.store.conversations.of(number) if isinstance(each, Note)] == ["Ask"]
    assert desk.store.outbox.all() == []


def test_a_note_that_is_refused_leaves_everything_as_it_was(desk: Desk) -> None:
    number = receive(desk).number
    save_draft(desk, number, DraftKind.NOTE, Written("half a note"))
    assert isinstance(note_down(desk, noting(desk, number), "  ", Drafting(kind=DraftKind.NOTE)), RefusedError)
    assert [each.text for each in desk.store.drafts.of(number)] == ["half a note"]
