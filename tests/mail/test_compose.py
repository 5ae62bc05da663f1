from __future__ import annotations

import email
import email.policy
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import getaddresses
from hashlib import sha256
from pathlib import Path
from typing import cast
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.errors import RefusedError, StoreDamaged
from desk.outgoing import Composed, Letter
from desk.people import Address
from desk.ticket import TicketNumber
from mail.compose import MailComposer
from mail.fields import one_line
from mail.parse import parse

SUPPORT = Address("support@example.org", "Ana (Support)")
DANA = Address("dana@example.com", "Dana")
LETTER = Letter(
    ticket=TicketNumber(41),
    token="t41.abcdefghijklmnop.abcdefghijklmnopqrstuvwx",
    sender=SUPPORT,
    to=(DANA,),
    subject="Re: Invoice",
    text="Hello Dana,\n\nit is on its way.\n\n-- \nAna",
    date=datetime(2025, 3, 9, 8, 7, 6, tzinfo=UTC),
)

SCRIPTS = st.text(
    st.one_of(
        st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]),
        st.sampled_from('abcXYZ  ,;:"\\<>@()[]=?_.!ßéЖ中文字あア한العربيةעברית🙂👩‍💻ใ\u200c\u0301'),
    ),
    max_size=300,
)
LINES = st.lists(
    st.one_of(
        SCRIPTS, st.sampled_from(["", "-- ", "> quoted", ">>>", "From here", " indented", ".", "..", "x" * 1500])
    ),
    min_size=1,
    max_size=12,
)


KEPT: dict[str, bytes] = {}
"""What the desk keeps, by digest."""


def stored(sha256: str) -> bytes:
    if sha256 not in KEPT:
        raise StoreDamaged(f"{sha256} is missing", "bring it back from a backup")
    return KEPT[sha256]


def compose(letter: Letter) -> Composed:
    return MailComposer(stored).compose(letter)


def read(raw: bytes) -> EmailMessage:
    return email.message_from_bytes(raw, policy=email.policy.default)


def unfolded(raw: bytes, name: str) -> str:
    """A field as it stands in the bytes, its lines joined (RFC 5322 2.2.3), read by the older policy."""
    return re.sub(r"\r?\n", "", email.message_from_bytes(raw)[name])


def text_of(mail: EmailMessage) -> str:
    """What RFC 3676 says a reader shall make of the text part."""
    part = mail.get_body(("plain",))
    assert part is not None
    return unflowed(cast("bytes", part.get_payload(decode=True)).decode())


def unflowed(body: str) -> str:
    paragraphs: list[str] = []
    goes_on = False
    for written in body.removesuffix("\r\n").split("\r\n"):
        line = written.removeprefix(" ")
        paragraphs[-1:] = [paragraphs[-1] + line] if goes_on else [*paragraphs[-1:], line]
        goes_on = line.endswith(" ") and line != "-- " and not written.startswith(">")
    return "\n".join(paragraphs)


def kept(text: str) -> str:
    """A text without the blanks at its line ends, which flowed text cannot carry."""
    return "\n".join(line if line == "-- " else line.rstrip(" ") for line in text.split("\n"))


def test_a_letter_becomes_a_mail_with_exactly_these_fields() -> None:
    parent = "<one@example.com>"
    composed = compose(replace(LETTER, cc=(Address("bo@example.com"),), in_reply_to=parent, references=(parent,)))
    head, _, body = composed.raw.partition(b"\r\n\r\n")
    assert head.decode().split("\r\n") == [
        "Date: Sun, 09 Mar 2025 08:07:06 +0000",
        'From: "Ana (Support)" <support@example.org>',
        "To: Dana <dana@example.com>",
        "Cc: bo@example.com",
        "Subject: Re: Invoice",
        f"Message-ID: {composed.message_id}",
        f"In-Reply-To: {parent}",
        f"References: {parent}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8; format=flowed",
        "Content-Transfer-Encoding: 7bit",
    ]
    assert body == b"Hello Dana,\r\n\r\nit is on its way.\r\n\r\n-- \r\nAna\r\n"
    assert composed.envelope_from == "support@example.org"
    assert composed.recipients == ("dana@example.com", "bo@example.com")


def test_the_message_id_is_the_letters_token_at_our_own_domain() -> None:
    assert compose(LETTER).message_id == f"<{LETTER.token}@example.org>"


