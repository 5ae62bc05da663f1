"""What was done before an act that cannot be taken back any more, and still can be."""

from __future__ import annotations

from dataclasses import dataclass

from desk.conversation import Act, Event


@dataclass(frozen=True, slots=True)
class Older:
    """An older act that can be taken back. `refused` is what an undo means by itself; `past` are all acts gone past.

    `events` are what was done, none where it is a first mail that was thrown away: that is on no ticket.
    """

    refused: Act | None
    past: frozenset[Act]
    events: tuple[Event, ...]
