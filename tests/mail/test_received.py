"""When a mail came is told by whoever kept it, or by its own header, and is never in the future."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from mail.received import received

NOW = datetime(2026, 11, 22, tzinfo=UTC)
TOLD = datetime(2026, 11, 2, 9, tzinfo=UTC)
RECEIVED = (
    b"Received: from b.example ([192.0.2.1])\r\n\tby mx.acme.example; Mon, 2 Nov 2026 09:00:07 +0000 (UTC)\r\n"
    b"Received: from a.example by b.example; Mon, 2 Nov 2026 08:00:00 +0000\r\n"
)
STAMPED = datetime(2026, 11, 2, 9, 0, 7, tzinfo=UTC)
DATE = b"Date: Sun, 1 Nov 2026 10:00:00 +0200\r\n"
LATER = b"Date: Fri, 1 Jan 2038 10:00:00 +0200\r\n"


@pytest.mark.parametrize(
    ("head", "told", "at"),
    [
        (RECEIVED + DATE, TOLD, TOLD),
        (RECEIVED + DATE, None, STAMPED),
        (RECEIVED + DATE, NOW - timedelta(days=1), STAMPED),
        (DATE, TOLD, TOLD),
        (DATE, None, datetime(2026, 11, 1, 8, tzinfo=UTC)),
        (b"", None, NOW),
        (LATER, None, NOW),
        (b"", NOW + timedelta(days=9), NOW),
        (b"Received: nonsense\r\n" + DATE, None, datetime(2026, 11, 1, 8, tzinfo=UTC)),
        (b"Received: ;;;;\r\nReceived: x; Mon, 2 Nov 2026 09:00:07 +0000\r\n", None, NOW),
    ],
)
def test_when_a_mail_came(head: bytes, told: datetime | None, at: datetime) -> None:
    assert received(b"Subject: x\r\n" + head + b"\r\nReceived: x; Mon, 2 Nov 2020 09:00:07 +0000\r\n", told, NOW) == at


def test_endless_headers_are_no_trouble() -> None:
    assert received(b"Received:" + b"\r\n " * 200_000, None, NOW) == NOW
    assert received(b"Received: x;" + b" 1" * 200_000, None, NOW) == NOW
