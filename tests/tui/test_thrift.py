"""Threads share one store of memory, where the C library is glibc."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

_PROGRAM = """
import sys
from threading import Barrier, Thread
from tui.thrift import be_thrifty
if sys.argv[1:]:
    be_thrifty()
taken = Barrier(9)
def take():
    kept = [bytes(2_000 + at) for at in range(100)]
    taken.wait()
    taken.wait()
threads = [Thread(target=take) for _ in range(8)]
for each in threads:
    each.start()
taken.wait()
parts = [line.split()[0].split("-") for line in open("/proc/self/maps") if " 00:00 0" in line]
begins, ends = ({int(part[at], 16) for part in parts} for at in (0, 1))
print(sum(begin % (64 << 20) == 0 and begin + (64 << 20) in ends for begin in begins))
taken.wait()
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library has no such settings")
def test_threads_take_their_memory_from_one_place() -> None:
    def places(*arguments: str) -> int:
        done = subprocess.run([sys.executable, "-c", _PROGRAM, *arguments], capture_output=True, text=True, check=True)
        return int(done.stdout)

    assert places() >= 4
    assert places("thrifty") == 0
