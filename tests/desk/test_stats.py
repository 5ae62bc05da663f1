from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.actions.assign import assign
from desk.actions.note import add_note
from desk.actions.reply import reply
from desk.actions.status import set_status
from desk.actions.undo import undo
from desk.conversation import Direction, EntryId, Message
from desk.delivery import deliver
from desk.desk import Desk
from desk.outgoing import Answer, Attempt, OutboxEntry, OutboxState, Verdict
from desk.people import Handle
from desk.stats import Figures, Stats, Timing, measure, timing
from desk.ticket import Status, Ticket, TicketNumber
from tests.desks import DANA, SUPPORT, SetClock, acting_as, receive

HOUR = 3600
NONE = Timing(None, None, 0)


class OneVerdict:
    """A sender whose every mail ends the same way."""

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict

    def send(self, entry: OutboxEntry, raw: bytes, entering_data: Callable[[], None]) -> Attempt:
        entering_data()
        return Attempt(self.verdict, "said so")


def send_all(desk: Desk, clock: SetClock, verdict: Verdict = Verdict.SENT) -> None:
    """Let the undo window pass and hand everything to the mail server."""
    clock.go_on(seconds=10)
    deliver(desk, OneVerdict(verdict), owner="test", is_gone=lambda claim: False)


def answer(desk: Desk, clock: SetClock, ticket: Ticket, *, status: Status | None = None) -> None:
    """Write and send an answer; it is accepted ten seconds later."""
    reply(desk, ticket.number, Answer(text="Hello Dana", status=status))
    send_all(desk, clock)


def write_again(desk: Desk, ticket: Ticket, text: str = "And now?", automatic: str | None = None) -> Ticket:
    """The customer's next mail on a ticket."""
    mails = [each for each in desk.store.conversations.of(ticket.number) if isinstance(each, Message)]
    return receive(desk, text=text, answers=(mails[-1].message_id,), automatic=automatic)


def figures(desk: Desk, clock: SetClock, days: float = 7, agent: str | None = None) -> Stats:
    only = None if agent is None else Handle(agent)
    return measure(desk.store, since=clock.now - timedelta(days=days), until=clock.now, agent=only)


def of(stats: Stats, handle: str) -> Figures:
    return next(each for each in stats.agents if each.agent == handle)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        ([], NONE),
        ([7], Timing(7, 7, 1)),
        ([30, 10], Timing(20, 30, 2)),
        ([5, 1, 9], Timing(5, 9, 3)),
        (list(range(1, 11)), Timing(6, 9, 10)),
        (list(range(1, 12)), Timing(6, 10, 11)),
        (list(range(1, 101)), Timing(50, 90, 100)),
    ],
)
def test_times_are_told_as_median_ninetieth_percentile_and_n(seconds: list[int], expected: Timing) -> None:
    assert timing(seconds) == expected
    assert timing(seconds[::-1]) == expected


@given(st.lists(st.integers(0, 10**6), min_size=1))
def test_at_least_nine_in_ten_take_no_longer_than_the_ninetieth_percentile(seconds: list[int]) -> None:
    p90 = timing(seconds).p90
    assert p90 in seconds
    assert p90 is not None
    assert sum(each <= p90 for each in seconds) * 10 >= len(seconds) * 9
    assert sum(each < p90 for each in seconds) * 10 < len(seconds) * 9


def test_a_desk_where_nothing_happened_has_everybody_and_no_figures(desk: Desk, clock: SetClock) -> None:
    stats = figures(desk, clock)
    nothing = Figures(
        agent=None,
        open=0,
        assigned=0,
        replies=0,
        closed=0,
        reopened=0,
        first_response=NONE,
        next_response=NONE,
        resolution=NONE,
    )
    assert stats.agents == (replace(nothing, agent=Handle("ana")), replace(nothing, agent=Handle("bo")))
    assert stats.team == nothing
    assert stats.unanswered == ()


def test_the_first_response_runs_from_the_customers_mail_until_our_server_took_the_answer(
    desk: Desk, clock: SetClock
) -> None:
    ticket = receive(desk)
    clock.go_on(hours=1)
    reply(desk, ticket.number, Answer(text="Hello Dana"))
    assert figures(desk, clock).team.first_response == NONE
    send_all(desk, clock)
    ana = of(figures(desk, clock), "ana")
    assert ana.first_response == ana.next_response == Timing(HOUR + 10, HOUR + 10, 1)
    assert ana.replies == 1
    assert of(figures(desk, clock), "bo").first_response == NONE


