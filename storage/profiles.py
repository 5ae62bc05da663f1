"""What agents know of customers: a document for each person, found by any of their addresses."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from tinydb import Query

from desk.profiles import Profile, ProfileId
from storage.codec import from_row, to_document
from storage.database import TicketStore


class StoredProfiles:
    """Implements desk.ports.Profiles."""

    def __init__(self, store: TicketStore) -> None:
        self._table = store.table("profiles")

    def all(self) -> list[Profile]:
        """Every profile, oldest first."""
        return [from_row(Profile, each) for each in self._table.rows(order_by="doc_id")]

    def get(self, profile: ProfileId) -> Profile | None:
        """The profile with this id, if there is one."""
        return next((from_row(Profile, each) for each in self._table.rows_of([profile])), None)

    def of(self, keys: Collection[str]) -> list[Profile]:
        """The profiles that name one of these addresses, oldest first."""
        found = self._table.rows(Query().addresses.any(sorted(keys)), order_by="doc_id")
        return [from_row(Profile, each) for each in found]

    def add(self, profile: Profile) -> Profile:
        """Keep a new profile under the next free id."""
        return replace(profile, id=ProfileId(self._table.insert(to_document(profile))))

    def put(self, profile: Profile) -> None:
        """Keep a profile as it is now."""
        self._table.update(to_document(profile), doc_ids=[profile.id])

    def remove(self, profile: ProfileId) -> None:
        """Forget a profile."""
        self._table.remove(doc_ids=[profile])
