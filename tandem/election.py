"""Which process fetches a mailbox's mail: the one that holds its lease in the store. The others read what it brings.

Two that fetch at once would harm nothing, as the ledger decides who takes a mail in; it would only be work for nothing.
"""

from __future__ import annotations

from datetime import timedelta
from threading import Lock

from desk.desk import Desk
from tandem.processes import in_words, is_gone, owner

LEASE = timedelta(seconds=45)
"""After so long without a word from its holder, a lease is anybody's; so another takes over within a minute."""

RENEW_EVERY = 15.0
"""Seconds between two words from the holder."""


class Candidate:
    """One process's claim to fetch one mailbox, or to do other `work` for it alone.

    The claim is renewed from another thread than the one that works.
    """

    def __init__(self, desk: Desk, mailbox: str, work: str = "fetch") -> None:
        self._desk, self._name, self._me = desk, f"{work} {mailbox}", owner()
        self._holds, self._lock = False, Lock()

    @property
    def holds(self) -> bool:
        """Whether we were elected, as far as we know."""
        return self._holds

    def stand(self) -> bool:
        """Try to be the one, or to stay it. A process that is surely dead gives way at once.

        Raises:
            StorageError: the store cannot be written.
        """
        with self._lock:
            if not self._holds and (rival := self.rival) is not None:
                if not is_gone(rival):
                    return False
                self._desk.store.leases.release(self._name, rival)
            now = self._desk.clock()
            self._holds = self._desk.store.leases.take(self._name, self._me, now + LEASE, now)
            return self._holds

    def renew(self) -> None:
        """Tell the others that we are still there, if we are the one; one that slept too long finds out here.

        Raises:
            StorageError: the store cannot be written.
        """
        if self._holds:
            self.stand()

    def withdraw(self) -> None:
        """Let another one fetch.

        Raises:
            StorageError: the store cannot be written; then the lease runs out by itself.
        """
        with self._lock:
            held, self._holds = self._holds, False
            if held:
                self._desk.store.leases.release(self._name, self._me)

    @property
    def rival(self) -> str | None:
        """The process that holds the lease, if it is not ours."""
        holder = self._desk.store.leases.holder(self._name, self._desk.clock())
        return holder if holder != self._me else None

    @property
    def said(self) -> str:
        """Who fetches, in words; empty when no other process does."""
        rival = self.rival
        return f"another Tandem fetches the mail ({in_words(rival)})" if rival else ""
