"""`tandem reply`: every option, and everything that keeps an answer from going out."""

from __future__ import annotations

import email
import email.policy
from datetime import timedelta
from pathlib import Path

import pytest

from desk.actions.merge import merge
from desk.clock import utc_now
from desk.conversation import Event, Happened, Message
from desk.desk import Desk
from desk.outgoing import OutboxState
from desk.people import Address
from desk.ticket import Status
from tandem.paths import Home
from tests.desks import receive
from tests.tandem.cli.replies import ONE, SIGNED, body, mail, queued
from tests.tandem.commands import Commands

pytestmark = pytest.mark.usefixtures("asked")


class TestText:
    def test_from_a_file(self, tandem: Commands, desk: Desk, tmp_path: Path) -> None:
        (tmp_path / "answer.txt").write_text("Здравейте, Dana!\n")
        said = tandem.run("reply", 1, "--body-file", str(tmp_path / "answer.txt")).out
        assert "queued as mail 1 to dana@corp.example, bob@corp.example" in said
        assert body(mail(desk)) == f"Здравейте, Dana!{SIGNED}"
        assert mail(desk)["In-Reply-To"] == "<1@corp.example>"

    def test_from_standard_input(self, tandem: Commands, desk: Desk) -> None:
        tandem.run("reply", 1, "--body-file", "-", stdin="On its way.\r\n")
        assert body(mail(desk)) == f"On its way.{SIGNED}"

    def test_what_the_customer_last_wrote_is_quoted_on_request_above_the_signature(
        self, tandem: Commands, desk: Desk
    ) -> None:
        tandem.run("reply", 1, "--body-file", "-", "--quote", stdin="On its way.")
        message = next(each for each in desk.store.conversations.of(ONE) if isinstance(each, Message))
        head = f"{message.at.astimezone():%Y-%m-%d %H:%M %z}, Dana Petrova <dana@corp.example>:"
        above, _, below = body(mail(desk)).partition(head)
        assert above == "On its way.\n\n"
        assert below == f"\n> Hello, I returned the printer on Monday.{SIGNED}"

    def test_what_is_quoted_was_written_or_got_by_whoever_gets_the_answer(self, tandem: Commands, desk: Desk) -> None:
        other = receive(desk, text="My secret.", sender=Address("kim@else.example"), subject="Toner").number
        merge(desk, [other], ONE)
        tandem.run("reply", 1, "--text", "Hello", "--quote", "--to", "dana@corp.example")
        tandem.run("reply", 1, "--text", "Hello", "--quote")
        to_kim, to_dana = (each.draft for each in queued(desk))
        assert "> Hello, I returned the printer" in to_dana
        assert "secret" not in to_dana
        assert "> My secret." in to_kim

    def test_from_a_macro(self, tandem: Commands, desk: Desk) -> None:
        tandem.run("reply", 1, "--macro", "acknowledge")
        assert body(mail(desk)).startswith("Hello Dana,")

    def test_on_the_line_itself(self, tandem: Commands, desk: Desk) -> None:
        tandem.run("reply", 1, "--text", "Здравейте")
        assert body(mail(desk)).startswith("Здравейте")
        tandem.run("reply", 1, "--text", "Hello", "--body-file", "-", stdin="Hello", expect=2)

    def test_the_queued_mail_as_json(self, tandem: Commands, desk: Desk) -> None:
        [told] = tandem.run("reply", 1, "--text", "Hello", "--json").objects
        assert (told["ticket"], told["state"], told["message_id"]) == (1, "queued", queued(desk)[0].message_id)

    def test_none_at_all_is_wrong_usage(self, tandem: Commands, desk: Desk) -> None:
        assert "--body-file" in tandem.run("reply", 1, expect=2).err
        assert queued(desk) == []

    @pytest.mark.parametrize("text", ["", " \n"])
    def test_an_empty_one_is_refused(self, tandem: Commands, desk: Desk, text: str) -> None:
        tandem.run("reply", 1, "--body-file", "-", stdin=text, expect=1)
        tandem.run("reply", 1, "--macro", "acknowledge", "--body-file", "-", stdin=text, expect=1)
        assert queued(desk) == []

    def test_what_is_not_utf8_or_not_there_is_refused(self, tandem: Commands, desk: Desk, tmp_path: Path) -> None:
        (tmp_path / "latin").write_bytes(b"caf\xe9")
        assert "not UTF-8" in tandem.run("reply", 1, "--body-file", str(tmp_path / "latin"), expect=1).err
        assert "No such file" in tandem.run("reply", 1, "--body-file", str(tmp_path / "none"), expect=1).err
        assert "Is a directory" in tandem.run("reply", 1, "--body-file", str(tmp_path), expect=1).err
        assert queued(desk) == []

    @pytest.mark.parametrize("name", ["/dev/zero", "-"])
    def test_what_has_no_end_or_is_too_long_for_a_mail_is_refused(
        self, tandem: Commands, desk: Desk, name: str
    ) -> None:
        refused = tandem.run("reply", 1, "--body-file", name, stdin="ä" * 1_000_001, expect=1)
        assert "more than 1,000,000 characters" in refused.err
        assert queued(desk) == []


