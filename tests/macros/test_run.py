from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from desk.actions.edit_customer import edit_customer
from desk.actions.tag import tag
from desk.desk import Desk
from desk.errors import NoSuchTicket, RefusedError
from desk.people import Address
from desk.profiles import ProfileField
from desk.ticket import TicketNumber
from macros.facts import FIELDS, MAX_PREVIOUS, facts_for
from macros.library import Library
from macros.run import prepare
from tests.desks import SetClock, make_desk, receive

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = make_desk(tmp_path, clock=SetClock(NOW))
    yield desk
    desk.store.close()


def test_facts_tell_what_the_desk_knows_of_a_ticket(desk: Desk) -> None:
    ticket = receive(desk, subject="Refund", text="Where is it?")
    tag(desk, ticket.number, ["billing"])
    facts = facts_for(desk, ticket.number, now=NOW)
    assert facts.ticket["number"] == ticket.number
    assert facts.ticket["tags"] == ("billing",)
    told = {"name": "Dana Petrova", "first_name": "Dana", "email": "dana@corp.example", "company": "", "language": ""}
    assert facts.customer == told
    assert (facts.agent["handle"], facts.agent["first_name"]) == ("ana", "Ana")
    assert facts.mailbox == {"name": "Acme Support", "address": "support@acme.example"}
    assert facts.last_message == {"text": "Where is it?", "subject": "Refund", "date": "2026-11-20"}
    assert facts.previous_tickets == ()
    assert facts.now == {"date": "2026-11-20", "time": "09:00", "weekday": "Friday", "year": 2026}


def test_facts_tell_what_agents_said_of_a_customer_and_no_guess(desk: Desk) -> None:
    text = "Hello, I returned the printer on Monday and it is not the one that I have asked for."
    ticket = receive(desk, text=text)
    assert facts_for(desk, ticket.number, now=NOW).customer["company"] == ""
    said = {ProfileField.NAME: "Dana Ivanova", ProfileField.COMPANY: "Corp ⟦Ltd⟧", ProfileField.LANGUAGE: "bg"}
    edit_customer(desk, "dana@corp.example", said)
    customer = facts_for(desk, ticket.number, now=NOW).customer
    assert (customer["name"], customer["company"], customer["language"]) == ("Dana Ivanova", "Corp [Ltd]", "bg")


def test_every_documented_fact_is_told_and_no_other(desk: Desk) -> None:
    receive(desk, subject="First")
    ticket = receive(desk, subject="Second")
    values = facts_for(desk, ticket.number, now=NOW).values()
    told = {
        f"{group}.{name}"
        for group, value in values.items()
        for name in (value[0] if isinstance(value, tuple) else value)
    }
    assert told == set(FIELDS)


def test_days_are_told_in_the_zone_of_now(desk: Desk) -> None:
    ticket = receive(desk, received=datetime(2026, 11, 19, 23, 30, tzinfo=UTC))
    sofia = timezone(timedelta(hours=2))
    assert facts_for(desk, ticket.number, now=NOW.astimezone(sofia)).last_message["date"] == "2026-11-20"
    assert facts_for(desk, ticket.number, now=NOW).last_message["date"] == "2026-11-19"


def test_the_last_message_is_the_last_that_a_person_wrote(desk: Desk) -> None:
    ticket = receive(desk, text="I wrote this.", message_id="<1@x.example>")
    receive(desk, text="Out of office", answers=("<1@x.example>",), automatic="auto-replied")
    assert facts_for(desk, ticket.number, now=NOW).last_message["text"] == "I wrote this."


def test_previous_tickets_are_those_of_the_same_customer(desk: Desk) -> None:
    older = [receive(desk, subject=f"Old {number}").number for number in range(2)]
    receive(desk, subject="Other", sender=Address("else@corp.example", "Dana Petrova"))
    receive(desk, subject="Near", sender=Address("notdana@corp.example"))
    ticket = receive(desk, subject="New", sender=Address("DANA@corp.example"))
    previous = facts_for(desk, ticket.number, now=NOW).previous_tickets
    assert [each["number"] for each in previous] == older[::-1]
    assert [each["subject"] for each in previous] == ["Old 1", "Old 0"]


def test_customers_without_an_address_are_not_one_customer(desk: Desk) -> None:
    receive(desk, subject="Private", sender=Address(""))
    ticket = receive(desk, subject="Other", sender=Address(""))
    facts = facts_for(desk, ticket.number, now=NOW)
    assert (facts.customer, facts.previous_tickets) == ({}, ())


def test_only_so_many_previous_tickets_are_told(desk: Desk) -> None:
    tickets = [receive(desk, subject=f"Matter {number}") for number in range(MAX_PREVIOUS + 2)]
    assert len(facts_for(desk, tickets[-1].number, now=NOW).previous_tickets) == MAX_PREVIOUS


def test_what_customers_wrote_is_harmless_in_a_draft(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "echo.md").write_text(
        "---\nname: Echo\n---\n{{ ticket.subject }}|{{ customer.name }}|{{ last_message.text }}"
    )
    ticket = receive(
        desk,
        subject="{{ 7*7 }} ⟦x⟧ \x1b[31m",
        sender=Address("d@x.example", "Da\x9bna\u202e ⟦"),
        text="{% raw %}\x07\r\n⟧" + "a" * 100_000,
    )
    filled = prepare(desk, Library(tmp_path), ticket.number, "echo", {})
    assert filled.text.startswith("{{ 7*7 }} [x] \ufffd[31m|Da\ufffdna\ufffd [|{% raw %}\ufffd\n]aaa")
    assert filled.gaps == ()
    assert len(filled.text) < 20_000


def test_nobody_acting_leaves_the_agent_unknown(desk: Desk) -> None:
    ticket = receive(desk)
    assert facts_for(replace(desk, acting=None), ticket.number, now=NOW).agent == {}


def test_a_macro_is_prepared_by_name(desk: Desk) -> None:
    ticket = receive(desk)
    filled = prepare(desk, Library(None), ticket.number, "refund-approved", {"amount": "49.90 EUR"})
    assert "your refund of 49.90 EUR" in filled.text
    assert filled.gaps == ()
    assert filled.use.name == "refund-approved"


def test_an_unknown_macro_or_ticket_is_refused(desk: Desk) -> None:
    ticket = receive(desk)
    with pytest.raises(RefusedError, match="no macro"):
        prepare(desk, Library(None), ticket.number, "nothing", {})
    with pytest.raises(NoSuchTicket):
        prepare(desk, Library(None), TicketNumber(99), "acknowledge", {})
