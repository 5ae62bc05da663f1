"""A whole desk to try: mail servers on loopback, a mailbox of sample mail, two agents, and settings that fit.

Nothing in it is pretended: the mail is fetched over IMAP, and answers leave over SMTP and are kept as files.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from desk.actions.assign import assign
from desk.actions.reply import reply
from desk.actions.status import set_status
from desk.clock import utc_now
from desk.errors import RefusedError
from desk.outgoing import Answer
from desk.people import Address, Agent, Handle
from desk.settings import Mailbox
from desk.ticket import Status
from desk.views import parse_query
from macros.run import prepare
from mail.auth import PasswordFile
from mail.servers import ImapAddress, SmtpAddress
from tandem.config import Account, Config, ImapAccount, SmtpAccount
from tandem.counts import Counts
from tandem.demo.colleague import Colleague
from tandem.demo.samples import Sample, samples
from tandem.demo.servers import ImapServer, SmtpServer
from tandem.founding import keep_secret, make_home, save_config
from tandem.loops import deliver_due, sync_once
from tandem.paths import Home
from tandem.roster import put_agents
from tandem.wiring import Office, build_office, open_library

AGENTS = (
    Agent(handle=Handle("ana"), name="Ana Petrova", email="ana@acme.example", signature="Ana Petrova\nAcme Support"),
    Agent(handle=Handle("bo"), name="Bo Lind", email="bo@acme.example", signature="Bo Lind\nAcme Support"),
)
SUPPORT = Address("support@acme.example", "Acme Support")
_LATE_ARRIVALS = 8
_ANSWERED_BEFORE = 4


@dataclass(frozen=True)
class Stage:
    """The demo while it runs. `office` is Ana's; `late` are mails that arrive while she looks."""

    office: Office
    colleague: Colleague
    imap: ImapServer
    smtp: SmtpServer
    late: list[Sample]
    counts: Counts

    def next_moment(self) -> str | None:
        """Let something happen as it does on a desk of two: a mail arrives, or Bo does something; says what."""
        if self.late and random.random() < 1 / 3:
            sample = self.late.pop(0)
            self.imap.deliver(sample.raw, utc_now())
            return "a mail arrived"
        return self.colleague.act()


@contextmanager
def open_stage(folder: Path) -> Generator[Stage]:
    """Set everything up in a folder that holds no desk yet, and take the servers down at the end.

    Raises:
        RefusedError: there is a desk in the folder.
    """
    home = Home(folder)
    if home.exists:
        raise RefusedError(f"there is a desk in {folder} already", "choose another --home for the demo")
    password = secrets.token_urlsafe(24)
    with ImapServer(password) as imap, SmtpServer(folder / "sent") as smtp:
        make_home(home, None)
        config = _config(imap.port, smtp.port, keep_secret(home, "demo", password))
        save_config(home, config)
        office = build_office(home, config)
        try:
            put_agents(office.desk, AGENTS, {})
            ana = replace(office, desk=replace(office.desk, acting=AGENTS[0]))
            early, late = _split(samples(utc_now()))
            for sample in early:
                imap.deliver(sample.raw, sample.received)
            counts = sync_once(ana)
            bo = Colleague(replace(office.desk, acting=AGENTS[1]), open_library(home), random.Random())
            yield Stage(ana, bo, imap, smtp, late, counts)
        finally:
            office.close()


def play_a_day(stage: Stage, acts: int) -> list[str]:
    """Let Bo have worked a while, so that there is something to see; returns what he did of his own accord, in words.

    Nothing of it is Ana's doing: the first undo of whoever looks at her screen would take that back.
    """
    _answer_some(stage)
    done = [said for _ in range(acts) if (said := stage.colleague.act())]
    stage.counts.sent += deliver_due(stage.office).sent
    return done


def _answer_some(stage: Stage) -> None:
    """Some are answered, and Ana's to follow up."""
    desk, library = replace(stage.office.desk, acting=AGENTS[1]), stage.office.library
    unanswered = parse_query("is:open is:unassigned waiting:<1d", me=None, now=desk.clock())
    for index, ticket in enumerate(desk.store.tickets.find(unanswered, sort="waiting", limit=_ANSWERED_BEFORE)):
        assign(desk, ticket.number, AGENTS[0].handle)
        filled = prepare(desk, library, ticket.number, "acknowledge", {})
        reply(desk, ticket.number, Answer(text=filled.text, steps=filled.steps, macro=filled.use, send_in=0))
        if index % 2:
            set_status(desk, ticket.number, Status.CLOSED)


def _split(mails: list[Sample]) -> tuple[list[Sample], list[Sample]]:
    in_order = sorted(mails, key=_arrival)
    return in_order[:-_LATE_ARRIVALS], in_order[-_LATE_ARRIVALS:]


def _arrival(sample: Sample) -> datetime:
    return sample.received


def _config(imap_port: int, smtp_port: int, password: Path) -> Config:
    imap = ImapAddress.parse(f"imap://support@127.0.0.1:{imap_port}/INBOX?security=none")
    smtp = SmtpAddress.parse(f"smtp://127.0.0.1:{smtp_port}?security=none")
    mailbox = Mailbox(name="support", address=SUPPORT)
    return Config((Account(mailbox, ImapAccount(imap, PasswordFile(password)), SmtpAccount(smtp, None)),))