@pytest.mark.usefixtures("refund")
class TestMacro:
    def test_its_questions_steps_and_actions(self, tandem: Commands, desk: Desk) -> None:
        tandem.run("reply", 1, "--macro", "refund", "--set", "amount=129.00 EUR", "--done", 2)
        assert body(mail(desk)) == f"Your refund of 129.00 EUR is booked.{SIGNED}"
        assert (desk.ticket(ONE).tags, desk.ticket(ONE).status) == (("refund",), Status.WAITING)

    def test_a_gap_is_refused_by_name(self, tandem: Commands, desk: Desk) -> None:
        refused = tandem.run("reply", 1, "--macro", "refund", "--done", 2, expect=1)
        assert "⟦amount⟧" in refused.err
        assert queued(desk) == []
        assert desk.ticket(ONE).tags == ()

    def test_a_gap_is_refused_in_a_dry_run_and_in_typed_text_too(self, tandem: Commands, desk: Desk) -> None:
        tandem.run("reply", 1, "--macro", "refund", "--done", 2, "--dry-run", expect=1)
        assert "⟦when⟧" in tandem.run("reply", 1, "--body-file", "-", stdin="It comes ⟦when⟧.", expect=1).err
        assert queued(desk) == []

    def test_a_required_step_is_confirmed_or_nothing_goes_out(self, tandem: Commands, desk: Desk) -> None:
        answered = ("reply", 1, "--macro", "refund", "--set", "amount=5")
        refused = tandem.run(*answered, "--done", 1, expect=1)
        assert "Book the refund" in refused.err
        assert "--done 2" in refused.err
        assert queued(desk) == []

    def test_an_answer_of_the_wrong_kind_is_refused(self, tandem: Commands) -> None:
        assert "49.90" in tandem.run("reply", 1, "--macro", "refund", "--set", "amount=lots", "--done", 2, expect=1).err

    def test_an_answer_to_no_question_is_refused(self, tandem: Commands) -> None:
        assert "amount" in tandem.run("reply", 1, "--macro", "refund", "--set", "size=5", "--done", 2, expect=1).err

    @pytest.mark.parametrize("answer", ["amount", "=5", ""])
    def test_an_answer_without_a_name_is_wrong_usage(self, tandem: Commands, answer: str) -> None:
        tandem.run("reply", 1, "--macro", "refund", "--set", answer, "--done", 2, expect=2)

    def test_answers_without_a_macro_are_wrong_usage(self, tandem: Commands) -> None:
        tandem.run("reply", 1, "--body-file", "-", "--set", "a=b", stdin="Hello", expect=2)
        tandem.run("reply", 1, "--body-file", "-", "--done", 1, stdin="Hello", expect=2)

    def test_typed_text_stands_in_its_place_and_the_actions_stay(self, tandem: Commands, desk: Desk) -> None:
        words = ("reply", 1, "--macro", "refund", "--set", "amount=5", "--done", 2, "--body-file", "-")
        tandem.run(*words, stdin="My own words.")
        assert body(mail(desk)) == f"My own words.{SIGNED}"
        assert desk.ticket(ONE).tags == ("refund",)
        [replied] = [
            each
            for each in desk.store.conversations.of(ONE)
            if isinstance(each, Event) and each.what is Happened.REPLIED
        ]
        assert (replied.detail["macro"], replied.detail["edited"]) == ("refund", "yes")

    def test_one_that_does_not_exist_is_refused_with_what_is_near(self, tandem: Commands) -> None:
        assert "did you mean refund" in tandem.run("reply", 1, "--macro", "refnd", expect=1).err

    def test_one_that_is_broken_is_refused_with_its_line(self, tandem: Commands, home: Home) -> None:
        (home.macros / "broken.md").write_text("---\nname: Broken\ncolour: red\n---\nHello {{ ")
        assert "broken.md:" in tandem.run("reply", 1, "--macro", "broken", expect=1).err

    def test_an_internal_one_is_never_sent_to_a_customer(self, tandem: Commands, desk: Desk, home: Home) -> None:
        (home.macros / "inside.md").write_text("---\nname: Inside\nreply: note\n---\nA difficult customer.\n")
        assert "internal note" in tandem.run("reply", 1, "--macro", "inside", expect=1).err
        assert "internal note" in tandem.run("reply", 1, "--macro", "inside", "--dry-run", expect=1).err
        assert queued(desk) == []

    def test_one_without_words_needs_some(self, tandem: Commands, desk: Desk, home: Home) -> None:
        (home.macros / "tagging.md").write_text("---\nname: Tagging\ndo:\n  - tag: [+vip]\nreply: none\n---\n")
        assert "--body-file" in tandem.run("reply", 1, "--macro", "tagging", expect=1).err
        tandem.run("reply", 1, "--macro", "tagging", "--body-file", "-", stdin="Hello")
        assert desk.ticket(ONE).tags == ("vip",)


