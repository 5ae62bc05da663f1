"""What mail out holds of a person goes with them, and is in their export: forwards, blind copies, unfinished texts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from desk.actions.attach import attach, enclose
from desk.actions.draft import save_draft
from desk.actions.forward import forward
from desk.actions.keep_beginning import keep_beginning
from desk.actions.note import add_note
from desk.actions.reply import reply
from desk.beginning import Beginning
from desk.delivery import deliver
from desk.desk import Desk
from desk.draft import DraftKind
from desk.forwarding import message_to_forward
from desk.outgoing import Answer, Attempt, OutboxEntry, Verdict
from desk.people import Address
from desk.quoting import forwarded, passed_on
from desk.ticket import TicketNumber
from desk.wording import Wording
from desk.written import Written
from storage.shared import SharedStore
from tests.desks import SetClock
from tests.tandem.commands import Commands
from tests.tandem.erasing import LEO, arrive, files_with, mail

ONE = TicketNumber(1)
DANA = "dana.p@corp.example"
MAKER = Address("help@makers.example", "Maker")
WORDS = ("petrowsk", "dana.p@", "quixotryword", "her-own-scan", "zeppelin-plan")


class Sending:
    """A server that takes everything."""

    def send(self, entry: OutboxEntry, raw: bytes, entering_data: object) -> Attempt:
        del entry, raw
        assert callable(entering_data)
        entering_data()
        return Attempt(Verdict.SENT)


def send_all(desk: Desk, clock: SetClock) -> None:
    clock.go_on(minutes=1)
    deliver(desk, Sending(), owner="test", is_gone=lambda _: True)


@pytest.fixture
def written(desk: Desk, clock: SetClock) -> Desk:
    """Dana's mail with her file went to a maker, who answered; more is about to be written to her and about her."""
    arrive(desk, mail(1, "The quixotryword is broken, dear maker of mine.", attached=b"her-own-scan"))
    message = message_to_forward(desk, ONE, None)
    wording = Wording(to=(MAKER,), enclosures=passed_on(message))
    passed = forward(desk, ONE, None, Answer(text=f"Look\n\n{forwarded(message, None)}", wording=wording))
    send_all(desk, clock)
    arrive(desk, mail(2, "We look at it.", sender=str(MAKER), answers=passed.message_id, subject="Re: Broken zeppelin"))
    arrive(desk, mail(3, "Another matter", sender=LEO, subject="Something else"))
    reply(desk, TicketNumber(2), Answer(text="Hello Leo", wording=Wording(bcc=(Address(DANA, "Dana Petrowska"),))))
    send_all(desk, clock)
    chosen = attach(desk, Wording(to=(Address(DANA),)), "plan.txt", b"zeppelin-plan")
    save_draft(desk, TicketNumber(2), DraftKind.FORWARD, Written("Have a look", wording=chosen))
    scan = enclose(desk, "plan2.txt", b"zeppelin-plan-2")
    keep_beginning(desk, Beginning(to=(Address(DANA),), subject="A quixotryword", text="Hello", enclosures=(scan,)))
    keep_beginning(desk, Beginning(to=(Address("leo@partner.example"),), subject="For Leo", text="Hello Leo"))
    assert isinstance(desk.store, SharedStore)
    desk.store.scrub()
    return desk


def test_erasing_leaves_nothing_of_what_was_forwarded_or_begun(written: Desk, tandem: Commands) -> None:
    assert files_with(tandem.home, *WORDS) != []
    tandem.run("customers", "erase", DANA, "--yes")
    assert files_with(tandem.home, *WORDS) == []
    shown = tandem.run("show", 1).out
    assert "We look at it." in shown
    assert "Look" in shown
    assert [each.beginning.subject for each in written.store.beginnings.all()] == ["For Leo"]
    assert tandem.run("doctor", "--offline").code == 0


def test_an_export_tells_a_person_what_was_begun_to_them_and_no_blind_copies_to_others(
    written: Desk, tandem: Commands, tmp_path: Path
) -> None:
    reply(written, TicketNumber(2), Answer(text="Hello Leo", wording=Wording(bcc=(Address("secret@corp.example"),))))
    tandem.run("customers", "export", DANA, str(tmp_path / "dana"))
    told = json.loads((tmp_path / "dana" / "person.json").read_text())
    assert [each["subject"] for each in told["unsent"]] == ["A quixotryword"]
    copies = [entry for ticket in told["tickets"] for entry in ticket["messages"] if entry.get("bcc")]
    assert [each["email"] for entry in copies for each in entry["bcc"]] == [DANA]
    tandem.run("customers", "export", "leo@partner.example", str(tmp_path / "leo"))
    assert "secret@" not in (tmp_path / "leo" / "person.json").read_text()
    assert DANA not in (tmp_path / "leo" / "person.json").read_text()


def test_a_note_in_an_export_is_marked_as_internal_and_is_in_no_mail(
    written: Desk, tandem: Commands, tmp_path: Path
) -> None:
    add_note(written, ONE, "A difficult customer, between us")
    tandem.run("customers", "export", DANA, str(tmp_path / "dana"))
    told = json.loads((tmp_path / "dana" / "person.json").read_text())
    notes = [entry for ticket in told["tickets"] for entry in ticket["messages"] if entry.get("kind") == "note"]
    assert [(each["text"], each["internal"]) for each in notes] == [("A difficult customer, between us", True)]
    assert b"difficult" not in (tmp_path / "dana" / "mails.mbox").read_bytes()
    tandem.run("customers", "export", DANA, str(tmp_path / "without"), "--without-notes")
    assert "difficult" not in (tmp_path / "without" / "person.json").read_text()
