"""`tandem forward`: passing a mail on to somebody who has no part in the talk with the customer."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes
from pathlib import Path

import pytest

from desk.actions.note import add_note
from desk.conversation import Attachment
from desk.desk import Desk
from desk.outgoing import OutboxEntry, OutboxState
from desk.people import Address
from desk.ticket import Status
from tests.desks import receive
from tests.tandem.cli.replies import ONE, body, mail, read
from tests.tandem.commands import Commands

MAKER = ("--to", "Printer Works <help@printers.example>")


@pytest.fixture(autouse=True)
def ticket(desk: Desk) -> None:
    """Ticket 1, from Dana, with a file."""
    file = Attachment("photo.png", "image/png", 3, desk.blobs.put(b"png"), 1)
    receive(desk, message_id="<1@corp.example>", text="The ⟦printer⟧ smokes.", attachments=(file,))


def sent(desk: Desk) -> OutboxEntry:
    [entry] = desk.store.outbox.all()
    after = replace(entry, state=OutboxState.SENT)
    desk.store.outbox.put(after)
    return after


def test_the_customers_last_mail_is_passed_on_with_its_files_below_ones_own_words(tandem: Commands, desk: Desk) -> None:
    said = tandem.run("forward", 1, *MAKER, "--text", "Can you help?").out
    assert said.startswith("queued as mail 1 to help@printers.example, leaves ")
    assert mail(desk)["Subject"] == "Fwd: Refund for order 88213"
    words = body(mail(desk))
    assert words.index("Can you help?") < words.index("Forwarded message") < words.index("[printer] smokes")
    assert "dana@corp.example" in words
    assert [each.get_payload(decode=True) for each in mail(desk).iter_attachments()] == [b"png"]


def test_no_words_of_ones_own_are_needed_nor_its_files(tandem: Commands, desk: Desk) -> None:
    tandem.run("forward", 1, *MAKER, "--no-files")
    assert "Forwarded message" in body(mail(desk))
    assert list(mail(desk).iter_attachments()) == []


def test_another_mail_with_other_people_subject_and_files(tandem: Commands, desk: Desk, tmp_path: Path) -> None:
    receive(desk, subject="Re: Refund for order 88213", text="And it burns.", answers=("<1@corp.example>",))
    (tmp_path / "more.txt").write_text("more")
    first = next(each["id"] for each in tandem.run("show", 1, "--json").objects[0]["messages"] if each["kind"] == "in")
    people = (*MAKER, "--cc", "chief@printers.example", "--bcc", "quiet@printers.example")
    words = ("--body-file", "-", "--subject", "A printer", "--attach", tmp_path / "more.txt", "--status", "waiting")
    [told] = tandem.run("forward", 1, "--entry", first, *people, *words, "--json", stdin="Look").objects
    assert told["to"] == ["help@printers.example", "chief@printers.example", "quiet@printers.example"]
    assert told["purpose"] == "forward"
    assert "smokes" in body(mail(desk))
    assert mail(desk)["Subject"] == "A printer"
    assert [each.get_filename() for each in mail(desk).iter_attachments()] == ["photo.png", "more.txt"]
    assert desk.ticket(ONE).status is Status.WAITING


def test_what_comes_back_is_shown_aside_and_answered_there(tandem: Commands, desk: Desk) -> None:
    tandem.run("forward", 1, *MAKER, "--text", "Can you help?", "--send-in", "0s")
    entry = sent(desk)
    maker = Address("help@printers.example", "Printer Works")
    receive(
        desk, sender=maker, subject="Re: Fwd: Refund for order 88213", text="Which one?", answers=(entry.message_id,)
    )
    shown = tandem.run("show", 1).out
    assert "aside: to help@printers.example" in shown
    assert "aside: an answer to what was forwarded" in shown
    assert tandem.run("list", "is:unread", "--json").objects[0]["waiting_since"] is not None
    entries = tandem.run("show", 1, "--json").objects[0]["messages"]
    [asked] = [each for each in entries if each["kind"] == "in" and each["side"] == entry.entry]
    tandem.run("forward", 1, "--entry", asked["id"], "--text", "The X1.")
    answer = read(desk, desk.store.outbox.all()[0])
    assert (answer["To"], answer["Subject"]) == (str(maker), "Re: Refund for order 88213")
    assert "Forwarded message" not in body(answer)
    tandem.run("reply", 1, "--text", "We asked the maker.")
    assert desk.store.outbox.all()[0].recipients == ("dana@corp.example",)


@pytest.mark.parametrize(
    ("wrong", "code", "why"),
    [
        (("forward", 1), 1, "nobody to forward this to"),
        (("forward", 1, "--to", "dana@corp.example"), 1, "already"),
        (("forward", 1, "--to", "support@acme.example"), 1, "ourselves"),
        (("forward", 1, *MAKER, "--entry", 999), 1, "999"),
        (("forward", 7, *MAKER), 1, "no ticket 7"),
        (("forward", 1, *MAKER, "--text", "x", "--body-file", "-"), 2, "contradict"),
        (("forward", 1, *MAKER, "--text", "it is ⟦what⟧"), 1, "⟦what⟧"),
    ],
)
def test_what_cannot_be_forwarded_is_refused_in_words(
    tandem: Commands, desk: Desk, wrong: tuple[str | int, ...], code: int, why: str
) -> None:
    assert why in tandem.run(*wrong, expect=code).err
    assert desk.store.outbox.all() == []


def test_a_note_is_never_forwarded(tandem: Commands, desk: Desk) -> None:
    note = add_note(desk, ONE, "A difficult customer.")
    assert "no mail" in tandem.run("forward", 1, *MAKER, "--entry", note.id, expect=1).err
    tandem.run("forward", 1, *MAKER)
    assert "difficult" not in str(mail(desk))


def test_a_dry_run_prints_the_mail_and_sends_nothing(tandem: Commands, desk: Desk) -> None:
    shown = tandem.run("forward", 1, *MAKER, "--dry-run")
    assert message_from_bytes(shown.bytes_out)["To"] == "Printer Works <help@printers.example>"
    assert desk.store.outbox.all() == []


def test_undo_makes_it_a_draft_of_ones_own_again(tandem: Commands, desk: Desk) -> None:
    tandem.run("forward", 1, *MAKER, "--text", "Can you help?", "--send-in", "60s")
    tandem.run("undo")
    [draft] = desk.store.drafts.of(ONE)
    assert draft.wording is not None
    assert (draft.kind, draft.wording.to) == ("forward", (Address("help@printers.example", "Printer Works"),))
    assert [each.name for each in draft.wording.enclosures] == ["photo.png"]
