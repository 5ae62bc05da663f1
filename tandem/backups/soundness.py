"""Whether a store can become a desk's, asked alike of a backup that was just made and of one that is restored."""

from __future__ import annotations

import logging

from storage.errors import StoreDamaged
from storage.shared import SharedStore

log = logging.getLogger("tandem.backups")


def make_sound(store: SharedStore) -> None:
    """Look at all of a store that nobody else has open; what only follows from its documents is made anew if need be.

    Raises:
        StoreDamaged: a desk cannot work with it, or it does something by itself; says what.
    """
    store.refuse_strangers()
    try:
        store.examine()
    except StoreDamaged:
        log.exception("a copy of a store is not in order; its indexes and full text are made anew")
        store.rebuild()
        store.examine()
