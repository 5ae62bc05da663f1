import pytest

from storage.words import TextQuery


@pytest.mark.parametrize(
    ("typed", "phrases", "prefix"),
    [
        ("", (), False),
        ("   ", (), False),
        ("refun", ("refun",), True),
        ("refund ", ("refund",), False),
        ("bank transfer", ("bank", "transfer"), True),
        ('"bank transfer"', ("bank transfer",), False),
        ('"bank transf', ("bank transf",), True),
        ('late "bank transfer" refun', ("late", "bank transfer", "refun"), True),
        ('a"b', ("a", "b"), True),
        ('""', ("",), False),
        ('"', ("",), True),
        ("AND -x NEAR(", ("AND", "-x", "NEAR("), True),
    ],
)
def test_what_is_typed_is_words_phrases_and_perhaps_a_beginning(
    typed: str, phrases: tuple[str, ...], *, prefix: bool
) -> None:
    assert TextQuery.typed(typed) == TextQuery(phrases, prefix=prefix)


def test_each_phrase_is_asked_for_once_by_its_words_and_those_without_any_not_at_all() -> None:
    asked = TextQuery(("Größe", "!!!", "GROSSE", "bank transf", "返金"), prefix=True).asked
    assert [each.words for each in asked] == [("grosse",), ("bank", "transf"), ("返", "金")]
    assert not any(each.unfinished for each in asked)


def test_only_the_last_phrase_may_be_unfinished() -> None:
    assert [each.unfinished for each in TextQuery(("bank", "bank"), prefix=True).asked] == [False, True]
    assert [each.unfinished for each in TextQuery(("bank", "!!!"), prefix=True).asked] == [False]


def test_of_people_an_address_is_one_word_that_is_finished_with_its_domain() -> None:
    [beginning] = TextQuery(("bo@acme",), prefix=True, people=True).asked
    [whole] = TextQuery(("bo@acme.example",), prefix=True, people=True).asked
    assert (len(beginning.words), beginning.unfinished) == (1, True)
    assert (len(whole.words), whole.unfinished) == (1, False)
    assert len(TextQuery(("bo@acme.example",)).asked[0].words) == 3
