"""What is known about one outgoing mail, in words: who was refused and why, what was found out, what was tried."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo
from functools import partial
from itertools import groupby

from desk.conversation import Purpose
from desk.outgoing import (
    CANCELLABLE,
    RESENDABLE,
    SETTLEABLE,
    Copy,
    Evidence,
    OutboxEntry,
    OutboxState,
    Try,
    to_the_rest,
)
from desk.safe import safe_line
from tui.keys import Context
from tui.keys.naming import instead_of
from tui.words.heard import heard
from tui.words.telling import moment, trouble
from tui.words.tongue import mark, tr

_FOUND = {
    "in_sent": mark("found in the folder of sent mail"),
    "not_in_sent": mark("not found in the folder of sent mail"),
    "bounced": mark("it came back"),
    "answered": mark("it was answered"),
}
_TRIES = 5
"""How many of the last attempts are told."""


def findings(mail: OutboxEntry, now: datetime, zone: tzinfo | None = None) -> Iterator[str]:
    """What an agent must know to decide about a mail: the recipients turned away, and what tells whether it arrived."""
    yield from (_refused(each.address, each.code, each.words) for each in mail.refused_for)
    yield from (f"{moment(each.at, now, zone)} {_found(each)}" for each in mail.evidence)
    if mail.state is OutboxState.UNCERTAIN and not mail.evidence:
        yield tr("nothing was found out yet: it is looked for in Sent, and a bounce or an answer would tell")
    if mail.copy is Copy.FAILED:
        yield tr("no copy in the folder of sent mail: {why}").format(why=heard(safe_line(mail.copy_said)))


def history(mail: OutboxEntry, now: datetime, zone: tzinfo | None = None) -> Iterator[str]:
    """The last attempts to send it, the newest first; those that came to the same one after another, on one line.

    What stands above them already, why somebody must look at the mail, is not said again.
    """
    for words, tries in groupby(reversed(mail.tries[-_TRIES:]), key=partial(_came_of, but=trouble(mail))):
        yield f"{', '.join(moment(each.at, now, zone) for each in tries)} {words}"


def _came_of(tried: Try, *, but: str | None) -> str:
    said = heard(safe_line(tried.said))
    return f"{tr(tried.verdict)}: {said}" if said and said != but else tr(tried.verdict)


def can(mail: OutboxEntry) -> Iterator[tuple[str, str]]:
    """The keys that make sense for a mail in the outbox, with what they do."""
    if mail.state in RESENDABLE:
        yield instead_of("y", Context.OUTBOX), tr("send again")
    if mail.state is OutboxState.REFUSED and mail.refused_for and to_the_rest(mail):
        yield instead_of("R", Context.OUTBOX), tr("send to the others")
    if is_rewritable(mail):
        yield instead_of("e", Context.OUTBOX), tr("write it anew")
    if mail.state in SETTLEABLE:
        yield instead_of("s", Context.OUTBOX), tr("it did arrive")
    if mail.state in CANCELLABLE:
        yield instead_of("X", Context.OUTBOX), tr("cancel")


def is_rewritable(mail: OutboxEntry) -> bool:
    """Whether its text may go back into the composer."""
    return mail.state in CANCELLABLE and mail.purpose is not Purpose.AUTOMATIC and not mail.redacted


def _refused(address: str, code: int, words: str) -> str:
    said = f"{code} {safe_line(words)}"
    return tr("{address} was refused: {said}").format(address=safe_line(address), said=said)


def _found(evidence: Evidence) -> str:
    detail = f": {safe_line(evidence.detail)}" if evidence.detail else ""
    return tr(_FOUND[evidence.kind]) + detail
