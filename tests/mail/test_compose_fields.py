"""What a letter asks for beyond its words: who sees whom, where answers go, limits, kept files, automatic mail."""

from __future__ import annotations

import base64
import email
import email.policy
import re
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import collapse_rfc2231_value, unquote
from hashlib import sha256
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.errors import RefusedError, StoreDamaged
from desk.outgoing import Composed, Enclosure, Letter, Limits, Purpose
from desk.people import Address
from desk.ticket import TicketNumber
from mail.compose import MailComposer
from mail.fields import disposition
from mail.parse import parse

LETTER = Letter(
    ticket=TicketNumber(41),
    token="t41.abcdefghijklmnop.abcdefghijklmnopqrstuvwx",
    sender=Address("support@example.org", "Ana"),
    to=(Address("dana@example.com", "Dana"),),
    subject="Re: Invoice",
    text="Hello Dana,\n\nit is on its way.",
    date=datetime(2025, 3, 9, 8, 7, 6, tzinfo=UTC),
)
MARKS_OF_MACHINES = {"auto-submitted", "precedence", "x-auto-response-suppress", "x-loop"}
ALL_SCRIPTS = Limits(size=None, smtputf8=True, dsn=False)
PIECES = (
    *'aé@. \r\n\0\x1b\x85\u2028\u202e\ud800:<>"\\,;',
    *("=?utf-8?q?=0D=0ABcc:?=", "\r\nBcc: x@y.example\r\n", "A" * 90),
)
HOSTILE = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
FILE_NAMES = st.text(
    st.one_of(
        st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]),
        st.sampled_from("abc .-_;=\"'%*\\üßЖ文ア한ع🙂\u0301"),
    ),
    min_size=1,
    max_size=255,
)


def compose(letter: Letter, *kept: bytes) -> Composed:
    there = {sha256(each).hexdigest(): each for each in kept}

    def stored(digest: str) -> bytes:
        if digest not in there:
            raise StoreDamaged(f"{digest} is missing", "bring it back from a backup")
        return there[digest]

    return MailComposer(stored).compose(letter)


def read(raw: bytes) -> EmailMessage:
    return email.message_from_bytes(raw, policy=email.policy.default)


def names(raw: bytes) -> set[str]:
    return {name.lower() for name in email.message_from_bytes(raw).keys()}  # noqa: SIM118 - a mail is no dictionary


def enclosure(name: str, data: bytes) -> Enclosure:
    return Enclosure(name, sha256(data).hexdigest(), len(data))


def read_name(field: str) -> str:
    """A file's name in a field: in full where it is given in full, which the standard library passes over."""
    values = [value for key, value in named_in(field) if key == "filename"]
    in_full = [collapse_rfc2231_value(each) for each in values if isinstance(each, tuple)]
    return in_full[0] if in_full else unquote(str(values[0]))


def named_in(field: str) -> list[tuple[str, str | tuple[str, str | None, str]]]:
    found = email.message_from_string(f"{field}\r\n\r\n").get_params(header="content-disposition")
    return cast("list[tuple[str, str | tuple[str, str | None, str]]]", found)


def test_who_gets_it_unseen_stands_in_the_envelope_and_nowhere_in_the_mail() -> None:
    composed = compose(replace(LETTER, bcc=(Address("boss@example.net", "The Boss"), Address("DANA@example.com"))))
    assert composed.recipients == ("dana@example.com", "boss@example.net")
    assert "bcc" not in names(composed.raw)
    assert b"boss" not in composed.raw.lower()


def test_a_mail_may_go_to_unseen_recipients_alone() -> None:
    composed = compose(replace(LETTER, to=(), bcc=(Address("boss@example.net"),)))
    assert composed.recipients == ("boss@example.net",)
    assert not names(composed.raw) & {"to", "cc", "bcc"}


def test_answers_go_where_the_letter_says() -> None:
    assert "reply-to" not in names(compose(LETTER).raw)
    raw = compose(replace(LETTER, reply_to=Address("support+x@example.org", "Acme, Ltd."))).raw
    assert read(raw)["Reply-To"] == '"Acme, Ltd." <support+x@example.org>'


@pytest.mark.parametrize("purpose", [Purpose.REPLY, Purpose.NEW, Purpose.FORWARD])
def test_what_an_agent_writes_carries_no_mark_of_a_machine(purpose: Purpose) -> None:
    assert not names(compose(replace(LETTER, purpose=purpose)).raw) & MARKS_OF_MACHINES


def test_an_automatic_mail_asks_machines_not_to_answer_and_carries_our_mark() -> None:
    composed = compose(replace(LETTER, purpose=Purpose.AUTOMATIC))
    mail = read(composed.raw)
    assert mail["Auto-Submitted"] == "auto-replied"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert f"<{mail['X-Loop']}>" == composed.message_id
    assert "precedence" not in names(composed.raw)
    assert parse(composed.raw).automatic is not None


