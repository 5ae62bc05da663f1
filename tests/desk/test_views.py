from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.errors import BadQuery
from desk.expression import EVERYTHING, And, Expression, Match, Not, Or, Words
from desk.people import Address, Handle
from desk.terms import ago, day
from desk.ticket import Priority, Status, Ticket, TicketNumber
from desk.views import LONGEST, VIEWS, matches, parse_query

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
NOT_MERGED = Match("merged_into", "is", None)

TICKET = Ticket(
    number=TicketNumber(12),
    subject="Refund für Bestellung 88213",
    customer=Address("Dana@Corp.example", "Dana Petrova"),
    status=Status.OPEN,
    priority=Priority.HIGH,
    assignee=Handle("ana"),
    tags=("billing", "refund"),
    mailbox="support",
    created=NOW - timedelta(days=3),
    updated=NOW - timedelta(hours=5),
    last_message=NOW - timedelta(hours=5),
    waiting_since=NOW - timedelta(hours=5),
    unread=True,
    holds=("attachment", "bounced"),
    senders=(Address("Dana@Corp.example", "Dana Petrova"), Address("bo@acme.example", "Bo Lind")),
    recipients=(Address("support@acme.example", "Acme Support"), Address("lee@bank.example")),
)
TEXT = "Hello, I returned the printer on Monday. Где мой счёт? Das Café ist zu."


def asked(query: str, me: str | None = "ana") -> Expression:
    """What a query asks for, without the part that leaves merged-away tickets out."""
    expression = parse_query(query, me=None if me is None else Handle(me), now=NOW)
    assert isinstance(expression, And)
    assert expression.parts[0] == NOT_MERGED
    rest = expression.parts[1:]
    return rest[0] if len(rest) == 1 else And(rest)


def found(query: str, ticket: Ticket = TICKET, text: str = TEXT) -> bool:
    return matches(parse_query(query, me=Handle("ana"), now=NOW), ticket, text)


def refusal(query: str, me: str | None = "ana") -> BadQuery:
    with pytest.raises(BadQuery) as caught:
        parse_query(query, me=None if me is None else Handle(me), now=NOW)
    return caught.value


@pytest.mark.parametrize(
    ("query", "expression"),
    [
        ("is:open", Match("status", "is", "open")),
        ("IS:Closed", Match("status", "is", "closed")),
        ("is:mine", Match("assignee", "is", "ana")),
        ("is:unassigned", Match("assignee", "is", None)),
        ("is:unread", Match("unread", "is", value=True)),
        ("is:snoozed", Match("snoozed_until", ">", NOW)),
        ("is:bounced", Match("holds", "has", "bounced")),
        ("assignee:bo", Match("assignee", "is", "bo")),
        ("assignee:me", Match("assignee", "is", "ana")),
        ("assignee:none", Match("assignee", "is", None)),
        ("tag:#Billing", Match("tags", "has", "billing")),
        ("from:dana", Words("dana", field="from")),
        ("to:lee@bank.example", Words("lee@bank.example", field="to")),
        ("customer:Dana", Words("Dana", field="customer")),
        ('subject:"order 88213"', Words("order 88213", phrase=True, field="subject")),
        ("priority:URGENT", Match("priority", "is", "urgent")),
        ("mailbox:support", Match("mailbox", "is", "support")),
        ("has:attachment", Match("holds", "has", "attachment")),
        ("updated:<7d", Match("updated", ">", NOW - timedelta(days=7))),
        ("updated:>=90m", Match("updated", "<=", NOW - timedelta(minutes=90))),
        ("waiting:>4h", Match("waiting_since", "<", NOW - timedelta(hours=4))),
        ("created:<=2w", Match("created", ">=", NOW - timedelta(weeks=2))),
        ("created:>=2026-11-01", Match("created", ">=", datetime(2026, 11, 1, tzinfo=UTC))),
        ("created:>2026-11-01", Match("created", ">=", datetime(2026, 11, 2, tzinfo=UTC))),
        ("created:<=2026-11-01", Match("created", "<", datetime(2026, 11, 2, tzinfo=UTC))),
        ("created:<2026-11-01", Match("created", "<", datetime(2026, 11, 1, tzinfo=UTC))),
        ("refund", Words("refund")),
        ('"bank transfer"', Words("bank transfer", phrase=True)),
        ("12:30", Words("12:30")),
        ("re-fund", Words("re-fund")),
        ('"or"', Words("or", phrase=True)),
    ],
)
def test_every_key_means_one_condition(query: str, expression: Expression) -> None:
    assert asked(query) == expression


