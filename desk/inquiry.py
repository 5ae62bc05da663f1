"""What is found out about a mail of which nobody knows whether it went out, when to look for it, and what that settles.

Nothing here sends: a mail that was found to have gone out is *sent*, and any other waits for an agent. Who looks, in a
folder of sent mail or at what comes in, hands what was found to `take_evidence`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from desk.conversation import Happened, OutboxId
from desk.desk import Desk
from desk.outgoing import Copy, Evidence, OutboxEntry, OutboxState

SOONEST = timedelta(minutes=1)
"""How long a look is waited for at least: a provider needs a moment to file what it took."""

LATEST = timedelta(days=5)
"""How long it is looked for: servers give up about then (RFC 5321 4.5.4.1), and what was to be found is there."""

EVIDENCE_KEPT = 10

_WENT_OUT = frozenset({"in_sent", "answered"})


def wants_look(mail: OutboxEntry, now: datetime) -> bool:
    """Whether it is time to look for an uncertain mail: at once, and then ever more seldom for five days."""
    if mail.state is not OutboxState.UNCERTAIN:
        return False
    if mail.looked_at is None or mail.looked_at > now:
        return True
    since = mail.tries[-1].at if mail.tries else mail.created
    return mail.looked_at - since < LATEST and now - mail.looked_at >= max(SOONEST, (mail.looked_at - since) / 2)


def take_evidence(desk: Desk, outbox: OutboxId, evidence: Evidence) -> OutboxEntry | None:
    """Keep what was found about a mail, and tell it on the ticket; one that has surely gone out is sent from here on.

    A look that finds nothing again is only dated. None: the mail is not uncertain, so nothing is asked about it.
    """
    with desk.store.transaction():
        mail = desk.store.outbox.get(outbox)
        if mail is None or mail.state is not OutboxState.UNCERTAIN:
            return None
        after = judged(mail, evidence)
        desk.store.outbox.put(after)
        ticket = desk.store.tickets.get(mail.ticket)
        if ticket is not None and is_news(mail, evidence):
            detail = {"kind": evidence.kind, "found": evidence.detail, "state": after.state.value}
            about = {} if evidence.entry is None else {"answer": str(evidence.entry)}
            desk.record(Happened.EVIDENCE, ticket, ticket, entry=mail.entry, detail=detail | about)
        return after


def is_news(mail: OutboxEntry, evidence: Evidence) -> bool:
    """Whether this says more than what is known already."""
    return all((each.kind, each.detail) != (evidence.kind, evidence.detail) for each in mail.evidence)


def judged(mail: OutboxEntry, evidence: Evidence) -> OutboxEntry:
    """An uncertain mail in the light of what was found."""
    before = tuple(each for each in mail.evidence if (each.kind, each.detail) != (evidence.kind, evidence.detail))
    looked_at = evidence.at if evidence.kind in ("in_sent", "not_in_sent") else mail.looked_at
    known = replace(mail, evidence=(*before, evidence)[-EVIDENCE_KEPT:], looked_at=looked_at)
    if evidence.kind == "bounced":
        return replace(known, state=OutboxState.BOUNCED, claim=None, last_error=evidence.detail or mail.last_error)
    return went_out(known, is_kept=evidence.kind == "in_sent") if evidence.kind in _WENT_OUT else known


def went_out(mail: OutboxEntry, *, is_kept: bool = False) -> OutboxEntry:
    """The mail as one that the server took when it was last tried; `is_kept`: a copy is in the folder of sent mail.

    Where none is known of, one is wanted, and whoever looks after copies (desk/copies.py) knows whether it really is.
    """
    return replace(
        mail,
        state=OutboxState.SENT,
        sent_at=mail.tries[-1].at if mail.tries else mail.due,
        last_error=None,
        claim=None,
        lease_until=None,
        copy=Copy.KEPT if is_kept or mail.copy is Copy.KEPT else Copy.WANTED,
    )
