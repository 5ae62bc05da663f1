"""Reading mails: bytes to all that a ticket holds of them, beside the standard library decoding as much and no more.

Mails of 25 KB in the mean: two in five plain, two with HTML beside it, one in seven with a PDF.
"""

from __future__ import annotations

import base64
import email
import os
import quopri
import random
from collections.abc import Callable, Iterator
from email.header import decode_header, make_header
from email.policy import compat32
from functools import partial
from pathlib import Path

from mail.parse import parse
from mail.reading import WorkerReader

_MAILS = 1_000
_TIMES = 5
_WORDS = "order printer refund customer please thanks shipment invoice delivery broken arrive package Grüße".split()  # noqa: SIM905
_HEAD = """\
Received: from a.example by b.example; Fri, 20 Nov 2026 10:00:00 +0100
Received: from c.example by a.example; Fri, 20 Nov 2026 10:00:00 +0100
DKIM-Signature: v=1; a=rsa-sha256; d=customer.example; b={signature}
From: =?utf-8?q?Ann_J=C3=B6rg?= <ann{number}@customer.example>
To: Support <support@acme.example>
Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?= about order {number}
Date: Fri, 20 Nov 2026 10:00:00 +0100
Message-ID: <{number}@customer.example>
In-Reply-To: <{before}@acme.example>
References: <a{before}@acme.example> <{before}@acme.example>
MIME-Version: 1.0
"""
_PLAIN = "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
_HTML = "Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
_PDF = (
    "Content-Type: application/pdf; name=a.pdf\nContent-Disposition: attachment; filename=a.pdf\n"
    "Content-Transfer-Encoding: base64\n\n"
)


def measure(_folder: Path) -> Iterator[str]:
    """Mails a second of processor time, and what ours are of the standard library's; in turns, the best of each."""
    chance = random.Random(1)
    mails = [_mail(number, chance) for number in range(_MAILS)]
    yield f"reading {_MAILS:,} mails of {sum(map(len, mails)) / _MAILS / 1000:.0f} KB"
    works = (partial(_each, _decoded, mails), partial(_each, parse, mails), partial(_in_a_process, mails))
    rounds = [[_cpu(work) for work in works] for _ in range(_TIMES)]
    bare, ours, worker = (min(each) for each in zip(*rounds, strict=True))
    yield _line("the standard library (compat32), everything decoded", bare, bare)
    yield _line("ours, in this process", ours, bare)
    yield _line("ours, in a process of its own, both sides", worker, bare)


def _line(what: str, taken: float, bare: float) -> str:
    return f"  {what:<54}{_MAILS / taken:8,.0f} mails/s {bare / taken:6.2f}"


def _each(read: Callable[[bytes], object], mails: list[bytes]) -> None:
    for mail in mails:
        read(mail)


def _in_a_process(mails: list[bytes]) -> None:
    with WorkerReader() as reader:
        _each(reader.read, mails)


def _cpu(work: Callable[[], object]) -> float:
    """Seconds of processor time, of this process and of those that it saw off."""
    before = os.times()
    work()
    return sum(os.times()[:4]) - sum(before[:4])


def _decoded(raw: bytes) -> list[str | bytes]:
    """What others decode of a mail: the subject, the texts, the files."""
    mail = email.message_from_bytes(raw, policy=compat32)
    found: list[str | bytes] = [str(make_header(decode_header(str(mail["subject"]))))]
    for part in mail.walk():
        if not part.is_multipart():
            data = part.get_payload(decode=True)
            data = data if isinstance(data, bytes) else b""
            is_text = part.get_content_maintype() == "text"
            found.append(data.decode(part.get_content_charset("utf-8"), "replace") if is_text else data)
    return found


def _mail(number: int, chance: random.Random) -> bytes:
    head = _HEAD.format(number=number, before=number - 1, signature="x" * 300)
    kind = chance.random()
    if kind < 1 / 7:
        file = base64.encodebytes(chance.randbytes(80_000)).decode()
        return _multipart(head, "mixed", _PLAIN + _encoded(_text(2_000, chance)), _PDF + file)
    if kind < 3 / 5:
        text = _text(2_500, chance)
        page = "".join(f"<p style='margin: 0'>{line}</p>\n" for line in text.split("\n"))
        return _multipart(head, "alternative", _PLAIN + _encoded(text), _HTML + _encoded(page))
    return _wired(head + _PLAIN + _encoded(_text(18_000, chance)))


def _multipart(head: str, kind: str, *parts: str) -> bytes:
    body = "".join(f"--edge\n{each}\n" for each in parts)
    return _wired(f"{head}Content-Type: multipart/{kind}; boundary=edge\n\n{body}--edge--\n")


def _text(size: int, chance: random.Random) -> str:
    lines = (" ".join(chance.choices(_WORDS, k=10)) for _ in range(size // 80))
    return "\n".join(lines)


def _encoded(text: str) -> str:
    return quopri.encodestring(text.encode()).decode()


def _wired(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode()
