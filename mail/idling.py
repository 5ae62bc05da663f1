"""Waiting for a server to announce something, with IDLE (RFC 2177), and noticing when it is not there any more.

IMAPClient's `idle_check` takes a closed connection for silence and a line in two packets for an error, so the line is
listened to here; it knows itself what was announced.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Literal

from desk.errors import MailError, MailUnreachable
from mail.client import Client

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


def idle(client: Client, seconds: float, stop: Callable[[], bool]) -> Ending:
    """Wait for the folder to grow.

    Raises:
        MailUnreachable: the connection is lost, garbled or silent.
    """
    line = client.line
    deadline, known, usual = time.monotonic() + seconds, line.arrivals, line.patience
    line.patience = min(PROMPT, usual)
    try:
        with client.asking():
            client.idle()
    except MailUnreachable:
        if line.heard[:2] != b"* " or line.heard[:5].upper() == b"* BYE":
            raise
        while not line.readline().startswith(b"+"):
            pass  # the server told something before it went over to IDLE, which IMAPClient does not expect
    except MailError:
        return "refused"
    finally:
        line.patience = usual
    while line.arrivals == known and (left := deadline - time.monotonic()) > 0 and not stop():
        if line.is_ready(min(left, GLANCE)) and not line.readline().startswith(b"* "):
            raise line.not_understood()
    line.patience = min(PROMPT, usual)
    with client.asking():
        client.idle_done()
    line.patience = usual
    return "quiet" if line.arrivals == known else "announced"
