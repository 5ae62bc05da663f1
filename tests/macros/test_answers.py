import pytest

from desk.errors import RefusedError
from macros.answers import Ask, AskType, checked


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("text", "anything at all"),
        ("money", "49"),
        ("money", "49.90"),
        ("money", "49,90 EUR"),
        ("money", "€49.90"),
        ("money", "1,234.50"),
        ("money", "1 234,50 лв."),
        ("money", "USD 12"),
        ("number", "3"),
        ("number", "-2.5"),
        ("date", "2027-02-01"),
    ],
)
def test_an_answer_of_its_kind_is_kept_as_typed(kind: AskType, typed: str) -> None:
    assert checked(Ask("it", "It", kind), f" {typed} ") == typed


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("money", "lots"),
        ("money", "-5"),
        ("money", "5.1234"),
        ("money", "1.2.3.4"),
        ("money", "5 million dollars"),
        ("money", "5\nEUR"),
        ("number", "three"),
        ("number", "1e9"),
        ("number", "٣"),
        ("date", "tomorrow"),
        ("date", "2027-02-31"),
        ("date", "20270201"),
        ("date", "2027-W01-1"),
    ],
)
def test_an_answer_of_another_kind_is_refused_with_an_example(kind: AskType, typed: str) -> None:
    with pytest.raises(RefusedError, match=r"does not answer “Amount” \(amount\) \(an? .* such as"):
        checked(Ask("amount", "Amount", kind), typed)


def test_a_choice_is_spelt_as_the_macro_spells_it() -> None:
    assert checked(Ask("why", "Why", "choice", ("Damaged", "late")), "DAMAGED") == "Damaged"


def test_what_is_not_a_choice_is_refused_with_the_choices() -> None:
    with pytest.raises(RefusedError, match=r"\(damaged, late\)"):
        checked(Ask("why", "Why", "choice", ("damaged", "late")), "dam")


@pytest.mark.parametrize("kind", ["text", "money", "number", "date", "choice"])
def test_nothing_typed_is_no_answer(kind: AskType) -> None:
    assert checked(Ask("it", "It", kind, ("a",)), "  ") == ""
