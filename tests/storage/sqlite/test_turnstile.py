from __future__ import annotations

import fcntl
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from subprocess import PIPE, Popen
from types import FrameType

import pytest

from storage.errors import StoreBusy, StoreUnreachable
from storage.sqlite.turnstile import Turnstile
from tests.processes import next_line
from tests.storage.worker import working

needs_proc = pytest.mark.skipif(not Path("/proc/locks").exists(), reason="this system does not list its locks")


@contextmanager
def held(lock: Path) -> Iterator[Popen[str]]:
    """Another process holds the lock."""
    with working("hold", lock) as other:
        assert next_line(other) == "held"
        yield other


def end(worker: Popen[str]) -> None:
    assert worker.stdin is not None
    worker.stdin.close()
    worker.wait()


def wait_until_queued(lock: Path, pid: int) -> None:
    """Come back when this process stands in the system's queue for the lock (proc(5): such a line has an arrow)."""
    inode = str(lock.stat().st_ino)
    while not any(
        "->" in line and f" {pid} " in line and f":{inode} " in line
        for line in Path("/proc/locks").read_text("ascii").splitlines()
    ):
        time.sleep(0.01)


def test_two_doors_to_one_lock_let_one_in_at_a_time(tmp_path: Path) -> None:
    first, second = Turnstile(tmp_path / "lock", 30), Turnstile(tmp_path / "lock", 0.05)
    with first.alone():
        started = time.monotonic()
        with pytest.raises(StoreBusy, match="lock is locked"), second.alone():
            pass
        assert 0.05 <= time.monotonic() - started < 15
    with second.alone():
        pass
    first.close()
    second.close()


def test_a_thread_waits_for_another_one_only_as_long_as_its_patience(tmp_path: Path) -> None:
    turnstile = Turnstile(tmp_path / "lock", 0.05)
    inside, leave = threading.Event(), threading.Event()

    def stay() -> None:
        with turnstile.alone():
            inside.set()
            leave.wait(30)

    thread = threading.Thread(target=stay)
    thread.start()
    assert inside.wait(30)
    with pytest.raises(StoreBusy), turnstile.alone():
        pass
    leave.set()
    thread.join()
    with turnstile.alone():
        pass
    turnstile.close()


@pytest.mark.parametrize("shared", [True, False], ids=["one turnstile", "a turnstile each"])
def test_threads_that_write_without_pause_share_evenly(tmp_path: Path, *, shared: bool) -> None:
    ours = Turnstile(tmp_path / "lock", 60)
    turnstiles = [ours, ours, ours] if shared else [ours, *(Turnstile(tmp_path / "lock", 60) for _ in range(2))]
    begin, entered = threading.Barrier(3), list[int]()

    def write(number: int) -> None:
        begin.wait()
        while len(entered) < 900:
            with turnstiles[number].alone():
                entered.append(number)
                time.sleep(0.0002)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert min(entered.count(number) for number in range(3)) > 150
    for turnstile in turnstiles:
        turnstile.close()


def test_a_waiting_writer_comes_in_when_the_other_process_is_killed(tmp_path: Path) -> None:
    with held(tmp_path / "lock") as other, closing(Turnstile(tmp_path / "lock", 60)) as turnstile:
        killer = threading.Timer(0.1, other.kill)
        killer.start()
        started = time.monotonic()
        with turnstile.alone():
            assert 0.05 < time.monotonic() - started < 40
        killer.join()


def test_one_wait_can_be_shorter_than_the_patience_but_not_longer(tmp_path: Path) -> None:
    with held(tmp_path / "lock"):
        for patience, at_most in ((30, 0.05), (0.05, 30)):
            with closing(Turnstile(tmp_path / "lock", patience)) as turnstile:
                started = time.monotonic()
                with pytest.raises(StoreBusy), turnstile.alone(at_most=at_most):
                    pass
                assert 0.05 <= time.monotonic() - started < 15


def test_whoever_gave_up_neither_keeps_the_lock_nor_loses_a_later_turn(tmp_path: Path) -> None:
    impatient, other_door = Turnstile(tmp_path / "lock", 0.05), Turnstile(tmp_path / "lock", 20)
    with held(tmp_path / "lock") as other:
        threads = threading.active_count()
        for _ in range(5):
            with pytest.raises(StoreBusy), impatient.alone():
                pass
        assert threading.active_count() <= threads + 1
        end(other)
    with other_door.alone(), pytest.raises(StoreBusy), impatient.alone():
        pass
    with other_door.alone():
        pass
    with impatient.alone():
        pass
    impatient.close()
    other_door.close()


