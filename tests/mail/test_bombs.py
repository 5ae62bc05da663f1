"""Mails made to cost time or memory: each leaves a mail with its subject, and the next one is read as ever."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator

import pytest

from mail.parse import parse
from mail.reading import WorkerReader
from tests.mail.mails import mail, multipart, part

MANY = 300_000
EVENTS = "BEGIN:VEVENT\nSUMMARY:x\nATTENDEE:mailto:a@b.example\nEND:VEVENT\n"


def nested(kind: str, depth: int) -> bytes:
    return mail(f"Content-Type: {kind}", body=f"Content-Type: {kind}\n\n" * depth)


def nested_multiparts(depth: int) -> bytes:
    levels = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(depth))
    return mail("Content-Type: multipart/mixed; boundary=b", body=f"--b\n{levels}")


def endless_enclosure() -> bytes:
    inner = "Content-Type: multipart/mixed; boundary=edge\n\n--edge\nContent-Type: message/rfc822\n\n"
    return mail("Content-Type: multipart/mixed; boundary=edge", body=f"--edge\n{inner}" * 30_000)


def zip_of_zeros() -> str:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", b"\0" * (50_000_000))
    return buffer.getvalue().decode("latin-1")


BOMBS: dict[str, Callable[[], bytes]] = {
    "mails in mails": lambda: nested("message/rfc822", 900),
    "digests in digests": lambda: nested("multipart/digest", 900),
    "multiparts in multiparts": lambda: nested_multiparts(20_000),
    "an enclosure without end": endless_enclosure,
    "a hundred thousand parts": lambda: multipart("mixed", *["\nx"] * 100_000),
    "boundaries": lambda: mail("Content-Type: multipart/mixed; boundary=edge", body="--edge\n" * MANY),
    "lines of dashes": lambda: mail("Content-Type: multipart/mixed", body="--a\n" * MANY),
    "a long boundary": lambda: mail(f"Content-Type: multipart/mixed; boundary={'b' * MANY}", body="--" + "b" * MANY),
    "empty groups": lambda: mail(to="a:;" * 20_000),
    "empty groups without a name": lambda: mail(to=":;" * 400_000, cc=";" * MANY),
    "open brackets": lambda: mail(to="<" * MANY, cc="(" * MANY, reply_to='"' * MANY),
    "backslashes": lambda: mail(to='"' + "\\" * MANY, cc="@" * MANY),
    "addresses": lambda: mail(to="a@b.example," * 500_000),
    "a subject of encoded words": lambda: mail(subject="=?utf-8?q?=61?= " * 200_000),
    "a subject of half encoded words": lambda: mail(subject="=?utf-8?q?" * 400_000),
    "a header of megabytes": lambda: mail(f"X-Long: {'x' * 10 * MANY}"),
    "a header of very many lines": lambda: mail("X-Folded: a" + "\r\n b" * MANY),
    "headers": lambda: mail(*["a:"] * MANY),
    "references": lambda: mail("References: " + "<a@b.example> " * 400_000),
    "parameters": lambda: mail("Content-Type: text/plain; " + "; ".join(f"name*{n}*=%41" for n in range(100_000))),
    "one parameter": lambda: mail(f'Content-Disposition: attachment; filename="{"a" * MANY}'),
    "a date of digits": lambda: mail(date="1" * MANY),
    "deep markup": lambda: mail("Content-Type: text/html", body="<div>" * 200_000 + "x"),
    "tables in tables": lambda: mail("Content-Type: text/html", body="<table><tr><td>" * 20_000 + "x"),
    "open tags": lambda: mail("Content-Type: text/html", body="<a " * MANY),
    "entities": lambda: mail("Content-Type: text/html", body="&amp" * MANY),
    "links": lambda: mail("Content-Type: text/html", body="<a href=http://a.example>b</a>" * 100_000),
    "wide cells": lambda: mail("Content-Type: text/html", body="<table><tr>" + "<td>x" * 60_000),
    "columns": lambda: mail("Content-Type: text/html", body="<td colspan=100000000 rowspan=100000000>x" * 100),
    "broken base64": lambda: mail("Content-Transfer-Encoding: base64", body="A*" * 5 * MANY),
    "quoted-printable": lambda: mail("Content-Transfer-Encoding: quoted-printable", body="=\n" * 2 * MANY + "=" * MANY),
    "uuencode": lambda: mail("Content-Transfer-Encoding: uuencode", body="begin 644 x\n" + "M\n" * MANY),
    "files uuencoded in a text": lambda: mail(body="begin 644 x\nM\nend\n" * 100_000 + "begin 644 x\nM\n" * 200_000),
    "flowed lines": lambda: mail("Content-Type: text/plain; format=flowed", body="> x \n" * MANY),
    "utf-7": lambda: mail("Content-Type: text/plain; charset=utf-7", body="+" * MANY + "+AAA" * MANY),
    "a charset's name": lambda: mail(f"Content-Type: text/plain; charset={'x' * MANY}", body="é"),
    "quotes": lambda: mail(body=">" * MANY + "\n" + "> " * MANY),
    "attributions": lambda: mail(body="On " * MANY),
    "blank lines": lambda: mail(body="\n \n\t\n" * MANY + "x"),
    "events": lambda: multipart("mixed", part("text/calendar", EVENTS * 30_000)),
    "calendar quotes": lambda: multipart("mixed", part("text/calendar", 'BEGIN:VEVENT\nATTENDEE;CN="' + '"' * MANY)),
    "a status of many recipients": lambda: multipart(
        "report", part("message/delivery-status", "Action: failed\n\n" * 200_000)
    ),
    "zeros packed": lambda: multipart("mixed", part("text/plain", "x"), part("application/zip", zip_of_zeros())),
    "names of files": lambda: multipart("mixed", *[part("image/png; name=same.png", "x")] * 499),
}


@pytest.fixture(scope="module")
def reader() -> Iterator[WorkerReader]:
    with WorkerReader() as reader:
        yield reader


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_leaves_its_subject_and_the_next_mail_is_read(reader: WorkerReader, bomb: str) -> None:
    read = reader.read(BOMBS[bomb]())
    assert read.sender.email == "ann@customer.example"
    assert read.subject.startswith("Order") or "subject" in bomb
    assert reader.read(mail()) == parse(mail())


def test_what_is_packed_stays_packed() -> None:
    read = parse(BOMBS["zeros packed"]())
    assert [each.type for each in read.attachments] == ["application/zip"]
    assert read.attachments[0].size < MANY
