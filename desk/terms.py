"""What one `key:value` of a search means: every key there is, its values, and how times are written.

How terms are joined is in desk/views.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from desk.expression import And, Expression, Field, Match, Not, Operator, Said, Words
from desk.mentions import calling, naming
from desk.people import Handle
from desk.ticket import Priority, Status


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and when: what "me" and "7d" are resolved with. `now` is UTC."""

    me: Handle | None
    now: datetime


class Unreadable(ValueError):
    """A term without a meaning, in words; whoever knows its column says where it stands."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message, self.hint = message, hint


class UnknownKey(Unreadable):
    """A term whose key means nothing; of any other unreadable term it is the value."""


Reading = Callable[[str, Asker], Expression]

_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
_SPAN = re.compile(r"(?P<count>[0-9]{1,9})(?P<unit>[mhdw])", re.IGNORECASE)
_DAY = re.compile(r"(?:19[7-9][0-9]|[2-8][0-9]{3})-[0-9]{2}-[0-9]{2}")
_COMPARED = re.compile(r"(?P<operator>[<>]=?|)(?P<time>.*)", re.DOTALL)
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_OLDER: dict[str, Operator] = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
"""An age that is less than so much began after so long ago."""
_SHOWN = 40
"""Characters of a value that are repeated when it makes no sense."""

_NUMBER = re.compile(r"[0-9]{1,15}")


def ago(text: str, now: datetime) -> datetime | None:
    """The moment that a span such as `30m`, `4h`, `7d` or `2w` before `now` names; None when this is no span."""
    if not (found := _SPAN.fullmatch(text)):
        return None
    try:
        then = now - timedelta(**{_UNITS[found["unit"].lower()]: int(found["count"])})
    except OverflowError:
        return _EARLIEST
    return max(then, _EARLIEST).replace(microsecond=0)


def day(text: str) -> datetime | None:
    """Where the day YYYY-MM-DD begins in UTC; None when this is no day of the years 1970 to 8999."""
    if not _DAY.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        return None


def term(key: str, value: str, asker: Asker, *, quoted: bool = False) -> Expression:
    """The condition that `key:value` stands for; `quoted` when the value stood in quotes.

    Raises:
        UnknownKey: there is no such key.
        Unreadable: the key has no such value.
    """
    if (reading := _KEYS.get(key.casefold())) is None:
        known = " ".join(f"{each}:" for each in _KEYS)
        raise UnknownKey(f"there is no {_told(f'{key}:')}", f"known: {known}; in quotes it is found as text")
    if not value.strip():
        raise Unreadable(f"nothing stands after “{key}:”")
    read = reading(value, asker)
    return replace(read, phrase=True) if quoted and isinstance(read, Words) else read


def _told(text: str) -> str:
    return f"“{text}”" if len(text) <= _SHOWN else f"“{text[:_SHOWN]}…”"


def _unknown(key: str, value: str, known: list[str]) -> Unreadable:
    return Unreadable(f"“{key}:” does not know {_told(value)}", f"known: {' '.join(known)}")


def _me(asker: Asker) -> Handle:
    if asker.me is None:
        raise Unreadable("nobody said who is acting, so nothing is yours", "say who with --agent HANDLE")
    return asker.me


def _status(status: Status) -> Callable[[Asker], Expression]:
    return lambda _: Match("status", "is", status.value)


_STATES: dict[str, Callable[[Asker], Expression]] = {
    **{status.value: _status(status) for status in Status},
    "snoozed": lambda asker: Match("snoozed_until", ">", asker.now.replace(microsecond=0)),
    "unassigned": lambda _: Match("assignee", "is", None),
    "mine": lambda asker: Match("assignee", "is", _me(asker)),
    "unread": lambda _: Match("unread", "is", value=True),
    "bounced": lambda _: Match("holds", "has", "bounced"),
    "merged": lambda _: Not(Match("merged_into", "is", None)),
    "mentioned": lambda asker: Match("holds", "has", naming(_me(asker))),
    "unseen": lambda asker: Match("holds", "has", calling(_me(asker))),
}
_HOLDINGS = ["attachment", "note", "draft"]


def _is(value: str, asker: Asker) -> Expression:
    if (state := _STATES.get(value.casefold())) is None:
        raise _unknown("is", value, list(_STATES))
    return state(asker)


def _assignee(value: str, asker: Asker) -> Expression:
    match value.casefold():
        case "me":
            return Match("assignee", "is", _me(asker))
        case "none":
            return Match("assignee", "is", None)
        case handle:
            return Match("assignee", "is", handle)


def _tag(value: str, _: Asker) -> Expression:
    if not (tag := value.removeprefix("#").casefold()):
        raise Unreadable(f"“{value}” is no tag", "write tag:refund")
    return Match("tags", "has", tag)


def _priority(value: str, _: Asker) -> Expression:
    if value.casefold() not in (known := [each.value for each in Priority]):
        raise _unknown("priority", value, known)
    return Match("priority", "is", value.casefold())


def _has(value: str, _: Asker) -> Expression:
    if value.casefold() not in _HOLDINGS:
        raise _unknown("has", value, _HOLDINGS)
    return Match("holds", "has", value.casefold())


def _mailbox(value: str, _: Asker) -> Expression:
    return Match("mailbox", "is", value)


def _number(value: str, _: Asker) -> Expression:
    if not _NUMBER.fullmatch(number := value.removeprefix("#")):
        raise Unreadable(f"{_told(value)} is no ticket number", "write id:12")
    return Match("number", "is", int(number))


def _said(field: Said) -> Reading:
    return lambda value, _: Words(value, field=field)


def _time(field: Field) -> Reading:
    """created: and updated: take how long ago, or a day (UTC): `<7d`, `2026-11-01`, `>=2026-11-01`."""

    def read(value: str, asker: Asker) -> Expression:
        operator, time = _compared(value)
        if then := ago(time, asker.now):
            return _age(field, operator, time, then)
        if begin := day(time):
            return _days(field, operator, begin)
        raise Unreadable(
            f"{_told(time)} is no time", "write 30m, 4h, 7d, 2w or a day (UTC) as 2026-11-01, after < or >"
        )

    return read


def _waiting(value: str, asker: Asker) -> Expression:
    """waiting: takes how long a customer has been waiting: `>4h`."""
    operator, time = _compared(value)
    if then := ago(time, asker.now):
        return _age("waiting_since", operator, time, then)
    raise Unreadable(f"{_told(time)} is no length of time", "write waiting:>4h, with m, h, d or w")


def _compared(value: str) -> tuple[str, str]:
    found = _COMPARED.fullmatch(value)
    return (found["operator"], found["time"]) if found else ("", value)


def _age(field: Field, operator: str, time: str, then: datetime) -> Expression:
    if not operator:
        raise Unreadable(f"less or more than {time}?", f"write <{time} or >{time}")
    return Match(field, _OLDER[operator], then)


def _days(field: Field, operator: str, begin: datetime) -> Expression:
    end = begin + timedelta(days=1)
    match operator:
        case "<":
            return Match(field, "<", begin)
        case "<=":
            return Match(field, "<", end)
        case ">":
            return Match(field, ">=", end)
        case ">=":
            return Match(field, ">=", begin)
        case _:
            return And((Match(field, ">=", begin), Match(field, "<", end)))


_KEYS: dict[str, Reading] = {
    "is": _is,
    "assignee": _assignee,
    "tag": _tag,
    "from": _said("from"),
    "to": _said("to"),
    "customer": _said("customer"),
    "subject": _said("subject"),
    "priority": _priority,
    "mailbox": _mailbox,
    "has": _has,
    "created": _time("created"),
    "updated": _time("updated"),
    "waiting": _waiting,
    "id": _number,
}