def test_a_turnstile_can_be_closed_while_its_place_in_the_queue_is_kept(tmp_path: Path) -> None:
    with held(tmp_path / "lock") as other:
        turnstile = Turnstile(tmp_path / "lock", 0.05)
        with pytest.raises(StoreBusy), turnstile.alone():
            pass
        turnstile.close()
        end(other)
    with closing(Turnstile(tmp_path / "lock", 20)) as next_one, next_one.alone():
        pass


def test_a_process_that_gave_up_ends_while_the_lock_is_still_held(tmp_path: Path) -> None:
    with held(tmp_path / "lock"), working("enter", tmp_path / "lock", 0.05) as impatient:
        assert next_line(impatient) == "busy"
        assert impatient.wait(60) == 0


@needs_proc
def test_a_waiting_process_that_is_stopped_does_not_hold_up_the_others(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    with held(lock) as other, working("enter", lock, 60) as stopped, working("enter", lock, 60) as waiting:
        for each in (stopped, waiting):
            wait_until_queued(lock, each.pid)
        os.kill(stopped.pid, signal.SIGSTOP)
        end(other)
        assert next_line(waiting) == "inside"
        end(waiting)
        with closing(Turnstile(lock, 20)) as turnstile, turnstile.alone():
            pass
        os.kill(stopped.pid, signal.SIGCONT)
        assert next_line(stopped) == "inside"


@needs_proc
def test_the_refusal_says_who_is_inside_and_whether_that_process_was_stopped(tmp_path: Path) -> None:
    with held(tmp_path / "lock") as other, closing(Turnstile(tmp_path / "lock", 0.05)) as turnstile:
        with pytest.raises(StoreBusy, match=rf"locked by process {other.pid} of \w+ \(try again"), turnstile.alone():
            pass
        os.kill(other.pid, signal.SIGSTOP)
        os.waitid(os.P_PID, other.pid, os.WSTOPPED)
        with pytest.raises(StoreBusy, match="which is stopped") as caught, turnstile.alone():
            pass
        assert f"kill -CONT {other.pid}" in caught.value.hint


_HOLDS = """
import fcntl, sys
file = open({lock!r}, "w")
fcntl.flock(file, fcntl.LOCK_EX)
print("held", flush=True)
sys.stdin.read()
"""


@needs_proc
def test_who_is_inside_is_told_by_the_agent_that_the_command_names(tmp_path: Path) -> None:
    script, lock = tmp_path / "tandem", tmp_path / "lock"
    script.write_text(_HOLDS.format(lock=str(lock)))
    for words, told in (
        (("--home", "x", "--agent", "bo"), "bo"),
        (("--agent=bo", "list"), "bo"),
        (("--agent", "bo", "reindex"), "process {pid} of {owner}, which runs `tandem reindex`"),
        (("--agent", "Bo B", "list"), "process {pid} of {owner}"),
        (("note", "7", "hello"), "process {pid} of {owner}"),
    ):
        with Popen([sys.executable, str(script), *words], stdin=PIPE, stdout=PIPE, text=True) as other:
            assert next_line(other) == "held"
            with closing(Turnstile(lock, 0.05)) as turnstile:
                found = turnstile.holder()
                assert found.told == told.format(pid=other.pid, owner=found.owner)
            end(other)


@needs_proc
def test_the_refusal_names_the_long_command_that_is_inside(tmp_path: Path) -> None:
    script, lock = tmp_path / "tandem", tmp_path / "lock"
    script.write_text(_HOLDS.format(lock=str(lock)))
    for words, said in (
        (("--home", "restore", "reindex"), "which runs `tandem reindex` \\(try again when"),
        (("note", "7", "restore"), "try again in a"),
    ):
        command = [sys.executable, str(script), *words]
        with Popen(command, stdin=PIPE, stdout=PIPE, text=True) as other:
            assert next_line(other) == "held"
            with closing(Turnstile(lock, 0.05)) as turnstile, pytest.raises(StoreBusy, match=said), turnstile.alone():
                pass
            end(other)


def test_a_signal_ends_the_wait_at_once_and_the_lock_is_not_kept(tmp_path: Path) -> None:
    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        with held(tmp_path / "lock") as other, closing(Turnstile(tmp_path / "lock", 60)) as turnstile:
            signal.setitimer(signal.ITIMER_REAL, 0.1)
            started = time.monotonic()
            with pytest.raises(KeyboardInterrupt), turnstile.alone():
                pass
            assert time.monotonic() - started < 30
            end(other)
            with closing(Turnstile(tmp_path / "lock", 20)) as next_one, next_one.alone():
                pass
            with turnstile.alone():
                pass
    finally:
        signal.signal(signal.SIGALRM, before)


def test_whoever_is_inside_has_the_lock_however_many_gave_up_just_then(tmp_path: Path) -> None:
    other, ours = Turnstile(tmp_path / "lock", 20), Turnstile(tmp_path / "lock", 20)
    done, inside = threading.Event(), list[bool]()

    def hold() -> None:
        while not done.is_set():
            with other.alone():
                time.sleep(0.001)

    def hurry(number: int) -> None:
        while len(inside) < 400:
            with suppress(StoreBusy), ours.alone(at_most=0.0005 * (1 + (len(inside) + number) % 5)):
                inside.append(is_locked(tmp_path / "lock"))

    holding = threading.Thread(target=hold)
    hurrying = [threading.Thread(target=hurry, args=(number,)) for number in range(3)]
    for thread in (holding, *hurrying):
        thread.start()
    for thread in hurrying:
        thread.join()
    done.set()
    holding.join()
    assert all(inside)
    ours.close()
    other.close()


def is_locked(lock: Path) -> bool:
    """Whether somebody has the lock just now."""
    with lock.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def test_interrupts_at_any_moment_leave_nothing_locked(tmp_path: Path) -> None:
    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, interrupt)
    ours, other = Turnstile(tmp_path / "lock", 20), Turnstile(tmp_path / "lock", 20)
    try:
        for moment in range(300):
            with suppress(KeyboardInterrupt):
                signal.setitimer(signal.ITIMER_REAL, 0.0002 + moment * 0.000003)
                while True:
                    with ours.alone():
                        pass
            assert not is_locked(tmp_path / "lock")
            with other.alone():
                pass
    finally:
        signal.signal(signal.SIGALRM, before)
    in_another_thread(ours)
    ours.close()
    other.close()


