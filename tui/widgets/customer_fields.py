"""What is known of a customer, field by field: what each is called, how it is typed, and what is said of it."""

from __future__ import annotations

from collections.abc import Mapping

from desk.actions.edit_customer import edit_customer
from desk.desk import Desk
from desk.dossier import Dossier
from desk.errors import ProfileMoved, TandemError
from desk.profiles import Known, Profile, ProfileField
from desk.safe import safe, safe_line
from tui.keys.naming import with_keys
from tui.words.tongue import mark, tr

LABELS = {
    ProfileField.NAME: mark("name"),
    ProfileField.COMPANY: mark("company"),
    ProfileField.LANGUAGE: mark("language"),
    ProfileField.ZONE: mark("zone"),
    ProfileField.TAGS: mark("tags"),
    ProfileField.ADDRESSES: mark("also"),
    ProfileField.NOTES: mark("notes"),
}
_HINTS = {
    ProfileField.LANGUAGE: mark("for example bg, en or pt-br"),
    ProfileField.ZONE: mark("for example Europe/Sofia"),
    ProfileField.TAGS: mark("for example vip reseller"),
    ProfileField.ADDRESSES: mark("other addresses of the same person"),
}
LISTS = frozenset({ProfileField.TAGS, ProfileField.ADDRESSES})


def told_saved(who: str) -> str:
    """That a customer was saved, with the key that takes it back."""
    return with_keys(tr("{who}: saved, {key_undo} takes it back"), who=safe_line(who))


def save_fields(desk: Desk, known: Dossier, wanted: Mapping[ProfileField, Known], seen: int) -> Profile | TandemError:
    """What became of it. A refusal is a value, because the form has to know."""
    try:
        return edit_customer(desk, known.person.email, wanted, seen=seen, about=known.about)
    except TandemError as error:
        return error


def as_typed(known: Dossier, field: ProfileField, value: Known | None = None) -> str:
    """What a field holds as it is typed: what the profile says, or another value."""
    value = known.profile.value(field) if value is None else value
    if field is ProfileField.NOTES or isinstance(value, str):
        return safe(str(value)) if field is ProfileField.NOTES else safe_line(str(value))
    return safe_line(" ".join(each for each in value if each != known.person.key))


def told_hint(known: Dossier, field: ProfileField) -> str:
    """What stands in an empty field: a guess where there is one, or else how it is written; never like a value."""
    guesses = {
        ProfileField.NAME: safe_line(known.person.name),
        ProfileField.COMPANY: safe_line(known.company),
        ProfileField.LANGUAGE: known.language,
    }
    return f"{guess}?" if (guess := guesses.get(field)) else tr(_HINTS.get(field, ""))


def as_value(known: Dossier, field: ProfileField, text: str) -> Known:
    """What is typed, as the desk takes it; tags and addresses are a blank or a comma apart."""
    if field not in LISTS:
        return text
    listed = tuple(text.replace(",", " ").split())
    return listed if field is ProfileField.TAGS else (known.person.key, *listed)


def told_moved(error: ProfileMoved) -> str:
    """What a colleague put there meanwhile."""
    told = [
        tr("{field} “{text}”").format(field=tr(LABELS[each]), text=error.profile.value(each)) for each in error.fields
    ]
    return tr("{who} has since put {what}; saving again puts yours there").format(who=error.by, what=", ".join(told))
