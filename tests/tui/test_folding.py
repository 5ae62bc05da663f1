from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.reader.folding import MOST_LINES, Kind, Part, first_words, parts_of

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


def test_an_attribution_is_folded_with_what_it_announces() -> None:
    text, quoted = parts_of(f"{WORDS}\n\nOn Thu, 19 Nov 2026 at 09:30, Acme <support@acme.example> wrote:\n> one\n")
    assert text.lines == (WORDS,)
    assert quoted.lines == ("On Thu, 19 Nov 2026 at 09:30, Acme <support@acme.example> wrote:", "> one")
    assert quoted.label == "2 quoted lines"


def test_a_signature_is_folded_and_counted_without_its_dashes() -> None:
    _, signature = parts_of(f"{WORDS}\n-- \nDana\nCorp Ltd")
    assert signature.kind is Kind.SIGNATURE
    assert signature.lines == ("--", "Dana", "Corp Ltd")
    assert signature.label == "signature, 2 lines"


def test_in_a_mail_that_answers_none_only_its_signature_is_folded() -> None:
    text = f"{WORDS}\n> one\n> two\n> three\n-- \nDana"
    assert [each.kind for each in parts_of(text, is_answer=False)] == [Kind.TEXT, Kind.SIGNATURE]


def test_a_mail_that_only_quotes_stands_open() -> None:
    assert kinds("> one two three\n> four\n> five\n") == [Kind.TEXT]
    assert kinds("ok\n> one two three\n> four\n> five\n") == [Kind.TEXT]


def test_runs_of_blank_lines_become_one() -> None:
    (part,) = parts_of(f"\n\n{WORDS}\n\n\n\n\nDana\n\n\n")
    assert part.lines == (WORDS, "", "Dana")


def test_of_what_is_very_long_a_portion_is_open_and_the_rest_is_folded_in_few_parts() -> None:
    first, *rest = parts_of("a short line\n" * 12_000)
    assert first.kind is Kind.TEXT
    assert len(first.lines) == 600
    assert [(each.kind, each.label) for each in rest] == [
        (Kind.REST, "5000 more lines"),
        (Kind.REST, "5000 more lines"),
        (Kind.REST, "1400 more lines"),
    ]


def test_a_few_lines_more_than_a_portion_go_with_it() -> None:
    assert kinds("a short line\n" * 650) == [Kind.TEXT]
    assert kinds("a short line\n" * 670) == [Kind.TEXT, Kind.REST]


def test_a_long_quotation_below_a_long_text_is_still_told_as_one() -> None:
    text = "a short line\n" * 1_000 + "> quoted\n" * 4_001 + "-- \nDana"
    assert [(each.kind, each.label) for each in parts_of(text)[1:]] == [
        (Kind.REST, "400 more lines"),
        (Kind.QUOTE, "4001 quoted lines"),
        (Kind.SIGNATURE, "signature, 1 line"),
    ]


def test_very_many_answers_between_quotations_become_a_rest_in_the_end() -> None:
    kinds_of_all = kinds("On 1 Jan 2026 at 10:00 a@b.example wrote:\n" + "> a\n> b\n> c\nan answer of mine\n" * 5_000)
    assert len(kinds_of_all) < 1_300
    assert set(kinds_of_all) == {Kind.TEXT, Kind.QUOTE, Kind.REST}


def test_a_quotation_that_goes_on_behind_the_lines_that_are_looked_at_is_one() -> None:
    wrote, own = "On 1 Jan 2026 at 10:00 a@b.example wrote:\n", "an answer of mine\n"
    marked, *more = parts_of(own + wrote + "> a\n" * 12_000 + own)[1:], parts_of(own + wrote + "a\n" * 12_000)[1:]
    for told in (marked, *more):
        assert sum(len(each.lines) for each in told if each.kind is Kind.QUOTE) == 12_001
    assert marked[-1] == Part(Kind.TEXT, (own.strip(),))


def test_beyond_the_lines_that_are_looked_at_nothing_counts_as_quoted() -> None:
    parts = parts_of("a short line\n" * MOST_LINES + "> quoted\n" * 2_000 + "-- \nDana")
    assert [each.kind for each in parts] == [Kind.TEXT, Kind.REST, Kind.REST, Kind.REST, Kind.SIGNATURE]


def test_a_folded_mail_begins_with_its_own_words() -> None:
    assert (
        first_words("> old\n\nOn Thu, 19 Nov, Bo <bo@acme.example> wrote:\n  Hello,  \nit broke") == "Hello, it broke"
    )
    assert first_words("> old\n> older") == "> old > older"


WORD = re.compile(r"\w+")
LINES = [
    *(
        "",
        "> q",
        ">> q",
        "On Mon, 2 Mar 2026 at 10:00, Bo <b@x.example> wrote:",
        "--",
        "From: x@y.example",
        "Subject: x",
    ),
    *(
        "To: z",
        "words of a text",
        "-----Original Message-----",
        "Sent from my iPhone",
        "Begin forwarded message:",
        "____",
    ),
]


@given(st.lists(st.sampled_from(LINES), max_size=40))
def test_no_line_that_says_something_is_lost_or_moved(lines: list[str]) -> None:
    kept = [line for part in parts_of("\n".join(lines)) for line in part.lines]
    assert [each for each in kept if each] == [each for each in lines if each]


@given(st.lists(st.sampled_from(LINES), max_size=40))
def test_three_words_at_least_are_left_to_see(lines: list[str]) -> None:
    parts = parts_of("\n".join(lines))
    seen = [word for part in parts if part.kind is Kind.TEXT for line in part.lines for word in WORD.findall(line)]
    assert len(seen) >= 3 or all(part.kind is Kind.TEXT for part in parts)


HOSTILE = {
    "on": "On " * 43_000 + "\n",
    "short on": "On On On\n" * 3_500,
    "on with colons": ("On " * 90 + ":\n") * 112,
    "verbs": ("On 1 schrieb a@b.example " * 11 + ":\n") * 100,
    "pronouns": ("the my your " * 24 + ":\n") * 100,
    "no blank": "a" * 125_000 + "\n",
    "attributions": "On x wrote:\n" * 2_500,
    "two lines before each attribution": "On Mon 1\nOn Mon 2\nx wrote:\n" * 500,
    "certain attributions below pointing words": "see below\nOn 1 Jan 2026 at 10:00 a@b.example wrote:\nx\n" * 500,
    "quotes": ">\n" * 10_000,
    "deep quotes": (">" * 2_000 + "\n") * 15,
    "quotes with gaps": "> a\n\n\n\n" * 2_000,
    "quotes and text": "> a\nb\n" * 4_000,
    "dashes": "--\n" * 7_500,
    "headers": "From: x\n" * 3_500,
    "whole heads": "see below\nFrom: x@y.example\nTo: x\nSubject: x\n" * 750,
    "original": "-----Original Message-----\n\n" * 1_000,
    "blank lines": "\n" * 31_250,
    "brackets": ("<" * 120 + "@:\n") * 225,
    "colons": "x:\n" * 10_000,
    "rules": "-----\n" * 4_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_eight_times_as_much_takes_about_eight_times_as_long(text: str) -> None:
    assert _work(text * 8) < 8 * 4 * max(_work(text), 0.002)


def _work(text: str) -> float:
    """Processor time of folding a text: the best of three, in seconds."""

    def once() -> float:
        started = time.thread_time()
        parts_of(text)
        first_words(text)
        return time.thread_time() - started

    return min(once() for _ in range(3 if len(text) < 300_000 else 1))
