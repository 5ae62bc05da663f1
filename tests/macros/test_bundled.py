import pytest

from desk.steps import StatusStep, TagStep
from desk.ticket import Status
from macros.fill import fill
from macros.library import Library
from tests.macros.samples import FACTS, UNKNOWN

LIBRARY = Library(None)


def test_the_bundled_macros_have_their_keys() -> None:
    assert {each.key: each.slug for each in LIBRARY.macros()} == {
        "k": "acknowledge",
        "d": "ask-details",
        "r": "refund-approved",
        "l": "delivery-late",
        "t": "thanks-close",
    }


@pytest.mark.parametrize("slug", ["acknowledge", "ask-details", "thanks-close"])
def test_these_have_no_gap_even_when_nothing_is_known(slug: str) -> None:
    filled = fill(LIBRARY.get(slug), UNKNOWN)
    assert filled.gaps == ()
    assert filled.text.startswith("Hello there,")


@pytest.mark.parametrize(("slug", "ask", "answer"), [
    ("refund-approved", "amount", "49.90 EUR"), ("delivery-late", "arrives", "2026-11-25"),
])  # fmt: skip
def test_these_ask_for_one_fact_and_then_have_no_gap(slug: str, ask: str, answer: str) -> None:
    macro = LIBRARY.get(slug)
    assert len(fill(macro, FACTS).gaps) == 1
    filled = fill(macro, FACTS, {ask: answer})
    assert filled.gaps == ()
    assert answer in filled.text
    assert any(each.required for each in filled.checklist)


def test_what_they_do_to_the_ticket() -> None:
    steps = {each.slug: fill(each, FACTS).steps for each in LIBRARY.macros()}
    assert steps == {
        "acknowledge": (),
        "ask-details": (StatusStep(Status.WAITING),),
        "refund-approved": (TagStep(("refund",)), StatusStep(Status.WAITING)),
        "delivery-late": (TagStep(("delivery",)),),
        "thanks-close": (StatusStep(Status.CLOSED),),
    }
    assert {each.reply for each in LIBRARY.macros()} == {"public"}
