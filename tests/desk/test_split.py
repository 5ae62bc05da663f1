from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from desk.actions.assign import assign
from desk.actions.draft import save_draft
from desk.actions.merge import merge
from desk.actions.note import add_note
from desk.actions.redo import redo
from desk.actions.reply import reply
from desk.actions.split import split
from desk.actions.status import set_status
from desk.actions.undo import undo
from desk.conversation import EntryId, Event, Happened, Message
from desk.delivery import deliver
from desk.desk import Desk
from desk.draft import DraftKind
from desk.errors import MergedAway, NoSuchEntry, RedoTooLate, RefusedError, TicketMoved, UndoTooLate
from desk.letters import letter_for
from desk.outgoing import Answer, Attempt, OutboxEntry, OutboxState, Verdict
from desk.people import Address, Handle
from desk.ticket import Status, TicketNumber
from desk.written import Written
from tests.desk.test_merge import KIM, heads, newest, texts, whole
from tests.desks import SetClock, acting_as, receive


@pytest.fixture
def number(desk: Desk) -> TicketNumber:
    """A ticket about a printer, on which Kim asks for something else."""
    first = receive(desk, subject="Printer", text="It is broken.", message_id="<1@corp.example>", cc=(KIM,)).number
    assign(desk, first, Handle("bo"))
    return first


@pytest.fixture
def other(desk: Desk, number: TicketNumber, clock: SetClock) -> EntryId:
    clock.go_on(minutes=5)
    receive(
        desk,
        subject="Toner",
        text="And my toner?",
        message_id="<2@corp.example>",
        sender=KIM,
        answers=("<1@corp.example>",),
        references=("<1@corp.example>",),
    )
    return message(desk, number, "And my toner?")


def message(desk: Desk, number: TicketNumber, text: str) -> EntryId:
    there = desk.store.conversations.of(number)
    return next(each.id for each in there if isinstance(each, Message) and each.text == text)


def happened(desk: Desk, number: TicketNumber) -> list[Happened]:
    there = desk.store.conversations.of(number)
    return [each.what for each in there if isinstance(each, Event) and not each.undone]


def test_a_mail_and_what_answers_it_become_a_ticket_of_its_sender(
    desk: Desk, number: TicketNumber, other: EntryId, clock: SetClock
) -> None:
    add_note(desk, number, "Two matters.")
    clock.go_on(minutes=1)
    receive(
        desk,
        subject="Toner",
        text="Hello?",
        sender=KIM,
        message_id="<3@corp.example>",
        answers=("<2@corp.example>",),
        references=("<1@corp.example>", "<2@corp.example>"),
    )
    receive(desk, subject="Re: Printer", text="Still broken.", answers=("<1@corp.example>",))
    done = split(desk, number, other)
    new = done.ticket
    assert texts(desk, new.number) == ["And my toner?", "Hello?"]
    assert texts(desk, number) == ["It is broken.", "Two matters.", "Still broken."]
    assert (new.subject, new.customer, new.assignee, new.status) == ("Toner", KIM, "bo", Status.OPEN)
    assert (new.split_from, new.message_count, desk.ticket(number).message_count) == (number, 2, 2)
    assert done.said == f"2 mails of ticket {number} became ticket {new.number}"
    told = {
        each: [it.detail for it in desk.store.conversations.of(each) if isinstance(it, Event) and it.what == "split"]
        for each in (number, new.number)
    }
    assert told[number][0]["into"] == str(new.number)
    assert told[new.number][0]["from"] == str(number)


def test_both_wait_from_their_own_mails_on(desk: Desk, number: TicketNumber, other: EntryId, clock: SetClock) -> None:
    began = clock.now - timedelta(minutes=5)
    new = split(desk, number, other).ticket
    assert (desk.ticket(number).waiting_since, new.waiting_since) == (began, clock.now)
    reply(desk, number, Answer(text="A new printer comes."))
    assert desk.ticket(number).waiting_since is None
    assert desk.ticket(new.number).waiting_since == clock.now


