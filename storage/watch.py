"""What changed in the store since one last looked, whoever changed it."""

from __future__ import annotations

from storage.database import TicketStore

_TOO_MANY = 5_000


class Watch:
    """Follows the store's feed of changes for one thread, which asks again and again; nothing before now is told.

    Nothing is told any more once a newer Tandem has upgraded the store, or another file is in its place: StoreTooNew
    or StoreReplaced is raised, each time.

    Asking compares the store's revision with the last one seen: some microseconds, and right for every writer, be it
    another process, another thread, or the asking thread itself.
    """

    def __init__(self, store: TicketStore) -> None:
        self._store = store
        self._seen = store.revision()
        store.engine.refuse_outdated()

    def poll(self) -> frozenset[tuple[str, int]] | None:
        """(collection, id) of all that changed since the last call.

        None means that everything is to be read again: the feed no longer reaches back that far, or there is too much
        to tell.  Inside a transaction nothing is told, since that may be taken back; it is told afterwards.

        Raises:
            StoreTooNew, StoreReplaced: it is another store than was opened; this process must start again.
        """
        if self._store.engine.is_writing:
            return frozenset()
        self._store.engine.refuse_outdated()  # a file that was replaced changes no more
        revision, seen = self._store.revision(), self._seen
        if revision == seen:
            return frozenset()
        self._store.engine.refuse_outdated()  # an upgrade is a change too
        self._seen = revision
        changes = self._store.changes(seen) if revision - seen <= _TOO_MANY else []
        if not changes or changes[0].revision != seen + 1:
            return None
        return frozenset((change.collection, change.id) for change in changes)
