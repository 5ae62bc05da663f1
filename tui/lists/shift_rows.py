"""The end of a shift as rows: headings, tickets and promises, each of one line; every outside string made safe."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from textual.content import Content

from desk.deeds import in_words
from desk.handovers import Deeds, Handover
from desk.promises import Promise, PromiseId
from desk.safe import safe_line
from desk.shift import Began, Shift
from desk.ticket import Ticket, TicketNumber
from tui.reader.wrapping import fit
from tui.widgets.row import waiting_words
from tui.words.subjects import subject_line
from tui.words.telling import DEED, moment
from tui.words.tongue import mark, tr, trc, trn

_WHO, _WAIT = 18, 6
_BEGAN = {
    Began.HANDED_OVER: mark("since you handed over at {at}"),
    Began.WORK: mark("since {at}, when you began"),
    Began.MIDNIGHT: mark("since {at}"),
    Began.SAID: mark("since {at}"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One row; one without a `ticket` is a heading. `promise` is what can be said to be kept there.

    `below` is the heading that it stands below.
    """

    words: Content
    ticket: TicketNumber | None = None
    promise: PromiseId | None = None
    below: str = ""

    @property
    def place(self) -> tuple[str, TicketNumber | None, PromiseId | None]:
        """What stays the same when rows come and go."""
        return self.below, self.ticket, self.promise


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """All that the screen shows of a shift: it, what was handed to the agent, and the tickets that these name.

    `remark` is what was kept of an earlier time.
    """

    shift: Shift
    handed: Sequence[Handover]
    tickets: Mapping[TicketNumber, Ticket]
    remark: str = ""


def began(shift: Shift) -> str:
    """Since when the shift lasts, in words."""
    return tr(_BEGAN[shift.began]).format(at=moment(shift.since, shift.now))


def rows(paper: Paper, width: int) -> list[Row]:
    """Every row, in order."""
    shift = paper.shift
    sections = [
        *([*_handed(each, paper, width)] for each in paper.handed),
        _section(tr("Changed"), [_done(each, paper, width) for each in shift.done]),
        _section(tr("Waiting for us"), [_waiting(each, shift, width) for each in shift.ours], shift.totals["ours"]),
        _section(tr("Promised"), [_promised(each, paper, width) for each in shift.promises]),
        _section(
            tr("Waiting for a colleague"),
            [_waiting(each, shift, width) for each in shift.colleagues],
            shift.totals["colleagues"],
        ),
        _section(
            tr("Waiting for customers"), [_waiting(each, shift, width) for each in shift.theirs], shift.totals["theirs"]
        ),
        _section(tr("Asleep"), [_asleep(each, shift, width) for each in shift.asleep], shift.totals["asleep"]),
    ]
    return list(_told_apart([*_aired(sections)]))


def _aired(sections: Sequence[Sequence[Row]]) -> Iterator[Row]:
    """The sections with a line between them; headings that say that there is nothing stand together."""
    was_alone = False
    for rows in sections:
        is_alone = len(rows) == 1
        if rows is not sections[0] and not (was_alone and is_alone):
            yield Row(Content(""))
        was_alone = is_alone
        yield from rows


def _told_apart(rows: Sequence[Row]) -> Iterator[Row]:
    """The rows with the heading that each stands below: one ticket may stand below several."""
    heading = ""
    for each in rows:
        heading = heading if each.ticket is not None else each.words.plain or heading
        yield replace(each, below=heading.strip().rstrip("0123456789 "))


def _section(title: str, found: Sequence[Row], total: int = 0) -> list[Row]:
    """A heading with its rows below it; a heading alone says that there is nothing."""
    count = f" {max(total, len(found))}" if found else f"  {tr('nothing')}"
    heading = Row(Content.assemble((f" {title}", "bold $accent" if found else "$muted"), (count, "$muted")))
    more = total - len(found)
    left = [Row(Content.assemble((f"   {tr('and {count} more').format(count=more)}", "$muted")))] if more > 0 else []
    return [heading, *found, *left]


def _handed(handed: Handover, paper: Paper, width: int) -> Iterator[Row]:
    at = moment(handed.at, paper.shift.now)
    title = tr("{agent} handed over to you, {at}").format(agent=safe_line(handed.by), at=at)
    yield Row(Content.assemble((f" {title}", "bold $note")))
    for line in handed.remark.split("\n") if handed.remark else ():
        yield Row(Content(f"   {fit(safe_line(line), width - 4)}"))
    for each in handed.done:
        yield _done(each, paper, width)
    if count := len(handed.ours):
        words = trn("{count} ticket waited for us then", "{count} tickets waited for us then", count)
        yield Row(Content.assemble((f"   {words.format(count=count)}", "$muted")))


def _done(deeds: Deeds, paper: Paper, width: int) -> Row:
    ticket, room = paper.tickets.get(deeds.ticket), max(width * 2 // 5, 20)
    subject = _padded(fit(subject_line(ticket.subject) if ticket else "", room), room)
    done = fit(safe_line(in_words(deeds.did, partial(trc, DEED))), max(width - room - 13, 8))
    return _row(deeds.ticket, [(f"{subject}  ", ""), (done, "$muted")])


def _waiting(ticket: Ticket, shift: Shift, width: int) -> Row:
    waits = waiting_words(ticket, shift.now) or "-"
    return _ticket(ticket, waits.rjust(_WAIT), width)


def _asleep(ticket: Ticket, shift: Shift, width: int) -> Row:
    at = moment(ticket.snoozed_until, shift.now) if ticket.snoozed_until else ""
    return _ticket(ticket, f"  {at}", width)


def _ticket(ticket: Ticket, end: str, width: int) -> Row:
    who = fit(safe_line(ticket.customer.label), _WHO)
    owner = safe_line(ticket.assignee or "-")
    room = max(width - 13 - _WHO - 8 - len(end), 8)
    subject = fit(subject_line(ticket.subject), room)
    named = f"{_padded(who, _WHO)}  {_padded(subject, room)}"
    pieces = [(named, ""), (f"  {owner:6.6}", "$muted"), (end, "$muted")]
    return _row(ticket.number, pieces)


def _promised(made: Promise, paper: Paper, width: int) -> Row:
    late = made.is_late(paper.shift.now)
    sign = (tr("late "), "bold $warning") if late else ("", "")
    due = moment(made.due, paper.shift.now)
    words = fit(safe_line(made.text), max(width - 24 - len(due), 8))
    pieces = [sign, (due, "$warning" if late else ""), (f"  {words}", ""), (f"  {safe_line(made.by)}", "$muted")]
    return Row(_row(made.ticket, pieces).words, made.ticket, made.id)


def _padded(text: str, width: int) -> str:
    return text + " " * max(width - Content(text).cell_length, 0)


def _row(number: TicketNumber, pieces: Sequence[tuple[str, str]]) -> Row:
    return Row(Content.assemble((f"{number:>7}  ", "$muted"), *pieces), number)
