from __future__ import annotations

from dataclasses import replace

import pytest

from desk.actions.reply import reply
from desk.actions.status import set_status
from desk.conversation import Event, Happened, Message
from desk.desk import Desk
from desk.expression import EVERYTHING
from desk.incoming import Fetched, Incoming, Outcome, Place
from desk.intake import take_in
from desk.outgoing import Answer, OutboxState
from desk.people import Address
from desk.ticket import Status, TicketNumber
from mail.parse import parse
from tests.desks import DANA, SUPPORT, SetClock, receive


def texts(desk: Desk, number: TicketNumber) -> list[str]:
    entries = desk.store.conversations.of(number)
    return [each.text for each in entries if isinstance(each, Message)]


def test_a_mail_becomes_a_ticket_that_waits_since_it_arrived(desk: Desk, clock: SetClock) -> None:
    arrived = clock.now
    clock.go_on(hours=2)
    ticket = receive(desk, subject="Rechnung", received=arrived)
    assert (ticket.number, ticket.subject, ticket.status, ticket.waiting_since) == (1, "Rechnung", "open", arrived)
    assert ticket.customer == Address("dana@corp.example", "Dana Petrova")


def test_a_follow_up_lands_on_the_same_ticket(desk: Desk) -> None:
    first = receive(desk, message_id="<1@corp.example>")
    again = receive(desk, subject="Re: Refund for order 88213", text="and?", answers=("<1@corp.example>",))
    assert again.number == first.number
    assert again.message_count == 2


def test_an_answer_to_our_reply_lands_on_the_same_ticket_and_opens_it(desk: Desk) -> None:
    ticket = receive(desk)
    entry = reply(desk, ticket.number, Answer(text="Done.", status=Status.CLOSED))
    again = receive(desk, subject="AW: something else", text="Thanks, but", answers=(entry.message_id,))
    assert (again.number, again.status) == (ticket.number, "open")
    last = [each for each in desk.store.conversations.of(ticket.number) if isinstance(each, Event)][-1]
    assert (last.what, last.author) == (Happened.REOPENED, None)


def test_references_alone_need_the_same_subject(desk: Desk) -> None:
    first = receive(desk, message_id="<1@corp.example>")
    same = receive(desk, subject="RE: refund for order 88213", text="b", references=("<1@corp.example>",))
    other = receive(desk, subject="A new question", text="c", references=("<1@corp.example>",))
    assert same.number == first.number
    assert other.number != first.number


def test_somebody_who_answers_the_customers_mail_is_on_the_same_ticket(desk: Desk) -> None:
    first = receive(desk, message_id="<1@corp.example>", answers=("<never-seen@corp.example>",))
    boss = receive(desk, sender=Address("boss@corp.example"), text="me too", answers=("<1@corp.example>",))
    sibling = receive(desk, text="another branch", answers=("<never-seen@corp.example>",))
    assert boss.number == sibling.number == first.number


def test_the_same_mail_at_two_places_is_one_message(desk: Desk) -> None:
    first = receive(desk, message_id="<1@corp.example>", uid=501)
    again = receive(desk, message_id="<1@corp.example>", uid=502)
    assert (again.number, again.message_count) == (first.number, 1)


def test_one_message_id_with_other_words_is_another_mail(desk: Desk) -> None:
    receive(desk, message_id="<1@corp.example>", text="parcel 1", subject="Parcel 1")
    receive(desk, message_id="<1@corp.example>", text="parcel 2", subject="Parcel 2")
    assert desk.store.tickets.count(EVERYTHING) == 2


def test_a_place_is_taken_in_once(desk: Desk) -> None:
    mail = Fetched(Place("support", "INBOX", 7, 1), b"x", desk.clock())
    read = Incoming(message_id="<a@b>", sender=Address("a@b"), digest="d")
    first = take_in(desk, mail, read, desk.blobs.put(b"x"))
    assert first is not None
    assert first.outcome is Outcome.TICKET
    assert take_in(desk, mail, read, desk.blobs.put(b"x")) is None
    assert desk.store.tickets.count(EVERYTHING) == 1


def test_automatic_mail_waits_for_nothing_and_opens_nothing(desk: Desk) -> None:
    ticket = receive(desk, message_id="<1@corp.example>")
    entry = reply(desk, ticket.number, Answer(text="Done.", status=Status.CLOSED))
    after = receive(desk, text="I am away", answers=(entry.message_id,), automatic="auto-replied")
    assert (after.number, after.status, after.waiting_since) == (ticket.number, "closed", None)
    newsletter = receive(desk, subject="News", text="buy", automatic="mailing list")
    assert (newsletter.waiting_since, newsletter.unread) == (None, True)


