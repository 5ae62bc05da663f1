from __future__ import annotations

import base64
import hashlib

import pytest

from mail.attached import MOST_FILES
from mail.defects import Defects
from mail.parse import parse
from mail.transfer import undo_transfer
from tests.mail.mails import mail, multipart, part


@pytest.mark.parametrize(
    ("encoding", "data", "content", "is_clean"),
    [
        ("base64", b"SGVs\r\nbG8=", b"Hello", True),
        ("BASE64 ; x", b"SGVsbG8=", b"Hello", True),
        ("base64", b"SGVsbG8=\r\nIEFubg==\r\n", b"Hello Ann", True),
        ("base64", b"SGVs*bG8=", b"Hello", False),
        ("base64", b"SGVsbG8", b"Hello", False),
        ("base64", b"SGVsbG8=\r\n____\r\nlist footer", b"Hello", False),
        ("base64", b"This is no base64 at all, but prose.", b"This is no base64 at all, but prose.", False),
        ("quoted-printable", b"caf=C3=A9 =\r\nx", b"caf\xc3\xa9 x", True),
        ("Quoted-Printable", b"100=% =C3", b"100=% \xc3", False),
        ("7bit", b"Hello", b"Hello", True),
        ("", b"Hello", b"Hello", True),
        ("hex", b"48", b"48", False),
        ("x-uuencode", b"begin 644 x\r\n%2&5L;&\\\r\n`\r\nend\r\n", b"Hello", True),
        ("x-uuencode", b"nothing", b"", True),
    ],
)
def test_a_transfer_encoding_is_undone_as_far_as_can_be(
    encoding: str, data: bytes, content: bytes, *, is_clean: bool
) -> None:
    defects = Defects()
    assert undo_transfer(data, encoding, defects) == content
    assert (defects.found == ()) == is_clean


WORDS = "Здравствуйте, где мой заказ? Его номер 12, он сделан в мае."
CODED = base64.encodebytes(WORDS.encode()).decode()


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (
            "Hello\nwhere is my order? It was number 12, from May.",
            "Hello\nwhere is my order? It was number 12, from May.",
        ),
        ("Hello", "Hello"),
        ("Здравствуйте\nгде мой заказ?", "Здравствуйте\nгде мой заказ?"),
        ("SGVsbG8", "Hello"),
        ("SGVsbG8=\n____\nlist footer", "Hello\n\n____\nlist footer"),
        ("0eTl6+Dp8uU=\n____\nlist footer", "Сделайте"),
        (f"{CODED}\n-- \nThe list: https://x.example/a", f"{WORDS}\n\n-- \nThe list: https://x.example/a"),
        ("SGVs\n*\nbG8=", "Hello"),
        ("SABlAGwAbABvAA==\n____\nlist footer", "Hello"),
        ("R3L83w==", "Grüß"),
    ],
)
def test_text_that_says_it_is_base64_and_is_not_is_shown_as_it_stands(body: str, text: str) -> None:
    assert parse(mail("Content-Transfer-Encoding: base64", body=body)).text == text


def test_a_mail_inside_the_mail_keeps_its_bytes() -> None:
    inner = mail("X-Long: " + "y" * 300, "Subject: =?utf-8?q?=C3=A9?=", body="From here\n.\n\ntail  ", subject="ü")
    raw = multipart("mixed", part("message/rfc822", inner.decode().replace("\r\n", "\n")))
    assert parse(raw).files == (inner,)


def test_bytes_above_127_are_kept_whatever_character_set_is_named() -> None:
    head = mail("Content-Type: application/x; charset=utf-16", body="")
    assert parse(head + bytes(range(128, 256))).files == (bytes(range(128, 256)),)


def test_files_without_a_name_get_one_by_their_type() -> None:
    raw = multipart("mixed", part("text/calendar", "x"), part("application/pdf", "x"), part("weird/thing", "x"))
    assert [each.name for each in parse(raw).attachments] == ["part-1.ics", "part-2.pdf", "part-3.bin"]


@pytest.mark.parametrize("names", ["filename*=utf-8''; filename=ok.pdf", "filename=ok.pdf; filename*=utf-8''%20"])
def test_a_name_that_says_nothing_gives_way_to_the_plain_one(names: str) -> None:
    raw = multipart("mixed", part("application/pdf", "x", f"Content-Disposition: attachment; {names}"))
    assert [each.name for each in parse(raw).attachments] == ["ok.pdf"]


