"""Speaking with a worker, another process at work for a test: a line each way, at once."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]


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
    assert process.stdout is not None
    return process.stdout.readline().strip()


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
