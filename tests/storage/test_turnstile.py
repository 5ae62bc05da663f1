from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from storage.errors import StoreBusy, StoreUnreachable
from storage.turnstile import Turnstile
from tests.storage.worker import next_line, working


def test_two_doors_to_one_lock_let_one_in_at_a_time(tmp_path: Path) -> None:
    first, second = Turnstile(tmp_path / "lock", 5), Turnstile(tmp_path / "lock", 0.05)
    with first.alone():
        started = time.monotonic()
        with pytest.raises(StoreBusy, match="lock is locked"), second.alone():
            pass
        assert 0.05 <= time.monotonic() - started < 2
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
            leave.wait(10)

    thread = threading.Thread(target=stay)
    thread.start()
    assert inside.wait(10)
    with pytest.raises(StoreBusy), turnstile.alone():
        pass
    leave.set()
    thread.join()
    with turnstile.alone():
        pass
    turnstile.close()


def test_a_waiting_writer_comes_in_when_the_other_process_is_killed(tmp_path: Path) -> None:
    turnstile = Turnstile(tmp_path / "lock", 20)
    with working("hold", tmp_path / "lock") as other:
        assert next_line(other) == "held"
        killer = threading.Timer(0.1, other.kill)
        killer.start()
        started = time.monotonic()
        with turnstile.alone():
            assert 0.05 < time.monotonic() - started < 10
        killer.join()
    turnstile.close()


def test_one_wait_can_be_shorter_than_the_patience_but_not_longer(tmp_path: Path) -> None:
    with working("hold", tmp_path / "lock") as other:
        assert next_line(other) == "held"
        for patience, at_most in ((20, 0.05), (0.05, 20)):
            turnstile = Turnstile(tmp_path / "lock", patience)
            started = time.monotonic()
            with pytest.raises(StoreBusy), turnstile.alone(at_most=at_most):
                pass
            assert 0.05 <= time.monotonic() - started < 5
            turnstile.close()


def test_a_lock_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreUnreachable, match="there is no"):
        Turnstile(tmp_path / "nowhere" / "lock", 1)
