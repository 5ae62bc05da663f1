"""Speaking with a worker, another process at work for a test: a line each way, at once."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Timer
from typing import IO, AnyStr

ROOT = Path(__file__).parents[1]
SILENCE = 60.0
"""Seconds that a process may take to say its next line, on a machine that is busy with others' work."""


@contextmanager
def overheard(command: Sequence[str], environment: Mapping[str, str]) -> Generator[subprocess.Popen[str]]:
    """A program whose both outputs are heard; it is killed, if need be, when the block is left."""
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def working_in(module: str, job: str, *arguments: object) -> Generator[subprocess.Popen[str]]:
    """A process that runs this module; it is killed, if need be, when the block is left."""
    command = [sys.executable, "-m", module, job, *map(str, arguments)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def next_line(process: subprocess.Popen[str]) -> str:
    """What the worker says next; "" when it has ended."""
    return heard(process, process.stdout).strip()


def heard(process: subprocess.Popen[AnyStr], stream: IO[AnyStr] | None, silence: float = SILENCE) -> AnyStr:
    """The next line of one of a process's outputs, empty when it has ended.

    One that says nothing for so many seconds is killed, and the test fails with what was not heard of it before.
    """
    assert stream is not None
    given_up = Event()

    def give_up() -> None:
        given_up.set()
        process.kill()

    impatience = Timer(silence, give_up)
    impatience.start()
    try:
        line = stream.readline()
    finally:
        impatience.cancel()
    assert not given_up.is_set(), f"{process.args!r} said no whole line for {silence} s: {line!r}, {_rest(process)}"
    return line


def _rest(process: subprocess.Popen[AnyStr]) -> str:
    return ", ".join(repr(each.read()) for each in (process.stdout, process.stderr) if each is not None)


def ask(process: subprocess.Popen[str], line: str) -> str:
    """Say something to the worker, and hear what it says next."""
    assert process.stdin is not None
    process.stdin.write(f"{line}\n")
    process.stdin.flush()
    return next_line(process)


def say(word: object) -> None:
    """In the worker: tell the test."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()
