"""`tandem new`: writing to a customer first."""

from __future__ import annotations

from email import message_from_bytes
from pathlib import Path

import pytest

from desk.conversation import Purpose
from desk.desk import Desk
from desk.expression import EVERYTHING
from desk.ticket import Status
from tandem.paths import Home
from tests.desks import receive
from tests.tandem.cli.replies import ONE, body, mail
from tests.tandem.commands import Commands

DANA = ("--to", "Dana Petrova <dana@corp.example>", "--subject", "Your contract ends")


def test_a_ticket_opens_with_the_mail(tandem: Commands, desk: Desk) -> None:
    said = tandem.run("new", *DANA, "--body-file", "-", stdin="Hello Dana,\n\nshall we go on?").lines
    assert said[0] == "ticket 1 is open"
    assert said[1].startswith("queued as mail 1 to dana@corp.example, leaves ")
    ticket = desk.ticket(ONE)
    assert (ticket.subject, ticket.customer.email) == ("Your contract ends", "dana@corp.example")
    assert (ticket.status, ticket.assignee, ticket.waiting_since) == (Status.OPEN, "ana", None)
    assert body(mail(desk)).startswith("Hello Dana,")
    assert "Ana Petrova" in body(mail(desk))


def test_every_option_reaches_the_mail_and_the_ticket(tandem: Commands, desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "offer.txt").write_text("cheap")
    more = ("--to", "bob@corp.example", "--cc", "eve@corp.example", "--bcc", "zoe@corp.example")
    rest = ("--attach", tmp_path / "offer.txt", "--mailbox", "support", "--assign", "bo", "--status", "waiting")
    [told] = tandem.run("new", *DANA, *more, *rest, "--text", "Hello", "--send-in", "0s", "--json").objects
    assert told["to"] == ["dana@corp.example", "bob@corp.example", "eve@corp.example", "zoe@corp.example"]
    assert (told["ticket"], told["purpose"], told["state"]) == (1, "new", "queued")
    assert [each.get_content() for each in mail(desk).iter_attachments()] == ["cheap"]
    ticket = desk.ticket(ONE)
    assert (ticket.assignee, ticket.status, ticket.customer.email) == ("bo", Status.WAITING, "dana@corp.example")


@pytest.mark.parametrize(("whom", "has"), [("me", "ana"), ("none", None)])
def test_who_has_the_ticket(tandem: Commands, desk: Desk, whom: str, has: str | None) -> None:
    tandem.run("new", *DANA, "--text", "Hello", "--assign", whom)
    assert desk.ticket(ONE).assignee == has


def test_a_macro_greets_by_name_and_does_its_actions(tandem: Commands, desk: Desk, home: Home) -> None:
    words = "---\nname: Offer\ndo:\n  - tag: [+sales]\nreply: public\n---\nHello {{ customer.first_name }}!\n"
    (home.macros / "offer.md").write_text(words)
    tandem.run("new", *DANA, "--macro", "offer")
    assert body(mail(desk)).startswith("Hello Dana!")
    assert desk.ticket(ONE).tags == ("sales",)


def test_a_macro_that_needs_a_ticket_leaves_a_gap_and_nothing_is_sent(tandem: Commands, desk: Desk, home: Home) -> None:
    (home.macros / "number.md").write_text("---\nname: Number\nreply: public\n---\nTicket {{ ticket.number }}\n")
    assert "⟦ticket.number⟧" in tandem.run("new", *DANA, "--macro", "number", expect=1).err
    assert desk.store.tickets.count(EVERYTHING) == 0


@pytest.mark.parametrize(
    ("wrong", "code", "why"),
    [
        ((*DANA,), 2, "--text"),
        (("--to", "dana@corp.example", "--text", "x"), 2, "--subject"),
        (("--subject", "x", "--text", "x"), 2, "--to"),
        (("--to", "nobody", "--subject", "x", "--text", "x"), 2, "nobody"),
        (("--to", "dana@corp.example", "--subject", " ", "--text", "x"), 2, "a mail has a subject"),
        ((*DANA, "--text", " "), 1, "no text"),
        ((*DANA, "--text", "x", "--mailbox", "sales"), 1, "no mailbox"),
        ((*DANA, "--text", "x", "--assign", "zed"), 1, "zed"),
        ((*DANA, "--text", "x", "--attach", "/nowhere/at/all"), 1, "cannot attach"),
        (("--to", "support@acme.example", "--subject", "x", "--text", "x"), 1, "own address"),
    ],
)
def test_what_is_no_mail_opens_no_ticket(
    tandem: Commands, desk: Desk, wrong: tuple[str, ...], code: int, why: str
) -> None:
    assert why in tandem.run("new", *wrong, expect=code).err
    assert desk.store.tickets.count(EVERYTHING) == 0
    assert desk.store.outbox.all() == []


def test_a_dry_run_prints_the_mail_and_opens_nothing(tandem: Commands, desk: Desk) -> None:
    receive(desk)
    shown = tandem.run("new", *DANA, "--text", "Hello", "--dry-run")
    assert message_from_bytes(shown.bytes_out)["Subject"] == "Your contract ends"
    assert desk.store.tickets.count(EVERYTHING) == 1
    assert desk.store.outbox.all() == []


def test_undo_takes_it_back_and_it_leaves_again_from_its_ticket(tandem: Commands, desk: Desk) -> None:
    tandem.run("new", *DANA, "--cc", "eve@corp.example", "--text", "Hello", "--send-in", "60s")
    assert "ticket 1" in tandem.run("undo").out
    [draft] = tandem.run("show", 1, "--json").objects[0]["messages"][-1:]
    assert (draft["state"], draft["subject"]) == ("draft", "Your contract ends")
    assert [each["email"] for each in (*draft["to"], *draft["cc"])] == ["dana@corp.example", "eve@corp.example"]
    tandem.run("redo")
    [entry] = desk.store.outbox.all()
    assert (entry.state, entry.purpose) == ("queued", Purpose.NEW)
