"""Forwards and side talks: they stand on the ticket, and change nothing of the talk with the customer."""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage

import pytest

from desk.actions.draft import save_draft
from desk.actions.forward import forward
from desk.actions.merge import merge
from desk.actions.note import add_note
from desk.actions.open import mark_read
from desk.actions.redo import redo
from desk.actions.reply import reply
from desk.actions.split import split
from desk.actions.status import set_status
from desk.actions.undo import undo
from desk.conversation import Attachment, EntryId, Event, Happened, Message, Purpose
from desk.desk import Desk
from desk.draft import DraftKind
from desk.drafts import held_draft
from desk.errors import MergedAway, NoSuchEntry, RefusedError, TicketMoved
from desk.letters import recipients
from desk.outgoing import Answer, OutboxEntry, OutboxState
from desk.people import Address
from desk.remarked import in_words, signs
from desk.stats import measure
from desk.ticket import Status, Ticket, TicketNumber
from desk.wording import Wording
from desk.written import Written
from tests.desks import DANA, SetClock, acting_as, receive

SUPPLIER = Address("help@printers.example", "Printer Works")
PARTNER = Address("leo@partner.example", "Leo Brandt")
ONE = TicketNumber(1)


def passed_on(desk: Desk, ticket: Ticket, seen: EntryId | None = None) -> OutboxEntry:
    answer = Answer(text="Can you help?", wording=Wording(to=(SUPPLIER,)), seen=seen)
    return forward(desk, ticket.number, None, answer)


def sent(desk: Desk, entry: OutboxEntry, clock: SetClock) -> OutboxEntry:
    after = replace(entry, state=OutboxState.SENT, sent_at=clock.now)
    desk.store.outbox.put(after)
    return after


def mail_of(desk: Desk, entry: OutboxEntry) -> EmailMessage:
    return email.message_from_bytes(desk.blobs.get(entry.raw), policy=email.policy.default)


def answered(
    desk: Desk,
    entry: OutboxEntry,
    *,
    sender: Address = SUPPLIER,
    text: str = "Send it in.",
    cc: tuple[Address, ...] = (),
    message_id: str | None = None,
    automatic: str | None = None,
) -> Ticket:
    return receive(
        desk,
        sender=sender,
        cc=cc,
        subject="Re: Fwd: Refund for order 88213",
        text=text,
        message_id=message_id,
        answers=(entry.message_id,),
        references=(entry.message_id,),
        automatic=automatic,
    )


def last_message(desk: Desk, ticket: Ticket) -> Message:
    return [each for each in desk.store.conversations.of(ticket.number) if isinstance(each, Message)][-1]


def test_a_forward_goes_to_others_alone_under_a_thread_of_its_own(desk: Desk) -> None:
    ticket = receive(desk, message_id="<1@corp.example>", cc=(PARTNER,))
    entry = passed_on(desk, ticket)
    mail = mail_of(desk, entry)
    assert entry.recipients == (SUPPLIER.email,)
    assert entry.purpose is Purpose.FORWARD
    assert mail["Subject"] == "Fwd: Refund for order 88213"
    assert mail["In-Reply-To"] is None
    assert "<1@corp.example>" not in mail["References"]


def test_the_files_of_the_mail_go_along_and_are_those_that_came(desk: Desk) -> None:
    digest = desk.blobs.put(b"%PDF the invoice")
    ticket = receive(desk, attachments=(Attachment("Rechnung ü.pdf", "application/pdf", 16, digest, 1),))
    entry = forward(desk, ticket.number, None, Answer(text="Look", to=(SUPPLIER,)))
    [part] = mail_of(desk, entry).iter_attachments()
    assert part.get_content() == b"%PDF the invoice"
    [file] = last_message(desk, ticket).attachments
    assert (file.name, file.sha256) == ("Rechnung ü.pdf", digest)


def test_a_forward_ends_no_wait_and_counts_as_no_reply(desk: Desk, clock: SetClock) -> None:
    ticket = receive(desk)
    clock.go_on(hours=1)
    sent(desk, passed_on(desk, ticket), clock)
    after = desk.ticket(ticket.number)
    assert (after.waiting_since, after.status) == (ticket.waiting_since, Status.OPEN)
    figures = measure(desk.store, since=clock.now - timedelta(days=1), until=clock.now).team
    assert (figures.replies, figures.first_response.n) == (0, 0)


