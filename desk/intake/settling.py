"""What comes in may tell how a mail of ours stands: its copy in a folder of sent mail, and an answer to it."""

from __future__ import annotations

from desk.conversation import Direction, Message
from desk.copies import names_of, note_kept
from desk.desk import Desk
from desk.inquiry import take_evidence
from desk.intake.taken import Arrival, Taken
from desk.looking import may_be_there_before
from desk.outgoing import Copy, Evidence, OutboxState


def copy_came(desk: Desk, arrival: Arrival, held: Message) -> None:
    """A mail of ours lies in a folder of sent mail: no copy of it is wanted, and it went out if nobody knew that."""
    mail = desk.store.outbox.get(held.outbox) if arrival.mail.is_sent and held.outbox is not None else None
    if mail is None:
        return
    if mail.state is OutboxState.UNCERTAIN and not may_be_there_before(mail):
        take_evidence(desk, mail.id, Evidence(kind="in_sent", at=desk.clock()))
    elif mail.copy is not Copy.UNWANTED and mail.state is not OutboxState.UNCERTAIN:
        note_kept(desk, mail.id)


def answer_came(desk: Desk, arrival: Arrival, taken: Taken) -> None:
    """What a person outside answers has arrived: our ids hold a token that nobody can guess."""
    named = set(arrival.read.parents)
    if arrival.mail.is_sent or taken.entry is None or not named or not (uncertain := desk.store.outbox.uncertain()):
        return
    message = desk.store.conversations.get(taken.entry)
    if not isinstance(message, Message) or message.direction is Direction.OUT or message.automatic is not None:
        return
    for mail in uncertain:
        if not named.isdisjoint(names_of(mail)):
            take_evidence(desk, mail.id, Evidence(kind="answered", at=desk.clock(), entry=taken.entry))
