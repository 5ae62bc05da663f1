"""Folders of an IMAP account: their names as a person reads them and as commands need them, and what each is for.

Names travel in modified UTF-7 (RFC 3501 5.1.3); what a folder is for is told by SPECIAL-USE (RFC 6154), never guessed
from its name, which is in the account's language. A name is only ever text: no path, no pattern, no command.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from imapclient import imap_utf7

from desk.errors import MailError
from desk.safe import safe_line

Use = Literal["", "Sent", "Archive", "Trash", "Junk", "Drafts", "All", "Flagged", "Important"]
"""What a folder is for; empty: for nothing that the server tells."""

_USES: dict[str, Use] = {
    "\\sent": "Sent",
    "\\archive": "Archive",
    "\\trash": "Trash",
    "\\junk": "Junk",
    "\\drafts": "Drafts",
    "\\all": "All",
    "\\flagged": "Flagged",
    "\\important": "Important",
}
_CLOSED = {"\\noselect", "\\nonexistent"}
_NAMES_TOLD = 20


@dataclass(frozen=True, slots=True)
class FolderName:
    """One folder: `raw` is its name in commands, `shown` for people (not yet cleaned for a terminal)."""

    raw: bytes
    shown: str
    use: Use = ""
    is_selectable: bool = True

    @classmethod
    def read(cls, raw: bytes, flags: Sequence[str] = ()) -> FolderName:
        """A folder as a server lists it."""
        lowered = [flag.lower() for flag in flags]
        uses: list[Use] = [_USES[flag] for flag in lowered if flag in _USES]
        is_selectable = _CLOSED.isdisjoint(lowered)
        return cls(raw, decoded(raw), uses[0], is_selectable) if uses else cls(raw, decoded(raw), "", is_selectable)


def decoded(raw: bytes) -> str:
    """A name in modified UTF-7 as text; one that is not written so is shown as it stands."""
    try:
        raw.decode("ascii")
        shown = imap_utf7.decode(raw)
        shown.encode()  # half a character is none
    except ValueError:
        return raw.decode("utf-8", "replace")
    return shown


def encoded(name: str) -> bytes:
    """A name as commands need it."""
    return imap_utf7.encode(name)


def raw_name(folder: str | FolderName) -> bytes:
    """What a command calls this folder; INBOX is one name however it is spelled (RFC 9051 5.1).

    Raises:
        MailError: no command can name it.
    """
    name = "INBOX" if isinstance(folder, str) and folder.upper() == "INBOX" else folder
    raw = encoded(name) if isinstance(name, str) else name.raw
    if not raw.isascii() or any(byte in raw for byte in b"\r\n\0"):
        raise MailError(f"there is no way to name this folder to a mail server: {safe_line(decoded(raw))}")
    return raw


def quoted(raw: bytes) -> str:
    """A raw name as it stands in a command."""
    return '"' + raw.decode("ascii").replace("\\", "\\\\").replace('"', '\\"') + '"'


def folder_for(use: Use, folders: Sequence[FolderName], wanted: str = "auto") -> FolderName | None:
    """The folder that serves a use: the `wanted` one, or with "auto" the one that the server names for it.

    None where "auto" finds nothing, or with "none".

    Raises:
        MailError: the wanted folder is not on the server.
    """
    if wanted == "none":
        return None
    if wanted == "auto":
        return next((each for each in folders if each.use == use and each.is_selectable), None)
    raw = raw_name(wanted)
    for each in folders:
        if raw in (each.raw, raw_name(each.shown)) and each.is_selectable:
            return each
    known = ", ".join(safe_line(each.shown) for each in folders[:_NAMES_TOLD] if each.is_selectable)
    raise MailError(f"there is no folder “{safe_line(wanted)}” on the mail server", f"there are: {known or 'none'}")
