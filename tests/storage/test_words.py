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
