"""Taking mail back: before all else while its window is open, with all that was chosen, though its process died."""

from __future__ import annotations

import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from desk.actions.attach import attach
from desk.actions.draft import save_draft, take_over
from desk.actions.forward import forward
from desk.actions.merge import merge
from desk.actions.new import begin
from desk.actions.note import add_note
from desk.actions.redo import redo
from desk.actions.reply import reply
from desk.actions.tag import tag
from desk.actions.undo import undo
from desk.beginning import Beginning
from desk.conversation import Note
from desk.desk import Desk
from desk.draft import DraftKind
from desk.drafts import held_draft
from desk.errors import RedoTooLate
from desk.outgoing import Answer, OutboxState
from desk.people import Address
from desk.ticket import TicketNumber
from desk.wording import Wording
from desk.written import Written
from tests.desks import DANA, SetClock, acting_as, make_desk, receive

ROOT = Path(__file__).parents[2]
BOSS = Address("boss@corp.example", "Boss")
ONE = TicketNumber(1)


def notes(desk: Desk) -> list[str]:
    return [each.note for each in desk.store.conversations.of(ONE) if isinstance(each, Note) and not each.removed]


def test_a_reply_whose_window_is_open_is_taken_back_before_what_was_done_since(desk: Desk) -> None:
    receive(desk)
    reply(desk, ONE, Answer(text="Hello", send_in=60))
    add_note(desk, ONE, "She will be glad")
    tag(desk, ONE, add=["glad"])
    undone = undo(desk)
    assert (undone.draft.text if undone.draft else "", notes(desk)) == ("Hello", ["She will be glad"])
    assert desk.store.outbox.all()[0].state is OutboxState.CANCELLED
    undo(desk)
    assert (desk.ticket(ONE).tags, notes(desk)) == ((), ["She will be glad"])
    undo(desk)
    assert notes(desk) == []


def test_once_the_window_is_over_the_last_thing_comes_first(desk: Desk, clock: SetClock) -> None:
    receive(desk)
    reply(desk, ONE, Answer(text="Hello", send_in=10))
    add_note(desk, ONE, "She will be glad")
    clock.go_on(seconds=10)
    undo(desk)
    assert (notes(desk), desk.store.outbox.all()[0].state) == ([], OutboxState.QUEUED)


def test_of_several_mails_the_last_is_taken_back_first_and_a_colleagues_never(desk: Desk) -> None:
    receive(desk)
    entries = [
        reply(desk, ONE, Answer(text="Hello", send_in=60)),
        forward(desk, ONE, None, Answer(text="Look", to=(BOSS,), send_in=60)),
        begin(desk, Beginning(to=(BOSS,), subject="Another matter", text="Hello Boss")),
    ]
    reply(acting_as(desk, "bo"), ONE, Answer(text="Of bo", send_in=60))
    add_note(desk, ONE, "done")
    for entry in reversed(entries):
        undo(desk)
        assert [each.id for each in desk.store.outbox.all() if each.state is OutboxState.CANCELLED][-1:] != []
        mail = desk.store.outbox.get(entry.id)
        assert mail is not None
        assert mail.state is OutboxState.CANCELLED
    assert notes(desk) == ["done"]
    assert [each.draft for each in desk.store.outbox.all() if each.state is OutboxState.QUEUED] == ["Of bo"]


def test_what_was_redone_has_a_window_again(desk: Desk) -> None:
    receive(desk)
    reply(desk, ONE, Answer(text="Hello", send_in=60))
    undo(desk)
    redo(desk)
    add_note(desk, ONE, "done")
    undo(desk)
    assert notes(desk) == ["done"]
    assert desk.store.outbox.all()[0].state is OutboxState.CANCELLED


def test_recipients_subject_and_files_come_back_though_the_file_is_gone(desk: Desk, tmp_path: Path) -> None:
    receive(desk, cc=(Address("other@corp.example"),))
    (tmp_path / "list.csv").write_text("a,b")
    chosen = attach(desk, Wording(cc=(BOSS,), bcc=(DANA,), subject="Your list"), "photo.png", b"png")
    reply(desk, ONE, Answer(text="Hello", wording=chosen, attachments=(tmp_path / "list.csv",)))
    (tmp_path / "list.csv").unlink()
    draft = undo(desk).draft
    assert draft is not None
    assert draft.wording is not None
    assert (draft.text, draft.wording.to, draft.wording.cc, draft.wording.bcc) == ("Hello", None, (BOSS,), (DANA,))
    assert draft.wording.subject == "Your list"
    assert [(each.name, desk.blobs.get(each.sha256)) for each in draft.wording.enclosures] == [
        ("photo.png", b"png"),
        ("list.csv", b"a,b"),
    ]
    again = reply(desk, ONE, Answer(text=draft.text, wording=draft.wording))
    assert again.recipients == ("dana@corp.example", "boss@corp.example")
    assert again.wording == draft.wording


