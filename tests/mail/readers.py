"""What programs that are none of ours read in a mail: the standard library, IMAP servers, and one in JavaScript."""

from __future__ import annotations

import base64
import email
import email.policy
import json
import quopri
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import collapse_rfc2231_value, getaddresses, unquote
from pathlib import Path
from typing import Protocol, cast
from urllib.parse import unquote as percent_decoded

from imapclient import IMAPClient


class _Who(Protocol):
    """An address as IMAPClient gives it."""

    name: bytes | None
    mailbox: bytes | None
    host: bytes | None


class _Envelope(Protocol):
    """RFC 3501 7.4.2."""

    subject: bytes | None
    from_: Sequence[_Who] | None
    to: Sequence[_Who] | None
    cc: Sequence[_Who] | None
    reply_to: Sequence[_Who] | None
    message_id: bytes | None
    in_reply_to: bytes | None


_Part = Sequence[bytes]

POSTAL = Path(__file__).with_name("postal.mjs")

People = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """One mail as somebody reads it: `text` without the line ends that only wrap it, each file with its content."""

    subject: str
    sender: People
    to: People
    cc: People
    reply_to: People
    message_id: str
    in_reply_to: str
    references: tuple[str, ...]
    text: str
    files: tuple[tuple[str, str, bytes], ...]


def unflowed(body: str) -> str:
    """A text as RFC 3676 4.2 says that a reader shall show it."""
    paragraphs: list[str] = []
    goes_on = False
    for written in body.replace("\r\n", "\n").removesuffix("\n").split("\n"):
        line = written.removeprefix(" ")
        paragraphs[-1:] = [paragraphs[-1] + line] if goes_on else [*paragraphs[-1:], line]
        goes_on = line.endswith(" ") and line != "-- " and not written.startswith(">")
    return "\n".join(paragraphs)


def words(raw: str) -> str:
    """A field's encoded words as text (RFC 2047)."""
    return str(make_header(decode_header(raw)))


def by_standard_library(raw: bytes) -> Seen:
    """As CPython's parser and its policy for new programs read it."""
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    old = email.message_from_bytes(raw)  # keeps fields as they stand: the new policy loses blanks between encoded words
    text, *parts = [mail] if not mail.is_multipart() else [cast("EmailMessage", each) for each in mail.iter_parts()]

    def people(name: str) -> People:
        found = getaddresses([_unfolded(str(each)) for each in old.get_all(name, [])])
        assert [each.addr_spec for each in (mail[name].addresses if name in mail else ())] == [a for _, a in found]
        return tuple((words(who), address) for who, address in found)

    return Seen(
        subject=str(mail["Subject"]),
        sender=people("From"),
        to=people("To"),
        cc=people("Cc"),
        reply_to=people("Reply-To"),
        message_id=str(mail["Message-ID"]),
        in_reply_to=str(mail["In-Reply-To"] or ""),
        references=tuple(_unfolded(str(old["References"])).split()),
        text=unflowed(text.get_content()),
        files=tuple(
            (_name(each.as_bytes(policy=email.policy.compat32)), each.get_content_type(), _decoded(each))
            for each in parts
        ),
    )


