"""Desks whose mail comes from a server on this machine."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Protocol

from benchmarks import kept
from benchmarks.others import Program
from benchmarks.worlds import TANDEM, environment
from desk.people import Address, Agent, Handle
from desk.settings import Mailbox
from mail.auth import PasswordEnvironment
from mail.servers import ImapAddress
from tandem.config import Account, Config, ImapAccount
from tandem.founding import make_home, save_config
from tandem.paths import Home
from tandem.wiring import build_office

_PASSWORD = "DESK_PASSWORD"

MAILBOX = Mailbox(name="support", address=Address("support@acme.example"))


class Server(Protocol):
    """An IMAP server on this machine."""

    user: str

    @property
    def port(self) -> int:
        """Where it listens."""
        ...


def account_at(server: Server) -> ImapAccount:
    """How Tandem logs in there."""
    address = ImapAddress.parse(f"imap://{server.user}@127.0.0.1:{server.port}/INBOX?security=none")
    return ImapAccount(address, PasswordEnvironment(_PASSWORD), sent="none")


def desk_at(folder: Path, server: Server) -> tuple[Home, Config]:
    """A new desk whose only mailbox is there."""
    home = Home(folder)
    make_home(home, None)
    config = Config((Account(MAILBOX, account_at(server), None),))
    save_config(home, config)
    office = build_office(home, config)
    office.store.agents.put(Agent(handle=Handle("ana"), name="Ana"))
    office.close()
    return home, config


def watching(folder: Path, tickets: int, server: Server, password: str) -> Program:
    """Ours, on a copy of the desk with so many tickets, whose mailbox is there."""
    home = Home(folder)
    shutil.copytree(kept.desk(tickets), home.folder)
    save_config(home, Config((Account(MAILBOX, account_at(server), None),)))
    return Program("tandem", (TANDEM,), surroundings(home.folder, password), b"\x1b[6~")


def surroundings(home: Path, password: str) -> dict[str, str]:
    """What a process gets that works on such a desk."""
    return environment(home) | {_PASSWORD: password}
