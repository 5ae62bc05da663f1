from __future__ import annotations

import pytest

from mail.forming import MailForms
from mail.forms import forms
from mail.reading import Limits

BOTH = (
    b"From: =?utf-8?q?J=C3=BCrgen?= <a@b.example>\r\nSubject: hi\r\n there\r\nX-Odd: \x1b[2J\xff\r\n"
    b"Content-Type: multipart/alternative; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nplain words\r\n"
    b'--x\r\nContent-Type: text/html\r\n\r\n<p>rich <a href="https://evil.example/x">https://paypal.com</a></p>\r\n'
    b"--x--\r\n"
)


def test_a_mail_tells_its_headers_both_texts_and_its_links() -> None:
    told = forms(BOTH)
    assert told.headers[:2] == ("From: Jürgen <a@b.example>", "Subject: hi there")
    assert told.plain == "plain words"
    assert told.html.startswith("rich https://paypal.com")
    assert told.links == (("https://paypal.com", "https://evil.example/x"),)
    assert told.other_than("plain words") == told.html
    assert told.other_than(told.html) == "plain words"


def test_it_is_read_in_a_process_of_its_own() -> None:
    assert MailForms().of(BOTH) == forms(BOTH)


def test_a_mail_that_takes_too_long_says_so_and_gives_nothing() -> None:
    told = MailForms(Limits(cpu=5, wall=0.01)).of(BOTH)
    assert not told.html
    assert told.problem == "it takes too long"


@pytest.mark.parametrize(
    "raw", [b"", b"\0\xff" * 1_000, b"a" * 100_000, b":\r\n" * 10_000, b"Content-Type: text/html\n\n<a href=" * 500]
)
def test_no_bytes_break_it(raw: bytes) -> None:
    assert forms(raw).problem == ""


def test_fields_in_an_unnamed_character_set_are_guessed_together() -> None:
    head = "From: Красимир Динев <dinev@corp.example>\r\nSubject: Етикетите се отлепват от ролката след час\r\n\r\nHi"
    found = forms(head.encode("cp1251")).headers
    assert found[0] == "From: Красимир Динев <dinev@corp.example>"
    assert found[1].endswith("ролката след час")
