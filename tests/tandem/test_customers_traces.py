"""What is known of a person beside their mails goes with an erasure: what was noted of them, what leads to them."""

from __future__ import annotations

import pytest

from desk.actions.accept import accept
from desk.actions.edit_note import edit_note
from desk.actions.erase import erase
from desk.actions.note import add_note
from desk.actions.reply import reply
from desk.actions.set_customer import confirm_customer, set_customer
from desk.actions.undo import undo
from desk.conversation import Event, Happened
from desk.delivery import deliver
from desk.desk import Desk
from desk.errors import UndoTooLate
from desk.expression import EVERYTHING
from desk.incoming import Outcome, Place
from desk.outgoing import Answer, Attempt, OutboxEntry, Verdict
from desk.parked import ParkedId, ParkedMail
from desk.people import Address
from desk.ticket import TicketNumber
from mail.parse import parse
from storage.shared import SharedStore
from tests.desks import SetClock
from tests.tandem.commands import Commands
from tests.tandem.erasing import LEO, arrive, files_with, mail, words_in_full_text

DANA = "dana.p@corp.example"
WORDS = ("quixotryword", DANA, "Petrowska", "dana-laptop")
ONE, TWO = TicketNumber(1), TicketNumber(2)
ALIKE = "X-Microsoft-Original-Message-ID: <before@dana-laptop.example>\r\n"
BOTH = "<never@dana-laptop.example> <1@leo-desktop.example>"
FORWARDED = f"""Somebody please take this.

---------- Forwarded message ---------
From: Dana Petrowska <{DANA}>
Date: Fri, Nov 20, 2026 at 9:12
Subject: The quixotryword
To: <ana@acme.example>

My quixotryword is broken.
"""
INVITATION = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:7@dana-laptop.example\r\n"
    b"DTSTART:20261123T100000Z\r\nSUMMARY:About the quixotryword\r\nORGANIZER;CN=Dana Petrowska:mailto:"
    + DANA.encode()
    + b"\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


class Saying:
    """A server that says always the same."""

    def __init__(self, attempt: Attempt) -> None:
        self.attempt = attempt

    def send(self, entry: OutboxEntry, raw: bytes, entering_data: object) -> Attempt:
        del entry, raw
        assert callable(entering_data)
        entering_data()
        return self.attempt


def answered(desk: Desk, clock: SetClock, attempt: Attempt) -> None:
    """Answer everybody on the first ticket, and let the server say this to it."""
    reply(desk, ONE, Answer(text="Dear both, we look after it."))
    clock.go_on(minutes=1)
    deliver(desk, Saying(attempt), owner="test", is_gone=lambda _: True)


def bounce(number: int, about: str) -> bytes:
    """A mail system tells that a mail of ours did not reach Dana."""
    edge = "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n"
    return (
        f"From: MAILER-DAEMON@mx.example\r\nTo: support@acme.example\r\nSubject: Undelivered\r\n"
        f"Message-ID: <{number}@mx.example>\r\nDate: Fri, 20 Nov 2026 10:12:00 +0200\r\nMIME-Version: 1.0\r\n{edge}\r\n"
        f"--b\r\n\r\nDana Petrowska could not be reached.\r\n"
        f"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; dana-laptop.example\r\n\r\n"
        f"Final-Recipient: rfc822; {DANA}\r\nAction: failed\r\nStatus: 5.2.2\r\n"
        f"Diagnostic-Code: smtp; 552 mailbox of {DANA} is full\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {about}\r\nTo: {DANA}\r\n--b--\r\n"
    ).encode()


def keep_back(desk: Desk, raw: bytes, reason: str, uid: int) -> ParkedId:
    """Keep a mail back, as a flood would."""
    place, digest = Place("support", "INBOX", 9, uid), desk.blobs.put(raw)
    with desk.store.transaction():
        desk.store.ledger.record(place, Outcome.PARKED, None, digest)
        now = desk.clock()
        parked = ParkedMail(
            id=ParkedId(0), place=place, received=now, raw=digest, reason=reason, read=parse(raw), at=now
        )
        return desk.store.parked.add(parked).id


