"""What a round of mail brought, in the words of `tandem sync --json`."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from desk.incoming import Outcome
from desk.intake import Taken


@dataclass(slots=True)
class Counts:
    """How many mails were fetched and what became of them, how many went out, and how long it took (seconds).

    `parked` are those that were kept back for an agent's word (desk/parking.py), and those that the server did not give
    and that are asked for again.
    """

    fetched: int = 0
    tickets_created: int = 0
    messages_added: int = 0
    duplicates: int = 0
    parked: int = 0
    automatic: int = 0
    bounces: int = 0
    sent: int = 0
    seconds: float = 0.0

    def add(self, taken: Taken) -> None:
        """Count one mail that was taken in."""
        self.fetched += 1
        self.tickets_created += taken.outcome is Outcome.TICKET
        self.messages_added += taken.outcome is Outcome.MESSAGE
        self.duplicates += taken.outcome is Outcome.DUPLICATE
        self.parked += taken.outcome is Outcome.PARKED
        self.bounces += taken.outcome is Outcome.BOUNCE
        self.automatic += taken.automatic

    def add_all(self, others: Counts) -> None:
        """Count all that others counted."""
        for name, value in asdict(others).items():
            setattr(self, name, getattr(self, name) + value)

    def as_json(self) -> dict[str, object]:
        """The fields of `tandem sync --json`."""
        return {**asdict(self), "seconds": round(self.seconds, 3)}