def test_an_answer_is_credited_to_whoever_wrote_it_not_to_the_assignee(desk: Desk, clock: SetClock) -> None:
    ticket = receive(desk)
    assign(desk, ticket.number, Handle("ana"))
    answer(acting_as(desk, "bo"), clock, ticket)
    stats = figures(desk, clock)
    assert of(stats, "bo").first_response.n == of(stats, "bo").replies == 1
    assert of(stats, "ana").first_response.n == of(stats, "ana").replies == 0


def test_the_next_response_runs_from_the_oldest_mail_without_an_answer(desk: Desk, clock: SetClock) -> None:
    ticket = receive(desk)
    answer(desk, clock, ticket)
    clock.go_on(hours=1)
    write_again(desk, ticket, "One more thing")
    clock.go_on(hours=2)
    write_again(desk, ticket, "Hello?")
    clock.go_on(hours=1)
    answer(desk, clock, ticket)
    answer(desk, clock, ticket)
    team = figures(desk, clock).team
    assert team.first_response == Timing(10, 10, 1)
    assert team.next_response == Timing((10 + 3 * HOUR + 10) // 2, 3 * HOUR + 10, 2)
    assert team.replies == 3


def test_a_mail_that_came_after_an_answer_was_written_still_waits_for_one(desk: Desk, clock: SetClock) -> None:
    ticket = receive(desk)
    reply(desk, ticket.number, Answer(text="Hello Dana"))
    clock.go_on(seconds=5)
    write_again(desk, ticket)
    send_all(desk, clock)
    assert [each.waiting for each in figures(desk, clock).unanswered] == [10]
    clock.go_on(hours=1)
    answer(desk, clock, ticket)
    team = figures(desk, clock).team
    assert team.first_response == Timing(15, 15, 1)
    assert team.next_response.p90 == HOUR + 20


def test_a_second_answer_on_its_way_does_not_answer_what_came_meanwhile(desk: Desk, clock: SetClock) -> None:
    ticket = receive(desk)
    answer(desk, clock, ticket)
    reply(desk, ticket.number, Answer(text="One more thing"))
    clock.go_on(seconds=5)
    write_again(desk, ticket)
    send_all(desk, clock)
    team = figures(desk, clock).team
    assert (team.replies, team.next_response) == (2, Timing(10, 10, 1))


@pytest.mark.parametrize("verdict", [Verdict.REFUSED, Verdict.UNCERTAIN, Verdict.DEFERRED])
def test_mail_that_was_not_accepted_stops_no_clock(desk: Desk, clock: SetClock, verdict: Verdict) -> None:
    ticket = receive(desk)
    reply(desk, ticket.number, Answer(text="Hello Dana"))
    send_all(desk, clock, verdict)
    team = figures(desk, clock).team
    assert (team.first_response, team.next_response, team.replies) == (NONE, NONE, 0)


def test_mail_that_was_taken_back_stops_no_clock(desk: Desk, clock: SetClock) -> None:
    ticket = receive(desk)
    reply(desk, ticket.number, Answer(text="Hello Dana"))
    undo(desk)
    send_all(desk, clock)
    team = figures(desk, clock).team
    assert (team.first_response, team.replies, team.assigned) == (NONE, 0, 0)


def test_mail_that_bounced_later_was_an_answer(desk: Desk, clock: SetClock) -> None:
    ticket = receive(desk)
    answer(desk, clock, ticket)
    (sent,) = desk.store.outbox.of(ticket.number)
    receive(desk, subject="Undelivered", automatic="bounce", bounce_of=(sent.message_id,))
    assert desk.store.outbox.of(ticket.number)[0].state is OutboxState.BOUNCED
    team = figures(desk, clock).team
    assert (team.first_response, team.replies) == (Timing(10, 10, 1), 1)


def test_notes_and_automatic_mail_neither_start_nor_stop_a_clock(desk: Desk, clock: SetClock) -> None:
    ticket = receive(desk, automatic="Auto-Submitted: auto-generated")
    clock.go_on(hours=1)
    write_again(desk, ticket)
    clock.go_on(hours=1)
    add_note(desk, ticket.number, "Bank says settled.")
    clock.go_on(hours=1)
    answer(desk, clock, ticket)
    write_again(desk, ticket, "I am away", automatic="auto-replied")
    clock.go_on(hours=1)
    answer(desk, clock, ticket)
    team = figures(desk, clock).team
    assert team.first_response == team.next_response == Timing(2 * HOUR + 10, 2 * HOUR + 10, 1)
    assert team.replies == 2


def opened_by_us(desk: Desk, clock: SetClock) -> Ticket:
    """A ticket that begins with a mail of ours that was sent."""
    ticket = desk.store.tickets.add(
        Ticket(
            number=TicketNumber(0),
            subject="Your order",
            customer=DANA,
            mailbox="support",
            created=clock.now,
            updated=clock.now,
            last_message=clock.now,
        )
    )
    answer(desk, clock, ticket)
    return ticket


def test_a_ticket_that_we_opened_has_no_first_response(desk: Desk, clock: SetClock) -> None:
    ticket = opened_by_us(desk, clock)
    clock.go_on(hours=1)
    write_again(desk, ticket)
    clock.go_on(hours=1)
    answer(desk, clock, ticket)
    team = figures(desk, clock).team
    assert team.first_response == NONE
    assert team.next_response == Timing(HOUR + 10, HOUR + 10, 1)
    assert team.replies == 2


def test_mail_of_ours_that_went_another_way_is_no_reply(desk: Desk, clock: SetClock) -> None:
    ticket = receive(desk)
    clock.go_on(hours=1)
    desk.store.conversations.add(
        Message(id=EntryId(0), ticket=ticket.number, direction=Direction.OUT, at=clock.now, sender=SUPPORT)
    )
    set_status(desk, ticket.number, Status.WAITING)
    assert figures(desk, clock).team.replies == 0


def test_closing_is_credited_to_whoever_did_it_and_counts_a_ticket_once(desk: Desk, clock: SetClock) -> None:
    ticket = receive(desk)
    for status in (Status.CLOSED, Status.OPEN, Status.CLOSED):
        clock.go_on(hours=1)
        set_status(desk, ticket.number, status)
    clock.go_on(hours=1)
    set_status(desk, ticket.number, Status.OPEN)
    clock.go_on(hours=1)
    set_status(acting_as(desk, "bo"), ticket.number, Status.CLOSED)
    stats = figures(desk, clock)
    assert (of(stats, "ana").closed, of(stats, "bo").closed, stats.team.closed) == (1, 1, 1)
    assert of(stats, "bo").resolution == stats.team.resolution == Timing(5 * HOUR, 5 * HOUR, 1)
    assert of(stats, "ana").resolution == NONE
    assert stats.team.reopened == 0


def test_a_close_that_was_undone_counts_for_nothing(desk: Desk, clock: SetClock) -> None:
    ticket = receive(desk)
    set_status(desk, ticket.number, Status.CLOSED)
    undo(desk)
    team = figures(desk, clock).team
    assert (team.closed, team.resolution, team.open) == (0, NONE, 1)


def test_a_ticket_that_the_customer_reopens_is_credited_to_the_last_closer(desk: Desk, clock: SetClock) -> None:
    ticket = receive(desk)
    set_status(desk, ticket.number, Status.CLOSED)
    set_status(desk, ticket.number, Status.OPEN)
    set_status(acting_as(desk, "bo"), ticket.number, Status.CLOSED)
    clock.go_on(hours=1)
    assert write_again(desk, ticket).status is Status.OPEN
    stats = figures(desk, clock)
    assert (of(stats, "ana").reopened, of(stats, "bo").reopened, stats.team.reopened) == (0, 1, 1)
    assert stats.team.resolution == NONE
    just_before = clock.now - timedelta(seconds=1)
    assert measure(desk.store, since=just_before - timedelta(days=1), until=just_before).team.resolution.n == 1


def test_an_answer_to_a_waiting_ticket_or_automatic_mail_reopens_nothing(desk: Desk, clock: SetClock) -> None:
    waiting, closed = receive(desk), receive(desk, subject="Other", text="Other")
    answer(desk, clock, waiting, status=Status.WAITING)
    set_status(desk, closed.number, Status.CLOSED)
    write_again(desk, waiting)
    write_again(desk, closed, "I am away", automatic="auto-replied")
    assert figures(desk, clock).team.reopened == 0


def test_assigned_counts_the_tickets_given_to_an_agent_each_once(desk: Desk, clock: SetClock) -> None:
    first, second = receive(desk), receive(desk, subject="Other", text="Other")
    for to in ("ana", "bo", "ana"):
        assign(desk, first.number, Handle(to))
    assign(acting_as(desk, "bo"), second.number, Handle("ana"))
    assign(desk, second.number, None)
    stats = figures(desk, clock)
    assert (of(stats, "ana").assigned, of(stats, "bo").assigned, stats.team.assigned) == (2, 1, 2)


def test_open_counts_what_is_open_now(desk: Desk, clock: SetClock) -> None:
    mine, bos, nobodys, closed = (receive(desk, subject=f"Case {n}", text=str(n)) for n in range(4))
    assign(desk, mine.number, Handle("ana"))
    assign(desk, bos.number, Handle("bo"))
    assign(desk, closed.number, Handle("bo"))
    set_status(desk, closed.number, Status.CLOSED)
    clock.go_on(days=30)
    stats = figures(desk, clock, days=1)
    assert nobodys.assignee is None
    assert (of(stats, "ana").open, of(stats, "bo").open, stats.team.open) == (1, 1, 3)
    assert stats.team.closed == 0


def test_who_waits_is_listed_the_longest_wait_first(desk: Desk, clock: SetClock) -> None:
    waits = [receive(desk, subject="Case 1", text="1")]
    clock.go_on(hours=1)
    waits.append(receive(desk, subject="Case 2", text="2"))
    for number, text in enumerate(("answered", "closed", "spam", "merged"), 3):
        ticket = receive(desk, subject=f"Case {number}", text=text)
        if text == "answered":
            answer(desk, clock, ticket)
        elif text == "merged":
            desk.store.tickets.put(replace(ticket, merged_into=waits[0].number))
        else:
            set_status(desk, ticket.number, Status(text))
    assign(desk, waits[1].number, Handle("bo"))
    clock.go_on(hours=1)
    unanswered = figures(desk, clock).unanswered
    assert [each.number for each in unanswered] == [each.number for each in waits]
    assert [each.waiting for each in unanswered] == [2 * HOUR + 10, HOUR + 10]
    assert [each.number for each in figures(desk, clock, agent="bo").unanswered] == [waits[1].number]


@pytest.mark.parametrize("gone", ["spam", "merged"])
def test_spam_and_merged_tickets_count_nowhere(desk: Desk, clock: SetClock, gone: str) -> None:
    ticket = receive(desk)
    answer(desk, clock, ticket, status=Status.CLOSED)
    assert figures(desk, clock).team.closed == 1
    if gone == "spam":
        set_status(desk, ticket.number, Status.SPAM)
    else:
        desk.store.tickets.put(replace(desk.ticket(ticket.number), merged_into=TicketNumber(99)))
    team = figures(desk, clock).team
    assert (team.open, team.assigned, team.replies, team.closed, team.reopened) == (0, 0, 0, 0, 0)
    assert team.first_response == team.next_response == team.resolution == NONE


def test_only_what_was_done_in_the_period_counts_whenever_it_began(desk: Desk, clock: SetClock) -> None:
    ticket = receive(desk)
    clock.go_on(days=10)
    answer(desk, clock, ticket, status=Status.CLOSED)
    begin = clock.now
    done = figures(desk, clock, days=1).team
    assert done.first_response.median == 10 * 86400 + 10
    assert (done.replies, done.closed, done.assigned, done.resolution.n) == (1, 1, 1, 1)
    clock.go_on(days=2)
    later = figures(desk, clock, days=1).team
    assert (later.replies, later.closed, later.assigned, later.resolution) == (0, 0, 0, NONE)
    after = measure(desk.store, since=begin, until=clock.now).team
    upto = measure(desk.store, since=begin - timedelta(days=1), until=begin).team
    assert (after.replies, upto.replies) == (0, 1)


def test_one_agents_figures_stand_beside_the_whole_teams(desk: Desk, clock: SetClock) -> None:
    answer(acting_as(desk, "bo"), clock, receive(desk))
    stats = figures(desk, clock, agent="ana")
    assert [each.agent for each in stats.agents] == ["ana"]
    assert (stats.agents[0].replies, stats.team.replies) == (0, 1)


def test_a_colleague_who_left_keeps_what_was_done(desk: Desk, clock: SetClock) -> None:
    answer(acting_as(desk, "bo"), clock, receive(desk))
    desk.store.agents.remove(Handle("bo"))
    assert of(figures(desk, clock), "bo").replies == 1
