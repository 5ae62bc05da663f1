from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tandem.processes import is_gone, owner
from tests.processes import next_line

ON_LINUX = Path("/proc/self/stat").exists()
SAYS_ITS_NAME = "import sys; from tandem.processes import owner; print(owner(), flush=True); sys.stdin.read()"


@pytest.fixture
def other() -> Iterator[subprocess.Popen[str]]:
    """Another process of this program, which waits until its input ends."""
    with subprocess.Popen(
        [sys.executable, "-c", SAYS_ITS_NAME], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process
        process.kill()


def name_of(process: subprocess.Popen[str]) -> str:
    return next_line(process)


def changed(claim: str, **fields: str) -> str:
    names = ("host", "boot", "space", "pid", "started")
    return "|".join(fields.get(name, value) for name, value in zip(names, claim.split("|"), strict=True))


def test_this_process_is_there() -> None:
    assert not is_gone(owner())
    assert not is_gone(f"{owner()}#claim")
    assert owner() == owner()


def test_a_running_process_is_there_and_a_killed_one_is_gone(other: subprocess.Popen[str]) -> None:
    claim = f"{name_of(other)}#1"
    assert claim != f"{owner()}#1"
    assert not is_gone(claim)
    other.kill()
    other.wait()
    assert is_gone(claim)


@pytest.mark.skipif(not ON_LINUX, reason="only /proc tells of processes that wait to be buried")
def test_a_dead_process_is_gone_before_its_parent_asks(other: subprocess.Popen[str]) -> None:
    claim = name_of(other)
    other.send_signal(signal.SIGKILL)
    os.waitid(os.P_PID, other.pid, os.WEXITED | os.WNOWAIT)
    assert is_gone(claim)


@pytest.mark.skipif(not ON_LINUX, reason="only /proc tells when a process began")
def test_a_process_that_only_got_the_same_number_is_another() -> None:
    assert is_gone(changed(owner(), started="1"))
    assert is_gone(changed(owner(), boot="an-earlier-boot"))


def test_nobody_is_called_gone_who_cannot_be_seen_from_here() -> None:
    nobody = str(2**22 - 1)
    assert is_gone(changed(owner(), pid=nobody))
    assert not is_gone(changed(owner(), pid=nobody, host="elsewhere"))
    assert not is_gone(changed(owner(), pid=nobody, space="a container beside this one"))
    assert not is_gone(changed(owner(), started=""))
    assert not is_gone(changed(owner(), pid="1", started=""))


@pytest.mark.parametrize("claim", ["", "#", "nonsense", "a|b|c|d|e", "a|b|c|-1|e", "||||", "host:space:1:2"])
def test_a_claim_that_cannot_be_read_is_left_alone(claim: str) -> None:
    assert not is_gone(claim)
