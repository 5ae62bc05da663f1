"""Mails come out of mbox files as they went in, whichever program wrote the file and however it keeps them apart."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mail.mbox import entry
from mail.unboxing import LARGEST, moment, unboxed
from tests.mail.mails import mail
from tests.mail.test_mbox import AT, PIECES, with_last_line_ended

FIRST = b"From dana@corp.example Mon Nov  2 09:00:05 2026\n"
SECOND = b"From leo@partner.example Tue Nov  3 10:00:00 2026\n"
HEAD = b"Subject: One\nMessage-ID: <1@corp.example>\n"
OTHER = b"Subject: Two\n\nThe second one\n"


def out_of(path: Path, content: bytes, largest: int = LARGEST) -> list[bytes | None]:
    """The mails of an mbox with this content."""
    path.write_bytes(content)
    with path.open("rb") as file:
        return [each.raw for each in unboxed(file, largest)]


def test_what_an_export_wrote_comes_back_byte_for_byte(tmp_path: Path) -> None:
    r = random.Random(8)
    mails = [mail(body="Hello\nFrom here on\n>From there\n\n"), b"", b"\n", b"From the start\n", b"no end", b"x\n\r\n"]
    mails += [mail(body=f"{n}\r\n\r\n") for n in range(3)]
    mails += [b"".join(r.choice(PIECES) for _ in range(r.randrange(30))) for _ in range(500)]
    content = b"".join(entry(each, "dana@corp.example", AT) for each in mails)
    assert out_of(tmp_path / "mails.mbox", content) == list(map(with_last_line_ended, mails))


def test_each_mail_says_where_it_begins_and_when_it_came(tmp_path: Path) -> None:
    path = tmp_path / "mails.mbox"
    first = entry(b"Subject: 1\r\n\r\nx\r\n", "a@b.c", AT)
    path.write_bytes(first + entry(b"Subject: 2\r\n\r\nx\r\n", "a@b.c", AT))
    with path.open("rb") as file:
        assert [(each.at, each.received) for each in unboxed(file)] == [(0, AT), (len(first), AT)]


@pytest.mark.parametrize("ends", [b"\n", b"\r\n"])
@pytest.mark.parametrize(
    ("kept", "own"),
    [
        (HEAD + b"\n>From me\n>>From you\n", HEAD + b"\nFrom me\n>From you\n"),
        (HEAD + b"Content-Length: 10\n\n>From me\nx\n", HEAD + b"Content-Length: 10\n\nFrom me\nx\n"),
        (HEAD + b"Content-Length: 999\n\n>From me\n", HEAD + b"Content-Length: 999\n\nFrom me\n"),
        (HEAD + b"\nFrom here on, nothing is dated\n", HEAD + b"\nFrom here on, nothing is dated\n"),
        (HEAD + b"\nFrom 9:30 on we are here\n", HEAD + b"\nFrom 9:30 on we are here\n"),
    ],
)
def test_quoted_lines_are_given_back(tmp_path: Path, kept: bytes, own: bytes, ends: bytes) -> None:
    content = (FIRST + kept + b"\n" + SECOND + OTHER).replace(b"\n", ends)
    assert out_of(tmp_path / "mails.mbox", content) == [own.replace(b"\n", ends), OTHER.replace(b"\n", ends)]


@pytest.mark.parametrize("ends", [b"\n", b"\r\n"])
def test_a_length_keeps_a_mail_whole_that_holds_the_beginning_of_another(tmp_path: Path, ends: bytes) -> None:
    body = (b"Look at my mbox:\n\n" + SECOND + OTHER + b">From me\n").replace(b"\n", ends)
    head = HEAD.replace(b"\n", ends) + b"Content-Length: %d" % len(body) + ends + ends
    content = FIRST + head + body + ends + SECOND.replace(b"\n", ends) + OTHER
    assert out_of(tmp_path / "mails.mbox", content) == [head + body, OTHER]
    assert out_of(tmp_path / "last.mbox", FIRST + head + body) == [head + body]


@pytest.mark.parametrize("ends", [b"\n", b"\r\n"])
@pytest.mark.parametrize("first", [b"From x\n", b"From \n", b"From dana@corp.example\n"])
def test_where_the_first_mail_begins_without_a_date_the_others_do_too(
    tmp_path: Path, first: bytes, ends: bytes
) -> None:
    prose = HEAD + b"\nFrom here on\nNote: new\n\nFrom here on, all is\n\nFrom x\nor y\nFrom x\na: b\n"
    mails = [each.replace(b"\n", ends) for each in (prose, OTHER, HEAD + b"\nx\n", OTHER)]
    content = b"".join(first.replace(b"\n", ends) + each + ends for each in mails)
    assert out_of(tmp_path / "mails.mbox", content) == mails


def test_where_the_first_mail_begins_with_a_date_all_do(tmp_path: Path) -> None:
    raw = HEAD + b"\nLook:\n\nFrom x\nSubject: no mail\n\nx\n"
    assert out_of(tmp_path / "mails.mbox", FIRST + raw + b"\n" + SECOND + OTHER) == [raw, OTHER]


@pytest.mark.parametrize("length", [6, 3])
def test_a_length_counts_before_a_mail_that_begins_without_a_date(tmp_path: Path, length: int) -> None:
    head = HEAD + b"Content-Length: %d\n\n" % length
    mails = out_of(tmp_path / "mails.mbox", b"From x\n" + head + b"Hello\n\nFrom x\n" + OTHER)
    assert mails == [head + b"Hello\n", OTHER]


@pytest.mark.parametrize("length", [0, 1, 17, 30, 10**9, 10**11])
def test_a_length_that_is_not_true_swallows_no_mail(tmp_path: Path, length: int) -> None:
    head = HEAD + b"Content-Length: %d\n\n" % length
    mails = out_of(tmp_path / "mails.mbox", FIRST + head + b"Hello\n\n" + SECOND + OTHER)
    assert mails == [head + b"Hello\n", OTHER]


def test_mails_without_a_blank_line_between_are_told_apart_by_the_head(tmp_path: Path) -> None:
    assert out_of(tmp_path / "mails.mbox", FIRST + HEAD + b"\nHello\n" + SECOND + OTHER) == [HEAD + b"\nHello\n", OTHER]


@pytest.mark.parametrize("end", [b"", b"Subj", b"Subject: x", b"Subject: x\n\nHel", b"Subject: x\n\nHello\n"])
def test_a_last_mail_that_was_cut_off_is_given_as_far_as_it_goes(tmp_path: Path, end: bytes) -> None:
    assert out_of(tmp_path / "mails.mbox", FIRST + HEAD + b"\nHello\n\n" + SECOND + end) == [HEAD + b"\nHello\n", end]


def test_a_line_without_an_end_and_bytes_of_any_kind_are_no_trouble(tmp_path: Path) -> None:
    long = b"x" * 300_000 + b"From me" + b"\0\xff" * 1000
    raw = HEAD + b"\n" + long + b"\n"
    assert out_of(tmp_path / "mails.mbox", FIRST + raw + b"\n" + SECOND + OTHER) == [raw, OTHER]


def test_no_file_is_too_odd_and_no_word_of_one_is_lost(tmp_path: Path) -> None:
    r = random.Random(5)
    pieces = (*PIECES, FIRST, SECOND, HEAD, b"Content-Length: 40\n", b"\n\n", b"word%d\n", b"x: y\r\n")
    for n in range(500):
        content = FIRST + b"".join(r.choice(pieces) for _ in range(r.randrange(25))).replace(b"%d", b"%d" % n)
        mails = out_of(tmp_path / "mails.mbox", content)
        assert sum((each or b"").count(b"word") for each in mails) == content.count(b"word"), content


def test_a_mail_that_is_too_large_is_passed_over_and_the_next_is_not(tmp_path: Path) -> None:
    large = HEAD + b"\n" + b"x" * 70 * 100 + b"\n"
    counted = HEAD + b"Content-Length: 5000\n\n" + b"x" * 4999 + b"\n"
    content = FIRST + large + b"\n" + FIRST + counted + b"\n" + SECOND + OTHER
    assert out_of(tmp_path / "mails.mbox", content, largest=1000) == [None, None, OTHER]


@pytest.mark.parametrize(
    ("line", "at"),
    [
        ("From a@b.c Mon Nov  2 09:00:05 2026", datetime(2026, 11, 2, 9, 0, 5, tzinfo=UTC)),
        ("From - Mon Nov 02 09:00:05 2026", datetime(2026, 11, 2, 9, 0, 5, tzinfo=UTC)),
        ("From ???@??? Mon Nov 02 09:00 2026", datetime(2026, 11, 2, 9, 0, tzinfo=UTC)),
        ("From 1651@xxx Mon Nov 02 09:00:05 +0230 2026", datetime(2026, 11, 2, 6, 30, 5, tzinfo=UTC)),
        ("From 1651@xxx Mon Nov 02 09:00:05 -0230 2026", datetime(2026, 11, 2, 11, 30, 5, tzinfo=UTC)),
        ("From a@b.c Mon Nov  2 09:00:05 EET 2026", datetime(2026, 11, 2, 9, 0, 5, tzinfo=UTC)),
        ("From a@b.c Mon, 02 Nov 2026 09:00:05 +0200", datetime(2026, 11, 2, 7, 0, 5, tzinfo=UTC)),
        ("From a@b.c Thu Jan  1 00:00:00 1970", None),
        ("From a@b.c Mon Feb 31 09:00:05 2026", None),
        ("From a@b.c Mon Feb  3 99:00:05 2026", None),
        ("From a@b.c Mon Feb  3 09:00:05 +9999 2026", None),
        ("From a@b.c", None),
        ("From ", None),
    ],
)
def test_the_line_before_a_mail_tells_its_moment(line: str, at: datetime | None) -> None:
    assert moment(line.encode()) == at
