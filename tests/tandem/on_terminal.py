"""A command on a terminal of its own, at which somebody may type."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import time
from collections.abc import Mapping

from tests.program import Program

PATIENCE = 30.0


def under_terminal(
    program: Program, *words: str | int, typed: bytes = b"", environment: Mapping[str, str] | None = None
) -> tuple[int, bytes]:
    """Run a command on a terminal of its own; returns the exit code and all that the terminal received.

    `typed` is what somebody types at the first question.
    """
    leader, follower = pty.openpty()
    terminal = os.ttyname(follower)
    process = subprocess.Popen(
        # the first terminal that a new session opens is the one whose Ctrl-C it hears
        ["sh", "-c", f'exec "$@" <{terminal} >{terminal} 2>&1', "sh", *program.command(*words)],
        env={**program.full_environment, **(environment or {})},
        start_new_session=True,
    )
    os.close(follower)
    try:
        return _conversation(process, leader, typed)
    finally:
        os.close(leader)
        process.kill()
        process.wait()


def _conversation(process: subprocess.Popen[bytes], leader: int, typed: bytes) -> tuple[int, bytes]:
    received = b""
    while piece := _piece(leader, process):
        received += piece
        if typed and received.endswith(b": "):
            time.sleep(0.3)  # until it reads: a Ctrl-C between prompt and read is only heard with the next key
            os.write(leader, typed)
            typed = b""
    return process.wait(PATIENCE), received


def _piece(leader: int, process: subprocess.Popen[bytes]) -> bytes:
    """What the terminal receives next; nothing once everybody has left it."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        ready = select.select([leader], [], [], 0.1)[0]
        try:
            if ready and (piece := os.read(leader, 65536)):
                return piece
        except OSError:  # EIO: nobody has it open
            if process.poll() is not None:
                return b""
            time.sleep(0.01)
    return b""