def test_an_answer_to_a_forward_is_shown_unread_with_words_and_changes_nothing_for_the_customer(
    desk: Desk, clock: SetClock
) -> None:
    ticket = receive(desk)
    entry = sent(desk, passed_on(desk, ticket), clock)
    reply(desk, ticket.number, Answer(text="We are asking the maker.", status=Status.WAITING))
    mark_read(desk, ticket.number)
    before = desk.ticket(ticket.number)
    clock.go_on(hours=2)
    after = answered(desk, entry)
    assert after.number == ticket.number
    assert (after.status, after.waiting_since, after.unread) == (Status.WAITING, None, True)
    assert before.customer == after.customer
    assert signs(after) == ("an answer to what was forwarded",)
    events = [each for each in desk.store.conversations.of(ticket.number) if isinstance(each, Event)]
    assert in_words(events[-1]) == "an answer to what was forwarded"
    assert last_message(desk, ticket).side == entry.entry
    mark_read(desk, ticket.number)
    assert signs(desk.ticket(ticket.number)) == ()


def test_an_answer_to_a_forward_enters_no_recipients_references_or_figures(desk: Desk, clock: SetClock) -> None:
    ticket = receive(desk, message_id="<1@corp.example>", cc=(PARTNER,))
    entry = sent(desk, passed_on(desk, ticket), clock)
    answered(desk, entry, message_id="<aside@printers.example>", cc=(Address("boss@printers.example"),))
    assert recipients(desk, ticket.number) == ((DANA,), (PARTNER,))
    answer = mail_of(desk, reply(desk, ticket.number, Answer(text="Solved")))
    assert answer["In-Reply-To"] == "<1@corp.example>"
    assert "printers.example" not in str(answer)
    assert entry.message_id not in str(answer)
    clock.go_on(minutes=1)
    figures = measure(desk.store, since=clock.now - timedelta(days=1), until=clock.now).team
    assert figures.reopened == 0


def test_an_answer_to_a_forward_ends_no_wait_and_begins_none(desk: Desk, clock: SetClock) -> None:
    ticket = receive(desk)
    entry = sent(desk, passed_on(desk, ticket), clock)
    clock.go_on(hours=1)
    assert answered(desk, entry).waiting_since == ticket.waiting_since
    answer = reply(desk, ticket.number, Answer(text="Solved"))
    sent(desk, answer, clock)
    clock.go_on(hours=1)
    assert answered(desk, entry, text="One thing more").waiting_since is None


def test_later_mails_of_the_third_party_keep_to_the_side(desk: Desk, clock: SetClock) -> None:
    ticket = receive(desk)
    entry = sent(desk, passed_on(desk, ticket), clock)
    answered(desk, entry, message_id="<a@printers.example>")
    colleague = Address("chief@printers.example")
    receive(desk, sender=colleague, answers=("<a@printers.example>",), subject="AW: Fwd: Refund for order 88213")
    assert last_message(desk, ticket).side == entry.entry
    receive(
        desk, sender=SUPPLIER, subject=f"[T-{ticket.number}] and the serial number?", message_id="<b@printers.example>"
    )
    assert last_message(desk, ticket).side == entry.entry
    assert desk.ticket(ticket.number).waiting_since == ticket.waiting_since


def test_an_answer_under_an_id_that_the_server_gave_finds_the_side(desk: Desk, clock: SetClock) -> None:
    ticket = receive(desk)
    entry = sent(desk, passed_on(desk, ticket), clock)
    desk.store.outbox.put(replace(entry, sent_as="<given@ses.example>"))
    desk.store.threads.link(ticket.number, ["<given@ses.example>"])
    receive(desk, sender=SUPPLIER, answers=("<given@ses.example>",), subject="Re: Fwd: Refund for order 88213")
    assert last_message(desk, ticket).side == entry.entry


def test_what_the_customer_writes_is_never_put_aside(desk: Desk, clock: SetClock) -> None:
    ticket = receive(desk)
    entry = sent(desk, passed_on(desk, ticket), clock)
    sent(desk, reply(desk, ticket.number, Answer(text="We ask", status=Status.WAITING)), clock)
    clock.go_on(hours=1)
    after = answered(desk, entry, sender=DANA, text="They wrote to me directly.")
    assert (last_message(desk, ticket).side, after.status, after.waiting_since) == (None, Status.OPEN, clock.now)


def test_an_answer_to_the_customers_talk_belongs_to_it_whatever_it_names_further_back(
    desk: Desk, clock: SetClock
) -> None:
    ticket = receive(desk, message_id="<1@corp.example>", cc=(PARTNER,))
    entry = sent(desk, passed_on(desk, ticket), clock)
    receive(
        desk,
        sender=PARTNER,
        subject="Re: Refund for order 88213",
        answers=("<1@corp.example>",),
        references=(entry.message_id, "<1@corp.example>"),
    )
    assert last_message(desk, ticket).side is None


