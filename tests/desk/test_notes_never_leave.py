"""No way leads from a note to a mail: every door that makes one, and all that a real mail server got, decoded.

A new way to make mail belongs into DOORS; the last tests see to that.
"""

from __future__ import annotations

import asyncio
import email
import email.policy
import json
import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, fields, replace
from email.message import EmailMessage
from pathlib import Path

import pytest

from desk.actions.attach import attach
from desk.actions.cancel import cancel
from desk.actions.draft import discard_draft, keep_aside, keep_edit, resume_draft, save_draft, settle_draft, take_over
from desk.actions.edit_note import edit_note
from desk.actions.forward import forward
from desk.actions.merge import merge
from desk.actions.new import Start, begin
from desk.actions.note import add_note
from desk.actions.redo import redo
from desk.actions.reply import reply
from desk.actions.resend import resend
from desk.actions.run_macro import run_macro
from desk.actions.send_to_rest import send_to_rest
from desk.actions.set_customer import set_customer
from desk.actions.settle import settle
from desk.actions.split import split
from desk.actions.undo import undo
from desk.beginning import Beginning
from desk.conversation import Message, Note, Purpose
from desk.delivery import deliver
from desk.desk import Desk
from desk.draft import DraftKind
from desk.drafts import held_draft
from desk.errors import NoSuchEntry, RefusedError
from desk.forwarding import message_to_forward
from desk.letters import last_from_customer
from desk.outgoing import Answer, Attempt, OutboxEntry, OutboxState, RecipientAnswer
from desk.people import Address
from desk.quoting import below, forwarded, last_words, passed_on
from desk.settings import Acknowledge, Settings
from desk.signing import signatures, signed
from desk.steps import MacroUse, NoteStep
from desk.ticket import TicketNumber
from desk.wording import Wording
from desk.written import Written
from macros.facts import FIELDS
from macros.fill import facts_for, fill
from macros.library import Library
from macros.run import prepare_beginning
from macros.script import parse_macro
from tandem.mailbox_export import write_mbox
from tests.desks import DANA, SetClock, acting_as, make_desk, receive
from tests.mail.sending import plain_sender
from tests.servers import SmtpServer

ONE, TWO = TicketNumber(1), TicketNumber(2)
SECRET = (
    "Überfällige Kundin ⟨schwierig⟩: nur für uns, siehe Vorgang 4711 — 決して外に出さない, and not a word of it leaves"
)
"""Many scripts, so that its bytes in a mail are others than here, and longer than any line of one."""

SUPPLIER = Address("help@printers.example", "Printer Works")
DESK = Path(__file__).parents[2] / "desk"


def bare(text: str) -> str:
    """A text without what quoting and wrapping put into it."""
    return re.sub(r"[\s>]+", "", text).casefold()


def told_by(raw: bytes) -> Iterator[str]:
    """All that a mail says to whoever decodes it: its head, and every part of it, be it a file or a mail."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    for part in message.walk():
        yield from (f"{name}: {value}" for name, value in part.items())
        yield part.get_filename() or ""
        if not part.is_multipart():
            content = part.get_payload(decode=True)
            yield content.decode("utf-8", "replace") if isinstance(content, bytes) else str(content)
    yield raw.decode("utf-8", "replace")


def leaks(raw: bytes) -> bool:
    """Whether any stretch of a note stands in a mail."""
    secret = bare(SECRET)
    pieces = [secret[at : at + 16] for at in range(0, len(secret) - 16, 8)]
    return any(piece in bare(text) for text in told_by(raw) for piece in pieces)


@dataclass(frozen=True)
class Scene:
    """A desk with a ticket of Dana's on which ana and bo left notes, finished and not."""

    desk: Desk
    clock: SetClock
    folder: Path

    @property
    def bo(self) -> Desk:
        return acting_as(self.desk, "bo")

    def sent(self, entry: OutboxEntry) -> OutboxEntry:
        """As if it had left."""
        after = replace(entry, state=OutboxState.SENT, sent_at=self.clock.now)
        self.desk.store.outbox.put(after)
        return after


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    clock = SetClock()
    desk = make_desk(tmp_path / "desk", clock=clock)
    receive(desk, message_id="<1@corp.example>", text="Where is my printer?")
    note = add_note(desk, ONE, "first words")
    edit_note(desk, note.id, SECRET, seen=1)
    other = add_note(acting_as(desk, "bo"), ONE, SECRET)
    keep_edit(acting_as(desk, "bo"), other, f"{SECRET} and more")
    for each in (desk, acting_as(desk, "bo")):
        save_draft(each, ONE, DraftKind.NOTE, Written(f"{SECRET} unfinished"))
        keep_aside(each, ONE, DraftKind.NOTE, Written(f"{SECRET} aside"))
    yield Scene(desk, clock, tmp_path / "desk")
    desk.store.close()


