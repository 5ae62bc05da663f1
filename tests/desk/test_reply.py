from __future__ import annotations

import email
import email.policy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from desk.actions.assign import assign
from desk.actions.note import add_note
from desk.actions.redo import redo
from desk.actions.reply import reply
from desk.actions.status import set_status
from desk.actions.tag import tag
from desk.actions.undo import undo
from desk.conversation import EntryId, Event, Happened, Message
from desk.desk import Desk
from desk.errors import GapsLeft, NoSuchAgent, RefusedError, TicketMoved
from desk.outgoing import Answer, OutboxEntry, OutboxState, gaps
from desk.people import Address, Handle
from desk.quoting import quote
from desk.steps import AssignStep, MacroUse, StatusStep, TagStep
from desk.ticket import Status, Ticket, TicketNumber
from tests.desk.arriving import arrive, mail_from
from tests.desks import DANA, SUPPORT, SetClock, acting_as, receive


def mail_of(desk: Desk, entry: OutboxEntry) -> EmailMessage:
    parsed = email.message_from_bytes(desk.blobs.get(entry.raw), policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def newest(desk: Desk, ticket: Ticket) -> EntryId:
    return desk.store.conversations.of(ticket.number)[-1].id


def test_a_reply_is_queued_with_its_bytes_for_the_undo_window(desk: Desk, clock: SetClock) -> None:
    ticket = receive(desk, message_id="<first@corp.example>")
    entry = reply(desk, ticket.number, Answer(text="Hello Dana,\n\nit is on its way."))
    assert entry.state is OutboxState.QUEUED
    assert (entry.due - clock.now).total_seconds() == 10
    assert entry.recipients == ("dana@corp.example",)
    assert entry.message_id.encode() in desk.blobs.get(entry.raw)
    mail = mail_of(desk, entry)
    assert mail["To"] == "Dana Petrova <dana@corp.example>"
    assert mail["In-Reply-To"] == "<first@corp.example>"
    assert mail["References"] == "<first@corp.example>"
    assert mail["Subject"] == "Re: Refund for order 88213"
    assert "support@acme.example" in mail["From"]


def test_references_grow_with_the_conversation(desk: Desk) -> None:
    ticket = receive(desk, message_id="<1@corp.example>")
    first = reply(desk, ticket.number, Answer(text="One moment."))
    receive(
        desk,
        subject="Re: Refund for order 88213",
        message_id="<2@corp.example>",
        answers=(first.message_id,),
        references=("<1@corp.example>", first.message_id),
    )
    second = mail_of(desk, reply(desk, ticket.number, Answer(text="Done.")))
    assert second["References"].split() == ["<1@corp.example>", first.message_id, "<2@corp.example>"]
    assert second["In-Reply-To"] == "<2@corp.example>"


def test_reply_goes_to_reply_to_and_keeps_copies_but_never_ourselves(desk: Desk) -> None:
    friend = Address("boss@corp.example", "Boss")
    ticket = receive(desk, reply_to=(Address("orders@corp.example"),), to=(SUPPORT, friend), cc=(friend, SUPPORT))
    mail = mail_of(desk, reply(desk, ticket.number, Answer(text="Hello")))
    assert mail["To"] == "orders@corp.example"
    assert mail["Cc"] == "Boss <boss@corp.example>"


def test_copies_can_be_chosen(desk: Desk) -> None:
    ticket = receive(desk, cc=(Address("boss@corp.example"),))
    mail = mail_of(desk, reply(desk, ticket.number, Answer(text="Hello", cc=())))
    assert mail["Cc"] is None


def test_a_gap_is_never_sent(desk: Desk) -> None:
    ticket = receive(desk)
    for text in ("your refund of ⟦amount⟧", "half a ⟦gap", "other half⟧"):
        with pytest.raises(GapsLeft, match="gap"):
            reply(desk, ticket.number, Answer(text=text))
    assert desk.store.outbox.all() == []


def test_an_answer_is_refused_when_the_customer_wrote_meanwhile(desk: Desk) -> None:
    ticket = receive(desk, message_id="<1@corp.example>")
    seen = newest(desk, ticket)
    receive(desk, subject="Re: Refund", message_id="<2@corp.example>", answers=("<1@corp.example>",))
    with pytest.raises(TicketMoved, match="Dana Petrova wrote"):
        reply(desk, ticket.number, Answer(text="Hello", seen=seen))
    assert desk.store.outbox.all() == []
    reply(desk, ticket.number, Answer(text="Hello", seen=newest(desk, ticket)))


def test_an_answer_is_refused_when_a_colleague_answered_meanwhile(desk: Desk) -> None:
    ticket = receive(desk)
    seen = newest(desk, ticket)
    reply(acting_as(desk, "bo"), ticket.number, Answer(text="I have it."))
    with pytest.raises(TicketMoved, match="bo wrote"):
        reply(desk, ticket.number, Answer(text="Hello", seen=seen))


def test_a_colleagues_note_stops_an_answer(desk: Desk) -> None:
    ticket = receive(desk)
    seen = newest(desk, ticket)
    add_note(acting_as(desk, "bo"), ticket.number, "Do not answer, legal has it.")
    with pytest.raises(TicketMoved, match="since you looked at it: bo wrote a note"):
        reply(desk, ticket.number, Answer(text="Hello", seen=seen))
    assert desk.store.outbox.all() == []


def test_a_note_that_was_taken_back_stops_no_answer(desk: Desk) -> None:
    ticket = receive(desk)
    seen = newest(desk, ticket)
    add_note(acting_as(desk, "bo"), ticket.number, "wrong ticket")
    undo(acting_as(desk, "bo"))
    assert reply(desk, ticket.number, Answer(text="Hello", seen=seen)).state is OutboxState.QUEUED


WITH_A_MACRO = Answer(text="Hello", steps=(StatusStep(Status.WAITING), AssignStep(Handle("ana"))))


@pytest.mark.parametrize("answer", [WITH_A_MACRO, Answer(text="Hello", macro=MacroUse("m", "0"))])
def test_an_answer_with_a_macro_is_refused_when_a_colleague_changed_anything(desk: Desk, answer: Answer) -> None:
    ticket, bo = receive(desk), acting_as(desk, "bo")
    seen = newest(desk, ticket)
    set_status(bo, ticket.number, Status.CLOSED)
    assign(bo, ticket.number, Handle("bo"))
    with pytest.raises(TicketMoved) as refused:
        reply(desk, ticket.number, replace(answer, seen=seen))
    assert refused.value.what == "bo changed the status and the assignee"
    assert (desk.ticket(ticket.number).status, desk.ticket(ticket.number).assignee) == (Status.CLOSED, "bo")
    assert desk.store.outbox.all() == []
    reply(desk, ticket.number, replace(answer, seen=newest(desk, ticket)))
    assert len(desk.store.outbox.all()) == 1


def test_an_answer_with_a_macro_is_told_all_that_came_at_once_and_never_doubled(desk: Desk) -> None:
    ticket, bo = receive(desk), acting_as(desk, "bo")
    seen = newest(desk, ticket)
    reply(desk, ticket.number, Answer(text="Hello"))
    add_note(desk, ticket.number, "one's own is no news")
    tag(bo, ticket.number, add=["vip"])
    add_note(bo, ticket.number, "Legal has it.")
    with pytest.raises(TicketMoved) as refused:
        reply(desk, ticket.number, replace(WITH_A_MACRO, seen=seen))
    assert refused.value.what == "you wrote a reply, bo changed the tags and wrote a note"


def test_a_status_asked_for_with_an_answer_applies_over_a_colleagues(desk: Desk) -> None:
    ticket = receive(desk)
    seen = newest(desk, ticket)
    set_status(acting_as(desk, "bo"), ticket.number, Status.SPAM)
    reply(desk, ticket.number, Answer(text="Hello", seen=seen, status=Status.WAITING))
    assert desk.ticket(ticket.number).status is Status.WAITING


def test_an_agents_own_notes_on_another_screen_do_not_stop_an_answer(desk: Desk) -> None:
    ticket = receive(desk)
    seen = newest(desk, ticket)
    add_note(desk, ticket.number, "fyi")
    assert reply(desk, ticket.number, Answer(text="Hello", seen=seen)).state is OutboxState.QUEUED


def test_an_agents_own_answer_from_another_screen_is_not_doubled(desk: Desk) -> None:
    ticket = receive(desk)
    seen = newest(desk, ticket)
    reply(desk, ticket.number, Answer(text="Hello"))
    with pytest.raises(TicketMoved, match="you wrote a reply") as refused:
        reply(desk, ticket.number, Answer(text="Hello", seen=seen))
    assert refused.value.by == "ana"
    assert len(desk.store.outbox.all()) == 1


def test_a_refusal_tells_who_wrote_what_and_how_often(desk: Desk) -> None:
    ticket = receive(desk, message_id="<1@corp.example>")
    seen = newest(desk, ticket)
    bo = acting_as(desk, "bo")
    receive(desk, text="one", answers=("<1@corp.example>",))
    reply(bo, ticket.number, Answer(text="I have it."))
    receive(desk, text="two", answers=("<1@corp.example>",))
    add_note(bo, ticket.number, "Ask the bank.")
    with pytest.raises(TicketMoved) as refused:
        reply(desk, ticket.number, Answer(text="Hello", seen=seen))
    assert refused.value.what == "Dana Petrova wrote 2 mails, bo wrote a reply and a note"
    assert (refused.value.by, refused.value.expected) == ("bo", seen)


def test_a_reply_that_a_colleague_does_again_stops_an_answer(desk: Desk) -> None:
    ticket, bo = receive(desk), acting_as(desk, "bo")
    reply(bo, ticket.number, Answer(text="I have it."))
    undo(bo)
    seen = newest(desk, ticket)
    redo(bo)
    with pytest.raises(TicketMoved, match="bo sent a reply again"):
        reply(desk, ticket.number, Answer(text="Hello", seen=seen))


def test_answering_takes_a_ticket_that_nobody_has(desk: Desk) -> None:
    ticket = receive(desk)
    reply(desk, ticket.number, Answer(text="Hello"))
    assert desk.ticket(ticket.number).assignee == "ana"


def test_answering_leaves_a_colleagues_ticket_with_the_colleague(desk: Desk) -> None:
    ticket = receive(desk)
    reply(acting_as(desk, "bo"), ticket.number, Answer(text="Hello"))
    reply(desk, ticket.number, Answer(text="Hello again"))
    assert desk.ticket(ticket.number).assignee == "bo"


def test_a_macros_steps_and_the_status_come_with_the_reply(desk: Desk) -> None:
    ticket = receive(desk)
    answer = Answer(
        text="Hello", steps=(TagStep(("refund",)),), status=Status.CLOSED, macro=MacroUse("refund", "abc", edited=True)
    )
    entry = reply(desk, ticket.number, answer)
    after = desk.ticket(ticket.number)
    assert (after.tags, after.status, after.waiting_since) == (("refund",), "closed", None)
    told = [e for e in desk.store.conversations.of(ticket.number) if isinstance(e, Event) and e.entry == entry.entry]
    assert [each.what for each in told] == [Happened.REPLIED]
    assert told[0].detail == {"macro": "refund", "version": "abc", "edited": "yes"}


def test_a_step_that_fails_queues_nothing(desk: Desk) -> None:
    ticket = receive(desk)
    before = desk.store.conversations.of(ticket.number)
    with pytest.raises(NoSuchAgent):
        reply(desk, ticket.number, Answer(text="Hello", steps=(AssignStep(Handle("eve")),)))
    assert desk.store.outbox.all() == []
    assert desk.store.conversations.of(ticket.number) == before


def test_an_answer_ends_the_wait_and_counts_as_a_message(desk: Desk) -> None:
    ticket = receive(desk)
    assert ticket.waiting_since is not None
    reply(desk, ticket.number, Answer(text="Hello"))
    after = desk.ticket(ticket.number)
    assert (after.waiting_since, after.message_count, after.unread) == (None, 2, False)


def test_a_reply_ends_the_wait_whoever_it_goes_to(desk: Desk) -> None:
    ticket = receive(desk)
    reply(desk, ticket.number, Answer(text="When does it come?", to=(Address("sales@supplier.example"),)))
    assert desk.ticket(ticket.number).waiting_since is None


def test_an_attachment_that_is_not_there_is_refused_in_words(desk: Desk, tmp_path: Path) -> None:
    ticket = receive(desk)
    with pytest.raises(RefusedError, match=r"none\.pdf"):
        reply(desk, ticket.number, Answer(text="Hello", attachments=(tmp_path / "none.pdf",)))


def test_the_ticket_holds_the_text_as_it_was_typed(desk: Desk) -> None:
    ticket = receive(desk, sender=DANA)
    entry = reply(desk, ticket.number, Answer(text="Здравствуйте!\n\n注文 ✓"))
    message = desk.store.conversations.get(entry.entry)
    assert isinstance(message, Message)
    assert message.text == "Здравствуйте!\n\n注文 ✓"
    assert mail_of(desk, entry).get_content().replace("\r\n", "\n").strip() == "Здравствуйте!\n\n注文 ✓"


def test_a_customer_without_an_address_cannot_be_answered(desk: Desk) -> None:
    ticket = receive(desk, sender=Address("", "Ann"))
    with pytest.raises(RefusedError, match="gives an address"):
        reply(desk, ticket.number, Answer(text="Hello"))
    assert desk.store.outbox.all() == []


def test_a_file_that_went_along_is_listed_on_the_ticket(desk: Desk, tmp_path: Path) -> None:
    ticket = receive(desk)
    (tmp_path / "terms.pdf").write_bytes(b"%PDF-1.4")
    entry = reply(desk, ticket.number, Answer(text="Hello", attachments=(tmp_path / "terms.pdf",)))
    message = desk.store.conversations.get(entry.entry)
    assert isinstance(message, Message)
    [file] = message.attachments
    assert (file.name, file.type, file.size) == ("terms.pdf", "application/pdf", 8)
    assert desk.blobs.get(file.sha256) == b"%PDF-1.4"
    assert "attachment" in desk.ticket(ticket.number).holds


def test_a_bounce_is_not_answered_but_the_customer_is(desk: Desk) -> None:
    ticket = receive(desk, message_id="<1@corp.example>")
    first = reply(desk, ticket.number, Answer(text="Hello"))
    postman = Address("mailer-daemon@mx.example")
    receive(desk, sender=postman, text="returned", automatic="bounce", bounce_of=(first.message_id,))
    mail = mail_of(desk, reply(desk, ticket.number, Answer(text="Hello again")))
    assert mail["To"] == "Dana Petrova <dana@corp.example>"
    assert mail["In-Reply-To"] == first.message_id


def test_a_mail_stamped_in_the_future_does_not_keep_the_answers(desk: Desk, clock: SetClock) -> None:
    future = clock.now + timedelta(days=300)
    ticket = receive(desk, message_id="<1@a.example>", sender=Address("alice@a.example"), received=future)
    receive(desk, text="me", sender=Address("bob@b.example"), answers=("<1@a.example>",))
    assert mail_of(desk, reply(desk, ticket.number, Answer(text="Dear Bob")))["To"] == "bob@b.example"


def test_copies_that_no_mail_can_reach_are_left_out(desk: Desk) -> None:
    ticket = receive(desk, cc=(Address("undisclosed"), Address("ü@z.example"), Address("boss@corp.example")))
    mail = mail_of(desk, reply(desk, ticket.number, Answer(text="Hello")))
    assert mail["Cc"] == "boss@corp.example"


def test_a_reply_to_that_is_ourselves_falls_back_to_the_sender(desk: Desk) -> None:
    ticket = receive(desk, message_id="<1@a.example>")
    receive(desk, text="me", sender=Address("bob@b.example"), reply_to=(SUPPORT,), answers=("<1@a.example>",))
    assert mail_of(desk, reply(desk, ticket.number, Answer(text="Dear Bob")))["To"] == "bob@b.example"


def test_a_blank_inside_quotation_marks_stays_part_of_the_address(desk: Desk) -> None:
    arrive(desk, mail_from("Dana <dana@corp.example>", "Hi", "", 'Cc: Eve <"weird local"@cust.example>'))
    entry = reply(desk, TicketNumber(1), Answer(text="Hello"))
    assert entry.recipients == ("dana@corp.example", '"weird local"@cust.example')
    assert b'<"weird local"@cust.example>' in desk.blobs.get(entry.raw)


def test_where_the_mail_names_a_place_that_cannot_be_written_to_it_is_said_how_to_name_another(desk: Desk) -> None:
    ticket = receive(desk, reply_to=(Address("a@[10.0.0.1]"),))
    with pytest.raises(RefusedError, match="--to, or the recipients in the review"):
        reply(desk, ticket.number, Answer(text="Hello"))


def test_we_do_not_write_to_ourselves(desk: Desk) -> None:
    ticket = receive(desk, sender=SUPPORT, subject="A note to us")
    with pytest.raises(RefusedError, match="to ourselves"):
        reply(desk, ticket.number, Answer(text="Hello"))


def test_a_customers_brackets_in_a_quotation_are_no_gaps() -> None:
    assert gaps(quote(DANA, datetime(2026, 11, 20, tzinfo=UTC), "the field ⟦name⟧ is empty")) == ()
