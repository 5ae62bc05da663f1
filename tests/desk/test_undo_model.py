"""Random acts, undos and redos of two agents over a real store, beside a plain model of what each ticket must be.

The model knows tickets as dicts of fields, and of each agent two stacks: what was done, and what was taken back since.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from desk.actions.assign import assign
from desk.actions.edit_note import edit_note
from desk.actions.hand_over import hand_over
from desk.actions.note import add_note
from desk.actions.priority import set_priority
from desk.actions.redo import redo
from desk.actions.run_macro import run_macro
from desk.actions.status import set_status
from desk.actions.tag import tag
from desk.actions.undo import undo
from desk.conversation import Act, EntryId, Event, Happened, Note
from desk.desk import Desk, new_act
from desk.errors import NothingToRedo, NothingToUndo, RedoTooLate, RefusedError, UndoTooLate
from desk.fields import as_told
from desk.mentioning import see_mentions
from desk.people import Handle
from desk.reversal.table import REVERSALS
from desk.stats import measure
from desk.steps import MacroUse, PriorityStep, StatusStep, TagStep
from desk.ticket import Priority, Status, TicketNumber
from tests.desks import SetClock, acting_as, make_desk, receive

T = TypeVar("T")
Value = str | frozenset[str] | None
Fields = dict[str, Value]

AGENTS = ("ana", "bo")
TICKETS = tuple(map(TicketNumber, (1, 2)))
WORDS = ("one @bo", "two", "three @ana @bo")
STATUSES = (Status.CLOSED, Status.OPEN, Status.SPAM)

agents = st.sampled_from(AGENTS)
numbers = st.lists(st.sampled_from(TICKETS), min_size=1, unique=True)
number = st.sampled_from(TICKETS)
tags = st.frozensets(st.sampled_from("abc"), max_size=2)
statuses = st.sampled_from(STATUSES)
times = st.integers(1, 3)


@dataclass(frozen=True)
class Changed:
    """One field of one ticket, before and after."""

    ticket: TicketNumber
    name: str
    before: Value
    after: Value

    @property
    def matters(self) -> set[tuple[TicketNumber, str]]:
        """What is changed, each apart: two agents who put on different tags are not in each other's way."""
        if isinstance(self.before, frozenset) and isinstance(self.after, frozenset):
            return {(self.ticket, f"tag {each}") for each in self.before ^ self.after}
        return {(self.ticket, self.name)}


@dataclass(frozen=True)
class Noted:
    """A note that an act added, or (`before`) whose words it changed."""

    note: EntryId
    ticket: TicketNumber
    after: str
    before: str | None = None


@dataclass(eq=False)
class Done:
    """An act. `mails` is how many each ticket had when it was done first, `mails_back` when it was taken back last.

    `found` are the acts of others that stood when it was done first; by nobody: a mail.
    """

    by: str = ""
    stands: bool = True
    found: frozenset[Done] = frozenset()
    changed: list[Changed] = field(default_factory=list)
    noted: Noted | None = None
    mails: dict[TicketNumber, int] = field(default_factory=dict)
    mails_back: dict[TicketNumber, int] = field(default_factory=dict)
    below: str | None = None


@dataclass
class Desktop:
    """What the model knows of an agent."""

    done: list[Done] = field(default_factory=list)
    undone: list[Done] = field(default_factory=list)
    drafts: dict[TicketNumber, str] = field(default_factory=dict)


def turned(tickets: dict[TicketNumber, Fields], changes: list[Changed]) -> dict[TicketNumber, Fields] | None:
    """The tickets after these changes; None where a field is not what a change begins with."""
    tickets = deepcopy(tickets)
    for each in changes:
        fields = tickets[each.ticket]
        now = fields[each.name]
        if isinstance(now, frozenset):
            assert isinstance(each.before, frozenset)
            assert isinstance(each.after, frozenset)
            fields[each.name] = (now - (each.before - each.after)) | (each.after - each.before)
        elif now != each.before:
            return None
        else:
            fields[each.name] = each.after
    return tickets


def turned_round(changes: list[Changed]) -> list[Changed]:
    return [replace(each, before=each.after, after=each.before) for each in reversed(changes)]


QUICK = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
"""Where thousands of commits wait for no disk: what survives a power failure is not the question here."""


