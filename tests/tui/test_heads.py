from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.people import Address
from tests.desks import DANA
from tui.composer.heads import Heads, heads_left, heads_of, in_words, read_heads, spelled, with_heads

BOSS = Address("boss@corp.example", "Boss, The")
ALL = Heads(to=(DANA,), cc=(BOSS,), bcc=(Address("audit@acme.example"),), subject="Re: Refund")


def reaches(address: Address) -> bool:
    return "nowhere" not in address.email


def test_the_heads_stand_above_the_text_and_are_read_back() -> None:
    written = with_heads(ALL, "Hello\n---\nbye")
    assert written == (
        'To: Dana Petrova <dana@corp.example>\nCc: "Boss, The" <boss@corp.example>\nBcc: audit@acme.example\n'
        "Subject: Re: Refund\n---\nHello\n---\nbye\n"
    )
    read = read_heads(written, reaches)
    assert (read.heads, read.text, read.problem) == (ALL, "Hello\n---\nbye", "")


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("To: dana\n---\nHello", "To: “dana” is no mail address"),
        ("To: a@b.example\nCc: x@nowhere.example\n---\nHello", "Cc: no mail can be sent to x@nowhere.example"),
        ("To: a@b.example\nTo: c@b.example\n---\nHello", "To: stands there twice"),
        ("Subject: a\u202eb\n---\nHello", "Subject: holds characters that nobody sees"),
        ("Bcc: a@b@c.example\n---\nHello", "Bcc: “a@b@c.example” is no mail address"),
    ],
)
def test_what_cannot_be_used_above_the_text_is_said_and_the_text_is_kept(written: str, problem: str) -> None:
    read = read_heads(written, reaches)
    assert read.problem.startswith(problem)
    assert (read.heads, read.text) == (None, "Hello")


def test_other_lines_above_the_rule_are_said_to_stand_in_the_text() -> None:
    read = read_heads("To: a@b.example\nHello Dana\n---\nbye", reaches)
    assert (read.heads, read.text) == (None, "To: a@b.example\nHello Dana\n---\nbye")
    assert "can only be To:, Cc:, Bcc: and Subject:" in read.problem


@pytest.mark.parametrize(
    "left",
    [
        "To: a@b.example\nBcc: boss@b.example\nX-Odd: 1\nSubject: Re: x\n---\nHello",
        "To: a@b.example\nReply-To: c@b.example\nBcc: boss@b.example\n---\nHello",
        "To: a@b.example\nX-Odd: 1\n---\nHello",
        "To: a@b.example\nCc:\nBcc: boss@b.example\nSubject: Re: x\n\nHello",
        "\nTo: a@b.example\nCc:\nBcc:\nSubject: Re: x\n--\nHello",
    ],
    ids=["among others", "no subject", "to alone", "no rule", "another rule"],
)
def test_a_text_that_still_begins_with_its_heads_is_not_sent(left: str) -> None:
    assert "can only be To:" in heads_left(left)


def test_a_text_that_only_names_people_and_subjects_is_sent() -> None:
    assert not heads_left("Hello\n\nTo: a@b.example\nthat is where it went.\n---\nAna")
    assert not heads_left("To: a@b.example\nSubject: Re: x\n\nis what I see.")


def test_a_text_without_heads_is_all_text_and_nothing_is_said() -> None:
    assert read_heads("Hello\n---\nbye", reaches).text == "Hello\n---\nbye"
    assert read_heads("Hello\n---\nbye", reaches).problem == ""


def test_nobody_gets_a_mail_twice() -> None:
    heads = heads_of(("a@b.example; A <A@B.example>", "a@b.example, c@b.example", "c@b.example", "x"), reaches)
    assert ([each.email for each in heads.everybody], heads.subject) == (["A@B.example", "c@b.example"], "x")


_NAMES = st.text(st.characters(exclude_categories=("C", "Z"), exclude_characters='<>"'), max_size=20)
_PEOPLE = st.lists(
    st.builds(Address, st.from_regex(r"[a-z0-9.+_-]{1,10}@[a-z]{1,10}\.example", fullmatch=True), _NAMES),
    max_size=4,
    unique_by=lambda each: each.key,
)


@given(_PEOPLE)
def test_people_are_read_as_they_are_spelled(people: list[Address]) -> None:
    once = heads_of((spelled(people), "", "", ""), reaches).to
    assert [each.email for each in once] == [each.email for each in people]
    assert heads_of((spelled(once), "", "", ""), reaches).to == once


@given(st.text(max_size=60))
def test_whatever_is_typed_is_read_or_refused_in_words(text: str) -> None:
    read = read_heads(f"To: {text}\n---\nHello", reaches)
    assert read.heads is not None or read.problem or "\n" in text or "\r" in text


def test_what_is_shown_to_be_edited_has_no_control_characters() -> None:
    heads = Heads(to=(Address("d@x.example", 'Da"na\x1b]0;x\x07'),), subject="a\nb")
    assert "\x1b" not in "".join(in_words(heads))
    assert "\n" not in "".join(in_words(heads))
