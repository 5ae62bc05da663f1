"""What waits in the outbox goes out, each mail at most once: claim it, send it, write down how that ended.

A mail is committed as *in DATA* before the server can have any of it. A process that ends there leaves a row of which
nobody knows whether the mail went out (RFC 1047): it becomes *uncertain* and is never sent again by itself. How a mail
is handed over is the Sender's matter; what agents do about a mail that failed is in desk/actions: resend, cancel,
send_to_rest and settle. What is found out about an uncertain one is in desk/inquiry.py.
"""

from desk.delivery.claims import ClaimLost
from desk.delivery.endings import HeldEndings
from desk.delivery.round import EVERYTHING, Delivered, Lane, deliver
from desk.delivery.waits import BACK_OFF, CLAIM_LEASE, DATA_LEASE, GIVE_UP, PROBES

__all__ = [
    "BACK_OFF",
    "CLAIM_LEASE",
    "DATA_LEASE",
    "EVERYTHING",
    "GIVE_UP",
    "PROBES",
    "ClaimLost",
    "Delivered",
    "HeldEndings",
    "Lane",
    "deliver",
]
