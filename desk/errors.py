"""Everything Tandem may say no with.

    TandemError(message, hint)
    ├── RefusedError                what was asked cannot be done (exit code 1)
    │   ├── NoSuchTicket  NoSuchAgent  NoSuchEntry
    │   ├── AlreadySettled          the parked mail was let in or dropped before
    │   ├── MergedAway              another ticket goes on for this one
    │   ├── AlreadyAssigned         a colleague took the ticket, or gave it to somebody, since it was seen
    │   ├── NoAgent                 nobody said who is acting
    │   ├── TicketMoved             somebody wrote on the ticket, or changed it, since it was read
    │   ├── NoteMoved               the note was edited or taken back since it was read
    │   ├── ProfileMoved            a colleague edited the same of a customer since it was read
    │   ├── DraftMoved              the draft being written is held elsewhere now, or gone
    │   ├── GapsLeft                a reply still holds ⟦marked gaps⟧
    │   ├── UndoTooLate  NothingToUndo  RedoTooLate  NothingToRedo
    │   └── BadQuery                a search that cannot be read, with its column
    ├── MacroError                  a macro file that cannot be used, with path and line
    ├── ConfigError                 a setting that cannot be used, with path and key
    ├── MailError                   the mail server refused or is away (exit code 4)
    │   ├── MailUnreachable         (also a ConnectionError)
    │   └── LoginRefused
    └── StorageError                the ticket store failed
        ├── StoreBusy               somebody else is writing (exit code 3)
        ├── StoreUnreachable        cannot be opened or written (exit code 3)
        ├── StoreDamaged
        │   └── IndexDamaged        only what `tandem reindex` makes anew; no document
        ├── StoreOutdated           this process must be started anew
        │   ├── StoreTooNew         a newer Tandem wrote it
        │   └── StoreReplaced       another file is in its place
        └── StaleWrite              the document changed since it was read

`message` is one sentence: what is wrong and where. `hint` is what to do about it.
Bad mail is data, never an exception.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desk.draft import Draft
    from desk.lost import Lost
    from desk.parked import ParkedMail, Settled
    from desk.people import Handle
    from desk.profiles import Profile, ProfileField
    from desk.reversal.older import Older


class TandemError(Exception):
    """A failure that a person is told about in one sentence."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message

    def reworded(self, message: str, hint: str) -> Self:
        """The same failure in other words, with whatever else it knows."""
        other = type(self).__new__(type(self))
        vars(other).update(vars(self))
        TandemError.__init__(other, message, hint)
        return other


class RefusedError(TandemError):
    """The desk will not do what was asked; nothing was changed."""


class NoSuchTicket(RefusedError):
    """There is no ticket with this number."""

    def __init__(self, number: int) -> None:
        super().__init__(f"there is no ticket {number}", "`tandem list is:open or is:closed` shows what there is")
        self.number = number


class MergedAway(RefusedError):
    """Another ticket goes on for this one, so that nothing is done to it any more."""

    def __init__(self, number: int, into: int) -> None:
        super().__init__(f"ticket {number} was merged into {into}", f"go on there: `tandem show {into}`")
        self.number, self.into = number, into


class AlreadyAssigned(RefusedError):
    """A colleague took the ticket, or gave it to somebody, after the agent last saw whose it is.

    `holder` has it now, `by` saw to that; `me` is the agent who is told.
    """

    def __init__(self, number: int, holder: Handle, by: Handle, me: Handle) -> None:
        what, hint = f"{by} has just taken {number}", f"again takes it from {holder}"
        if holder == me:
            what, hint = f"{by} has just given {number} to you", "again gives it away"
        elif holder != by:
            what = f"{by} has just given {number} to {holder}"
        super().__init__(what, hint)
        self.number, self.holder, self.by = number, holder, by


class NoSuchAgent(RefusedError):
    """Nobody on this desk has this handle."""

    def __init__(self, handle: str, known: tuple[str, ...]) -> None:
        names = ", ".join(known) or "nobody yet"
        super().__init__(f"there is no agent “{handle}” on this desk", f"known: {names}")
        self.handle = handle


