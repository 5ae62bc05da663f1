"""The first line that a program prints, asked for without a shell and within a time limit; for passwords and tokens.

What it prints appears nowhere else, and whatever it started is ended with it when it takes too long.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import time
from dataclasses import dataclass

_LONGEST = 64 * 1024
_GLANCE = 0.1
"""Seconds after which it is looked whether the program has ended, when nothing comes from it."""


@dataclass(frozen=True, slots=True)
class Printed:
    """What a program printed up to its first line end, and its exit code."""

    line: bytes
    code: int


def first_line(argv: tuple[str, ...], patience: float) -> Printed:
    """Run a program, for so many seconds at most, and take the first line that it prints.

    Raises:
        TimeoutError: it did not end in time, or printed without end.
        OSError, ValueError: it cannot be run.
    """
    process = subprocess.Popen(  # noqa: S603 - the agent's own command, as an argv list
        argv,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
        start_new_session=True,
    )
    with process:
        try:
            output = _read_line(process, time.monotonic() + patience)
        finally:
            _make_sure_it_ended(process)
    return Printed(output.partition(b"\n")[0].removesuffix(b"\r"), process.returncode)


def _read_line(process: subprocess.Popen[bytes], deadline: float) -> bytes:
    """What a process prints until it has ended; not what something prints that it left running behind it."""
    output = b""
    if process.stdout is not None:
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            while process.poll() is None or b"\n" not in output:
                if time.monotonic() > deadline or len(output) > _LONGEST:
                    raise TimeoutError
                if selector.select(_GLANCE):
                    if not (piece := os.read(process.stdout.fileno(), _LONGEST)):
                        break
                    output += piece
    _await(process, deadline)
    return output


def _await(process: subprocess.Popen[bytes], deadline: float) -> None:
    try:
        process.wait(max(0.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired as error:
        raise TimeoutError from error


def _make_sure_it_ended(process: subprocess.Popen[bytes]) -> None:
    """End a process that went on for too long, and with it whatever it started."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
