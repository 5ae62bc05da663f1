"""Errors keep what they know when they are said in other words."""

from __future__ import annotations

import pytest

from desk.errors import MailUnreachable, StaleWrite, StoreDamaged, TandemError


@pytest.mark.parametrize(
    "error", [StoreDamaged("it is damaged", "mend it"), StaleWrite("tickets", 1, {"a": 1}), MailUnreachable("away")]
)
def test_an_error_in_other_words_is_the_same_but_for_these(error: TandemError) -> None:
    reworded = error.reworded("the backup is damaged", "take another")
    assert type(reworded) is type(error)
    assert str(reworded) == "the backup is damaged (take another)"
    words = {"message": reworded.message, "hint": reworded.hint}
    assert vars(reworded) == vars(error) | words
    assert error.message != reworded.message
