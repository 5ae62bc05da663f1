"""Numbers of things and of bytes as people read them."""

from __future__ import annotations

_UNITS = ("bytes", "kB", "MB", "GB", "TB")
_STEP = 1000
_EXACT = 10


def counted(number: int, thing: str, things: str = "") -> str:
    """A number with its noun: 1 ticket, 2 tickets."""
    return f"{number} {thing if number == 1 else things or f'{thing}s'}"


def counted_are(number: int, thing: str, things: str = "") -> str:
    """A number with its noun and verb: 1 ticket is, 2 tickets are."""
    return f"{counted(number, thing, things)} {'is' if number == 1 else 'are'}"


def files_of_mails(number: int) -> str:
    """Mails and attached files together: 1 file of a mail is, 2 files of mails are."""
    return counted_are(number, "file of a mail", "files of mails")


def size(count: int) -> str:
    """Bytes in the unit that makes them a short number: 512 bytes, 3.4 kB, 27 MB."""
    amount, unit = float(count), 0
    while amount >= _STEP and unit < len(_UNITS) - 1:
        amount, unit = amount / _STEP, unit + 1
    return f"{amount:.1f} {_UNITS[unit]}" if unit and amount < _EXACT else f"{amount:.0f} {_UNITS[unit]}"
