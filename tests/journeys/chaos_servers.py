"""What goes on at a mail server meanwhile: mails come, other programs move and remove them, folders are numbered anew.

The same is done to a real Dovecot and to a server in memory that misbehaves; both tell in the end what they hold.
"""

from __future__ import annotations

import imaplib
import random
from collections.abc import Callable
from typing import Protocol

from tests.dovecot import Dovecot
from tests.quirky_imap import CAPABILITIES, QuirkyImap
from tests.quirky_mailbox import QuirkyFolder

WATCHED = ("INBOX", "Support")
DONE = "Done"
"""Where Tandem moves what it has taken in, when it is told to."""

TRASH = "Trash"


class PatientDovecot(Dovecot):
    """One that does not let a client wait whose login was garbled."""

    def _more_settings(self) -> str:
        return "auth_failure_delay = 0\nservice anvil {\n  unix_listener anvil-auth-penalty {\n    mode = 0\n  }\n}\n"


class Upheaval(Protocol):
    """A server to which things happen."""

    def deliver(self, raw: bytes, folder: str) -> None: ...

    def move(self, chance: random.Random, target: str) -> None:
        """Another program moves some mail of a watched folder."""
        ...

    def remove(self, chance: random.Random) -> None:
        """Another program removes some mail of a watched folder for good."""
        ...

    def number_anew(self, folder: str) -> None: ...

    def be_odd(self, chance: random.Random) -> None:
        """Misbehave in some way until `behave`."""
        ...

    def behave(self) -> None: ...

    def held(self) -> dict[str, list[bytes]]:
        """The mails in each watched folder, and in those that mail is moved to."""
        ...

    def flags(self, folder: str) -> set[str]:
        """All flags that any mail of a folder has."""
        ...


class DovecotUpheaval:
    """Implements Upheaval."""

    def __init__(self, server: Dovecot) -> None:
        self._server = server
        with server.connection() as imap:
            for folder in (*WATCHED[1:], DONE, TRASH):
                imap.create(folder)

    def deliver(self, raw: bytes, folder: str) -> None:
        self._server.deliver(raw, folder=folder)

    def move(self, chance: random.Random, target: str) -> None:
        self._with_some(chance, lambda imap, uid: imap.uid("MOVE", uid, target))

    def remove(self, chance: random.Random) -> None:
        def expunge(imap: imaplib.IMAP4, uid: str) -> None:
            imap.uid("STORE", uid, "+FLAGS.SILENT", "(\\Deleted)")
            imap.uid("EXPUNGE", uid)

        self._with_some(chance, expunge)

    def number_anew(self, folder: str) -> None:
        with self._server.connection() as imap:
            imap.select(folder, readonly=True)  # so that there are numbers
        self._server.renew_uidvalidity(folder)

    def be_odd(self, chance: random.Random) -> None:
        """It has no odd ways."""

    def behave(self) -> None:
        """It always does."""

    def held(self) -> dict[str, list[bytes]]:
        with self._server.connection() as imap:
            return {folder: _bodies(imap, folder) for folder in (*WATCHED, DONE)}

    def flags(self, folder: str) -> set[str]:
        return {flag for flags in self._server.flags(folder).values() for flag in flags}

    def _with_some(self, chance: random.Random, do: Callable[[imaplib.IMAP4, str], object]) -> None:
        with self._server.connection() as imap:
            imap.select(chance.choice(WATCHED))
            _, (found,) = imap.uid("SEARCH", "ALL")
            if uids := (found or b"").split():
                do(imap, chance.choice(uids).decode())


def _bodies(imap: imaplib.IMAP4, folder: str) -> list[bytes]:
    imap.select(folder, readonly=True)
    _, lines = imap.uid("FETCH", "1:*", "(BODY.PEEK[])")
    return [line[1] for line in lines if isinstance(line, tuple)]


class QuirkyUpheaval:
    """Implements Upheaval, and misbehaves in every way that it can.

    A mail is kept back or garbled at most once: what is not given again and again gets a ticket that stands for it.
    """

    def __init__(self, server: QuirkyImap) -> None:
        self._server, self._account = server, server.account
        self._account.folders |= {folder: QuirkyFolder() for folder in (*WATCHED[1:], DONE, TRASH)}
        self._troubled = set[int]()

    @staticmethod
    def capabilities(chance: random.Random) -> str:
        """What one of many kinds of servers offers."""
        offered = CAPABILITIES.split()
        dropped = {each for each in offered[1:] if chance.random() < 0.25}
        more = " X-GM-EXT-1" if chance.random() < 0.3 else ""
        if dropped >= {"MOVE", "UIDPLUS"}:
            dropped.remove("UIDPLUS")
        return " ".join(each for each in offered if each not in dropped) + more

    def deliver(self, raw: bytes, folder: str) -> None:
        self._server.deliver(raw, folder=folder)

    def move(self, chance: random.Random, target: str) -> None:
        with self._account.lock:
            folder, uid = self._some(chance)
            if uid:
                (held,) = [each for _, each in self._account.folders[folder].among([uid])]
                self._server.expunge(uid, folder=folder)
                self._server.deliver(held.raw, held.received, target, held.gmail_id)

    def remove(self, chance: random.Random) -> None:
        with self._account.lock:
            folder, uid = self._some(chance)
            self._server.expunge(uid, folder=folder)

    def number_anew(self, folder: str) -> None:
        with self._account.lock:
            self._account.folders[folder].renew_uidvalidity()
            self._troubled.clear()

    def be_odd(self, chance: random.Random) -> None:
        with self._account.lock:
            odd, uid = self._account.quirks, self._some(chance)[1]
            draw = chance.randrange(9)
            if draw < 4 and uid and uid not in self._troubled:
                self._troubled.add(uid)
                (odd.lagging, odd.withheld, odd.garbled, odd.cut)[draw].add(uid)
            elif draw == 4:
                odd.throttled, odd.throttled_after = chance.randint(1, 2), chance.randint(0, 6)
            elif draw == 5:
                odd.not_connected = chance.randint(1, 3)
            elif draw == 6:
                odd.chatter = chance.choice(
                    (b"* 1 RECENT\r\n", b"* OK still here\r\n", b"* FLAGS (\\Seen)\r\n* NO so\r\n")
                )
            elif draw == 7:
                self._server.announce(exists=chance.randint(0, 99))
            else:
                self._server.drip = True

    def behave(self) -> None:
        with self._account.lock:
            odd = self._account.quirks
            for each in (odd.lagging, odd.withheld, odd.garbled, odd.cut):
                each.clear()
            odd.throttled = odd.throttled_after = odd.not_connected = 0
            odd.chatter = b""
            self._server.drip = False

    def held(self) -> dict[str, list[bytes]]:
        with self._account.lock:
            return {folder: [held.raw for held in self._account.folders[folder].mails] for folder in (*WATCHED, DONE)}

    def flags(self, folder: str) -> set[str]:
        return {flag for flags in self._account.flags(folder).values() for flag in flags}

    def _some(self, chance: random.Random) -> tuple[str, int]:
        folder = chance.choice(WATCHED)
        mails = self._account.folders[folder].mails
        return folder, chance.choice(mails).uid if mails else 0
