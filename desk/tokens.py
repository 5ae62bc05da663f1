"""Signed tokens in the ids of our mails: they lead an answer to its ticket when nothing else does.

A token is `tNUMBER.RANDOM.SIGNATURE`. It fits the local part of an address too (RFC 5321 4.5.3.1.1: 64 octets), so it
is all of small letters and digits, which survive mail systems that change case. The signature is an HMAC (RFC 2104)
over the ticket's number, the moment at which it was opened, and the random part: where a restored backup gives a
number to another matter, tokens from before do not lead to it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Iterator

from desk.ticket import Ticket, TicketNumber

_RANDOM, _SIGNED = 10, 15
"""Bytes: 80 bits so that no two mails share an id, 120 so that nobody guesses a signature."""

_LONGEST_LOCAL = 64
"""Octets of the part before the @ (RFC 5321 4.5.3.1.1)."""

_TOKEN = re.compile(r"(?<![a-z0-9])t([1-9][0-9]{0,9})\.[a-z2-7]{16}\.[a-z2-7]{24}(?![a-z0-9])", re.ASCII)
_PURPOSE = b"tandem thread token\0"


def new_token(secret: bytes, ticket: Ticket) -> str:
    """A token for a new mail on this ticket."""
    start = f"t{ticket.number}.{_letters(secrets.token_bytes(_RANDOM))}"
    return f"{start}.{_signature(secret, ticket, start)}"


def find_tokens(text: str) -> Iterator[str]:
    """What looks like a token in an id or an address, whoever made it."""
    return (found[0] for found in _TOKEN.finditer(text.lower()))


def named_by(token: str) -> TicketNumber | None:
    """The ticket that a token names."""
    found = _TOKEN.fullmatch(token)
    return TicketNumber(int(found[1])) if found else None


def with_token(address: str, token: str) -> str | None:
    """The address as `support+TOKEN@`; None where that would be longer than servers must take, or has a `+` already."""
    local, _, domain = address.rpartition("@")
    marked = f"{local}+{token}"
    return f"{marked}@{domain}" if "+" not in local and len(marked) <= _LONGEST_LOCAL and marked.isascii() else None


def without_token(address: str) -> str:
    """A mail address without the token in `support+TOKEN@`, whoever made that."""
    local, at, domain = address.rpartition("@")
    name, _, token = local.partition("+")
    return f"{name}{at}{domain}" if _TOKEN.fullmatch(token.lower()) else address


def is_signed(secret: bytes, token: str, ticket: Ticket) -> bool:
    """Whether we made this token for this very ticket; takes as long whatever the token is."""
    start, _, signature = token.rpartition(".")
    return named_by(token) == ticket.number and hmac.compare_digest(signature, _signature(secret, ticket, start))


def _signature(secret: bytes, ticket: Ticket, start: str) -> str:
    said = f"{start}\0{ticket.created.isoformat()}".encode()
    return _letters(hmac.digest(secret, _PURPOSE + said, hashlib.sha256)[:_SIGNED])


def _letters(data: bytes) -> str:
    return base64.b32encode(data).decode().rstrip("=").lower()
