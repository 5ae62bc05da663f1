"""What is left to ask when a search says more than one before it, as with each letter that is typed of a word."""

from __future__ import annotations

from collections.abc import Iterator

from desk.expression import And, Expression, Words
from desk.matching import wanted as asked_by


def remaining(wanted: Expression, known: Expression) -> tuple[Words, ...] | None:
    """The words that a ticket which matches `known` must say to match `wanted`.

    None where others than these may match `wanted`, or where more than words are left to ask.
    """
    conditions, there = tuple(_conditions(wanted)), tuple(_conditions(known))
    if not all(any(_follows(each, condition) for condition in conditions) for each in there):
        return None
    left = [each for each in conditions if each not in there]
    words = tuple(each for each in left if isinstance(each, Words) and each.text.strip())
    return words if len(words) == len(left) else None


def _conditions(expression: Expression) -> Iterator[Expression]:
    """All that a ticket must match, one by one."""
    if isinstance(expression, And):
        for each in expression.parts:
            yield from _conditions(each)
    else:
        yield expression


def _follows(condition: Expression, other: Expression) -> bool:
    """Whether each ticket that matches the other is sure to match this condition."""
    if condition == other:
        return True
    if not isinstance(condition, Words) or not isinstance(other, Words) or condition.field != other.field:
        return False
    return all(any(each.follows_from(more) for more in asked_by(other)) for each in asked_by(condition))
