"""Random merging, splitting, undoing and redoing of two agents, with mails, replies and notes in between.

After every step each text is on exactly one ticket, with all that belongs to it; what is refused changes nothing.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from desk.actions.draft import save_draft
from desk.actions.merge import merge
from desk.actions.note import add_note
from desk.actions.redo import redo
from desk.actions.reply import reply
from desk.actions.split import split
from desk.actions.status import set_status
from desk.actions.undo import undo
from desk.conversation import Direction, EntryId, Event, Message
from desk.desk import Desk
from desk.draft import DraftKind
from desk.errors import DraftMoved, RefusedError
from desk.fields import as_told
from desk.merged import goes_on_as
from desk.outgoing import Answer
from desk.people import Address
from desk.summary import summed_up
from desk.ticket import Status, Ticket, TicketNumber
from desk.written import Written
from tests.desk.test_undo_model import QUICK
from tests.desks import SetClock, acting_as, make_desk, receive

PEOPLE = tuple(Address(f"{name}@corp.example", name) for name in ("dana", "kim", "lee"))

agents = st.sampled_from(("ana", "bo"))
which = st.integers(0, 30)


class MovesMachine(RuleBasedStateMachine):
    """`texts` are all mails and notes that were ever written."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(dir=QUICK)
        self.clock = SetClock()
        self.desk: Desk = make_desk(Path(self.folder.name), clock=self.clock)
        self.texts: set[EntryId] = set()
        self.mails = 0

    def teardown(self) -> None:
        self.desk.store.close()
        self.folder.cleanup()

    @initialize()
    def begin(self) -> None:
        for _ in range(3):
            self.mail(())

    @rule()
    def a_mail_opens_a_ticket(self) -> None:
        if len(self.tickets()) < 6:
            self.mail(())

    @rule(parent=which, who=st.integers(0, 2))
    def an_answer_comes_to_any_mail(self, parent: int, who: int) -> None:
        """It lands where the mail is that it answers."""
        there = self.messages()
        answered = there[parent % len(there)]
        ticket = self.mail((answered.message_id,), who, (*answered.references, answered.message_id))
        assert ticket.number == goes_on_as(self.desk, self.desk.ticket(answered.ticket)).number

    @rule(who=agents, at=which)
    def reply(self, who: str, at: int) -> None:
        self.do(lambda: reply(self.as_(who), self.live(at), Answer(text="Thank you.")))

    @rule(who=agents, at=which)
    def note(self, who: str, at: int) -> None:
        self.do(lambda: add_note(self.as_(who), self.live(at), "Look here."))

    @rule(who=agents, at=which)
    def begin_an_answer(self, who: str, at: int) -> None:
        with contextlib.suppress(DraftMoved):
            save_draft(self.as_(who), self.live(at), DraftKind.REPLY, Written(f"{who} begins."))

    @rule(who=agents, at=which, status=st.sampled_from((Status.CLOSED, Status.OPEN, Status.WAITING)))
    def set_status(self, who: str, at: int, status: Status) -> None:
        self.do(lambda: set_status(self.as_(who), self.live(at), status))

    @rule(who=agents, one=which, other=which)
    def merge(self, who: str, one: int, other: int) -> None:
        numbers = [each.number for each in self.tickets()]
        self.do(
            lambda: merge(self.as_(who), [numbers[one % len(numbers)]], numbers[other % len(numbers)]),
        )

    @rule(who=agents, which=which)
    def split(self, who: str, which: int) -> None:
        there = self.messages()
        mail = there[which % len(there)]
        self.do(lambda: split(self.as_(who), mail.ticket, mail.id))

    @rule(who=agents, one=which, other=which, times=st.integers(1, 3))
    def change_ones_mind(self, who: str, one: int, other: int, times: int) -> None:
        """Undo right after merging or splitting leaves everything as it was; a redo as it had become.

        A mail that can still be stopped would be taken back first.
        """
        self.clock.go_on(minutes=1)
        before = self.whole()
        if not self.merge_or_split(who, one, other):
            return
        after = self.whole()
        for _ in range(times):
            undo(self.as_(who))
            assert self.whole(but_new=before) == before
            redo(self.as_(who))
            assert self.whole() == after

    @rule(who=agents)
    def undo(self, who: str) -> None:
        self.do(lambda: undo(self.as_(who)))

    @rule(who=agents)
    def redo(self, who: str) -> None:
        self.do(lambda: redo(self.as_(who)))

    @invariant()
    def every_text_is_on_one_ticket_with_what_belongs_to_it(self) -> None:
        found = Counter[EntryId]()
        for ticket in self.tickets():
            texts = [each for each in self.desk.store.conversations.of(ticket.number) if not isinstance(each, Event)]
            found.update(each.id for each in texts)
            assert not (texts and ticket.merged_into is not None)
            rows = {each.entry for each in self.desk.store.outbox.of(ticket.number)}
            assert rows == {each.id for each in texts if isinstance(each, Message) and each.outbox}
        assert set(found) >= self.texts
        assert set(found.values()) <= {1}
        self.texts = set(found)

    @invariant()
    def tickets_say_what_their_conversations_are(self) -> None:
        for ticket in self.tickets():
            entries = self.desk.store.conversations.of(ticket.number)
            drafts = bool(self.desk.store.drafts.of(ticket.number))
            assert summed_up(ticket, entries, self.desk.states(ticket.number), drafts=drafts) == ticket
            told = as_told(ticket, entries)
            assert (told.status, told.assignee, told.priority) == (ticket.status, ticket.assignee, ticket.priority)
            if ticket.status is Status.CLOSED:
                assert ticket.waiting_since is None

    @invariant()
    def drafts_are_where_agents_look(self) -> None:
        for ticket in self.tickets():
            held = [each for each in self.desk.store.drafts.of(ticket.number) if not each.aside]
            assert len([each for each in held if each.kind is DraftKind.REPLY]) <= 1
            assert ticket.merged_into is None or not held

    def as_(self, who: str) -> Desk:
        return acting_as(self.desk, who)

    def tickets(self) -> list[Ticket]:
        found = list[Ticket]()
        while ticket := self.desk.store.tickets.get(TicketNumber(len(found) + 1)):
            found.append(ticket)
        return found

    def live(self, at: int) -> TicketNumber:
        numbers = [each.number for each in self.tickets() if each.merged_into is None]
        return numbers[at % len(numbers)]

    def messages(self) -> list[Message]:
        entries = (entry for each in self.tickets() for entry in self.desk.store.conversations.of(each.number))
        return sorted((each for each in entries if isinstance(each, Message)), key=lambda each: each.id)

    def mail(self, answers: tuple[str, ...], who: int = 0, references: tuple[str, ...] = ()) -> Ticket:
        self.clock.go_on(minutes=5)
        self.mails += 1
        letters = "".join("abcdefghij"[int(digit)] for digit in str(self.mails))
        return receive(
            self.desk,
            subject="Re: Matter" if answers else f"Matter {letters}",
            text=f"Letter {letters} of words.",
            sender=PEOPLE[who],
            message_id=f"<{letters}@corp.example>",
            answers=answers,
            references=references,
        )

    def merge_or_split(self, who: str, one: int, other: int) -> bool:
        numbers = [each.number for each in self.tickets() if each.merged_into is None]
        mails = [each for each in self.messages() if each.direction is Direction.IN]
        mail = mails[one % len(mails)]
        try:
            if other % 2:
                split(self.as_(who), mail.ticket, mail.id)
            else:
                merge(self.as_(who), [numbers[one % len(numbers)]], numbers[other % len(numbers)])
        except RefusedError:
            return False
        return True

    def do(self, act: Callable[[], object]) -> None:
        before = self.whole(events=True)
        try:
            act()
        except RefusedError:
            assert self.whole(events=True) == before

    def whole(
        self, *, events: bool = False, but_new: dict[TicketNumber, object] | None = None
    ) -> dict[TicketNumber, object]:
        """All that tickets hold; with `but_new` only those that it knows."""
        return {
            each.number: (
                replace(each, updated=self.clock(), unread=False),
                [
                    entry
                    for entry in self.desk.store.conversations.of(each.number)
                    if events or not isinstance(entry, Event)
                ],
                self.desk.store.outbox.of(each.number),
                [replace(draft, revision=1, carried=0) for draft in self.desk.store.drafts.of(each.number)],
            )
            for each in self.tickets()
            if but_new is None or each.number in but_new
        }


TestMoves = MovesMachine.TestCase
TestMoves.settings = settings(
    max_examples=10,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
