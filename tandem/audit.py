"""Every mail that the watched folders hold on their servers, against the ledger: where it is on this desk, or missing.

Nothing is believed that can be looked at: a row of the ledger counts only when the message that it names is on a ticket
and the mail's bytes are on disk as they came. Nothing is changed, on the server or in the store, and others may go on
working.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING

from desk.conversation import Message
from desk.desk import Desk
from desk.errors import ConfigError, MailError, StoreDamaged, StoreUnreachable
from desk.incoming import NOT_GIVEN, TOO_LARGE, FolderState, Outcome, Place, Row
from desk.merged import goes_on_as
from desk.parked import ParkedMail
from desk.ticket import TicketNumber
from mail.heads import SCANNED, scan_head
from tandem.config import Account, Config, ImapAccount
from tandem.connections import imap_session, naming_folders
from tandem.folder import Folder
from tandem.progress import Tell
from tandem.watching import watched_folders

if TYPE_CHECKING:
    from mail.loading import Opened

_BATCH = 500
"""Mails that are held at a time."""

_MORE_LOOKS = 2
"""A mail that seems to be missing is looked for again, for others may have moved it from one place to another."""

_INCOMPLETE = (TOO_LARGE, NOT_GIVEN)
"""How warnings on a message begin that say that not all of the mail is here."""


class State(StrEnum):
    """Where a mail on the server is on the desk.

    elsewhere: a mail of our own that belongs to no ticket. missing: the desk cannot show it, and should.
    """

    TICKET = "ticket"
    PARKED = "parked"
    ERASED = "erased"
    ELSEWHERE = "elsewhere"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Found:
    """What is known of one mail on the server, in words where there is something to say.

    `is_new`: nobody took it in, so that the next whole look does.
    """

    place: Place
    state: State
    ticket: TicketNumber | None = None
    reason: str = ""
    is_new: bool = False


@dataclass(slots=True)
class Looked:
    """A folder that was looked at whole: its mails by state, and how many that the ledger knows are there no more."""

    mailbox: str
    folder: str
    counts: Counter[State] = field(default_factory=Counter[State])
    gone: int = 0
    notice: str = ""


@dataclass(frozen=True, slots=True)
class Unreached:
    """A mailbox, or one folder of it, that could not be looked at, and why."""

    where: str
    error: MailError | ConfigError


def audit(desk: Desk, config: Config, tell: Tell, *, deep: bool) -> Iterator[Found | Looked | Unreached]:
    """Each mail of each watched folder, then that folder; a mailbox that cannot be reached keeps nobody waiting.

    With `deep` the server is also asked for each mail's Message-ID, which tells whether it is still the same mail.

    Raises:
        StorageError: the store cannot be read.
    """
    for account in config.accounts:
        if account.imap is not None:
            yield from _mailbox(desk, account, account.imap, tell, deep=deep)


def _mailbox(
    desk: Desk, account: Account, imap: ImapAccount, tell: Tell, *, deep: bool
) -> Iterator[Found | Looked | Unreached]:
    name = account.mailbox.name
    try:
        with imap_session(imap) as session:
            for folder in watched_folders(name, imap, session):
                try:
                    yield from _Audit(desk, folder, tell, deep=deep).run()
                except ConnectionError:
                    raise
                except MailError as error:
                    yield Unreached(f"{name}, {folder.name}", error)
    except (MailError, ConfigError) as error:
        yield Unreached(name, error)


class _Audit:
    """One folder."""

    def __init__(self, desk: Desk, folder: Folder, tell: Tell, *, deep: bool) -> None:
        self._desk, self._folder, self._tell, self._deep = desk, folder, tell, deep
        self._looked = Looked(folder.mailbox, folder.name)

    def run(self) -> Iterator[Found | Looked]:
        """The server is asked first and the ledger afterwards, so that what comes between is in both."""
        folder, looked = self._folder, self._looked
        with naming_folders(folder.session.folders, folder.name):
            opened = folder.session.open(folder.on_server or folder.name)  # for reading only, whatever else is done
        uids = folder.session.all_uids()
        state = self._desk.store.ledger.folder(folder.mailbox, folder.name)
        judge = _Judge(self._desk, state, opened)
        looked.notice = judge.notice
        joined = self._joined(uids, opened.uidvalidity)
        while batch := list(islice(joined, _BATCH)):
            heads = folder.session.heads([uid for uid, _ in batch]) if self._deep else {}
            for uid, row in batch:
                head = heads.get(uid)
                told = head.message_id if head and not head.is_local else ""
                found = judge.judged(folder.place(opened.uidvalidity, uid), row, told)
                looked.counts[found.state] += 1
                yield found
            self._tell(f"{folder.mailbox}, {folder.name}", looked.counts.total() / len(uids))
        yield looked

    def _joined(self, uids: Sequence[int], uidvalidity: int) -> Iterator[tuple[int, Row | None]]:
        """Each UID on the server with its row; both come in order, and the rows between are of mails that are gone."""
        rows = self._rows(uidvalidity)
        known = next(rows, None)
        for uid in uids:
            while known is not None and known[0] < uid:
                self._looked.gone += 1
                known = next(rows, None)
            if known is not None and known[0] == uid:
                yield uid, known[1]
                known = next(rows, None)
            else:
                yield uid, None
        self._looked.gone += (known is not None) + sum(1 for _ in rows)

    def _rows(self, uidvalidity: int) -> Iterator[tuple[int, Row]]:
        ledger, after = self._desk.store.ledger, 0
        while page := ledger.rows(self._folder.mailbox, self._folder.name, uidvalidity, after=after, limit=_BATCH):
            yield from page
            after = page[-1][0]


class _Judge:
    """Says where a mail is, by its row in the ledger."""

    def __init__(self, desk: Desk, state: FolderState | None, opened: Opened) -> None:
        self._desk = desk
        self._withheld = dict(state.withheld) if state and state.uidvalidity == opened.uidvalidity else {}
        self._next = state.next_uid if state else 1
        self.notice, self._unknown = _standing(state, opened)

    def judged(self, place: Place, row: Row | None, told: str) -> Found:
        """Where the mail at this place is. `told` is its Message-ID, as far as the server was asked for it."""
        found, store = self._judged(place, row, told), self._desk.store
        for _ in range(_MORE_LOOKS):
            if found.state is not State.MISSING:
                break
            with store.snapshot():
                found = self._judged(place, store.ledger.row(place), told)
        return found

    def _judged(self, place: Place, row: Row | None, told: str) -> Found:
        if row is None:
            return self._unfetched(place)
        match row.outcome:
            case Outcome.ERASED if row.entry is None:
                return Found(place, State.ERASED)
            case Outcome.ELSEWHERE:
                return Found(place, State.ELSEWHERE)
            case Outcome.PARKED:
                return self._parked(place, row, told)
            case _:
                return self._on_ticket(place, row, told)

    def _unfetched(self, place: Place) -> Found:
        if place.uid in self._withheld:
            looks = self._withheld[place.uid]
            times = f"{looks} times" if looks > 1 else "once"
            return Found(place, State.PARKED, None, f"{NOT_GIVEN}; it was asked for {times}")
        is_late = place.uid < self._next and not self._unknown
        why = "the ledger does not know it, though it knows later ones" if is_late else self._unknown
        return Found(place, State.MISSING, None, why or "not fetched yet", is_new=True)

    def _parked(self, place: Place, row: Row, told: str) -> Found:
        mail = self._desk.store.parked.with_raw(row.raw) if row.raw else None
        if mail is None:
            return Found(place, State.MISSING, None, "the ledger says that it is parked, and it is not")
        if why := self._trouble(row.raw, told):
            return Found(place, State.MISSING, None, f"it is parked, but {why}")
        return Found(place, State.PARKED, None, _why_parked(mail))

    def _on_ticket(self, place: Place, row: Row, told: str) -> Found:
        message = None if row.entry is None else self._desk.store.conversations.get(row.entry)
        ticket = self._desk.store.tickets.get(message.ticket) if isinstance(message, Message) else None
        if not isinstance(message, Message):
            return Found(place, State.MISSING, None, f"the ledger says “{row.outcome}”, but its message is not there")
        if ticket is None:
            return Found(place, State.MISSING, None, f"its message is there, but ticket {message.ticket} is not")
        number = goes_on_as(self._desk, ticket).number
        raw = row.raw or message.raw
        if message.redacted and not raw:
            return Found(place, State.TICKET, number, "parts of it were erased")
        cure = f"`tandem load {message.ticket} {message.id}` fetches it again; else bring it back from a backup"
        if why := self._trouble(raw, told, cure) or self._trouble_whole(message, raw, cure):
            return Found(place, State.MISSING, number, f"its message is on ticket {number}, but {why}")
        incomplete = next((each for each in message.defects if each.startswith(_INCOMPLETE)), "")
        state = State.PARKED if incomplete.startswith(NOT_GIVEN) else State.TICKET
        return Found(place, state, number, incomplete)

    def _trouble_whole(self, message: Message, raw: str, cure: str) -> str:
        """What is wrong with a mail that was loaded whole, where only its beginning was fetched later."""
        return self._trouble(message.raw, "", cure) if message.raw not in ("", raw) else ""

    def _trouble(self, raw: str, told: str, cure: str = "") -> str:
        """What is wrong with the bytes of a mail, by their sha256, as the end of a sentence, and what to do."""
        try:
            data = self._desk.blobs.get(raw)
        except StoreDamaged as error:
            return f"{error.message} ({(raw and cure) or error.hint})"
        except (StoreUnreachable, ValueError) as error:
            return str(error)
        if not told:
            return ""
        kept = scan_head(data[:SCANNED], "")
        if kept.local_id or kept.message_id == told:
            return ""
        return f"the server has another mail under this number now: {told}, not {kept.message_id}"


def _standing(state: FolderState | None, opened: Opened) -> tuple[str, str]:
    """What is to be said of the whole folder, and why a mail in it is not known."""
    if state is None:
        return "nobody has looked into this folder yet: `tandem sync`", "not fetched yet"
    if state.uidvalidity != opened.uidvalidity:
        why = "the mail server numbered all mails anew"
        return f"{why} (UIDVALIDITY): `tandem sync` compares them, none comes in twice", why
    if opened.uidnext < state.next_uid:
        return "the mail server went back to numbers that it had used: `tandem sync` compares all mails", ""
    return "", ""


def _why_parked(mail: ParkedMail) -> str:
    dropped = f"dropped by {mail.settled.by}; " if mail.settled else ""
    return f"{dropped}{mail.reason}"
