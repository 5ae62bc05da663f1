from __future__ import annotations

import time

import pytest

from desk.people import Address
from mail.addresses import looks_like_address, read_addresses


@pytest.mark.parametrize(
    ("raw", "people"),
    [
        ("ann@x.example", [("ann@x.example", "")]),
        ("Ann <ann@x.example>, Bo <bo@x.example>", [("ann@x.example", "Ann"), ("bo@x.example", "Bo")]),
        ('"Example, Ann" <ann@x.example>', [("ann@x.example", "Example, Ann")]),
        ("ann@x.example (Ann)", [("ann@x.example", "Ann")]),
        ("=?utf-8?Q?Example,_J=C3=B6rg?= <j@x.example>", [("j@x.example", "Example, Jörg")]),
        ("us: a@x.example, B <b@x.example>;, c@x", [("a@x.example", ""), ("b@x.example", "B"), ("c@x", "")]),
        ("undisclosed-recipients:;", []),
        ("ann@x.example; bo@x.example", [("ann@x.example", ""), ("bo@x.example", "")]),
        ("ann@x.example,, ,", [("ann@x.example", "")]),
        ('"unbalanced <ann@x.example>, bo@x.example', [("ann@x.example", "unbalanced"), ("bo@x.example", "")]),
        ("Ann <ann@x.example", [("ann@x.example", "Ann")]),
        ("<@relay.example,@other.example:ann@x.example>", [("ann@x.example", "")]),
        ("mailto:ann@x.example", [("ann@x.example", "")]),
        ('"ann..b"@x.example', [('"ann..b"@x.example', "")]),
        ('Ann <"weird local"@x.example>', [('"weird local"@x.example', "Ann")]),
        ('"weird local"@x.example', [('"weird local"@x.example', "")]),
        ('<"weird\r\n local" @x.example>', [('"weird local"@x.example', "")]),
        ("MAILER-DAEMON", [("MAILER-DAEMON", "")]),
        ("Ann @ Home <ann@x.example>", [("ann@x.example", "Ann @ Home")]),
        ("Ann Example", [("", "Ann Example")]),
        ("'ann@x.example' <ann@x.example>", [("ann@x.example", "")]),
        ("\udcd0\udc90\udcd0\udcbd\udcd0\udcbd\udcd0\udcb0 <ann@x.example>", [("ann@x.example", "Анна")]),
        ("a@x.example <b@x.example>", [("b@x.example", "a@x.example")]),
        ("Example, Ann <ann@x.example>", [("ann@x.example", "Example, Ann")]),
        ("Example, Ann, Dr. <ann@x.example>, bo@x", [("ann@x.example", "Example, Ann, Dr."), ("bo@x", "")]),
        ("=?utf-8?Q?J=C3=B6rg?=, Ann <ann@x.example>", [("ann@x.example", "Jörg, Ann")]),
        ("ann, bo@x.example, cy", [("ann", ""), ("bo@x.example", ""), ("cy", "")]),
        ("us: Example, Ann <ann@x.example>;", [("ann@x.example", "Example, Ann")]),
        ("Ann <mailto:ann@x.example>", [("ann@x.example", "Ann")]),
        ("Example; Ann <ann@x.example>", [("ann@x.example", "Example; Ann")]),
        ("\x1b]0;Ann <ann@x.example>; bo@x", [("ann@x.example", "\x1b]0;Ann"), ("bo@x", "")]),
        ("us: ann; Bo <bo@x.example>", [("ann", ""), ("bo@x.example", "Bo")]),
        ("us: a@x.example; Example; Bo <bo@x.example>", [("a@x.example", ""), ("bo@x.example", "Example; Bo")]),
    ],
)  # fmt: skip
def test_an_address_list_is_read(raw: str, people: list[tuple[str, str]]) -> None:
    assert read_addresses([raw]) == tuple(Address(*each) for each in people)


def test_an_encoded_word_never_makes_a_second_address() -> None:
    assert read_addresses(["=?utf-8?q?Ann_=3Ca=40x=3E=2C_b=40x?= <ann@x.example>"]) == (
        Address("ann@x.example", "Ann <a@x>, b@x"),
    )


def test_a_name_is_cut_at_a_hundred_characters() -> None:
    (person,) = read_addresses(["x" * 5_000 + " <ann@x.example>"])
    assert person == Address("ann@x.example", "x" * 100)


def test_a_field_that_stands_twice_is_read_twice() -> None:
    assert len(read_addresses(["a@x.example", "b@x.example"])) == 2


def test_what_a_reader_takes_for_an_address_is_found() -> None:
    assert looks_like_address("Anna (boss@acme.example)") == "boss@acme.example"
    assert looks_like_address("Anna via support") == ""


@pytest.mark.parametrize(
    "bomb", ['"\\' * 32_000, "(" * 64_000, "<" * 64_000, ":;" * 32_000, '"\\"' * 20_000, "@" * 64_000, " " * 64_000]
)
def test_a_list_of_64_kb_is_read_at_once(bomb: str) -> None:
    started = time.process_time()
    assert len(read_addresses([bomb])) <= 200
    assert time.process_time() - started < 10  # what grows with the square of its length takes minutes
