"""The far side of `mail.reading`: a process that reads one mail after the other until its input ends.

Its limits are its own: memory by RLIMIT_AS, CPU by a timer that ends it whatever it is doing. When whoever started it
is gone, its input ends and so does it.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
from dataclasses import replace

import msgspec

from desk.incoming import Incoming
from mail import frames
from mail.heads import scan_head
from mail.parse import parse
from mail.reading import TOO_MUCH

_encode = msgspec.msgpack.Encoder().encode


def main(cpu: str, memory: str) -> None:
    """Serve standard input and output. `cpu` is seconds for a mail, `memory` bytes of address space."""
    answers = _keep_stdout_clean()
    _limit_memory(int(memory))
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    with contextlib.suppress(EOFError, BrokenPipeError):
        frames.send(answers, b"")
        while True:
            for frame in _answer(frames.receive(0), float(cpu)):
                frames.send(answers, frame)


def _keep_stdout_clean() -> int:
    """A descriptor of our own for answers; whatever a library prints goes nowhere."""
    answers = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return answers


def _limit_memory(size: int) -> None:
    with contextlib.suppress(ValueError, OSError):  # macOS refuses; there, only time is limited
        resource.setrlimit(resource.RLIMIT_AS, (size, size))


def _answer(raw: bytes, cpu: float) -> tuple[bytes, ...]:
    """What was read, and how many files of the mail follow it: these, each as it is, without one more copy."""
    signal.setitimer(signal.ITIMER_PROF, cpu)
    try:
        read = _read(raw)
        return _encode((replace(read, files=()), len(read.files))), *read.files
    except MemoryError:
        os._exit(TOO_MUCH)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _read(raw: bytes) -> Incoming:
    try:
        return parse(raw)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - the worker's edge: the mail is kept, and says what went wrong
        return scan_head(raw, f"this mail could not be read ({type(error).__name__}); its bytes are kept")
