from __future__ import annotations

from desk.desk import Desk
from desk.people import Address
from desk.ticket import TicketNumber
from tests.desk.arriving import arrive
from tests.mail.mails import mail, multipart, part
from tests.tandem.commands import Commands

ONE = TicketNumber(1)


def forward(desk: Desk) -> None:
    raw = multipart("mixed", part("message/rfc822", "From: Dana Petrova <dana@corp.example>\n\nHello"))
    arrive(desk, raw.replace(b"From: Ann Example <ann@customer.example>", b"From: ana@acme.example", 1))


def test_the_one_is_confirmed_who_wrote_what_a_colleague_forwarded(tandem: Commands, desk: Desk) -> None:
    forward(desk)
    assert "from Dana Petrova?" in tandem.run("list").out
    assert "from Dana Petrova?" in tandem.run("show", 1).out
    assert "Dana Petrova <dana@corp.example>" in tandem.run("customer", 1, "confirm").out
    assert desk.ticket(ONE).customer == Address("dana@corp.example", "Dana Petrova")
    assert "made it a matter of dana@corp.example" in tandem.run("show", 1).out
    tandem.run("undo")
    assert desk.ticket(ONE).customer == Address("ana@acme.example")


def test_anybody_may_be_named_but_ourselves(tandem: Commands, desk: Desk) -> None:
    forward(desk)
    tandem.run("customer", 1, "Kim <kim@corp.example>")
    assert desk.ticket(ONE).customer == Address("kim@corp.example", "Kim")
    assert "nobody is proposed" in tandem.run("customer", 1, "confirm", expect=1).err
    assert "address of this desk" in tandem.run("customer", 1, "support@acme.example", expect=1).err
    tandem.run("customer", 1, "no address", expect=2)


def test_what_a_mail_claims_and_changes_is_told_and_drives_no_terminal(tandem: Commands, desk: Desk) -> None:
    arrive(desk, mail(subject="Refund", message_id="<1@x>"))
    arrive(desk, mail("In-Reply-To: <1@x>", subject="=?utf-8?q?Bill_=1B[2J7?=", message_id="<2@x>", body="b"))
    stranger = mail(subject="[T-1] pay me", message_id="<3@x>", body="c")
    arrive(desk, stranger.replace(b"ann@customer.example", b"eve@elsewhere.example"))
    assert "claims T-1" in tandem.run("list").out
    assert "says that it belongs to ticket 1; nothing proves it" in tandem.run("show", 2).out
    shown = tandem.run("show", 1).out
    assert "this mail has another subject: “Bill" in shown
    assert "\x1b" not in shown
