"""Threads share one store of memory, where the C library is glibc."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest
from rich import cells

from tui.thrift import Quiet, remember_few_widths

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


def test_of_the_widths_of_texts_those_of_some_screens_are_remembered() -> None:
    program = """
from tui.thrift import remember_few_widths
remember_few_widths()
from rich.segment import Segment
from textual._cells import cell_len
assert [cell_len(str(each)) for each in range(5_000)] == [len(str(each)) for each in range(5_000)]
assert [Segment("注文" * each).cell_length for each in range(9)] == [4 * each for each in range(9)]
print(cell_len.cache_info().currsize)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert int(done.stdout) == 1_024


def test_a_rich_that_remembers_widths_in_another_way_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells, "cached_cell_len", len)
    remember_few_widths()
    assert vars(cells)["cached_cell_len"] is len


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library keeps memory in another way")
def test_memory_between_what_is_used_goes_back_to_the_system() -> None:
    program = """
from pathlib import Path
from tui.thrift import give_back
def resident():
    return int(Path("/proc/self/statm").read_text().split()[1])
kept = [bytes(9_000) for _ in range(2_000)]
last = bytes(9_000)
kept.clear()
before = resident()
give_back()
print(before - resident())
"""
    environ = {"MALLOC_TRIM_THRESHOLD_": str(1 << 30), "PATH": "/usr/bin:/bin"}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environ)
    assert int(done.stdout) > 2_000


def test_it_is_quiet_once_what_was_used_last_was_used_last_before_too_and_that_is_told_once() -> None:
    first, second, quiet = object(), object(), Quiet()
    told = [quiet.has_come(used) for used in (first, first, first, second, first, first, first)]
    assert told == [False, True, False, False, False, True, False]
