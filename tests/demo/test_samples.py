"""The demo's mailbox: believable in time, exact in bytes, and with everything in it that mail brings."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

import pytest

from tandem.demo.samples import FOLDER, Sample, samples
from tests.servers import Dovecot, ImapServer, logged_in

NOW = datetime(2031, 5, 6, 7, 8, 9, 123456, tzinfo=UTC)
MAILS = samples(NOW)
UNDATED = {"no-date", "seo-spam"}


def slug(sample: Sample) -> str:
    return sample.name.partition("-")[2]


def original(sample: Sample) -> bytes:
    return (FOLDER / f"{sample.name}.eml").read_bytes()


def parsed(name: str) -> Message:
    return message_from_bytes(next(sample.raw for sample in MAILS if slug(sample) == name))


def ids(mail: Message, *headers: str) -> list[str]:
    return [found for header in headers for found in re.findall(r"<[^>]+>", str(mail.get(header, "")))]


def differing_lines(one: bytes, other: bytes) -> list[tuple[bytes, bytes]]:
    pairs = zip(one.splitlines(keepends=True), other.splitlines(keepends=True), strict=True)
    return [(a, b) for a, b in pairs if a != b]


def test_there_are_about_sixty_mails_and_the_readme_names_each() -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `(.+)\.eml` \|", readme, re.MULTILINE) == [sample.name for sample in MAILS]
    assert 55 <= len(MAILS) <= 70


@pytest.mark.parametrize("sample", MAILS, ids=[sample.name for sample in MAILS])
def test_only_the_date_line_differs_from_the_file(sample: Sample) -> None:
    changes = differing_lines(original(sample), sample.raw)
    assert len(changes) == (0 if slug(sample) in UNDATED else 1)
    for before, after in changes:
        assert before.startswith(b"Date: ")
        assert re.fullmatch(rb"Date: \w{3}, \d\d \w{3} 2031 \d\d:\d\d:\d\d [+-]\d{4}\r?\n", after)


def dates(mails: Iterable[bytes]) -> list[datetime]:
    return [parsedate_to_datetime(message_from_bytes(raw)["Date"]) for raw in mails]


def test_the_gaps_and_time_zones_are_those_of_the_files() -> None:
    dated = [sample for sample in MAILS if slug(sample) not in UNDATED]
    before, after = dates(map(original, dated)), dates(sample.raw for sample in dated)
    assert len({new - old for old, new in zip(before, after, strict=True)}) == 1
    assert [new.utcoffset() for new in after] == [old.utcoffset() for old in before]


def test_the_newest_mail_came_a_few_minutes_ago_and_none_comes_from_the_future() -> None:
    assert timedelta(minutes=1) < NOW - MAILS[-1].received < timedelta(minutes=10)
    assert NOW - MAILS[0].received < timedelta(days=8)


def test_mails_arrive_one_after_the_other_in_the_order_of_their_names() -> None:
    arrivals = [sample.received for sample in MAILS]
    assert arrivals == sorted(set(arrivals))


def test_every_address_is_one_that_cannot_exist() -> None:
    for sample in MAILS:
        mail = message_from_bytes(sample.raw)
        named = getaddresses([str(mail.get(name, "")) for name in ("From", "To", "Cc", "Reply-To")])
        domains = {address.rpartition("@")[2] for _, address in named if "@" in address}
        assert all(domain.endswith(".example") for domain in domains), (sample.name, domains)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("order-88213-refund", "order-88213-again"),
        ("rechnung-betrag", "rechnung-nachfrage"),
        ("login-ru", "login-ru-again"),
        ("parcel-damaged", "parcel-damaged-again"),
        ("annual-plan-bg", "annual-plan-bg-again"),
        ("order-question-ja", "order-question-ja-again"),
        ("school-quote", "school-quote-reply-all"),
        ("export-totals", "export-totals-again"),
    ],
)
def test_a_follow_up_names_the_mail_that_it_answers(first: str, second: str) -> None:
    names = [slug(sample) for sample in MAILS]
    assert names.index(first) < names.index(second)
    assert ids(parsed(first), "Message-ID")[0] in ids(parsed(second), "In-Reply-To", "References")


def test_the_second_copy_of_a_mail_differs_only_in_how_it_travelled() -> None:
    one, other = parsed("school-quote-reply-all"), parsed("school-quote-second-copy")
    travel = {"Received", "Delivered-To"}
    assert [pair for pair in one.items() if pair[0] not in travel] == [
        pair for pair in other.items() if pair[0] not in travel
    ]
    assert one.get_payload() == other.get_payload()


def test_the_mailbox_speaks_many_languages_and_charsets() -> None:
    charsets = {str(part.get_content_charset()) for sample in MAILS for part in message_from_bytes(sample.raw).walk()}
    assert charsets >= {"utf-8", "us-ascii", "koi8-r", "windows-1251", "iso-2022-jp", "iso-8859-15", "gb2312"}


def test_the_mailbox_holds_what_mail_brings() -> None:
    types = {part.get_content_type() for sample in MAILS for part in message_from_bytes(sample.raw).walk()}
    assert types >= {
        "multipart/alternative",
        "multipart/related",
        "multipart/report",
        "multipart/signed",
        "message/rfc822",
        "text/html",
        "text/csv",
        "text/calendar",
        "image/png",
        "application/pdf",
    }


def test_pictures_and_documents_are_real() -> None:
    photo = parsed("parcel-damaged").get_payload(1)
    invoice = parsed("order-88213-refund").get_payload(1)
    assert isinstance(photo, Message)
    assert isinstance(invoice, Message)
    picture, document = photo.get_payload(decode=True), invoice.get_payload(decode=True)
    assert isinstance(picture, bytes)
    assert isinstance(document, bytes)
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert document.endswith(b"%%EOF\n")


def test_pymap_hands_out_every_mail_as_it_is(imap_server: ImapServer) -> None:
    check_each_mail_survives(imap_server, {sample.raw for sample in MAILS})


def test_dovecot_hands_out_every_mail_as_it_is_but_for_line_ends(dovecot: Dovecot) -> None:
    check_each_mail_survives(dovecot, {re.sub(rb"\r?\n", b"\r\n", sample.raw) for sample in MAILS})


def check_each_mail_survives(server: ImapServer | Dovecot, expected: set[bytes]) -> None:
    for sample in MAILS:
        server.deliver(sample.raw, sample.received)
    with logged_in(server) as client:
        found = client.fetch(client.search("ALL"), ["BODY.PEEK[]"])
    assert {message[b"BODY[]"] for message in found.values()} == expected
    assert len(found) == len(MAILS)