@pytest.mark.parametrize("status", [Status.CLOSED, Status.WAITING])
def test_a_customers_mail_opens_a_ticket_again(desk: Desk, status: Status) -> None:
    ticket = receive(desk, message_id="<1@corp.example>")
    set_status(desk, ticket.number, status)
    assert receive(desk, text="b", answers=("<1@corp.example>",)).status == "open"


def test_spam_stays_spam(desk: Desk) -> None:
    ticket = receive(desk, message_id="<1@corp.example>")
    set_status(desk, ticket.number, Status.SPAM)
    assert receive(desk, text="b", answers=("<1@corp.example>",)).status == "spam"


def test_a_bounce_marks_the_mail_it_is_about(desk: Desk) -> None:
    ticket = receive(desk)
    entry = reply(desk, ticket.number, Answer(text="Done.", status=Status.CLOSED))
    desk.store.outbox.put(replace(entry, state=OutboxState.SENT))
    postman = Address("mailer-daemon@mx.example")
    after = receive(desk, sender=postman, text="returned", automatic="bounce", bounce_of=(entry.message_id,))
    bounced = desk.store.outbox.get(entry.id)
    assert bounced is not None
    assert bounced.state is OutboxState.BOUNCED
    assert (after.number, after.status) == (ticket.number, "open")
    assert {"bounced", "undelivered"} <= set(after.holds)


def test_a_mail_without_subject_or_sender_is_a_ticket_all_the_same(desk: Desk) -> None:
    ticket = receive(desk, subject="", sender=Address("", "Ann"), text="", defects=("the sender is missing",))
    assert ticket.subject == "(no subject)"
    assert ticket.customer == Address("unknown@invalid", "Ann")
    assert ticket.defects == ("the sender is missing",)


def test_the_newest_words_of_the_customer_are_kept_whole(desk: Desk) -> None:
    text = "> you wrote\n" * 50 + "Yes.\n-- \nDana"
    ticket = receive(desk, text=text, to=(SUPPORT,))
    assert texts(desk, ticket.number) == [text]


def test_an_answer_waits_though_the_mail_servers_clock_is_behind(desk: Desk, clock: SetClock) -> None:
    ticket = receive(desk)
    early = clock.now
    clock.go_on(minutes=5)
    entry = reply(desk, ticket.number, Answer(text="Done."))
    assert receive(desk, text="no", answers=(entry.message_id,), received=early).waiting_since == early


def test_a_customer_waits_since_the_older_of_two_mails_though_it_is_found_later(desk: Desk, clock: SetClock) -> None:
    first = clock.now
    clock.go_on(hours=1)
    receive(desk, message_id="<2@corp.example>", answers=("<1@corp.example>",), text="Well?")
    ticket = receive(desk, message_id="<1@corp.example>", received=first)
    assert (ticket.message_count, ticket.waiting_since) == (2, first)


def test_our_own_mail_come_back_as_a_copy_is_no_new_message(desk: Desk) -> None:
    ticket = receive(desk)
    entry = reply(desk, ticket.number, Answer(text="Done."))
    copy = receive(desk, sender=SUPPORT, text="Done.", message_id=entry.message_id)
    assert (copy.number, copy.message_count) == (ticket.number, 2)


def test_a_stranger_who_uses_our_message_id_is_not_taken_for_us(desk: Desk) -> None:
    ticket = receive(desk)
    entry = reply(desk, ticket.number, Answer(text="Done."))
    other = receive(desk, text="please read this", subject="Other", message_id=entry.message_id)
    assert "please read this" in texts(desk, other.number)


def test_two_strangers_who_answer_a_mail_we_never_held_are_kept_apart(desk: Desk) -> None:
    ann, bob = Address("ann@a.example"), Address("bob@b.example")
    first = receive(desk, sender=ann, text="please cancel", answers=("<news@x.example>",))
    second = receive(desk, sender=bob, text="how much is it?", answers=("<news@x.example>",))
    again = receive(desk, sender=ann, text="and refund me", answers=("<news@x.example>",))
    assert second.number != first.number == again.number


def test_a_stranger_does_not_vanish_into_a_spam_ticket(desk: Desk) -> None:
    spam = receive(desk, message_id="<s@x.example>", sender=Address("spam@x.example"))
    set_status(desk, spam.number, Status.SPAM)
    other = receive(desk, sender=DANA, text="who is this?", answers=("<s@x.example>",))
    assert other.number != spam.number