def test_a_day_without_an_operator_is_that_day_in_utc() -> None:
    day_before, day_itself = datetime(2026, 10, 31, 23, 59, 59, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)
    made = [replace(TICKET, created=at) for at in (day_before, day_itself, day_itself + timedelta(days=1))]
    assert [found("created:2026-11-01", each) for each in made] == [False, True, False]


@pytest.mark.parametrize(
    ("query", "expression"),
    [
        ("a b or c", Or((And((Words("a"), Words("b"))), Words("c")))),
        ("a (b OR c)", And((Words("a"), Or((Words("b"), Words("c")))))),
        ("a and b", And((Words("a"), Words("b")))),
        ("-a", Not(Words("a"))),
        ("not a b", And((Not(Words("a")), Words("b")))),
        ("-(a or b)", Not(Or((Words("a"), Words("b"))))),
        ("not -a", Words("a")),
        ("(((a)))", Words("a")),
        ("foo(bar)", And((Words("foo"), Words("bar")))),
    ],
)
def test_terms_are_joined_by_blank_or_not_and_brackets(query: str, expression: Expression) -> None:
    assert asked(query) == expression


def test_an_empty_query_asks_for_everything_that_was_not_merged_away() -> None:
    assert parse_query("  ", me=None, now=NOW) == And((NOT_MERGED,))


@pytest.mark.parametrize("query", ["is:merged", "id:12", "tag:x or is:merged", "-id:12"])
def test_merged_tickets_are_there_for_those_who_ask(query: str) -> None:
    merged = replace(TICKET, merged_into=TicketNumber(3), tags=("x",))
    assert not found("tag:x", merged)
    assert found(query, merged) is (query != "-id:12")


