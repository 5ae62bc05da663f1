from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.conversation import Act, Direction, EntryId, Event, Happened, Message, Note
from desk.draft import Draft, DraftKind
from desk.expression import EVERYTHING, And, Expression, Field, Match, Not, Operator, Or, Said, Words
from desk.people import Address, Handle
from desk.ports import Sort
from desk.ticket import Priority, Status, Ticket, TicketNumber
from desk.views import VIEWS, View, matches, parse_query
from storage.conversations import StoredConversations
from storage.database import TicketStore, open_store
from storage.json_text import dumps, loads
from storage.people import StoredDrafts
from storage.query import compile_query
from storage.search import compile_expression
from storage.shared import SharedStore, open_shared
from storage.tickets import StoredTickets

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
BORDER = " 0border0 "
"""Stands between a ticket's texts, so that no phrase crosses from one to the next."""

WORDS = (
    "refund",
    "refunds",
    "invoice",
    "Rechnung",
    "Größe",
    "Käse",
    "kase",
    "счёт",
    "Счета",
    "re-fund",
    "ΣΟΦΟΣ",
    "日本",
)
PEOPLE = (
    Address("dana@corp.example", "Dana Petrova"),
    Address("Dana@Corp.EXAMPLE", "D. Petrova"),
    Address("jürgen@straße.example", "Jürgen Weiß"),
    Address("_@odd.example", ""),
    Address('"jo b"@odd.example', "Jo"),
    Address("!!!", "No address at all"),
    Address("", "Nobody"),
)
TAGS = ("billing", "refund", "vip", "größe")
HOLDS = ("attachment", "note", "draft", "bounced")
HOURS = tuple(NOW - timedelta(hours=hours) for hours in range(6))


@dataclass(frozen=True)
class Sample:
    """A store with tickets, the same tickets as values, and what is said on each."""

    tickets: StoredTickets
    values: dict[TicketNumber, Ticket]
    texts: dict[TicketNumber, str]

    def expected(self, expression: Expression) -> list[TicketNumber]:
        return [n for n, ticket in self.values.items() if matches(expression, ticket, self.texts[n])]


def some(chance: random.Random, values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(chance.sample(values, chance.randint(0, 2)))


def random_ticket(chance: random.Random) -> Ticket:
    return Ticket(
        number=TicketNumber(0),
        subject=" ".join(chance.choices(WORDS, k=3)),
        customer=chance.choice(PEOPLE),
        status=chance.choice(list(Status)),
        priority=chance.choice(list(Priority)),
        assignee=chance.choice([None, Handle("ana"), Handle("bo")]),
        tags=some(chance, TAGS),
        mailbox=chance.choice(["support", "sales"]),
        created=chance.choice(HOURS),
        updated=chance.choice(HOURS),
        last_message=chance.choice(HOURS),
        waiting_since=chance.choice([None, *HOURS]),
        snoozed_until=chance.choice([None, None, *HOURS]),
        unread=chance.random() < 0.3,
        holds=some(chance, HOLDS),
        senders=tuple(chance.sample(PEOPLE, 2)),
        recipients=tuple(chance.sample(PEOPLE, 2)),
        merged_into=TicketNumber(1) if chance.random() < 0.2 else None,
    )


def note_on(number: TicketNumber, text: str) -> Note:
    return Note(id=EntryId(0), ticket=number, at=NOW, author=Handle("ana"), note=text)


def random_texts(chance: random.Random, store: TicketStore, number: TicketNumber) -> str:
    said = [" ".join(chance.choices(WORDS, k=4)) for _ in range(chance.randint(0, 3))]
    entries = StoredConversations(store)
    for text in said:
        if chance.random() < 0.5:
            entries.add(note_on(number, text))
        else:
            entries.add(
                Message(
                    id=EntryId(0),
                    ticket=number,
                    direction=Direction.IN,
                    at=NOW,
                    sender=Address("x@y.example"),
                    text=text,
                )
            )
    entries.add(replace(note_on(number, "refund taken back"), removed=True))
    entries.add(
        Event(
            id=EntryId(0),
            ticket=number,
            at=NOW,
            author=None,
            what=Happened.CREATED,
            act=Act("a"),
            detail={"said": "refund"},
        )
    )
    return BORDER.join(said)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SharedStore]:
    store = open_shared(tmp_path_factory.mktemp("empty") / "desk.db")
    yield store
    store.close()


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sample]:
    chance = random.Random(88213)
    with open_store(tmp_path_factory.mktemp("search") / "desk.db") as store:
        tickets, values, texts = StoredTickets(store), {}, {}
        with store.transaction():
            for _ in range(150):
                ticket = tickets.add(random_ticket(chance))
                values[ticket.number] = ticket
                texts[ticket.number] = random_texts(chance, store, ticket.number)
                if "draft" in ticket.holds:
                    kept = Draft(
                        ticket=ticket.number, author=Handle("bo"), kind=DraftKind.REPLY, text="Hello", saved=NOW
                    )
                    StoredDrafts(store).add(kept)
        yield Sample(tickets, values, texts)