def test_mails_that_differ_in_their_files_are_two(desk: Desk) -> None:
    def mail(name: bytes) -> Incoming:
        text = b"Content-Type: text/plain\r\n\r\nYour invoice\r\n"
        file = b"Content-Type: application/pdf\r\nContent-Disposition: attachment\r\n\r\n" + name + b"\r\n"
        head = b"From: scan@x.example\r\nDate: Fri, 20 Nov 2026 09:12:00 +0000\r\nMessage-ID: <same@x>\r\n"
        kind = b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        return parse(head + kind + b"--b\r\n" + text + b"--b\r\n" + file + b"--b--\r\n")

    assert mail(b"one").digest != mail(b"two").digest
    assert mail(b"one").digest == mail(b"one").digest


def test_the_same_bytes_are_one_mail_however_they_could_be_read(desk: Desk) -> None:
    place, again = Place("support", "INBOX", 1, 900), Place("support", "INBOX", 2, 1)
    raw = desk.blobs.put(b"x")
    hurt = Incoming(message_id="<a@b>", sender=DANA, digest="of the head", defects=("too slow",))
    whole = replace(hurt, digest="of all", defects=())
    take_in(desk, Fetched(place, b"x", desk.clock()), hurt, raw)
    taken = take_in(desk, Fetched(again, b"x", desk.clock()), whole, raw)
    assert taken is not None
    assert taken.outcome is Outcome.DUPLICATE


def test_a_mail_under_our_own_id_does_not_draw_the_customer_away(desk: Desk) -> None:
    ticket = receive(desk)
    entry = reply(desk, ticket.number, Answer(text="Done."))
    mallory = Address("mallory@x.example")
    other = receive(desk, sender=mallory, subject="Mine", text="hi", message_id=entry.message_id)
    back = receive(desk, text="thank you", answers=(entry.message_id,))
    assert (back.number, other.number) == (ticket.number, ticket.number + 1)


def test_a_colleagues_answer_from_a_telephone_opens_and_waits_for_nothing(desk: Desk) -> None:
    ticket = receive(desk, message_id="<1@corp.example>")
    set_status(desk, ticket.number, Status.CLOSED)
    after = receive(desk, sender=SUPPORT, text="I told her by phone", answers=("<1@corp.example>",))
    assert (after.number, after.status, after.waiting_since) == (ticket.number, "closed", None)


def test_a_contact_form_writes_for_the_customer_it_names(desk: Desk) -> None:
    form = receive(desk, sender=SUPPORT, subject="Contact form", reply_to=(DANA,))
    assert form.customer == DANA
    assert form.waiting_since is not None
    noreply = Address("noreply@forms.example")
    machine = receive(
        desk, sender=noreply, subject="Form 2", text="b", reply_to=(DANA,), automatic="noreply", is_doubtful=True
    )
    assert (machine.customer, machine.waiting_since is not None) == (DANA, True)


def test_a_person_who_answers_through_a_mailing_list_opens_the_ticket(desk: Desk) -> None:
    ticket = receive(desk, message_id="<1@corp.example>")
    set_status(desk, ticket.number, Status.CLOSED)
    after = receive(desk, text="no", answers=("<1@corp.example>",), automatic="over a list", is_doubtful=True)
    assert (after.status, after.waiting_since is not None) == ("open", True)


def test_closing_settles_what_waited_and_opening_again_does_not(desk: Desk, clock: SetClock) -> None:
    ticket = receive(desk, message_id="<1@corp.example>", text="Thanks!")
    assert set_status(desk, ticket.number, Status.CLOSED).waiting_since is None
    clock.go_on(days=2)
    later = receive(desk, text="A new question", answers=("<1@corp.example>",))
    assert later.waiting_since == clock.now
    set_status(desk, ticket.number, Status.CLOSED)
    assert set_status(desk, ticket.number, Status.OPEN).waiting_since == clock.now


def test_a_bounced_answer_leaves_the_customer_waiting(desk: Desk) -> None:
    ticket = receive(desk)
    entry = reply(desk, ticket.number, Answer(text="Done."))
    desk.store.outbox.put(replace(entry, state=OutboxState.SENT))
    postman = Address("mailer-daemon@mx.example")
    after = receive(desk, sender=postman, text="returned", automatic="bounce", bounce_of=(entry.message_id,))
    assert after.waiting_since == ticket.waiting_since
