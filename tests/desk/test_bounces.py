"""Reports and automatic mail: on their ticket, marked in words, and never more than that."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from email import message_from_bytes

import pytest

from desk.actions.reply import reply
from desk.actions.status import set_status
from desk.conversation import EntryId, Event, Happened, Message
from desk.deliveries import Action, Delivery, in_words, worst
from desk.desk import Desk
from desk.expression import EVERYTHING
from desk.incoming import Outcome
from desk.outgoing import Answer, OutboxEntry, OutboxState
from desk.ticket import Status, TicketNumber
from tests.desk.arriving import arrive, mail_from
from tests.desks import SetClock, receive
from tui.reader.conversation import Conversation
from tui.reader.lines import Frame
from tui.reader.opened import load
from tui.reader.view import View, first_open

DAEMON = "Mail Delivery System <MAILER-DAEMON@mx.corp.example>"


@pytest.fixture
def sent(desk: Desk) -> OutboxEntry:
    """An answer on ticket 1 that left; the ticket is closed."""
    receive(desk)
    queued = reply(desk, TicketNumber(1), Answer(text="Your refund is on its way.", status=Status.CLOSED))
    left = replace(queued, state=OutboxState.SENT)
    desk.store.outbox.put(left)
    return left


def report(action: str, returned: str = "", *, status: str = "5.1.1", envelope: str = "", lines: str = "") -> bytes:
    """A delivery report; `returned` is the Message-ID in the returned header."""
    head = mail_from(DAEMON, "Undelivered Mail Returned to Sender", "x").decode().partition("\r\n\r\n")[0]
    copy = f"Message-ID: {returned}\r\n" if returned else "Subject: Re: Refund\r\n"
    return (
        f'{head}\r\n{lines}Content-Type: multipart/report; report-type=delivery-status; boundary="e"\r\n\r\n'
        f"--e\r\n\r\nIt could not be delivered.\r\n--e\r\nContent-Type: message/delivery-status\r\n\r\n"
        f"Reporting-MTA: dns; mx\r\n{envelope}\r\nFinal-Recipient: rfc822; dana@corp.example\r\nAction: {action}\r\n"
        f"Status: {status}\r\nDiagnostic-Code: smtp; 550 no \x1b[2J such user\r\n"
        f"--e\r\nContent-Type: text/rfc822-headers\r\n\r\n{copy}\r\n--e--\r\n"
    ).encode()


def mail(desk: Desk, sent: OutboxEntry) -> OutboxEntry:
    found = desk.store.outbox.get(sent.id)
    assert found is not None
    return found


def events(desk: Desk, *kinds: Happened) -> list[Event]:
    entries = desk.store.conversations.of(TicketNumber(1))
    return [each for each in entries if isinstance(each, Event) and each.what in kinds]


def test_a_failure_marks_the_mail_in_words_and_opens_its_ticket(desk: Desk, sent: OutboxEntry) -> None:
    taken = arrive(desk, report("failed", sent.message_id))
    assert (taken.outcome, taken.ticket, taken.automatic) == (Outcome.BOUNCE, 1, True)
    assert mail(desk, sent).state is OutboxState.BOUNCED
    why = "dana@corp.example: it was not delivered: there is no such mailbox (5.1.1)"
    assert mail(desk, sent).last_error == why
    assert desk.ticket(TicketNumber(1)).status is Status.OPEN
    [event] = events(desk, Happened.BOUNCED)
    assert event.detail == {
        "mail": str(sent.id),
        "to": "dana@corp.example",
        "status": "5.1.1",
        "why": why,
        "said": "550 no \ufffd[2J such user",
    }


def test_whose_answer_was_written_elsewhere_and_comes_back_waits_again(desk: Desk, clock: SetClock) -> None:
    asked = receive(desk, message_id="<1@corp.example>").waiting_since
    for fails in (True, False):
        clock.go_on(hours=1)
        answer = mail_from("support@acme.example", "Re: Refund", "", "In-Reply-To: <1@corp.example>")
        answer = answer.replace(b"To: support@acme.example", b"To: dana@corp.example")
        arrive(desk, answer, is_sent=True)
        ours = message_from_bytes(answer)["Message-ID"]
        arrive(desk, report("delayed", ours, status="4.4.1"))
        assert desk.ticket(TicketNumber(1)).waiting_since is None
        if fails:
            assert arrive(desk, report("failed", ours)).outcome is Outcome.BOUNCE
            ticket = desk.ticket(TicketNumber(1))
            assert (ticket.waiting_since, ticket.status, ticket.unread) == (asked, Status.OPEN, True)
            assert arrive(desk, answer, is_sent=True).outcome is Outcome.DUPLICATE
            assert desk.ticket(TicketNumber(1)).waiting_since == asked


def test_a_mail_is_known_by_its_envelope_where_nothing_was_returned(desk: Desk, sent: OutboxEntry) -> None:
    envelope = f"Original-Envelope-Id: {sent.message_id.strip('<>')}\r\n"
    assert arrive(desk, report("failed", envelope=envelope)).outcome is Outcome.BOUNCE
    assert mail(desk, sent).state is OutboxState.BOUNCED


@pytest.mark.parametrize("field", ["In-Reply-To", "References"])
def test_a_mail_is_known_by_the_ids_that_its_report_answers(desk: Desk, sent: OutboxEntry, field: str) -> None:
    assert arrive(desk, report("failed", lines=f"{field}: {sent.message_id}\r\n")).outcome is Outcome.BOUNCE
    assert mail(desk, sent).state is OutboxState.BOUNCED


def test_a_ticket_is_known_by_our_token_where_the_mail_is_not_known_any_more(desk: Desk, sent: OutboxEntry) -> None:
    token = sent.message_id.strip("<>").partition("@")[0]
    taken = arrive(desk, report("failed", f"<{token}@rewritten.example>"))
    assert (taken.outcome, taken.ticket) == (Outcome.BOUNCE, 1)
    forged = token[:-1] + ("a" if token[-1] != "a" else "b")
    assert arrive(desk, report("failed", f"<{forged}@rewritten.example>")).ticket == 2


def test_a_delay_is_told_and_is_no_failure(desk: Desk, sent: OutboxEntry) -> None:
    taken = arrive(desk, report("delayed", sent.message_id, status="4.4.1"))
    assert (taken.outcome, taken.ticket) == (Outcome.BOUNCE, 1)
    assert mail(desk, sent).state is OutboxState.SENT
    assert desk.ticket(TicketNumber(1)).status is Status.CLOSED
    [event] = events(desk, Happened.DELAYED, Happened.BOUNCED)
    assert event.what is Happened.DELAYED
    assert event.detail["why"] == (
        "dana@corp.example: it is not delivered yet, and will be tried again: "
        "the other mail system does not answer (4.4.1)"
    )


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_a_success_changes_nothing_but_is_on_the_ticket(desk: Desk, sent: OutboxEntry, action: str) -> None:
    taken = arrive(desk, report(action, sent.message_id, status="2.1.5"))
    assert (taken.outcome, taken.ticket, taken.automatic) == (Outcome.MESSAGE, 1, True)
    assert mail(desk, sent).state is OutboxState.SENT
    assert desk.ticket(TicketNumber(1)).status is Status.CLOSED


def test_a_second_recipient_that_was_not_reached_is_told_beside_the_first(desk: Desk, sent: OutboxEntry) -> None:
    arrive(desk, report("failed", sent.message_id))
    arrive(desk, report("failed", sent.message_id).replace(b"dana@", b"boss@"))
    arrive(desk, report("failed", sent.message_id).replace(b"dana@", b"boss@"))
    error = mail(desk, sent).last_error or ""
    assert error.count("dana@corp.example") == error.count("boss@corp.example") == 1


def test_a_forged_report_marks_and_does_no_more(desk: Desk, sent: OutboxEntry) -> None:
    before = desk.ticket(TicketNumber(1))
    forged = report("failed", sent.message_id).replace(b"MAILER-DAEMON@mx.corp.example", b"evil@evil.example")
    arrive(desk, forged)
    after = desk.ticket(TicketNumber(1))
    assert (after.customer, after.assignee, after.tags) == (before.customer, before.assignee, before.tags)
    assert mail(desk, sent).recipients == sent.recipients
    again = reply(desk, TicketNumber(1), Answer(text="Once more."))
    assert again.recipients == ("dana@corp.example",)


@pytest.mark.parametrize("action", ["failed", "delayed"])
def test_a_report_of_a_mail_that_we_only_got_is_on_its_ticket_and_does_nothing(
    desk: Desk, sent: OutboxEntry, action: str
) -> None:
    got = arrive(desk, mail_from("kim@corp.example"))
    assert got.ticket is not None
    [kims] = [each for each in desk.store.conversations.of(got.ticket) if isinstance(each, Message)]
    set_status(desk, got.ticket, Status.CLOSED)
    taken = arrive(desk, report(action, kims.message_id))
    assert (taken.outcome, taken.ticket, taken.automatic) == (Outcome.MESSAGE, got.ticket, True)
    assert desk.ticket(got.ticket).status is Status.CLOSED
    assert "bounced" not in desk.ticket(got.ticket).holds
    shown = desk.store.conversations.of(got.ticket)
    assert taken.entry in {each.id for each in shown}
    unwanted = (Happened.BOUNCED, Happened.DELAYED, Happened.REOPENED)
    assert not [each for each in shown if isinstance(each, Event) and each.what in unwanted]
    assert mail(desk, sent).state is OutboxState.SENT


def test_a_report_of_a_mail_that_was_written_from_our_address_with_another_program_counts(desk: Desk) -> None:
    ours = arrive(desk, mail_from("Acme Support <support@acme.example>", "Offer", "", "Cc: kim@corp.example"))
    assert ours.ticket is not None
    [sent_elsewhere] = [each for each in desk.store.conversations.of(ours.ticket) if isinstance(each, Message)]
    set_status(desk, ours.ticket, Status.CLOSED)
    assert arrive(desk, report("failed", sent_elsewhere.message_id)).outcome is Outcome.BOUNCE
    assert desk.ticket(ours.ticket).status is Status.OPEN


def test_a_mail_that_has_not_left_cannot_have_come_back(desk: Desk) -> None:
    receive(desk)
    queued = reply(desk, TicketNumber(1), Answer(text="Hello"))
    arrive(desk, report("failed", queued.message_id))
    assert mail(desk, queued).state is OutboxState.QUEUED


def test_returned_mail_in_words_marks_the_mail_too(desk: Desk, sent: OutboxEntry) -> None:
    words = (
        "Hi. This is the qmail-send program.\n\n<dana@corp.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n"
        f"--- Below this line is a copy of the message.\n\nMessage-ID: {sent.message_id}\nTo: dana@corp.example\n"
    )
    assert arrive(desk, mail_from(DAEMON, "failure notice", words)).outcome is Outcome.BOUNCE
    assert mail(desk, sent).last_error == "dana@corp.example: it was not delivered: there is no such mailbox (5.1.1)"


@pytest.mark.parametrize(
    "raw",
    [
        mail_from(DAEMON, "failure notice", "<x@y.example>: gone for good, and nothing was returned with this."),
        mail_from(
            "Postmaster@carrier.example", "メール配信エラー", "送信できませんでした x@y.example", "Return-Path: <>"
        ),
        report("failed", "<never-ours@x.example>"),
    ],
)
def test_a_mail_system_never_becomes_a_customer_who_waits(desk: Desk, raw: bytes) -> None:
    taken = arrive(desk, raw)
    assert taken.ticket is not None
    assert taken.automatic
    ticket = desk.ticket(taken.ticket)
    assert ticket.waiting_since is None
    assert ticket.customer.email == "unknown@invalid"
    [message] = [each for each in desk.store.conversations.of(ticket.number) if isinstance(each, Message)]
    assert message.automatic is not None


def test_one_mail_makes_one_customer_however_many_people_it_names(desk: Desk) -> None:
    people = ", ".join(f"p{each}@x.example" for each in range(150))
    arrive(desk, mail_from("one@x.example", "Hello all", "", f"Cc: {people}"))
    assert [each.customer.email for each in desk.store.tickets.find(EVERYTHING)] == ["one@x.example"]


@pytest.mark.parametrize("field", ["In-Reply-To", "References"])
@pytest.mark.parametrize(
    "sign",
    ["Auto-Submitted: auto-replied", "X-Autoreply: yes", "Precedence: auto_reply", "X-Auto-Response-Suppress: All"],
)
def test_an_automatic_answer_goes_on_the_ticket_and_opens_nothing(
    desk: Desk, sent: OutboxEntry, field: str, sign: str
) -> None:
    away = mail_from("dana@corp.example", "Automatic reply: away", "", sign, f"{field}: {sent.message_id}")
    taken = arrive(desk, away)
    assert (taken.outcome, taken.ticket, taken.automatic) == (Outcome.MESSAGE, 1, True)
    ticket = desk.ticket(TicketNumber(1))
    assert (ticket.status, ticket.waiting_since) == (Status.CLOSED, None)


@pytest.mark.parametrize("field", ["In-Reply-To", "References"])
@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: Refund for order 88213",
        "Out of office: Refund",
        "Abwesenheitsnotiz: Refund",
        "Réponse automatique : Refund",
        "Автоответ: Refund",
        "Автоматичен отговор: Refund",
        "Automatisk svar: Refund",
        "자동 회신: Refund",
        "Abwesend: Re: Refund for order 88213",
        "Abwesend: bis Montag im Urlaub",
        "Vacation: Re: [T-1] Refund for order 88213",
        "Auto: Refund for order 88213",
        "Auto: Re: Refund for order 88213",
        "Out of Office Re: Refund for order 88213",
        "OOO: Re: Refund for order 88213",
        "Отсутствую: Re: Refund for order 88213",
        "Отпуск: Re: Refund for order 88213",
        "Abwesenheit",
        "Out of office",
        "Out of the office.",
    ],
)
def test_a_note_of_absence_that_only_its_subject_betrays_answers_ours_and_opens_nothing(
    desk: Desk, sent: OutboxEntry, subject: str, field: str
) -> None:
    taken = arrive(desk, mail_from("dana@corp.example", subject, "", f"{field}: {sent.message_id}"))
    assert (taken.outcome, taken.ticket, taken.automatic) == (Outcome.MESSAGE, 1, True)
    assert (desk.ticket(TicketNumber(1)).status, desk.ticket(TicketNumber(1)).waiting_since) == (Status.CLOSED, None)


@pytest.mark.parametrize(
    "subject",
    [
        "Re: Out of office: Refund",
        "Re: Automatic reply: Refund",
        "Out of office chairs",
        "Out of office chairs: Refund for order 88213",
        "Re: Abwesenheit",
        "Auto: broken window",
        "Auto",
        "Vacation: which days?",
        "Urlaub",
        "Automobile: Refund for order 88213",
        "Absence of an invoice",
        "Отсутствие: счёт",
        "Re: Refund for order 88213",
    ],
)
def test_a_customers_question_about_a_note_of_absence_opens_the_ticket_again(
    desk: Desk, sent: OutboxEntry, subject: str
) -> None:
    taken = arrive(desk, mail_from("dana@corp.example", subject, "", f"In-Reply-To: {sent.message_id}"))
    assert (taken.ticket, taken.automatic) == (1, False)
    assert desk.ticket(TicketNumber(1)).status is Status.OPEN


def test_who_wrote_about_such_a_subject_and_answers_under_it_is_not_lost(desk: Desk, clock: SetClock) -> None:
    arrive(desk, mail_from("dana@corp.example", "Automatic reply: how do I set it up?"))
    sent = reply(desk, TicketNumber(1), Answer(text="So."))
    clock.go_on(hours=1)
    words = mail_from(
        "dana@corp.example", "Automatic reply: how do I set it up?", "", f"In-Reply-To: {sent.message_id}"
    )
    taken = arrive(desk, words)
    assert not taken.automatic
    assert desk.ticket(TicketNumber(1)).waiting_since == clock.now
    [message] = [each for each in desk.store.conversations.of(TicketNumber(1)) if each.id == taken.entry]
    assert isinstance(message, Message)
    assert message.facts == ("perhaps an automatic reply, by its subject",)


@pytest.mark.parametrize("subject", ["Out of office", "Abwesend: Refund", "Vacation"])
def test_who_asks_about_absence_and_answers_under_that_subject_is_not_lost(desk: Desk, subject: str) -> None:
    assert not arrive(desk, mail_from("dana@corp.example", subject)).automatic or subject.startswith("Abwesend")
    sent = reply(desk, TicketNumber(1), Answer(text="So."))
    taken = arrive(desk, mail_from("dana@corp.example", subject, "", f"In-Reply-To: {sent.message_id}"))
    assert (taken.ticket, taken.automatic) == (1, False)


def test_a_note_of_absence_that_answers_no_mail_of_ours_is_not_lost_if_a_person_wrote_it(
    desk: Desk, sent: OutboxEntry
) -> None:
    assert desk.ticket(sent.ticket).status is Status.CLOSED
    [theirs] = [each for each in desk.store.conversations.of(sent.ticket) if isinstance(each, Message)][:1]
    words = mail_from("dana@corp.example", "Automatic reply: Refund", "", f"In-Reply-To: {theirs.message_id}")
    taken = arrive(desk, words)
    assert not taken.automatic
    assert desk.ticket(TicketNumber(1)).status is Status.OPEN
    [message] = [each for each in desk.store.conversations.of(TicketNumber(1)) if each.id == taken.entry]
    assert isinstance(message, Message)
    assert message.facts == ("perhaps an automatic reply, by its subject",)


def test_a_read_receipt_is_on_the_ticket_of_the_mail_that_was_read(desk: Desk, sent: OutboxEntry) -> None:
    head = mail_from("dana@corp.example", "Read: Refund", "x").decode().partition("\r\n\r\n")[0]
    receipt = (
        f'{head}\r\nContent-Type: multipart/report; report-type=disposition-notification; boundary="e"\r\n\r\n'
        "--e\r\n\r\nIt was read.\r\n--e\r\nContent-Type: message/disposition-notification\r\n\r\n"
        f"Original-Message-ID: {sent.message_id}\r\nDisposition: manual-action; displayed\r\n--e--\r\n"
    )
    taken = arrive(desk, receipt.encode())
    assert (taken.outcome, taken.ticket, taken.automatic) == (Outcome.MESSAGE, 1, True)
    assert desk.ticket(TicketNumber(1)).status is Status.CLOSED


def test_automatic_mail_is_folded_with_why_and_opens(desk: Desk, clock: SetClock, sent: OutboxEntry) -> None:
    taken = arrive(desk, report("failed", sent.message_id))
    opened, frame = load(desk, TicketNumber(1)), Frame(170, clock(), UTC)
    assert taken.entry not in first_open(opened)
    folded = [each.text for each in Conversation().lines(opened, View(entries=first_open(opened)), frame)]
    [line] = [each for each in folded if "Mail Delivery System" in each]
    assert "automatic: dana@corp.example: it was not delivered: there is no such mailbox (5.1.1)" in line
    everything = frozenset(each.id for each in opened.entries)
    unfolded = [each.text for each in Conversation().lines(opened, View(entries=everything), frame)]
    assert any("It could not be delivered." in each for each in unfolded)


def test_a_ticket_of_nothing_but_automatic_mail_shows_it(desk: Desk) -> None:
    taken = arrive(desk, mail_from("news@shop.example", "News", "", "Precedence: bulk"))
    assert taken.ticket is not None
    assert first_open(load(desk, taken.ticket)) == {taken.entry or EntryId(0)}


def test_a_closed_ticket_stays_so_whatever_machines_say(desk: Desk, sent: OutboxEntry) -> None:
    set_status(desk, TicketNumber(1), Status.SPAM)
    arrive(desk, report("failed", sent.message_id))
    assert desk.ticket(TicketNumber(1)).status is Status.SPAM


@pytest.mark.parametrize(
    ("delivery", "words"),
    [
        (Delivery("a@b.c", Action.FAILED, "5.2.2"), "a@b.c: it was not delivered: the mailbox is full (5.2.2)"),
        (Delivery("", Action.FAILED, "5.9.9"), "a recipient: it was not delivered (5.9.9)"),
        (Delivery("a@b.c", Action.FAILED), "a@b.c: it was not delivered"),
        (Delivery("a@b.c", Action.DELIVERED, "2.1.5"), "a@b.c: it was delivered (2.1.5)"),
    ],
)
def test_a_code_is_told_in_words(delivery: Delivery, words: str) -> None:
    assert in_words(delivery) == words


def test_of_several_recipients_the_worst_off_counts() -> None:
    fine, late, gone = (Delivery("x", each) for each in (Action.DELIVERED, Action.DELAYED, Action.FAILED))
    assert worst((fine, late, gone)) is Action.FAILED
    assert worst((fine, late)) is Action.DELAYED
    assert worst((fine,)) is None
    assert worst(()) is None
