"""What is not in the store: files, mails as bytes, and the mail server."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from typing import Protocol

from desk.forms import Forms
from desk.incoming import Incoming
from desk.outgoing import Attempt, Composed, Letter, Limits, OutboxEntry
from desk.people import Address


class Blobs(Protocol):
    """Bytes by their sha256 (64 hex digits), on disk before the call returns."""

    def put(self, data: bytes) -> str: ...
    def put_many(self, data: Sequence[bytes]) -> list[str]: ...
    def get(self, sha256: str) -> bytes:
        """The bytes, checked against their digest.

        Raises:
            StoreDamaged: they are missing or are not what was written.
        """
        ...

    def remove(self, digests: Iterable[str], needed: Callable[[], Collection[str]]) -> int:
        """Remove these for good, but for what is still `needed`, which is asked once nobody puts files in.

        Returns how many went.
        """
        ...


class Composer(Protocol):
    """Makes a mail's bytes."""

    def reaches(self, address: Address, limits: Limits | None = None) -> bool:
        """Whether mail can be sent to this address, through a server that takes what `limits` says."""
        ...

    def compose(self, letter: Letter) -> Composed:
        """The final bytes.

        Raises:
            RefusedError: an address, a header or a file cannot be put into a mail, in words.
        """
        ...


class Reader(Protocol):
    """Makes sense of a mail's bytes, whatever they are: never raises on bad mail."""

    def read(self, raw: bytes) -> Incoming: ...


class MailForms(Protocol):
    """Reads a mail's bytes for what is shown of it only on request."""

    def of(self, raw: bytes) -> Forms:
        """Never raises because of what is in the mail: `problem` says why there is nothing."""
        ...


class Sender(Protocol):
    """Hands one mail to the mail server."""

    def send(self, entry: OutboxEntry, raw: bytes, entering_data: Callable[[], None]) -> Attempt:
        """Try once. `entering_data` is called before the first byte of the body and may raise to stop it.

        Never raises for anything that the mail server or the network does: that is a verdict.
        """
        ...


class SentFolder(Protocol):
    """A mailbox's folder of sent mail, on its mail server."""

    def find(self, message_ids: Collection[str]) -> bool | None:
        """Whether a mail with one of these Message-IDs is there; None: nobody can tell.

        Raises:
            MailError: the server or the folder cannot be asked now.
        """
        ...

    def keep(self, raw: bytes, at: datetime) -> None:
        """Put a copy of a mail there, as read, dated `at`.

        Raises:
            MailError: it was not taken; where the connection broke off it may be there all the same.
        """
        ...
