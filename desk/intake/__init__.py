"""Mail becomes tickets: every fetched mail ends at exactly one place, once, whatever is in it.

Here is the door. Whether a mail is held already is told by `held`, which ticket it goes on with by `threads` and
`follow_up`; what is done with it then is in `opening`, `filing`, `bounces`, `sent` and `colleagues`, and what an
agent should know about it in `remarks`.
"""

from __future__ import annotations

from dataclasses import replace

from desk.desk import Desk
from desk.erased import is_erased, remains
from desk.incoming import Fetched, Incoming, Outcome
from desk.intake.acknowledging import acknowledge
from desk.intake.aside import put_aside, take_aside
from desk.intake.bounces import reported, take_report
from desk.intake.colleagues import addressed, is_by_colleague, open_for, take_from_colleague
from desk.intake.elsewhere import look_out
from desk.intake.filing import file, open_again
from desk.intake.follow_up import GoesOn, going_on
from desk.intake.held import already_held
from desk.intake.opening import open_ticket
from desk.intake.remarks import remark
from desk.intake.sent import take_copy, take_sent
from desk.intake.settling import answer_came, copy_came
from desk.intake.taken import Arrival, Taken
from desk.intake.threads import Lead, lead_of
from desk.judging import is_for_others, judged
from desk.parking import park, why_parked
from desk.ticket import Ticket

__all__ = ["Taken", "admit", "take_in"]


def take_in(desk: Desk, mail: Fetched, read: Incoming, raw: str) -> Taken | None:
    """Put one mail where it belongs and write it into the ledger, in one commit. `raw` is its stored bytes' sha256.

    Returns None when this very place was taken in before, by whichever process.
    """
    with desk.store.transaction():
        if desk.store.ledger.has(mail.place):
            return None
        taken = _screened(desk, mail, read, raw) or admit(desk, mail, read, raw)
        acknowledge(desk, mail, read, taken)
        desk.store.ledger.record(mail.place, taken.outcome, taken.entry, "" if taken.outcome is Outcome.ERASED else raw)
        if taken.outcome is Outcome.ELSEWHERE:
            look_out(desk, mail.place, (read.message_id, *read.alike_ids), read.parents)
        return taken


def _screened(desk: Desk, mail: Fetched, read: Incoming, raw: str) -> Taken | None:
    """What becomes of a mail that is not let in; None: it is."""
    if is_erased(desk, mail, read, raw):
        left = remains(desk, read)
        return Taken(Outcome.ERASED, left.ticket, left.id) if left else Taken(Outcome.ERASED)
    if why := why_parked(desk, mail, read):
        park(desk, mail, read, raw, why)
        return Taken(Outcome.PARKED)
    return None


def admit(desk: Desk, mail: Fetched, read: Incoming, raw: str) -> Taken:
    """Put a mail that was let in where it belongs; inside a transaction, in which the caller writes the ledger."""
    arrival = Arrival(mail, read, raw)
    if known := already_held(desk, arrival):
        copy_came(desk, arrival, known)
        return take_copy(desk, arrival, known)
    if not mail.is_sent and (subject := reported(desk, read)):
        return take_report(desk, arrival, subject)
    lead = lead_of(desk, arrival)
    if lead.ticket is None and mail.is_sent:
        return take_sent(desk, arrival, None)
    taken = _go_on(desk, arrival, lead, lead.ticket) if lead.ticket else _take_first(desk, arrival, lead)
    answer_came(desk, arrival, taken)
    return taken


def _go_on(desk: Desk, arrival: Arrival, lead: Lead, ticket: Ticket) -> Taken:
    """A mail that leads to a ticket: into a side talk, from one of us, or from the customer's side."""
    arrival = put_aside(desk, ticket, arrival)
    if arrival.side is not None:
        return take_aside(desk, arrival, ticket)
    if is_by_colleague(desk, ticket, arrival.read):
        return take_from_colleague(desk, arrival, ticket)
    if arrival.mail.is_sent:
        return take_sent(desk, arrival, going_on(desk, ticket, arrival).ticket)
    if not (lead.is_version and arrival.read.is_doubtful):
        arrival = replace(arrival, read=judged(desk, arrival.read, is_answer=True, about=ticket))
    return _take_answer(desk, arrival, lead, ticket)


def _take_first(desk: Desk, arrival: Arrival, lead: Lead) -> Taken:
    if is_for_others(desk, arrival.read):
        return Taken(Outcome.ELSEWHERE)
    if customer := addressed(desk, arrival):
        return open_for(desk, replace(arrival, read=judged(desk, arrival.read, is_answer=True)), customer)
    read = judged(desk, arrival.read, is_answer=False)
    return open_ticket(desk, replace(arrival, read=read), claims=lead.claims)


def _take_answer(desk: Desk, arrival: Arrival, lead: Lead, named: Ticket) -> Taken:
    """A mail by a person may be too late for its ticket; automatic mail opens nothing, neither a ticket nor again."""
    by_person = arrival.read.automatic is None
    goes_on = going_on(desk, named, arrival) if by_person and not lead.is_version else GoesOn(named)
    if goes_on.anew:
        return open_ticket(desk, arrival, follows=goes_on.ticket)
    ticket = goes_on.ticket
    taken = file(desk, ticket, arrival, Outcome.MESSAGE)
    if by_person:
        remark(desk, ticket, arrival.read, lead, taken.entry)
        open_again(desk, ticket.number, taken.entry)
    return taken
