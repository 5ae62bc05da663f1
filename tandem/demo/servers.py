"""The demo's own mail servers: IMAP (pymap) and SMTP (aiosmtpd), on loopback only.

The program under show talks to them over real sockets, as it would to a provider's. They keep mail in memory (what
was sent also in a folder, when one is given) and forget it at `stop()`: good for a demo and for tests only.
"""

from __future__ import annotations

import asyncio
import ssl
from argparse import Namespace
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from weakref import WeakSet

from aiosmtpd.smtp import SMTP, Envelope, Session
from proxyprotocol.sock import SocketInfo
from pymap.backend.dict import Config, Login
from pymap.backend.dict.filter import FilterSet
from pymap.backend.dict.mailbox import MailboxData, MailboxSet
from pymap.concurrent import Event, Subsystem
from pymap.imap import IMAPServer
from pymap.parsing.message import AppendMessage
from pymap.selected import SelectedMailbox
from pymap.user import UserMetadata
from pysasl.hashing import Cleartext

from tandem.demo.loopback import HOST, LoopbackServer

SIZE_LIMIT = 50_000_000
"""The largest mail that the SMTP server takes, in bytes."""

BREATH = 0.05
"""Seconds between the start of IDLE and news that is older than it."""


class _WholeReplies(asyncio.StreamWriter):
    """Sends each reply in one piece at `drain()`, where pymap writes it word by word.

    A client that reads what has come so far, as during IDLE, would otherwise meet half a line; and a reply to
    a client that has gone is dropped at once instead of failing word by word.
    """

    def __init__(self, like: asyncio.StreamWriter, reader: asyncio.StreamReader) -> None:
        protocol = like.transport.get_protocol()
        super().__init__(like.transport, protocol, reader, asyncio.get_running_loop())
        self._pending = bytearray()

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self._pending += data

    async def drain(self) -> None:
        if not self.is_closing():
            super().write(bytes(self._pending))
        self._pending.clear()
        await super().drain()


class _Inbox(MailboxData):
    """Tells an idling client of mail that came just before it began to wait, as pymap does not.

    It does so a breath later: IMAPClient does not see what arrives in one packet with the "+ idling".
    """

    async def update_selected(self, selected: SelectedMailbox, *, wait_on: Event | None = None) -> SelectedMailbox:
        if wait_on is not None and selected.mod_sequence != self._mod_sequences.highest:
            await asyncio.sleep(BREATH)
            wait_on = None
        return await super().update_selected(selected, wait_on=wait_on)


class _Folders(MailboxSet):
    """All folders of the one user."""

    def __init__(self) -> None:
        super().__init__()
        self._inbox = _Inbox(self._content_cache, self._thread_cache)


class _QuietConfig(Config):
    """Greets without asking for this machine's own name, which takes seconds where DNS is slow."""

    @property
    def greeting(self) -> bytes:
        return b"Acme demo mail server ready"


class ImapServer(LoopbackServer):
    """An IMAP server in memory with one user, who must log in, and the folders INBOX and Sent."""

    def __init__(self, password: str, *, user: str = "support", port: int = 0) -> None:
        super().__init__(port)
        self.user = user
        self.password = password
        self._folders = _Folders()
        self._writers: set[asyncio.StreamWriter] = set()

    def deliver(self, raw: bytes, received: datetime, folder: str = "INBOX") -> int:
        """Put a mail into a folder, its bytes unchanged; returns its UID.

        Raises:
            KeyError: there is no such folder.
        """
        return self._call(self._append(raw, received, folder))

    async def _append(self, raw: bytes, received: datetime, folder: str) -> int:
        mailbox = await self._folders.get_mailbox(folder)
        message = await mailbox.append(AppendMessage(raw, received), recent=True)
        return message.uid

    async def _listen(self) -> asyncio.Server:
        self._folders = _Folders()
        await self._folders.add_mailbox("Sent")
        imap = self._imap(self._config())

        async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self._writers.add(writer)
            try:
                await imap(reader, _WholeReplies(writer, reader), SocketInfo.get(writer, None))
            finally:
                self._writers.discard(writer)

        return await asyncio.start_server(converse, HOST, self._wanted_port)

    def _imap(self, config: Config) -> IMAPServer:
        config.set_cache[self.user] = (self._folders, FilterSet())
        login = Login(config)
        login.users_dict[self.user] = UserMetadata(config, self.user, password=self.password)
        return IMAPServer(login, config)

    def _config(self) -> Config:
        """Everything runs in the one loop, and a password made up a moment ago needs no slow hash."""
        return _QuietConfig(
            Namespace(proxy_protocol=None),
            host=HOST,
            port=self._wanted_port,
            demo_data=False,
            demo_user=self.user,
            demo_password=self.password,
            tls_enabled=False,
            ssl_context=ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER),
            hash_context=Cleartext(),
            cpu_subsystem=Subsystem.for_asyncio(),
        )

    def _transports(self) -> Iterable[asyncio.WriteTransport]:
        return [writer.transport for writer in self._writers]


@dataclass(frozen=True, slots=True)
class Delivered:
    """One mail that the SMTP server took: the envelope and the exact bytes."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes


class SmtpServer(LoopbackServer):
    """An SMTP server that takes everything, without a login, and keeps it.

    Each mail is also written into `folder`, when one is given, as 0001.eml, 0002.eml and so on.
    """

    def __init__(self, folder: Path | None = None, *, port: int = 0) -> None:
        super().__init__(port)
        self._folder = folder
        self._received: list[Delivered] = []
        self._sessions: WeakSet[SMTP] = WeakSet()

    @property
    def received(self) -> list[Delivered]:
        """The mails taken so far, oldest first."""
        return list(self._received)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        """Keep the mail; aiosmtpd calls this after the final dot."""
        raw = envelope.original_content or b""
        self._keep(Delivered(envelope.mail_from or "", tuple(envelope.rcpt_tos), raw))
        return f"250 2.0.0 kept as {len(self._received):04}"

    def _keep(self, mail: Delivered) -> None:
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / f"{len(self._received) + 1:04}.eml").write_bytes(mail.raw)
        self._received.append(mail)

    async def _listen(self) -> asyncio.Server:
        return await asyncio.get_running_loop().create_server(self._session, HOST, self._wanted_port)

    def _session(self) -> SMTP:
        session = self._protocol()
        self._sessions.add(session)
        return session

    def _protocol(self) -> SMTP:
        return SMTP(
            self,
            loop=asyncio.get_running_loop(),
            hostname="smtp.acme.example",
            enable_SMTPUTF8=True,
            data_size_limit=SIZE_LIMIT,
        )

    def _transports(self) -> Iterable[asyncio.WriteTransport]:
        transports = [session.transport for session in self._sessions]
        return [transport for transport in transports if isinstance(transport, asyncio.WriteTransport)]
