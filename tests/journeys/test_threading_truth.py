"""Threading judged by mail of which it is known what belongs together: never wrongly together, hardly ever apart.

A developer's run takes part of it; TANDEM_MAILS says how many mails (.ci/run: 5,000).
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from math import comb

import pytest

from desk.desk import Desk
from desk.expression import EVERYTHING
from desk.incoming import Outcome
from desk.ticket import Ticket
from tests.desks import SetClock
from tests.journeys.correspondence import Correspondence, Landed

MAILS = int(os.environ.get("TANDEM_MAILS", "1500"))


def pairs(sizes: Iterable[int]) -> int:
    return sum(comb(size, 2) for size in sizes)


def precision_and_recall(landed: list[Landed]) -> tuple[float, float]:
    """Of the pairs of mails on one ticket those that belong together, and of those that do, those on one ticket."""
    there = [each for each in landed if each.taken.ticket is not None]
    right = pairs(Counter((each.label, each.taken.ticket) for each in there).values())
    together = pairs(Counter(each.taken.ticket for each in there).values())
    belong = pairs(Counter(each.label for each in landed).values())
    return right / together, right / belong


@pytest.mark.parametrize("delay", [0, 4], ids=["in order", "shuffled"])
def test_mails_are_together_that_belong_together_and_no_others(desk: Desk, clock: SetClock, delay: float) -> None:
    mail = Correspondence(desk, clock, seed=4, delay=delay)
    with desk.store.transaction():
        mail.run(MAILS)
    precision, recall = precision_and_recall(mail.landed)
    assert precision == 1.0
    assert recall > 0.995
    assert {each.kind for each in mail.landed} >= {"references", "in-reply-to", "plus address", "recycled", "follow-up"}
    assert all(desk.ticket(new).claims == named for new, named in mail.claims)
    assert all(each.taken.outcome is not Outcome.ELSEWHERE for each in mail.landed)
    assert all(each.taken.outcome is Outcome.DUPLICATE for each in mail.landed if each.kind == "again")
    with desk.store.transaction():
        assert all(facts(each) == facts(desk.sum_up(each)) for each in desk.store.tickets.find(EVERYTHING))


def facts(ticket: Ticket) -> tuple[object, ...]:
    """What a ticket says of its conversation, in no order."""
    people = frozenset(ticket.senders), frozenset(ticket.recipients)
    return ticket.waiting_since, ticket.message_count, ticket.last_message, ticket.holds, *people, ticket.defects