def a_reply(scene: Scene) -> None:
    desk = scene.desk
    text = below(signed("Here it is.", signatures(desk, ONE)), last_words(last_from_customer(desk, ONE), None))
    reply(desk, ONE, Answer(text=text))
    settle_draft(desk, ONE, text)


def a_macro(scene: Scene) -> None:
    """A macro that says all that a macro can know, and leaves a note."""
    words = " ".join(f"{{{{ {name} }}}}" for name in FIELDS if not name.startswith("previous"))
    more = "{% for each in previous_tickets %}{{ each.number }} {{ each.subject }}{% endfor %}"
    macro = parse_macro(Path("all.md"), f"---\nname: All\nreply: public\n---\n{words} {more}\n")
    filled = fill(macro, facts_for(scene.desk, ONE, now=scene.clock.now))
    text = re.sub("⟦[^⟧]*⟧", "", filled.text)
    reply(scene.desk, ONE, Answer(text=text, steps=(NoteStep(SECRET),), macro=filled.use))


def a_macro_without_words(scene: Scene) -> None:
    run_macro(scene.desk, ONE, [NoteStep(SECRET)], MacroUse("inside", "1"))
    reply(scene.desk, ONE, Answer(text="Here it is."))


def a_forward(scene: Scene) -> None:
    desk = scene.desk
    for note in (each for each in desk.store.conversations.of(ONE) if isinstance(each, Note)):
        with pytest.raises(NoSuchEntry):
            forward(desk, ONE, note.id, Answer(text="Look", to=(SUPPLIER,)))
    message = message_to_forward(desk, ONE, None)
    passed = Answer(text=forwarded(message, None), wording=Wording(to=(SUPPLIER,), enclosures=passed_on(message)))
    entry = scene.sent(forward(desk, ONE, None, passed))
    receive(
        desk, sender=SUPPLIER, subject="Re: Fwd: it", answers=(entry.message_id,), message_id="<a@printers.example>"
    )
    add_note(desk, ONE, SECRET)
    asked = next(
        each
        for each in desk.store.conversations.of(ONE)
        if isinstance(each, Message) and each.side and each.sender == SUPPLIER
    )
    forward(desk, ONE, asked.id, Answer(text="The X1."))


def a_first_mail(scene: Scene) -> None:
    start = Start(steps=(NoteStep(SECRET),), macro=MacroUse("inside", "1"))
    entry = begin(scene.desk, Beginning(to=(DANA,), subject="Your contract", text="Hello"), start)
    undo(scene.desk)
    redo(scene.desk)
    reply(scene.desk, entry.ticket, Answer(text="And one thing more"))


def a_first_mail_with_a_macro(scene: Scene) -> None:
    words = " ".join(f"{{{{ {name} }}}}" for name in FIELDS if not name.startswith("previous"))
    (scene.folder / "all.md").write_text(f"---\nname: All\nreply: public\n---\n{words}\n")
    first = Beginning(to=(DANA,), subject="Your contract")
    filled = prepare_beginning(scene.desk, Library(scene.folder), first, "all", {})
    begin(scene.desk, replace(first, text=re.sub("⟦[^⟧]*⟧", "", filled.text)))


def a_draft_that_changes_hands(scene: Scene) -> None:
    desk, bo = scene.desk, scene.bo
    assert resume_draft(desk, ONE, DraftKind.REPLY) is None
    save_draft(desk, ONE, DraftKind.REPLY, Written("Of ana", wording=attach(desk, None, "list.csv", b"a,b")))
    taken = take_over(bo, ONE, DraftKind.REPLY, Written("Of bo"))
    assert taken is not None
    discard_draft(bo, held_draft(bo, ONE, DraftKind.NOTE))
    reply(bo, ONE, Answer(text=taken.text.replace("⟦from ana:⟧", ""), wording=taken.wording))


