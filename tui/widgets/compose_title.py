"""The line above a text: reply or NOTE, to whom, who else is at it, whether the draft is kept, and which ticket."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rich.cells import cell_len
from textual.content import Content

from desk.draft import DraftKind
from desk.people import Address
from desk.presence import Doing, Presence
from desk.safe import safe_line
from desk.ticket import Ticket
from tui.reader.wrapping import fit
from tui.widgets.bar_words import Piece, spread
from tui.widgets.bars import Bar
from tui.words.tongue import tr, trn

_ROOMY = 100
_MOST_SUBJECT, _LEAST_SUBJECT = 40, 10
"""Cells of the ticket's subject; below the fewest it tells nothing."""
_LEAST_COPIES = 8
"""Cells that are kept free for who gets a copy: at least how many do."""
_TELLING = 10
"""Cells of names below which a number tells more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What the line says. `hands` says what a note hands to whom.

    `kept` is about the draft, in words, the fullest first; `several` is on how many tickets a note is left, where
    that is more than one.
    """

    kind: DraftKind
    ticket: Ticket
    to: Sequence[Address] = ()
    cc: Sequence[Address] = ()
    others: Sequence[Presence] = ()
    kept: Sequence[str] = ()
    hands: str = ""
    several: int = 0


def compose_heading(heading: Heading, width: int) -> Content:
    """`Reply to Dana Petrova <dana@corp.example>   cc -   bo is answering too  draft saved 12:06  1042 Refund …`.

    Whom it goes to comes first and which ticket it is stays: where room is short, all else gives way, how the draft is
    kept before the subject. Of many copies as many names are told as there is room for, or else how many there are.
    """
    left, right = _ends(heading, width, _LEAST_COPIES if heading.cc and _is_reply(heading) else 0)
    room = width - _cells(left) - _cells(right)
    return spread([*left, *(_copies(heading, width, room) if _is_reply(heading) else ())], right, width)


def _ends(heading: Heading, width: int, copies: int) -> tuple[list[Piece], list[Piece]]:
    """The fullest ends of the line between which so many cells are left."""
    subject = safe_line(heading.ticket.subject) if heading.several <= 1 else ""
    wishes = list(_wishes(heading, width, cell_len(subject)))
    for left, kept, least in wishes:
        room = width - copies - _cells(left) - _cells(_right(heading, kept, "-" if least else "")) + bool(least)
        if room >= least:
            return left, _right(heading, kept, fit(subject, min(room, _MOST_SUBJECT)) if least else "")
    return wishes[-1][0], _right(replace(heading, others=()), "", "")


def _wishes(heading: Heading, width: int, subject: int) -> Iterator[tuple[list[Piece], str, int]]:
    """A left end, how the draft is kept, and how many cells of the subject there must be room for; the best first."""
    named, bare = (_left(heading, width, with_name=has_name) for has_name in (True, False))
    fullest, briefest = (heading.kept[0], heading.kept[-1]) if heading.kept else ("", "")
    yield named, fullest, min(subject, _MOST_SUBJECT)
    for least in (min(subject, _LEAST_SUBJECT), 0):
        yield named, briefest, least
        yield bare, briefest, least
    yield bare, "", 0


def _cells(pieces: Sequence[Piece]) -> int:
    return Content.assemble(*pieces).cell_length


def _is_reply(heading: Heading) -> bool:
    return heading.kind is DraftKind.REPLY and bool(heading.ticket.number)


