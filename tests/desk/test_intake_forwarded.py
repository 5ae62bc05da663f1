"""Mail that a colleague forwards to the desk: who wrote what is in it is proposed as the customer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desk.actions.redo import redo
from desk.actions.set_customer import confirm_customer, set_customer
from desk.actions.undo import undo
from desk.conversation import Event, Happened
from desk.desk import Desk
from desk.errors import RefusedError, UndoTooLate
from desk.letters import recipients
from desk.people import Address
from desk.ticket import TicketNumber
from tests.desk.arriving import arrive
from tests.desks import DANA, SUPPORT, receive
from tests.mail.mails import multipart, part

ONE = TicketNumber(1)
FORWARD = part("text/plain", "see below"), part("message/rfc822", "From: Dana Petrova <dana@corp.example>\n\nHello")


def by(sender: str, raw: bytes) -> bytes:
    return raw.replace(b"From: Ann Example <ann@customer.example>", f"From: {sender}".encode(), 1)


def forwarded(desk: Desk, sender: str = "Bo Lind <bo@acme.example>") -> TicketNumber:
    raw = by(sender, multipart("mixed", *FORWARD, message_id="<f@x>"))
    number = arrive(desk, raw).ticket
    assert number is not None
    return number


class TestForwarded:
    def test_what_a_colleague_forwards_proposes_who_wrote_it(self, desk: Desk) -> None:
        ticket = desk.ticket(forwarded(desk))
        assert (ticket.customer.email, ticket.proposed_customer) == ("bo@acme.example", DANA)

    @pytest.mark.parametrize("sender", ["Kim <kim@corp.example>", "Dana <dana@corp.example>"])
    def test_what_customers_forward_proposes_nobody(self, desk: Desk, sender: str) -> None:
        assert desk.ticket(forwarded(desk, sender)).proposed_customer is None

    @pytest.mark.parametrize("inner", ["support@acme.example", "ana@acme.example", "nobody"])
    def test_nobody_of_ours_is_proposed(self, desk: Desk, inner: str) -> None:
        arrive(desk, by("bo@acme.example", multipart("mixed", part("message/rfc822", f"From: {inner}\n\nHello"))))
        assert desk.ticket(ONE).proposed_customer is None

    def test_of_two_nobody_is_proposed(self, desk: Desk) -> None:
        inner = [part("message/rfc822", f"From: {each}@corp.example\n\nHello") for each in ("dana", "kim")]
        arrive(desk, by("bo@acme.example", multipart("mixed", *inner)))
        assert desk.ticket(ONE).proposed_customer is None

    def test_an_agent_confirms_it_and_answers_go_to_the_customer(self, desk: Desk) -> None:
        number = forwarded(desk)
        assert recipients(desk, number)[0] == (Address("bo@acme.example", "Bo Lind"),)
        after = confirm_customer(desk, number)
        assert (after.customer, after.proposed_customer) == (DANA, None)
        assert recipients(desk, number) == ((DANA,), ())
        with pytest.raises(RefusedError, match="nobody is proposed"):
            confirm_customer(desk, number)

    def test_it_can_be_undone_and_done_again(self, desk: Desk) -> None:
        before = desk.ticket(forwarded(desk))
        confirm_customer(desk, before.number)
        undo(desk)
        back = desk.ticket(before.number)
        assert (back.customer, back.proposed_customer) == (before.customer, DANA)
        redo(desk)
        assert desk.ticket(before.number).customer == DANA

    def test_it_is_too_late_once_somebody_set_another(self, desk: Desk) -> None:
        number = forwarded(desk)
        set_customer(desk, number, Address("kim@corp.example"))
        ticket = desk.ticket(number)
        desk.store.tickets.put(replace(ticket, customer=DANA))
        with pytest.raises(UndoTooLate, match="changed again since"):
            undo(desk)

    def test_our_own_address_is_nobodys_customer(self, desk: Desk) -> None:
        with pytest.raises(RefusedError, match="an address of this desk"):
            set_customer(desk, forwarded(desk), SUPPORT)

    def test_a_customer_who_writes_herself_is_answered_as_before(self, desk: Desk) -> None:
        number = confirm_customer(desk, forwarded(desk)).number
        kim = Address("kim@corp.example", "Kim")
        receive(desk, sender=kim, subject="Re: Order", answers=("<f@x>",))
        assert recipients(desk, number)[0] == (kim,)
        assert Happened.NEWCOMER in [
            each.what for each in desk.store.conversations.of(number) if isinstance(each, Event)
        ]
