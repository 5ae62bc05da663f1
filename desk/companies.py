"""What the domain of an address says of somebody's company; only a guess, and none where anybody can have one."""

from __future__ import annotations

from contextlib import suppress

from desk.freemail import is_freemail

_SECOND = frozenset({
    "ac", "co", "com", "edu", "gob", "gouv", "gov", "ltd", "me", "mil", "ne", "net", "nom", "or", "org", "plc", "sch",
})  # fmt: skip
"""Names that registries of countries put between the country and whoever has the domain: acme.co.uk, acme.com.bg."""
_COUNTRY = 2


def company_of(email: str) -> str:
    """Acme for dana@mail.acme.co.uk; empty for free mail and for what is no domain."""
    domain = email.rpartition("@")[2].casefold().rstrip(".")
    labels = domain.split(".")
    if len(labels) < _COUNTRY or not all(labels) or not labels[-1][:1].isalpha():
        return ""
    at = -3 if len(labels) > _COUNTRY and len(labels[-1]) == _COUNTRY and labels[-2] in _SECOND else -2
    if is_freemail(domain) or is_freemail(".".join(labels[at:])) or labels[at] in _SECOND:
        return ""
    return _in_letters(labels[at]).replace("-", " ").title()


def _in_letters(label: str) -> str:
    """A label as people write it (RFC 5890)."""
    with suppress(UnicodeError):
        return label.encode().decode("idna")
    return label
