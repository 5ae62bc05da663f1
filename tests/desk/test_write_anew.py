"""Writing a mail anew, and taking that back: its text stands in one place, whatever was done with it since."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from desk.actions.cancel import cancel, write_anew
from desk.actions.draft import discard_draft, save_draft, take_over
from desk.actions.forward import forward
from desk.actions.note import add_note
from desk.actions.redo import redo
from desk.actions.reply import reply
from desk.actions.resend import resend
from desk.actions.throw_away import throw_away
from desk.actions.undo import undo
from desk.conversation import EntryId
from desk.desk import Desk
from desk.draft import Draft, DraftKind
from desk.errors import RefusedError, TicketMoved, UndoTooLate
from desk.meanwhile import in_words, written_since
from desk.outgoing import Answer, OutboxEntry, OutboxState
from desk.people import Address
from desk.ticket import TicketNumber
from desk.wording import Wording
from desk.written import Written
from tests.desks import SetClock, acting_as, receive

ONE = TicketNumber(1)
EVE = Address("eve@corp.example")
BOSS = Address("boss@corp.example")
CANCELLED, REFUSED, SENT = OutboxState.CANCELLED, OutboxState.REFUSED, OutboxState.SENT


@pytest.fixture
def mail(asked: Desk, clock: SetClock) -> OutboxEntry:
    """A reply of ana's that was refused, its undo window long over."""
    return put(asked, reply(asked, ONE, Answer(text="Hello")), REFUSED, clock)


def put(desk: Desk, mail: OutboxEntry, state: OutboxState, clock: SetClock) -> OutboxEntry:
    desk.store.outbox.put(mail := replace(mail, state=state))
    clock.go_on(minutes=2)
    return mail


def stands(desk: Desk) -> tuple[list[OutboxState], list[str]]:
    """How the mails stand, oldest first, and the texts of the drafts."""
    return [each.state for each in desk.store.outbox.of(ONE)], [each.text for each in desk.store.drafts.of(ONE)]


def test_the_draft_goes_when_its_mail_comes_back_and_the_mail_when_that_is_done_again(
    asked: Desk, mail: OutboxEntry
) -> None:
    write_anew(asked, mail.id)
    for _ in range(2):
        assert stands(asked) == ([CANCELLED], ["Hello"])
        undo(asked)
        assert stands(asked) == ([REFUSED], [])
        redo(asked)
    assert "draft" in asked.ticket(ONE).holds


def test_a_mail_whose_draft_says_by_now_whom_it_goes_to_comes_back(asked: Desk, mail: OutboxEntry) -> None:
    receive(asked, sender=EVE, answers=(mail.message_id,))
    assert write_anew(asked, mail.id).stays_to
    undo(asked)
    assert stands(asked) == ([REFUSED], [])


def test_a_forward_comes_back_for_its_draft_too(asked: Desk, clock: SetClock) -> None:
    sent = put(asked, forward(asked, ONE, None, Answer(text="Look", to=(BOSS,))), REFUSED, clock)
    assert write_anew(asked, sent.id).kind is DraftKind.FORWARD
    undo(asked)
    assert stands(asked) == ([REFUSED], [])


def changed(desk: Desk, draft: Draft) -> None:
    save_draft(desk, ONE, DraftKind.REPLY, Written("Hello!"), last=draft)


def addressed(desk: Desk, draft: Draft) -> None:
    save_draft(desk, ONE, DraftKind.REPLY, replace(draft.written, wording=Wording(to=(EVE,))), last=draft)


def taken_over(desk: Desk, draft: Draft) -> None:
    del draft
    take_over(acting_as(desk, "bo"), ONE, DraftKind.REPLY, Written(""))


def written_into_another(desk: Desk, draft: Draft) -> None:
    discard_draft(desk, draft)
    save_draft(desk, ONE, DraftKind.REPLY, Written("Hello\n\nand more"))