def _left(heading: Heading, width: int, *, with_name: bool) -> list[Piece]:
    number = heading.ticket.number
    if heading.kind is DraftKind.NOTE:
        if heading.hands:
            return [(f" {tr('HAND-OVER')} ", "bold reverse $note"), (f" {heading.hands}", "$note")]
        words = tr("on {number}, only agents see it").format(number=number)
        if heading.several:
            told = trn(
                "on {count} ticket, only agents see it", "on {count} tickets, only agents see it", heading.several
            )
            words = told.format(count=f"{heading.several:,}")
        return [(f" {tr('NOTE')} ", "bold reverse $note"), (f" {words}", "$note")]
    if heading.kind is DraftKind.FORWARD:
        return _forward(heading, width)
    if not number:
        return _first(heading)
    first = heading.to[0] if heading.to else heading.ticket.customer
    more = f" +{len(heading.to) - 1}" if len(heading.to) > 1 else ""
    name = f"{safe_line(first.name)} " if first.name and with_name else ""
    to = f"{name}<{safe_line(first.email)}>{more}"
    return [(f" {tr('Reply to')} ", "$muted"), (to, "bold $accent")]


def _forward(heading: Heading, width: int) -> list[Piece]:
    """To whom something is passed on, and who does not see it."""
    to = safe_line(", ".join(each.email for each in heading.to)) or tr("nobody yet")
    customer = safe_line(heading.ticket.customer.label).split()[:1] or [tr("the customer")]
    unseen = (tr(", {who} does not see it") if width >= _ROOMY else tr(", not {who}")).format(who=customer[0])
    return [
        (f" {tr('FORWARD')} ", "bold reverse $side"),
        (f" {tr('to')} ", "$side"),
        (to, "bold $side"),
        (unseen, "$side"),
    ]


def _first(heading: Heading) -> list[Piece]:
    to = safe_line(", ".join(each.email for each in heading.to)) or tr("nobody yet")
    return [(f" {tr('New mail to')} ", "$muted"), (to, "bold $accent")]


def _copies(heading: Heading, width: int, room: int) -> list[Piece]:
    lead = f"   {tr('cc')} "
    if not heading.cc:
        return [(f"{lead}-", "$muted")] if width >= _ROOMY and room > len(lead) else []
    names = ", ".join(safe_line(each.label) for each in heading.cc)
    count = str(len(heading.cc))
    least = min(cell_len(names), _TELLING + len(count) + 1)
    if room - len(lead) < least:
        return [(lead, "$muted"), (count, "$foreground")]
    told = names if cell_len(names) <= room - len(lead) else f"{fit(names, room - len(lead) - len(count) - 1)} {count}"
    return [(lead, "$muted"), (told, "$foreground")]


def _right(heading: Heading, kept: str, subject: str) -> list[Piece]:
    """Who else answers, how the draft is kept, and which ticket it is; what is empty is left out."""
    answering = [safe_line(each.agent) for each in heading.others if each.doing is Doing.ANSWERING]
    company = [tr("{agent} is answering too").format(agent=answering[0])] if answering else []
    number = "" if heading.kind is DraftKind.NOTE or not heading.ticket.number else str(heading.ticket.number)
    ticket = " ".join(filter(None, (number, subject)))
    told = ((company, "bold $warning"), ([kept], "$muted"), ([ticket], "$muted"))
    return [*((f"  {each}", tone) for words, tone in told for each in words if each), (" ", "$muted")]


class ComposeTitle(Bar):
    """The composer's first line."""

    def __init__(self, heading: Heading) -> None:
        super().__init__()
        self._heading = heading

    def tell(
        self,
        *,
        recipients: tuple[Sequence[Address], Sequence[Address]] | None = None,
        others: Sequence[Presence] | None = None,
        kept: Sequence[str] | None = None,
        hands: str | None = None,
        several: int | None = None,
    ) -> None:
        """Say what is newly known; what is not given stays as it was."""
        to, cc = recipients or (self._heading.to, self._heading.cc)
        self._heading = replace(
            self._heading,
            to=to,
            cc=cc,
            others=self._heading.others if others is None else others,
            kept=self._heading.kept if kept is None else kept,
            hands=self._heading.hands if hands is None else hands,
            several=self._heading.several if several is None else several,
        )
        self.refresh()

    def words(self, width: int) -> Content:
        return compose_heading(self._heading, width)
