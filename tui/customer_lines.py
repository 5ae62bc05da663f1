"""What a panel says of a customer, as lines: who they are, what agents know, their other tickets. Pure.

What an agent said stands plainly; a guess has a question mark and says what it was made of.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from rich.cells import cell_len

from desk.dossier import Dossier
from desk.profiles import ProfileField
from desk.safe import safe, safe_line
from desk.ticket import Status, Ticket, TicketNumber
from tui.keys.naming import with_keys
from tui.reader.lines import Frame, Ground, Line, Span, Tone, cut, spread
from tui.reader.wrapping import fit, wrap
from tui.words.days import weekday
from tui.words.subjects import subject_line
from tui.words.telling import STATUS, moment, span
from tui.words.tongue import mark, tr, trc, trn

LANGUAGES = {
    "ar": mark("Arabic"),
    "bg": mark("Bulgarian"),
    "cs": mark("Czech"),
    "da": mark("Danish"),
    "de": mark("German"),
    "el": mark("Greek"),
    "en": mark("English"),
    "es": mark("Spanish"),
    "fr": mark("French"),
    "he": mark("Hebrew"),
    "hy": mark("Armenian"),
    "it": mark("Italian"),
    "ja": mark("Japanese"),
    "ka": mark("Georgian"),
    "ko": mark("Korean"),
    "nl": mark("Dutch"),
    "pl": mark("Polish"),
    "pt": mark("Portuguese"),
    "ru": mark("Russian"),
    "th": mark("Thai"),
    "tr": mark("Turkish"),
    "uk": mark("Ukrainian"),
    "zh": mark("Chinese"),
}
"""Languages by their tags, as people call them; others are shown by their tags."""

_LIVE = frozenset({Status.OPEN, Status.WAITING})
_GAP = "  "
_ROOMY, _LEAD = 64, 11
"""Cells from which all that is told of the mails stands on one line, if it fits behind its name."""
_MOST_LINES = 4
_WIDEST_HAND = 9
_MOST_NOTES = 12
"""Lines of notes that are shown; `e` shows all of them."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the panel, and the ticket that it stands for, if it does."""

    line: Line
    ticket: TicketNumber | None = None


def customer_rows(known: Dossier, frame: Frame) -> list[Row]:
    """All that the panel says of a customer."""
    if known.person.is_nobody:
        return [Row(_line((tr("Nobody knows whose mail this is"), Tone.MUTED)))]
    rows = (*_who(known, frame.width), *_facts(known, frame), *_notes(known, frame), *_tickets(known, frame))
    return [replace(row, line=replace(row.line, spans=cut(row.line.spans, frame.width)[0])) for row in rows]


def _who(known: Dossier, width: int) -> Iterator[Row]:
    """Name and addresses; where an agent gave another name, also the one that the mails bear."""
    written, given = safe_line(known.person.name), safe_line(known.profile.name)
    name = given or written
    if name:
        yield from _wrapped(name, width, Tone.TITLE)
    yield from _wrapped(safe_line(known.person.email), width, Tone.MUTED if name else Tone.TITLE)
    for each in known.profile.addresses:
        if each != known.person.key:
            yield from _wrapped(tr("also {address}").format(address=safe_line(each)), width, Tone.MUTED)
    if given and written and given != written:
        yield from _wrapped(tr("writes as “{name}”").format(name=written), width, Tone.MUTED)


def _facts(known: Dossier, frame: Frame) -> Iterator[Row]:
    facts = [
        (tr("company"), _company(known)),
        (tr("language"), _language(known)),
        (tr("time"), _time(known, frame.now)),
        (tr("tags"), [Span(" ".join(f"#{safe_line(each)}" for each in known.profile.tags), Tone.ACCENT)]),
        *_mails(known, frame),
    ]
    said = [(label, words) for label, words in facts if any(each.text for each in words)]
    column = max((cell_len(label) for label, _ in said), default=0)
    yield Row(Line())
    for label, words in said:
        lead = Span(_padded(label, column) + _GAP, Tone.MUTED)
        yield from _fact(lead, words, frame.width)