class TestRecipients:
    def test_copies_are_replaced_by_those_that_are_named(self, tandem: Commands, desk: Desk) -> None:
        copies = ("--cc", "Eve <eve@corp.example>", "--cc", "zoe@corp.example")
        tandem.run("reply", 1, "--body-file", "-", *copies, stdin="Hello")
        [entry] = queued(desk)
        assert entry.recipients == ("dana@corp.example", "eve@corp.example", "zoe@corp.example")
        assert mail(desk)["Cc"] == "Eve <eve@corp.example>, zoe@corp.example"

    def test_there_need_be_no_copies_at_all(self, tandem: Commands, desk: Desk) -> None:
        tandem.run("reply", 1, "--body-file", "-", "--no-cc", stdin="Hello")
        [entry] = queued(desk)
        assert entry.recipients == ("dana@corp.example",)
        assert mail(desk)["Cc"] is None

    def test_copies_and_none_at_all_are_wrong_usage(self, tandem: Commands, desk: Desk) -> None:
        tandem.run("reply", 1, "--body-file", "-", "--no-cc", "--cc", "zoe@corp.example", stdin="Hello", expect=2)
        assert queued(desk) == []

    @pytest.mark.parametrize(
        "address",
        [
            "",
            "nobody",
            "a@b@c",
            "a b@c.example",
            "x@corp.example, y@corp.example",
            "a\r\nBcc: b@c.example <x@c.example>",
        ],
    )
    def test_what_is_no_address_is_wrong_usage(self, tandem: Commands, desk: Desk, address: str) -> None:
        tandem.run("reply", 1, "--body-file", "-", "--cc", address, stdin="Hello", expect=2)
        assert queued(desk) == []

    def test_whom_it_goes_to_and_its_subject_can_be_others(self, tandem: Commands, desk: Desk) -> None:
        chosen = ("--to", "Zoe <zoe@corp.example>", "--no-cc", "--bcc", "eve@corp.example", "--subject", "Your order")
        tandem.run("reply", 1, "--text", "Hello", *chosen)
        [entry] = queued(desk)
        assert entry.recipients == ("zoe@corp.example", "eve@corp.example")
        assert (mail(desk)["To"], mail(desk)["Cc"], mail(desk)["Subject"]) == (
            "Zoe <zoe@corp.example>",
            None,
            "Your order",
        )
        assert b"eve@" not in desk.blobs.get(entry.raw)
        [shown] = [each for each in tandem.run("show", 1, "--json").objects[0]["messages"] if each["kind"] == "out"]
        assert [each["email"] for each in shown["bcc"]] == ["eve@corp.example"]

    def test_nobody_gets_it_who_is_not_named_where_it_is_said_whom_to_write_to(
        self, tandem: Commands, desk: Desk
    ) -> None:
        said = tandem.run("reply", 1, "--text", "Hello", "--to", "zoe@corp.example").out
        assert "queued as mail 1 to zoe@corp.example, leaves" in said
        assert (queued(desk)[0].recipients, mail(desk)["Cc"]) == (("zoe@corp.example",), None)

    def test_nor_on_a_ticket_that_another_with_copies_was_merged_into(self, tandem: Commands, desk: Desk) -> None:
        kim, lee = Address("kim@else.example"), Address("lee@else.example")
        merge(desk, [receive(desk, sender=kim, cc=(lee,), subject="Toner").number], ONE)
        tandem.run("reply", 1, "--text", "Hello", "--to", "dana@corp.example")
        assert queued(desk)[0].recipients == ("dana@corp.example",)

    @pytest.mark.parametrize("subject", ["", " \n", "a\x1b[2Jb", "x" * 401])
    def test_a_subject_that_says_nothing_or_too_much_is_wrong_usage(
        self, tandem: Commands, desk: Desk, subject: str
    ) -> None:
        tandem.run("reply", 1, "--text", "Hello", "--subject", subject, expect=2)
        assert queued(desk) == []

    def test_the_sender_alone_is_answered(self, tandem: Commands, desk: Desk) -> None:
        tandem.run("reply", 1, "--text", "Hello", "--sender-only")
        assert queued(desk)[0].recipients == ("dana@corp.example",)

    def test_undo_gives_recipients_subject_and_files_back(self, tandem: Commands, desk: Desk, tmp_path: Path) -> None:
        (tmp_path / "list.csv").write_text("a,b")
        chosen = ("--cc", "zoe@corp.example", "--subject", "Your order", "--attach", str(tmp_path / "list.csv"))
        tandem.run("reply", 1, "--text", "Hello", "--send-in", "60s", *chosen)
        (tmp_path / "list.csv").unlink()
        tandem.run("undo")
        [draft] = desk.store.drafts.of(ONE)
        assert draft.wording is not None
        assert (draft.wording.to, draft.wording.cc) == (None, (Address("zoe@corp.example"),))
        assert draft.wording.subject == "Your order"
        [file] = draft.wording.enclosures
        assert desk.blobs.get(file.sha256) == b"a,b"
        shown = tandem.run("show", 1).out
        assert "  to Dana Petrova <dana@corp.example>\n  cc zoe@corp.example\n" in shown
        assert "[list.csv, 3 bytes]" in shown


