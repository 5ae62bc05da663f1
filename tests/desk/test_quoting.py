"""What of an earlier mail goes into a new one, and where signatures stand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.conversation import Attachment, Direction, EntryId, Message
from desk.desk import Desk
from desk.outgoing import gaps
from desk.people import Address
from desk.quotations import quotations
from desk.quoting import below, forwarded, last_words, own_words, passed_on
from desk.settings import Mailbox, Settings
from desk.signing import signatures, signed
from desk.ticket import TicketNumber
from mail.defects import Defects
from mail.forwarded import read_forwarded
from mail.parts import read_tree
from tests.desks import DANA, SUPPORT, receive

SOFIA = timezone(timedelta(hours=2))
MAIL = Message(
    id=EntryId(3),
    ticket=TicketNumber(1),
    direction=Direction.IN,
    at=datetime(2026, 11, 20, 9, 0, tzinfo=UTC),
    date=datetime(2026, 11, 20, 8, 59, tzinfo=UTC),
    sender=DANA,
    to=(SUPPORT, Address("boss@corp.example")),
    subject="Refund",
    text="It broke.\n\nPlease help.",
)
TEXTS = st.text(st.sampled_from("ab >-\n⟦⟧:é\x1b\u202e"), max_size=200)


class TestQuotations:
    """The last mail, below an answer."""

    def test_moment_and_person_stand_above_it_in_no_language_and_in_the_agents_zone(self) -> None:
        quoted = last_words(MAIL, SOFIA)
        assert quoted == "2026-11-20 11:00 +0200, Dana Petrova <dana@corp.example>:\n> It broke.\n>\n> Please help."

    def test_mail_programs_know_the_line_above_it_as_that_of_a_quotation(self) -> None:
        lines = f"Hello\n\n{last_words(MAIL, SOFIA)}".split("\n")
        [found] = quotations(lines)
        assert (found.begin, found.end) == (2, len(lines))

    @pytest.mark.parametrize(
        ("text", "own"),
        [
            ("It broke.", "It broke."),
            (
                "It broke.\n\nOn Thu, 19 Nov 2026 at 09:30, Acme <s@acme.example> wrote:\n> one\n> two\n> three",
                "It broke.",
            ),
            ("It broke.\n\n-- \nDana\nCorp Ltd", "It broke."),
            (
                "Kaputt.\n\n________________________________\nVon: A <a@x>\nGesendet: Montag\nAn: B\nBetreff: C\n\nalt",
                "Kaputt.",
            ),
            ("On 1 Jan 2026 at 10:00 a@b.example wrote:\n> a?\n> b\n> c\nyes\n> d?\nno", None),
            ("> one\n> two\n> three", None),
        ],
    )
    def test_only_what_its_writer_said_is_taken_and_what_is_answered_line_by_line_stays(
        self, text: str, own: str | None
    ) -> None:
        assert own_words(text) == (text if own is None else own)

    def test_marks_of_gaps_and_what_drives_a_terminal_are_taken_out(self) -> None:
        hostile = replace(MAIL, text="⟦name⟧ \x1b[2J", sender=Address("x@example.com", "⟦a⟧\r\nb\x1b"))
        quoted = last_words(hostile, SOFIA)
        assert gaps(quoted) == ()
        assert "\x1b" not in quoted
        assert quoted.count("\n") == 1

    @given(text=TEXTS)
    def test_every_line_of_it_is_marked(self, text: str) -> None:
        _, *lines = last_words(replace(MAIL, text=text), SOFIA).split("\n")
        assert lines
        assert all(line.startswith(">") for line in lines)

    def test_it_stands_below_the_words_and_above_the_signature(self) -> None:
        assert below("Hello\n\n-- \nAna", "> x") == "Hello\n\n> x\n\n-- \nAna"
        assert below("Hello", "> x") == "Hello\n\n> x"


class TestForwards:
    """A whole mail, below a plain head."""

    def test_head_and_text_are_passed_on(self) -> None:
        assert forwarded(MAIL, SOFIA) == (
            "---------- Forwarded message ----------\n"
            "From: Dana Petrova <dana@corp.example>\n"
            "Date: 2026-11-20 10:59 +0200\n"
            "Subject: Refund\n"
            "To: Acme Support <support@acme.example>, <boss@corp.example>\n"
            "\n"
            "> It broke.\n>\n> Please help."
        )

    def test_copies_are_named_where_there_are_any(self) -> None:
        assert "\nCc: <boss@corp.example>\n\n>" in forwarded(replace(MAIL, cc=(Address("boss@corp.example"),)), SOFIA)

    def test_whoever_reads_it_sees_whose_mail_it_is(self) -> None:
        assert [each.email for each in read_forwarded(read_tree(b"\r\n", Defects()), forwarded(MAIL, SOFIA))] == [
            DANA.email
        ]

    @given(text=TEXTS, subject=TEXTS, name=TEXTS)
    def test_nothing_in_it_steps_out_of_its_place(self, text: str, subject: str, name: str) -> None:
        made = forwarded(replace(MAIL, text=text, subject=subject, sender=Address("x@example.com", name)), SOFIA)
        head, _, body = made.partition("\n\n")
        assert len(head.split("\n")) == 5
        assert all(line.startswith(">") for line in body.split("\n"))
        assert gaps(made) == ()

    def test_its_files_go_along_but_for_pictures_within_the_text(self) -> None:
        files = (
            Attachment("plan.pdf", "application/pdf", 5, "a" * 64, 2),
            Attachment("logo.png", "image/png", 9, "b" * 64, 3, is_inline=True),
        )
        [file] = passed_on(replace(MAIL, attachments=files))
        assert (file.name, file.sha256, file.size) == ("plan.pdf", "a" * 64, 5)


class TestSignatures:
    """The agent's, then the mailbox's."""

    def test_both_stand_once_below_the_text(self, desk: Desk) -> None:
        mailbox = Mailbox(name="support", address=SUPPORT, signature="Acme Ltd\nacme.example\n")
        desk = replace(desk, settings=Settings(mailboxes=(mailbox,)))
        wanted = signatures(desk, receive(desk).number)
        once = signed("Hello Dana,\n\nit broke.\n", wanted)
        assert once == "Hello Dana,\n\nit broke.\n\n-- \nAna Petrova\nAcme Ltd\nacme.example"
        assert signed(once, wanted) == once

    @pytest.mark.parametrize(
        "signature",
        ["Ana Petrova\n-- \nAcme Ltd", "-- \nAna Petrova\n-- \nAcme Ltd", "\n-- \nAna Petrova\n--\nAcme Ltd\n"],
    )
    def test_one_that_holds_the_line_above_signatures_itself_stays_whole_below_a_quotation(
        self, desk: Desk, signature: str
    ) -> None:
        desk = replace(desk, acting=replace(desk.me, signature=signature))
        text = signed("Hello", signatures(desk, receive(desk).number))
        assert below(text, "> x") == "Hello\n\n> x\n\n-- \nAna Petrova\n--\nAcme Ltd"

    def test_where_there_is_none_nothing_is_put(self, desk: Desk) -> None:
        desk = replace(desk, acting=replace(desk.me, signature=" "))
        assert signed("Hello", signatures(desk, receive(desk).number)) == "Hello"

    def test_one_that_a_macro_put_there_is_not_put_again(self) -> None:
        assert signed("Hello\n\nBest,\nAna Petrova\n", ("Ana Petrova",)) == "Hello\n\nBest,\nAna Petrova\n"
        both = signed("Hello\n\nBest,\nAna Petrova", ("Ana Petrova", "Acme Ltd"))
        assert both == "Hello\n\nBest,\nAna Petrova\n\n-- \nAcme Ltd"

    def test_a_name_within_the_text_or_a_quotation_is_no_signature(self) -> None:
        text = "I am Ana Petrova.\n\n> Ana Petrova"
        assert signed(text, ("Ana Petrova",)) == f"{text}\n\n-- \nAna Petrova"

    def test_readers_take_it_for_a_signature(self, desk: Desk) -> None:
        text = signed("Hello Dana, it is on its way and comes tomorrow.", ("Ana Petrova",))
        assert own_words(text) == "Hello Dana, it is on its way and comes tomorrow."


def test_of_a_name_without_end_only_the_beginning_is_carried_along() -> None:
    mail = replace(MAIL, sender=Address(DANA.email, "D" * 5_000))
    for text in (last_words(mail, SOFIA), forwarded(mail, SOFIA)):
        assert max(map(len, text.splitlines())) < 200
        assert f"<{DANA.email}>" in text
