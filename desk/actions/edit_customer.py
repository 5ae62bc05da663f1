"""Say what is known of a customer: name, company, notes, tags, language, time zone, and their other addresses.

What a colleague changed since it was read is never overwritten: tags and addresses are put on and taken off one by one,
and any other field that both changed is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from desk.conversation import Act, Happened
from desk.customers import ours
from desk.desk import Desk, new_act
from desk.dossier import profile_of, ticket_of
from desk.errors import ProfileMoved, RefusedError
from desk.knowing import clean_known
from desk.people import Address
from desk.profiles import (
    BLANK,
    Altered,
    Known,
    Profile,
    ProfileField,
    differing,
    edited,
    known_at,
    merged,
    put_together,
)
from desk.ticket import TicketNumber


def edit_customer(
    desk: Desk,
    address: str,
    wanted: Mapping[ProfileField, Known],
    *,
    seen: int | None = None,
    about: TicketNumber | None = None,
    act: Act | None = None,
) -> Profile:
    """Give a customer's profile other values; what `wanted` does not name stays.

    `seen` is the version that was on the screen (None: the newest). The event stands on the ticket `about`, or on the
    customer's latest one. An address that is added and has a profile of its own brings that along: what is empty here
    is filled from there, tags and notes are put together.

    Raises:
        NoAgent: nobody said who is acting.
        ProfileMoved: a colleague changed one of the same fields since `seen`.
        RefusedError: no mail of this desk is from or to the address, it is our own, or a value cannot be one.
    """
    cleaned = {field: clean_known(field, value) for field, value in wanted.items()}
    _refuse_ours(desk, (address, *cleaned.get(ProfileField.ADDRESSES, ())))
    with desk.store.transaction():
        number = ticket_of(desk, address, about)
        profile = profile_of(desk, address)
        altered = _altered(address, profile, cleaned, profile.version if seen is None else seen)
        if not altered:
            return profile
        return _Editing(desk, number, act or new_act()).run(profile, altered)


def _altered(address: str, profile: Profile, wanted: Mapping[ProfileField, Known], seen: int) -> tuple[Altered, ...]:
    """What is to change, once what colleagues did since `seen` is taken in."""
    since = profile.since(seen)
    mine = {field: value for field, value in wanted.items() if value != known_at(profile, field, seen)}
    values = {field: merged(profile, field, value, seen) for field, value in mine.items()}
    altered = differing(profile, values)
    moved = [each.field for each in altered if each.field in since and isinstance(each.after, str)]
    if moved:
        raise ProfileMoved(address, profile, moved, since[moved[0]].by)
    if any(each.field is ProfileField.ADDRESSES and not each.after for each in altered):
        raise RefusedError(f"{address} is the only address of this customer", "a customer has one at least")
    return altered


class _Editing:
    """One edit, inside its transaction; all that it does is one act."""

    def __init__(self, desk: Desk, number: TicketNumber, act: Act) -> None:
        self._desk, self._number, self._act = desk, number, act

    def run(self, profile: Profile, altered: Sequence[Altered]) -> Profile:
        """Do it; returns the profile as it is from now on."""
        if not profile.id:
            profile = self._desk.store.profiles.add(profile)
        for other in self._others(profile, altered):
            altered = differing(profile, put_together(profile, altered, other))
            self._keep(other, differing(other, BLANK))
        return self._keep(profile, altered)

    def _others(self, profile: Profile, altered: Sequence[Altered]) -> list[Profile]:
        """The profiles of addresses that are added."""
        added = {key for each in altered if each.field is ProfileField.ADDRESSES for key in each.after} - set(
            profile.addresses
        )
        return [each for each in self._desk.store.profiles.of(added) if each.id != profile.id] if added else []

    def _keep(self, profile: Profile, altered: Sequence[Altered]) -> Profile:
        me = self._desk.me.handle
        after = edited(profile, altered, self._desk.clock(), me)
        self._desk.store.profiles.put(after)
        ticket = self._desk.ticket(self._number)
        detail = {
            "profile": str(profile.id),
            "version": str(after.version),
            "fields": " ".join(each.field for each in altered),
        }
        self._desk.record(Happened.PROFILE_EDITED, ticket, ticket, act=self._act, author=me, detail=detail)
        return after


def _refuse_ours(desk: Desk, addresses: Sequence[str]) -> None:
    is_ours = ours(desk)
    for each in addresses:
        if is_ours(Address(each.strip())):
            raise RefusedError(f"{each} is no address of a customer", "`tandem customers list` shows everybody's")
