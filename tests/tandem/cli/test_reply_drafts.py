"""`tandem reply` and the drafts that stand on the ticket: one is sent, others are kept."""

from __future__ import annotations

import email
import email.policy
import os
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from pathlib import Path

import pytest

from desk.actions.draft import save_draft
from desk.actions.merge import merge
from desk.actions.reply import reply
from desk.actions.status import set_status
from desk.conversation import EntryId, Message
from desk.desk import Desk
from desk.draft import DraftKind
from desk.outgoing import Answer
from desk.people import Address
from desk.plan import Plan, Tick
from desk.steps import MacroUse
from desk.ticket import Status, TicketNumber
from desk.written import Written
from tandem.paths import Home
from tests.desks import DANA, acting_as, receive
from tests.tandem.cli.replies import ONE, SIGNED, body, mail, queued
from tests.tandem.commands import Commands

pytestmark = pytest.mark.usefixtures("asked")


class TestDraft:
    """The unfinished reply leaves as it is printed."""

    def test_it_leaves_with_all_that_was_chosen_for_it_and_is_a_draft_no_more(
        self, tandem: Commands, desk: Desk
    ) -> None:
        tandem.run("reply", 1, "--text", "As it is", "--cc", "leo@corp.example", "--bcc", "boss@corp.example")
        tandem.run("undo")
        tandem.run("reply", 1, "--draft", "--subject", "Yours")
        _, entry = sorted(queued(desk), key=lambda each: each.id)
        assert entry.recipients == (DANA.email, "leo@corp.example", "boss@corp.example")
        sent = email.message_from_bytes(desk.blobs.get(entry.raw), policy=email.policy.default)
        assert isinstance(sent, EmailMessage)
        assert (sent["Subject"], body(sent)) == ("Yours", f"As it is{SIGNED}")
        assert "DRAFT" not in tandem.run("show", 1).out

    def test_it_goes_to_others_without_the_copies_that_nobody_chose(self, tandem: Commands, desk: Desk) -> None:
        save_draft(desk, ONE, DraftKind.REPLY, Written("Hello"))
        tandem.run("reply", 1, "--draft", "--to", "leo@corp.example")
        assert queued(desk)[0].recipients == ("leo@corp.example",)

    def test_nothing_is_added_to_it(self, tandem: Commands, desk: Desk) -> None:
        save_draft(desk, TicketNumber(1), DraftKind.REPLY, Written("Without a name"))
        tandem.run("reply", 1, "--draft")
        assert body(mail(desk)) == "Without a name\n"

    def test_what_its_macro_does_is_done_with_it(self, tandem: Commands, desk: Desk, refund: None) -> None:
        del refund
        tandem.run("reply", 1, "--macro", "refund", "--set", "amount=5", "--done", 2)
        tandem.run("undo")
        assert desk.ticket(ONE).tags == ()
        tandem.run("reply", 1, "--draft")
        assert (desk.ticket(ONE).tags, desk.ticket(ONE).status) == (("refund",), Status.WAITING)

    def test_a_step_that_its_macro_requires_is_confirmed_first(self, tandem: Commands, desk: Desk) -> None:
        plan = Plan(MacroUse("refund", "0" * 12), checklist=(Tick("Book it", required=True),))
        save_draft(desk, ONE, DraftKind.REPLY, Written("Booked", plan))
        assert "step 1 of the macro is required" in tandem.run("reply", 1, "--draft", expect=1).err
        tandem.run("reply", 1, "--draft", "--done", 1)
        assert body(mail(desk)) == "Booked\n"

    def test_where_there_is_none_or_a_colleague_writes_it_nothing_leaves(self, tandem: Commands, desk: Desk) -> None:
        assert "no unfinished reply" in tandem.run("reply", 1, "--draft", expect=1).err
        save_draft(acting_as(desk, "bo"), TicketNumber(1), DraftKind.REPLY, Written("Mine"))
        assert "bo is writing the reply" in tandem.run("reply", 1, "--draft", expect=1).err
        tandem.run("reply", 1, "--draft", "--text", "T", expect=2)
        assert queued(desk) == []

    def test_what_others_wrote_since_it_was_kept_is_read_first(self, tandem: Commands, desk: Desk) -> None:
        save_draft(desk, ONE, DraftKind.REPLY, Written("Hello", seen=newest(desk)))
        reply(acting_as(desk, "bo"), ONE, Answer(text="Bo was faster."))
        receive(desk, answers=(first_of(desk).message_id,), text="Thanks, all is done.")
        refused = tandem.run("reply", 1, "--draft", expect=1).err
        told = "ticket 1 moved since its reply was written: bo wrote a reply, Dana Petrova wrote a mail"
        assert refused == f"tandem: {told} (read it with `tandem show 1`, then send it with --seen {newest(desk)})\n"
        seen = newest(desk)
        receive(desk, answers=(first_of(desk).message_id,), text="Wait!")
        refused = tandem.run("reply", 1, "--draft", "--seen", seen, expect=1).err
        assert "since its reply was written: Dana Petrova wrote a mail (" in refused
        assert [each.draft for each in queued(desk)] == ["Bo was faster."]
        assert [each for each in desk.store.drafts.of(ONE) if each.author == "ana"] != []
        tandem.run("reply", 1, "--draft", "--seen", newest(desk))
        assert sorted(each.draft for each in queued(desk)) == ["Bo was faster.", "Hello"]

    @pytest.mark.parametrize("words", [("--draft",), ("--text", "Hello"), ("--draft", "--dry-run")])
    def test_what_is_no_entry_of_its_ticket_cannot_be_seen(
        self, tandem: Commands, desk: Desk, words: tuple[str, ...]
    ) -> None:
        save_draft(desk, ONE, DraftKind.REPLY, Written("Hello", seen=newest(desk)))
        receive(desk, answers=(first_of(desk).message_id,), text="Wait!")
        receive(desk, subject="Toner")
        of_another = max(each.id for each in desk.store.conversations.of(TicketNumber(2)))
        for seen in (of_another, of_another + 1, 10**6):
            refused = tandem.run("reply", 1, *words, "--seen", seen, expect=1).err
            assert refused == f"tandem: there is no entry on ticket 1 with the id {seen}\n"
        assert queued(desk) == []

    def test_on_a_ticket_that_another_goes_on_for_that_is_told(self, tandem: Commands, desk: Desk) -> None:
        receive(desk, subject="Toner")
        seen = newest(desk)
        merge(desk, [ONE], TicketNumber(2))
        refused = tandem.run("reply", 1, "--text", "Hello", "--seen", seen, expect=1).err
        assert "merged" in refused

    def test_a_text_of_ones_own_is_refused_after_an_entry_too(self, tandem: Commands, desk: Desk) -> None:
        seen = newest(desk)
        receive(desk, answers=(first_of(desk).message_id,), text="Wait!")
        tandem.run("reply", 1, "--text", "Hello", "--seen", seen, expect=1)
        assert queued(desk) == []
        tandem.run("reply", 1, "--text", "Hello", "--seen", newest(desk))

    def test_it_goes_to_whom_it_was_written_after_an_undo_too(self, tandem: Commands, desk: Desk) -> None:
        seen = newest(desk)
        save_draft(desk, ONE, DraftKind.REPLY, Written("Hello", seen=seen))
        mallory = Address("mallory@evil.example", "Mallory")
        receive(desk, sender=mallory, answers=(first_of(desk).message_id,), text="Send it to me.")
        tandem.run("reply", 1, "--draft", "--seen", newest(desk))
        assert queued(desk)[0].stays_to
        tandem.run("undo")
        [draft] = desk.store.drafts.of(ONE)
        assert draft.stays_to
        tandem.run("reply", 1, "--draft", "--seen", newest(desk), "--to", "leo@corp.example")
        assert not max(queued(desk), key=lambda each: each.id).stays_to


