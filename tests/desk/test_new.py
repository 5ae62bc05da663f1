"""Customers who are written to first: a ticket opens from our side."""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage

import pytest

from desk.actions.attach import enclose
from desk.actions.edit_customer import edit_customer
from desk.actions.new import Start, begin
from desk.actions.redo import redo
from desk.actions.reply import reply
from desk.actions.set_customer import set_customer
from desk.actions.undo import undo
from desk.beginning import Beginning
from desk.conversation import Message, Purpose
from desk.desk import Desk
from desk.draft import DraftKind
from desk.errors import GapsLeft, NoSuchAgent, RefusedError
from desk.expression import EVERYTHING
from desk.letters import recipients
from desk.outgoing import Answer, OutboxEntry, OutboxState
from desk.people import Address, Handle
from desk.profiles import ProfileField
from desk.stats import measure
from desk.steps import TagStep
from desk.ticket import Status, TicketNumber
from tests.desks import DANA, SetClock, receive

ONE = TicketNumber(1)
BOSS = Address("boss@corp.example", "Boss")
OFFER = Beginning(mailbox="support", to=(DANA,), subject="Your contract ends", text="Hello Dana,\n\nshall we go on?")


def mail_of(desk: Desk, entry: OutboxEntry) -> EmailMessage:
    return email.message_from_bytes(desk.blobs.get(entry.raw), policy=email.policy.default)


def test_a_ticket_opens_for_the_first_recipient_who_waits_for_nothing(desk: Desk) -> None:
    entry = begin(desk, replace(OFFER, to=(DANA, BOSS)))
    ticket = desk.ticket(entry.ticket)
    assert (ticket.customer, ticket.subject, ticket.mailbox) == (DANA, "Your contract ends", "support")
    assert (ticket.status, ticket.waiting_since, ticket.unread, ticket.assignee) == (Status.OPEN, None, False, "ana")
    assert (entry.purpose, entry.state, entry.recipients) == (Purpose.NEW, OutboxState.QUEUED, (DANA.email, BOSS.email))
    mail = mail_of(desk, entry)
    assert (mail["Subject"], mail["In-Reply-To"]) == ("Your contract ends", None)
    assert mail["References"] == mail["Message-ID"]


@pytest.mark.parametrize("how", ["wrote", "was written to", "is known to agents"])
def test_a_known_customer_has_their_name_though_only_the_address_was_said(desk: Desk, how: str) -> None:
    bare = replace(OFFER, to=(Address("Dana@corp.example"),))
    match how:
        case "wrote":
            receive(desk)
        case "was written to":
            begin(desk, OFFER)
        case _:
            begin(desk, bare)
            edit_customer(desk, DANA.email, {ProfileField.NAME: DANA.name}, seen=0)
    entry = begin(desk, bare)
    assert desk.ticket(entry.ticket).customer == Address("Dana@corp.example", DANA.name)
    assert mail_of(desk, entry)["To"] == "Dana@corp.example"


def test_nobody_is_given_a_name_that_is_not_theirs(desk: Desk) -> None:
    receive(desk)
    entry = begin(desk, replace(OFFER, to=(Address("kim@corp.example"),)))
    assert desk.ticket(entry.ticket).customer == Address("kim@corp.example")


def test_files_copies_and_blind_copies_leave_with_it(desk: Desk) -> None:
    paper = enclose(desk, "offer.txt", b"cheap")
    quiet = Address("quiet@corp.example")
    entry = begin(desk, replace(OFFER, cc=(BOSS,), bcc=(quiet,), enclosures=(paper,)))
    mail = mail_of(desk, entry)
    assert entry.recipients == (DANA.email, BOSS.email, quiet.email)
    assert b"quiet@corp.example" not in desk.blobs.get(entry.raw)
    assert [part.get_content() for part in mail.iter_attachments()] == ["cheap"]


def test_the_answer_comes_onto_the_ticket_and_the_next_reply_goes_on_from_it(desk: Desk, clock: SetClock) -> None:
    entry = begin(desk, OFFER, Start(status=Status.WAITING))
    clock.go_on(hours=1)
    answered = receive(
        desk, subject="AW: Your contract ends", answers=(entry.message_id,), message_id="<a@corp.example>"
    )
    assert (answered.number, answered.status, answered.waiting_since) == (entry.ticket, Status.OPEN, clock.now)
    mail = mail_of(desk, reply(desk, entry.ticket, Answer(text="Good.")))
    assert (mail["Subject"], mail["To"]) == ("Re: Your contract ends", str(DANA))
    assert mail["References"].split() == [entry.message_id, "<a@corp.example>"]


def test_a_second_mail_before_any_answer_goes_where_the_first_one_went(desk: Desk) -> None:
    entry = begin(desk, replace(OFFER, cc=(BOSS,)))
    again = mail_of(desk, reply(desk, entry.ticket, Answer(text="Did you see this?")))
    assert (again["To"], again["Cc"]) == (str(DANA), str(BOSS))
    assert again["In-Reply-To"] == entry.message_id


