"""Reading mails: bytes to all that a ticket holds of them, beside the standard library decoding as much and no more."""

from __future__ import annotations

import email
import os
from collections.abc import Callable, Iterator
from email.header import decode_header, make_header
from email.policy import compat32
from functools import partial
from pathlib import Path

from benchmarks.mails import mailbox
from mail.parse import parse
from mail.reading import WorkerReader

_MAILS = 1_000
_TIMES = 5


def measure(_folder: Path) -> Iterator[str]:
    """Mails a second of processor time, and what ours are of the standard library's; in turns, the best of each."""
    mails = [raw for _, raw in mailbox(_MAILS)]
    yield f"reading {_MAILS:,} mails of {sum(map(len, mails)) / _MAILS / 1000:.0f} KB"
    works = (partial(_each, _decoded, mails), partial(_each, parse, mails), partial(_in_a_process, mails))
    rounds = [[_cpu(work) for work in works] for _ in range(_TIMES)]
    bare, ours, worker = (min(each) for each in zip(*rounds, strict=True))
    yield _line("the standard library (compat32), everything decoded", bare, bare)
    yield _line("ours, in this process", ours, bare)
    yield _line("ours, in a process of its own, both sides", worker, bare)


def _line(what: str, taken: float, bare: float) -> str:
    return f"  {what:<54}{_MAILS / taken:8,.0f} mails/s {bare / taken:6.2f}"


def _each(read: Callable[[bytes], object], mails: list[bytes]) -> None:
    for mail in mails:
        read(mail)


def _in_a_process(mails: list[bytes]) -> None:
    with WorkerReader() as reader:
        _each(reader.read, mails)


def _cpu(work: Callable[[], object]) -> float:
    """Seconds of processor time, of this process and of those that it saw off."""
    before = os.times()
    work()
    return sum(os.times()[:4]) - sum(before[:4])


def _decoded(raw: bytes) -> list[str | bytes]:
    """What others decode of a mail: the subject, the texts, the files."""
    mail = email.message_from_bytes(raw, policy=compat32)
    found: list[str | bytes] = [str(make_header(decode_header(str(mail["subject"]))))]
    for part in mail.walk():
        if not part.is_multipart():
            data = part.get_payload(decode=True)
            data = data if isinstance(data, bytes) else b""
            is_text = part.get_content_maintype() == "text"
            found.append(data.decode(part.get_content_charset("utf-8"), "replace") if is_text else data)
    return found
