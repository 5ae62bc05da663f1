"""`tandem show`: a ticket with its conversation, for people, for programs, and as the bytes that came."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk.actions.assign import assign
from desk.actions.draft import keep_aside, save_draft
from desk.actions.merge import merge
from desk.actions.note import add_note
from desk.actions.reply import reply
from desk.actions.status import set_status
from desk.actions.undo import undo
from desk.conversation import Attachment, Message
from desk.desk import Desk
from desk.draft import DraftKind
from desk.incoming import Fetched, Incoming, Place
from desk.intake import take_in
from desk.outgoing import Answer
from desk.people import Address, Handle
from desk.ticket import Status, TicketNumber
from desk.wording import Wording
from desk.written import Written
from tests.desks import DANA, acting_as, receive
from tests.tandem.cli.test_list import TICKET
from tests.tandem.commands import Commands

ONE, TWO = TicketNumber(1), TicketNumber(2)
MESSAGE = [
    "id", "kind", "from", "to", "cc", "date", "subject", "text", "html", "attachments", "message_id", "automatic",
    "facts", "defects", "state", "author", "event",
]  # fmt: skip
"""The fields of a message, word for word from the contract."""

MORE = ["purpose", "side", "bcc"]
"""What stands behind them."""


def messages(tandem: Commands) -> list[dict[str, object]]:
    found: list[dict[str, object]] = tandem.run("show", 1, "--json").objects[0]["messages"]
    return found


class TestJson:
    def test_a_ticket_has_the_fields_of_the_list_and_its_messages(self, tandem: Commands, desk: Desk) -> None:
        receive(desk)
        [shown] = tandem.run("show", 1, "--json").objects
        assert list(shown) == [*TICKET, "messages"]
        assert {name: shown[name] for name in TICKET} == tandem.run("list", "id:1", "--json").objects[0]

    def test_every_kind_of_entry_has_exactly_the_fields_of_the_contract(self, tandem: Commands, desk: Desk) -> None:
        file = Attachment("receipt.pdf", "application/pdf", 1200, "ab" * 32, 1)
        receive(desk, cc=(Address("bob@corp.example", "Bob"),), attachments=(file,), defects=("odd date",))
        add_note(desk, ONE, "called the bank")
        reply(desk, ONE, Answer(text="On its way.", send_in=0))
        entries = messages(tandem)
        assert {each["kind"] for each in entries} == {"in", "out", "note", "event"}
        for each in entries:
            assert list(each) == MESSAGE + MORE
        [first] = [each for each in entries if each["kind"] == "in"]
        assert first["from"] == {"name": "Dana Petrova", "email": "dana@corp.example"}
        assert first["cc"] == [{"name": "Bob", "email": "bob@corp.example"}]
        assert first["attachments"] == [
            {"name": "receipt.pdf", "type": "application/pdf", "size": 1200, "sha256": "ab" * 32, "inline": False}
        ]
        assert (first["html"], first["automatic"], first["state"], first["author"]) == (False, None, None, None)
        assert first["defects"] == ["odd date"]

    def test_a_note_has_its_author_and_no_recipient(self, tandem: Commands, desk: Desk) -> None:
        receive(desk)
        add_note(acting_as(desk, "bo"), ONE, "called the bank")
        [note] = [each for each in messages(tandem) if each["kind"] == "note"]
        assert (note["text"], note["author"], note["to"], note["from"]) == ("called the bank", "bo", [], None)

    def test_an_event_says_what_changed_from_what_to_what(self, tandem: Commands, desk: Desk) -> None:
        receive(desk)
        assign(desk, ONE, Handle("bo"))
        event = messages(tandem)[-1]
        assert (event["kind"], event["author"], event["text"]) == ("event", "ana", None)
        assert event["event"] == {
            "what": "assigned",
            "changes": {"assignee": {"before": None, "after": "bo"}},
            "detail": {},
            "undone": False,
        }

    def test_a_reply_has_its_state_and_author(self, tandem: Commands, desk: Desk) -> None:
        receive(desk)
        reply(desk, ONE, Answer(text="On its way.", send_in=60))
        [out] = [each for each in messages(tandem) if each["kind"] == "out"]
        assert (out["state"], out["author"], out["text"]) == ("queued", "ana", "On its way.")
        assert out["to"] == [{"name": "Dana Petrova", "email": "dana@corp.example"}]

    def test_the_oldest_stands_first(self, tandem: Commands, desk: Desk) -> None:
        receive(desk)
        add_note(desk, ONE, "first")
        add_note(desk, ONE, "second")
        assert [each["text"] for each in messages(tandem) if each["kind"] == "note"] == ["first", "second"]

    def test_a_note_that_was_taken_back_is_shown_no_more(self, tandem: Commands, desk: Desk) -> None:
        receive(desk)
        add_note(desk, ONE, "a slip of the hand")
        undo(desk)
        assert "a slip" not in tandem.run("show", 1, "--json").out
        assert "a slip" not in tandem.run("show", 1).out


def _shown_after(tandem: Commands, *chosen: str) -> str:
    """What is shown of a reply that was taken back; what was kept of one before it is sent first."""
    tandem.run("reply", 1, "--draft", "--send-in", "0s")
    tandem.run("reply", 1, "--text", "x", *chosen)
    tandem.run("undo")
    return tandem.run("show", 1).out.partition("DRAFT, not sent")[2]


class TestUnfinishedReply:
    def test_it_stands_last_and_is_no_mail(self, tandem: Commands, desk: Desk) -> None:
        receive(desk, cc=(Address("bob@corp.example", "Bob"),))
        save_draft(acting_as(desk, "bo"), ONE, DraftKind.REPLY, Written("Dear Dana"))
        shown = messages(tandem)
        draft = shown[-1]
        assert list(draft) == MESSAGE + MORE
        assert (draft["kind"], draft["state"], draft["author"], draft["text"]) == ("out", "draft", "bo", "Dear Dana")
        assert (draft["id"], draft["from"], draft["message_id"]) == (None, None, None)
        assert (draft["to"], draft["cc"]) == (
            [{"name": "Dana Petrova", "email": "dana@corp.example"}],
            [{"name": "Bob", "email": "bob@corp.example"}],
        )
        assert draft["subject"] == "Re: Refund for order 88213"
        assert [each for each in shown if each["state"] == "draft"] == [draft]
        out = tandem.run("show", 1).out
        assert "\nDRAFT, not sent  bo  " in out
        assert out.endswith("Dear Dana\n")

    def test_it_goes_to_whom_it_was_begun_for_and_tells_who_wrote_since(self, tandem: Commands, desk: Desk) -> None:
        receive(desk, message_id="<1@corp.example>")
        save_draft(desk, ONE, DraftKind.REPLY, Written("Dear Dana"))
        receive(desk, sender=Address("mallory@evil.example"), answers=("<1@corp.example>",), text="Send it to me.")
        out = tandem.run("show", 1).out
        assert "  to Dana Petrova <dana@corp.example>\n" in out
        assert "  ⚠ answers on this ticket go to mallory@evil.example by now\n" in out
        tandem.run("reply", 1, "--draft")
        assert [each.recipients for each in desk.store.outbox.all()] == [("dana@corp.example",)]

    def test_it_says_who_gets_it_to_whom_it_goes_and_who_gets_copies(self, tandem: Commands, desk: Desk) -> None:
        receive(desk, cc=(Address("bob@corp.example", "Bob"),))
        save_draft(desk, ONE, DraftKind.REPLY, Written("Dear Dana"))
        told = "  to Dana Petrova <dana@corp.example>\n  cc Bob <bob@corp.example>\n"
        assert told in tandem.run("show", 1).out
        tandem.run("reply", 1, "--text", "x", "--cc", "boss@corp.example", "--bcc", "law@corp.example")
        tandem.run("undo")
        told = "  to Dana Petrova <dana@corp.example>\n  cc boss@corp.example\n  bcc law@corp.example\n"
        assert told in tandem.run("show", 1).out
        assert "  cc " not in _shown_after(tandem, "--no-cc")
        assert "  to leo@corp.example\nx" in _shown_after(tandem, "--to", "leo@corp.example")

    def test_its_author_gets_no_copy_whoever_looks_at_it(self, tandem: Commands, desk: Desk) -> None:
        bo = acting_as(desk, "bo")
        receive(desk, cc=(Address(desk.me.email), Address(bo.me.email)))
        save_draft(bo, ONE, DraftKind.REPLY, Written("Dear Dana"))
        assert f"  cc {desk.me.email}\n" in tandem.run("show", 1).out
        assert messages(tandem)[-1]["cc"] == [{"name": None, "email": desk.me.email}]

    def test_it_warns_no_more_once_the_merge_that_asked_for_others_is_taken_back(
        self, tandem: Commands, desk: Desk
    ) -> None:
        receive(desk)
        receive(desk, subject="Toner", sender=Address("kim@else.example"))
        save_draft(desk, ONE, DraftKind.REPLY, Written("Dear Dana"))
        merge(desk, [ONE], TWO)
        undo(desk)
        (last,) = desk.store.drafts.of(ONE)
        said = Wording(to=(DANA,), cc=(), subject="Re: Refund")  # as a composer keeps it that was open all the time
        save_draft(desk, ONE, DraftKind.REPLY, Written("Dear Dana", wording=said), last=last, stays_to=True)
        out = tandem.run("show", 1).out
        assert "Dear Dana" in out
        assert "answers on this ticket go to" not in out

    def test_what_is_private_to_its_author_is_not_shown(self, tandem: Commands, desk: Desk) -> None:
        receive(desk)
        save_draft(acting_as(desk, "bo"), ONE, DraftKind.NOTE, Written("between us"))
        keep_aside(acting_as(desk, "bo"), ONE, DraftKind.REPLY, Written("or rather so"))
        for told in (tandem.run("show", 1).out, tandem.run("show", 1, "--json").out):
            assert "between us" not in told
            assert "or rather so" not in told

    def test_it_is_shown_whoever_asks(self, tandem: Commands, desk: Desk) -> None:
        receive(desk)
        save_draft(desk, ONE, DraftKind.REPLY, Written("Dear Dana"))
        assert messages(tandem.acting_as(""))[-1]["state"] == "draft"


class TestLines:
    def test_people_see_the_conversation(self, tandem: Commands, desk: Desk) -> None:
        receive(desk, text="Where is my refund?", defects=("this mail is odd",))
        set_status(desk, ONE, Status.WAITING)
        add_note(desk, ONE, "called the bank")
        reply(desk, ONE, Answer(text="It is on its way.", send_in=60))
        out = tandem.run("show", 1).out
        assert out.startswith("1  Refund for order 88213\nDana Petrova <dana@corp.example> · waiting · normal · ana")
        parts = [
            "← ",
            "this mail is odd",
            "Where is my refund?",
            "status open → waiting",
            "NOTE",
            "queued",
            "on its way.",
        ]
        places = [out.index(part) for part in parts]
        assert places == sorted(places)

    def test_nothing_in_a_mail_drives_the_reader(self, tandem: Commands, desk: Desk) -> None:
        evil = "\x1b]0;owned\x07\x9b31m\u202egnp.exe\r\x08\x7f"
        file = Attachment(f"a{evil}.pdf", f"application/{evil}", 12, "ab" * 32, 1)
        receive(
            desk, subject=evil, text=f"Hello{evil}\nthere", sender=Address("d@x.example", evil), attachments=(file,),
            defects=(evil,),
        )  # fmt: skip
        add_note(desk, ONE, evil)
        shown = tandem.run("show", 1, "--all-headers").out + tandem.run("list").out
        assert not [each for each in shown if each in "\x1b\x07\x9b\u202e\r\x08\x7f"]

    @pytest.mark.parametrize(
        ("zone", "at", "shown"),
        [
            ("UTC+12", datetime(1, 1, 1, tzinfo=UTC), "0001-01-01T00:00:00Z"),
            ("UTC-14", datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC), "9999-12-31T23:59:59Z"),
        ],
    )
    def test_a_date_at_the_end_of_the_calendar_can_be_shown(
        self, tandem: Commands, desk: Desk, monkeypatch: pytest.MonkeyPatch, zone: str, at: datetime, shown: str
    ) -> None:
        receive(desk, received=at)
        try:
            monkeypatch.setenv("TZ", zone)
            time.tzset()
            assert tandem.run("show", 1, "--json").objects[0]["created"] == shown
            assert "UTC" in tandem.run("show", 1).out
            assert len(tandem.run("list").rows) == 1
        finally:
            monkeypatch.undo()
            time.tzset()

    def test_all_headers_are_shown_when_asked_for(self, tandem: Commands, desk: Desk) -> None:
        receive(desk, message_id="<7@corp.example>")
        assert "Message-ID" not in tandem.run("show", 1).out
        assert "Message-ID: <7@corp.example>\nSubject: test\n" in tandem.run("show", 1, "--all-headers").out


class TestRaw:
    def test_a_pipe_gets_a_mail_byte_for_byte(self, tandem: Commands, desk: Desk) -> None:
        raw = b"Subject: =?x?\r\n\r\n\x00\xff\xfe\x1b[31m\r\n\n\r \xd0 no line end at the end"
        read = Incoming(message_id="<1@x>", sender=DANA, subject="odd", text="odd")
        take_in(desk, Fetched(Place("support", "INBOX", 1, 1), raw, desk.clock()), read, desk.blobs.put(raw))
        [message] = [each for each in messages(tandem) if each["kind"] == "in"]
        assert tandem.run("show", 1, "--raw", str(message["id"])).bytes_out == raw

    def test_a_message_of_another_ticket_or_a_note_has_no_bytes_here(self, tandem: Commands, desk: Desk) -> None:
        receive(desk)
        receive(desk)
        note = add_note(desk, ONE, "called the bank")
        [other] = [e for e in desk.store.conversations.of(TicketNumber(2)) if isinstance(e, Message)]
        for entry in (other.id, note.id, 10**6, 10**30):
            refused = tandem.run("show", 1, "--raw", entry, expect=1)
            assert str(entry) in refused.err

    def test_bytes_that_are_lost_are_said_to_be(self, tandem: Commands, desk: Desk, tmp_path: Path) -> None:
        receive(desk)
        [blob] = (tmp_path / "desk/mail").glob("??/*")
        blob.unlink()
        assert "missing" in tandem.run("show", 1, "--raw", str(messages(tandem)[-1]["id"]), expect=1).err

    def test_raw_and_json_exclude_each_other(self, tandem: Commands, desk: Desk) -> None:
        receive(desk)
        tandem.run("show", 1, "--raw", 1, "--json", expect=2)


@pytest.mark.parametrize("number", [2, 10**18, 10**30])
def test_a_ticket_that_is_not_there_is_said_so(tandem: Commands, number: int) -> None:
    refused = tandem.run("show", number, expect=1)
    assert f"there is no ticket {number}" in refused.err


@pytest.mark.parametrize("number", ["0", "-1", "", "one", "1.5", "１x", "9" * 5000])
def test_what_is_no_number_is_wrong_usage(tandem: Commands, number: str) -> None:
    tandem.run("show", number, expect=2)