def test_later_answers_follow_without_a_word_about_the_other_ticket(
    desk: Desk, number: TicketNumber, other: EntryId
) -> None:
    new = split(desk, number, other).ticket.number
    sent = reply(desk, new, Answer(text="It comes."))
    for parent in ("<2@corp.example>", sent.message_id):
        chain = ("<1@corp.example>", "<2@corp.example>")
        answer = receive(desk, subject="Re: Toner", sender=KIM, answers=(parent,), references=chain)
        assert answer.number == new
    assert receive(desk, subject="Re: Printer", answers=("<1@corp.example>",)).number == number
    assert Happened.ALSO_ABOUT not in happened(desk, new)


def test_a_reply_to_it_goes_along_even_before_it_has_left(desk: Desk, number: TicketNumber, other: EntryId) -> None:
    mail = reply(acting_as(desk, "bo"), number, Answer(text="Both come."))
    new = split(desk, number, other).ticket.number
    assert texts(desk, new) == ["And my toner?", "Both come."]
    [row] = desk.store.outbox.of(new)
    assert (row.id, row.state, desk.store.outbox.of(number)) == (mail.id, OutboxState.QUEUED, [])
    assert receive(desk, subject="Re: Toner", sender=KIM, answers=(mail.message_id,)).number == new
    undone = undo(acting_as(desk, "bo"))
    assert undone.draft is not None
    assert undone.draft.ticket == new


def test_answers_follow_to_the_id_that_a_server_gave_a_reply(
    desk: Desk, number: TicketNumber, other: EntryId, clock: SetClock
) -> None:
    reply(desk, number, Answer(text="It is on its way."))
    clock.go_on(minutes=1)
    deliver(desk, Taking("<given@server.example>"), owner="test", is_gone=lambda _: True)
    new = split(desk, number, other).ticket.number
    assert receive(desk, subject="Re: Toner", sender=KIM, answers=("<given@server.example>",)).number == new


@dataclass(frozen=True, slots=True)
class Taking:
    """A server that takes every mail, under an id of its own."""

    message_id: str

    def send(self, entry: OutboxEntry, raw: bytes, entering_data: Callable[[], None]) -> Attempt:
        del entry, raw
        entering_data()
        return Attempt(Verdict.SENT, sent_as=self.message_id)


def test_a_mail_that_had_opened_a_closed_ticket_leaves_it_closed(
    desk: Desk, number: TicketNumber, clock: SetClock
) -> None:
    set_status(desk, number, Status.CLOSED)
    clock.go_on(minutes=5)
    receive(desk, subject="Toner", text="Toner?", sender=KIM, answers=("<1@corp.example>",))
    assert desk.ticket(number).status is Status.OPEN
    new = split(desk, number, message(desk, number, "Toner?")).ticket
    assert (desk.ticket(number).status, desk.ticket(number).waiting_since) == (Status.CLOSED, None)
    assert (new.status, new.waiting_since) == (Status.OPEN, clock.now)
    undo(desk)
    assert desk.ticket(number).status is Status.OPEN


def test_a_closing_that_settled_a_mail_still_does_on_its_own_ticket(
    desk: Desk, number: TicketNumber, other: EntryId
) -> None:
    set_status(desk, number, Status.CLOSED)
    assert split(desk, number, other).ticket.waiting_since is None


def test_one_undo_puts_everything_back_and_a_redo_splits_again(
    desk: Desk, number: TicketNumber, other: EntryId
) -> None:
    reply(acting_as(desk, "bo"), number, Answer(text="Both come."))
    before = texts(desk, number)
    new = split(desk, number, other).ticket.number
    after = whole(desk, number, new)
    undo(desk)
    assert texts(desk, number) == before
    assert texts(desk, new) == []
    assert desk.ticket(new).merged_into == number
    redo(desk)
    assert texts(desk, new) == ["And my toner?", "Both come."]
    assert whole(desk, number, new) == after
    undo(desk)
    assert receive(desk, subject="Re: Toner", sender=KIM, answers=("<2@corp.example>",)).number == number
    with pytest.raises(RedoTooLate, match="Kim Else wrote a mail"):
        redo(desk)


def test_an_answer_that_was_begun_there_is_kept_aside_where_the_mails_go_back(
    desk: Desk, number: TicketNumber, other: EntryId
) -> None:
    new = split(desk, number, other).ticket.number
    save_draft(acting_as(desk, "bo"), new, DraftKind.REPLY, Written("Toner will"))
    undo(desk)
    [draft] = desk.store.drafts.of(number)
    assert (draft.text, draft.aside, draft.author) == ("Toner will", True, "bo")
    assert desk.store.drafts.of(new) == []