def test_the_files_come_along_in_their_order() -> None:
    packed = part("application/zip", "UEsDBA==", "Content-Transfer-Encoding: base64")
    read = parse(multipart("mixed", part("text/plain", "Hi"), packed, part("image/png", "png")))
    assert read.files == (b"PK\3\4", b"png")
    named = [(each.size, each.sha256) for each in read.attachments]
    assert [(len(each), hashlib.sha256(each).hexdigest()) for each in read.files] == named
    assert parse(mail()).files == ()


def test_of_very_many_files_the_last_stay_in_the_mail_and_it_says_so() -> None:
    read = parse(multipart("mixed", part("text/plain", "Hi"), *(part("image/png", f"{n}") for n in range(120))))
    assert (len(read.attachments), len(read.files)) == (120, MOST_FILES)
    assert read.files[-1] == b"99"
    assert read.defects == ("the last 20 of the 120 files of this mail stay in the mail's own file",)


def test_a_mail_that_names_ten_thousand_files_yields_a_hundred() -> None:
    read = parse(multipart("mixed", part("text/plain", "Hi"), *(part("image/png", f"{n}") for n in range(10_000))))
    assert (len(read.attachments), len(read.files)) == (498, MOST_FILES)
    assert read.defects[0] == "this mail has more than 500 parts; the rest was not read"


@pytest.mark.parametrize("head", ["Content-Type: multipart/mixed", 'Content-Type: multipart/mixed;\r\nboundary="edge"'])
def test_parts_are_found_where_the_header_does_not_name_their_boundary(head: str) -> None:
    body = "--edge\n" + part("text/plain", "Hello") + "\n--edge\n" + part("image/png", "png") + "\n--edge--\n"
    read = parse(mail(head, body=body))
    assert (read.text, [each.type for each in read.attachments]) == ("Hello", ["image/png"])


def test_a_mail_attached_in_base64_is_a_mail() -> None:
    packed = base64.b64encode(mail(subject="Lost parcel")).decode()
    read = parse(multipart("mixed", part("message/rfc822", packed, "Content-Transfer-Encoding: base64")))
    assert [each.name for each in read.attachments] == ["Lost parcel.eml"]
    assert read.files == (mail(subject="Lost parcel"),)


@pytest.mark.parametrize(
    "inner", ["no head at all", "Subject: x", "Content-Type: multipart/mixed; boundary=a\n\n--a\n"]
)
def test_a_broken_mail_inside_the_mail_keeps_its_bytes(inner: str) -> None:
    read = parse(multipart("mixed", part("message/rfc822", inner)))
    assert read.files == (inner.replace("\n", "\r\n").encode(),)


def test_a_picture_within_the_text_is_listed_and_told_from_an_attached_one() -> None:
    logo = part("image/png; name=logo.png", "x", "Content-ID: <logo@x>", "Content-Disposition: inline")
    photo = part("image/jpeg; name=photo.jpg", "y", "Content-ID: <photo@x>", "Content-Disposition: inline")
    attached = part("image/gif; name=a.gif", "z", "Content-ID: <a@x>", "Content-Disposition: attachment")
    related = part('multipart/related; boundary="rim"', "").rstrip()
    body = "\n".join(f"--rim\n{each}" for each in (part("text/html", "<img src=cid:logo@x>"), logo, attached))
    read = parse(multipart("mixed", f"{related}\n\n{body}\n--rim--", photo))
    found = [(each.name, each.is_inline) for each in read.attachments]
    assert found == [("logo.png", True), ("a.gif", False), ("photo.jpg", False)]


def test_a_broken_line_among_the_headers_does_not_end_them() -> None:
    read = parse(b"Received: by x\r\nquite Delivered-To: x\r\nFrom: a@b.example\r\nSubject: Hi\r\n\r\nText")
    assert (read.sender.email, read.subject, read.text) == ("a@b.example", "Hi", "Text")


def test_a_text_without_an_empty_line_before_it_is_not_taken_for_a_header() -> None:
    read = parse(b"From: a@b.example\r\nHello,\r\nNote: this is text\r\n\r\nBye")
    assert read.text == "Hello,\nNote: this is text\n\nBye"


def test_files_that_stand_uuencoded_in_a_text_are_files_and_the_text_stays_whole() -> None:
    body = "Here it is:\nbegin 644 re\u202eport.txt\n%2&5L;&\\\n`\nend\nbye\nbegin 644 none\nno lines of it\nend"
    read = parse(mail("Content-Type: text/plain; charset=utf-8", body=body))
    assert [(each.name, each.type, each.size) for each in read.attachments] == [("report.txt", "text/plain", 5)]
    assert read.files == (b"Hello",)
    assert read.text == body


def test_prose_about_beginnings_holds_no_file() -> None:
    assert parse(mail(body="begin 644 with care\n\nend")).attachments == ()
    assert parse(mail(body="We begin 644 x\nM\nend")).attachments == ()