@pytest.mark.parametrize(
    ("query", "column", "words"),
    [
        ("colour:red", 1, "there is no “colour:”"),
        ("tag:a colour:red", 7, "there is no “colour:”"),
        ("日本語 colour:red", 5, "there is no “colour:”"),
        ("Größe (цвет:red)", 8, "there is no “цвет:”"),
        ("http://x.example", 1, "there is no “http:”"),
        ("is:opne", 4, "“is:” does not know “opne”"),
        ("tag:a is:opne", 10, "“is:” does not know “opne”"),
        ('tag:a is:"opne"', 11, "“is:” does not know “opne”"),
        ("領収書 or is:opne", 11, "“is:” does not know “opne”"),
        ("👍 -is:opne", 7, "“is:” does not know “opne”"),
        ("has:virus", 5, "“has:” does not know “virus”"),
        ("priority:top", 10, "“priority:” does not know “top”"),
        ("tag:", 5, "nothing stands after “tag:”"),
        ("tag: billing", 5, "nothing stands after “tag:”"),
        ('from:""', 7, "nothing stands after “from:”"),
        ('from:"  "', 7, "nothing stands after “from:”"),
        ("assignee:(me)", 10, "nothing stands after “assignee:”"),
        ("tag:#", 5, "“#” is no tag"),
        ("id:x12", 4, "“x12” is no ticket number"),
        ("id:-12", 4, "“-12” is no ticket number"),
        ("id:1234567890123456", 4, "“1234567890123456” is no ticket number"),
        ("id:１２", 4, "“１２” is no ticket number"),
        ("updated:soon", 9, "“soon” is no time"),
        ("updated:<7", 9, "“7” is no time"),
        ("updated:<7y", 9, "“7y” is no time"),
        ("updated:=>7d", 9, "“=>7d” is no time"),
        ("created:2026-02-30", 9, "“2026-02-30” is no time"),
        ("created:>=2026-13-01", 9, "“2026-13-01” is no time"),
        ("created:01.11.2026", 9, "“01.11.2026” is no time"),
        ("created:>", 9, "“” is no time"),
        ("waiting:4h", 9, "less or more than 4h?"),
        ("waiting:>2026-11-01", 9, "“2026-11-01” is no length of time"),
        ("waiting:>", 9, "“” is no length of time"),
        ("a (b", 3, "this bracket is never closed"),
        ("a (b (c)", 3, "this bracket is never closed"),
        ("請求 (is:open", 4, "this bracket is never closed"),
        ("a b)", 4, "nothing was opened that this bracket closes"),
        ('a "b c', 3, "this quote is never closed"),
        ('счёт "b c', 6, "this quote is never closed"),
        ('from:"b c', 6, "this quote is never closed"),
        ('a ""', 3, "nothing stands between these quotes"),
        ("()", 2, "something is missing before “)”"),
        ("a (or b)", 4, "something is missing before “or”"),
        ("or a", 1, "something is missing before “or”"),
        ("a or", 5, "something is missing at the end"),
        ("a or or b", 6, "something is missing before “or”"),
        ("a and", 6, "something is missing at the end"),
        ("not", 4, "something is missing at the end"),
        ("-", 1, "“-” leaves out what stands right after it"),
        ("a - b", 3, "“-” leaves out what stands right after it"),
        ("日本 - b", 4, "“-” leaves out what stands right after it"),
        ("(" * 40 + "a" + ")" * 40, 31, "more than 30 brackets inside each other"),
        ("a " * 101, 201, "at most 100 words"),
        ("is:open " * 100 + "b", 801, "at most 100 words"),
        ("a 返金を" + "お願い" * 33, 3, "at most 100 words"),
        ('a "' + "b " * 100 + '"', 3, "at most 100 words"),
        ("x" * (LONGEST + 1), LONGEST + 1, "at most 2000 characters"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_column(query: str, column: int, words: str) -> None:
    error = refusal(query)
    assert error.column == column
    assert words in error.message


def test_of_a_long_query_only_what_stands_around_the_mistake_is_repeated() -> None:
    message = refusal("refund " * 20 + "is:opne" + " or order" * 20).message
    assert "“… refund refund refund refund refund is:opne or order or order or order or order …”" in message
    assert len(refusal("(" * 1_000_000).message) < 200
    for begun in ("is:{}", "id:{}", "waiting:{}", "created:{}", "{}:a"):
        assert len(refusal(begun.format("x" * 1_900)).message) < 200


def test_a_refusal_names_the_known_keys_and_values() -> None:
    assert "assignee:" in refusal("colour:red").hint
    assert "snoozed" in refusal("is:opne").hint
    assert "urgent" in refusal("priority:top").hint


@pytest.mark.parametrize("query", ["is:mine", "assignee:me"])
def test_nothing_is_mine_when_nobody_acts(query: str) -> None:
    assert "nobody said who is acting" in refusal(query, me=None).message


@pytest.mark.parametrize("query", ["(" * 900 + "a" + ")" * 900, "-(" * 600 + "a" + ")" * 600])
def test_brackets_may_not_nest_without_end(query: str) -> None:
    assert "more than 30 brackets" in refusal(query).message


@pytest.mark.parametrize("query", ["not " * 400 + "a", "-" * 1998 + "a", "a " * 100, "a or " * 99 + "a"])
def test_long_flat_queries_do_not_nest(query: str) -> None:
    assert found(query, text="a")


@given(st.text(st.sampled_from('ab:-()" <>=7d\n\tor not is:open tag:\u202eя'), max_size=60))
def test_any_text_is_read_or_refused_at_a_column_it_has(query: str) -> None:
    column = 1
    try:
        expression = parse_query(query, me=None, now=NOW)
    except BadQuery as error:
        column = error.column
    else:
        assert matches(expression, TICKET, TEXT) is not matches(Not(expression), TICKET, TEXT)
    assert 1 <= column <= len(query) + 1


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("30m", NOW - timedelta(minutes=30)),
        ("2W", NOW - timedelta(weeks=2)),
        ("999999999w", datetime(1970, 1, 1, tzinfo=UTC)),
        ("99999d", datetime(1970, 1, 1, tzinfo=UTC)),
        ("7", None),
        ("7 d", None),
        ("٧d", None),
    ],
)
def test_a_span_is_so_long_ago(text: str, moment: datetime | None) -> None:
    assert ago(text, NOW.replace(microsecond=250)) == moment


@pytest.mark.parametrize("text", ["2026-1-1", "1969-12-31", "0001-01-01", "9999-12-31", "2026-00-10", "20261101", ""])
def test_only_days_that_mail_can_have_are_days(text: str) -> None:
    assert day(text) is None


@pytest.mark.parametrize(
    "query",
    [
        "is:open is:mine is:unread is:bounced",
        "-is:waiting -is:unassigned -is:snoozed",
        "tag:billing -tag:legal has:attachment -has:note",
        "from:DAN to:lee customer:petrova -customer:lee subject:FÜR",
        "priority:high mailbox:support id:12",
        "updated:<6h updated:>4h created:>2d waiting:>4h -waiting:>6h",
        "refu print",
        '"returned the printer"',
        "bestellung 88213",
        '"Где мой счёт"',
        "cafe CAFÉ",
        "petrova corp",
        "nothing or refund",
        "from:dana@corp.example from:lind to:SUPPORT to:lee@bank.example to:bank.example",
        'from:"bo lind" -to:bo from:bo@ac from:bo@ from:corp customer:DANA@corp.example',
        'subject:"für bestellung" subject:8821 "счет"',
        "счет ГДЕ",
    ],
)
def test_a_ticket_is_found_by_what_it_is(query: str) -> None:
    assert found(query)


@pytest.mark.parametrize(
    "query",
    [
        '"refu"',
        '"printer the"',
        "сче т",
        "!!!",
        "from:lee",
        "to:dana",
        "to:bo@acme.example",
        "from:ana@corp.example",
        "from:dana@corp.example.org",
        "from:dana@corp.exam",
        "from:acme.example@bo",
        'from:"dana p"',
        'from:"petrova dana"',
        'from:"petrova bo"',
        "subject:returned",
        "-from:dana",
        "customer:petro@",
        "tag:bill",
        "-refund",
        "efund",
        '"Petrova Dana"',
        "refund nothing",
        "subject:printer",
    ],
)
def test_a_ticket_is_not_found_by_what_it_is_not(query: str) -> None:
    assert not found(query)


def test_a_time_that_is_not_set_is_neither_before_nor_after() -> None:
    answered = replace(TICKET, waiting_since=None)
    assert not found("waiting:>4h", answered)
    assert not found("waiting:<4h", answered)
    assert found("-waiting:>4h", answered)


def test_the_customer_is_known_by_the_address_whatever_its_case() -> None:
    assert matches(Match("customer", "is", "dana@corp.example"), TICKET)
    assert not matches(Match("customer", "is", "dana petrova"), TICKET)


def test_no_parts_match_everything_and_no_alternatives_nothing() -> None:
    assert matches(EVERYTHING, TICKET)
    assert not matches(Or(()), TICKET)


def test_the_views_of_the_screen_can_be_read_and_have_a_key_each() -> None:
    names = [view.name for view in VIEWS if found(view.query)]
    assert names == ["inbox", "mine", "all"]
    assert len({view.key for view in VIEWS}) == len({view.name for view in VIEWS}) == len(VIEWS)
