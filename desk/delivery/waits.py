"""How long everything waits: claims, mails that were put off, and accounts that are not let in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from desk.outgoing import OutboxEntry

CLAIM_LEASE = timedelta(minutes=5)
"""How long a process may take to reach DATA: a slow server with a login and several recipients needs minutes."""

DATA_LEASE = timedelta(minutes=21)
"""How long a mail may take: ten minutes to go out, ten for the answer (RFC 5321 4.5.3.2.6), and one for us."""

BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 60))
"""How long a mail waits after its first, second, ... attempt, give or take a fifth; then always as after the last."""

GIVE_UP = timedelta(hours=24)
"""For how long we let ourselves be put off. A mail of a computer that slept through this still gets every wait once."""

PROBES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30))
"""How long a stopped account is left alone before the first, second, ... question; then always as after the last."""


def after_attempt(attempts: int, chance: Callable[[], float]) -> timedelta:
    """How long a mail waits after so many attempts; `chance` from 0 to 1 spreads it."""
    usual = BACK_OFF[min(attempts, len(BACK_OFF)) - 1]
    return timedelta(seconds=round(usual.total_seconds() * (0.8 + 0.4 * chance())))


def is_over(mail: OutboxEntry, now: datetime) -> bool:
    """Whether a mail was put off for long enough. The time in which its account was stopped does not count."""
    waited = now - mail.created - timedelta(seconds=mail.held)
    return mail.attempts >= len(BACK_OFF) and waited >= GIVE_UP


def before_probe(probes: int) -> timedelta:
    """How long a stopped account is left alone after it was asked so many times."""
    return PROBES[min(probes, len(PROBES) - 1)]