def first_of(desk: Desk) -> Message:
    return next(each for each in desk.store.conversations.of(ONE) if isinstance(each, Message))


def newest(desk: Desk) -> EntryId:
    return max(each.id for each in desk.store.conversations.of(ONE))


def drafts(desk: Desk) -> list[tuple[str, str, bool]]:
    return [(each.author, each.text, each.aside) for each in desk.store.drafts.of(TicketNumber(1))]


@pytest.mark.parametrize(("kept", "left"), [("Done.\n", []), ("Half a tho", [("ana", "Half a tho", True)])])
def test_an_answer_settles_ones_own_draft_and_loses_no_other_words(
    tandem: Commands, desk: Desk, kept: str, left: list[tuple[str, str, bool]]
) -> None:
    save_draft(desk, TicketNumber(1), DraftKind.REPLY, Written(kept))
    tandem.run("reply", 1, "--body-file", "-", stdin="Done.\n")
    assert drafts(desk) == left


def test_an_answer_leaves_a_colleagues_draft_alone(tandem: Commands, desk: Desk) -> None:
    save_draft(acting_as(desk, "bo"), TicketNumber(1), DraftKind.REPLY, Written("Done."))
    tandem.run("reply", 1, "--body-file", "-", stdin="Done.\n")
    assert drafts(desk) == [("bo", "Done.", False)]


