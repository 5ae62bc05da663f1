"""The screen's mail, loaded once there is some: neither the first frame nor an idle desk needs what speaks to servers.

It takes several megabytes, which a screen that only shows and writes does without.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock
from types import TracebackType
from typing import TYPE_CHECKING, Self

from desk.actions.attend import forget_gone
from desk.conversation import EntryId
from desk.standing import Standing
from desk.waking import wake
from tandem.processes import is_gone
from tandem.wiring import Office

if TYPE_CHECKING:
    from tandem.loops import MailRounds


class LateRounds:
    """Implements tui.ports.Background: a MailRounds that is made when it is first asked for anything."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._made: MailRounds | None = None
        self._is_over = False
        self._lock = Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        if self._made is not None:
            self._made.__exit__(kind, error, trace)

    @property
    def mailboxes(self) -> Sequence[str]:
        """The names of the mailboxes whose mail comes in."""
        return [each.mailbox.name for each in self._office.config.accounts if each.imap is not None]

    def deliver(self) -> None:
        """Wake up what is due, send what is, and take screens for gone that were killed on this machine.

        Raises:
            TandemError: our own part of it failed.
        """
        if self._made is None and not self._is_mail_left():
            wake(self._office.desk)
            forget_gone(self._office.desk, is_gone)
        else:
            self._rounds().deliver()
        self._office.desk.store.rest()

    def follow(self, tell: Callable[[Standing], None]) -> None:
        """Begin to take in what comes into every mailbox, until `stop`; nothing where that was asked for before."""
        if not self.mailboxes:
            return
        rounds = self._rounds()
        with self._lock:
            if not self._is_over:
                rounds.follow(tell)

    def hurry(self) -> None:
        """Look into every mailbox now; one that is not followed yet is about to be looked into."""
        if self._made is not None:
            self._made.hurry()

    def stop(self) -> None:
        """Ask for the end, without waiting for it."""
        with self._lock:
            self._is_over = True
        if self._made is not None:
            self._made.stop()

    def load_whole(self, entry: EntryId) -> None:
        """Fetch all of a mail that was too large to be fetched whole.

        Raises:
            TandemError: it cannot be had, in words.
        """
        self._rounds().load_whole(entry)

    def _is_mail_left(self) -> bool:
        """Whether there is anything to do about mails that go out, or that went."""
        desk, outbox = self._office.desk, self._office.desk.store.outbox
        return bool(outbox.due(desk.clock()) or outbox.in_flight() or outbox.wanting_copy() or outbox.uncertain())

    def _rounds(self) -> MailRounds:
        from tandem.loops import MailRounds  # it loads more than all of the first frame

        with self._lock:
            if self._made is None:
                self._made = MailRounds(self._office)
            return self._made
