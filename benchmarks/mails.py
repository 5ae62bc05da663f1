"""A mailbox full of mails: customers who write, and answer each other's and their own mails.

Mails of 25 KB in the mean: two in five plain, nearly half with HTML beside the text, the others (15 %) with a file.
"""

from __future__ import annotations

import base64
import quopri
import random
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.worlds import sentences

_HEAD = """\
Received: from a.example by b.example; Fri, 20 Nov 2026 10:00:00 +0100
Received: from c.example by a.example; Fri, 20 Nov 2026 10:00:00 +0100
DKIM-Signature: v=1; a=rsa-sha256; d=customer.example; b={signature}
From: =?utf-8?q?Ann_J=C3=B6rg?= <ann{customer}@customer.example>
To: Support <support@acme.example>
Subject: {subject}
Date: Fri, 20 Nov 2026 10:00:00 +0100
Message-ID: <{number}@customer.example>
{answers}MIME-Version: 1.0
"""
_PLAIN = "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
_HTML = "Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
_PDF = (
    "Content-Type: application/pdf; name=a.pdf\nContent-Disposition: attachment; filename=a.pdf\n"
    "Content-Transfer-Encoding: base64\n\n"
)
_OPENS, _HAS_FILE, _HAS_HTML = 0.4, 0.15, 0.45
"""The shares of mails that answer no other, that hold a file, that have HTML beside the text."""


@dataclass(frozen=True, slots=True)
class _Written:
    number: int
    topic: int
    references: str


def mailbox(count: int) -> Iterator[tuple[int, bytes]]:
    """So many mails, always the same, each with the number of the conversation that it belongs to, from 1 on."""
    chance = random.Random(count)
    written: list[_Written] = []
    topics = 0
    for number in range(1, count + 1):
        before = None if not written or chance.random() < _OPENS else chance.choice(written[-500:])
        topics += before is None
        mine = _Written(number, before.topic if before else topics, _chain(before))
        written.append(mine)
        yield mine.topic, mail(mine.number, mine.topic, mine.references, chance)


def mail(number: int, topic: int, references: str, chance: random.Random) -> bytes:
    """One mail of a conversation, which answers the last of these Message-IDs."""
    re = "Re: " if references else ""
    answers = f"In-Reply-To: {references.rsplit(maxsplit=1)[-1]}\nReferences: {references}\n" if references else ""
    subject = f"{re}=?utf-8?q?Gr=C3=BC=C3=9Fe?= about order {topic}"
    head = _HEAD.format(number=number, customer=topic, subject=subject, answers=answers, signature="x" * 300)
    kind = chance.random()
    if kind < _HAS_FILE:
        file = base64.encodebytes(chance.randbytes(65_000)).decode()
        return _multipart(head, "mixed", _PLAIN + _encoded(_text(2_000, chance)), _PDF + file)
    if kind < _HAS_FILE + _HAS_HTML:
        text = _text(2_500, chance)
        page = "".join(f"<p style='margin: 0'>{line}</p>\n" for line in text.split("\n"))
        return _multipart(head, "alternative", _PLAIN + _encoded(text), _HTML + _encoded(page))
    return _wired(head + _PLAIN + _encoded(_text(17_000, chance)))


def _chain(before: _Written | None) -> str:
    """The References of an answer, cut to the last ten."""
    return " ".join([*before.references.split(), f"<{before.number}@customer.example>"][-10:]) if before else ""


def _multipart(head: str, kind: str, *parts: str) -> bytes:
    body = "".join(f"--edge\n{each}\n" for each in parts)
    return _wired(f"{head}Content-Type: multipart/{kind}; boundary=edge\n\n{body}--edge--\n")


def _text(size: int, chance: random.Random) -> str:
    return "Grüße!\n" + "\n".join(chance.choices(sentences(), k=size // 65))


def _encoded(text: str) -> str:
    return quopri.encodestring(text.encode()).decode()


def _wired(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode()
