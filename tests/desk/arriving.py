"""Mail that arrives as bytes, for tests of what becomes of it."""

from __future__ import annotations

import itertools
from datetime import datetime

from desk.desk import Desk
from desk.incoming import Fetched, Place
from desk.intake import Taken, take_in
from mail.parse import parse

_uids = itertools.count(1)

AWAY = "Thank you for your message. I am away until Monday and will answer when I am back in the office."


def arrive(desk: Desk, raw: bytes, received: datetime | None = None, *, is_sent: bool = False) -> Taken:
    """Take these bytes in as a mail that reached the server then."""
    place = Place("support", "INBOX", 5, next(_uids))
    fetched = Fetched(place, raw, received or desk.clock(), is_sent=is_sent)
    taken = take_in(desk, fetched, parse(raw), desk.blobs.put(raw))
    assert taken is not None
    return taken


def mail_from(sender: str, subject: str = "Question", text: str = "", *lines: str) -> bytes:
    """A mail of its own: its id and text are like no other's, unless a text is given."""
    number = next(_uids)
    head = [
        f"From: {sender}",
        "To: support@acme.example",
        f"Subject: {subject}",
        f"Message-ID: <m{number}@mails.example>",
        "Date: Fri, 20 Nov 2026 09:00:00 +0000",
        *lines,
    ]
    body = text or f"This is letter {number} about {_word(number)} and nothing else that was written before."
    return ("\r\n".join([*head, "", body, ""])).encode()


def _word(number: int) -> str:
    """A word for a number, all letters: what is alike but for numbers counts as the same words."""
    return "".join(chr(ord("a") + int(digit)) for digit in str(number))
