"""An mbox file gives every mail back byte for byte, read by Python's own module or by hand."""

from __future__ import annotations

import mailbox
import random
import re
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from mail.mbox import entry
from tests.mail.mails import mail

AT = datetime(2026, 11, 2, 9, 0, 5, tzinfo=UTC)
PIECES = (
    b"From ", b">From ", b">>From ", b"from ", b"From", b" From ", b"\n", b"\r\n", b"\r", b">", b"x", b"\0",
    b"\xff\xfe", "ж".encode(), b"\x0b", b"\x85", b"From ana@acme.example Mon Nov  2 09:00:05 2026\n",
)  # fmt: skip


def read(path: Path) -> list[bytes]:
    """What Python's module finds, with the quoting of mboxrd taken off."""
    with closing(mailbox.mbox(path, create=False)) as box:
        return [re.sub(rb"^>(>*From )", rb"\1", box.get_bytes(key), flags=re.MULTILINE) for key in box.iterkeys()]


def with_last_line_ended(raw: bytes) -> bytes:
    return raw if raw.endswith(b"\n") else raw + b"\n"


def test_every_mail_comes_back_as_it_was(tmp_path: Path) -> None:
    r = random.Random(8)
    mails = [mail(body="Hello\nFrom here on\n>From there\n\n"), b"", b"\n", b"From the start\n", b"no end"]
    mails += [b"".join(r.choice(PIECES) for _ in range(r.randrange(30))) for _ in range(500)]
    path = tmp_path / "mails.mbox"
    path.write_bytes(b"".join(entry(each, "dana@corp.example", AT) for each in mails))
    assert read(path) == list(map(with_last_line_ended, mails))


def test_the_line_before_a_mail_is_the_one_of_rfc_4155() -> None:
    line, _, rest = entry(b"Subject: x\r\n\r\nHello\r\n", "dana@corp.example", AT).partition(b"\n")
    assert line == b"From dana@corp.example Mon Nov  2 09:00:05 2026"
    assert rest == b"Subject: x\r\n\r\nHello\r\n\n"


def test_its_moment_is_in_utc() -> None:
    there = AT.astimezone(timezone(timedelta(hours=9)))
    assert entry(b"", "a@b.c", there) == entry(b"", "a@b.c", AT)


@pytest.mark.parametrize("sender", ["", "two words@corp.example", "a@b\nFrom c@d", "жена@пример.example", "a" * 300])
def test_a_sender_who_cannot_stand_there_is_nobody(sender: str) -> None:
    assert entry(b"", sender, AT).startswith(b"From MAILER-DAEMON Mon Nov  2 ")
