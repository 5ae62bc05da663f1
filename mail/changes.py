"""What may be changed on an IMAP server, each time for named mails only: read marks, and the folder they lie in.

A plain EXPUNGE, which would also remove what somebody else marked, is never sent. All of it may be repeated, and a
mail that is gone is no trouble.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from desk.errors import MailError
from mail.answers import codes, of_set, to_number, to_set
from mail.dialogue import Dialogue, Reply, quoted
from mail.fetches import still_there
from mail.loading import ASKED_AT_ONCE, Moved


def mark_seen(dialogue: Dialogue, uids: Sequence[int]) -> None:
    """Mark mails of the open folder as read."""
    for some in _chunks(uids):
        dialogue.run(b"UID STORE " + to_set(some) + b" +FLAGS.SILENT (\\Seen)")


def move(dialogue: Dialogue, uids: Sequence[int], folder: bytes) -> Moved:
    """Move mails of the open folder to the one with this raw name (RFC 6851, else RFC 4315).

    Raises:
        MailError: there is no such folder, or the server can move nothing without touching other mails.
    """
    if not (dialogue.can("MOVE") or dialogue.can("UIDPLUS")):
        raise MailError(
            f"{dialogue.where} can move no mail without touching others' (it offers neither MOVE nor UIDPLUS)",
            "leave move_to empty for this mailbox",
        )
    moved = Moved()
    for some in _chunks(uids):
        if there := sorted(still_there(dialogue, some)):
            told = _move_some(dialogue, to_set(there), quoted(folder))
            moved = Moved(told.uidvalidity or moved.uidvalidity, {**moved.uids, **told.uids})
    return moved


def _move_some(dialogue: Dialogue, uids: bytes, folder: bytes) -> Moved:
    if dialogue.can("MOVE"):
        return _new_places(dialogue.run(b"UID MOVE %b %b" % (uids, folder)))
    moved = _new_places(dialogue.run(b"UID COPY %b %b" % (uids, folder)))
    dialogue.run(b"UID STORE " + uids + b" +FLAGS.SILENT (\\Deleted)")
    dialogue.run(b"UID EXPUNGE " + uids)
    return moved


def _new_places(reply: Reply) -> Moved:
    """COPYUID, which stands before the end with MOVE and in the end with COPY; a server need not tell it."""
    lines = [*(answer.line for answer in reply.answers if answer.line[:5].upper() == b"* OK "), reply.said]
    words = codes(lines).get(b"COPYUID", b"").split()
    if len(words) != len(("uidvalidity", "old", "new")):
        return Moved()
    old, new = of_set(words[1]), of_set(words[2])
    return Moved(to_number(words[0]), dict(zip(old, new, strict=True))) if len(old) == len(new) else Moved()


def _chunks(uids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(uids), ASKED_AT_ONCE):
        yield uids[start : start + ASKED_AT_ONCE]