COMPARISONS: list[Operator] = ["<", "<=", ">", ">="]
MOMENTS: list[Field] = ["created", "updated", "waiting_since", "snoozed_until"]
PEOPLES = {"customer", "from", "to"}
SAID: list[Said | None] = ["customer", "from", "to", "subject", None]

TYPED = (
    "re",
    "r",
    "с",
    "ka",
    "taken",
    "refund kas",
    "GROSSE",
    "!",
    "fund",
    "petrova",
    "border",
    "refund kase",
    "kase-KÄSE",
    "Dana Petrova",
    "",
)
ADDRESSES = ("dana@corp.example", "dana@corp", "DANA@CORP.example.org", "@corp.example", "dana@", "jurgen@strasse.com")
texts = st.one_of(
    st.sampled_from([*WORDS, *TYPED, *ADDRESSES]),
    st.sampled_from([*(each.email for each in PEOPLE), *(each.name for each in PEOPLE)]),
)
conditions = st.one_of(
    st.builds(Match, st.just("status"), st.just("is"), st.sampled_from([each.value for each in Status])),
    st.builds(Match, st.just("priority"), st.just("is"), st.sampled_from([each.value for each in Priority])),
    st.builds(Match, st.just("assignee"), st.just("is"), st.sampled_from(["ana", "bo", "nobody", None])),
    st.builds(Match, st.just("mailbox"), st.just("is"), st.sampled_from(["support", "Support"])),
    st.builds(Match, st.just("unread"), st.just("is"), st.booleans()),
    st.builds(Match, st.just("number"), st.just("is"), st.integers(0, 160)),
    st.builds(Match, st.just("number"), st.sampled_from(COMPARISONS), st.integers(0, 160)),
    st.builds(Match, st.just("tags"), st.just("has"), st.sampled_from([*TAGS, "none", "b"])),
    st.builds(Match, st.just("holds"), st.just("has"), st.sampled_from(HOLDS)),
    st.builds(Match, st.just("customer"), st.just("is"), st.sampled_from([each.key for each in PEOPLE])),
    st.builds(Match, st.sampled_from(MOMENTS), st.sampled_from(COMPARISONS), st.sampled_from(HOURS)),
    st.builds(Match, st.sampled_from(MOMENTS), st.just("is"), st.sampled_from([None, *HOURS])),
    st.builds(Match, st.just("merged_into"), st.just("is"), st.sampled_from([None, 1])),
    st.builds(Words, texts, st.booleans(), st.sampled_from(SAID)),
)
expressions = st.recursive(
    conditions,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(And, st.lists(inner, max_size=4).map(tuple)),
        st.builds(Or, st.lists(inner, max_size=4).map(tuple)),
    ),
    max_leaves=8,
)


