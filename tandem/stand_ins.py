"""Mails that the server does not give: a ticket says so, and they are asked for again until they come."""

from __future__ import annotations

import logging

from desk.desk import Desk
from desk.errors import MailError, MailUnreachable
from desk.incoming import NOT_GIVEN, Fetched, Place
from desk.intake.stand_ins import ask_last, put_stand_in, stand_in_of, stood_in, take_in_instead
from mail.heads import scan_head
from tandem.counts import Counts
from tandem.filing import Filing
from tandem.folder import Folder, Progress
from tandem.handled import handle
from tandem.workshop import Workshop

log = logging.getLogger("tandem.fetching")

NOT_FETCHED = "(a mail that could not be fetched)"
"""The subject of a ticket that stands for a mail on the server."""

MOST_ASKED = 50
"""Such mails of a folder that are asked for at one whole look; the others have their turn at the next."""


def stand_in_for(desk: Desk, place: Place, why: str, counts: Counts) -> None:
    """A ticket for a mail that cannot be had, so that somebody looks for it where it lies.

    What is kept as its bytes are the words about it; they name the place, so that two such mails are never one.
    """
    where = f"{place.mailbox}, {place.folder}, UID {place.uid}, UIDVALIDITY {place.uidvalidity}"
    words = (
        f"{NOT_GIVEN} ({where}): {why}; Tandem asks for it again; until it comes, look at it there with another program"
    )
    log.error("%s", words)
    raw = f"Subject: {NOT_FETCHED}\r\n\r\n{words}\r\n".encode()
    if taken := put_stand_in(desk, Fetched(place, raw, desk.clock()), scan_head(raw, words), desk.blobs.put(raw)):
        counts.add(taken)


def ask_again(desk: Desk, folder: Folder, workshop: Workshop, progress: Progress) -> None:
    """Ask for the mails of a folder that tickets stand for, one by one, and take in those that come.

    What was asked for is asked for last the next time, so that one which breaks the connection, as it does again,
    keeps no other waiting for ever.

    Raises:
        MailError: the server broke off, or does not open the folder; what came is taken in.
        StorageError: the store cannot be written.
    """
    state = stood_in(desk, folder.mailbox, folder.name)
    if state is None or folder.open().uidvalidity != state.uidvalidity:
        return
    there = frozenset(folder.session.all_uids())
    asked: list[int] = []
    try:
        for uid in [uid for uid in state.stood_in if uid in there][:MOST_ASKED]:
            if progress.stop():
                break
            asked.append(uid)
            ask_for(desk, folder, folder.place(state.uidvalidity, uid), workshop, progress)
    finally:
        ask_last(desk, folder.mailbox, folder.name, tuple(asked))
    handle(desk, folder, state.uidvalidity)


def ask_for(desk: Desk, folder: Folder, place: Place, workshop: Workshop, progress: Progress) -> str:
    """Ask for one such mail in its folder, which is open, and take it in; else returns why it was not given.

    Raises:
        MailUnreachable: the server broke off.
        StorageError: the store cannot be written.
    """
    left = {place.uid: ""}
    filing = Filing(desk, folder, workshop, progress, place.uidvalidity, left, door=take_in_instead)
    try:
        filing.take_in_again(place.uid)
    except MailUnreachable:
        raise
    except MailError as error:
        return error.message
    if stand_in_of(desk, place) is None:
        return ""
    return left.get(place.uid) or "the server has this mail no longer"
