"""A folder on a scripted server, what is fetched of it, and ledgers that watch or trip."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import cast

import pytest

from desk.conversation import EntryId
from desk.desk import Desk
from desk.errors import MailUnreachable, StoreDamaged
from desk.expression import EVERYTHING
from desk.incoming import Incoming, Outcome, Place
from desk.ports import Ledger, Reader, Store
from desk.ticket import Ticket
from mail.auth import PasswordEnvironment
from mail.fetched import to_thread
from mail.fetches import Told
from mail.folders import FolderName
from mail.imap import Session
from mail.loading import Info, Loaded, Opened, Unloaded
from mail.parse import parse
from mail.servers import ImapAddress
from mail.threads import Thread
from tandem.counts import Counts
from tandem.fetching import fetch_folder
from tandem.folder import Folder, Progress
from tandem.workshop import Workshop
from tests.journeys.mails import customer_mail
from tests.servers import PASSWORD, Dovecot, ImapServer

NOW = datetime(2026, 11, 20, 7, 15, tzinfo=UTC)


class PlainReader:
    """Reads mails in this process; those with a word of `tripping` come out as something no store can hold."""

    def __init__(self, tripping: str = "") -> None:
        self._tripping = tripping

    def read(self, raw: bytes) -> Incoming:
        read = parse(raw)
        return replace(read, subject="\ud800") if self._tripping and self._tripping in read.text else read


@dataclass
class ScriptedSession:
    """A folder that holds what the test puts into it, and refuses to give the mails in `kept_back`."""

    mails: dict[int, bytes] = field(default_factory=dict)
    uidvalidity: int = 1
    kept_back: set[int] = field(default_factory=set)
    gone: set[int] = field(default_factory=set)
    notes: dict[int, str] = field(default_factory=dict)
    breaks_at: int = 0
    gmail_ids: dict[int, str] = field(default_factory=dict)
    uidnext: int = 0
    asked: list[list[int]] = field(default_factory=list)

    def put(self, *uids: int) -> None:
        self.mails |= {
            uid: customer_mail(uid, subject=f"Mail {uid}", text=f"Text {uid}", sender=f"c{uid}@corp.example")
            for uid in uids
        }

    def open(self, folder: str) -> Opened:
        assert folder in {"INBOX", "[Gmail]/All Mail"}
        return Opened(self.uidvalidity, self.uidnext or max(self.mails, default=0) + 1)

    def folders(self) -> list[FolderName]:
        return []

    @property
    def has_gmail_ids(self) -> bool:
        return bool(self.gmail_ids)

    def infos(self, uids: Sequence[int]) -> dict[int, Info]:
        return {uid: Info(len(self.mails[uid]), NOW, self.gmail_ids.get(uid, "")) for uid in uids}

    def all_uids(self) -> list[int]:
        return sorted(self.mails)

    def uids(self, since_uid: int) -> list[int]:
        return sorted(uid for uid in self.mails if uid >= since_uid)

    def heads(self, uids: Sequence[int]) -> dict[int, Thread]:
        return {uid: to_thread(Told(uid, {b"BODY[HEADER": self.mails[uid]})) for uid in uids}

    def fetch(self, uids: Sequence[int]) -> Iterator[Loaded | Unloaded]:
        self.asked.append(list(uids))
        for uid in uids:
            if uid == self.breaks_at:
                raise MailUnreachable("the connection broke off", uid=uid)
            if uid in self.kept_back | self.gone:
                yield Unloaded(uid, "no", is_gone=uid in self.gone)
            else:
                yield Loaded(uid, self.mails[uid], NOW, self.notes.get(uid, ""))


def look(
    desk: Desk, session: ScriptedSession | Session, *, everything: bool = False, reader: Reader | None = None,
    progress: Progress | None = None,
) -> Counts:  # fmt: skip
    progress = progress or Progress(Counts())
    folder = Folder("support", "INBOX", cast("Session", session))
    with Workshop(desk.blobs, [reader or PlainReader()]) as workshop:
        fetch_folder(desk, folder, workshop, progress, everything=everything)
    return progress.counts


def tickets(desk: Desk) -> list[Ticket]:
    return sorted(desk.store.tickets.find(EVERYTHING), key=lambda each: each.number)


def subjects(desk: Desk) -> list[str]:
    return [each.subject for each in tickets(desk)]


def cursor(desk: Desk) -> int:
    state = desk.store.ledger.folder("support", "INBOX")
    assert state is not None
    return state.next_uid


class LookingLedger:
    """The real ledger, which also writes down which files of a mail are on disk when it hears of the mail."""

    def __init__(self, ledger: Ledger, desk: Desk, digests: Sequence[str]) -> None:
        self._ledger, self._desk, self._digests = ledger, desk, digests
        self.there: list[bool] = []

    def record(self, place: Place, outcome: Outcome, entry: EntryId | None, raw: str) -> None:
        self.there = [desk_has(self._desk, each) for each in (raw, *self._digests)]
        self._ledger.record(place, outcome, entry, raw)

    def __getattr__(self, name: str) -> object:
        return getattr(self._ledger, name)


def desk_has(desk: Desk, digest: str) -> bool:
    try:
        return sha256(desk.blobs.get(digest)).hexdigest() == digest
    except StoreDamaged:
        return False


def connected(server: ImapServer | Dovecot) -> Session:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DESK_PASSWORD", PASSWORD)
        address = ImapAddress.parse(f"imap://support@127.0.0.1:{server.port}/INBOX?security=none")
        return Session.connect(address, PasswordEnvironment("DESK_PASSWORD"))


class TrippingLedger:
    """The real ledger, but for one UID that it breaks over."""

    def __init__(self, ledger: Ledger, uid: int, error: Exception | None = None) -> None:
        self._ledger, self._uid, self._error = ledger, uid, error or ZeroDivisionError("a defect")

    def record(self, place: Place, outcome: Outcome, entry: EntryId | None, raw: str) -> None:
        self._ledger.record(place, outcome, entry, raw)
        if place.uid == self._uid:
            raise self._error

    def __getattr__(self, name: str) -> object:
        return getattr(self._ledger, name)


def with_ledger(store: Store, ledger: TrippingLedger | LookingLedger) -> Store:
    class With:
        def __init__(self) -> None:
            self.ledger = ledger

        def __getattr__(self, name: str) -> object:
            return getattr(store, name)

    return cast("Store", With())
