"""Which columns a list has, by how wide it is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """How wide each column is, in cells; 0: it is left out. `told` says whether trouble is told in words too."""

    numbered: bool = True
    who: int = 16
    priority: int = 0
    tags: int = 0
    mailbox: int = 0
    owner: int = 4
    updated: int = 0
    told: bool = False


_COLUMNS = (
    (160, Columns(who=24, priority=6, tags=26, mailbox=12, owner=8, updated=6, told=True)),
    (130, Columns(who=20, priority=6, tags=20, mailbox=9, owner=8, updated=6, told=True)),
    (100, Columns(who=18, tags=16, owner=6, told=True)),
    (72, Columns()),
    (52, Columns(who=12)),
    (0, Columns(numbered=False, who=10)),
)


def columns(width: int) -> Columns:
    """The columns of a list that is so many cells wide."""
    return next(each for least, each in _COLUMNS if width >= least)
