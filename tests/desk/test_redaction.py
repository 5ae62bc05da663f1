"""One person's words, names and addresses go out of what others wrote, and the others' words stay."""

from __future__ import annotations

import pytest

from desk.redaction import ERASED, Redactor, Said

KEYS = {"dana.p@corp.example"}


def redactor(*theirs: str, others: tuple[str, ...] = ()) -> Redactor:
    said = Said()
    for each in others:
        said.by_another(each)
    for each in theirs:
        said.by_them(each)
    return Redactor(KEYS, {"Dana Petrowska"}, {"Dana", "Petrowska"}, said)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Write to Dana.P@CORP.example, please", f"Write to {ERASED}, please"),
        ("<mailto:dana.p@corp.example>", f"<mailto:{ERASED}>"),
        ("xdana.p@corp.example, dana.p@corp.example.org", "xdana.p@corp.example, dana.p@corp.example.org"),
        ("Yours, dana   PETROWSKA.", f"Yours, {ERASED}."),
        ("From: Petrowska,  Dana", f"From: {ERASED}"),
        ("Danae Petrowskaya", "Danae Petrowskaya"),
    ],
)
def test_addresses_and_whole_names_go(text: str, left: str) -> None:
    assert redactor().text(text) == left


def test_a_name_given_the_other_way_round_goes_as_people_say_it_too() -> None:
    given = Redactor(KEYS, {"Petrowska, Dana Maria"})
    assert given.text("Dana Maria Petrowska, or Petrowska, Dana Maria") == f"{ERASED}, or {ERASED}"


def test_a_quotation_goes_also_where_its_lines_were_broken_anew() -> None:
    mine = "The zeppelin that you sent me last Monday has a hole in it."
    answer = (
        "Sorry about that!\n\n> The zeppelin that you sent\n> me last Monday has a hole\n> in it.\n\nWe send another."
    )
    assert redactor(mine).text(answer) == f"Sorry about that!\n\n> {ERASED}\n\nWe send another."


def test_a_short_line_goes_where_it_is_quoted_and_stays_where_somebody_says_it() -> None:
    answer = "My code is 4711\n> My code is 4711\n> and this is ours"
    assert redactor("My code is 4711").text(answer) == f"My code is 4711\n> {ERASED}\n> and this is ours"


def test_what_is_quoted_below_the_persons_name_goes_and_deeper_quotations_of_others_stay() -> None:
    answer = (
        "See below.\n\nOn Friday, Dana Petrowska <dana.p@corp.example> wrote:\n"
        "> never seen before\n>> ours of yesterday\n> nor this\nBye"
    )
    left = redactor().text(answer)
    assert "never seen" not in left
    assert "nor this" not in left
    assert "ours of yesterday" in left
    assert left.startswith("See below.")
    assert left.endswith("Bye")


def test_words_that_somebody_else_said_first_stay_theirs() -> None:
    first = "Our warehouse ships on Tuesdays and never on any other day."
    quoting = f"{first}\nWhy is that so?"
    assert redactor(quoting, others=(first,)).text(f"As I said: {first}") == f"As I said: {first}"


def test_a_text_without_the_person_stays_as_it_is() -> None:
    text = "Hello,\n\n> quoted from somebody\n\n-- \nLeo\n"
    assert redactor("Something else entirely that was said by her").text(text) == text


def test_a_long_text_takes_no_longer_than_its_length_allows() -> None:
    text = "> " + "word " * 50_000 + "\n" + "On x wrote:\n" * 2_000 + "dana " * 20_000
    assert redactor("some words that are not in there").text(text) == text


def test_part_of_a_line_goes_where_it_is_quoted() -> None:
    answer = "Which code?\n> code is 4711\n> 4711"
    assert redactor("My code is 4711, says Dana").text(answer) == f"Which code?\n> {ERASED}\n> 4711"


def test_what_one_of_us_wrote_loses_a_first_name_alone_and_what_others_wrote_does_not() -> None:
    assert redactor().ours("Dear Dana, Danae is ill") == f"Dear {ERASED}, Danae is ill"
    assert redactor().text("Dear Dana, Danae is ill") == "Dear Dana, Danae is ill"
