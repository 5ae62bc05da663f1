"""All of a mail that was too large to be fetched at first, or that the server did not give, when somebody asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing

from desk.actions.complete import complete, incomplete
from desk.conversation import EntryId, Message
from desk.errors import MailError, MailUnreachable
from desk.incoming import Place
from desk.intake import Taken
from mail.reading import WorkerReader
from tandem.config import ImapAccount
from tandem.connections import imap_session
from tandem.counts import Counts
from tandem.folder import Progress
from tandem.stand_ins import ask_for
from tandem.watching import watched_folders
from tandem.wiring import Office
from tandem.workshop import Workshop

LARGEST_LOADED = 200_000_000
"""Bytes of a mail that is loaded at all; it is held in memory."""


def load_whole(office: Office, entry: EntryId) -> Message:
    """Fetch a mail piece by piece from where it lies, and put it in the place of its beginning.

    Raises:
        NoSuchEntry, RefusedError: there is no such message, or all of it is here.
        MailError: the server does not have it any more, or does not give it.
        TandemError: it cannot be reached, read or stored, in words.
    """
    beginning = office.desk.blobs.get(incomplete(office.desk, entry).raw)
    raw = fetched(office, office.desk.store.ledger.places(entry), lambda raw: raw.startswith(beginning))
    with WorkerReader() as reader:
        read = reader.read(raw)
    [digest, *_] = office.desk.blobs.put_many([raw, *read.files])
    return complete(office.desk, entry, read, digest)


def load_missing(office: Office, entry: EntryId) -> Taken:
    """Ask for a mail that the server did not give, which this entry stands for, and take it in; what became of it.

    Raises:
        MailError: the server does not have it any more, or does not give it.
        TandemError: it cannot be reached, read or stored, in words.
    """
    accounts = {each.mailbox.name: each.imap for each in office.config.accounts}
    for place in office.desk.store.ledger.places(entry):
        if account := accounts.get(place.mailbox):
            _ask_at(office, account, place)
            if row := office.desk.store.ledger.row(place):
                message = office.desk.store.conversations.get(row.entry) if row.entry is not None else None
                return Taken(row.outcome, message.ticket if message else None, row.entry)
    raise MailError("the mail that this message stands for has come by now, or its mailbox is not watched any more")


def _ask_at(office: Office, account: ImapAccount, place: Place) -> None:
    with closing(imap_session(account)) as session, Workshop(office.desk.blobs) as workshop:
        folders = watched_folders(place.mailbox, account, session)
        folder = next((each for each in folders if each.name == place.folder), None)
        if folder is None:
            raise MailError(f"{place.mailbox}, {place.folder} is not watched any more", "add it to `folders`")
        if folder.open().uidvalidity != place.uidvalidity:
            raise MailError("the mail server has numbered its mails anew since", "`tandem sync` finds this one again")
        if why := ask_for(office.desk, folder, place, workshop, Progress(Counts())):
            raise MailError(f"the mail server does not give this mail: {why}", "look at it there with another program")


def fetched(office: Office, places: Iterable[Place], is_it: Callable[[bytes], bool]) -> bytes:
    """The bytes of a mail, from the first of the places where it can be had and `is_it`.

    Raises:
        MailError: it is at none of them any more.
        TandemError: a server cannot be reached, in words.
    """
    accounts = {each.mailbox.name: each.imap for each in office.config.accounts}
    why = MailError("the mail server has this mail no longer", "look for it with another program, or ask for it again")
    for place in places:
        if (account := accounts.get(place.mailbox)) is None or place.is_imported:
            continue
        try:
            raw = _at(account, place)
        except MailUnreachable:
            raise
        except MailError as error:
            why = error
            continue
        if is_it(raw):
            return raw
    raise why


def _at(account: ImapAccount, place: Place) -> bytes:
    with closing(imap_session(account)) as session:
        if session.open(place.folder).uidvalidity != place.uidvalidity:
            raise MailError("the mail server has numbered its mails anew since", "`tandem sync` finds this one again")
        return b"".join(_bounded(session.load_whole(place.uid)))


def _bounded(pieces: Iterable[bytes]) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > LARGEST_LOADED:
            raise MailError(f"this mail is larger than {LARGEST_LOADED // 1_000_000} MB", "look at it where it lies")
        yield piece