@given(name=HOSTILE, subject=HOSTILE, file=HOSTILE, email_name=HOSTILE, named=st.lists(HOSTILE, max_size=3))
def test_whatever_a_letter_holds_its_mail_has_the_fields_of_a_mail_and_no_others(
    name: str, subject: str, file: str, email_name: str, named: list[str]
) -> None:
    parent = f"Thread-Topic: {subject}\r\nThread-Index: {name}\r\n\r\n".encode("utf-8", "surrogatepass")
    letter = replace(
        LETTER,
        sender=replace(LETTER.sender, name=name),
        to=(Address("dana@example.com", email_name), Address(f"{name}@{subject}.example")),
        reply_to=Address("support@example.org", subject),
        subject=subject,
        in_reply_to=named[0] if named else None,
        references=tuple(named),
        enclosures=(enclosure(file, b"x"),),
        answered=sha256(parent).hexdigest(),
        limits=ALL_SCRIPTS,
    )
    for each in (letter, replace(letter, to=LETTER.to), replace(letter, to=LETTER.to, enclosures=())):
        try:
            raw = compose(each, b"x", parent).raw
        except RefusedError:
            continue
        head = raw.partition(b"\r\n\r\n")[0].decode()
        assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]|\r(?!\n)|(?<!\r)\n", head)
        fields = [line.partition(":")[0] for line in head.split("\r\n") if not line.startswith(" ")]
        assert len(fields) == len(set(fields))
        assert set(fields) <= {
            "Date", "From", "To", "Reply-To", "Subject", "Message-ID", "In-Reply-To", "References",
            "Thread-Topic", "Thread-Index", "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
        }  # fmt: skip
        assert fields[:3] == ["Date", "From", "To"]
    assert compose(replace(letter, to=LETTER.to, enclosures=()), parent).raw


class TestLimits:
    """What the server said of itself when it was last asked."""

    def test_a_mail_that_the_server_would_not_take_is_refused_with_both_sizes(self) -> None:
        data = bytes(3_000_000)
        letter = replace(LETTER, enclosures=(enclosure("scan.bin", data),))
        with pytest.raises(RefusedError, match=r"this mail has 4\.\d+ MB and the mail server takes at most 4 MB") as no:
            compose(replace(letter, limits=Limits(4_000_000, smtputf8=False, dsn=False)), data)
        assert "fewer or smaller files" in no.value.hint
        assert compose(replace(letter, limits=Limits(5_000_000, smtputf8=False, dsn=False)), data).raw

    def test_the_size_is_that_of_the_bytes_that_leave(self) -> None:
        size = len(compose(LETTER).raw)
        assert compose(replace(LETTER, limits=Limits(size, smtputf8=False, dsn=False))).raw
        with pytest.raises(RefusedError, match="takes at most"):
            compose(replace(LETTER, limits=Limits(size - 1, smtputf8=False, dsn=False)))

    @pytest.mark.parametrize(
        "limits", [None, Limits(None, smtputf8=False, dsn=False), Limits(0, smtputf8=False, dsn=False)]
    )
    def test_where_no_size_is_known_none_is_refused(self, limits: Limits | None) -> None:
        assert compose(replace(LETTER, limits=limits)).raw

    @pytest.mark.parametrize(
        ("written", "sent"),
        [
            ("почта@пример.example", "почта@xn--e1afmkfd.example"),
            ("δοκιμή@example.com", "δοκιμή@example.com"),
            ("用户+x@例子.example", "用户+x@xn--fsqu00a.example"),
        ],
    )
    def test_an_address_of_another_script_is_written_to_where_the_server_carries_it(
        self, written: str, sent: str
    ) -> None:
        letter = replace(LETTER, to=(Address(written, "Дана"),))
        for limits in (None, Limits(None, smtputf8=False, dsn=True)):
            with pytest.raises(RefusedError, match="not ASCII, which our mail server is not known to carry"):
                compose(replace(letter, limits=limits))
            assert not MailComposer(bytes.fromhex).reaches(letter.to[0], limits)
        composed = compose(replace(letter, limits=ALL_SCRIPTS))
        assert composed.recipients == (sent,)
        assert f"To: =?utf-8?b?{base64.b64encode('Дана'.encode()).decode()}?= <{sent}>\r\n".encode() in composed.raw
        assert MailComposer(bytes.fromhex).reaches(letter.to[0], ALL_SCRIPTS)

    @pytest.mark.parametrize("hostile", ["é\r\nBcc:x", "é\x00", "é\u2028", "é b", "é\u202eb", "é<", "é,b", "é\ud800"])
    def test_nothing_but_letters_gets_into_a_header_that_way(self, hostile: str) -> None:
        with pytest.raises(RefusedError, match="cannot write to"):
            compose(replace(LETTER, to=(Address(f"{hostile}@example.com"),), limits=ALL_SCRIPTS))