def _fact(lead: Span, words: list[Span], width: int) -> Iterator[Row]:
    """One fact behind its name; words of one kind may take several lines."""
    if len(words) > 1:
        yield Row(Line(cut((lead, *words), width)[0]))
        return
    indent = Span(" " * cell_len(lead.text))
    for at, each in enumerate(wrap(words[0].text, width - cell_len(lead.text))[:_MOST_LINES]):
        yield Row(Line((lead if at == 0 else indent, Span(each, words[0].tone))))


def _company(known: Dossier) -> list[Span]:
    if known.profile.company:
        return [Span(safe_line(known.profile.company), Tone.STRONG)]
    return _guess(safe_line(known.company), tr("by the address"))


def _language(known: Dossier) -> list[Span]:
    if known.profile.language:
        return [Span(language_name(known.profile.language))]
    return _guess(language_name(known.language), tr("by the mails"))


def _time(known: Dossier, now: datetime) -> list[Span]:
    if (there := known.local(now)) is None:
        return []
    other_day = f"{weekday(there)} " if there.date() != now.astimezone().date() else ""
    clock = f"{other_day}{there:%H:%M}"
    if known.profile.zone and known.utc_offset is None:
        city = safe_line(known.profile.zone).rpartition("/")[2].replace("_", " ")
        return [Span(clock), Span(f"{_GAP}{city}", Tone.MUTED)]
    zone = _offset(there.utcoffset() or timedelta(0))
    return [Span(tr("about {time}").format(time=clock)), Span(f"{_GAP}{zone}", Tone.MUTED)]


