"""How long work says how far it is, to whoever wants to know."""

from __future__ import annotations

from collections.abc import Callable

Tell = Callable[[str, float], None]
"""Is told what goes on in a few words, and how much of that is done, from 0 to 1."""


def share_of(total: int, what: str, tell: Tell) -> Callable[[int], None]:
    """For work that counts up to a total: what it is to call with the count so far."""
    return lambda done: tell(what, min(done / max(total, 1), 1.0))
