"""What may be changed on an IMAP server, each time for named mails only: read marks, and the folder they lie in.

A plain EXPUNGE, which would also remove what somebody else marked, is never sent. All of it may be repeated, and a
mail that is gone is no trouble.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from imapclient import DELETED, SEEN

from desk.errors import MailError
from mail.answers import of_set, to_number, to_set
from mail.client import Client
from mail.loading import ASKED_AT_ONCE, Moved


def mark_seen(client: Client, uids: Sequence[int]) -> None:
    """Mark mails of the open folder as read."""
    for some in _chunks(uids):
        with client.asking():
            client.add_flags(to_set(some), SEEN, silent=True)


def move(client: Client, uids: Sequence[int], folder: bytes) -> Moved:
    """Move mails of the open folder to the one with this raw name (RFC 6851, else RFC 4315).

    Raises:
        MailError: there is no such folder, or the server can move nothing without touching other mails.
    """
    offers = client.offers()
    if not ("MOVE" in offers or "UIDPLUS" in offers):
        raise MailError(
            f"{client.line.where} can move no mail without touching others' (it offers neither MOVE nor UIDPLUS)",
            "leave move_to empty for this mailbox",
        )
    moved = Moved()
    for some in _chunks(uids):
        if there := client.still_there(some):
            told = _move_some(client, to_set(there), folder, at_once="MOVE" in offers)
            moved = Moved(told.uidvalidity or moved.uidvalidity, {**moved.uids, **told.uids})
    return moved


def _move_some(client: Client, uids: bytes, folder: bytes, *, at_once: bool) -> Moved:
    with client.asking():
        (client.move if at_once else client.copy)(uids, folder)
        moved = _new_places(client)
    if not at_once:
        with client.asking():
            client.add_flags(uids, DELETED, silent=True)
            client.uid_expunge(uids)
    return moved


def _new_places(client: Client) -> Moved:
    """COPYUID, which a server need not tell."""
    _, told = client.line.response("COPYUID")
    words = told[-1].split() if told and isinstance(told[-1], bytes) else []
    if len(words) != len(("uidvalidity", "old", "new")):
        return Moved()
    old, new = of_set(words[1]), of_set(words[2])
    return Moved(to_number(words[0]), dict(zip(old, new, strict=True))) if len(old) == len(new) else Moved()


def _chunks(uids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(uids), ASKED_AT_ONCE):
        yield uids[start : start + ASKED_AT_ONCE]
