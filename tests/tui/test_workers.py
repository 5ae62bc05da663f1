from __future__ import annotations

import time
from functools import partial
from threading import Event

import pytest

from desk.errors import MailUnreachable, TandemError
from tui.threads.workers import Lane, LatestLane, Rounds

PATIENCE = 30.0


def ignore(error: TandemError) -> None:
    raise AssertionError(error)


def test_a_lane_does_its_jobs_in_order_and_finishes_them_when_it_is_closed() -> None:
    done: list[int] = []
    lane = Lane("test", ignore)
    for number in range(100):
        lane.put(partial(done.append, number))
    lane.close(PATIENCE)
    assert done == list(range(100))


def test_a_lane_is_busy_until_its_last_job_is_done() -> None:
    hold, begun = Event(), Event()
    lane = Lane("test", ignore)

    def slow() -> None:
        begun.set()
        hold.wait(PATIENCE)

    assert not lane.is_busy
    lane.put(slow)
    assert begun.wait(PATIENCE)
    assert lane.is_busy
    hold.set()
    lane.close(PATIENCE)
    assert not lane.is_busy


@pytest.mark.breaks
def test_a_lane_rests_once_nothing_waits_and_lives_on_when_that_fails() -> None:
    done: list[str] = []
    hold, rested = Event(), Event()
    nothing: dict[str, None] = {}

    def rest() -> None:
        done.append("rest")
        rested.set()
        nothing["here"]

    lane = Lane("test", ignore, rest)
    lane.put(lambda: done.append("one") if hold.wait(PATIENCE) else None)
    lane.put(lambda: done.append("two"))
    hold.set()
    assert rested.wait(PATIENCE)
    lane.put(lambda: done.append("three"))
    lane.close(PATIENCE)
    assert done[:4] == ["one", "two", "rest", "three"]


@pytest.mark.breaks
def test_a_job_that_breaks_is_told_and_does_not_end_the_lane() -> None:
    told: list[TandemError] = []
    nothing: dict[str, None] = {}
    done = Event()
    lane = Lane("test", told.append)
    lane.put(lambda: nothing["here"])
    lane.put(done.set)
    lane.close(PATIENCE)
    assert done.is_set()
    assert "KeyError" in told[0].hint


def test_of_waiting_jobs_of_one_kind_only_the_last_is_done() -> None:
    done: list[str] = []
    hold, holding = Event(), Event()
    lane = LatestLane("test", ignore)

    def first() -> None:
        holding.set()
        hold.wait(PATIENCE)

    lane.put("a", first)
    assert holding.wait(PATIENCE)
    for name in ("a1", "a2", "a3"):
        lane.put("a", partial(done.append, name))
    lane.put("b", lambda: done.append("b"))
    lane.put("end", lambda: done.append("end"))
    hold.set()
    deadline = time.monotonic() + PATIENCE
    while "end" not in done and time.monotonic() < deadline:
        time.sleep(0.005)
    lane.close(PATIENCE)
    assert done == ["a3", "b", "end"]


def test_a_closed_latest_lane_forgets_what_has_not_begun() -> None:
    done: list[str] = []
    hold, holding = Event(), Event()
    lane = LatestLane("test", ignore)

    def first() -> None:
        holding.set()
        hold.wait(PATIENCE)

    lane.put("a", first)
    assert holding.wait(PATIENCE)
    lane.put("b", lambda: done.append("b"))
    lane.close(0.0)
    hold.set()
    time.sleep(0.05)
    assert done == []


def test_what_waits_behind_a_job_that_never_ends_can_be_done_elsewhere() -> None:
    done: list[str] = []
    hold, holding = Event(), Event()
    lane, other = LatestLane("test", ignore), LatestLane("other", ignore)

    def first() -> None:
        holding.set()
        hold.wait(PATIENCE)
        done.append("first")

    assert lane.busy_for == 0
    lane.put("a", first)
    assert holding.wait(PATIENCE)
    lane.put("b", partial(done.append, "b"))
    assert lane.busy_for > 0
    for kind, job in lane.leave().items():
        other.put(kind, job)
    other.finish(PATIENCE)
    assert done == ["b"]
    hold.set()
    lane.finish(PATIENCE)
    assert done == ["b", "first"]


def test_rounds_go_on_until_they_are_stopped() -> None:
    rounds, enough = [], Event()

    def work() -> None:
        rounds.append(1)
        if len(rounds) == 3:
            enough.set()

    thread = Rounds("test", work, pause=0.001)
    thread.start()
    assert enough.wait(PATIENCE)
    thread.stop()
    thread.join(PATIENCE)
    count = len(rounds)
    time.sleep(0.02)
    assert len(rounds) == count


def test_a_failed_round_is_told_with_the_pause_before_the_next_which_hurry_ends() -> None:
    told: list[tuple[str, float]] = []
    failing, again = Event(), Event()

    def work() -> None:
        if failing.is_set():
            again.set()
        failing.set()
        raise MailUnreachable("the mail server is away")

    thread = Rounds("test", work, pause=30.0, failed=lambda error, pause: told.append((error.message, pause)))
    thread.start()
    assert failing.wait(PATIENCE)
    thread.hurry()
    assert again.wait(PATIENCE)
    thread.stop()
    thread.join(PATIENCE)
    assert told[0] == ("the mail server is away", 60.0)


def test_a_round_that_waits_learns_that_it_should_end() -> None:
    waiting, ended = Event(), Event()

    def work() -> None:
        waiting.set()
        deadline = time.monotonic() + PATIENCE
        while not thread.should_end() and time.monotonic() < deadline:
            time.sleep(0.005)
        if time.monotonic() < deadline:
            ended.set()

    thread = Rounds("test", work, pause=0.0)
    thread.start()
    assert waiting.wait(PATIENCE)
    thread.stop()
    thread.join(PATIENCE)
    assert ended.is_set()
