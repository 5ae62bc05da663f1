"""What is found out about a mail of which nobody knows whether it went out."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta

import pytest

from desk.actions.merge import merge
from desk.actions.resend import resend
from desk.actions.settle import settle
from desk.actions.undo import undo
from desk.conversation import Event, Happened, OutboxId
from desk.delivery import DATA_LEASE, Delivered
from desk.desk import Desk
from desk.errors import NoSuchEntry, RefusedError
from desk.inquiry import LATEST, SOONEST, take_evidence, wants_look
from desk.outgoing import Copy, Evidence, OutboxEntry, OutboxState
from desk.people import Address
from desk.remarked import in_words
from tests.desk.posting import SENT, UNCERTAIN, RecordingSender, now, queue, run, steps
from tests.desks import SetClock, acting_as, receive


@pytest.fixture
def lost(desk: Desk, clock: SetClock) -> OutboxEntry:
    """A mail of which nobody knows whether it went out."""
    entry = queue(desk)
    assert run(desk, RecordingSender([UNCERTAIN])) == Delivered(uncertain=1)
    clock.go_on(minutes=5)
    return now(desk, entry)


def words(desk: Desk, entry: OutboxEntry) -> list[str]:
    told = [each for each in desk.store.conversations.of(entry.ticket) if isinstance(each, Event)]
    return [in_words(each) or "" for each in told if each.what in (Happened.EVIDENCE, Happened.SETTLED)]


def test_a_copy_among_the_sent_mails_settles_it_and_says_why(desk: Desk, clock: SetClock, lost: OutboxEntry) -> None:
    take_evidence(desk, lost.id, Evidence(kind="in_sent", at=clock.now, detail="folder “Sent”"))
    after = now(desk, lost)
    assert (after.state, after.sent_at, after.copy) == (OutboxState.SENT, lost.tries[-1].at, Copy.KEPT)
    assert words(desk, lost) == ["the mail is in the folder of sent mail: folder “Sent”: it did go out"]
    assert "undelivered" not in desk.ticket(lost.ticket).holds
    with pytest.raises(RefusedError, match="sent"):
        resend(desk, lost.id)


def test_an_answer_to_it_settles_it_and_names_the_answer(desk: Desk, clock: SetClock, lost: OutboxEntry) -> None:
    answer = desk.store.conversations.of(receive(desk, answers=(lost.message_id,)).number)[-1].id
    take_evidence(desk, lost.id, Evidence(kind="answered", at=clock.now, entry=answer))
    assert now(desk, lost).state is OutboxState.SENT
    assert steps(desk, lost)[-1] is Happened.EVIDENCE


def test_looking_in_vain_settles_nothing_and_is_told_once(desk: Desk, clock: SetClock, lost: OutboxEntry) -> None:
    for _ in range(3):
        clock.go_on(minutes=5)
        take_evidence(desk, lost.id, Evidence(kind="not_in_sent", at=clock.now))
    after = now(desk, lost)
    assert (after.state, after.looked_at) == (OutboxState.UNCERTAIN, clock.now)
    assert [(each.kind, each.at) for each in after.evidence] == [("not_in_sent", clock.now)]
    assert words(desk, lost) == [
        "the mail is not in the folder of sent mail; nobody knows yet whether it went out",
    ]
    assert run(desk, sender := RecordingSender()) == Delivered()
    assert sender.tried == []


def test_a_mail_that_came_back_is_not_in_doubt_any_more(desk: Desk, clock: SetClock, lost: OutboxEntry) -> None:
    take_evidence(desk, lost.id, Evidence(kind="bounced", at=clock.now, detail="no such mailbox"))
    assert (now(desk, lost).state, now(desk, lost).last_error) == (OutboxState.BOUNCED, "no such mailbox")


def test_nothing_is_asked_about_a_mail_that_is_not_in_doubt(desk: Desk, clock: SetClock) -> None:
    entry = queue(desk)
    assert take_evidence(desk, entry.id, Evidence(kind="in_sent", at=clock.now)) is None
    assert take_evidence(desk, OutboxId(999), Evidence(kind="in_sent", at=clock.now)) is None
    assert now(desk, entry) == entry
    assert not wants_look(entry, clock.now)


def test_it_is_looked_for_at_once_then_ever_more_seldom_and_at_last_no_more(
    desk: Desk, clock: SetClock, lost: OutboxEntry
) -> None:
    looks: list[datetime] = []
    end = clock.now + 2 * LATEST
    while clock.now < end:
        if wants_look(now(desk, lost), clock.now):
            looks.append(clock.now)
            take_evidence(desk, lost.id, Evidence(kind="not_in_sent", at=clock.now))
        clock.now += SOONEST
    waits = [later - earlier for earlier, later in itertools.pairwise(looks)]
    assert waits == sorted(waits)
    assert len(looks) < 30
    uncertain_for = looks[-1] - lost.tries[-1].at
    assert LATEST <= uncertain_for <= LATEST * 1.5 + timedelta(minutes=1)


def test_an_agent_who_knows_that_it_arrived_says_so_and_may_take_that_back(desk: Desk, lost: OutboxEntry) -> None:
    assert settle(desk, lost.id).state is OutboxState.SENT
    assert "undelivered" not in desk.ticket(lost.ticket).holds
    assert words(desk, lost) == ["says that nothing more has to be done about the mail: it counts as sent"]
    undo(desk)
    assert now(desk, lost).state is OutboxState.UNCERTAIN
    assert now(desk, lost).sent_at is None
    assert "undelivered" in desk.ticket(lost.ticket).holds


def test_it_may_be_taken_back_where_a_colleague_has_merged_the_ticket_since(desk: Desk, lost: OutboxEntry) -> None:
    settle(desk, lost.id)
    other = receive(desk, subject="The same matter", sender=Address("new@corp.example")).number
    merge(acting_as(desk, "bo"), [lost.ticket], other)
    undo(desk)
    assert (now(desk, lost).state, now(desk, lost).ticket) == (OutboxState.UNCERTAIN, other)
    assert "undelivered" in desk.ticket(other).holds


def test_a_mail_that_came_back_is_settled_or_sent_again(desk: Desk) -> None:
    mails = [queue(desk, f"Answer {number}") for number in range(2)]
    run(desk, RecordingSender())
    for each in mails:
        receive(desk, automatic="a bounce", subject="Returned", bounce_of=(each.message_id,))
    assert {now(desk, each).state for each in mails} == {OutboxState.BOUNCED}
    settle(desk, mails[0].id)
    resend(desk, mails[1].id)
    assert run(desk, RecordingSender([SENT])) == Delivered(sent=1)
    assert [desk.ticket(each.ticket).holds for each in mails] == [(), ()]


def test_there_is_nothing_to_settle_about_other_mails(desk: Desk) -> None:
    entry = queue(desk)
    with pytest.raises(RefusedError, match="nothing to settle"):
        settle(desk, entry.id)
    with pytest.raises(NoSuchEntry):
        settle(desk, OutboxId(999))


def test_what_a_slow_process_says_in_the_end_still_counts_after_looking(desk: Desk, clock: SetClock) -> None:
    entry = queue(desk)

    def be_slow() -> None:
        clock.now += DATA_LEASE
        run(desk, RecordingSender(), owner="other")
        take_evidence(desk, entry.id, Evidence(kind="not_in_sent", at=clock.now))

    run(desk, RecordingSender([SENT], in_data=be_slow), owner="slow")
    assert now(desk, entry).state is OutboxState.SENT