class TestOutlook:
    """What it sorts a conversation by comes from the mail that is answered."""

    OPENING = base64.b64encode(bytes(range(22))).decode()

    def answer(self, head: str) -> EmailMessage:
        parent = f"From: dana@example.com\r\n{head}Subject: x\r\n\r\nHello".encode("utf-8", "surrogateescape")
        return read(compose(replace(LETTER, answered=sha256(parent).hexdigest()), parent).raw)

    def test_topic_and_index_are_copied(self) -> None:
        index = base64.b64encode(bytes(range(37))).decode()
        mail = self.answer(
            f"Thread-Topic: =?utf-8?q?Rechnung_f=C3=BCr_M=C3=A4rz?=\r\nThread-Index: {index[:20]}\r\n {index[20:]}\r\n"
        )
        assert mail["Thread-Topic"] == "Rechnung für März"
        assert mail["Thread-Index"] == index

    def test_of_an_index_that_grew_too_long_the_first_block_is_kept(self) -> None:
        long = base64.b64encode(bytes(range(22)) + bytes(5 * 200)).decode()
        assert self.answer(f"Thread-Index: {long}\r\n")["Thread-Index"] == self.OPENING

    @pytest.mark.parametrize("index", ["", "x", "AAAA", "not base64 at all!", OPENING + "AAAA", "\x00", "é" * 40])
    def test_an_index_that_is_none_is_left_out(self, index: str) -> None:
        mail = self.answer(f"Thread-Index: {index}\r\n")
        assert mail.keys() == read(compose(LETTER).raw).keys()

    def test_a_topic_cannot_begin_another_field(self) -> None:
        mail = self.answer("Thread-Topic: =?utf-8?q?x=0D=0ABcc:_all=40example.net?=\r\n")
        assert mail["Thread-Topic"] == "x Bcc: all@example.net"
        assert "Bcc" not in mail

    def test_a_mail_that_is_not_kept_any_more_is_answered_without(self) -> None:
        assert names(compose(replace(LETTER, answered="0" * 64)).raw) == names(compose(LETTER).raw)


class TestKeptFiles:
    """Files that were copied to the desk when they were attached."""

    def test_they_go_along_before_those_still_to_be_read(self) -> None:
        files = {"Übersicht.pdf": b"%PDF\xff", "a.txt": b"", "наш отчёт.csv": b"1;2\r\n"}
        kept = tuple(enclosure(name, data) for name, data in files.items())
        composed = compose(replace(LETTER, enclosures=kept), *files.values())
        assert composed.files == tuple(files.values())
        assert [(each.name, each.sha256, each.size) for each in composed.attachments] == [
            (each.name, each.sha256, each.size) for each in kept
        ]
        assert [(each.name, each.size) for each in parse(composed.raw).attachments] == [
            (each.name, each.size) for each in kept
        ]
        assert parse(composed.raw).files == composed.files

    def test_one_that_is_gone_is_refused_by_name(self) -> None:
        with pytest.raises(RefusedError, match=r"'gone\.pdf' is not kept any more"):
            compose(replace(LETTER, enclosures=(enclosure("gone.pdf", b"x"),)))

    def test_together_they_have_a_limit(self) -> None:
        kept = (enclosure("a.bin", b"x" * 600), enclosure("b.bin", b"y" * 600))
        with pytest.raises(RefusedError, match=r"'b\.bin'.*together"):
            MailComposer({kept[0].sha256: b"x" * 600, kept[1].sha256: b"y" * 600}.__getitem__, 1000).compose(
                replace(LETTER, enclosures=kept)
            )

    @given(name=FILE_NAMES)
    def test_any_name_is_one_field_of_short_ascii_lines_and_is_read_back(self, name: str) -> None:
        field = disposition(name)
        assert field.isascii()
        assert not re.search(r"\r\n(?! )|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", field)
        assert max(map(len, field.split("\r\n"))) <= 998
        assert read_name(field) == name

    @pytest.mark.parametrize("control", ["\r\n", "\n", "\0", "\x1b", "\x85", "\u2028"])
    def test_a_name_that_could_begin_another_field_is_refused(self, control: str) -> None:
        with pytest.raises(RefusedError, match="cannot stand in a mail"):
            compose(replace(LETTER, enclosures=(enclosure(f"x{control}Bcc: y", b"z"),)), b"z")
