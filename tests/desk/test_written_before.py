"""Up to where whoever wrote a text had seen its ticket, wherever the text goes."""

from __future__ import annotations

import pytest

from desk.actions.draft import keep_aside, resume_draft, save_draft, set_aside, take_over
from desk.actions.give_draft import give_draft
from desk.actions.merge import merge
from desk.actions.note import add_note
from desk.actions.redo import redo
from desk.actions.reply import reply
from desk.actions.throw_away import throw_away
from desk.actions.undo import undo
from desk.conversation import EntryId
from desk.desk import Desk, new_act
from desk.draft import Draft, DraftKind
from desk.drafts import held_draft
from desk.outgoing import Answer
from desk.people import Address
from desk.ticket import TicketNumber
from desk.wording import Wording
from desk.written import Written, earlier
from storage.codec import from_document, to_document
from tests.desks import DANA, acting_as, receive

ONE, TWO = TicketNumber(1), TicketNumber(2)
KIM = Address("kim@other.example")


@pytest.fixture
def asked(desk: Desk) -> Desk:
    receive(desk, message_id="<1@corp.example>")
    return desk


def newest(desk: Desk) -> EntryId:
    return max(each.id for each in desk.store.conversations.of(ONE))


def kept(desk: Desk, text: str = "Hello") -> Draft:
    draft = save_draft(desk, ONE, DraftKind.REPLY, Written(text, seen=newest(desk)))
    assert draft is not None
    return draft


def dana_writes(desk: Desk) -> None:
    receive(desk, answers=("<1@corp.example>",), text="STOP, do not refund.")


def seen_of(desk: Desk, number: TicketNumber = ONE) -> list[EntryId | None]:
    return [each.seen for each in desk.store.drafts.of(number)]


def test_it_is_kept_with_a_draft_through_all_that_happens_to_that(asked: Desk) -> None:
    bo, draft = acting_as(asked, "bo"), kept(asked)
    seen = newest(asked)
    dana_writes(asked)
    assert save_draft(asked, ONE, DraftKind.REPLY, Written("Hello Dana"), last=draft)
    assert resume_draft(asked, ONE, DraftKind.REPLY)
    assert seen_of(asked) == [seen]
    assert take_over(bo, ONE, DraftKind.REPLY, Written("Mine", seen=newest(bo)))
    assert seen_of(asked) == [seen]
    give_draft(bo, ONE, DraftKind.REPLY, asked.me.handle, last=held_draft(bo, ONE, DraftKind.REPLY))
    held = held_draft(asked, ONE, DraftKind.REPLY)
    assert held is not None
    set_aside(asked, held)
    receive(asked, sender=KIM, subject="Another")
    merge(asked, [ONE], TWO)
    assert seen_of(asked, TWO) == [seen]


def test_what_is_written_anew_over_it_with_more_seen_says_so(asked: Desk) -> None:
    draft = kept(asked)
    dana_writes(asked)
    save_draft(asked, ONE, DraftKind.REPLY, Written("Hello Dana", seen=newest(asked)), last=draft)
    assert seen_of(asked) == [newest(asked)]


def test_a_draft_that_is_thrown_away_and_brought_back_has_it(asked: Desk) -> None:
    draft = kept(asked)
    seen = newest(asked)
    throw_away(asked, draft)
    dana_writes(asked)
    undo(asked)
    assert seen_of(asked) == [seen]


def test_an_answer_that_is_taken_back_had_seen_what_came_before_it_was_queued(asked: Desk) -> None:
    entry = reply(asked, ONE, Answer(text="Hello"))
    dana_writes(asked)
    undo(asked)
    assert seen_of(asked) == [entry.entry]


def test_an_answer_that_stayed_to_whom_it_was_written_to_does_so_again(asked: Desk) -> None:
    said = Wording(to=(DANA,), cc=())
    receive(asked, sender=KIM, answers=("<1@corp.example>",), text="Send it to me instead.")
    reply(asked, ONE, Answer(text="Hello", wording=said, stays_to=True))
    undo(asked)
    (draft,) = asked.store.drafts.of(ONE)
    assert (draft.stays_to, draft.wording) == (True, said)
    redo(asked)
    undo(asked)
    (draft,) = asked.store.drafts.of(ONE)
    assert draft.stays_to
    receive(asked, answers=("<1@corp.example>",), text="No, to me.")
    undone = resume_draft(asked, ONE, DraftKind.REPLY)
    assert undone is not None
    assert not undone.stays_to


def test_one_for_which_somebody_was_chosen_does_not(asked: Desk) -> None:
    receive(asked, sender=KIM, answers=("<1@corp.example>",), text="Send it to me instead.")
    reply(asked, ONE, Answer(text="Hello", wording=Wording(to=(DANA,), cc=())))
    undo(asked)
    (draft,) = asked.store.drafts.of(ONE)
    assert not draft.stays_to


def test_a_note_that_is_taken_back_likewise(asked: Desk) -> None:
    note = add_note(asked, ONE, "Hello", act=new_act())
    undo(asked)
    assert seen_of(asked) == [note.id]


def test_what_comes_above_a_text_that_was_begun_since_makes_it_as_old(asked: Desk) -> None:
    entry = reply(asked, ONE, Answer(text="Hello"))
    dana_writes(asked)
    kept(asked, "Begun since")
    undo(asked)
    assert seen_of(asked) == [entry.entry]


def test_two_texts_are_one_that_has_seen_what_both_have() -> None:
    one, two = EntryId(1), EntryId(2)
    assert [earlier(one, two), earlier(None, two), earlier(one, None), earlier(None, None)] == [one, two, one, None]


def test_it_makes_no_other_text_of_the_same_words(asked: Desk) -> None:
    first = keep_aside(asked, ONE, DraftKind.REPLY, Written("Hello", seen=newest(asked)))
    dana_writes(asked)
    assert keep_aside(asked, ONE, DraftKind.REPLY, Written("Hello", seen=newest(asked))) == first


def test_a_draft_of_an_older_version_says_nothing_of_it(asked: Desk) -> None:
    document = to_document(kept(asked))
    del document["seen"]
    assert from_document(Draft, document, id=1).seen is None