class NoSuchEntry(RefusedError):
    """There is no message, note or outbox entry with this id."""

    def __init__(self, what: str, entry: int) -> None:
        super().__init__(f"there is no {what} {entry}")
        self.entry = entry


class AlreadySettled(RefusedError):
    """A parked mail was let in or dropped before."""

    def __init__(self, mail: ParkedMail, settled: Settled) -> None:
        when = f"{settled.at:%Y-%m-%d %H:%M} UTC"
        what = f"parked mail {mail.id} was {settled.fate} by {settled.by} at {when}"
        if settled.ticket:
            what = (
                f"parked mail {mail.id} was {settled.fate} by {settled.by} at {when}; it is on ticket {settled.ticket}"
            )
        super().__init__(what)
        self.settled = settled


class NoAgent(RefusedError):
    """An action needs an author and none was given."""

    def __init__(self, login: str) -> None:
        super().__init__(
            f"no agent of this desk has the login “{login}”, so it is not clear who is acting",
            "say who with --agent HANDLE or TANDEM_AGENT, or `tandem agents edit HANDLE --login LOGIN`",
        )


class TicketMoved(RefusedError):
    """Somebody wrote on the ticket, or changed it, after the agent last saw it.

    `expected` is the newest entry the agent had seen, `found` the newest that matters and `by` whose that is. `what`
    tells all of it in words: “Dana Petrova wrote 2 mails, bo wrote a note”.
    """

    def __init__(self, number: int, expected: int, found: int, by: str, what: str) -> None:
        super().__init__(
            f"ticket {number} moved since you looked at it: {what}",
            f"read it with `tandem show {number}`, then try again",
        )
        self.number, self.expected, self.found, self.by, self.what = number, expected, found, by, what


class NoteMoved(RefusedError):
    """The note is not the one that was read: its words changed, or it was taken back.

    `expected` is the version that was read, `found` the one there is (None: it was taken back).
    """

    def __init__(self, entry: int, number: int, expected: int, found: int | None) -> None:
        what = f"note {entry} on ticket {number} was taken back"
        if found is not None:
            what = f"note {entry} on ticket {number} was edited since you read it (version {expected}, now {found})"
        super().__init__(what, f"read it with `tandem show {number}`")
        self.entry, self.number, self.expected, self.found = entry, number, expected, found


class ProfileMoved(RefusedError):
    """A colleague gave a field of a customer's profile another value since it was read; nothing was changed.

    `fields` are those that both want to change.
    """

    def __init__(self, address: str, profile: Profile, fields: Sequence[ProfileField], by: str) -> None:
        what = f"{by} changed {', '.join(fields)} of {address} since you read it; nothing was changed"
        super().__init__(what, f"`tandem customers show {address}` shows it as it is now")
        self.profile, self.fields, self.by = profile, tuple(fields), by


class DraftMoved(RefusedError):
    """A text was not saved as the draft: somebody else holds that now, or it is gone.

    `lost` is what became of it; `aside` is where the text is kept for its author (None: there was none).
    """

    def __init__(self, number: int, lost: Lost, aside: Draft | None) -> None:
        kept = "what you wrote is kept aside; " if aside else ""
        super().__init__(f"ticket {number}: {lost.words}", f"{kept}take the draft over to go on")
        self.number, self.lost, self.aside = number, lost, aside


class GapsLeft(RefusedError):
    """A text for a customer still holds marked gaps."""

    def __init__(self, gaps: tuple[str, ...]) -> None:
        marked = ", ".join(gaps)
        super().__init__(f"not sent: {len(gaps)} gap(s) left: {marked}", "fill or delete what stands in ⟦ ⟧")
        self.gaps = gaps


class UndoTooLate(RefusedError):
    """What was done can no longer be taken back, and why. `older` is what was done before that and still can be."""

    older: Older | None = None


