"""What an erasure does to what agents know of customers: the person's own profile goes, with its whole history."""

from __future__ import annotations

from collections.abc import Collection

from desk.desk import Desk
from desk.errors import RefusedError
from desk.profiles import Profile


def profiles_about(desk: Desk, keys: Collection[str]) -> list[Profile]:
    """Every profile that is about one of these addresses, or was until another one took it in."""
    named = [each for each in desk.store.profiles.all() if each.spoke_of(keys)]
    return [each for each in named if not each.addresses or not set(each.addresses).isdisjoint(keys)]


def names_in(profiles: Collection[Profile]) -> frozenset[str]:
    """The names that agents gave the person."""
    return frozenset(each.name for each in profiles if each.name)


def forget_profiles(desk: Desk, keys: Collection[str]) -> int:
    """Leave nothing of what agents know of the person; returns how many profiles that were.

    Raises:
        RefusedError: a profile says that the person has other addresses too: whoever erases them says so.
    """
    found = profiles_about(desk, keys)
    for each in found:
        if others := set(each.addresses).difference(keys):
            raise RefusedError(
                f"nothing was erased: the same person also has {', '.join(sorted(others))}, as their profile says",
                f"`tandem customers erase {' '.join(each.addresses)}` erases all; `tandem customers edit` parts them",
            )
        desk.store.profiles.remove(each.id)
    return len(found)
