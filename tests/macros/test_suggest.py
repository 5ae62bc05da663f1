from dataclasses import replace
from datetime import UTC, datetime

from desk.errors import BadQuery
from desk.people import Address
from desk.ticket import Ticket, TicketNumber
from macros.script import Macro
from macros.suggest import narrow, ordered
from tests.macros.samples import macro

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
TICKET = Ticket(
    number=TicketNumber(1), subject="x", customer=Address("d@x.example"), created=NOON, updated=NOON, last_message=NOON
)


def named(name: str, slug: str = "", folder: str = "", when: str = "") -> Macro:
    return replace(macro(), name=name, slug=slug or name.lower(), folder=folder, when=when)


def names(macros: list[Macro]) -> list[str]:
    return [each.name for each in macros]


MACROS = (named("Delta"), named("alpha", when="fits"), named("Beta"), named("Gamma", when="other"))


def test_what_fits_the_ticket_comes_first_then_what_is_used_most_then_the_name() -> None:
    found = ordered(MACROS, TICKET, matches=lambda when: when == "fits", used={"delta": 3, "gamma": 5})
    assert names(found) == ["alpha", "Gamma", "Delta", "Beta"]


def test_without_a_ticket_nothing_is_suggested() -> None:
    assert names(ordered(MACROS, None, matches=lambda _: True, used={})) == ["alpha", "Beta", "Delta", "Gamma"]


def test_a_search_that_cannot_be_read_fits_nothing() -> None:
    def matches(when: str) -> bool:
        raise BadQuery("what", when, 1)

    assert names(ordered(MACROS, TICKET, matches=matches, used={})) == ["alpha", "Beta", "Delta", "Gamma"]


REFUNDS = (
    named("Great refunds of old", "old"),
    named("Refund, approved", "refund-approved", "Billing"),
    named("Refund, refused", "refund-refused", "Billing"),
    named("Delivery is late", "delivery-late", "Orders"),
)


def test_nothing_typed_leaves_everything_in_its_order() -> None:
    assert narrow(REFUNDS, " ") == list(REFUNDS)


def test_typing_leaves_what_holds_the_letters_in_order_the_closest_first() -> None:
    assert names(narrow(REFUNDS, "refu")) == ["Great refunds of old", "Refund, approved", "Refund, refused"]
    assert names(narrow(REFUNDS, "rapp"))[0] == "Refund, approved"
    assert names(narrow(REFUNDS, "RR"))[0] == "Refund, refused"
    assert narrow(REFUNDS, "xyz") == []


def test_a_match_is_found_even_where_a_later_word_start_leads_astray() -> None:
    assert names(narrow([named("great refun", "x")], "reat")) == ["great refun"]


def test_the_folder_counts_but_less_than_a_name() -> None:
    assert names(narrow(REFUNDS, "orders")) == ["Delivery is late"]
    assert names(narrow([named("Something", folder="Late"), named("Late")], "late")) == ["Late", "Something"]
