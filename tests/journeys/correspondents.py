"""Customers' mail programs, as they answer the very bytes that they got: what they call the mail, name and quote."""

from __future__ import annotations

import base64
import email
import email.policy
import struct
from dataclasses import dataclass, field
from email.message import EmailMessage
from itertools import count
from typing import Literal

Kind = Literal["gmail", "outlook", "plain"]

_serial = count(1)


@dataclass
class Correspondent:
    """Somebody who writes to us with one kind of program; `subject` is what they call the matter at first."""

    kind: Kind
    name: str
    address: str
    subject: str
    sent: list[str] = field(default_factory=list[str])

    @property
    def sender(self) -> str:
        """As it stands in From."""
        return f"{self.name} <{self.address}>"

    def begin(self, text: str) -> bytes:
        """The first mail."""
        return self._written(self.subject, text, {})

    def answer(self, got: bytes, text: str) -> bytes:
        """The answer to a mail of ours as it reached this program: each has its own way to name and to quote it."""
        ours = email.message_from_bytes(got, policy=email.policy.default)
        match self.kind:
            case "gmail":
                return self._as_gmail(ours, text)
            case "outlook":
                return self._as_outlook(ours, text)
            case _:
                return self._as_plain(ours, text)

    def _as_gmail(self, ours: EmailMessage, text: str) -> bytes:
        """Text and HTML, above the whole mail; all ids kept."""
        named = f"On Fri, Nov 20, 2026 at 9:12\u202fAM {ours['From']} wrote:"
        return self._written(
            _prefixed("Re: ", ours["Subject"]),
            f"{text}\n\n{named}\n\n{_quoted(ours)}",
            {"In-Reply-To": ours["Message-ID"], "References": f"{ours['References']}\r\n {ours['Message-ID']}"},
            html=True,
        )

    def _as_outlook(self, ours: EmailMessage, text: str) -> bytes:
        """A server on the way gave our mail another id, which is what is named; a German head, no marks."""
        seen = f"<{next(_serial):x}.rewritten@EURP190.PROD.OUTLOOK.example>"
        turn = len(self.sent)
        prefix = ("AW: ", "RE: ", "WG: ")[turn % 3]
        head = f"Von: {ours['From']}\nGesendet: Freitag, 20. November 2026 09:12\nAn: {self.sender}"
        head += f"\nBetreff: {ours['Subject']}"
        index = base64.b64decode(str(ours["Thread-Index"])) if ours["Thread-Index"] else b"\x01\xdc" + bytes(20)
        more = {
            "In-Reply-To": seen,
            "References": f"{ours['References']}\r\n {seen}",
            "Thread-Topic": str(ours["Thread-Topic"] or self.subject),
            "Thread-Index": base64.b64encode(index + struct.pack(">IB", turn, 7)).decode(),
            "X-MS-Has-Attach": "",
            "Accept-Language": "de-DE, en-US",
        }
        subject = _prefixed(prefix, _bare(ours["Subject"]))
        return self._written(subject, f"{text}\n\n{'_' * 32}\n{head}\n\n{_body(ours)}", more, html=True)

    def _as_plain(self, ours: EmailMessage, text: str) -> bytes:
        """Below the mail that is quoted; now and then only the mail itself is named, and once under another subject."""
        turn = len(self.sent)
        more = {"In-Reply-To": str(ours["Message-ID"])}
        if turn % 2:
            more["References"] = f"{ours['References']} {ours['Message-ID']}"
        subject = "one thing more" if turn == 3 else _prefixed("Re: ", ours["Subject"])
        return self._written(subject, f"{_quoted(ours)}\n\n{text}", more)

    def _written(self, subject: str, text: str, more: dict[str, str], *, html: bool = False) -> bytes:
        message = EmailMessage(policy=email.policy.SMTP)
        hosts = {"gmail": "mail.gmail.example", "outlook": "EURP190.PROD.OUTLOOK.example", "plain": "laptop.example"}
        message_id = f"<CA+{next(_serial):06d}.{self.address.partition('@')[0]}@{hosts[self.kind]}>"
        message["From"] = self.sender
        message["To"] = "Acme Support <support@acme.example>"
        message["Subject"] = subject
        message["Message-ID"] = message_id
        message["Date"] = "Fri, 20 Nov 2026 10:12:00 +0100"
        message.set_content(text, cte="quoted-printable")
        if html:
            rows = "".join(f"<div>{line}</div>" for line in text.replace("&", "&amp;").replace("<", "&lt;").split("\n"))
            message.add_alternative(f"<html><body>{rows}</body></html>", subtype="html", cte="base64")
        self.sent.append(message_id)
        head, _, body = message.as_bytes().partition(b"\r\n\r\n")
        lines = "".join(f"\r\n{name}: {value}" for name, value in more.items())
        return head + lines.encode() + b"\r\n\r\n" + body


def _prefixed(prefix: str, subject: str) -> str:
    return subject if subject.startswith(prefix) else f"{prefix}{subject}"


def _bare(subject: str) -> str:
    return subject.removeprefix("Re: ").removeprefix("AW: ")


def _body(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    text: str = part.get_content()
    return text.replace("\r\n", "\n").strip("\n")


def _quoted(message: EmailMessage) -> str:
    return "\n".join(f"> {line}" for line in _body(message).split("\n"))
