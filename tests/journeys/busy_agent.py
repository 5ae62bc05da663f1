"""An agent who does things at random: `python -m tests.journeys.busy_agent FOLDER HANDLE SEED COUNT`.

Everything that was asked and answered goes to FOLDER/HANDLE.jsonl, a line each: what, where, its act, and either what
came of it or why it was refused.  Anything but a refusal in words ends the process.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TextIO, TypeVar

from desk.actions.assign import assign
from desk.actions.attend import attend, leave
from desk.actions.cancel import cancel
from desk.actions.draft import discard_draft, save_draft, take_over
from desk.actions.edit_note import edit_note
from desk.actions.note import add_note
from desk.actions.open import mark_read
from desk.actions.priority import set_priority
from desk.actions.redo import redo
from desk.actions.reply import reply
from desk.actions.run_macro import run_macro
from desk.actions.status import set_status
from desk.actions.tag import tag
from desk.actions.undo import undo
from desk.conversation import Act, EntryId, Note
from desk.desk import Desk, new_act
from desk.draft import Draft, DraftKind
from desk.errors import DraftMoved, RefusedError, StoreBusy, TandemError
from desk.outgoing import Answer, OutboxEntry
from desk.people import Handle
from desk.presence import Doing
from desk.steps import AssignStep, MacroUse, NoteStep, PriorityStep, StatusStep, Step, TagStep
from desk.ticket import Priority, Status, TicketNumber
from desk.written import Written
from tests.desks import make_desk

TICKETS = 50
INTERNAL = "between us"
"""Stands in every note, and in nothing that a customer may read."""

TAGS = ("refund", "vip", "late", "billing", "bug", "spam?")  # the last one cannot be a tag
AGENTS = ("ana", "bo")
USE = MacroUse("escalate", "1")

T = TypeVar("T")
Fact = str | int | bool | None


class BusyAgent:
    """What an agent knows, which may be out of date, and does."""

    def __init__(self, desk: Desk, chance: random.Random, log: TextIO) -> None:
        self.desk, self.chance, self.log = desk, chance, log
        self.seen: dict[TicketNumber, EntryId] = {}
        self.drafts: dict[TicketNumber, Draft | None] = {}
        self.notes: list[Note] = []
        self.mails: list[OutboxEntry] = []
        self.number, self.act, self.words = TicketNumber(0), Act(""), ""
        self.refusal: TandemError | None = None

    def work(self, count: int) -> None:
        often: dict[Callable[[], None], int] = {
            self.assign: 10,
            self.tag: 14,
            self.status: 10,
            self.priority: 7,
            self.note: 8,
            self.edit_note: 5,
            self.reply: 14,
            self.cancel: 3,
            self.run_macro: 5,
            self.save_draft: 8,
            self.take_over: 2,
            self.discard_draft: 3,
            self.undo: 12,
            self.redo: 8,
            self.open: 8,
            self.attend: 4,
        }
        did = self.open
        for _ in range(count):
            again = did == self.undo and self.chance.random() < 0.4
            did = self.redo if again else self.chance.choices(list(often), list(often.values()))[0]
            self.number = self.some_ticket()
            self.act, self.words = new_act(), f"{self.desk.me.handle} {self.chance.getrandbits(64):x}"
            did()

    def some_ticket(self) -> TicketNumber:
        """Half of the time the one that everybody is at just now, so that agents meet; rarely one that is not there."""
        if self.chance.random() < 0.01:
            return TicketNumber(1_000_000)
        met = int(time.monotonic() * 10) % TICKETS + 1
        return TicketNumber(self.chance.choice([met, self.chance.randint(1, TICKETS)]))

    def ask(self, did: str, do: Callable[[], T], said: Callable[[T], dict[str, Fact]] = lambda _: {}) -> T | None:
        """Do it, and write down what came of it."""
        asked: dict[str, Fact] = {"did": did, "ticket": self.number, "act": self.act}
        try:
            result = do()
        except (RefusedError, StoreBusy) as error:
            self.refusal = error
            self._write({**asked, "accepted": False, "why": error.message, "kind": type(error).__name__})
            return None
        self.refusal = None
        self._write({**asked, "accepted": True, **said(result)})
        return result

    def _write(self, line: dict[str, Fact]) -> None:
        self.log.write(json.dumps(line) + "\n")
        self.log.flush()

    def assign(self) -> None:
        to = self.chance.choice([None, *map(Handle, AGENTS)])
        self.ask(
            "assigned",
            lambda: assign(self.desk, self.number, to, act=self.act),
            lambda now: {"is_as_asked": now.assignee == to},
        )

    def tag(self) -> None:
        add, remove = self.chance.choice(TAGS), self.chance.choice(TAGS[:-1])
        self.ask(
            "tagged",
            lambda: tag(self.desk, self.number, [add], [remove], act=self.act),
            lambda now: {"is_as_asked": add in now.tags and (remove == add or remove not in now.tags)},
        )

    def status(self) -> None:
        wanted = self.chance.choice(list(Status))
        self.ask(
            "status_changed",
            lambda: set_status(self.desk, self.number, wanted, act=self.act),
            lambda now: {"is_as_asked": now.status is wanted},
        )

    def priority(self) -> None:
        wanted = self.chance.choice(list(Priority))
        self.ask(
            "priority_changed",
            lambda: set_priority(self.desk, self.number, wanted, act=self.act),
            lambda now: {"is_as_asked": now.priority is wanted},
        )

    def note(self) -> None:
        text = f"{INTERNAL}: {self.words}" if self.chance.random() < 0.98 else " "
        note = self.ask("noted", lambda: add_note(self.desk, self.number, text, act=self.act))
        if note:
            self.notes.append(note)

    def edit_note(self) -> None:
        if not self.notes:
            self.note()
            return
        note = self.chance.choice(self.notes[-5:])
        self.number = note.ticket
        text = f"{INTERNAL}, edited: {self.words}"
        edited = self.ask("note_edited", lambda: edit_note(self.desk, note.id, text, seen=note.version, act=self.act))
        if edited and self.chance.random() < 0.8:
            self.notes.append(edited)

    def reply(self) -> None:
        if self.number not in self.seen or self.chance.random() < 0.5:
            self.read()
        seen = self.seen.get(self.number)  # None only where there is no such ticket
        wanted = self.chance.choice([None, Status.WAITING, Status.CLOSED])
        text = f"Hello, {self.words}" if self.chance.random() < 0.97 else "Hello ⟦name⟧"
        send_in = self.chance.choice([0, 0, 1, 60])
        steps = (TagStep(("answered",)),) if self.chance.random() < 0.3 else ()
        answer = Answer(text=text, seen=seen, status=wanted, send_in=send_in, steps=steps)
        queued = self.ask(
            "replied",
            lambda: reply(self.desk, self.number, answer, act=self.act),
            lambda mail: {"entry": mail.entry, "seen": seen},
        )
        if queued:
            self.mails.append(queued)

    def cancel(self) -> None:
        if not self.mails:
            self.open()
            return
        mail = self.chance.choice(self.mails[-4:])
        self.number = mail.ticket
        self.ask("cancelled", lambda: cancel(self.desk, mail.id, act=self.act))

    def run_macro(self) -> None:
        possible: list[Step] = [
            TagStep(("escalated",), ("late",)),
            AssignStep(Handle("bo")),
            StatusStep(Status.OPEN),
            PriorityStep(Priority.URGENT),
            NoteStep(f"{INTERNAL}: {self.words}"),
        ]
        steps, seen = self.chance.sample(possible, 3), self.seen.get(self.number)
        self.ask("macro_run", lambda: run_macro(self.desk, self.number, steps, USE, seen=seen, act=self.act))

    def save_draft(self) -> None:
        text, last = f"Dear customer, {self.words}", self.drafts.get(self.number)
        saved = self.ask("saved", lambda: save_draft(self.desk, self.number, DraftKind.REPLY, Written(text), last=last))
        if isinstance(self.refusal, DraftMoved) and self.chance.random() < 0.3:
            saved = self.refusal.lost.now
        self.drafts[self.number] = saved

    def take_over(self) -> None:
        taken = self.ask("took over", lambda: take_over(self.desk, self.number, DraftKind.REPLY, Written(self.words)))
        self.drafts[self.number] = taken

    def discard_draft(self) -> None:
        draft = self.drafts.pop(self.number, None)
        self.ask("discarded", lambda: discard_draft(self.desk, draft))

    def undo(self) -> None:
        self.ask("undone", lambda: undo(self.desk), lambda undone: {"of": undone.act})

    def redo(self) -> None:
        self.ask("redone", lambda: redo(self.desk), lambda redone: {"of": redone.act})

    def open(self) -> None:
        self.ask("opened", lambda: mark_read(self.desk, self.number))
        self.read()

    def read(self) -> None:
        """Look at a ticket, and remember how far; an answer may come much later."""
        if entries := self.desk.store.conversations.of(self.number):
            self.seen[self.number] = max(each.id for each in entries)

    def attend(self) -> None:
        if self.chance.random() < 0.2:
            self.ask("left", lambda: leave(self.desk))
        else:
            self.ask("attended", lambda: attend(self.desk, self.number, self.chance.choice(list(Doing))))


def main(folder: str, handle: str, seed: str, count: str) -> None:
    desk = make_desk(Path(folder) / "desk", agents=(handle,), undo_seconds=60)
    with (Path(folder) / f"{handle}.jsonl").open("w", encoding="utf-8") as log:
        BusyAgent(desk, random.Random(int(seed)), log).work(int(count))
    desk.store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
