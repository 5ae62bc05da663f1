"""IMAPClient as Tandem uses it: over a `Line`, with the names of folders as the server spells them."""

from __future__ import annotations

import contextlib
import ssl
from collections.abc import Callable, Generator, Iterable
from typing import Self

from imapclient import IMAPClient, SocketTimeout
from imapclient.exceptions import IMAPClientError

from desk.errors import MailError, MailUnreachable
from mail.answers import Said, to_set
from mail.line import Line, Timeouts
from mail.pipeline import Pipeline
from mail.refusals import refusal
from mail.servers import ImapAddress


class Client(IMAPClient):
    """A connection that has not logged in. IMAPClient's own methods are called within `asking`.

    `pipeline` asks over the same line what IMAPClient asks too slowly, or not safely.
    """

    line: Line
    pipeline: Pipeline

    def __init__(self, address: ImapAddress, context: ssl.SSLContext, timeouts: Timeouts) -> None:
        self._timeouts = timeouts
        timeout = SocketTimeout(timeouts.connect, timeouts.read)
        is_secured = address.security == "tls"
        super().__init__(address.host, address.port, ssl=is_secured, ssl_context=context, timeout=timeout)
        self.pipeline = Pipeline(self.line)
        self.folder_encode = False
        self.line.debug = 0  # IMAPClient sets it to 5, at which imaplib writes out every byte for a log nobody keeps

    @classmethod
    def connect(cls, address: ImapAddress, context: ssl.SSLContext, timeouts: Timeouts) -> Self:
        """Connect as safely as the address asks.

        Raises:
            MailUnreachable: no conversation is possible now.
            MailError: the server cannot be used as safely as was asked.
        """
        client = cls(address, context, timeouts)
        try:
            if address.security == "starttls":
                client.secure(context)
        except BaseException:
            client.hang_up()
            raise
        return client

    def secure(self, context: ssl.SSLContext) -> None:
        """Go on with TLS, or not at all.

        Raises:
            MailError: the server does not offer STARTTLS, or refuses it.
        """
        if "STARTTLS" not in self.offers():
            raise MailError(f"{self.line.where} does not offer STARTTLS, so nothing was said to it", "try imaps://")
        with self.asking():
            self.line.is_starting_tls = True
            self.starttls(context)

    @contextlib.contextmanager
    def asking(self, refused: Callable[[str, bytes], MailError] = refusal) -> Generator[None]:
        """Let IMAPClient ask one thing, after all that was asked without it; what it raises becomes a sentence of ours.

        A command that is answered with NO or BAD becomes what `refused` makes of the server's own words.
        """
        self.pipeline.settle()
        with self.line.asking(refused):
            yield

    def offers(self) -> frozenset[str]:
        """What the server says it can, in capitals."""
        with self.asking():
            return frozenset(each.decode("ascii", "replace").upper() for each in self.capabilities())

    def introduce_itself(self) -> None:
        """Say who we are, since some servers are wary of programs without a name (RFC 2971), and that changes matter.

        Without the latter Dovecot counts no changes (RFC 7162 3.1). A server that wants to hear neither is no trouble.
        """
        offers = self.offers()
        with _refusals_ignored():
            if "ID" in offers:
                with self.asking():
                    self.id_({"name": "Tandem"})
        with _refusals_ignored():
            if {"ENABLE", "CONDSTORE"} <= offers:
                with self.asking():
                    self.enable("CONDSTORE")

    def told(self, command: str, *words: str) -> list[Said]:
        """What the server answers to LIST or STATUS, one folder at a time.

        IMAPClient's own methods cannot ask what each folder is for (RFC 6154 5.1), and one folder with a bracket in its
        name costs them all others.
        """
        with self.asking():
            verdict, _ = self.line.xatom(command, *words)
            if verdict != "OK":
                raise IMAPClientError
            found: list[Said] = self.line.response(command)[1]
            return found

    def still_there(self, uids: Iterable[int]) -> frozenset[int]:
        """Which of these mails the open folder holds."""
        wanted = frozenset(uids)
        if not wanted:
            return wanted
        with self.asking():
            return wanted.intersection(self.search(b"UID " + to_set(wanted)))

    def leave(self, seconds: float) -> None:
        """Say goodbye, unless there is still something else to hear first, and hang up; never raises."""
        with contextlib.suppress(MailError, OSError):
            self.line.patience, self.line.is_leaving = seconds, True
            if not self.pipeline.is_busy:
                with self.asking():
                    self.logout()
        self.hang_up()

    def hang_up(self) -> None:
        """Close the connection; never raises."""
        with contextlib.suppress(OSError):
            self.shutdown()

    def _create_IMAP4(self) -> Line:  # the one place where IMAPClient lets somebody else read
        self.line = Line(self.host, self.port, self._timeouts, self.ssl_context if self.ssl else None)
        return self.line


@contextlib.contextmanager
def _refusals_ignored() -> Generator[None]:
    try:
        yield
    except MailUnreachable:
        raise
    except MailError:
        pass  # nothing hangs on it
