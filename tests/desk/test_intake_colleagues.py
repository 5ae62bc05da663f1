"""Mail that a colleague writes from their own address, with a copy to the desk, is no customer's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desk.actions.status import set_status
from desk.conversation import Direction, Event, Happened, Message
from desk.desk import Desk
from desk.incoming import Outcome
from desk.letters import recipients
from desk.people import Address
from desk.ticket import Status, TicketNumber
from mail.parse import parse
from tests.desk.arriving import arrive
from tests.desks import DANA, SetClock, receive
from tests.mail.mails import mail, multipart, part

ONE = TicketNumber(1)
TO_DANA = {"to": "dana@corp.example", "cc": "support@acme.example"}
TO_US = {"to": "support@acme.example", "cc": "supplier@parts.example"}


def by_bo(to: dict[str, str], name: str = "b", answers: str = "<1@corp.example>") -> bytes:
    fields = {"from": "Bo Lind <bo@acme.example>", "subject": "Re: Refund", "message_id": f"<{name}@bo>", **to}
    return mail(f"In-Reply-To: {answers}", body=f"Done, {name}.", **fields)


@pytest.fixture
def asked(asked: Desk, clock: SetClock) -> Desk:
    """The same an hour ago, read by somebody."""
    asked.store.tickets.put(replace(asked.ticket(ONE), unread=False))
    clock.go_on(hours=1)
    return asked


def mails(desk: Desk) -> list[Message]:
    return [each for each in desk.store.conversations.of(ONE) if isinstance(each, Message)]


def events(desk: Desk) -> list[Happened]:
    return [each.what for each in desk.store.conversations.of(ONE) if isinstance(each, Event)]


def test_one_that_went_to_the_customer_is_an_answer_of_theirs(asked: Desk) -> None:
    taken = arrive(asked, by_bo(TO_DANA))
    [_, answer] = mails(asked)
    assert (taken.outcome, taken.ticket, taken.entry) == (Outcome.MESSAGE, ONE, answer.id)
    assert (answer.direction, answer.author, answer.automatic) == (Direction.OUT, "bo", None)
    assert asked.ticket(ONE).waiting_since is None
    assert events(asked) == [Happened.CREATED, Happened.FOUND_SENT]


def test_one_to_the_desk_alone_is_there_to_be_read_and_changes_nothing(asked: Desk) -> None:
    before = asked.ticket(ONE)
    arrive(asked, by_bo(TO_US))
    [_, words] = mails(asked)
    after = asked.ticket(ONE)
    assert (words.direction, words.automatic) == (Direction.IN, "a colleague wrote it")
    assert (after.waiting_since, after.status, after.unread) == (before.waiting_since, Status.OPEN, True)
    assert events(asked) == [Happened.CREATED]
    assert recipients(asked, ONE) == ((DANA,), ())


@pytest.mark.parametrize("to", [TO_DANA, TO_US])
@pytest.mark.parametrize("days", [1, 300])
def test_neither_opens_a_closed_ticket_nor_a_new_one(
    asked: Desk, clock: SetClock, to: dict[str, str], days: int
) -> None:
    set_status(asked, ONE, Status.CLOSED)
    clock.go_on(days=days)
    assert arrive(asked, by_bo(to)).ticket == ONE
    assert (asked.ticket(ONE).status, asked.ticket(ONE).waiting_since) == (Status.CLOSED, None)
    assert Happened.REOPENED not in events(asked)
    assert Happened.NEWCOMER not in events(asked)


@pytest.mark.parametrize(
    ("subject", "inner", "status"),
    [
        ("Fwd: Refund", "dana@corp.example", Status.OPEN),
        ("Re: Refund", "dana@corp.example", Status.CLOSED),
        ("Fwd: Refund", "ana@acme.example", Status.CLOSED),
    ],
)
def test_what_they_pass_on_of_somebody_outside_opens_the_ticket_again(
    asked: Desk, subject: str, inner: str, status: Status
) -> None:
    set_status(asked, ONE, Status.CLOSED)
    passed_on = part("message/rfc822", f"From: {inner}\n\nIt broke again")
    fields = {"from": "bo@acme.example", "subject": subject, "message_id": "<f@bo>"}
    arrive(asked, multipart("mixed", passed_on, header=("In-Reply-To: <1@corp.example>",), **fields))
    assert (asked.ticket(ONE).status, asked.ticket(ONE).unread) == (status, True)
    assert recipients(asked, ONE) == ((DANA,), ())


@pytest.mark.parametrize("to", [TO_DANA, TO_US])
@pytest.mark.parametrize("order", [(True, False), (False, True)])
def test_in_the_folder_of_sent_mail_too_it_is_there_once_and_the_same(
    asked: Desk, to: dict[str, str], order: tuple[bool, bool]
) -> None:
    outcomes = [arrive(asked, by_bo(to), is_sent=each).outcome for each in order]
    assert outcomes == [Outcome.MESSAGE, Outcome.DUPLICATE]
    [_, words] = mails(asked)
    assert (words.direction is Direction.OUT, asked.ticket(ONE).waiting_since is None) == (to is TO_DANA, to is TO_DANA)


def test_one_who_is_the_customer_is_answered_as_any_other(desk: Desk, clock: SetClock) -> None:
    receive(desk, sender=Address("bo@acme.example"), message_id="<1@corp.example>")
    set_status(desk, ONE, Status.CLOSED)
    clock.go_on(hours=1)
    arrive(desk, by_bo(TO_US))
    assert (desk.ticket(ONE).status, desk.ticket(ONE).waiting_since) == (Status.OPEN, clock.now)


def test_who_forwarded_a_mail_and_answers_it_too_has_answered(desk: Desk, clock: SetClock) -> None:
    inner = part("message/rfc822", "From: Dana Petrova <dana@corp.example>\n\nHello")
    forwarded = multipart("mixed", inner, message_id="<f@bo>").replace(b"Ann Example <ann@customer", b"<bo@acme")
    assert parse(forwarded).forwarded == (DANA,)
    arrive(desk, forwarded)
    clock.go_on(hours=1)
    arrive(desk, by_bo(TO_DANA, answers="<f@bo>"))
    assert mails(desk)[1].direction is Direction.OUT
    assert desk.ticket(ONE).waiting_since is None


def first_by_bo(to: str, cc: str = "", *more: str, subject: str = "Your new contract") -> bytes:
    copies = (f"Cc: {cc}",) if cc else ()
    fields = {"from": "Bo Lind <bo@acme.example>", "to": to, "subject": subject, "message_id": "<first@bo>"}
    return mail(*copies, *more, body="Here is what we offer.", **fields)


@pytest.mark.parametrize(
    ("to", "cc", "customer"),
    [
        ("Dana Petrova <dana@corp.example>", "support@acme.example", "dana@corp.example"),
        ("dana@corp.example", "", "dana@corp.example"),
        ("support@acme.example", "dana@corp.example", "dana@corp.example"),
        ("ana@acme.example, dana@corp.example, leo@corp.example", "support@acme.example", "dana@corp.example"),
        ("dana@corp.example", "support@acme.example, leo@corp.example", "dana@corp.example"),
        ("support@acme.example", "ana@acme.example", "bo@acme.example"),
        ("support@acme.example", "leo@corp.example, dana@corp.example", "bo@acme.example"),
    ],
)
def test_a_first_mail_of_theirs_is_the_matter_of_whom_outside_they_wrote_to(
    desk: Desk, to: str, cc: str, customer: str
) -> None:
    taken = arrive(desk, first_by_bo(to, cc))
    ticket, [first] = desk.ticket(ONE), mails(desk)
    is_ours = customer != "bo@acme.example"
    assert (taken.outcome, ticket.customer.email, ticket.proposed_customer) == (Outcome.TICKET, customer, None)
    assert (first.direction is Direction.OUT, ticket.waiting_since is None) == (is_ours, is_ours)
    assert first.author == ("bo" if is_ours else None)


@pytest.mark.parametrize("to", ["support@acme.example", "dana@corp.example"])
def test_a_customer_whom_they_hand_over_to_the_desk_is_to_be_read(desk: Desk, to: str) -> None:
    others = {"support@acme.example", "dana@corp.example"} - {to}
    arrive(desk, first_by_bo(to, *others))
    assert desk.ticket(ONE).customer.email == "dana@corp.example"
    assert desk.ticket(ONE).unread == (to == "support@acme.example")


def test_what_the_customer_answers_to_their_first_mail_waits_until_they_answer_it(desk: Desk, clock: SetClock) -> None:
    arrive(desk, first_by_bo("dana@corp.example", "support@acme.example"))
    clock.go_on(hours=1)
    to = {"to": "bo@acme.example", "cc": "support@acme.example", "from": "dana@corp.example", "message_id": "<2@dana>"}
    arrive(desk, mail("In-Reply-To: <first@bo>", body="I take it", subject="Re: Your new contract", **to))
    assert (len(mails(desk)), desk.ticket(ONE).waiting_since) == (2, clock.now)
    assert recipients(desk, ONE)[0] == (Address("dana@corp.example"),)
    clock.go_on(hours=1)
    arrive(desk, by_bo(TO_DANA, answers="<2@dana>"))
    assert [each.direction for each in mails(desk)] == [Direction.OUT, Direction.IN, Direction.OUT]
    assert desk.ticket(ONE).waiting_since is None


def test_a_mail_that_they_forward_to_a_supplier_is_the_matter_of_who_wrote_it(desk: Desk) -> None:
    inner = part("message/rfc822", "From: Dana Petrova <dana@corp.example>\n\nIt broke")
    fields = {"from": "bo@acme.example", "to": "supplier@parts.example", "subject": "Fwd: Refund"}
    arrive(desk, multipart("mixed", inner, header=("Cc: support@acme.example",), **fields))
    assert desk.ticket(ONE).proposed_customer == DANA


def test_their_note_of_absence_to_somebody_outside_is_nobodys_matter_but_a_machines(desk: Desk) -> None:
    arrive(desk, first_by_bo("dana@corp.example", "support@acme.example", "Auto-Submitted: auto-replied"))
    assert (desk.ticket(ONE).customer.email, desk.ticket(ONE).waiting_since) == ("bo@acme.example", None)
