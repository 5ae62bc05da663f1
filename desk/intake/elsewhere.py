"""Mail of ours that belongs to no ticket may do so later: what it answers is late, parked, or in another mailbox."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from desk.desk import Desk
from desk.incoming import Place

_NEAREST = 3
"""Of the mails that it answers, so many are waited for."""


def look_out(desk: Desk, place: Place, own: Iterable[str], parents: Sequence[str]) -> None:
    """Have a mail looked at again when one that it answers, or one that answers it, is on a ticket.

    `own` are its own ids, `parents` those it answers, best first. A file that is imported again tells by itself.
    """
    if not place.is_imported:
        desk.store.ledger.look_out(place, (*own, *parents[:_NEAREST]))
