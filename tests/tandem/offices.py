"""Desks that watch mailboxes on servers of this machine."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence

from desk.conversation import Message
from desk.expression import EVERYTHING
from tandem.counts import Counts
from tandem.folder import Progress
from tandem.loops import MailRounds
from tandem.wiring import Office

PATIENCE = 100.0
"""Seconds that anything may take on a machine that is busy with others' work.

More than `mail.idling.ROUND`: what a server did not announce is found after that.
"""

Opening = Callable[[str], Office]


def mailbox(name: str, imap: int, smtp: int = 1, *, folders: Sequence[str] = ("INBOX",), more: str = "") -> str:
    """The settings of a mailbox; `more` are further lines of its IMAP part."""
    return (
        f'[mailboxes.{name}]\naddress = "{name}@acme.example"\n'
        f'[mailboxes.{name}.imap]\nurl = "imap://support@127.0.0.1:{imap}/INBOX?security=none"\n'
        f'password_env = "DESK_PASSWORD"\nfolders = {json.dumps(list(folders))}\n{more}\n'
        f'[mailboxes.{name}.smtp]\nurl = "smtp://127.0.0.1:{smtp}?security=none"\n'
    )


def count(office: Office) -> int:
    """How many tickets there are."""
    return office.desk.store.tickets.count(EVERYTHING)


def subjects(office: Office) -> list[str]:
    """Of every ticket, by number."""
    return [each.subject for each in sorted(office.desk.store.tickets.find(EVERYTHING), key=lambda each: each.number)]


def texts(office: Office) -> list[str]:
    """Of every message on any ticket, in the order they came in, without the blank space around them."""
    numbers = sorted(each.number for each in office.desk.store.tickets.find(EVERYTHING))
    entries = [entry for number in numbers for entry in office.desk.store.conversations.of(number)]
    return [each.text.strip() for each in entries if isinstance(each, Message)]


def rounds_of(office: Office, times: int = 1) -> tuple[Counts, list[str]]:
    """So many rounds over one connection, nothing going wrong; what they brought, and what a person was told."""
    counts, told = Counts(), list[str]()
    with MailRounds(office) as rounds:
        for _ in range(times):
            assert rounds.take_in(Progress(counts, notice=told.append)) == []
    return counts, told


def until(happened: Callable[[], bool]) -> None:
    """Wait for something that must happen."""
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.02)
