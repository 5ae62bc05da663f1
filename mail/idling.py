"""Waiting for a server to announce something, with IDLE (RFC 2177), and noticing when it is not there any more.

A line that comes in pieces is waited for, one that cannot be understood ends the connection, and so does silence.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Literal

from desk.errors import MailError, MailUnreachable
from mail.dialogue import Dialogue

ROUND = 60.0
"""Seconds of one IDLE. RFC 2177 asks for less than 29 minutes, and many routers forget a silent connection after
five. Renewing every minute costs three small packets and finds a dead server, and a mail that was never announced,
within that minute instead of nine."""

GLANCE = 0.2
"""Seconds between two questions whether a wait should end."""

PROMPT = 20.0
"""Seconds within which a server takes up and ends IDLE, or is gone."""

Ending = Literal["announced", "quiet", "refused"]
"""Why an IDLE ended: more mails were announced, time was over or somebody stopped it, or the server knows no IDLE."""


def idle(dialogue: Dialogue, seconds: float, stop: Callable[[], bool]) -> Ending:
    """Wait for the folder to grow.

    Raises:
        MailUnreachable: the connection is lost, garbled or silent.
    """
    deadline, known = time.monotonic() + seconds, dialogue.arrivals
    dialogue.wire.expect_within(PROMPT)
    tag = dialogue.ask(b"IDLE")
    while not (dialogue.is_prompted or dialogue.has_ended(tag)):
        dialogue.hear()
    while dialogue.arrivals == known and not dialogue.has_ended(tag):
        left = deadline - time.monotonic()
        if left <= 0 or stop():
            break
        if dialogue.wire.is_ready(min(left, GLANCE)):
            dialogue.hear()
    return _end(dialogue, tag, known)


def _end(dialogue: Dialogue, tag: bytes, known: int) -> Ending:
    if not dialogue.has_ended(tag):
        dialogue.wire.send(b"DONE\r\n")
        for _ in dialogue.answers(tag):
            pass
    dialogue.wire.relax()
    try:
        dialogue.end(tag)
    except MailUnreachable:
        raise
    except MailError:
        return "refused"
    return "quiet" if dialogue.arrivals == known else "announced"