def test_a_mail_that_refers_to_nothing_refers_to_itself() -> None:
    first = compose(LETTER)
    assert unfolded(first.raw, "References") == first.message_id
    assert "In-Reply-To" not in read(first.raw)


def test_the_date_is_written_in_utc() -> None:
    there = LETTER.date.astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert unfolded(compose(replace(LETTER, date=there)).raw, "Date") == "Sun, 09 Mar 2025 08:07:06 +0000"


@given(name=SCRIPTS, subject=SCRIPTS, lines=LINES)
def test_names_subjects_and_texts_of_all_scripts_are_read_as_they_were_written(
    name: str, subject: str, lines: list[str]
) -> None:
    text = "\n".join([*lines, "end"])
    raw = compose(replace(LETTER, to=(Address("x@example.com", name),), subject=subject, text=text)).raw
    named, titled = one_line(name)[:200].strip(), one_line(subject)
    mail = read(raw)
    assert mail["Subject"] == titled
    assert str(make_header(decode_header(unfolded(raw, "Subject")))) == titled
    ((read_name, read_address),) = getaddresses([unfolded(raw, "To")])
    assert str(make_header(decode_header(read_name))) == named
    assert read_address == "x@example.com"
    (modern,) = mail["To"].addresses
    # This reader may keep the blank that separates two encoded words: github.com/python/cpython/issues/128110
    assert modern.display_name.replace(" ", "") == named.replace(" ", "")
    assert modern.addr_spec == "x@example.com"
    assert text_of(mail) == kept(text)


@given(name=SCRIPTS, subject=SCRIPTS, lines=LINES)
def test_every_line_is_ascii_ends_in_crlf_and_is_short(name: str, subject: str, lines: list[str]) -> None:
    text = "\n".join([*lines, "end"])
    raw = compose(replace(LETTER, sender=Address("x@example.com", name), subject=subject, text=text)).raw
    assert raw.isascii()
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", raw)
    assert raw.endswith(b"\r\n")
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert max(map(len, raw.partition(b"\r\n\r\n")[0].split(b"\r\n"))) <= 78


def test_a_long_paragraph_is_wrapped_with_a_blank_and_a_quoted_line_is_kept_whole() -> None:
    quoted = "> " + "word " * 40 + "end"
    body = compose(replace(LETTER, text=f"{'word ' * 40}end\n{quoted}")).raw.partition(b"\r\n\r\n")[2].decode()
    *wrapped, last, quotation, after = body.split("\r\n")
    assert len(wrapped) == 2
    assert all(line.endswith("word ") and len(line) <= 73 for line in wrapped)
    assert last.endswith(" word end")
    assert (quotation, after) == (quoted, "")


def test_lines_that_would_be_misread_are_stuffed_with_a_blank() -> None:
    long = "word " * 14 + ">people, " + "word " * 20 + "end"
    body = compose(replace(LETTER, text=f"From here on\n  indented\n{long}")).raw.partition(b"\r\n\r\n")[2].decode()
    assert body.startswith(" From here on\r\n   indented\r\nword ")
    assert "\r\n >people, word" in body


@pytest.mark.parametrize(
    ("text", "encoding"),
    [("plain", "7bit"), ("Grüße", "quoted-printable"), ("x" * 998, "7bit"), ("x" * 999, "quoted-printable")],
)
def test_the_encoding_is_the_plainest_that_every_server_carries(text: str, encoding: str) -> None:
    assert unfolded(compose(replace(LETTER, text=text)).raw, "Content-Transfer-Encoding") == encoding


def test_control_characters_in_the_text_do_not_leave_the_house() -> None:
    mail = read(compose(replace(LETTER, text="a\x1b]52;c;x\x07\r\nb\rc\x00\x85d\u2028e\ud800")).raw)
    assert text_of(mail) == "a\ufffd]52;c;x\ufffd\nb\nc\ufffd\nd\ne\ufffd"


INJECTIONS = [
    f"x{control}Bcc: all@example.net" for control in ["\r\n", "\n", "\r", "\0", "\x1b", "\x85", "\u2028", "\x0b"]
]


@pytest.mark.parametrize("hostile", INJECTIONS, ids=ascii)
def test_a_name_or_subject_cannot_begin_another_field(hostile: str) -> None:
    letter = replace(LETTER, subject=hostile, sender=replace(SUPPORT, name=hostile), to=(replace(DANA, name=hostile),))
    raw = compose(letter).raw
    assert read(raw).keys() == read(compose(LETTER).raw).keys()
    assert unfolded(raw, "Subject") == "x Bcc: all@example.net"
    assert unfolded(raw, "To") == '"x Bcc: all@example.net" <dana@example.com>'


