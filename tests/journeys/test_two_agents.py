"""Two agents do thousands of things at random on one desk at the same time, while mail comes and goes.

Afterwards the history must tell of everything that was accepted, once, and of nothing else.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from desk.conversation import Direction, EntryId, Event, Happened, Message, Note
from desk.delivery import deliver
from desk.desk import Desk
from desk.draft import DraftKind
from desk.expression import EVERYTHING
from desk.outgoing import Attempt, OutboxEntry, OutboxState, Verdict
from desk.summary import summed_up
from desk.ticket import Ticket, TicketNumber
from storage.shared import SharedStore
from tests.desks import make_desk, receive
from tests.journeys.busy_agent import AGENTS, INTERNAL, TICKETS
from tests.journeys.replay import Replay, fields_of, told

ACTIONS = int(os.environ.get("TANDEM_ACTIONS", "2000"))
"""How many things both agents do together: a quick look in every test run, 10,000 when asked for."""

pytestmark = pytest.mark.timeout(120 + 0.1 * ACTIONS)
ROOT = Path(__file__).parents[2]
TURNED = (Happened.UNDONE, Happened.REDONE)
EVENTS_OF_AGENTS = {
    *("assigned", "tagged", "status_changed", "priority_changed", "noted", "note_edited"),
    *("replied", "cancelled", "macro_run"),
}
"""What is in the history under the act of whoever did it."""

Line = dict[str, Any]


@dataclass
class Server:
    """Implements desk.ports.Sender: takes everything, and remembers what."""

    taken: list[str] = field(default_factory=list)

    def send(self, entry: OutboxEntry, raw: bytes, entering_data: Callable[[], None]) -> Attempt:
        entering_data()
        self.taken.append(entry.message_id)
        assert INTERNAL.encode() not in raw
        return Attempt(Verdict.SENT)


@dataclass(frozen=True)
class Aftermath:
    """What everybody was told, and what there is now."""

    desk: Desk
    store: SharedStore
    server: Server
    logs: dict[str, list[Line]]
    tickets: list[Ticket]

    @property
    def accepted(self) -> list[Line]:
        return [line for log in self.logs.values() for line in log if line["accepted"]]

    @property
    def refused(self) -> list[Line]:
        return [line for log in self.logs.values() for line in log if not line["accepted"]]

    @property
    def events(self) -> list[Event]:
        entries = (each for ticket in self.tickets for each in self.store.conversations.of(ticket.number))
        return [each for each in entries if isinstance(each, Event)]


@pytest.fixture(scope="module")
def aftermath(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aftermath]:
    folder = tmp_path_factory.mktemp("two-agents")
    desk = make_desk(folder / "desk", agents=AGENTS, undo_seconds=60)
    desk = replace(desk, settings=replace(desk.settings, flood=0))  # one customer asks everything
    store, server = desk.store, Server()
    assert isinstance(store, SharedStore)
    for number in range(TICKETS):
        receive(desk, subject=f"Question {number}")
    with ExitStack() as stack:
        agents = [stack.enter_context(at_work(folder, handle, seed)) for seed, handle in enumerate(AGENTS)]
        while any(each.poll() is None for each in agents):
            carry_mail(desk, server)
        assert [each.returncode for each in agents] == [0] * len(agents)
    logs = {handle: read_log(folder / f"{handle}.jsonl") for handle in AGENTS}
    tickets = store.tickets.find(EVERYTHING, sort="id", reverse=True)
    yield Aftermath(desk, store, server, logs, tickets)
    store.close()


@contextmanager
def at_work(folder: Path, handle: str, seed: int) -> Generator[subprocess.Popen[bytes]]:
    """A process that does its half of the actions as this agent, and is killed, if need be, when the block is left."""
    words = [str(folder), handle, str(seed), str(ACTIONS // len(AGENTS))]
    with subprocess.Popen([sys.executable, "-m", "tests.journeys.busy_agent", *words], cwd=ROOT) as process:
        try:
            yield process
        finally:
            process.kill()


def carry_mail(desk: Desk, server: Server) -> None:
    """Send what is due, and let a customer write: on a ticket there is, or about something new."""
    chance = random.Random(time.monotonic_ns())
    deliver(desk, server, owner="post", is_gone=lambda _claim: False)
    if chance.random() < 0.2:
        receive(desk, subject="Something new")
    else:
        number = TicketNumber(chance.randint(1, TICKETS))
        mails = [each for each in desk.store.conversations.of(number) if isinstance(each, Message)]
        receive(
            desk, subject=f"Re: {mails[0].subject}", answers=(mails[-1].message_id,), text=f"Hello? {chance.random()}"
        )
    time.sleep(0.05)


def read_log(path: Path) -> list[Line]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_everybody_got_an_answer_to_everything(aftermath: Aftermath) -> None:
    assert [len(log) for log in aftermath.logs.values()] == [ACTIONS // len(AGENTS)] * len(AGENTS)
    assert all(line["why"].strip() for line in aftermath.refused)
    assert all(line.get("is_as_asked", True) for line in aftermath.accepted)
    assert {line["did"] for line in aftermath.accepted} >= {"attended", "saved", "undone", "redone", *EVENTS_OF_AGENTS}
    assert {line["did"] for line in aftermath.refused} >= {"tagged", "note_edited", "replied", "saved", "redone"}


def test_what_was_accepted_is_in_the_history_once_and_what_was_refused_is_not(aftermath: Aftermath) -> None:
    told_of = Counter((each.act, each.ticket, each.what.value) for each in aftermath.events)
    for line in aftermath.accepted:
        if line["did"] in EVENTS_OF_AGENTS:
            times = told_of[line["act"], line["ticket"], line["did"]]
            assert times == 1 or (times == 0 and line.get("is_as_asked")), line  # it may have been so already
    acts = {each.act for each in aftermath.events}
    assert not [line for line in aftermath.refused if line["act"] in acts]


def test_nothing_is_in_the_history_that_nobody_did(aftermath: Aftermath) -> None:
    for handle, log in aftermath.logs.items():
        mine = [each for each in aftermath.events if each.author == handle]
        accepted = [line for line in log if line["accepted"]]
        acts = {line["act"] for line in accepted}
        assert {each.act for each in mine if each.what not in TURNED} <= acts
        for what in TURNED:
            turned = Counter(each.detail["act"] for each in mine if each.what is what)
            assert turned == Counter(line["of"] for line in accepted if line["did"] == what.value)


def test_each_event_begins_where_the_one_before_ended_and_the_last_is_what_the_ticket_says(
    aftermath: Aftermath,
) -> None:
    for ticket in aftermath.tickets:
        replay = told(aftermath.store.conversations.of(ticket.number))
        assert replay.fields == fields_of(ticket), ticket


def test_tickets_say_what_follows_from_their_conversations(aftermath: Aftermath) -> None:
    store = aftermath.store
    for ticket in aftermath.tickets:
        states = {each.id: each.state for each in store.outbox.of(ticket.number)}
        drafts = bool(store.drafts.of(ticket.number))
        assert ticket == summed_up(ticket, store.conversations.of(ticket.number), states, drafts=drafts)


def test_nobody_answered_over_what_they_had_not_seen(aftermath: Aftermath) -> None:
    seen = {line["entry"]: EntryId(line["seen"]) for line in aftermath.accepted if line["did"] == "replied"}
    assert seen
    for ticket in aftermath.tickets:
        replay = Replay()
        for entry in sorted(aftermath.store.conversations.of(ticket.number), key=lambda each: each.id):
            if isinstance(entry, Message) and entry.direction is Direction.OUT:
                unseen = replay.standing(seen[entry.id])
                assert [each for each in unseen if not (isinstance(each, Note) and each.author == entry.author)] == []
            replay.tell(entry)


def test_each_outgoing_mail_has_one_message_and_one_event_and_left_once_if_at_all(aftermath: Aftermath) -> None:
    outbox = aftermath.store.outbox.all()
    replied = Counter(each.entry for each in aftermath.events if each.what is Happened.REPLIED)
    assert replied == Counter(mail.entry for mail in outbox)
    for mail in outbox:
        message = aftermath.store.conversations.get(mail.entry)
        assert isinstance(message, Message)
        assert (message.outbox, message.ticket, message.message_id) == (mail.id, mail.ticket, mail.message_id)
        raw = aftermath.desk.blobs.get(mail.raw)
        assert INTERNAL.encode() not in raw
        assert INTERNAL not in mail.draft
    there = Counter(aftermath.server.taken)
    assert there == Counter(mail.message_id for mail in outbox if mail.state is OutboxState.SENT)


def test_numbers_have_no_gaps(aftermath: Aftermath) -> None:
    numbers = [each.number for each in aftermath.tickets]
    assert numbers == list(range(1, len(numbers) + 1))
    entries = [each.id for number in numbers for each in aftermath.store.conversations.of(number)]
    assert sorted(entries) == list(range(1, len(entries) + 1))
    mails = [each.id for each in aftermath.store.outbox.all()]
    assert mails == list(range(len(mails), 0, -1))


def test_a_ticket_has_one_shared_draft_at_most(aftermath: Aftermath) -> None:
    for ticket in aftermath.tickets:
        drafts = aftermath.store.drafts.of(ticket.number)
        assert sum(each.kind is DraftKind.REPLY and not each.aside for each in drafts) <= 1


def test_the_store_hangs_together(aftermath: Aftermath) -> None:
    aftermath.store.examine()
