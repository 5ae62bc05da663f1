"""Mails in one mbox file (RFC 4155), written in the variant called mboxrd: every byte stays but what is said here.

A line that begins with `From `, be it after any number of `>`, gets one more `>`; whoever reads the file takes that one
off and has the mail as it was. A mail whose last line has no end gets a line feed, for the next one begins a new line.
Line ends stay as they came: mail has CR LF, where RFC 4155 would have them turned into LF and so lost.
How such files are read, those of other programs too, is in `mail.unboxing`.
"""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime

_QUOTED = re.compile(rb"^(>*From )", re.MULTILINE)
_ADDRESS = re.compile(r"[!-~]{1,254}")
_NOBODY = "MAILER-DAEMON"


def entry(raw: bytes, sender: str, at: datetime) -> bytes:
    """One mail with the line before it, which names the sender's address and the moment (UTC), and a blank one behind.

    A sender who cannot stand there is called MAILER-DAEMON, as is usual.
    """
    who = sender if _ADDRESS.fullmatch(sender) else _NOBODY
    head = f"From {who} {time.asctime(at.astimezone(UTC).timetuple())}\n".encode()
    end = b"\n" if raw.endswith(b"\n") else b"\n\n"
    return head + _QUOTED.sub(rb">\1", raw) + end