def _offset(offset: timedelta) -> str:
    minutes = round(offset.total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")


def _mails(known: Dossier, frame: Frame) -> list[tuple[str, list[Span]]]:
    """How many there are, and when the first and the last were: on one line where there is room."""
    tally = known.tally
    counted = Span(tr("{wrote} in, {received} out").format(wrote=tally.wrote, received=tally.received))
    if tally.first is None or tally.last is None:
        return [(tr("mails"), [counted])]
    first, last = (moment(each, frame.now, frame.zone) for each in (tally.first, tally.last))
    ago = tr("{span} ago").format(span=span(frame.now - tally.last))
    begun = [] if tally.first == tally.last else [(tr("first"), [Span(first)])]
    told = tr("first {first}, last {last}, {ago}") if begun else tr("{last}, {ago}")
    words = Span(_GAP + told.format(first=first, last=last, ago=ago), Tone.MUTED)
    if frame.width < max(_ROOMY, _LEAD + cell_len(counted.text + words.text)):
        ended = [Span(last), Span(f"{_GAP}{ago}", Tone.MUTED)]
        return [(tr("mails"), [counted]), *begun, (tr("last"), ended)]
    return [(tr("mails"), [counted, words])]


def _guess(words: str, made_of: str) -> list[Span]:
    return [Span(f"{words}?"), Span(f"{_GAP}{made_of}", Tone.MUTED)] if words else []


def language_name(tag: str) -> str:
    """A language as people call it; one without a name here by its tag."""
    name = LANGUAGES.get(tag.partition("-")[0])
    return (tr(name) if name else tag) + (f" ({tag})" if name and "-" in tag else "")


def _notes(known: Dossier, frame: Frame) -> Iterator[Row]:
    """The notes on the paper of notes: nobody may take them for anything that the customer sees."""
    if not known.profile.notes:
        return
    lines = [each for line in safe(known.profile.notes).split("\n") for each in wrap(line, frame.width)]
    left = len(lines) - _MOST_NOTES
    yield Row(Line())
    yield Row(Line((Span(tr("NOTES"), Tone.NOTE), Span(_GAP + _noted(known, frame), Tone.MUTED)), Ground.NOTE))
    for line in lines[:_MOST_NOTES]:
        yield Row(Line((Span(line),), Ground.NOTE))
    if left > 0:
        yield Row(Line((Span(trn("{n} more line", "{n} more lines", left).format(n=left), Tone.MUTED),), Ground.NOTE))


def _noted(known: Dossier, frame: Frame) -> str:
    """Who wrote the notes last, and when."""
    last = known.profile.last_edit(ProfileField.NOTES)
    return f"{safe_line(last.by)} {moment(last.at, frame.now, frame.zone)}" if last else ""


def _tickets(known: Dossier, frame: Frame) -> Iterator[Row]:
    live = [each for each in known.tickets if each.status in _LIVE]
    done = [each for each in known.tickets if each.status not in _LIVE]
    yield Row(Line())
    if not known.tickets:
        words = tr("No other tickets") if known.about is not None else tr("No tickets")
        yield Row(_line((words, Tone.MUTED)))
    title = tr("OPEN ELSEWHERE") if known.about is not None else tr("OPEN")
    yield from _section(title, Tone.WARNING, live, known, frame)
    if live and done:
        yield Row(Line())
    yield from _section(tr("BEFORE"), Tone.MUTED, done, known, frame)
    if (left := known.others - len(known.tickets)) > 0:
        words = trn(
            "{n} more, older: {key_filter} customer:{who}", "{n} more, older: {key_filter} customer:{who}", left
        )
        yield Row(_line((with_keys(words, n=left, who=safe_line(known.person.email)), Tone.MUTED)))


def _section(title: str, tone: Tone, tickets: list[Ticket], known: Dossier, frame: Frame) -> Iterator[Row]:
    if not tickets:
        return
    yield Row(Line((Span(title, tone), Span(f"{_GAP}{len(tickets)}", Tone.MUTED))))
    digits = max(len(str(each.number)) for each in tickets)
    states = max(cell_len(_state(each, frame.now)) for each in tickets)
    hands = min(max(cell_len(_hand(each, known, frame).text) for each in tickets), _WIDEST_HAND)
    for each in tickets:
        left = (
            Span(f"{each.number:>{digits}}", Tone.ACCENT if each.status in _LIVE else Tone.MUTED),
            Span(_GAP + subject_line(each.subject)),
        )
        hand = _hand(each, known, frame)
        right = (
            Span(_padded(_state(each, frame.now), states), Tone.MUTED),
            *([Span(" " + _padded(fit(hand.text, hands), hands), hand.tone)] if hands else []),
            Span(f" {span(frame.now - each.last_message):>4}", Tone.MUTED),
        )
        yield Row(Line(spread(left, right, frame.width)), each.number)


def _state(ticket: Ticket, now: datetime) -> str:
    is_asleep = ticket.status in _LIVE and ticket.snoozed_until is not None and ticket.snoozed_until > now
    return tr("snoozed") if is_asleep else trc(STATUS, ticket.status.value)


def _hand(ticket: Ticket, known: Dossier, frame: Frame) -> Span:
    """Who answers a ticket just now, or else who has it; nobody is asked of one that is done."""
    if ticket.status not in _LIVE:
        return Span("")
    if agent := known.answering.get(ticket.number):
        return Span(f"{safe_line(agent)} {frame.signs.answering}", Tone.WARNING)
    return Span(safe_line(ticket.assignee) if ticket.assignee else "-")


def _padded(text: str, width: int) -> str:
    return text + " " * (width - cell_len(text))


def _wrapped(text: str, width: int, tone: Tone) -> Iterator[Row]:
    for each in wrap(text, width)[:3]:
        yield Row(_line((each, tone)))


def _line(*words: tuple[str, Tone]) -> Line:
    return Line(tuple(Span(text, tone) for text, tone in words))


def tickets_of(rows: Iterable[Row]) -> list[int]:
    """Where among these rows the tickets stand."""
    return [at for at, each in enumerate(rows) if each.ticket is not None]
