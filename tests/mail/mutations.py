"""Mails broken at random, from good ones of our own and, where it is at hand, from the shared corpus.

Number and seed say exactly which mail it was: `mutated(seed, number)` makes it again.
"""

from __future__ import annotations

import base64
import random
from collections.abc import Callable
from functools import cache

from tests.mail.mails import mail, multipart, part
from tests.mail.trees import CORPUS

LARGEST = 60_000
"""Bytes of a mail that is broken here: small ones break in more ways in the same time."""

CALENDAR = "BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nSUMMARY:x\nDTSTART;TZID=a:20261123T100000\nEND:VEVENT"
STATUS = "Reporting-MTA: dns; x\n\nFinal-Recipient: rfc822; a@x.example\nAction: failed\nStatus: 5.1.1\n"
WINMAIL = base64.encodebytes(
    b"\x78\x9f\x3e\x22\1\0\2\2\x90\6\0\0\0\0\0\0\0\2\x10\x80\1\0\6\0\0\0a.txt\0\0\0\2\x0f\x80\6\0\3\0\0\0abc\0\0"
).decode()
TOKENS = (
    *(b"\0", b"\x1b]0;x\x07", b"\x9b31m", b"\xe2\x80\xae", b"\xed\xa0\x80", b"\xff\xfe", b"\r", b"\n", b"\r\n\r\n"),
    *(b"=?utf-8?b?AAAA?=", b"=?utf-8?q?=1B[31m=00?=", b"=?x?q?=", b"=?utf-7?q?+AAA-?=", b"=?hex?b?QQ==?="),
    *(b"Content-Type: multipart/mixed; boundary=edge\r\n", b"--edge\r\n", b"--edge--\r\n", b"--"),
    *(
        b"Content-Type: message/rfc822\r\n\r\n",
        b"Content-Type: text/html\r\n\r\n",
        b"Content-Type: text/calendar\r\n\r\n",
    ),
    *(b"Content-Transfer-Encoding: base64\r\n", b"Content-Transfer-Encoding: x-uuencode\r\n", b"charset=utf-16"),
    *(b"charset=utf-7", b"format=flowed", b"filename*0*=utf-8''%00%1b", b'From: ,;:<>()"@\r\n', b"<" * 500, b"(" * 500),
    *(b"<div>" * 200, b"<table><tr><td>" * 50, b"&#27;]52;c;x&#7;", b"<a href=http://x>y</a>", b"<!--", b"<![CDATA["),
)


@cache
def originals() -> tuple[bytes, ...]:
    """The mails that are broken: always the same ones in the same order."""
    files = sorted(each for each in CORPUS.rglob("*") if each.suffix in (".eml", ".raw", ".msg", ".mbox", ".txt"))
    return (*_own(), *(each.read_bytes() for each in files if each.stat().st_size < LARGEST))


def _own() -> tuple[bytes, ...]:
    html = '<p style="x">Grüße &amp; <b>Ann</b><table><tr><td>1<td>2</table><a href="https://a.example/">b</a>'
    inner = mail(subject="inner", body="inner words").decode().replace("\r\n", "\n")
    file = part("application/pdf; name=a.pdf", "JVBERi0=", "Content-Transfer-Encoding: base64")
    return (
        mail("Cc: Bo <bo@x.example>, c@x.example", subject="=?utf-8?q?Gr=C3=BC=C3=9Fe?= =?koi8-r?b?8NLJ18XU?="),
        mail("Content-Type: text/plain; charset=iso-2022-jp; format=flowed", body="one \ntwo\n\n> three \n> four\n"),
        mail("Content-Type: text/html; charset=utf-8", body=html),
        mail("In-Reply-To: <b@x>", "References: <a@x> <b@x>", "Reply-To: <e@evil.example>", body="> q\n\n-- \nAnn"),
        multipart("alternative", part("text/plain", "plain"), part("text/html; charset=utf-8", html)),
        multipart("mixed", part("text/plain", "Hi"), file, part("message/rfc822", inner)),
        multipart("mixed", part("text/plain", "Hi"), part("text/calendar; method=REQUEST", CALENDAR)),
        multipart(
            "report", part("text/plain", "Hi"), part("message/delivery-status", STATUS), part("message/rfc822", inner)
        ),
        multipart("mixed", part("application/ms-tnef; name=winmail.dat", WINMAIL, "Content-Transfer-Encoding: base64")),
        mail("Content-Transfer-Encoding: x-uuencode", body="begin 644 x\n%2&5L;&\\\n`\nend\n"),
        mail("Content-Transfer-Encoding: quoted-printable", body="caf=C3=A9 =\nx=\n=3D=ZZ"),
    )


def mutated(seed: int, number: int) -> bytes:
    """One broken mail."""
    chance = random.Random(f"{seed}:{number}")
    raw = chance.choice(originals())
    for _ in range(chance.randint(1, 6)):
        raw = chance.choice(WAYS)(raw, chance)[:LARGEST]
    return raw


def _flip(raw: bytes, chance: random.Random) -> bytes:
    data = bytearray(raw or b"x")
    for _ in range(chance.randint(1, 20)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data)


def _cut_out(raw: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(raw) + 1)
    return raw[:start] + raw[start + chance.randint(1, 200) :]


def _cut_off(raw: bytes, chance: random.Random) -> bytes:
    return raw[: chance.randrange(len(raw) + 1)]


def _repeat(raw: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(raw) + 1)
    return raw[:start] + raw[start : start + chance.randint(1, 300)] * chance.randint(2, 40) + raw[start:]


def _insert(raw: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(raw) + 1)
    return raw[:start] + chance.choice(TOKENS) * chance.choice((1, 1, 1, 2, 50)) + raw[start:]


def _insert_line(raw: bytes, chance: random.Random) -> bytes:
    lines = raw.split(b"\n")
    lines.insert(chance.randrange(min(len(lines), 30) + 1), chance.choice(TOKENS))
    return b"\n".join(lines)


def _shuffle(raw: bytes, chance: random.Random) -> bytes:
    lines = raw.split(b"\n")
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return b"\n".join(lines)


def _splice(raw: bytes, chance: random.Random) -> bytes:
    other = chance.choice(originals())
    return raw[: chance.randrange(len(raw) + 1)] + other[chance.randrange(len(other) + 1) :]


def _line_ends(raw: bytes, chance: random.Random) -> bytes:
    return raw.replace(b"\r\n", b"\n").replace(b"\n", chance.choice((b"\r", b"\n", b"\r\n", b"\r\r\n")))


def _enclose(raw: bytes, chance: random.Random) -> bytes:
    head = b"Content-Type: " + chance.choice((b"message/rfc822", b"multipart/mixed; boundary=edge", b"text/html"))
    return b"From: a@b.example\r\n" + head + b"\r\n\r\n--edge\r\n" + raw


WAYS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _flip,
    _cut_out,
    _cut_off,
    _repeat,
    _insert,
    _insert,
    _insert_line,
    _insert_line,
    _shuffle,
    _splice,
    _line_ends,
    _enclose,
)
