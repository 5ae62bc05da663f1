"""What is known of a customer, when an edit of it is taken back or done again; what others did since stays."""

from __future__ import annotations

from desk.conversation import Event
from desk.desk import Desk
from desk.errors import RedoTooLate, RefusedError, UndoTooLate
from desk.profiles import Altered, Known, Profile, ProfileId, differing, edited
from desk.reversal.part import Part


def unedit_customer(desk: Desk, part: Part) -> None:
    """Give a profile the values that it had before an edit.

    Raises:
        UndoTooLate: somebody gave one of these fields another value since, or all of it is gone.
    """
    profile, altered = _edit(desk, part.event, UndoTooLate)
    _turn(desk, profile, tuple(Altered(each.field, each.after, each.before) for each in altered), UndoTooLate)


def edit_customer_again(desk: Desk, part: Part) -> None:
    """Give a profile the values again that an edit gave it.

    Raises:
        RedoTooLate: somebody gave one of these fields another value since, or all of it is gone.
    """
    profile, altered = _edit(desk, part.event, RedoTooLate)
    _turn(desk, profile, altered, RedoTooLate)


def _edit(desk: Desk, event: Event, refused: type[RefusedError]) -> tuple[Profile, tuple[Altered, ...]]:
    profile = desk.store.profiles.get(ProfileId(int(event.detail["profile"])))
    if profile is None:
        raise refused("too late: nothing is known of this customer any more")
    if (edit := profile.edit(int(event.detail["version"]))) is None:
        raise refused("too late: the customer was edited more than a hundred times since")
    return profile, edit.altered


def _turn(desk: Desk, profile: Profile, altered: tuple[Altered, ...], refused: type[RefusedError]) -> None:
    for each in altered:
        if isinstance(each.after, str) and profile.value(each.field) != each.before:
            raise refused(f"too late: the customer's {each.field} was changed again since")
    values = {each.field: _turned(profile.value(each.field), each) for each in altered}
    if changes := differing(profile, values):
        desk.store.profiles.put(edited(profile, changes, desk.clock(), desk.me.handle))


def _turned(now: Known, altered: Altered) -> Known:
    """A value after a turn; tags and addresses that others put on or took off meanwhile stay so."""
    was, becomes = altered.before, altered.after
    if isinstance(now, str) or isinstance(was, str) or isinstance(becomes, str):
        return becomes
    kept = [each for each in now if each in becomes or each not in was]
    return tuple(dict.fromkeys([*kept, *(each for each in becomes if each not in was)]))
