"""What SQLite is taught: the search forms of texts and people, for the full text.

The names carry the version of the rule, so that an index made by another rule is seen to be one.  Reading a store with
another program needs none of this; writing it does, which keeps the full text true.
"""

from __future__ import annotations

import sqlite3
from typing import Any, cast

from desk.people import Address
from desk.words import VERSION, people_form, search_form
from storage.json_text import loads

FORM = f"tandem_form_{VERSION}"
"""FORM(text): its search form; NULL of NULL."""

PEOPLE = f"tandem_people_{VERSION}"
"""PEOPLE(json): the search form of an address with its name, or of a list of such, as JSON text."""


def teach(connection: sqlite3.Connection) -> None:
    """Make the functions known to a connection."""
    connection.create_function(FORM, 1, _form, deterministic=True)
    connection.create_function(PEOPLE, 1, _people, deterministic=True)


def _form(value: object) -> str | None:
    return None if value is None else search_form(str(value))


def _people(value: object) -> str | None:
    """Of anything that is stored there: an exception in here would keep the document from being written."""
    if not isinstance(value, str) or value[:1] not in {"{", "["}:
        return None
    try:
        people = cast("list[Any]", loads(value if value[0] == "[" else f"[{value}]"))
    except ValueError:
        return None  # a text that only begins like JSON
    return people_form(_address(cast("dict[str, Any]", each)) for each in people if isinstance(each, dict))


def _address(fields: dict[str, Any]) -> Address:
    email, name = fields.get("email"), fields.get("name")
    return Address(email if isinstance(email, str) else "", name if isinstance(name, str) else "")
