from __future__ import annotations

from pathlib import Path

import pytest

from desk.conversation import EntryId
from desk.draft import DraftKind
from desk.steps import MacroUse, StatusStep, TagStep
from desk.ticket import Status
from macros.fill import Filled
from macros.script import Check, Macro
from tui.composer.drafting import Drafting
from tui.widgets.procedure import brief_procedure

REPLY = Drafting(kind=DraftKind.REPLY)


def filled(text: str = "Hello", *checks: Check, slug: str = "refund") -> Filled:
    macro = Macro(name=slug.title(), slug=slug, path=Path(f"{slug}.md"), version="0" * 12)
    return Filled(text, (), (TagStep(add=(slug,)),), checks, MacroUse(slug, "0" * 12), macro)


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("", "nothing written yet"),
        (" \n", "nothing written yet"),
        ("Hello", ""),
        ("Hello ⟦name⟧", "1 gap left"),
        ("⟦a⟧ ⟦b", "2 gaps left"),
    ],
)
def test_what_is_left_to_do_in_a_text(text: str, missing: str) -> None:
    assert REPLY.missing(text) == missing


def test_required_steps_keep_a_reply_from_leaving_until_they_are_ticked() -> None:
    drafting = REPLY.with_macro(
        filled("Hello", Check("look"), Check("pay", required=True), Check("ask", required=True))
    )
    assert drafting.missing("Hello ⟦name⟧") == "1 gap and 2 required steps left"
    assert drafting.ticked(0).ticked(1).missing("Hello") == "1 required step left"
    done = drafting.ticked(1).ticked(2)
    assert done.missing("Hello") == ""
    assert done.ticked(2).missing("Hello") == "1 required step left"
    assert done.ticked(7) == done


def test_macros_stack_and_the_last_one_is_recorded() -> None:
    drafting = REPLY.with_macro(filled(slug="one")).with_macro(filled(slug="two"))
    answer = drafting.answer("Hello", Status.CLOSED, EntryId(4))
    assert answer.steps == (TagStep(add=("one",)), TagStep(add=("two",)))
    assert answer.macro == MacroUse("two", "0" * 12, edited=False)
    assert (answer.status, answer.seen) == (Status.CLOSED, 4)


def test_a_text_that_is_not_what_the_macro_said_counts_as_edited() -> None:
    drafting = REPLY.with_macro(filled("Hello"))
    assert drafting.used("Hello\n") == MacroUse("refund", "0" * 12, edited=False)
    assert drafting.used("Hello Dana") == MacroUse("refund", "0" * 12, edited=True)
    assert REPLY.used("Hello") is None


def test_what_two_macros_do_alike_is_told_once() -> None:
    twice = Drafting(kind=DraftKind.REPLY, steps=(StatusStep(Status.WAITING), StatusStep(Status.WAITING)))
    assert brief_procedure(twice).plain.count("status waiting") == 1