class TestFiles:
    def test_files_go_along_byte_for_byte(self, tandem: Commands, desk: Desk, tmp_path: Path) -> None:
        (tmp_path / "one.bin").write_bytes(bytes(range(256)))
        (tmp_path / "two.txt").write_text("two")
        files = ("--attach", str(tmp_path / "one.bin"), "--attach", str(tmp_path / "two.txt"))
        tandem.run("reply", 1, "--body-file", "-", *files, stdin="Hello")
        attached = list(mail(desk).iter_attachments())
        assert [each.get_filename() for each in attached] == ["one.bin", "two.txt"]
        assert attached[0].get_payload(decode=True) == bytes(range(256))

    def test_a_file_that_cannot_be_read_is_refused(self, tandem: Commands, desk: Desk, tmp_path: Path) -> None:
        for path in (tmp_path / "none", tmp_path, Path("/dev/zero")):
            assert (
                "cannot attach"
                in tandem.run("reply", 1, "--body-file", "-", "--attach", str(path), stdin="Hello", expect=1).err
            )
        assert queued(desk) == []


class TestWhenAndAfter:
    @pytest.mark.parametrize(("window", "seconds"), [("0s", 0), ("5", 5), ("60s", 60)])
    def test_the_window_in_which_it_can_be_taken_back(
        self, tandem: Commands, desk: Desk, window: str, seconds: int
    ) -> None:
        tandem.run("reply", 1, "--body-file", "-", "--send-in", window, stdin="Hello")
        [entry] = queued(desk)
        assert entry.due - entry.created == timedelta(seconds=seconds)
        assert utc_now() - entry.created < timedelta(seconds=30)

    def test_the_desk_has_a_window_of_its_own(self, tandem: Commands, desk: Desk, home: Home) -> None:
        home.config.write_text(home.config.read_text().replace("undo_seconds = 10", "undo_seconds = 33"))
        tandem.run("reply", 1, "--body-file", "-", stdin="Hello")
        [entry] = queued(desk)
        assert entry.due - entry.created == timedelta(seconds=33)

    @pytest.mark.parametrize("window", ["61s", "-1", "", "1m", "s", "９", "9" * 5000])
    def test_another_window_is_wrong_usage(self, tandem: Commands, desk: Desk, window: str) -> None:
        tandem.run("reply", 1, "--body-file", "-", "--send-in", window, stdin="Hello", expect=2)
        assert queued(desk) == []

    @pytest.mark.parametrize("until", ["", "yesterday"])
    def test_a_moment_that_is_none_stops_the_answer(self, tandem: Commands, desk: Desk, until: str) -> None:
        tandem.run("reply", 1, "--text", "Hello", "--snooze", until, expect=1)
        assert queued(desk) == []

    def test_the_status_afterwards(self, tandem: Commands, desk: Desk) -> None:
        tandem.run("reply", 1, "--body-file", "-", "--status", "closed", stdin="Hello")
        assert desk.ticket(ONE).status is Status.CLOSED

    def test_undo_takes_reply_and_status_back_together(self, tandem: Commands, desk: Desk) -> None:
        tandem.run("reply", 1, "--body-file", "-", "--status", "closed", "--send-in", "60s", stdin="Hello")
        tandem.run("undo")
        [entry] = queued(desk)
        assert entry.state is OutboxState.CANCELLED
        assert (desk.ticket(ONE).status, desk.ticket(ONE).assignee) == (Status.OPEN, None)


