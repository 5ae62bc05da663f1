"""A calendar invitation as it reads: what, when, where and who; nothing is answered, nothing is put into a calendar.

Times are shown as the invitation gives them, with the name of their time zone (RFC 5545, RFC 5546).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

LARGEST = 200_000
"""Characters of a calendar that are read."""

MOST_EVENTS = 5
MOST_PEOPLE = 10

_FOLD = re.compile(r"\r?\n[ \t]")
_LINE = re.compile(r"([\w-]{1,60})((?:[^\":]|\"[^\"]*+\")*+):(.*)")
_PARAMETER = re.compile(r";([\w-]{1,60})=(?:\"([^\"]*)\"|([^;\":]*))")
_ESCAPED = re.compile(r"\\(.)")
_TIME = re.compile(r"(\d{8})(?:T(\d{6})(Z?))?")
_DURATION = re.compile(r"P(?:(\d{1,3})W)?(?:(\d{1,4})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:\d{1,6}S)?)?")
_KINDS = {"VEVENT": "event: {}", "VTODO": "task: {}"}
_CANCELLED = "cancelled: {}"
_METHODS = {
    "REQUEST": "invitation: {}",
    "CANCEL": _CANCELLED,
    "REPLY": "answer to an invitation: {}",
    "COUNTER": "another time is proposed for: {}",
    "DECLINECOUNTER": "another time is declined for: {}",
    "ADD": "another date of: {}",
    "REFRESH": "somebody asks for the newest version of: {}",
}
_ANSWERS = {
    "ACCEPTED": "who: {} accepts",
    "DECLINED": "who: {} declines",
    "TENTATIVE": "who: {} accepts perhaps",
    "DELEGATED": "who: {} sends somebody else",
}
_UNDECIDED = "who: {} has not decided"
_OFTEN = {"YEARLY": "every year", "MONTHLY": "every month", "WEEKLY": "every week", "DAILY": "every day"}
_TO = " to "
_ALL_DAY = "all day"
_NO_ZONE = "no time zone given"


@dataclass(frozen=True, slots=True)
class _Line:
    """One property: name and parameter names in upper case, the value as it stands."""

    name: str
    parameters: dict[str, str]
    value: str

    @property
    def text(self) -> str:
        return _ESCAPED.sub(lambda found: " " if found[1] in "nN" else found[1], self.value).strip()


_Event = tuple[str, list[_Line]]
"""What it is called, and its properties; those of the alarms in it are left out."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a calendar says, a line each, and the words its sender wrote to it."""

    facts: tuple[str, ...]
    description: str = ""


def read_invitation(text: str) -> Invitation:
    """The events of a calendar; no facts where there is none."""
    lines = list(_lines(text))
    method = next((each.value.strip().upper() for each in lines if each.name == "METHOD"), "")
    events = list(_events(lines))
    facts = [fact for event in events[:MOST_EVENTS] for fact in _facts(method, event)]
    if len(events) > MOST_EVENTS:
        facts.append(f"{len(events) - MOST_EVENTS} more events are in the file")
    description = next((each.text for _, event in events for each in event if each.name == "DESCRIPTION"), "")
    return Invitation(tuple(facts), description)


def _lines(text: str) -> Iterator[_Line]:
    for line in _FOLD.sub("", text[:LARGEST]).splitlines():
        if found := _LINE.fullmatch(line):
            parameters = {each[1].upper(): each[2] or each[3] for each in _PARAMETER.finditer(found[2])}
            yield _Line(found[1].upper(), parameters, found[3])


def _events(lines: list[_Line]) -> Iterator[_Event]:
    event: _Event | None = None
    inner = 0
    for line in lines:
        value = line.value.strip().upper()
        if event is None:
            event = (_KINDS[value], []) if line.name == "BEGIN" and value in _KINDS else None
        elif line.name == "END" and not inner:
            yield event
            event = None
        elif line.name in ("BEGIN", "END"):
            inner += 1 if line.name == "BEGIN" else -1
        elif not inner:
            event[1].append(line)
    if event is not None:
        yield event


