from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from desk.errors import BadQuery
from desk.expression import Expression
from desk.narrowing import remaining
from desk.people import Address, Handle
from desk.ticket import Status, Ticket, TicketNumber
from desk.views import matches, parse_query

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
TICKET = Ticket(
    number=TicketNumber(1),
    subject="Refund for order",
    customer=Address("dana@corp.example", "Dana Weiß"),
    status=Status.OPEN,
    created=NOW,
    updated=NOW,
    last_message=NOW,
    mailbox="support",
)
TERMS = (
    *(
        "r",
        "re",
        "ref",
        "refund",
        "for",
        "order",
        "o",
        "dana",
        "weis",
        "weiß",
        "re-fund",
        "don't",
        "注",
        "注文",
        "и",
        "й",
    ),
    *(
        '"refund for"',
        '"r"',
        "subject:re",
        "subject:refund",
        "customer:d",
        "customer:dana",
        "customer:dana@corp.example",
    ),
    *("-refund", "is:open", "is:closed", "or", "(re or o)", "!!", "from:dana", "tag:x", "и\u0306"),
)
TEXTS = ("refund for order", "refunds", "re fund", "注文について", "й", "и", "dont don t", "weiss", "order")


def asked(text: str) -> Expression:
    return parse_query(text, me=Handle("ana"), now=NOW)


def left(wanted: str, known: str) -> list[str] | None:
    words = remaining(asked(wanted), asked(known))
    return None if words is None else [each.text for each in words]


@pytest.mark.parametrize(
    ("known", "wanted", "words"),
    [
        ("", "r", ["r"]),
        ("r", "re", ["re"]),
        ("refund", "refund i", ["i"]),
        ("refund i", "refund in", ["in"]),
        ("refund in", "refund in", []),
        ("is:open refund", "is:open refund order", ["order"]),
        ("re-", "re-f", ["re-f"]),
        ("注", "注文", ["注文"]),
        ("subject:re", "subject:ref", ["ref"]),
        ("re", "r", None),
        ("refund", "order", None),
        ("и", "и\u0306", None),
        ("re", "re or o", None),
        ("re or o", "re or of", None),
        ("re", "-re", None),
        ("-re", "-ref", None),
        ('"refund"', '"refunds"', None),
        ("refund", '"refund"', ["refund"]),
        ("re", "re tag:x", None),
        ("subject:re", "ref", None),
        ("is:merged re", "ref", None),
    ],
)
def test_a_search_that_says_more_leaves_only_words_to_ask(known: str, wanted: str, words: list[str] | None) -> None:
    assert left(wanted, known) == words


@given(
    st.lists(st.sampled_from(TERMS), max_size=3),
    st.lists(st.sampled_from(TERMS), max_size=3),
    st.sampled_from(TEXTS),
    st.sampled_from(TEXTS),
)
@example(["refund"], ["re"], "refund", "refund for order")
def test_what_is_left_to_ask_tells_of_each_ticket_of_the_first_search_and_of_no_other(
    wanted: list[str], known: list[str], subject: str, text: str
) -> None:
    try:
        narrow, wide = asked(" ".join(wanted)), asked(" ".join(known))
    except BadQuery:
        return
    words = remaining(narrow, wide)
    if words is not None:
        ticket = replace(TICKET, subject=subject)
        says_them = all(matches(each, ticket, text) for each in words)
        assert matches(narrow, ticket, text) == (matches(wide, ticket, text) and says_them)