class NothingToUndo(RefusedError):
    """This agent has done nothing that could be taken back."""

    def __init__(self) -> None:
        super().__init__("there is nothing of yours to undo")


class RedoTooLate(RefusedError):
    """What was taken back can no longer be done again, and why."""


class NothingToRedo(RefusedError):
    """This agent has taken nothing back, or has done something else since."""

    def __init__(self, *, since: bool) -> None:
        reason = "nothing to redo: you have done something else since" if since else "there is nothing of yours to redo"
        super().__init__(reason)


_SHOWN = 40
"""Characters of a query that are repeated before and after the mistake."""


class BadQuery(RefusedError):
    """A search that cannot be read. `column` counts from 1; `fault` is what is wrong there, without the place."""

    def __init__(self, message: str, query: str, column: int, hint: str = "") -> None:
        start = max(0, column - _SHOWN)
        cut = "…" * (start > 0) + query[start : column + _SHOWN] + "…" * (column + _SHOWN < len(query))
        super().__init__(f"column {column} of “{cut}”: {message}", hint)
        self.query, self.column, self.fault = query, column, message


class MacroError(TandemError):
    """A macro file that cannot be used. `line` counts from 1; 0 where no line is to blame."""

    def __init__(self, path: str, line: int, message: str, hint: str = "") -> None:
        where = f"{path}:{line}" if line else path
        super().__init__(f"{where}: {message}", hint)
        self.path, self.line = path, line


class ConfigError(TandemError):
    """A setting that is missing or cannot be used; `place` says where, in short: `config.toml:7: undo_seconds`."""

    def __init__(self, path: str, key: str, message: str, hint: str = "") -> None:
        super().__init__(f"{path}: {key}: {message}" if key else f"{path}: {message}", hint)
        self.path, self.key, self.place = path, key, ": ".join(filter(None, (path.rpartition("/")[2], key)))

    def on_line(self, line: int) -> ConfigError:
        """The same with the line on which the setting stands."""
        said = ConfigError(self.path, self.key, "", self.hint)
        said.message = f"{self.path}:{line}{self.message.removeprefix(self.path)}"
        name = self.path.rpartition("/")[2]
        said.place = f"{name}:{line}{self.place.removeprefix(name)}"
        return said


class MailError(TandemError):
    """The mail server refused, misbehaved, or cannot be reached."""


class MailUnreachable(MailError, ConnectionError):
    """No conversation with the mail server was possible, or it broke off.

    `retry_after` is how many seconds the server itself asked to be left alone, if it did; `uid` is the mail that was
    being read when the conversation broke off, if there was one.
    """

    def __init__(
        self, message: str, hint: str = "", *, retry_after: float | None = None, uid: int | None = None
    ) -> None:
        super().__init__(message, hint)
        self.retry_after, self.uid = retry_after, uid


class LoginRefused(MailError):
    """The mail server does not accept the user name and password."""


class StorageError(TandemError):
    """The ticket store could not do its work; nothing was half done."""


class StoreBusy(StorageError):
    """Another process held the store's lock for longer than we wait."""


class StoreUnreachable(StorageError):
    """The store cannot be opened, read or written from here."""


class StoreDamaged(StorageError):
    """The store or a mail file is not what it was when it was written."""


class IndexDamaged(StoreDamaged):
    """What follows from the documents, an index or the full text, is not true to them; they themselves are sound."""


class StoreOutdated(StorageError):
    """The store is no longer the one that this process opened, so nothing can be written: only starting anew helps."""


class StoreTooNew(StoreOutdated):
    """The store was written by a newer Tandem, be it since this process opened it."""


class StoreReplaced(StoreOutdated):
    """Another file is in the place of the store that this process has open."""


class StaleWrite(StorageError):
    """The document changed since it was read; `current` is what it is now (None: removed)."""

    def __init__(self, collection: str, doc_id: int, current: object) -> None:
        super().__init__(f"{collection}/{doc_id} changed since it was read", "read it again")
        self.collection, self.doc_id, self.current = collection, doc_id, current