def what_was_undone_and_redone(scene: Scene) -> None:
    desk = scene.desk
    reply(desk, ONE, Answer(text="Here it is.", steps=(NoteStep(SECRET),), macro=MacroUse("inside", "1")))
    draft = undo(desk).draft
    redo(desk)
    assert draft is not None
    add_note(desk, ONE, SECRET)
    undo(desk)
    undo(desk)
    held = held_draft(desk, ONE, DraftKind.REPLY)
    assert held is not None
    reply(desk, ONE, Answer(text=held.text, wording=held.wording, plan=held.plan))
    with suppress(RefusedError):
        redo(desk)


def tickets_that_were_merged_and_split(scene: Scene) -> None:
    desk = scene.desk
    other = receive(desk, subject="Another matter", message_id="<2@corp.example>")
    add_note(desk, other.number, SECRET)
    receive(desk, subject="Re: Another matter", message_id="<3@corp.example>", answers=("<2@corp.example>",))
    merge(desk, [other.number], ONE)
    reply(desk, ONE, Answer(text="To both"))
    first = next(
        each
        for each in desk.store.conversations.of(ONE)
        if isinstance(each, Message) and each.message_id == "<2@corp.example>"
    )
    apart = split(desk, ONE, first.id).ticket
    reply(desk, apart.number, Answer(text="To the one"))
    forward(desk, apart.number, None, Answer(text="Look", to=(SUPPLIER,)))


def mails_that_failed(scene: Scene) -> None:
    desk = scene.desk
    again = reply(desk, ONE, Answer(text="Again", to=(DANA, SUPPLIER)))
    desk.store.outbox.put(replace(again, state=OutboxState.REFUSED, last_error=SECRET))
    resend(desk, again.id)
    rest = reply(desk, ONE, Answer(text="To the rest", to=(DANA, SUPPLIER)))
    refused = (RecipientAnswer(SUPPLIER.email, 550, SECRET),)
    desk.store.outbox.put(replace(rest, state=OutboxState.REFUSED, refused_for=refused))
    send_to_rest(desk, rest.id)
    doubt = reply(desk, ONE, Answer(text="Doubtful"))
    desk.store.outbox.put(replace(doubt, state=OutboxState.UNCERTAIN))
    settle(desk, doubt.id)
    stopped = reply(desk, ONE, Answer(text="Stopped"))
    cancel(desk, stopped.id)
    undo(desk)


def a_mail_about_the_customer(scene: Scene) -> None:
    set_customer(scene.desk, ONE, Address("leo@corp.example", "Leo"))
    reply(scene.desk, ONE, Answer(text="Here it is."))


def a_desk_that_acknowledges(scene: Scene) -> None:
    own = scene.desk.settings.mailboxes[0]
    told = Settings(mailboxes=(replace(own, acknowledge=Acknowledge("We got it, it is number {number}.")),))
    desk = replace(scene.desk, settings=told)
    scene.clock.go_on(hours=1)
    came = receive(desk, sender=Address("leo@corp.example"), subject="Hello", message_id="<9@corp.example>")
    assert [each.purpose for each in desk.store.outbox.of(came.number)] == [Purpose.AUTOMATIC]
    add_note(desk, came.number, SECRET)
    receive(desk, sender=Address("leo@corp.example"), subject="Re: Hello", answers=("<9@corp.example>",))
    reply(desk, came.number, Answer(text="Here it is."))


DOORS: Mapping[str, Callable[[Scene], None]] = {
    each.__name__: each
    for each in (
        a_reply,
        a_macro,
        a_macro_without_words,
        a_forward,
        a_first_mail,
        a_first_mail_with_a_macro,
        a_draft_that_changes_hands,
        what_was_undone_and_redone,
        tickets_that_were_merged_and_split,
        mails_that_failed,
        a_mail_about_the_customer,
        a_desk_that_acknowledges,
    )
}

MAKES_MAIL: Mapping[str, set[str]] = {
    "actions/reply.py": {"a_reply", "a_macro", "a_macro_without_words", "a_draft_that_changes_hands"},
    "actions/forward.py": {"a_forward", "tickets_that_were_merged_and_split"},
    "intake/acknowledging.py": {"a_desk_that_acknowledges"},
    "actions/new.py": {"a_first_mail", "a_first_mail_with_a_macro"},
    "actions/resend.py": {"mails_that_failed"},
    "actions/send_to_rest.py": {"mails_that_failed"},
    "reversal/mails.py": {"what_was_undone_and_redone", "mails_that_failed"},
    "reversal/sending.py": {"mails_that_failed"},
}
"""Modules of the desk that put mail into the outbox, or back into it, and the doors that go through them."""


