"""A mail that one recipient's server refuses: all or none, until an agent says who shall have it."""

from __future__ import annotations

import pytest

from desk.actions.redo import redo
from desk.actions.reply import reply
from desk.actions.resend import resend
from desk.actions.send_to_rest import send_to_rest
from desk.actions.undo import undo
from desk.conversation import Event, Happened, OutboxId
from desk.delivery import Delivered
from desk.desk import Desk
from desk.errors import NoSuchEntry, RefusedError, UndoTooLate
from desk.outgoing import Answer, Attempt, OutboxEntry, OutboxState, RecipientAnswer, Verdict
from desk.people import Address
from desk.remarked import in_words
from tests.desk.posting import SENT, RecordingSender, now, queue, run
from tests.desks import receive

GONE = RecipientAnswer("gone@corp.example", 550, "no such user")
FULL = RecipientAnswer("kim@corp.example", 452, "mailbox full")
ONE_REFUSED = Attempt(Verdict.REFUSED, "gone@corp.example: 550 no such user", recipients=(GONE, FULL))


@pytest.fixture
def refused(desk: Desk) -> OutboxEntry:
    """A mail to three people, of whom one does not exist."""
    cc = (Address("gone@corp.example"), Address("kim@corp.example"))
    entry = reply(desk, receive(desk).number, Answer(text="To all of you.", cc=cc, send_in=0))
    assert run(desk, RecordingSender([ONE_REFUSED])) == Delivered(refused=1)
    return now(desk, entry)


def test_who_was_refused_stands_with_the_mail_which_went_to_nobody(refused: OutboxEntry) -> None:
    assert refused.state is OutboxState.REFUSED
    assert refused.refused_for == (GONE,)
    assert refused.left_out == ()
    assert [(each.verdict, each.said) for each in refused.tries] == [(Verdict.REFUSED, ONE_REFUSED.said)]


def test_the_rest_get_the_same_mail_when_an_agent_says_so(desk: Desk, refused: OutboxEntry) -> None:
    sender = RecordingSender()
    assert run(desk, sender) == Delivered()
    send_to_rest(desk, refused.id)
    assert run(desk, sender) == Delivered(sent=1)
    after = now(desk, refused)
    assert after.recipients == ("dana@corp.example", "kim@corp.example")
    assert after.left_out == (GONE,)
    assert sender.sent == [(refused.message_id, desk.blobs.get(refused.raw))]
    [told] = [
        each
        for each in desk.store.conversations.of(refused.ticket)
        if isinstance(each, Event) and each.what is Happened.SENT_TO_REST
    ]
    assert (told.author, in_words(told)) == ("ana", "sent the mail to the others, without gone@corp.example")


def test_it_can_be_taken_back_before_it_leaves_and_done_again(desk: Desk, refused: OutboxEntry) -> None:
    send_to_rest(desk, refused.id)
    undo(desk)
    back = now(desk, refused)
    assert (back.state, back.recipients, back.refused_for) == (
        OutboxState.REFUSED,
        refused.recipients,
        refused.refused_for,
    )
    redo(desk)
    assert run(desk, RecordingSender()) == Delivered(sent=1)
    assert now(desk, refused).left_out == (GONE,)
    with pytest.raises(UndoTooLate):
        undo(desk)


def test_a_second_refusal_leaves_one_more_out(desk: Desk, refused: OutboxEntry) -> None:
    send_to_rest(desk, refused.id)
    kim = RecipientAnswer("kim@corp.example", 550, "gone, too")
    run(desk, RecordingSender([Attempt(Verdict.REFUSED, "550", recipients=(kim,))]))
    assert now(desk, refused).refused_for == (GONE, kim)
    assert send_to_rest(desk, refused.id).recipients == ("dana@corp.example",)


def test_sending_it_again_to_all_forgets_who_was_refused_once_it_went(desk: Desk, refused: OutboxEntry) -> None:
    resend(desk, refused.id)
    run(desk, RecordingSender([SENT]))
    assert (now(desk, refused).refused_for, now(desk, refused).recipients) == ((), refused.recipients)


def test_there_is_no_rest_where_everybody_or_nobody_was_refused(desk: Desk) -> None:
    alone, whole = queue(desk), queue(desk)
    dana = RecipientAnswer("dana@corp.example", 550, "no such user")
    run(desk, RecordingSender([Attempt(Verdict.REFUSED, "550", recipients=(dana,)), Attempt(Verdict.REFUSED, "554")]))
    with pytest.raises(RefusedError, match="nobody is left"):
        send_to_rest(desk, alone.id)
    with pytest.raises(RefusedError, match="no refused recipient"):
        send_to_rest(desk, whole.id)
    with pytest.raises(NoSuchEntry):
        send_to_rest(desk, OutboxId(999))