def test_it_is_not_put_back_once_somebody_wrote_there(desk: Desk, number: TicketNumber, other: EntryId) -> None:
    new = split(desk, number, other).ticket.number
    receive(desk, subject="Re: Printer", answers=("<1@corp.example>",))
    receive(desk, subject="Re: Toner", sender=KIM, answers=("<2@corp.example>",))
    with pytest.raises(UndoTooLate, match=f"since then Kim Else wrote a mail on ticket {new}"):
        undo(desk)


def test_what_is_written_on_the_old_ticket_does_not_stand_in_the_way(
    desk: Desk, number: TicketNumber, other: EntryId
) -> None:
    split(desk, number, other)
    receive(desk, subject="Re: Printer", text="Hello?", answers=("<1@corp.example>",))
    undo(desk)
    assert texts(desk, number) == ["It is broken.", "And my toner?", "Hello?"]


def test_only_a_customers_mail_that_leaves_something_behind_can_be_split_off(
    desk: Desk, number: TicketNumber, other: EntryId, clock: SetClock
) -> None:
    note = add_note(desk, number, "x")
    mail = reply(desk, number, Answer(text="Both come."))
    for entry, error, words in (
        (note.id, NoSuchEntry, "there is no message on ticket"),
        (EntryId(999), NoSuchEntry, "999"),
        (mail.entry, RefusedError, "no mail of a customer"),
        (message(desk, number, "It is broken."), RefusedError, "nothing would be left"),
    ):
        with pytest.raises(error, match=words):
            split(desk, number, entry)
    clock.go_on(minutes=1)  # the answer could be taken back before all else until now
    new = split(desk, number, other).ticket.number
    with pytest.raises(RefusedError, match=f"that mail is on ticket {new} by now, not on {number} any more"):
        split(acting_as(desk, "bo"), number, other)
    undo(desk)
    with pytest.raises(MergedAway):
        split(desk, new, other)


def test_who_did_not_see_the_newest_mail_does_not_split(desk: Desk, number: TicketNumber, other: EntryId) -> None:
    seen = newest(desk, number)
    receive(desk, subject="Re: Printer", answers=("<1@corp.example>",))
    with pytest.raises(TicketMoved, match="Dana Petrova wrote a mail"):
        split(desk, number, other, seen=seen)


def test_a_mail_whose_id_another_one_on_the_ticket_has_leaves_that_one_its_way(
    desk: Desk, number: TicketNumber
) -> None:
    again = "<1@corp.example>"
    shop = Address("shop@corp.example", "Shop")
    receive(desk, subject="Printer", text="Once more.", message_id=again, sender=shop, answers=(again,))
    new = split(desk, number, message(desk, number, "Once more.")).ticket.number
    found = desk.store.threads.tickets([again], own=True)[again]
    assert set(found) == {number, new}


def test_a_later_merge_of_the_two_makes_one_of_them_again(desk: Desk, number: TicketNumber, other: EntryId) -> None:
    new = split(desk, number, other).ticket.number
    merge(desk, [new], number)
    assert texts(desk, number) == ["It is broken.", "And my toner?"]
    undo(desk)
    undo(desk)
    assert texts(desk, number) == ["It is broken.", "And my toner?"]
    assert replace(desk.ticket(new), merged_into=None).message_count == 0


def test_an_answer_on_a_ticket_whose_last_mail_is_split_off_goes_to_whom_it_was_written(
    desk: Desk, number: TicketNumber, other: EntryId
) -> None:
    bo = acting_as(desk, "bo")
    save_draft(bo, number, DraftKind.REPLY, Written("To Kim"))
    split(desk, number, other)
    [draft] = desk.store.drafts.of(number)
    assert heads(draft) == (["kim@else.example"], None, True)
    letter = letter_for(bo, number, Answer(text="To Kim", wording=draft.wording))
    assert [each.email for each in letter.to] == ["kim@else.example"]
    undo(desk)
    [draft] = desk.store.drafts.of(number)
    assert heads(draft) == ([], None, False)