class OverSmtp:
    """Implements desk.ports.Sender: over a socket, to a server that keeps what it gets."""

    def __init__(self, server: SmtpServer) -> None:
        self._sender = plain_sender(server)

    def send(self, entry: OutboxEntry, raw: bytes, entering_data: Callable[[], None]) -> Attempt:
        return asyncio.run(self._sender.send(entry, raw, entering_data))


@pytest.mark.parametrize("door", DOORS.values(), ids=DOORS.keys())
def test_no_word_of_a_note_is_in_what_the_mail_server_got(
    scene: Scene, smtp_server: SmtpServer, door: Callable[[Scene], None]
) -> None:
    door(scene)
    scene.clock.go_on(minutes=2)
    waiting = [each for each in scene.desk.store.outbox.all() if each.state is OutboxState.QUEUED]
    deliver(scene.desk, OverSmtp(smtp_server), owner="test", is_gone=lambda _: True)
    assert len(smtp_server.received) == len(waiting) > 0
    assert [mail.recipients for mail in smtp_server.received if leaks(mail.raw)] == []


@pytest.mark.parametrize(
    "encoding", ["base64", "quoted-printable", "8bit", "flowed", "subject", "file", "name", "mail"]
)
def test_a_note_in_a_mail_would_be_found_however_it_is_encoded(encoding: str) -> None:
    message = EmailMessage(policy=email.policy.SMTP)
    match encoding:
        case "base64" | "quoted-printable" | "8bit":
            message.set_content(f"Hello\n{SECRET}\n", cte=encoding)
        case "flowed":
            words = f"Hello {SECRET}".split()
            text = "".join(f"> {word} \n" for word in words)
            message.set_content(text, cte="quoted-printable", params={"format": "flowed"})
        case "subject":
            message["Subject"] = SECRET
        case "file":
            message.add_attachment(SECRET.encode(), maintype="application", subtype="octet-stream", filename="x")
        case "name":
            message.add_attachment(b"x", maintype="application", subtype="octet-stream", filename=SECRET)
        case _:
            inner = EmailMessage(policy=email.policy.SMTP)
            inner.set_content(SECRET, cte="base64")
            message.add_attachment(inner)
    raw = message.as_bytes()
    assert leaks(raw)
    if encoding in ("base64", "quoted-printable", "file"):
        assert SECRET.encode() not in raw


def test_every_part_of_the_desk_that_makes_mail_has_a_door() -> None:
    makes = re.compile(r"\bput_out\(|\bqueued_again\(|outbox\.add\(")
    found = {
        path.relative_to(DESK).as_posix()
        for path in DESK.rglob("*.py")
        if makes.search(path.read_text())
        and not re.search(r"^def (put_out|queued_again)\(", path.read_text(), re.MULTILINE)
    }
    assert found == set(MAKES_MAIL)
    assert set().union(*MAKES_MAIL.values()) <= set(DOORS)


def test_a_note_and_a_mail_have_no_field_in_common_for_their_words(scene: Scene) -> None:
    assert "text" not in {each.name for each in fields(Note)}
    assert "note" not in {each.name for each in fields(Message)}
    assert {each.name for each in fields(Answer)} & {"note"} == set()
    with closing(sqlite3.connect(scene.folder / "desk.db")) as database:
        stored = [json.loads(body) for (body,) in database.execute("SELECT body FROM entries")]
    assert {row["kind"] for row in stored} >= {"note", "in"}
    assert [row for row in stored if row["kind"] == "note" and "text" in row] == []
    assert [row for row in stored if row["kind"] in ("in", "out") and "note" in row] == []


def test_an_mbox_of_all_mails_holds_no_note(scene: Scene) -> None:
    scene.sent(reply(scene.desk, ONE, Answer(text="Here it is.")))
    written = list[bytes]()
    write_mbox(scene.desk, written.append, lambda _: None)
    assert len(written) == 2
    assert [each for each in written if leaks(each)] == []