def test_a_closed_ticket_is_opened_by_an_answer_to_a_forward_and_the_customer_waits_for_nothing(
    desk: Desk, clock: SetClock
) -> None:
    ticket = receive(desk)
    entry = sent(desk, passed_on(desk, ticket), clock)
    set_status(desk, ticket.number, Status.CLOSED)
    clock.go_on(days=90)
    after = answered(desk, entry)
    assert (after.number, after.status, after.waiting_since) == (ticket.number, Status.OPEN, None)
    figures = measure(desk.store, since=clock.now - timedelta(days=1), until=clock.now).team
    assert figures.reopened == 0


def test_a_machine_that_answers_a_forward_opens_nothing(desk: Desk, clock: SetClock) -> None:
    ticket = receive(desk)
    entry = sent(desk, passed_on(desk, ticket), clock)
    set_status(desk, ticket.number, Status.CLOSED)
    after = answered(desk, entry, automatic="out of office")
    assert (after.status, signs(after), last_message(desk, ticket).side) == (Status.CLOSED, (), entry.entry)


def test_the_third_party_is_answered_within_the_side_talk(desk: Desk, clock: SetClock) -> None:
    ticket = receive(desk)
    entry = sent(desk, passed_on(desk, ticket), clock)
    answered(desk, entry, message_id="<a@printers.example>")
    asked = last_message(desk, ticket)
    second = forward(desk, ticket.number, asked.id, Answer(text="It is X1."))
    mail = mail_of(desk, second)
    assert (mail["To"], mail["Subject"]) == (str(SUPPLIER), "Re: Refund for order 88213")
    assert mail["In-Reply-To"] == "<a@printers.example>"
    assert last_message(desk, ticket).side == entry.entry
    assert "answered_aside" not in desk.ticket(ticket.number).holds


def test_nobody_or_somebody_of_the_talk_itself_is_refused(desk: Desk) -> None:
    ticket = receive(desk)
    for to, why in (((), "nobody"), ((DANA,), "already"), ((Address("support@acme.example"),), "ourselves")):
        with pytest.raises(RefusedError, match=why):
            forward(desk, ticket.number, None, Answer(text="x", wording=Wording(to=to)))
    with pytest.raises(RefusedError, match="already"):
        forward(desk, ticket.number, None, Answer(text="x", wording=Wording(to=(SUPPLIER,), bcc=(DANA,))))
    assert desk.store.outbox.all() == []


def test_a_note_is_no_mail_to_forward(desk: Desk) -> None:
    ticket = receive(desk)
    note = add_note(desk, ticket.number, "internal")
    with pytest.raises(NoSuchEntry):
        forward(desk, ticket.number, note.id, Answer(text="x", to=(SUPPLIER,)))


def test_a_forward_is_stopped_where_the_ticket_changed_meanwhile(desk: Desk) -> None:
    ticket = receive(desk, message_id="<1@corp.example>")
    seen = max(each.id for each in desk.store.conversations.of(ticket.number))
    receive(desk, subject="Re: Refund for order 88213", answers=("<1@corp.example>",))
    with pytest.raises(TicketMoved, match="Dana Petrova wrote a mail"):
        passed_on(desk, ticket, seen=seen)
    seen = max(each.id for each in desk.store.conversations.of(ticket.number))
    reply(acting_as(desk, "bo"), ticket.number, Answer(text="Done"))
    with pytest.raises(TicketMoved, match="bo wrote a reply"):
        passed_on(desk, ticket, seen=seen)
    other = receive(desk, subject="Another matter", sender=PARTNER)
    merge(desk, [ticket.number], other.number)
    with pytest.raises(MergedAway):
        passed_on(desk, ticket)
    assert len(desk.store.outbox.all()) == 1


def test_a_colleagues_forward_stops_a_reply_and_ones_own_does_not(desk: Desk) -> None:
    ticket = receive(desk)
    seen: EntryId = max(each.id for each in desk.store.conversations.of(ticket.number))
    passed_on(desk, ticket)
    with pytest.raises(TicketMoved, match="ana forwarded a mail"):
        reply(acting_as(desk, "bo"), ticket.number, Answer(text="Hello", seen=seen))
    reply(desk, ticket.number, Answer(text="Hello", seen=seen))