class UndoMachine(RuleBasedStateMachine):
    """Every rule does the same to the desk and to the model, and both must agree whether it can be done."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(dir=QUICK)
        self.clock = SetClock()
        self.desk: Desk = make_desk(Path(self.folder.name), clock=self.clock)
        self.people = {name: Desktop() for name in AGENTS}
        self.tickets: dict[TicketNumber, Fields] = {}
        self.mails = dict.fromkeys(TICKETS, 1)
        self.notes: dict[EntryId, str | None] = {}
        self.acts = 0
        self.all_done: list[Done] = []
        self.seen: set[EntryId] = set()

    def teardown(self) -> None:
        self.desk.store.close()
        self.folder.cleanup()

    @initialize()
    def begin(self) -> None:
        for at in TICKETS:
            receive(self.desk, subject=f"Matter {at}", text=f"About {at}", message_id=f"<{at}@corp.example>")
            fields: Fields = {"status": "open", "assignee": None, "priority": "normal", "tags": frozenset()}
            self.tickets[at] = fields

    @rule(who=agents, where=numbers, status=statuses)
    def set_status(self, who: str, where: list[TicketNumber], status: Status) -> None:
        self.bulk(who, where, "status", status, lambda desk, at, act: set_status(desk, at, status, act=act))

    @rule(
        who=agents, where=numbers, to=st.sampled_from([None, *map(Handle, AGENTS)]), priority=st.sampled_from(Priority)
    )
    def assign_and_set_priority(
        self, who: str, where: list[TicketNumber], to: Handle | None, priority: Priority
    ) -> None:
        self.bulk(who, where, "assignee", to, lambda desk, at, act: assign(desk, at, to, act=act))
        self.bulk(who, where, "priority", priority, lambda desk, at, act: set_priority(desk, at, priority, act=act))

    @rule(who=agents, at=number, add=tags, remove=tags)
    def tag(self, who: str, at: TicketNumber, add: frozenset[str], remove: frozenset[str]) -> None:
        tag(self.as_(who), at, sorted(add), sorted(remove))
        self.acted(who, self.changing(at, "tags", self.tags(at, add, remove)))

    @rule(who=agents, at=number, first=statuses, then=statuses, add=tags)
    def run_macro(self, who: str, at: TicketNumber, first: Status, then: Status, add: frozenset[str]) -> None:
        steps = (StatusStep(first), TagStep(tuple(sorted(add))), PriorityStep(Priority.HIGH), StatusStep(then))
        run_macro(self.as_(who), at, steps, MacroUse("m", "0"))
        changed = [
            *self.changing(at, "status", first),
            *self.changing(at, "tags", self.tags(at, add, frozenset())),
            *self.changing(at, "priority", "high"),
            *self.changing(at, "status", then),
        ]
        self.acts += 1
        self.acted(who, changed, is_act=True)

    @rule(who=agents, at=number, words=st.sampled_from(WORDS))
    def add_note(self, who: str, at: TicketNumber, words: str) -> None:
        note = add_note(self.as_(who), at, words)
        self.notes[note.id] = words
        self.acts += 1
        self.acted(who, [], Noted(note.id, at, words), is_act=True)

    @rule(who=agents, at=number, words=st.sampled_from(WORDS))
    def hand_over(self, who: str, at: TicketNumber, words: str) -> None:
        to = Handle("bo" if who == "ana" else "ana")
        hand_over(self.as_(who), at, to, words)
        note = next(each for each in reversed(self.desk.store.conversations.of(at)) if isinstance(each, Note))
        self.notes[note.id] = words
        changed = self.changing(at, "assignee", to)
        self.acts += 1 - len(changed)
        self.acted(who, changed, Noted(note.id, at, words), is_act=True)

    @rule(who=agents, at=number)
    def look(self, who: str, at: TicketNumber) -> None:
        see_mentions(self.as_(who), at)

    @rule(who=agents, at=number, words=st.sampled_from(WORDS))
    def edit_the_last_note(self, who: str, at: TicketNumber, words: str) -> None:
        there = self.desk.store.conversations.of(at)
        notes = [each for each in there if isinstance(each, Note) and each.author == who and not each.removed]
        if notes and notes[-1].note != words:
            edit_note(self.as_(who), notes[-1].id, words, seen=notes[-1].version)
            self.notes[notes[-1].id] = words
            self.acts += 1
            self.acted(who, [], Noted(notes[-1].id, at, words, before=notes[-1].note), is_act=True)

    @rule(at=number)
    def mail_comes(self, at: TicketNumber) -> None:
        self.clock.go_on(minutes=1)
        self.mails[at] += 1
        receive(self.desk, text=f"Mail {self.mails[at]} about {at}", answers=(f"<{at}@corp.example>",))
        if self.tickets[at]["status"] in {"waiting", "closed"}:
            self.all_done.append(Done(changed=self.changing(at, "status", "open")))

    @rule(who=agents, count=times)
    def undo(self, who: str, count: int) -> None:
        for _ in range(count):
            self.undo_once(who)

    @rule(who=agents, count=times)
    def redo(self, who: str, count: int) -> None:
        for _ in range(count):
            self.redo_once(who)

    @rule(who=agents, at=number, status=statuses)
    def change_ones_mind(self, who: str, at: TicketNumber, status: Status) -> None:
        """What most often goes wrong: something happens between an act, its undo and its redo."""
        self.undo_once(who)
        self.mail_comes(at)
        self.set_status("bo" if who == "ana" else "ana", [at], status)
        self.redo_once(who)

    @rule(who=agents, where=numbers, at=number, value=st.sampled_from((Status.OPEN, Status.SPAM)), gone=tags)
    def go_to_and_fro(
        self, who: str, where: list[TicketNumber], at: TicketNumber, value: Status, gone: frozenset[str]
    ) -> None:
        """A colleague leaves everything as it was, but by acts of their own; or takes one of them back."""
        other = "bo" if who == "ana" else "ana"
        self.set_status(who, where, Status.CLOSED)
        self.tag(who, at, gone, frozenset())
        self.tag(other, at, frozenset(), gone)
        self.tag(other, at, gone, frozenset())
        self.set_status(other, [at], value)
        if at in where:
            self.set_status(other, [at], Status.CLOSED)
        else:
            self.undo_once(other)
        self.undo_once(who)
        self.undo_once(who)

    def undo_once(self, who: str) -> None:
        person = self.people[who]
        if not person.done:
            self.refused(NothingToUndo, lambda: undo(self.as_(who)))
            return
        act = person.done[-1]
        after = turned(self.tickets, turned_round(act.changed))
        if after is None or self.was_touched(act) or self.hides_news(act, after, act.mails):
            self.refused(UndoTooLate, lambda: undo(self.as_(who)))
            return
        undo(self.as_(who))
        self.tickets = after
        act.stands = False
        act.mails_back = dict(self.mails)
        if (noted := act.noted) is not None:
            self.notes[noted.note] = noted.before
            if noted.before is None:
                act.below = person.drafts.get(noted.ticket)
                person.drafts[noted.ticket] = "\n\n".join(dict.fromkeys(filter(None, (noted.after, act.below))))
        person.undone.append(person.done.pop())

    def redo_once(self, who: str) -> None:
        person = self.people[who]
        if not person.undone:
            self.refused(NothingToRedo, lambda: redo(self.as_(who)))
            return
        act = person.undone[-1]
        after = turned(self.tickets, act.changed)
        if after is None or self.was_touched(act) or self.hides_news(act, after, act.mails_back):
            self.refused(RedoTooLate, lambda: redo(self.as_(who)))
            return
        redo(self.as_(who))
        self.tickets = after
        act.stands = True
        if (noted := act.noted) is not None:
            self.notes[noted.note] = noted.after
            if noted.before is None and act.below is None:
                del person.drafts[noted.ticket]
            elif noted.before is None and act.below is not None:
                person.drafts[noted.ticket] = act.below
        person.done.append(person.undone.pop())

    @invariant()
    def tickets_are_as_the_model_says(self) -> None:
        for at, expected in self.tickets.items():
            now = self.desk.ticket(at)
            found = {"status": now.status, "assignee": now.assignee, "priority": now.priority}
            assert {**found, "tags": frozenset(now.tags)} == expected
            told = as_told(now, self.desk.store.conversations.of(at))
            assert (told.status, told.assignee, told.priority) == (now.status, now.assignee, now.priority)

    @invariant()
    def notes_and_drafts_are_as_the_model_says(self) -> None:
        found: dict[EntryId, str | None] = {}
        for at in self.tickets:
            there = self.desk.store.conversations.of(at)
            found |= {each.id: None if each.removed else each.note for each in there if isinstance(each, Note)}
            drafts = {each.author: each.text for each in self.desk.store.drafts.of(at)}
            assert drafts == {who: person.drafts[at] for who, person in self.people.items() if at in person.drafts}
        assert found == self.notes

    @invariant()
    def who_is_called_is_who_is_named_in_a_note_that_stands(self) -> None:
        for at in self.tickets:
            notes = [each for each in self.desk.store.conversations.of(at) if isinstance(each, Note)]
            named = {f"@{agent}" for each in notes if not each.removed for agent in each.mentions}
            waiting = (each for who in AGENTS for each in self.desk.store.mentions.waiting(Handle(who)))
            calls = {f"@{each.agent}!" for each in waiting if each.ticket == at}
            assert {each for each in self.desk.ticket(at).holds if each.startswith("@")} == named | calls
            for each in (each for each in notes if not each.removed):
                others = {word.removeprefix("@") for word in each.note.split() if word.startswith("@")} - {each.author}
                assert others <= set(each.mentions)

    @invariant()
    def no_act_is_lost_in_history(self) -> None:
        entries = [each for at in self.tickets for each in self.desk.store.conversations.of(at)]
        now = {each.id for each in entries}
        assert self.seen <= now
        self.seen = now
        assert sum(isinstance(each, Event) and each.what in REVERSALS for each in entries) == self.acts
        undoing = [each for each in entries if isinstance(each, Event) and each.what is Happened.UNDONE]
        assert {each.detail["act"] for each in undoing if not each.undone} <= {
            each.act for each in entries if isinstance(each, Event) and each.undone
        }

    @invariant()
    def figures_and_waiting_times_follow_from_what_stands(self) -> None:
        status = [fields["status"] for fields in self.tickets.values()]
        stats = measure(self.desk.store, since=self.clock.now - timedelta(days=7), until=self.clock.now)
        assert stats.team.open == status.count("open")
        assert stats.team.resolution.n == status.count("closed")
        assert stats.team.closed >= status.count("closed")
        assert len(stats.unanswered) == status.count("open") + status.count("waiting")
        for at, fields in self.tickets.items():
            assert fields["status"] != "closed" or self.desk.ticket(at).waiting_since is None

    def as_(self, who: str) -> Desk:
        return acting_as(self.desk, who)

    def tags(self, at: TicketNumber, add: frozenset[str], remove: frozenset[str]) -> frozenset[str]:
        now = self.tickets[at]["tags"]
        assert isinstance(now, frozenset)
        return (now - remove) | add

    def changing(self, at: TicketNumber, name: str, value: Value) -> list[Changed]:
        """Set a field of the model; what that changed."""
        before, self.tickets[at][name] = self.tickets[at][name], value
        return [Changed(at, name, before, value)] if before != value else []

    def bulk(
        self,
        who: str,
        where: list[TicketNumber],
        name: str,
        value: Value,
        do: Callable[[Desk, TicketNumber, Act], object],
    ) -> None:
        act, desk = new_act(), self.as_(who)
        with desk.store.transaction():
            for at in where:
                do(desk, at, act)
        self.acted(who, [each for at in where for each in self.changing(at, name, value)])

    def acted(self, who: str, changed: list[Changed], noted: Noted | None = None, *, is_act: bool = False) -> None:
        """An act that changed nothing is none, unless it leaves a trace of its own."""
        self.acts += len(changed)
        if changed or is_act:
            found = frozenset(each for each in self.all_done if each.by != who and each.stands)
            done = Done(who, changed=changed, noted=noted, mails=dict(self.mails), found=found)
            self.all_done.append(done)
            self.people[who].done.append(done)
            self.people[who].undone.clear()

    def was_touched(self, act: Done) -> bool:
        """Whether of what this act changed somebody else did, or took back, something since."""
        mine = {matter for each in act.changed for matter in each.matters}
        return any(
            (other in act.found) != other.stands and mine & {it for each in other.changed for it in each.matters}
            for other in self.all_done
            if other.by != act.by
        )

    def hides_news(self, act: Done, after: dict[TicketNumber, Fields], mails: dict[TicketNumber, int]) -> bool:
        """Whether turning an act would put a ticket out of sight that got mail since it was turned the other way."""
        return any(
            each.name == "status"
            and after[each.ticket]["status"] in {"waiting", "closed"}
            and after[each.ticket]["status"] != self.tickets[each.ticket]["status"]
            and self.mails[each.ticket] > mails[each.ticket]
            for each in act.changed
        )

    def refused(self, error: type[RefusedError], do: Callable[[], T]) -> None:
        before = [self.desk.store.conversations.of(at) for at in self.tickets]
        try:
            do()
        except error:
            assert [self.desk.store.conversations.of(at) for at in self.tickets] == before
        else:
            raise AssertionError(f"not refused with {error.__name__}")


TestUndoAndRedo = UndoMachine.TestCase
TestUndoAndRedo.settings = settings(
    max_examples=40,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
