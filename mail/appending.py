"""Putting a copy of a mail into a folder, and finding out whether one is there already (RFC 9051 6.3.12, 6.4.4).

A search is never believed alone: some servers find any mail that holds a part of the words, some find nothing of what
came a moment ago. So the heads of what was found are read, and those of the newest mails too.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime

from imapclient import SEEN

from desk.errors import MailError, MailUnreachable
from mail.answers import LAST_UID
from mail.client import Client
from mail.threads import LONGEST_ID, Thread

NEWEST = 20
"""How many of the newest mails are looked at whatever the search says."""

_MOST_FOUND = 20
"""How many of the mails that a search names are looked at, the newest ones."""


def append(client: Client, folder: bytes, raw: bytes, at: datetime) -> None:
    """Put a mail into the folder with this raw name, as read, with `at` as its INTERNALDATE.

    Raises:
        MailUnreachable: the connection broke off: the mail may be there, or not.
        MailError: the server does not take it.
    """
    with client.asking():
        client.append(folder, raw, (SEEN,), at)


def holds(
    client: Client,
    message_ids: Collection[str],
    uidnext: int,
    heads: Callable[[Sequence[int]], dict[int, Thread]],
) -> bool | None:
    """Whether the open folder holds a mail with one of these Message-IDs; None: the server cannot search for them.

    `uidnext` is what the folder said when it was opened, `heads` asks for the heads of mails by UID.
    """
    wanted = {each for each in message_ids if _is_plain(each)}
    newest = range(max(1, min(uidnext, LAST_UID) - NEWEST), min(uidnext, LAST_UID))
    if _named(heads(newest), wanted):
        return True
    try:
        found = {uid for each in sorted(wanted) for uid in _search(client, each)}
    except MailUnreachable:
        raise
    except MailError:
        return None
    return _named(heads(sorted(found)[-_MOST_FOUND:]), wanted)


def _search(client: Client, message_id: str) -> list[int]:
    escaped = message_id.replace("\\", "\\\\").replace('"', '\\"')
    with client.asking():
        found: Iterable[int] = client.search(f'HEADER Message-ID "{escaped}"')
    return [uid for uid in found if 0 < uid <= LAST_UID]


def _is_plain(message_id: str) -> bool:
    """Whether an id can stand in a command; servers give ids of their own, which are as untrusted as any mail."""
    return 0 < len(message_id) <= LONGEST_ID and message_id.isascii() and message_id.isprintable()


def _named(heads: dict[int, Thread], wanted: set[str]) -> bool:
    return any(not wanted.isdisjoint((each.message_id, *each.alike)) for each in heads.values())
