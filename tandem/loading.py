"""All of a mail that was too large to be fetched at first, when somebody asks for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing

from desk.actions.complete import complete, incomplete
from desk.conversation import EntryId, Message
from desk.errors import MailError, MailUnreachable
from desk.incoming import Place
from mail.reading import WorkerReader
from tandem.config import ImapAccount
from tandem.connections import imap_session
from tandem.wiring import Office

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
    raw = _fetched(office, office.desk.store.ledger.places(entry), beginning)
    with WorkerReader() as reader:
        read = reader.read(raw)
    [digest, *_] = office.desk.blobs.put_many([raw, *read.files])
    return complete(office.desk, entry, read, digest)


def _fetched(office: Office, places: Iterable[Place], beginning: bytes) -> bytes:
    """The bytes of the mail that begins so, from the newest place where it can be had."""
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
        if raw.startswith(beginning):
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
