"""Addresses as they stand in a header and in the envelope of what we send (RFC 5321, 5322, 5891, 6531).

What others wrote is read in mail/addresses.py.
"""

from __future__ import annotations

import re
import unicodedata

from desk.errors import RefusedError

ADDRESS_LIMIT = 254
"""Bytes of an address (RFC 5321 4.5.3.1.3, without the angle brackets)."""

_SHOWN = 200
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_DOT_ATOM = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_QUOTED = re.compile(r'"(?:[ !#-\[\]-~]|\\[ -~])*"')
_FOREIGN = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.\x80-\U0010ffff-]+")
_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_DOTS = re.compile("[.\u3002\uff0e\uff61]")
_UNSHOWN = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\ud800-\udfff\u202a-\u202e\u2066-\u2069]+")


def addr_spec(email: str, *, smtputf8: bool = False) -> str:
    """An address as the server is told it: a foreign domain in its ASCII form (IDNA 2008).

    Only with `smtputf8` (RFC 6531: the server carries it) may the part before the @ be more than ASCII.

    Raises:
        RefusedError: it is no address that we can send to, in words.
    """
    local, at, domain = email.rpartition("@")
    spec = f"{_local_part(email, local, smtputf8=smtputf8)}@{_ascii_domain(email, domain)}"
    if not at or len(spec.encode()) > ADDRESS_LIMIT:
        raise _no_address(email, "it is not of the form name@domain")
    return spec


def _local_part(email: str, local: str, *, smtputf8: bool) -> str:
    if not local.isascii():
        return _foreign(email, local, smtputf8=smtputf8)
    if _DOT_ATOM.fullmatch(local) or _QUOTED.fullmatch(local):
        return local
    # Japanese mobile carriers gave out addresses such as a..b@ and a.@, which must be quoted to be lawful.
    if (quoted := f'"{local}"') and local and " " not in local and _QUOTED.fullmatch(quoted):
        return quoted
    raise _no_address(email, "the part before the @ cannot be read")


def _foreign(email: str, local: str, *, smtputf8: bool) -> str:
    """A part before the @ of another script: letters and the like, nothing that steers or hides."""
    if any(unicodedata.category(char)[0] in "CZ" for char in local) or not _FOREIGN.fullmatch(local):
        raise _no_address(email, "the part before the @ cannot be read")
    if not smtputf8:
        why = "the part before the @ is not ASCII, which our mail server is not known to carry"
        raise _no_address(email, why, "ask for another address of theirs")
    return local


def _ascii_domain(email: str, domain: str) -> str:
    if not domain.isascii():
        domain = ".".join(_ascii_label(email, each) for each in _DOTS.split(domain))
    if not _DOMAIN.fullmatch(domain):
        raise _no_address(email, "its domain cannot be read")
    return domain


def _ascii_label(email: str, label: str) -> str:
    if label.isascii():
        return label
    import idna  # noqa: PLC0415 - its tables are large, and few mails need them

    try:
        return idna.encode(label, uts46=True).decode()
    except UnicodeError as error:  # idna's own errors are of this kind
        raise _no_address(email, "its domain cannot be read", "write it in the form that begins with xn--") from error


def _no_address(email: str, why: str, hint: str = "correct the address") -> RefusedError:
    return RefusedError(f"cannot write to “{_UNSHOWN.sub(' ', email).strip()[:_SHOWN]}”: {why}", hint)
