"""What is known about one outgoing mail, in words: who was refused and why, what was found out, what was tried."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo

from desk.conversation import Purpose
from desk.outgoing import (
    CANCELLABLE,
    RESENDABLE,
    SETTLEABLE,
    Copy,
    Evidence,
    OutboxEntry,
    OutboxState,
    to_the_rest,
)
from desk.safe import safe_line
from tui.telling import moment

_TRIES = 5
"""How many of the last attempts are told."""


def findings(mail: OutboxEntry, now: datetime, zone: tzinfo | None = None) -> Iterator[str]:
    """What an agent must know to decide about a mail: the recipients turned away, and what tells whether it arrived."""
    yield from (_refused(each.address, each.code, each.words) for each in mail.refused_for)
    yield from (f"{moment(each.at, now, zone)} {_found(each)}" for each in mail.evidence)
    if mail.state is OutboxState.UNCERTAIN and not mail.evidence:
        yield "nothing was found out yet: it is looked for in Sent, and a bounce or an answer would tell"
    if mail.copy is Copy.FAILED:
        yield f"no copy in the folder of sent mail: {safe_line(mail.copy_said)}"


def history(mail: OutboxEntry, now: datetime, zone: tzinfo | None = None) -> Iterator[str]:
    """The last attempts to send it, the newest first."""
    for each in reversed(mail.tries[-_TRIES:]):
        said = f": {safe_line(each.said)}" if each.said else ""
        yield f"{moment(each.at, now, zone)} {each.verdict}{said}"


def can(mail: OutboxEntry) -> Iterator[tuple[str, str]]:
    """The keys that make sense for a mail in the outbox, with what they do."""
    if mail.state in RESENDABLE:
        yield "y", "send again"
    if mail.state is OutboxState.REFUSED and mail.refused_for and to_the_rest(mail):
        yield "R", "send to the others"
    if is_rewritable(mail):
        yield "e", "write it anew"
    if mail.state in SETTLEABLE:
        yield "s", "it did arrive"
    if mail.state in CANCELLABLE:
        yield "X", "cancel"


def is_rewritable(mail: OutboxEntry) -> bool:
    """Whether its text may go back into the composer."""
    return mail.state in CANCELLABLE and mail.purpose is not Purpose.AUTOMATIC and not mail.redacted


def _refused(address: str, code: int, words: str) -> str:
    return f"{safe_line(address)} was refused: {code} {safe_line(words)}"


def _found(evidence: Evidence) -> str:
    detail = f": {safe_line(evidence.detail)}" if evidence.detail else ""
    match evidence.kind:
        case "in_sent":
            return f"found in the folder of sent mail{detail}"
        case "not_in_sent":
            return f"not found in the folder of sent mail{detail}"
        case "bounced":
            return f"it came back{detail}"
        case "answered":
            return f"it was answered{detail}"