@pytest.mark.parametrize(
    ("done", "why"),
    [
        (changed, "the draft of its text was changed since"),
        (addressed, "the draft of its text was changed since"),
        (taken_over, "the draft of its text is bo's now"),
        (written_into_another, "the draft of its text is gone, and another was written since"),
    ],
)
def test_a_mail_stays_out_of_the_outbox_when_its_text_is_another_by_now(
    asked: Desk, mail: OutboxEntry, done: Callable[[Desk, Draft], None], why: str
) -> None:
    done(asked, write_anew(asked, mail.id))
    before = stands(asked)
    with pytest.raises(UndoTooLate, match=f"back into the outbox: {why}"):
        undo(asked)
    assert stands(asked) == before


def test_a_mail_whose_draft_was_emptied_or_thrown_away_comes_back(asked: Desk, mail: OutboxEntry) -> None:
    discard_draft(asked, write_anew(asked, mail.id))
    undo(asked)
    assert stands(asked) == ([REFUSED], [])
    throw_away(asked, write_anew(asked, mail.id))
    undo(asked)
    undo(asked)
    assert stands(asked) == ([REFUSED], [])


@pytest.mark.parametrize("state", [SENT, REFUSED, CANCELLED])
@pytest.mark.parametrize("who", ["ana", "bo"])
def test_a_mail_whose_text_was_sent_anew_never_leaves_beside_that(
    asked: Desk, mail: OutboxEntry, clock: SetClock, who: str, state: OutboxState
) -> None:
    write_anew(asked, mail.id)
    sender = acting_as(asked, who)
    if who == "bo":
        take_over(sender, ONE, DraftKind.REPLY, Written(""))
    again = reply(sender, ONE, Answer(text="Hello!"))
    for draft in asked.store.drafts.of(ONE):
        discard_draft(sender, draft)
    put(asked, again, state, clock)
    with pytest.raises(RefusedError, match=r"its text was written anew as mail 2$"):
        resend(asked, mail.id)
    if who == "bo":
        with pytest.raises(UndoTooLate, match=r"its text was written anew as mail 2$"):
            undo(asked)
    else:
        with pytest.raises(UndoTooLate, match="too late for the reply") as refused:
            undo(asked)
        older = refused.value.older
        assert older is None or all(each.entry != mail.entry or each.what != "cancelled" for each in older.events)
    assert stands(asked)[0] == [CANCELLED, state]


def test_a_mail_that_waited_does_not_come_back_to_leave_behind_an_answer_of_its_authors_own(
    asked: Desk, clock: SetClock
) -> None:
    waiting = reply(asked, ONE, Answer(text="Hello"))
    cancel(asked, waiting.id)
    sent = put(asked, reply(asked, ONE, Answer(text="Better so")), SENT, clock)
    with pytest.raises(UndoTooLate) as refused:
        undo(asked)
    older = refused.value.older
    assert older is None or all(each.what != "cancelled" for each in older.events)
    assert [each.state for each in asked.store.outbox.of(ONE)] == [CANCELLED, sent.state]


def test_what_is_told_of_mails_that_were_sent_again_or_put_back_is_true(asked: Desk, mail: OutboxEntry) -> None:
    bo = acting_as(asked, "bo")
    seen = max(each.id for each in asked.store.conversations.of(ONE))

    def told() -> str:
        return in_words(written_since(asked, ONE, seen), asked.me.handle)

    write_anew(bo, mail.id)
    undo(bo)
    assert told() == ""
    resend(asked, mail.id)
    assert "bo sent" not in told()
    assert "you sent a reply again" in told()


def test_a_mail_is_not_sent_again_by_who_knows_nothing_of_what_came_since(asked: Desk, mail: OutboxEntry) -> None:
    receive(asked, sender=EVE, automatic="out of office", answers=(mail.message_id,))
    note = add_note(acting_as(asked, "bo"), ONE, "She called")
    with pytest.raises(TicketMoved, match="since mail 1 was written, bo wrote a note ") as refused:
        resend(asked, mail.id)
    assert refused.value.found == max(each.id for each in asked.store.conversations.of(ONE)) >= note.id
    add_note(asked, ONE, "Of my own")
    assert resend(asked, mail.id, seen=EntryId(refused.value.found)).state is OutboxState.QUEUED
