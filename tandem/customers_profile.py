"""What agents know of a customer, as data: for scripts, and for the person it is about."""

from __future__ import annotations

from desk.dossier import Dossier
from desk.profiles import Edit, Profile, ProfileField
from tandem.cli.jsonl import Json, moment

_INTERNAL = frozenset({ProfileField.NOTES})
"""What agents wrote for each other."""


def profile_json(profile: Profile, *, with_notes: bool = True) -> Json:
    """All of one profile with its history; `with_notes` false leaves out what agents wrote for each other."""
    told = {field: _told(profile, field) for field in ProfileField if with_notes or field not in _INTERNAL}
    return {field.value: value for field, value in told.items()} | {
        "version": profile.version,
        "edits": [said for each in profile.edits if (said := _edit_json(each, with_notes=with_notes))["altered"]],
    }


def known_json(known: Dossier) -> Json:
    """What is known of a customer, with what is only guessed apart from it."""
    offset = known.utc_offset
    return profile_json(known.profile) | {
        "guessed": {
            "company": known.company or None,
            "language": known.language or None,
            "utc_offset": None if offset is None else int(offset.total_seconds()),
        }
    }


def _told(profile: Profile, field: ProfileField) -> object:
    value = profile.value(field)
    return list(value) if isinstance(value, tuple) else value or None


def _edit_json(edit: Edit, *, with_notes: bool) -> Json:
    return {
        "version": edit.version,
        "at": moment(edit.at),
        "by": edit.by,
        "altered": [
            {"field": each.field.value, "before": each.before, "after": each.after}
            for each in edit.altered
            if with_notes or each.field not in _INTERNAL
        ],
    }
