"""What a mail server means when it says NO, BAD or BYE: not this, not now, or not before so many seconds.

Its words are kept, made safe to show. Codes in brackets are RFC 5530's; the words without a code are Microsoft's.
"""

from __future__ import annotations

import re

from desk.errors import LoginRefused, MailError, MailUnreachable
from desk.safe import safe_line

LONGEST_REST = 3_600.0
"""Seconds a server may ask to be left alone for; longer ones are cut to this."""

_LONGEST_WORDS = 200
_REST = re.compile(r"Suggested Backoff Time: *(\d{1,12}) *milliseconds", re.IGNORECASE)
_TEMPORARY = re.compile(r"\[(?:UNAVAILABLE|INUSE|LIMIT)\]|not connected|throttled", re.IGNORECASE)
_NO_LOGIN_NOW = re.compile(rf"{_TEMPORARY.pattern}|\[(?:SERVERBUG|CONTACTADMIN)\]|too many", re.IGNORECASE)
_LATER = "try again later"


def spoken(said: bytes) -> str:
    """What a server said, in one short line that no terminal obeys."""
    return safe_line(said.decode("utf-8", "replace"))[:_LONGEST_WORDS]


def refusal(where: str, said: bytes) -> MailError:
    """The error for a command that was answered with NO or BAD."""
    words = _without_verdict(said)
    if _TEMPORARY.search(words):
        return MailUnreachable(f"{where}: {words}", _LATER, retry_after=_rest(words))
    return MailError(f"{where}: {words}")


def farewell(where: str, said: bytes) -> MailUnreachable:
    """The error for a server that says BYE."""
    words = _without_verdict(said) or "without a reason"
    return MailUnreachable(f"{where}: the server ends the connection: {words}", _LATER, retry_after=_rest(words))


def login_refusal(where: str, user: str, said: bytes) -> MailError:
    """The error for a login that was answered with NO or BAD."""
    words = _without_verdict(said)
    if _NO_LOGIN_NOW.search(words):
        return MailUnreachable(f"{where}: no login now: {words}", _LATER, retry_after=_rest(words))
    return LoginRefused(f"{where} refuses the login of {safe_line(user)}: {words}", "check user name and password")


def _without_verdict(said: bytes) -> str:
    return spoken(re.sub(rb"^(?:NO|BAD|BYE|OK)\b *", b"", said, flags=re.IGNORECASE))


def _rest(words: str) -> float | None:
    found = _REST.search(words)
    return min(int(found[1]) / 1_000, LONGEST_REST) if found else None
