"""What somebody filled in on a web page is their matter, whichever machine sends it."""

from __future__ import annotations

from desk.desk import Desk
from tests.desk.arriving import arrive, mail_from

FORM = ("noreply@forms.example", "New enquiry", "")
GENERATED = "Auto-Submitted: auto-generated"


def test_the_visitor_is_the_customer_though_a_machine_says_that_it_sent_the_form(desk: Desk) -> None:
    taken = arrive(desk, mail_from(*FORM, GENERATED, "Reply-To: Vera <vera@web.example>"))
    assert taken.ticket is not None
    assert not taken.automatic
    ticket = desk.ticket(taken.ticket)
    assert (ticket.customer.email, ticket.waiting_since) == ("vera@web.example", ticket.created)


def test_a_machine_that_asks_to_be_answered_at_our_own_address_is_no_customer_who_waits(desk: Desk) -> None:
    taken = arrive(desk, mail_from(*FORM, GENERATED, "Reply-To: support@acme.example"))
    assert taken.ticket is not None
    assert (taken.automatic, desk.ticket(taken.ticket).waiting_since) == (True, None)