@pytest.mark.parametrize("hostile", INJECTIONS, ids=ascii)
def test_an_address_with_a_control_character_is_refused(hostile: str) -> None:
    for address in (Address(f"{hostile}@example.com"), Address(f"a@{hostile}"), Address(f'"{hostile}"@example.com')):
        for changed in (
            replace(LETTER, to=(address,)),
            replace(LETTER, cc=(address,)),
            replace(LETTER, sender=address),
        ):
            with pytest.raises(RefusedError, match="cannot write to"):
                compose(changed)


@pytest.mark.parametrize("hostile", INJECTIONS, ids=ascii)
def test_an_id_that_is_none_is_left_out(hostile: str) -> None:
    bad = (f"<{hostile}@x>", f"<a@x>{hostile}", "<a b@x>", "<ü@x>", "no brackets", "<>", f"<{'x' * 1200}@x>")
    mail = read(compose(replace(LETTER, in_reply_to=bad[0], references=("<good@x>", *bad))).raw)
    assert sorted(mail.keys()) == sorted(read(compose(LETTER).raw).keys())
    assert mail["References"] == "<good@x>"


def test_ids_that_tandem_made_up_never_leave() -> None:
    made_up = f"<{'0' * 64}@tandem.invalid>"
    raw = compose(replace(LETTER, in_reply_to=made_up, references=("<a@x>", made_up))).raw
    assert b"tandem" not in raw.lower()


def test_references_end_with_the_mail_that_is_answered_and_name_each_mail_once() -> None:
    raw = compose(replace(LETTER, in_reply_to="<b@x>", references=("<a@x>", "<b@x>", "<c@x>", "<a2@x>"))).raw
    assert unfolded(raw, "References") == "<a@x> <c@x> <a2@x> <b@x>"
    assert unfolded(raw, "In-Reply-To") == "<b@x>"


def test_long_references_keep_the_first_and_the_last() -> None:
    ids = tuple(f"<{number:04}.{'x' * 60}@example.com>" for number in range(1000))
    kept_ids = unfolded(compose(replace(LETTER, in_reply_to=ids[-1], references=ids)).raw, "References").split()
    assert len(" ".join(kept_ids)) <= 20_000
    assert len(kept_ids) > 200
    assert kept_ids == [ids[0], *ids[-len(kept_ids) + 1 :]]


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("info@bücher.example", "info@xn--bcher-kva.example"),
        ("почта@пример.example", None),
        ("инфо@example.com", None),
        ("info@пример.example", "info@xn--e1afmkfd.example"),
        ("info@straße.example", "info@xn--strae-oqa.example"),
        ("info@BÜCHER。example", "info@xn--bcher-kva.example"),
        ("info@i❤.example", None),
        ("info@xn--i-7iq.example", "info@xn--i-7iq.example"),
        ("info@\u202eb.example", None),
        ("info@a_b.example", "info@a_b.example"),
        ("a..b.@docomo.example", '"a..b."@docomo.example'),
        ('"two words"@example.com', '"two words"@example.com'),
        ("two words@example.com", None),
        ("<dana@example.com>", None),
        ("dana@example.com, bo@example.com", None),
        ("dana", None),
        ("", None),
        ("@example.com", None),
        ("dana@", None),
        ("dana@a..b", None),
        ("dana@-a.example", None),
        (f"{'d' * 250}@example.com", None),
        (f"dana@{'a' * 64}.example", None),
        ("o'neil+tag=1@sub.example.com", "o'neil+tag=1@sub.example.com"),
    ],
)
def test_an_address_is_sent_to_in_ascii_or_refused_in_words(written: str, sent: str | None) -> None:
    letter = replace(LETTER, to=(Address(written, "Dana"),))
    if sent is None:
        with pytest.raises(RefusedError, match="cannot write to"):
            compose(letter)
    else:
        composed = compose(letter)
        assert composed.recipients == (sent,)
        assert unfolded(composed.raw, "To") == f"Dana <{sent}>"


def test_somebody_named_twice_gets_one_copy() -> None:
    again = (Address("DANA@example.com"), Address("bo@bücher.example"), Address("bo@xn--bcher-kva.example"))
    assert compose(replace(LETTER, cc=again)).recipients == ("dana@example.com", "bo@xn--bcher-kva.example")


