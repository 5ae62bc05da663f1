"""Mails of which it is known what is in them and what belongs together, written at random."""

from __future__ import annotations

import random
import re
from base64 import b64encode
from dataclasses import dataclass

_MARK = re.compile(r"mark (\d+) of matter (\d+)\.")


@dataclass(frozen=True, slots=True)
class Written:
    """A mail. `number` is its own, `matter` that of the conversation it belongs to; both stand in its text."""

    number: int
    matter: int
    message_id: str
    chain: tuple[str, ...]
    raw: bytes


def mark_in(text: str) -> tuple[int, int]:
    """The number and the matter of the mail whose text this is."""
    found = _MARK.search(text)
    assert found is not None, text[:200]
    return int(found[1]), int(found[2])


class Writers:
    """Customers, each with a matter of their own, about which they write again and again."""

    def __init__(self) -> None:
        self.mails: list[Written] = []
        self._answerable: list[Written] = []
        self._answered = set[str]()

    def write(self, chance: random.Random) -> Written:
        """Another mail: mostly a new matter or an answer, rarely one without an id, or with the id of another mail."""
        number, draw = len(self.mails), chance.random()
        unanswered = [each for each in self._answerable if each.message_id not in self._answered]
        if draw < 0.45 and self._answerable:
            parent = chance.choice(self._answerable)
            chain = (*parent.chain, parent.message_id)
            self._answered.update(chain)
            mail = _written(number, parent.matter, f"<{number}.m{parent.matter}@corp.example>", chain, chance)
            self._answerable.append(mail)
        elif draw < 0.52 and unanswered:
            recycled = chance.choice(unanswered)
            self._answerable.remove(recycled)  # nobody could tell which of the two an answer to that id means
            mail = _written(number, number, recycled.message_id, (), chance)
        elif draw < 0.95:
            mail = _written(number, number, f"<{number}.first@corp.example>", (), chance)
            self._answerable.append(mail)
        else:
            mail = _written(number, number, "", (), chance)
        self.mails.append(mail)
        return mail


def _written(number: int, matter: int, message_id: str, chain: tuple[str, ...], chance: random.Random) -> Written:
    head = (
        f"From: Customer {matter} <c{matter}@corp{matter}.example>\r\nTo: support@acme.example\r\n"
        f"Subject: {'Re: ' if chain else ''}Matter {matter}\r\nDate: Fri, 20 Nov 2026 09:12:00 +0200\r\n"
        "MIME-Version: 1.0\r\n"
    )
    head += f"Message-ID: {message_id}\r\n" if message_id else ""
    head += f"In-Reply-To: {chain[-1]}\r\nReferences: {' '.join(chain)}\r\n" if chain else ""
    text = f"Hello, this is mark {number} of matter {matter}.\r\n" + _words(chance)
    raw = f"{head}{_body(text, chance)}".encode()
    return Written(number, matter, message_id, chain, raw)


def _words(chance: random.Random) -> str:
    """A few lines, seldom very many; some look like what an IMAP server says."""
    lines = ("Grüße, 你好 and good-bye.", "* 1 EXPUNGE", ")", "T5 OK done", "Where is my refund? {9}", "From here", ".")
    count = int(10 ** chance.uniform(0, 2 if chance.random() < 0.95 else 4))
    return "".join(f"{chance.choice(lines)}\r\n" for _ in range(count))


def _body(text: str, chance: random.Random) -> str:
    if chance.random() < 0.8:
        return f"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}"
    file = b64encode(chance.randbytes(chance.randint(1, 3000))).decode()
    return (
        'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
        f"--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{text}\r\n"
        '--b\r\nContent-Type: image/png\r\nContent-Disposition: attachment; filename="screen.png"\r\n'
        f"Content-Transfer-Encoding: base64\r\n\r\n{file}\r\n--b--\r\n"
    )
