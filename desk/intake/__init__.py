"""Mail becomes tickets: every fetched mail ends at exactly one place, once, whatever is in it.

Here is the door. Whether a mail is held already is told by `held`, which ticket it goes on with by `threads`; what is
done with it then is in `opening`, `filing`, `bounces` and `sent`.
"""

from __future__ import annotations

from desk.desk import Desk
from desk.erased import is_erased
from desk.incoming import Fetched, Incoming, Outcome
from desk.intake.bounces import bounced, take_bounce
from desk.intake.filing import file
from desk.intake.held import already_held
from desk.intake.judging import judged
from desk.intake.opening import open_ticket
from desk.intake.taken import Arrival, Taken
from desk.intake.threads import ticket_for
from desk.parking import park, why_parked

__all__ = ["Taken", "admit", "take_in"]


def take_in(desk: Desk, mail: Fetched, read: Incoming, raw: str) -> Taken | None:
    """Put one mail where it belongs and write it into the ledger, in one commit. `raw` is its stored bytes' sha256.

    Returns None when this very place was taken in before, by whichever process.
    """
    with desk.store.transaction():
        if desk.store.ledger.has(mail.place):
            return None
        taken = _screened(desk, mail, read, raw) or admit(desk, mail, read, raw)
        kept = "" if taken.outcome is Outcome.ERASED else raw
        desk.store.ledger.record(mail.place, taken.outcome, taken.entry, kept)
        return taken


def _screened(desk: Desk, mail: Fetched, read: Incoming, raw: str) -> Taken | None:
    """What becomes of a mail that is not let in; None: it is."""
    if is_erased(desk, read, raw):
        return Taken(Outcome.ERASED)
    if why := why_parked(desk, mail, read):
        park(desk, mail, read, raw, why)
        return Taken(Outcome.PARKED)
    return None


def admit(desk: Desk, mail: Fetched, read: Incoming, raw: str) -> Taken:
    """Put a mail that was let in where it belongs; inside a transaction, in which the caller writes the ledger."""
    if known := already_held(desk, read, raw):
        return Taken(Outcome.DUPLICATE, known.ticket, known.id)
    arrival = Arrival(mail, read, raw)
    if returned := bounced(desk, read):
        return take_bounce(desk, arrival, returned)
    if (ticket := ticket_for(desk, read)) is None:
        return open_ticket(desk, Arrival(mail, judged(desk, read, is_answer=False), raw))
    return file(desk, ticket, Arrival(mail, judged(desk, read, is_answer=True), raw), Outcome.MESSAGE)
