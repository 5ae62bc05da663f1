"""What agents know of a customer beyond the mails: one profile for all addresses of one person, and its history.

Who edited what stands in the profile itself, not in events, so that all of it goes when the person is erased.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, NewType

from desk.people import Handle

ProfileId = NewType("ProfileId", int)
Known = str | tuple[str, ...]
"""What a field holds; nothing is an empty text, or no tags."""


class ProfileField(StrEnum):
    """What can be known of a customer."""

    NAME = "name"
    COMPANY = "company"
    NOTES = "notes"
    TAGS = "tags"
    LANGUAGE = "language"
    ZONE = "zone"
    ADDRESSES = "addresses"


_LISTS = frozenset({ProfileField.TAGS, ProfileField.ADDRESSES})
BLANK: Mapping[ProfileField, Known] = {each: () if each in _LISTS else "" for each in ProfileField}
"""What every field holds before anybody said anything."""
_KEPT = 100
"""Edits that a profile remembers."""


@dataclass(frozen=True, slots=True)
class Altered:
    """One field of a profile, before and after an edit."""

    field: ProfileField
    before: Known
    after: Known


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """Who gave a profile other values, when (UTC), and which; `version` is what it had from then on."""

    version: int
    at: datetime
    by: Handle
    altered: tuple[Altered, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A customer as agents know them. Empty is what nobody said.

    `addresses` are the keys of all addresses of this person (see `desk.people.Address`). `language` is a tag such as
    bg or pt-br, `zone` a time zone by its name, as Europe/Sofia. `version` counts the edits, from 0 for a profile that
    nobody has edited yet; `edits` are the last hundred of them, oldest first.
    """

    id: ProfileId = ProfileId(0)
    addresses: tuple[str, ...] = ()
    name: str = ""
    company: str = ""
    notes: str = ""
    tags: tuple[str, ...] = ()
    language: str = ""
    zone: str = ""
    version: int = 0
    edits: tuple[Edit, ...] = ()

    @property
    def is_blank(self) -> bool:
        """Whether it tells nothing that the address does not tell."""
        return not any(self.value(each) for each in ProfileField if each is not ProfileField.ADDRESSES)

    def value(self, field: ProfileField) -> Known:
        """What one field holds."""
        known: Known = getattr(self, field)
        return known

    def spoke_of(self, keys: Collection[str]) -> bool:
        """Whether it is, or ever was, about one of these addresses."""
        altered = (each for edit in self.edits for each in edit.altered if each.field is ProfileField.ADDRESSES)
        told = {key for each in altered for value in (each.before, each.after) for key in value}
        return not told.union(self.addresses).isdisjoint(keys)

    def since(self, version: int) -> dict[ProfileField, Edit]:
        """The fields that were edited after a version, each with its last edit."""
        return {each.field: edit for edit in self.edits if edit.version > version for each in edit.altered}

    def last_edit(self, field: ProfileField) -> Edit | None:
        """The last edit of a field, while it is remembered."""
        edits = (each for each in reversed(self.edits) if any(one.field is field for one in each.altered))
        return next(edits, None)

    def edit(self, version: int) -> Edit | None:
        """The edit that led to a version, while it is remembered."""
        return next((each for each in self.edits if each.version == version), None)


def differing(profile: Profile, wanted: Mapping[ProfileField, Known]) -> tuple[Altered, ...]:
    """What `wanted` would change of a profile."""
    possible = (Altered(field, profile.value(field), value) for field, value in wanted.items())
    return tuple(each for each in possible if each.before != each.after)


def edited(profile: Profile, altered: Iterable[Altered], at: datetime, by: Handle) -> Profile:
    """The profile with some fields changed, which its history tells."""
    altered = tuple(altered)
    version = profile.version + 1
    edits = (*profile.edits, Edit(version=version, at=at, by=by, altered=altered))[-_KEPT:]
    after: dict[str, Any] = {each.field.value: each.after for each in altered}
    return replace(profile, **after, version=version, edits=edits)


def known_at(profile: Profile, field: ProfileField, version: int) -> Known:
    """What a field held at a version, as far as the history goes back."""
    later = (each for edit in profile.edits if edit.version > version for each in edit.altered if each.field is field)
    return next((each.before for each in later), profile.value(field))


def merged(profile: Profile, field: ProfileField, wanted: Known, seen: int) -> Known:
    """What a field that changed since it was read is to hold; of tags and addresses, what was put on and taken off."""
    was, now = known_at(profile, field, seen), profile.value(field)
    if isinstance(wanted, str) or isinstance(was, str) or isinstance(now, str):
        return wanted
    gone = set(was).difference(wanted)
    there = dict.fromkeys((*now, *wanted))
    return tuple(each for each in there if each not in gone and (each in now or each not in was))


def put_together(profile: Profile, altered: Iterable[Altered], other: Profile) -> dict[ProfileField, Known]:
    """What a profile is to hold after an edit that takes another profile of the same person in."""
    wanted = {each: profile.value(each) for each in ProfileField} | {each.field: each.after for each in altered}
    return {field: _both(field, value, other.value(field)) for field, value in wanted.items()}


def _both(field: ProfileField, ours: Known, theirs: Known) -> Known:
    if isinstance(ours, tuple) and isinstance(theirs, tuple):
        return tuple(dict.fromkeys([*ours, *theirs]))
    return (
        f"{ours}\n\n{theirs}" if field is ProfileField.NOTES and ours and theirs and ours != theirs else ours or theirs
    )