def in_another_thread(turnstile: Turnstile) -> None:
    """Go through once, in a thread of its own."""
    passed = list[bool]()

    def go() -> None:
        with turnstile.alone():
            passed.append(True)

    thread = threading.Thread(target=go)
    thread.start()
    thread.join()
    assert passed


def test_a_turnstile_closed_by_another_thread_stays_shut_for_others_until_its_last_one_leaves(tmp_path: Path) -> None:
    ours, other = Turnstile(tmp_path / "lock", 20), Turnstile(tmp_path / "lock", 0.05)
    with ours.alone():
        ours.close()
        with pytest.raises(StoreBusy), other.alone():
            pass
    with other.alone():
        pass
    with pytest.raises(StoreUnreachable, match="closed"), ours.alone():
        pass
    ours.close()
    other.close()


@pytest.mark.parametrize("replaced", [False, True], ids=["removed", "replaced"])
def test_a_lock_file_that_was_removed_is_made_anew_and_locks_all(tmp_path: Path, *, replaced: bool) -> None:
    lock = tmp_path / "lock"
    ours, other = Turnstile(lock, 20), Turnstile(lock, 0.05)
    lock.unlink()
    if replaced:
        lock.touch()
    with ours.alone(), pytest.raises(StoreBusy), other.alone():
        pass
    with other.alone():
        assert is_locked(lock)
    ours.close()
    other.close()


def test_who_waited_for_a_removed_lock_file_begins_again_on_the_new_one(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    ours, newcomer, waited = Turnstile(lock, 20), Turnstile(lock, 20), list[bool]()

    def wait() -> None:
        with closing(Turnstile(lock, 20)) as waiting:
            begun.set()
            with waiting.alone():
                waited.append(is_locked(lock))

    begun, thread = threading.Event(), threading.Thread(target=wait)
    with ours.alone():
        thread.start()
        assert begun.wait(20)
        time.sleep(0.1)
        lock.unlink()
    thread.join()
    with newcomer.alone():
        assert is_locked(lock)
    assert waited == [True]
    ours.close()
    newcomer.close()


def test_a_lock_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreUnreachable, match="there is no"):
        Turnstile(tmp_path / "nowhere" / "lock", 1)