class TestDryRun:
    def test_the_mail_is_printed_byte_for_byte_and_nothing_is_changed(self, tandem: Commands, desk: Desk) -> None:
        before = desk.ticket(ONE), desk.store.conversations.of(ONE)
        shown = tandem.run("reply", 1, "--macro", "acknowledge", "--status", "closed", "--dry-run")
        message = email.message_from_bytes(shown.bytes_out, policy=email.policy.default)
        assert message["To"] == "Dana Petrova <dana@corp.example>"
        assert b"\r\n\r\n" in shown.bytes_out
        assert (desk.ticket(ONE), desk.store.conversations.of(ONE)) == before
        assert queued(desk) == []


def test_without_an_agent_nothing_goes_out(tandem: Commands, desk: Desk) -> None:
    tandem.acting_as("").run("reply", 1, "--body-file", "-", stdin="Hello", expect=1)
    assert queued(desk) == []


def test_a_ticket_that_is_not_there_is_refused(tandem: Commands) -> None:
    for number in (2, 10**30):
        tandem.run("reply", number, "--body-file", "-", stdin="Hello", expect=1)
        tandem.run("reply", number, "--macro", "acknowledge", expect=1)


def test_a_desk_without_an_address_sends_nothing(tandem: Commands, desk: Desk, home: Home) -> None:
    home.config.unlink()
    assert "tandem init" in tandem.run("reply", 1, "--body-file", "-", stdin="Hello", expect=1).err
    assert queued(desk) == []
