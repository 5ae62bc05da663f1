"""Mail that waits apart until an agent accepts or drops it, and why."""

from __future__ import annotations

from desk.desk import Desk
from desk.incoming import Fetched, Incoming


def why_parked(_desk: Desk, _mail: Fetched, _read: Incoming) -> str | None:
    """Why this mail is not let in by itself, in words; None: it is."""
    return None


def park(_desk: Desk, _mail: Fetched, _read: Incoming, _raw: str, _why: str) -> None:
    """Keep a mail apart; inside a transaction. `raw` is its stored bytes' sha256."""
