"""Take a file along: its bytes are copied into the blobs, so that what becomes of the file itself is no matter."""

from __future__ import annotations

from dataclasses import replace

from desk.desk import Desk
from desk.wording import Enclosure, Wording


def enclose(desk: Desk, name: str, data: bytes) -> Enclosure:
    """Copy a file's bytes; on disk when this returns. `name` is its base name, as whoever gets the mail sees it.

    Raises:
        StorageError: they cannot be written.
    """
    return Enclosure(name, desk.blobs.put(data), len(data))


def attach(desk: Desk, wording: Wording | None, name: str, data: bytes) -> Wording:
    """What was chosen so far (None: nothing), and this file.

    Raises:
        StorageError: as `enclose`.
    """
    chosen = wording or Wording()
    return replace(chosen, enclosures=(*chosen.enclosures, enclose(desk, name, data)))