@settings(max_examples=400, deadline=None)
@given(expression=expressions)
def test_the_store_finds_what_the_rule_matches(sample: Sample, expression: Expression) -> None:
    expected = sample.expected(expression)
    assert [*sample.tickets.numbers(expression, sort="id", reverse=True)] == expected
    assert sample.tickets.count(expression) == len(expected)


@settings(max_examples=60, deadline=None)
@given(
    expression=expressions,
    sort=st.sampled_from(["updated", "created", "id", "waiting"]),
    reverse=st.booleans(),
    limit=st.none() | st.integers(0, 5),
)
def test_lists_and_numbers_have_the_same_order(
    sample: Sample,
    expression: Expression,
    sort: Sort,
    *,
    reverse: bool,
    limit: int | None,
) -> None:
    numbers = sample.tickets.numbers(expression, sort=sort, reverse=reverse)
    listed = sample.tickets.find(expression, sort=sort, reverse=reverse, limit=limit)
    assert sorted(numbers) == sample.expected(expression)
    assert listed == [sample.values[number] for number in numbers[:limit]]


ODD = (
    "aZßẞ ıİéè\u0301\u0306\u0308øœ ёЁйЙїѝ ςΣάᾳ ｶﾞﾟガ゙が 日本語ー々 ไทยน้ำ שָل مُحأ १की 한ᄒ 12½№™㍿ ﬁ\u00ad"
    "\u200d\ufe0f'\"*^:()-_👍𝐁𠮷\ue000\ud800\0@."
)
typed_texts = st.text(st.sampled_from(ODD) | st.characters(), max_size=12)
stored_texts = typed_texts.map(lambda text: loads(dumps(text)))
"""What a store keeps of a text: no NUL, no lone surrogates."""

addresses = st.builds(Address, stored_texts, stored_texts)


