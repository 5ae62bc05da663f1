"""The shared ticket store as the desk knows it, over one folder's database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from storage.acknowledged import StoredAcknowledgements
from storage.beginnings import StoredBeginnings
from storage.conversations import StoredConversations
from storage.customers import StoredCustomers
from storage.database import TicketStore, open_store
from storage.errors import StoreDamaged
from storage.keys import StoredKeys
from storage.leases import StoredLeases
from storage.ledger import StoredLedger
from storage.outbox import StoredOutbox
from storage.parked import StoredParked
from storage.people import StoredAgents, StoredDrafts, StoredPresences, StoredThrown
from storage.profiles import StoredProfiles
from storage.references import Reference, digests, is_digest, references
from storage.senders import StoredSenders
from storage.threads import StoredThreads
from storage.tickets import StoredTickets
from storage.together import StoredHandovers, StoredMentions, StoredPromises
from storage.tombstones import StoredErasures, StoredTombstones, carry_over
from storage.views import StoredViews
from storage.watch import Watch


class SharedStore:
    """Implements desk.ports.Store; may be used from several threads at once."""

    def __init__(self, store: TicketStore) -> None:
        self._store = store
        self.tickets = StoredTickets(store)
        self.conversations = StoredConversations(store)
        self.outbox = StoredOutbox(store)
        self.senders = StoredSenders(store)
        self.acknowledgements = StoredAcknowledgements(store)
        self.ledger = StoredLedger(store)
        self.parked = StoredParked(store)
        self.threads = StoredThreads(store)
        self.agents = StoredAgents(store)
        self.drafts = StoredDrafts(store)
        self.thrown = StoredThrown(store)
        self.beginnings = StoredBeginnings(store)
        self.views = StoredViews(store)
        self.presences = StoredPresences(store)
        self.mentions = StoredMentions(store)
        self.promises = StoredPromises(store)
        self.handovers = StoredHandovers(store)
        self._keys = StoredKeys(store)
        self.leases = StoredLeases(store)
        self.customers = StoredCustomers(store)
        self.profiles = StoredProfiles(store)
        self.tombstones = StoredTombstones(store)
        self.erasures = StoredErasures(store)

    def secret(self) -> bytes:
        """This desk's own random key, 32 bytes, made when it is first asked for."""
        return self._keys.get("desk")

    def transaction(self) -> AbstractContextManager[None]:
        """One writer at a time everywhere; nests by joining; an exception takes everything back."""
        return self._store.transaction()

    def snapshot(self) -> AbstractContextManager[None]:
        """Several reads of one moment."""
        return self._store.snapshot()

    def watch(self) -> Watch:
        """A feed of what changes from now on, for one asking thread."""
        return Watch(self._store)

    def rest(self) -> None:
        """Give back what this thread's reading took: it reads nothing for a while, and is inside no transaction."""
        self._store.engine.rest()

    def tidy(self) -> None:
        """Forget changes so old that whoever missed them reads everything again."""
        self._store.prune()

    def examine(self) -> None:
        """Read everything and check that it hangs together.

        Raises:
            StoreDamaged: it does not; says where.
        """
        from storage import shapes  # noqa: PLC0415 - few ask for it

        self._store.examine()
        shapes.refuse_unfit(self._store)

    def refuse_strangers(self) -> None:
        """Go on only when nothing inside the store acts by itself but what Tandem made.

        Raises:
            StoreDamaged: something does; says what.
        """
        if found := self._store.engine.strangers():
            raise StoreDamaged(f"the store holds {found[0][:60]!a}, which Tandem did not make", "use another store")

    def writer(self) -> str:
        """Which other process keeps us from writing just now, in words; empty where none does, or nobody knows."""
        return self._store.engine.writer()

    def insist(self, goes_on: Callable[[], bool]) -> None:
        """Let this thread from now on wait for its turn to write, whoever keeps the store, while `goes_on` says so."""
        self._store.engine.insist(goes_on)

    def rebuild(self) -> None:
        """Make everything anew that follows from the documents: indexes, full text, missing columns."""
        self._store.rebuild()

    def scrub(self) -> None:
        """Write the store anew, so that nothing is left in its files of what was removed from it; others wait.

        Raises:
            StoreBusy: somebody reads or writes for longer than our patience; what was removed may still be in the log.
        """
        self._store.engine.scrub()

    def copy_to(self, target: Path) -> None:
        """Write the store, as it is at one moment, into a new file, checked and on disk; others may write meanwhile.

        Raises:
            StorageError: there is such a file already.
            StoreDamaged: the store is damaged, so no copy of it was made.
            StoreUnreachable: the target cannot be written.
        """
        self._store.copy_to(target)

    def carry_erasures(self, after: SharedStore) -> None:
        """Let a store that is going to take this one's place remember what was erased here."""
        carry_over(self._store, after._store)

    def become(self, source: Path, first: Callable[[], object] = lambda: None) -> None:
        """Take on the content of a store in a file, whole or not at all; all who have this store open see it at once.

        `first` is called when nobody can write any more: the last moment to keep what there is.

        Raises:
            StoreTooNew, StoreDamaged, StoreUnreachable: the file cannot be used; nothing was touched.
        """
        self._store.become(source, first)

    def mails(self) -> list[str]:
        """The sha256 of every mail that anything in the store speaks of."""
        spoken_of = (self._store.table(name).distinct("raw") for name in ("entries", "places", "outbox"))
        return sorted({digest for each in spoken_of for digest in each if is_digest(digest)})

    def references(self) -> Iterator[Reference]:
        """Every mail and attached file that some ticket needs; one may come more than once."""
        return references(self._store)

    def digests(self) -> set[str]:
        """Whatever looks like a sha256 anywhere in the store: more than `references`, never less."""
        return digests(self._store)

    def export(self, write: Callable[[str], object]) -> int:
        """Write everything as a plain TinyDB file, piece by piece; returns how many documents that is."""
        from storage import transfer  # noqa: PLC0415 - likewise

        return transfer.export(self._store, write)

    def import_(self, path: Path) -> int:
        """Put everything from a plain TinyDB file in the place of what is here; returns how many documents that is.

        Raises:
            RefusedError: the file cannot be read, or does not fit a desk; nothing was changed.
            StoreTooNew: a newer Tandem wrote it.
        """
        from storage import transfer  # noqa: PLC0415 - likewise

        return transfer.import_(self._store, path)

    def close(self) -> None:
        """Let go of the database."""
        self._store.close()


def open_shared(path: Path) -> SharedStore:
    """Open the store in this file, or make it.

    Raises:
        StoreUnreachable, StoreTooNew, StoreDamaged, StoreBusy: in words.
    """
    return SharedStore(open_store(path))
