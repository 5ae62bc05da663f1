"""Pieces of a line of the list, and how they are cut on terminal cells; pure."""

from __future__ import annotations

from enum import StrEnum

from rich.cells import cell_len, set_cell_size

from tui.style.signs import Signs


class Role(StrEnum):
    """What a piece of a row is, for the colours. Each is also told by a word or a sign."""

    PLAIN = "plain"
    MUTED = "muted"
    STRONG = "strong"
    ACCENT = "accent"
    WARNING = "warning"


Piece = tuple[str, Role]


def cell(text: str, width: int, signs: Signs) -> str:
    """A text in so many cells: cut, or with blanks behind it."""
    return set_cell_size(cut(text, width, signs), width)


def cut(text: str, width: int, signs: Signs) -> str:
    """A text in so many cells at most, with a sign where it was cut."""
    if width <= 0:
        return ""
    return text if cell_len(text) <= width else set_cell_size(text, width - 1) + signs.cut


def fitted(pieces: list[Piece], width: int) -> list[Piece]:
    """Cut from the right what does not fit, and join what looks the same: each piece costs bytes on a slow line."""
    joined: list[Piece] = []
    room = width
    for text, role in pieces:
        kept = text if cell_len(text) <= room else set_cell_size(text, room)
        room -= cell_len(kept)
        _join(joined, kept, role)
    _join(joined, " " * room, Role.PLAIN)
    return joined


def _join(pieces: list[Piece], text: str, role: Role) -> None:
    """Add a piece, to the one before where they have the same role or one of them is blank."""
    if not text:
        return
    if pieces and (pieces[-1][1] is role or text.isspace() or pieces[-1][0].isspace()):
        before, its_role = pieces.pop()
        text, role = before + text, its_role if text.isspace() else role
    pieces.append((text, role))