def by_imap(client: IMAPClient, uids: Sequence[int]) -> Iterator[Seen]:
    """As an IMAP server reads it: who, when and what by ENVELOPE, the parts by BODYSTRUCTURE and FETCH BODY[n]."""
    items = ["ENVELOPE", "BODYSTRUCTURE", "BODY.PEEK[HEADER.FIELDS (REFERENCES)]"]
    for uid in uids:
        found = client.fetch([uid], items)[uid]
        envelope = cast("_Envelope", found[b"ENVELOPE"])
        structure = cast("Sequence[object]", found[b"BODYSTRUCTURE"])
        is_parted = isinstance(structure[0], list)
        parts = cast("Sequence[_Part]", structure[0] if is_parted else [structure])
        wanted = [f"{number}{what}" for number in range(1, len(parts) + 1) for what in ("", ".MIME")]
        bodies = client.fetch([uid], [f"BODY.PEEK[{each}]" for each in wanted])[uid]
        fetched = [cast("bytes", bodies.get(f"BODY[{each}]".encode()) or b"") for each in wanted]
        contents = [_undone(data, part[5]) for data, part in zip(fetched[::2], parts, strict=True)]
        head = cast("bytes", found[b"BODY[HEADER.FIELDS (REFERENCES)]"]).decode()
        yield Seen(
            subject=words(_text(envelope.subject)),
            sender=_listed(envelope.from_),
            to=_listed(envelope.to),
            cc=_listed(envelope.cc),
            reply_to=_listed(envelope.reply_to),
            message_id=_text(envelope.message_id),
            in_reply_to=_text(envelope.in_reply_to),
            references=tuple(head.partition(":")[2].split()),
            text=unflowed(contents[0].decode()),
            files=tuple(
                (_named(part, head), f"{_text(part[0])}/{_text(part[1])}".lower(), content)
                for part, head, content in zip(parts[1:], fetched[3::2], contents[1:], strict=True)
            ),
        )


def by_postal_mime(folder: Path, mails: Sequence[bytes]) -> Iterator[Seen]:
    """As postal-mime reads it, installed in this folder."""
    node = shutil.which("node")
    assert node is not None
    given = "".join(f"{base64.b64encode(each).decode()}\n" for each in mails)
    said = subprocess.run(
        [node, str(POSTAL), str(folder)], input=given, capture_output=True, text=True, encoding="utf-8", check=True
    )
    for line in said.stdout.splitlines():
        mail = json.loads(line)
        people = {name: tuple((who, address) for who, address in each) for name, each in mail["people"].items()}
        message_id, in_reply_to, references = mail["ids"]
        yield Seen(
            subject=mail["subject"],
            sender=people["from"],
            to=people["to"],
            cc=people["cc"],
            reply_to=people["reply_to"],
            message_id=message_id,
            in_reply_to=in_reply_to,
            references=tuple(references.split()),
            text=mail["text"].removesuffix("\n"),
            files=tuple((name, kind, base64.b64decode(content)) for name, kind, content in mail["files"]),
        )


def _unfolded(raw: str) -> str:
    return raw.replace("\r\n", "").replace("\n", "")


def _decoded(part: EmailMessage) -> bytes:
    return cast("bytes", part.get_payload(decode=True))


def _name(head: bytes) -> str:
    """By RFC 2231 where that is given, which the standard library passes over where there is a plain name too."""
    old = email.message_from_bytes(head)
    named = cast("list[tuple[str, str | tuple[str, str, str]]]", old.get_params(header="content-disposition"))
    values = [value for key, value in named if key == "filename"]
    in_full = [collapse_rfc2231_value(each) for each in values if isinstance(each, tuple)]
    return in_full[0] if in_full else unquote(str(values[0]))


def _text(value: bytes | None) -> str:
    return (value or b"").decode()


def _listed(people: Sequence[_Who] | None) -> People:
    return tuple((words(_text(each.name)), f"{_text(each.mailbox)}@{_text(each.host)}") for each in people or ())


def _undone(data: bytes, encoding: bytes) -> bytes:
    match encoding.lower():
        case b"base64":
            return base64.b64decode(data)
        case b"quoted-printable":
            return quopri.decodestring(data)
        case _:
            return data


def _named(part: Sequence[object], head: bytes) -> str:
    """The file name among the parameters of a part's disposition; pymap leaves those in one piece, so by its head."""
    parted = [cast("tuple[bytes, tuple[bytes, ...]]", each) for each in part if isinstance(each, tuple)]
    found = [each[1] for each in parted if each[0] == b"attachment"]
    if not found:
        return _name(head)
    [flat] = found
    values = {key.decode().lower(): value.decode() for key, value in zip(flat[::2], flat[1::2], strict=True)}
    whole = values.get("filename*") or "".join(
        values[f"filename*{n}*"] for n in range(99) if f"filename*{n}*" in values
    )
    return percent_decoded(whole.partition("''")[2]) if whole else values["filename"]
