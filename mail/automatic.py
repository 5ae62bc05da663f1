"""Whether a machine wrote a mail, and how one can tell (RFC 3834, 2919, 3464, 5965, 8098).

X-Auto-Response-Suppress is left out on purpose: it asks us to stay silent and says nothing about its sender.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from desk.people import Address
from mail.defects import quoted
from mail.headers import Headers
from mail.parameters import read_parameters

_REPORTS = {
    "delivery-status": "a delivery report",
    "disposition-notification": "a read receipt",
    "feedback-report": "a complaint about spam",
}
_PRECEDENCES = frozenset({"bulk", "junk", "list", "auto_reply", "auto-reply"})
_REPLY_MARKS = ("x-autoreply", "x-auto-reply", "x-autorespond", "x-autoresponder", "x-autoreply-from")
_MACHINES = re.compile(
    r"(?:mailer-daemon|postmaster|mail-daemon|no[-_.]?reply|do[-_.]?not[-_.]?reply|bounces?)(?:[-+=].*)?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Automatic:
    """Why a mail counts as automatic, in words. `is_doubtful`: the sign is one that people's mail may carry too."""

    reason: str
    is_doubtful: bool = False


def read_automatic(headers: Headers, sender: Address) -> Automatic | None:
    """Why a mail counts as automatic; None: a person wrote it."""
    sure = _by_report(headers) or _by_auto_submitted(headers) or _by_reply_mark(headers) or _by_return_path(headers)
    if sure:
        return Automatic(sure)
    doubtful = _by_list(headers) or _by_name(sender)
    return Automatic(doubtful, is_doubtful=True) if doubtful else None


def _by_report(headers: Headers) -> str | None:
    kind = read_parameters(headers.raw("content-type"))
    if kind.value != "multipart/report":
        return None
    return _REPORTS.get(kind.get("report-type").lower(), "a report of a mail system")


def _by_auto_submitted(headers: Headers) -> str | None:
    word = headers.text("auto-submitted").partition(";")[0].partition("(")[0].strip().lower()
    return f"it says that it was sent automatically ({word[:30]})" if word not in ("", "no") else None


def _by_reply_mark(headers: Headers) -> str | None:
    marked = any(headers.text(name).lower() not in ("", "no", "false") for name in _REPLY_MARKS)
    return "it says that it is an automatic reply" if marked else None


def _by_list(headers: Headers) -> str | None:
    if "list-id" in headers:
        return f"it came over the mailing list {quoted(headers.text('list-id'), 40)}"
    if "list-unsubscribe" in headers:
        return "it offers to unsubscribe, as mass mail does"
    precedence = headers.text("precedence").lower()
    return f"it is marked as {precedence} mail" if precedence in _PRECEDENCES else None


def _by_return_path(headers: Headers) -> str | None:
    return "it came from a mail system (no return path)" if headers.text("return-path") == "<>" else None


def _by_name(sender: Address) -> str | None:
    local = sender.email.partition("@")[0]
    return f"its sender is {quoted(local, 40)}" if _MACHINES.fullmatch(local) else None
