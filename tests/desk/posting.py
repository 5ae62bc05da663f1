"""What the tests of mail out share: senders that end attempts as they are told, mails that are due, and one round."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from desk.actions.reply import reply
from desk.conversation import Event, Happened, OutboxId
from desk.delivery import EVERYTHING, Delivered, Lane, deliver
from desk.desk import Desk
from desk.outgoing import Answer, Attempt, OutboxEntry, Verdict
from desk.ticket import Status
from tests.desks import receive

SENT = Attempt(Verdict.SENT, "250 taken")
PUT_OFF = Attempt(Verdict.DEFERRED, "451 later")
REFUSED = Attempt(Verdict.REFUSED, "550 never")
UNCERTAIN = Attempt(Verdict.UNCERTAIN, "connection lost")
DOWN = Attempt(Verdict.DEFERRED, "nobody answers", server_wide=True)
NOT_LET_IN = Attempt(Verdict.DEFERRED, "535 wrong password", server_wide=True, stops_account=True)


@dataclass(slots=True)
class RecordingSender:
    """Implements desk.ports.Sender: every mail ends as the next of `ends` says, or else as the last.

    `sent` holds what a server would have: (Message-ID, bytes). `before_data` and `in_data` run at these moments.
    """

    ends: list[Attempt] = field(default_factory=lambda: [SENT])
    sent: list[tuple[str, bytes]] = field(default_factory=list)
    tried: list[OutboxId] = field(default_factory=list)
    before_data: Callable[[], object] = lambda: None
    in_data: Callable[[], object] = lambda: None

    def send(self, entry: OutboxEntry, raw: bytes, entering_data: Callable[[], None]) -> Attempt:
        end = self.ends.pop(0) if len(self.ends) > 1 else self.ends[0]
        self.tried.append(entry.id)
        self.before_data()
        if not end.server_wide:
            entering_data()
            self.sent.append((entry.message_id, raw))
        self.in_data()
        return end


def queue(desk: Desk, text: str = "It is on its way.", *, status: Status | None = Status.WAITING) -> OutboxEntry:
    """An answer on a new ticket, due at once."""
    ticket = receive(desk)
    return reply(desk, ticket.number, Answer(text=text, status=status, send_in=0))


def run(
    desk: Desk,
    sender: RecordingSender,
    *,
    owner: str = "me",
    gone: str | None = None,
    limit: int | None = None,
    chance: float = 0.5,
    lane: Lane = EVERYTHING,
) -> Delivered:
    """One round; processes whose claims begin with `gone` have ended."""
    return deliver(
        desk,
        sender,
        owner=owner,
        is_gone=lambda claim: gone is not None and claim.startswith(gone),
        limit=limit,
        chance=lambda: chance,
        lane=lane,
    )


def now(desk: Desk, entry: OutboxEntry) -> OutboxEntry:
    found = desk.store.outbox.get(entry.id)
    assert found is not None
    return found


def steps(desk: Desk, entry: OutboxEntry) -> list[Happened]:
    """Every event of the ticket that is about this mail, oldest first, but for the answer itself."""
    told = [each for each in desk.store.conversations.of(entry.ticket) if isinstance(each, Event)]
    return [each.what for each in told if each.entry == entry.entry and each.what is not Happened.REPLIED]


def lose_bytes(folder: Path, entry: OutboxEntry) -> None:
    (folder / "mail" / entry.raw[:2] / entry.raw[2:]).unlink()


def events(desk: Desk, entry: OutboxEntry) -> list[tuple[Happened, str]]:
    """What the ticket tells of its mail, without what the answer itself did."""
    told = [each for each in desk.store.conversations.of(entry.ticket) if isinstance(each, Event)]
    about_mail = {Happened(each.value) for each in Verdict} | {Happened.RESENT, Happened.CANCELLED}
    return [(each.what, each.detail.get("said", "")) for each in told if each.what in about_mail]
