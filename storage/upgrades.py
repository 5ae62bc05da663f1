"""What must happen to the documents of an older store before this version works on it.

Collections, columns, indexes and full text that a new schema adds appear by themselves (`storage.sqlite_ddl`). Here is
only what they cannot know: how documents change their shape.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storage.database import TicketStore

Step = Callable[["TicketStore"], None]
"""Brings documents from one version's shape into the next one's, inside a transaction. It must bear being run on
documents that have the new shape already."""

STEPS: Mapping[int, tuple[Step, ...]] = {}
"""By the version that they lead to."""