def test_a_draft_that_goes_to_others_by_now_is_not_thrown_away_for_the_old_mail(desk: Desk) -> None:
    receive(desk)
    reply(desk, ONE, Answer(text="Hello", wording=Wording(cc=(BOSS,))))
    draft = undo(desk).draft
    assert draft is not None
    save_draft(desk, ONE, DraftKind.REPLY, Written(draft.text, wording=Wording(cc=())), last=draft)
    with pytest.raises(RedoTooLate, match="was changed since"):
        redo(desk)
    assert desk.store.outbox.all()[0].state is OutboxState.CANCELLED


def test_a_reply_comes_back_above_what_was_begun_since_with_the_files_of_both(desk: Desk) -> None:
    receive(desk)
    reply(desk, ONE, Answer(text="First", wording=attach(desk, Wording(cc=(BOSS,)), "one", b"1")))
    save_draft(desk, ONE, DraftKind.REPLY, Written("Second", wording=attach(desk, Wording(subject="S"), "two", b"2")))
    draft = undo(desk).draft
    assert draft is not None
    assert draft.wording is not None
    assert (draft.text, draft.wording.cc, draft.wording.subject) == ("First\n\nSecond", (BOSS,), "S")
    assert [each.name for each in draft.wording.enclosures] == ["one", "two"]


DYING = """
import os, signal, sys
from pathlib import Path
from desk.actions.attach import attach
from desk.actions.draft import save_draft
from desk.actions.reply import reply
from desk.draft import DraftKind
from desk.outgoing import Answer
from desk.people import Address
from desk.ticket import TicketNumber
from desk.wording import Wording
from desk.written import Written
from tests.desks import make_desk
desk = make_desk(Path(sys.argv[1]))
chosen = attach(desk, Wording(to=(Address("boss@corp.example", "Boss"),), subject="S"), "list.csv", b"a,b")
if sys.argv[2] == "reply":
    reply(desk, TicketNumber(1), Answer(text="Hello", wording=chosen, send_in=60))
else:
    save_draft(desk, TicketNumber(1), DraftKind.REPLY, Written("Hello", wording=chosen))
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("doing", ["reply", "draft"])
def test_a_killed_process_leaves_all_that_was_chosen_to_whoever_takes_it_back_or_over(
    tmp_path: Path, doing: str
) -> None:
    desk = make_desk(tmp_path / "desk")
    receive(desk)
    died = subprocess.run(
        [sys.executable, "-c", DYING, str(tmp_path / "desk"), doing], cwd=ROOT, check=False, timeout=100
    )
    assert died.returncode == -signal.SIGKILL
    if doing == "reply":
        draft = undo(desk).draft
    else:
        bo = acting_as(desk, "bo")
        draft = take_over(bo, ONE, DraftKind.REPLY, Written(""), last=held_draft(bo, ONE, DraftKind.REPLY))
    assert draft is not None
    assert draft.wording is not None
    assert (draft.text, draft.wording.to, draft.wording.subject) == ("Hello", (BOSS,), "S")
    [file] = draft.wording.enclosures
    assert (file, desk.blobs.get(file.sha256)) == (replace(file, name="list.csv", size=3), b"a,b")
    desk.store.close()


class TestWhomItGoesTo:
    """An answer that is taken back goes to whom its mail was to go, whatever its ticket asks for by now."""

    def test_after_a_merge(self, desk: Desk) -> None:
        other, host = receive(desk, sender=STEFAN, subject="Invoice").number, receive(desk).number
        reply(desk, other, Answer(text="For Stefan alone"))
        merge(acting_as(desk, "bo"), [other], host)
        undo(desk)
        (draft,) = desk.store.drafts.of(host)
        assert draft.wording is not None
        assert (draft.wording.to, draft.wording.subject, draft.stays_to) == ((STEFAN,), "Re: Invoice", True)

    def test_after_somebody_else_wrote(self, desk: Desk) -> None:
        number = receive(desk, message_id="<first@corp.example>").number
        reply(desk, number, Answer(text="For Dana alone"))
        receive(desk, sender=STEFAN, answers=("<first@corp.example>",))
        undo(desk)
        (draft,) = desk.store.drafts.of(number)
        assert draft.wording is not None
        assert (draft.wording.to, draft.stays_to) == ((DANA,), True)

    def test_while_the_ticket_asks_for_the_same(self, desk: Desk) -> None:
        number = receive(desk, cc=(STEFAN,)).number
        reply(desk, number, Answer(text="For both"))
        undo(desk)
        (draft,) = desk.store.drafts.of(number)
        assert (draft.wording, draft.stays_to) == (None, False)


STEFAN = Address("stefan@teas.example", "Stefan Iliev")
