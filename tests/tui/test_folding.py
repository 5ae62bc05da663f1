from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.folding import Kind, first_words, parts_of

WORDS = "Hello, the parcel came today and it is broken."


def kinds(text: str) -> list[Kind]:
    return [each.kind for each in parts_of(text)]


def test_a_text_without_quotations_is_one_part() -> None:
    (part,) = parts_of(f"{WORDS}\n\nDana")
    assert part.kind is Kind.TEXT
    assert part.lines == (WORDS, "", "Dana")


def test_a_run_of_quoted_lines_is_folded_and_counted() -> None:
    text, quoted = parts_of(f"{WORDS}\n> one\n> two\n> three")
    assert text.lines == (WORDS,)
    assert quoted.kind is Kind.QUOTE
    assert quoted.label == "3 quoted lines"


def test_two_quoted_lines_between_answers_stand_open() -> None:
    assert kinds(f"{WORDS}\n> one\n> two\nYes.") == [Kind.TEXT]


@pytest.mark.parametrize(
    "attribution",
    [
        "On Thu, 19 Nov 2026 at 09:30, Acme <support@acme.example> wrote:",
        "On Thu, 19 Nov 2026 at 09:30, Acme Support\n<support@acme.example> wrote:",
        "Am 19.11.2026 um 09:30 schrieb Acme <support@acme.example>:",
        "Le jeu. 19 nov. 2026 à 09:30, Acme <support@acme.example> a écrit :",
        "чт, 19 нояб. 2026 г. в 09:30, Acme <support@acme.example>:",
        "На чт, 19.11.2026 г. в 09:30 Acme <support@acme.example> написа:",
        "2026年11月19日(木) 9:30 Acme <support@acme.example>:",
    ],
)
def test_what_follows_an_attribution_is_folded_with_it(attribution: str) -> None:
    text, quoted = parts_of(f"{WORDS}\n\n{attribution}\n> one\n")
    assert text.lines == (WORDS,)
    assert quoted.kind is Kind.QUOTE
    assert quoted.lines == (*attribution.split("\n"), "> one")


@pytest.mark.parametrize("sign", ["-----Original Message-----", "________________________________"])
def test_an_outlook_reply_is_folded_to_its_end(sign: str) -> None:
    below = "From: Acme\nSent: Thursday\nTo: Dana\nSubject: Refund\n\nHello Dana, here is your answer."
    assert kinds(f"{WORDS}\n\n{sign}\n{below}") == [Kind.TEXT, Kind.QUOTE]


def test_a_sentence_that_ends_like_an_attribution_is_not_one() -> None:
    assert kinds(f"{WORDS}\nThis is what my neighbour wrote:\nIt never worked.") == [Kind.TEXT]


def test_a_signature_is_folded_and_a_long_rest_below_dashes_is_not() -> None:
    assert kinds(f"{WORDS}\n-- \nDana\nCorp Ltd") == [Kind.TEXT, Kind.SIGNATURE]
    assert parts_of(f"{WORDS}\n-- \nDana\nCorp Ltd")[1].label == "signature, 2 lines"
    assert kinds(f"{WORDS}\n-- \n" + "a line of text\n" * 20) == [Kind.TEXT]


def test_a_mail_that_only_quotes_stands_open() -> None:
    assert kinds("> one two three\n> four\n> five\n") == [Kind.TEXT]
    assert kinds("ok\n> one two three\n> four\n> five\n") == [Kind.TEXT]


def test_runs_of_blank_lines_become_one() -> None:
    (part,) = parts_of(f"\n\n{WORDS}\n\n\n\n\nDana\n\n\n")
    assert part.lines == (WORDS, "", "Dana")


def test_what_is_very_long_is_cut_into_portions_of_which_the_first_is_open() -> None:
    parts = parts_of("a short line\n" * 5000)
    assert parts[0].kind is Kind.TEXT
    assert {each.kind for each in parts[1:]} == {Kind.REST}
    assert max(len(each.lines) for each in parts) <= 600
    assert sum(len(each.lines) for each in parts) == 5000


def test_a_folded_mail_begins_with_its_own_words() -> None:
    assert (
        first_words("> old\n\nOn Thu, 19 Nov, Bo <bo@acme.example> wrote:\n  Hello,  \nit broke") == "Hello, it broke"
    )
    assert first_words("> old\n> older") == "> old > older"


@given(st.lists(st.sampled_from(["", "> q", "On Mon, Bo <b@x.example> wrote:", "--", "From: x", "words of a text"])))
def test_no_line_that_says_something_is_lost_or_moved(lines: list[str]) -> None:
    kept = [line for part in parts_of("\n".join(lines)) for line in part.lines]
    assert [each for each in kept if each.strip("-")] == [each for each in lines if each.strip("-")]


HOSTILE = {
    "on": "On " * 35_000,
    "no blank": "a" * 1_000_000,
    "attributions": "On x wrote:\n" * 60_000,
    "two lines before each attribution": "On Mon\nOn Mon\nx wrote:\n" * 20_000,
    "quotes": ">\n" * 300_000,
    "quotes and text": "> a\nb\n" * 100_000,
    "dashes": "--\n" * 200_000,
    "headers": "From: x\n" * 100_000,
    "blank lines": "\n" * 1_000_000,
    "brackets": ("<" * 120 + "@:\n") * 3_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_texts_are_folded_in_linear_time(text: str) -> None:
    started = time.thread_time()
    parts_of(text)
    first_words(text)
    assert time.thread_time() - started < 3.0
