"""One event of an act, as a row of the table gets it to take it back or to do it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from desk.conversation import Event


@dataclass(frozen=True, slots=True)
class Part:
    """One event of an act.

    `is_typed`: its text is what the agent wrote, not something that a macro left with it. For a redo, `left` is what
    the undo remembered of how it left things.
    """

    event: Event
    is_typed: bool
    left: Mapping[str, str] = field(default_factory=dict[str, str])