def test_a_long_list_of_recipients_is_folded_between_addresses() -> None:
    people = tuple(Address(f"person{number}@example.com", f"Person {number}, Ltd.") for number in range(200))
    composed = compose(replace(LETTER, to=people))
    assert [(each.display_name, each.addr_spec) for each in read(composed.raw)["To"].addresses] == [
        (each.name, each.email) for each in people
    ]
    assert len(composed.recipients) == 200


def test_nobody_to_write_to_and_nothing_to_say_are_refused() -> None:
    with pytest.raises(RefusedError, match="no recipient"):
        compose(replace(LETTER, to=(), cc=()))
    with pytest.raises(RefusedError, match="no text"):
        compose(replace(LETTER, text=" \n\t\n"))


def test_files_travel_byte_for_byte_under_their_own_names(tmp_path: Path) -> None:
    files = {
        "plan.pdf": b"%PDF\r\n\x00\xff" * 500,
        "Übersicht “März”.txt": b"Zeile\n",
        "отчёт 100%.csv": b"",
        "quote\"back\\slash'.bin": b".\r\n..\r\n",
        "data:a,b": b"\n",
        "saved.eml": b"Subject: x\r\n\r\nFrom here\r\n",
        "logs.tar.gz": b"\x1f\x8b",
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    raw = compose(replace(LETTER, text="Grüße", attachments=tuple(tmp_path / name for name in files))).raw
    text, *parts = read(raw).iter_parts()
    assert isinstance(text, EmailMessage)
    assert text_of(text) == "Grüße"
    assert dict(zip(file_names(raw), [part.get_payload(decode=True) for part in parts], strict=True)) == files
    types = [part.get_content_type() for part in parts]
    assert types[:2] == ["application/pdf", "text/plain"]
    assert types[4:] == ["application/octet-stream"] * 3
    assert raw.isascii()
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", raw)


def file_names(raw: bytes) -> list[str]:
    """The names as current readers choose them: by RFC 2231 where there is one, which the standard library does not."""
    fields = re.findall(r"^Content-Disposition: .*$", raw.decode().replace("\r\n ", " "), re.MULTILINE)
    return [unquote(f.rpartition("''")[2].strip()) if "filename*=" in f else f.split('"')[1] for f in fields]


def test_a_reader_of_old_sees_an_ascii_file_name(tmp_path: Path) -> None:
    path = tmp_path / "Übersicht “März” 5%.txt"
    path.write_bytes(b"x")
    raw = compose(replace(LETTER, attachments=(path,))).raw
    assert b'filename="Ubersicht _Marz_ 5_.txt";' in raw
    assert b"filename*=UTF-8''%C3%9Cbersicht%20%E2%80%9CM%C3%A4rz%E2%80%9D%205%25.txt\r\n" in raw


def test_the_contents_of_files_come_along(tmp_path: Path) -> None:
    for name, content in (("a.txt", b"one"), ("b.bin", b"\0\xff")):
        (tmp_path / name).write_bytes(content)
    composed = MailComposer(stored).compose(replace(LETTER, attachments=(tmp_path / "a.txt", tmp_path / "b.bin")))
    assert composed.files == parse(composed.raw).files == (b"one", b"\0\xff")
    assert [each.sha256 for each in composed.attachments] == [sha256(each).hexdigest() for each in composed.files]


def test_files_that_cannot_be_attached_are_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(b"x" * 600)
    (tmp_path / "b.bin").write_bytes(b"x" * 600)
    (tmp_path / "line\nbreak").write_bytes(b"x")
    for names, words in [
        (["gone.pdf"], "No such file"),
        ([""], "not a file"),
        (["a.bin", "b.bin"], "together"),
        (["line\nbreak"], "cannot stand in a mail"),
        (["nul\0"], "no file can have this name"),
    ]:
        with pytest.raises(RefusedError, match=words):
            MailComposer(stored, 1000).compose(replace(LETTER, attachments=tuple(tmp_path / name for name in names)))


def test_nothing_tells_of_the_program_and_nothing_calls_it_automatic() -> None:
    names = {name.lower() for name in read(compose(LETTER).raw).keys()}  # noqa: SIM118 - a mail is no dictionary
    assert not names & {"user-agent", "x-mailer", "bcc", "auto-submitted", "precedence", "x-auto-response-suppress"}