def part_of(text: str) -> st.SearchStrategy[str]:
    ends = st.integers(0, len(text))
    return st.builds(lambda start, end: text[min(start, end) : max(start, end)], ends.map(lambda at: at // 3), ends)


class TakenBackError(Exception):
    """Ends a transaction that leaves nothing behind."""


@settings(max_examples=300, deadline=None)
@given(data=st.data(), subject=stored_texts, said=stored_texts, people=st.tuples(addresses, addresses, addresses))
def test_the_store_finds_what_the_rule_matches_in_any_script(
    empty: SharedStore, data: st.DataObject, subject: str, said: str, people: tuple[Address, Address, Address]
) -> None:
    customer, sender, recipient = people
    field = data.draw(st.sampled_from(SAID))
    about = {"customer": customer, "from": sender, "to": recipient}.get(field or "", customer)
    texts = (
        [about.name, about.email] if field in PEOPLES else [subject, said, about.name] if field is None else [subject]
    )
    words = Words(data.draw(st.sampled_from(texts).flatmap(part_of) | typed_texts), data.draw(st.booleans()), field)
    with suppress(TakenBackError), empty.transaction():
        made = random_ticket(random.Random(1))
        ticket = empty.tickets.add(
            replace(made, subject=subject, customer=customer, senders=(sender,), recipients=(recipient,))
        )
        empty.conversations.add(note_on(ticket.number, said))
        found = empty.tickets.count(words) == 1
        raise TakenBackError
    assert found is matches(words, ticket, said)


def test_the_longest_wait_comes_first_and_who_does_not_wait_last_newest_first(sample: Sample) -> None:
    order = [sample.values[number] for number in sample.tickets.numbers(EVERYTHING, sort="waiting")]
    waits = [each.waiting_since for each in order if each.waiting_since]
    others = [each.updated for each in order if not each.waiting_since]
    assert [each.waiting_since is None for each in order] == [False] * len(waits) + [True] * len(others)
    assert waits == sorted(waits)
    assert others == sorted(others, reverse=True)


def test_lists_are_newest_first(sample: Sample) -> None:
    updated = [sample.values[number].updated for number in sample.tickets.numbers(EVERYTHING)]
    created = [each.created for each in sample.tickets.find(EVERYTHING, sort="created")]
    assert updated == sorted(updated, reverse=True)
    assert created == sorted(created, reverse=True)
    assert [*sample.tickets.numbers(EVERYTHING, sort="id")] == sorted(sample.values, reverse=True)


def test_every_tag_in_use_is_told_by_name(sample: Sample) -> None:
    assert sample.tickets.tags() == sorted({tag for ticket in sample.values.values() for tag in ticket.tags})


def test_everything_needs_no_query(store: TicketStore) -> None:
    assert compile_expression(store, EVERYTHING) is None


def test_a_note_that_was_taken_back_is_not_found_until_it_is_there_again(empty: SharedStore) -> None:
    ticket = empty.tickets.add(replace(random_ticket(random.Random(1)), subject="Hello"))
    note = replace(note_on(ticket.number, "Ask the warehouse"), removed=False)
    note = replace(note, id=empty.conversations.add(note))
    for removed in (True, False, True):
        empty.conversations.put(replace(note, removed=removed))
        assert [*empty.tickets.numbers(Words("warehouse"))] == ([] if removed else [ticket.number])
    empty.conversations.put(replace(note, note="Ask the courier"))
    assert [*empty.tickets.numbers(Words("courier"))] == [ticket.number]
    empty.examine()


def test_what_moves_to_another_ticket_is_found_there(empty: SharedStore) -> None:
    there, here = (empty.tickets.add(replace(random_ticket(random.Random(1)), subject="Hello")) for _ in range(2))
    note = note_on(there.number, "Ask the forwarder")
    note = replace(note, id=empty.conversations.add(note))
    empty.conversations.put(replace(note, ticket=here.number))
    assert [*empty.tickets.numbers(Words("forwarder"))] == [here.number]
    empty.examine()


def test_what_very_many_say_is_found_as_what_few_say_is(empty: SharedStore) -> None:
    ticket = replace(random_ticket(random.Random(1)), subject="Parcel of the hundreds", merged_into=None)
    with suppress(TakenBackError), empty.transaction():
        made = [empty.tickets.add(ticket) for _ in range(1100)]
        empty.tickets.put(replace(made[500], subject="Parcel of one"))
        empty.conversations.add(note_on(made[7].number, "Parcel of one thousand"))
        assert empty.tickets.count(Words("parcel")) == 1100
        assert empty.tickets.count(Words("hundr")) == 1099
        assert [*empty.tickets.numbers(Words("parcel of one", phrase=True), sort="id")] == [
            made[500].number,
            made[7].number,
        ]
        assert [*empty.tickets.numbers(And((Words("parcel"), Not(Words("hundreds")))))] == [made[500].number]
        assert len(empty.tickets.find(Words("parcel"), limit=20)) == 20
        raise TakenBackError


def test_a_search_sees_what_was_written_since_it_was_last_made(store: TicketStore) -> None:
    tickets, invoice = StoredTickets(store), Words("invoice")
    ticket = tickets.add(replace(random_ticket(random.Random(1)), subject="Hello"))
    assert [*tickets.numbers(invoice)] == []
    tickets.put(replace(ticket, subject="Invoice 12"))
    assert [*tickets.numbers(invoice)] == [ticket.number]


def test_hundreds_of_words_are_searched_without_nesting_too_deep(sample: Sample) -> None:
    words = Words(" ".join(("re", *WORDS) * 20))
    either = Or(tuple(Match("number", "is", number) for number in range(1, 1000)))
    assert [*sample.tickets.numbers(words, sort="id", reverse=True)] == sample.expected(words)
    assert sample.tickets.count(either) == len(sample.values)


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_the_database_alone_decides_the_views_of_the_screen(store: TicketStore, view: View) -> None:
    query = compile_expression(store, parse_query(view.query, me=Handle("ana"), now=NOW))
    assert compile_query(query, store.engine.dialect("tickets")).exact
