from __future__ import annotations

from tui.fuzzy import nearest


def test_names_that_begin_with_the_letters_come_first_then_tighter_fits() -> None:
    assert nearest(["preview", "review", "rev-iew", "other"], "rev") == ["review", "rev-iew", "preview"]
    assert nearest(["b-i-l-l", "bi-ll", "bill"], "bill") == ["bill", "bi-ll", "b-i-l-l"]


def test_nothing_typed_keeps_everything_in_order() -> None:
    assert nearest(["b", "a"], " ") == ["b", "a"]


def test_letters_that_are_not_there_in_order_fit_nothing() -> None:
    assert nearest(["refund"], "fer") == []