@pytest.fixture
def talkative(desk: Desk, clock: SetClock) -> Desk:
    """A desk that knows more of Dana than her mails say: in events, in the outbox, among the ids, and kept back."""
    arrive(desk, mail(1, "May I ask something?", sender=LEO, subject="A question"))
    arrive(desk, mail(2, "I join in", cc=LEO, subject="Quixotryword", answers=BOTH, more=ALIKE))
    arrive(desk, mail(3, "So do I", sender=LEO, cc=DANA, answers="<2@dana-laptop.example>", subject="A question"))
    arrive(desk, mail(4, "One more thing", sender=LEO, answers=BOTH, subject="A question"))
    note = add_note(desk, ONE, "Petrowska is on holiday")
    edit_note(desk, note.id, "Nobody is here", seen=1)
    answered(desk, clock, Attempt(Verdict.SENT, f"250 OK for {DANA}", sent_as="<given@server.example>"))
    arrive(desk, bounce(1, desk.store.outbox.all(limit=1)[0].message_id))
    answered(desk, clock, Attempt(Verdict.REFUSED, f"550 {DANA} is unknown"))
    arrive(desk, mail(5, FORWARDED, sender="Ana Petrova <ana@acme.example>", subject="Fwd: The quixotryword"))
    confirm_customer(desk, TWO)
    set_customer(desk, TWO, Address("leo@partner.example", "Leo Brandt"))
    undo(desk)
    arrive(desk, invitation(6))
    accept(desk, keep_back(desk, mail(7, "The quixotryword, a seventh time"), f"60 mails from {DANA} in an hour", 1))
    keep_back(desk, mail(8, "The quixotryword, an eighth time"), f"60 mails from {DANA} in an hour", 2)
    assert isinstance(desk.store, SharedStore)
    desk.store.scrub()  # what stands in the file itself by now, and not only in its log
    return desk


def test_what_was_noted_about_a_person_goes_with_them(talkative: Desk, tandem: Commands) -> None:
    known = {each.what for each in events(talkative)}
    expected = {Happened.NEWCOMER, Happened.SUBJECT_CHANGED, Happened.BOUNCED, Happened.REFUSED, Happened.NOTE_EDITED}
    assert expected | {Happened.CUSTOMER_SET, Happened.ACCEPTED, Happened.SENT} <= known
    tandem.run("customers", "erase", DANA, "--yes")
    assert files_with(tandem.home, *WORDS) == []
    assert [
        each for each in words_in_full_text(tandem.home / "desk.db") if "petrowsk" in each or "quixot" in each
    ] == []
    assert {each.what for each in events(talkative)} >= known
    shown = tandem.run("show", 1).out
    assert [each for each in ("May I ask", "So do I", "One more thing", "Nobody is here") if each not in shown] == []
    assert tandem.run("doctor", "--offline").code == 0


def test_others_on_the_ticket_go_on_where_they_were(talkative: Desk) -> None:
    erase(talkative, [DANA])
    for number, answers in enumerate(
        ("<1@leo-desktop.example>", "<3@leo-desktop.example>", "<given@server.example>"), 20
    ):
        assert arrive(talkative, mail(number, "And now?", sender=LEO, subject="", answers=answers)).ticket == ONE


def test_a_customer_who_is_gone_is_not_set_again(talkative: Desk) -> None:
    set_customer(talkative, TWO, Address("leo@partner.example", "Leo Brandt"))
    erase(talkative, [DANA])
    with pytest.raises(UndoTooLate):
        undo(talkative)
    assert DANA not in {each.customer.email for each in talkative.store.tickets.find(EVERYTHING)}


def invitation(number: int) -> bytes:
    """A mail of Dana's with an invitation."""
    head, _, _ = mail(number, "", subject="Invitation").partition(b"Content-Type: ")
    edge = b"--b\r\nContent-Type: text/"
    return (
        head
        + b"Content-Type: multipart/alternative; boundary=b\r\n\r\n"
        + edge
        + b"plain\r\n\r\nSee below.\r\n"
        + edge
        + b"calendar; method=REQUEST\r\n\r\n"
        + INVITATION
        + b"--b--\r\n"
    )


def events(desk: Desk) -> list[Event]:
    """What happened on any ticket."""
    every = (desk.store.conversations.of(each.number) for each in desk.store.tickets.find(EVERYTHING))
    return [each for entries in every for each in entries if isinstance(each, Event)]
