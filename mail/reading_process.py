"""The far side of `mail.reading`: a process that reads one mail after the other until its input ends.

Its limits are its own: memory by RLIMIT_AS, CPU by a timer that ends it whatever it is doing, and RLIMIT_NOFILE so that
it can open no file and no connection, whatever a mail names and whichever library would follow it. When whoever started
it is gone, its input ends and so does it.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
from dataclasses import replace

import msgspec

from desk.incoming import KEPT, Incoming
from mail import frames
from mail.charsets import load_codecs
from mail.heads import scan_head
from mail.parse import parse
from mail.reading import TOO_MUCH

_WARM_UP = b"""\
From: =?utf-8?b?w6Q=?= <a@xn--a.example>\r
Date: Fri, 20 Nov 2026 10:00:00 +0100\r
Content-Type: multipart/mixed; boundary=edge\r
\r
--edge\r
Content-Type: text/html\r
\r
<table><tr><td><a href="http://a.example/">b</a></table>\r
--edge\r
Content-Type: text/calendar; method=REQUEST\r
\r
BEGIN:VCALENDAR\r
BEGIN:VEVENT\r
DTSTART;TZID=x:20261123T100000\r
--edge--\r
"""
"""A mail that has every module loaded that is only loaded when it is needed: later there is no loading any more."""

_encode = msgspec.msgpack.Encoder().encode


def main(cpu: str, memory: str) -> None:
    """Serve standard input and output. `cpu` is seconds for a mail, `memory` bytes of address space."""
    answers = keep_stdout_clean()
    load_codecs()
    parse(_WARM_UP)
    limit(resource.RLIMIT_AS, int(memory))
    open_nothing()
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    with contextlib.suppress(EOFError, BrokenPipeError):
        frames.send(answers, b"")
        while True:
            for frame in _answer(_next_mail(), float(cpu)):
                frames.send(answers, frame)


def open_nothing() -> None:
    """From here on this process opens no file and no connection; those it has stay usable (setrlimit(2))."""
    limit(resource.RLIMIT_NOFILE, 0)


def keep_stdout_clean() -> int:
    """A descriptor of our own for answers; whatever a library prints goes nowhere."""
    answers = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return answers


def limit(what: int, most: int) -> None:
    """Let this process have no more of something (setrlimit(2))."""
    with contextlib.suppress(ValueError, OSError):  # macOS refuses a limit of memory; there, only time is limited
        resource.setrlimit(what, (most, most))


def _next_mail() -> bytes:
    try:
        return frames.receive(0)
    except MemoryError:
        os._exit(TOO_MUCH)


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
    except Exception as error:  # noqa: BLE001 - this process can open no log: the mail says it
        return scan_head(raw, f"this mail could not be read ({type(error).__name__}); {KEPT}")