def test_a_forward_that_is_taken_back_is_a_draft_again_with_all_that_was_chosen(desk: Desk) -> None:
    ticket = receive(desk)
    save_draft(acting_as(desk, "bo"), ticket.number, DraftKind.REPLY, Written("Of bo"))
    entry = passed_on(desk, ticket)
    draft = undo(desk).draft
    assert draft is not None
    assert (draft.kind, draft.text, draft.wording) == (DraftKind.FORWARD, "Can you help?", entry.wording)
    assert desk.ticket(ticket.number).holds == ("draft",)
    redo(desk)
    assert held_draft(desk, ticket.number, DraftKind.FORWARD) is None
    assert desk.store.outbox.all()[0].state is OutboxState.QUEUED


def test_a_side_talk_goes_along_when_its_ticket_is_merged(desk: Desk, clock: SetClock) -> None:
    ticket = receive(desk)
    entry = sent(desk, passed_on(desk, ticket), clock)
    other = receive(desk, subject="Another matter", sender=DANA)
    merge(desk, [ticket.number], other.number)
    after = answered(desk, entry)
    assert (after.number, last_message(desk, other).side) == (other.number, entry.entry)
    assert recipients(desk, other.number) == ((DANA,), ())


def test_an_answer_aside_is_not_split_off_as_a_customers(desk: Desk, clock: SetClock) -> None:
    ticket = receive(desk)
    answered(desk, sent(desk, passed_on(desk, ticket), clock))
    with pytest.raises(RefusedError, match="no mail of a customer"):
        split(desk, ticket.number, last_message(desk, ticket).id)


def test_the_event_tells_who_got_it(desk: Desk) -> None:
    ticket = receive(desk)
    passed_on(desk, ticket)
    events = [each for each in desk.store.conversations.of(ticket.number) if isinstance(each, Event)]
    [told] = [each for each in events if each.what is Happened.FORWARDED]
    assert told.detail["to"] == SUPPLIER.email


BO = Address("bo@acme.example", "Bo Lind")


def test_what_a_colleague_writes_to_the_third_party_from_their_own_address_is_ours_and_aside(
    desk: Desk, clock: SetClock
) -> None:
    ticket = receive(desk)
    entry = sent(desk, passed_on(desk, ticket), clock)
    answered(desk, entry, message_id="<a@printers.example>")
    receive(
        desk,
        sender=BO,
        to=(SUPPLIER,),
        cc=(Address("support@acme.example"),),
        subject="Re: Fwd: Refund for order 88213",
        answers=("<a@printers.example>",),
    )
    message = last_message(desk, ticket)
    assert (message.direction, message.author, message.side) == ("out", "bo", entry.entry)
    assert desk.ticket(ticket.number).waiting_since == ticket.waiting_since
    assert "answered_aside" not in desk.ticket(ticket.number).holds


def test_what_a_colleague_writes_from_there_to_the_customer_too_is_an_answer(desk: Desk, clock: SetClock) -> None:
    ticket = receive(desk)
    entry = sent(desk, passed_on(desk, ticket), clock)
    answered(desk, entry, message_id="<a@printers.example>")
    clock.go_on(hours=1)
    receive(desk, sender=BO, to=(SUPPLIER, DANA), subject="Re: Fwd: Refund", answers=("<a@printers.example>",))
    assert (last_message(desk, ticket).side, desk.ticket(ticket.number).waiting_since) == (None, None)


def test_a_colleague_to_whom_it_was_forwarded_answers_aside(desk: Desk, clock: SetClock) -> None:
    ticket = receive(desk)
    entry = sent(desk, forward(desk, ticket.number, None, Answer(text="Look", to=(BO,))), clock)
    answered(desk, entry, sender=BO)
    assert (last_message(desk, ticket).direction, last_message(desk, ticket).side) == ("in", entry.entry)
    assert signs(desk.ticket(ticket.number)) == ("an answer to what was forwarded",)


def test_the_words_go_when_the_customer_writes_after_the_third_party(desk: Desk, clock: SetClock) -> None:
    ticket = receive(desk, message_id="<1@corp.example>")
    entry = sent(desk, passed_on(desk, ticket), clock)
    assert signs(answered(desk, entry)) != ()
    after = receive(desk, subject="Re: Refund for order 88213", answers=("<1@corp.example>",), text="Hello?")
    assert (after.number, after.unread, signs(after)) == (ticket.number, True, ())


def test_a_mail_under_the_id_of_our_forward_leads_no_answer_astray(desk: Desk, clock: SetClock) -> None:
    ticket = receive(desk, message_id="<1@corp.example>")
    entry = sent(desk, passed_on(desk, ticket), clock)
    receive(desk, subject="Re: Refund for order 88213", answers=("<1@corp.example>",), message_id=entry.message_id)
    answered(desk, entry)
    assert last_message(desk, ticket).side == entry.entry
