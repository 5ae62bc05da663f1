"""How long to wait before a mail server that failed is asked again."""

from __future__ import annotations

import random
from collections.abc import Callable

from desk.errors import ConfigError, LoginRefused, TandemError

SHORTEST = 1.0
"""Seconds before the first new attempt."""

LONGEST = 300.0
"""Seconds that are never passed, unless the server itself asks for more."""

_SHORTEST_REFUSED = 60.0
_LONGEST_REFUSED = 1800.0
"""Seconds between attempts to log in that were refused: many servers shut out who tries too often."""

_LONGEST_ASKED = 3600.0
"""Seconds that a server can make us wait, whatever it says."""

_JITTER = 0.5
"""The share of each wait that is left to chance, so that many programs do not come back at the same moment."""


class Patience:
    """Counts failures in a row. For one thread."""

    def __init__(self, chance: Callable[[], float] = random.random) -> None:
        self._chance, self._failures = chance, 0

    def after(self, error: TandemError) -> float:
        """Seconds to wait after one more failure: twice as long each time, and as long as the server asked for."""
        is_refused = isinstance(error, (LoginRefused, ConfigError))
        shortest, longest = (_SHORTEST_REFUSED, _LONGEST_REFUSED) if is_refused else (SHORTEST, LONGEST)
        usual = min(longest, shortest * 2.0 ** min(self._failures, 16))
        self._failures += 1
        return max(usual * (1 - _JITTER * self._chance()), min(asked_for(error), _LONGEST_ASKED))

    def succeeded(self) -> None:
        """Begin anew with the shortest wait."""
        self._failures = 0


def asked_for(error: TandemError) -> float:
    """How many seconds the server itself asked us to stay away; 0 when it said nothing of that."""
    asked: object = getattr(error, "retry_after", None)
    return float(asked) if isinstance(asked, (int, float)) and asked > 0 else 0.0