def _facts(method: str, event: _Event) -> Iterator[str]:
    kind, lines = event
    found = {line.name: line for line in reversed(lines)}
    title = found["SUMMARY"].text if "SUMMARY" in found else "(no title)"
    is_off = "STATUS" in found and found["STATUS"].value.strip().upper() == "CANCELLED"
    yield (_CANCELLED if is_off else _METHODS.get(method, kind)).format(title)
    if when := _when(found):
        yield f"when: {when}"
    if "LOCATION" in found and found["LOCATION"].text:
        yield f"where: {found['LOCATION'].text}"
    yield from _who(method, lines)


def _when(found: dict[str, _Line]) -> str:
    start = found.get("DTSTART") or found.get("DUE")
    if start is None:
        return ""
    begins = _moment(start.value)
    if begins is None:
        return start.value[:40]
    often = f", {_often(found['RRULE'].value)}" if "RRULE" in found else ""
    return f"{_shown(begins)}{_until(begins, found)}{_zone(start, begins)}{often}"


def _moment(value: str) -> date | datetime | None:
    found = _TIME.match(value.strip())
    try:
        if found and found[2]:
            return datetime.strptime(found[1] + found[2], "%Y%m%d%H%M%S")  # noqa: DTZ007 - the zone is shown, not used
        return date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None


def _shown(moment: date | datetime) -> str:
    return f"{moment:%a %d %b %Y, %H:%M}" if isinstance(moment, datetime) else f"{moment:%a %d %b %Y}"


def _until(begins: date | datetime, found: dict[str, _Line]) -> str:
    ends = _moment(found["DTEND"].value) if "DTEND" in found else _after(begins, found)
    if ends is None or isinstance(ends, datetime) != isinstance(begins, datetime):
        return ""
    if not isinstance(ends, datetime):
        last = ends - timedelta(days=1)  # RFC 5545 3.6.1: the day after the last one is given
        return f"{_TO}{_shown(last)}" if last > begins else ""
    same_day = isinstance(begins, datetime) and ends.date() == begins.date()
    return f"{_TO}{ends:%H:%M}" if same_day else f"{_TO}{_shown(ends)}"


def _after(begins: date | datetime, found: dict[str, _Line]) -> date | datetime | None:
    length = _DURATION.fullmatch(found["DURATION"].value.strip()) if "DURATION" in found else None
    if length is None:
        return None
    weeks, days, hours, minutes = (int(each or 0) for each in length.groups())
    try:
        return begins + timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes)
    except OverflowError:
        return None


def _zone(start: _Line, begins: date | datetime) -> str:
    if not isinstance(begins, datetime):
        return f", {_ALL_DAY}"
    if start.value.strip().endswith("Z"):
        return " (UTC)"
    return f" ({start.parameters.get('TZID', '')[:60] or _NO_ZONE})"


def _often(rule: str) -> str:
    parts = dict(each.upper().split("=", 1) for each in rule.split(";") if "=" in each)
    often = _OFTEN.get(parts.get("FREQ", ""), "again and again")
    return ", ".join((often, f"{parts['COUNT'][:6]} times")) if "COUNT" in parts else often


def _who(method: str, lines: list[_Line]) -> Iterator[str]:
    people = [line for line in lines if line.name == "ATTENDEE"]
    if method == "REPLY":
        for each in people[:MOST_PEOPLE]:
            yield _ANSWERS.get(each.parameters.get("PARTSTAT", "").upper(), _UNDECIDED).format(_person(each))
        return
    organizer = next((line for line in lines if line.name == "ORGANIZER"), None)
    named = ", ".join(_person(each) for each in people[:MOST_PEOPLE])
    if organizer is not None:
        yield f"from: {_person(organizer)}"
    if len(people) > MOST_PEOPLE:
        yield f"who: {named} and {len(people) - MOST_PEOPLE} more"
    elif named:
        yield f"who: {named}"


def _person(line: _Line) -> str:
    """A name is the invitation's own word, so the address always stands with it."""
    address = re.sub(r"(?i)^mailto:", "", line.value.strip())[:200]
    name = line.parameters.get("CN", "").strip()[:80]
    return f"{name} <{address}>" if name and name.casefold() != address.casefold() else address
