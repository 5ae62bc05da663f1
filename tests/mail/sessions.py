"""Sessions with IMAP servers of tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from mail.imap import Session
from mail.line import Timeouts
from mail.servers import ImapAddress
from tests.servers import PASSWORD


@dataclass
class Secret:
    text: str = PASSWORD

    def read(self) -> str:
        return self.text


class Server(Protocol):
    """Where a server listens."""

    @property
    def host(self) -> str: ...

    @property
    def port(self) -> int: ...


def connect(server: Server, password: str = PASSWORD, read: float = 30.0) -> Session:
    """A session that has logged in, without TLS; `read`: seconds to wait for each answer."""
    address = ImapAddress(server.host, server.port, "none", "support")
    return Session.connect(address, Secret(password), timeouts=Timeouts(connect=30.0, read=read))


@contextmanager
def opened(server: Server, read: float = 30.0, *, folder: str = "INBOX", writable: bool = False) -> Iterator[Session]:
    """The same with a folder open."""
    with connect(server, read=read) as session:
        session.open(folder, writable=writable)
        yield session