def test_who_has_it_and_how_it_stands_can_be_chosen(desk: Desk) -> None:
    start = Start(assignee=Handle("bo"), status=Status.WAITING, steps=(TagStep(("sales",), ()),), send_in=0)
    ticket = desk.ticket(begin(desk, OFFER, start).ticket)
    assert (ticket.assignee, ticket.status, ticket.tags) == ("bo", Status.WAITING, ("sales",))


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (replace(OFFER, to=()), "nobody to write to"),
        (replace(OFFER, to=(Address("support@acme.example"),)), "own address"),
        (replace(OFFER, subject=" "), "no subject"),
        (replace(OFFER, text=" \n"), "no text"),
        (replace(OFFER, mailbox="sales"), "no mailbox “sales”"),
        (replace(OFFER, to=(Address("not an address"),)), "not an address"),
    ],
)
def test_what_is_no_mail_opens_no_ticket(desk: Desk, wrong: Beginning, why: str) -> None:
    with pytest.raises(RefusedError, match=why):
        begin(desk, wrong)
    assert desk.store.tickets.count(EVERYTHING) == 0
    assert desk.store.outbox.all() == []
    assert begin(desk, OFFER).ticket == ONE


def test_neither_a_gap_nor_an_unknown_colleague_opens_a_ticket(desk: Desk) -> None:
    with pytest.raises(GapsLeft):
        begin(desk, replace(OFFER, text="Dear ⟦name⟧"))
    with pytest.raises(NoSuchAgent):
        begin(desk, OFFER, Start(assignee=Handle("zed")))
    assert desk.store.tickets.count(EVERYTHING) == 0
    assert desk.store.outbox.all() == []


def test_one_undo_takes_it_back_into_a_draft_with_all_that_was_chosen_and_redo_sends_the_same_mail(desk: Desk) -> None:
    paper = enclose(desk, "offer.txt", b"cheap")
    entry = begin(desk, replace(OFFER, cc=(BOSS,), enclosures=(paper,)))
    undone = undo(desk)
    assert undone.draft is not None
    assert (undone.draft.ticket, undone.draft.kind, undone.draft.text) == (entry.ticket, DraftKind.REPLY, OFFER.text)
    assert undone.draft.wording == entry.wording
    assert desk.store.outbox.all()[0].state is OutboxState.CANCELLED
    assert desk.ticket(entry.ticket).assignee is None
    redo(desk)
    [again] = desk.store.outbox.all()
    assert (again.state, again.raw) == (OutboxState.QUEUED, entry.raw)
    assert desk.ticket(entry.ticket).assignee == "ana"


def test_what_was_taken_back_leaves_as_a_first_mail_from_its_ticket(desk: Desk) -> None:
    entry = begin(desk, replace(OFFER, cc=(BOSS,)))
    draft = undo(desk).draft
    assert draft is not None
    mail = mail_of(desk, reply(desk, entry.ticket, Answer(text="Better words", wording=draft.wording)))
    assert (mail["Subject"], mail["To"], mail["Cc"]) == ("Your contract ends", str(DANA), str(BOSS))
    assert mail["In-Reply-To"] is None


def test_a_plain_reply_in_its_place_is_a_first_mail_to_the_same_people(desk: Desk) -> None:
    entry = begin(desk, replace(OFFER, cc=(BOSS,)))
    undo(desk)
    assert recipients(desk, entry.ticket) == ((DANA,), (BOSS,))
    again = reply(desk, entry.ticket, Answer(text="Better words"))
    mail = mail_of(desk, again)
    assert (mail["Subject"], mail["To"], mail["Cc"]) == ("Your contract ends", str(DANA), str(BOSS))
    message = desk.store.conversations.get(again.entry)
    assert isinstance(message, Message)
    assert (mail["In-Reply-To"], again.purpose, message.purpose) == (None, Purpose.NEW, Purpose.NEW)
    assert mail_of(desk, reply(desk, entry.ticket, Answer(text="More")))["Subject"] == "Re: Your contract ends"


def test_where_another_became_the_customer_it_goes_to_them_alone(desk: Desk) -> None:
    entry = begin(desk, replace(OFFER, cc=(BOSS,)))
    undo(desk)
    set_customer(desk, entry.ticket, BOSS)
    assert recipients(desk, entry.ticket) == ((BOSS,), ())


def test_a_ticket_that_we_opened_has_no_first_response(desk: Desk, clock: SetClock) -> None:
    entry = begin(desk, OFFER)
    desk.store.outbox.put(replace(entry, state=OutboxState.SENT, sent_at=clock.now))
    clock.go_on(hours=1)
    receive(desk, subject="Re: Your contract ends", answers=(entry.message_id,))
    clock.go_on(hours=1)
    second = reply(desk, entry.ticket, Answer(text="Good."))
    desk.store.outbox.put(replace(second, state=OutboxState.SENT, sent_at=clock.now))
    clock.go_on(minutes=1)
    figures = measure(desk.store, since=clock.now - timedelta(days=1), until=clock.now).team
    assert (figures.replies, figures.first_response.n, figures.next_response.n) == (2, 0, 1)
