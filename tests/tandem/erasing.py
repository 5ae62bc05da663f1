"""Mails taken in on a desk as if they had been fetched, and a look for words in all of its files."""

from __future__ import annotations

import base64
import itertools
import quopri
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from desk.desk import Desk
from desk.incoming import Fetched, Incoming, Place
from desk.intake import Taken, take_in
from mail.parse import parse

_uids = itertools.count(1000)

DANA = "Dana Petrowska <dana.p@corp.example>"
LEO = "Leo Brandt <leo@partner.example>"


def mail(
    number: int,
    text: str,
    *,
    sender: str = DANA,
    to: str = "support@acme.example",
    cc: str = "",
    subject: str = "Broken zeppelin",
    encoding: str = "8bit",
    answers: str = "",
    more: str = "",
    attached: bytes = b"",
) -> bytes:
    """A mail as somebody's program would send it, in one of the transfer encodings; `more` are lines of its head."""
    body = text.replace("\n", "\r\n").encode()
    if encoding == "base64":
        body = base64.encodebytes(body).replace(b"\n", b"\r\n")
    elif encoding == "quoted-printable":
        body = quopri.encodestring(body, quotetabs=True)
    copies = f"Cc: {cc}\r\n" if cc else ""
    host = "dana-laptop.example" if "dana" in sender.casefold() else "leo-desktop.example"
    threads = f"In-Reply-To: {answers}\r\nReferences: {answers}\r\n" if answers else ""
    head = (
        f"From: {sender}\r\nTo: {to}\r\n{copies}Subject: {subject}\r\nMessage-ID: <{number}@{host}>\r\n"
        f"{threads}{more}Date: Fri, 20 Nov 2026 09:12:00 +0200\r\nMIME-Version: 1.0\r\n"
    ).encode()
    part = f"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n".encode() + body
    if not attached:
        return head + part
    file = (
        b'Content-Type: application/octet-stream; name="scan.bin"\r\nContent-Transfer-Encoding: base64\r\n'
        b'Content-Disposition: attachment; filename="scan.bin"\r\n\r\n' + base64.encodebytes(attached)
    )
    edge = b"--edge\r\n"
    return (
        head
        + b'Content-Type: multipart/mixed; boundary="edge"\r\n\r\n'
        + edge
        + part
        + b"\r\n"
        + edge
        + file
        + b"\r\n--edge--\r\n"
    )


def arrive(desk: Desk, raw: bytes, *, folder: str = "INBOX", uid: int | None = None, uidvalidity: int = 1) -> Taken:
    """Take a mail in as a fetch does: its bytes and files on disk first."""
    read: Incoming = parse(raw)
    digest = desk.blobs.put_many([raw, *read.files])[0]
    place = Place("support", folder, uidvalidity, uid or next(_uids))
    taken = take_in(desk, Fetched(place, raw, desk.clock(), is_sent=folder == "Sent"), read, digest)
    assert taken is not None
    return taken


def files_with(folder: Path, *words: str) -> list[str]:
    """Which files of a desk hold one of these words, in any case: plain, as base64 at any offset, or with =XX."""
    found = list[str]()
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        data = path.read_bytes()
        found += [f"{path.relative_to(folder)}: {word}" for word in words if any(each in data for each in _forms(word))]
        found += [
            f"{path.relative_to(folder)}: {word} (folded)" for word in words if word.lower().encode() in data.lower()
        ]
    return found


def _forms(word: str) -> Iterator[bytes]:
    data = word.encode()
    yield data
    yield "".join(f"={byte:02X}" for byte in data).encode()
    for offset in range(3):  # what stands before it shifts the bits; the letters at both ends are left out
        start = (-offset) % 3
        whole = data[start : start + (len(data) - start) // 3 * 3]
        yield base64.b64encode(whole)


def words_in_full_text(store: Path) -> set[str]:
    """Every word that any full-text index of a store knows."""
    found = set[str]()
    with closing(sqlite3.connect(store)) as connection:
        tables = "SELECT name FROM sqlite_schema WHERE sql LIKE 'CREATE VIRTUAL TABLE%USING fts5%'"
        for (name,) in connection.execute(tables).fetchall():
            connection.execute(f"CREATE VIRTUAL TABLE temp.words_{name} USING fts5vocab(main, {name}, 'row')")
            found |= {term for (term,) in connection.execute(f"SELECT term FROM temp.words_{name}")}  # noqa: S608 - names of our own
    return found
