"""Automatic answers that were given, as far as it must be remembered, and the switch that stops them all."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from desk.people import Address, Handle

Likeness = Literal["address", "domain", "words"]
"""By what answers are counted: who got them, at which domain, and what the mail said that they answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledged:
    """One automatic answer, `at` a time in UTC. It names nobody: it is counted by digests under the desk's own key."""

    at: datetime
    address: str
    domain: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """That no automatic answers are given since then, UTC, and who stopped them (None: Tandem did), and why."""

    at: datetime
    by: Handle | None = None
    why: str = ""


def acknowledged(secret: bytes, person: Address, words: str, at: datetime) -> Acknowledged:
    """What is remembered of an answer to this person, to a mail that reads like `words` (a likeness)."""
    return Acknowledged(
        at=at,
        address=_keyed(secret, "address", person.key),
        domain=_keyed(secret, "domain", person.key.rpartition("@")[2]),
        words=_keyed(secret, "words", words),
    )


def _keyed(secret: bytes, kind: Likeness, value: str) -> str:
    """HMAC-SHA256 (RFC 2104), or nothing for nothing."""
    said = f"acknowledged {kind}\0{value}".encode("utf-8", "surrogatepass")
    return hmac.digest(secret, said, "sha256").hex() if value else ""
