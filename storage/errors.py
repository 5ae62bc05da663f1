"""The failures of the store: those of desk.errors, and one that only writers of documents can meet.

Translated here: nothing. `storage.sqlite.session` translates SQLite's errors, `storage.files` the operating system's.
"""

from __future__ import annotations

from desk.errors import (
    IndexDamaged,
    StaleWrite,
    StorageError,
    StoreBusy,
    StoreDamaged,
    StoreReplaced,
    StoreTooNew,
    StoreUnreachable,
)

__all__ = [
    "IndexDamaged",
    "StaleWrite",
    "StorageError",
    "StoreBusy",
    "StoreDamaged",
    "StoreReplaced",
    "StoreTooNew",
    "StoreUnreachable",
    "Unstorable",
]


class Unstorable(StorageError, TypeError):
    """A document holds something that JSON has no form for, such as a datetime; nothing was written."""
