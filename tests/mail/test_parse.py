from __future__ import annotations

from datetime import UTC, datetime

import pytest

from desk.people import Address
from mail.parse import parse
from tests.mail.mails import mail, multipart, part


def test_a_plain_mail_is_read_whole() -> None:
    read = parse(mail("Cc: Bo <bo@customer.example>, c@customer.example", "Reply-To: orders@customer.example"))
    assert read.sender == Address("ann@customer.example", "Ann Example")
    assert read.to == (Address("support@acme.example"),)
    assert read.cc == (Address("bo@customer.example", "Bo"), Address("c@customer.example"))
    assert read.reply_to == (Address("orders@customer.example"),)
    assert (read.subject, read.text) == ("Order", "Hello")
    assert read.date == datetime(2026, 11, 20, 9, tzinfo=UTC)
    assert (read.message_id, read.local_id) == ("<1@customer.example>", False)
    assert (read.automatic, read.defects, read.attachments, read.has_html) == (None, (), (), False)


def test_the_subject_that_breaks_the_modern_parser_is_one_line() -> None:
    read = parse(mail(**{"from": '"a"=?utf-8?q?=0ABcc:_x?= <c@x.example>', "subject": "=?utf-8?q?one=0D=0ATo:_two?="}))
    assert read.sender == Address("c@x.example", "a Bcc: x")
    assert read.subject == "one To: two"


def test_nothing_that_json_or_a_database_refuses_is_left_in_the_text() -> None:
    read = parse(mail("Content-Type: text/plain; charset=utf-7", body="a\0b +2AA- c", subject="x\0y"))
    assert read.text == "ab  c"
    assert read.subject == "xy"


def test_all_line_ends_become_line_feeds() -> None:
    assert parse(b"From: a@b.example\r\n\r\none\r\ntwo\rthree\nfour").text == "one\ntwo\nthree\nfour"


def test_of_two_subjects_the_first_counts_and_the_agent_is_told() -> None:
    read = parse(mail("Subject: another"))
    assert read.subject == "Order"
    assert read.defects == ("this mail has 2 Subject lines; the first one counts",)


def test_a_mail_without_a_sender_is_still_read() -> None:
    read = parse(b"Return-Path: <ann@customer.example>\r\nSubject: x\r\n\r\nHello")
    assert read.sender == Address("ann@customer.example")
    assert read.defects == ("this mail does not say who sent it; “ann@customer.example” was taken from another line",)


@pytest.mark.parametrize(
    "name", ["Smith; John", "Smith;; John", "\x1b]8;;x\x1b\\\\ John", "1;2;3;4;5 John", "a, b;; John"]
)
def test_marks_in_a_bare_name_do_not_take_the_sender_away(name: str) -> None:
    read = parse(mail(**{"from": f"{name} <john@customer.example>"}))
    assert read.sender.email == "john@customer.example"
    assert read.sender.name.endswith("John")


def test_a_name_that_poses_as_another_address_is_not_shown_as_the_name() -> None:
    read = parse(mail(**{"from": '"boss@acme.example" <evil@elsewhere.example>'}))
    assert read.sender == Address("evil@elsewhere.example")
    assert read.defects == ("the sender's name looks like another address than theirs: “boss@acme.example”",)


def test_an_address_as_its_own_name_is_no_name() -> None:
    read = parse(mail(**{"from": "'Ann@Customer.example' <ann@customer.example>"}))
    assert read.sender == Address("ann@customer.example")
    assert read.defects == ()


@pytest.mark.parametrize("date", ["Thu, 1 Jan 1970 00:00:00 +0000", "1 Jan 3609 00:00:00 +0000", "yesterday", "1"])
def test_an_absurd_date_is_no_date(date: str) -> None:
    read = parse(mail(date=date))
    assert read.date is None
    assert read.defects == (f"the date of this mail cannot be right: “{date}”",)


def test_two_mails_with_one_id_differ_by_their_digest() -> None:
    first, again, other = parse(mail()), parse(mail("Received: by x")), parse(mail(body="Goodbye"))
    assert first.digest == again.digest != other.digest


def test_an_empty_mail_has_words_for_what_is_missing() -> None:
    read = parse(b"")
    assert read.local_id
    assert read.sender == Address("")
    assert read.defects == ("this mail does not say who sent it", "this mail has no text")


def test_a_mail_with_more_than_200_recipients_is_cut() -> None:
    read = parse(mail(to=", ".join(f"p{number}@x.example" for number in range(300))))
    assert len(read.to) == 200
    assert read.defects == ("this mail has more than 200 addresses in To; the rest was not read",)


def test_a_header_of_many_lines_is_read_up_to_its_cap() -> None:
    read = parse(mail(*(f"X-{number}: y" for number in range(2000))))
    assert read.subject == "Order"
    assert read.defects == ("this mail has more than 1,000 header lines; the rest was not read",)


def test_a_text_of_millions_of_characters_is_cut() -> None:
    read = parse(mail(body="word " * 300_000))
    assert len(read.text) == 1_000_000
    assert read.defects == ("the text of this mail is longer than 1,000,000 characters; the rest is in its file",)


def test_of_mails_inside_mails_without_end_only_the_first_is_read() -> None:
    inner = "Content-Type: message/rfc822\n\n" * 900
    read = parse(mail("Content-Type: message/rfc822", body=inner))
    assert (read.subject, read.text) == ("Order", "")
    assert [(each.name, each.type) for each in read.attachments] == [("mail.eml", "message/rfc822")]
    assert read.files == (inner.replace("\n", "\r\n").encode(),)


def test_parts_inside_parts_are_read_twenty_deep() -> None:
    inner = "text at the bottom"
    for level in range(100, 0, -1):
        inner = f"Content-Type: multipart/mixed; boundary=b{level}\n\n--b{level}\n{inner}\n--b{level}--"
    read = parse(b"From: a@b.example\r\nSubject: deep\r\n" + inner.encode())
    assert read.subject == "deep"
    assert read.defects[0] == "the parts of this mail are nested more than 20 deep; the rest was not read"
    assert [each.type for each in read.attachments] == ["multipart/mixed"]
    assert b"text at the bottom" in read.files[0]


def test_of_a_hundred_thousand_parts_five_hundred_are_read() -> None:
    read = parse(multipart("mixed", *["\nx"] * 100_000))
    assert read.defects == ("this mail has more than 500 parts; the rest was not read",)
    assert (read.subject, len(read.text.split())) == ("Order", 499)


def test_twenty_thousand_empty_groups_are_nobody() -> None:
    assert parse(mail(to="a:;" * 20_000)).to == ()


def test_the_digest_and_the_reply_chain_of_an_answer() -> None:
    read = parse(mail("In-Reply-To: <b@x>", "References: <a@x> <b@x>", subject="AW: [list] Re: Order"))
    assert (read.parents, read.answers) == (("<b@x>", "<a@x>"), 1)
    assert read.references == ("<a@x>", "<b@x>")
    assert read.base_subject == "order"


def test_files_are_named_sized_and_counted_but_not_the_text() -> None:
    read = parse(
        multipart(
            "mixed",
            part("text/plain", "See the file"),
            part(
                "application/pdf",
                "JVBERi0=",
                "Content-Transfer-Encoding: base64",
                'Content-Disposition: attachment; filename="../in voice.pdf"',
            ),
        )
    )
    (file,) = read.attachments
    assert (file.name, file.type, file.size, file.part) == ("in voice.pdf", "application/pdf", 5, 2)
    assert read.text == "See the file"