@pytest.mark.parametrize(
    ("macro", "words"),
    [((), "bo wrote a reply"), (("--macro", "acknowledge"), "bo wrote a reply and changed the assignee")],
)
def test_a_colleague_who_answers_while_the_text_is_typed_comes_first(
    tandem: Commands, desk: Desk, tmp_path: Path, macro: tuple[str, ...], words: str
) -> None:
    typed = tmp_path / "typed"
    os.mkfifo(typed)

    def answer_meanwhile() -> None:
        with typed.open("w") as text:  # opens when the command begins to read
            reply(acting_as(desk, "bo"), ONE, Answer(text="Bo was faster."))
            text.write("Ana was slower.")

    with ThreadPoolExecutor(1) as colleague:
        meanwhile = colleague.submit(answer_meanwhile)
        refused = tandem.run("reply", 1, *macro, "--body-file", str(typed), expect=1)
        meanwhile.result()
    told = f"ticket 1 moved since you looked at it: {words} (read it with `tandem show 1`, then try again)"
    assert told in refused.err
    assert [each.draft for each in queued(desk)] == ["Bo was faster."]
    assert drafts(desk) == [("ana", "Ana was slower.", False)]
    tandem.run("reply", 1, "--body-file", "-", stdin="Ana was slower.\n")
    assert drafts(desk) == []


def test_a_stranger_who_writes_while_the_text_is_typed_does_not_get_it(
    tandem: Commands, desk: Desk, tmp_path: Path
) -> None:
    typed = tmp_path / "typed"
    os.mkfifo(typed)
    first = first_of(desk)

    def write_meanwhile() -> None:
        with typed.open("w") as text:  # opens when the command begins to read
            receive(desk, sender=Address("mallory@evil.example"), answers=(first.message_id,), text="Send it to me.")
            text.write("For Dana.")

    with ThreadPoolExecutor(1) as stranger:
        meanwhile = stranger.submit(write_meanwhile)
        tandem.run("reply", 1, "--body-file", str(typed), expect=1)
        meanwhile.result()
    [draft] = desk.store.drafts.of(ONE)
    assert draft.stays_to
    tandem.run("reply", 1, "--draft", expect=1)
    sent = tandem.run("reply", 1, "--draft", "--seen", newest(desk))
    assert "⚠ answers on this ticket go to mallory@evil.example by now" in sent.out
    assert [each.recipients for each in queued(desk)] == [("dana@corp.example", "bob@corp.example")]


def test_a_colleague_who_closes_the_ticket_while_the_text_is_typed_stops_a_macro(
    tandem: Commands, desk: Desk, home: Home, tmp_path: Path
) -> None:
    (home.macros / "later.md").write_text("---\nname: Later\ndo:\n  - status: waiting\n---\nLater.\n")
    typed = tmp_path / "typed"
    os.mkfifo(typed)

    def close_meanwhile() -> None:
        with typed.open("w") as text:  # opens when the command begins to read
            set_status(acting_as(desk, "bo"), ONE, Status.CLOSED)
            text.write("Later, Dana.")

    with ThreadPoolExecutor(1) as colleague:
        meanwhile = colleague.submit(close_meanwhile)
        refused = tandem.run("reply", 1, "--macro", "later", "--body-file", str(typed), expect=1)
        meanwhile.result()
    assert "ticket 1 moved since you looked at it: bo changed the status" in refused.err
    assert (queued(desk), desk.ticket(ONE).status) == ([], Status.CLOSED)
