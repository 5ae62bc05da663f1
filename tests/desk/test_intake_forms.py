"""What somebody filled in on a web page is their matter, whichever machine sends it."""

from __future__ import annotations

import pytest

from desk.actions.merge import merge
from desk.actions.split import split
from desk.conversation import Message
from desk.desk import Desk
from desk.ticket import TicketNumber
from tests.desk.arriving import arrive, mail_from

FORM = ("noreply@forms.example", "New enquiry", "")
GENERATED = "Auto-Submitted: auto-generated"


def test_the_visitor_is_the_customer_though_a_machine_says_that_it_sent_the_form(desk: Desk) -> None:
    taken = arrive(desk, mail_from(*FORM, GENERATED, "Reply-To: Vera <vera@web.example>"))
    assert taken.ticket is not None
    assert not taken.automatic
    ticket = desk.ticket(taken.ticket)
    assert (ticket.customer.email, ticket.waiting_since) == ("vera@web.example", ticket.created)


@pytest.mark.parametrize("sender", ["WordPress <wordpress@shop.example>", "mailer@shop.example", "web@acme.example"])
def test_the_visitor_is_the_customer_of_a_web_page_that_sends_as_itself(desk: Desk, sender: str) -> None:
    arrive(desk, mail_from(sender, "New enquiry", "", "Reply-To: Vera <vera@web.example>"))
    arrive(desk, mail_from(sender, "New enquiry", "", "Reply-To: Leo <leo@partner.example>"))
    tickets = [desk.ticket(TicketNumber(each)) for each in (1, 2)]
    assert [each.customer.email for each in tickets] == ["vera@web.example", "leo@partner.example"]
    assert all(each.waiting_since for each in tickets)


def test_a_machine_that_asks_to_be_answered_at_our_own_address_is_no_customer_who_waits(desk: Desk) -> None:
    taken = arrive(desk, mail_from(*FORM, GENERATED, "Reply-To: support@acme.example"))
    assert taken.ticket is not None
    assert (taken.automatic, desk.ticket(taken.ticket).waiting_since) == (True, None)


@pytest.mark.parametrize("sender", ["noreply@forms.example", "support@acme.example"])
def test_the_visitor_is_the_customer_of_a_form_that_is_split_off_too(desk: Desk, sender: str) -> None:
    one, two = TicketNumber(1), TicketNumber(2)
    arrive(desk, mail_from("leo@partner.example"))
    arrive(desk, mail_from(sender, "New enquiry", "", "Reply-To: Vera <vera@web.example>"))
    merge(desk, [two], one)
    form = next(
        each.id
        for each in desk.store.conversations.of(one)
        if isinstance(each, Message) and each.sender.email == sender
    )
    assert split(desk, one, form).ticket.customer.email == "vera@web.example"


def test_who_is_split_off_and_asks_for_answers_elsewhere_stays_the_customer(desk: Desk) -> None:
    one, two = TicketNumber(1), TicketNumber(2)
    arrive(desk, mail_from("leo@partner.example"))
    arrive(desk, mail_from("vera@work.example", "Question", "", "Reply-To: vera@home.example"))
    merge(desk, [two], one)
    [_, hers] = [each for each in desk.store.conversations.of(one) if isinstance(each, Message)]
    assert split(desk, one, hers.id).ticket.customer.email == "vera@work.example"
