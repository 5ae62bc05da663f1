"""What stands around a mail that is being written: who sends it to whom, its subject, its files, and what is odd."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from textual.content import Content

from desk.people import Address
from desk.safe import safe_line
from desk.wording import Enclosure
from tui.composer.letterhead import NO_MAIL, LetterHead
from tui.reader.wrapping import fit, wrap
from tui.widgets.told import Told
from tui.words.heard import heard
from tui.words.subjects import subject_line
from tui.words.telling import size
from tui.words.tongue import tr, trn

_NAMES = 9
"""Cells that the names of the lines take."""

_LONGEST_NAME = 60
"""Cells of a person's name."""

_NAMED = 4
"""People who are shown with their names."""

_UNREAD = "…"
"""Stands for what has yet to be read."""
_MOST_ROWS = 10
"""Rows that one line may take, so that the keys below stay on the screen: some 25 addresses at 80 columns."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What the envelope says: all of it before sending, while typing only what is not as one would expect."""

    head: LetterHead = NO_MAIL
    warning: str = ""
    is_whole: bool = False


class Envelope(Told):
    """The lines between the title and the text."""

    DEFAULT_CSS = "Envelope { background: $panel; }"

    def __init__(self) -> None:
        super().__init__()
        self._shown = Shown()

    def show(self, shown: Shown) -> None:
        """Say something else."""
        if shown != self._shown:
            self._shown = shown
            self.tell(shown=bool(list(envelope(shown, 80))))

    def lines(self, width: int) -> Sequence[Content]:
        return list(envelope(self._shown, width))


def envelope(shown: Shown, width: int) -> Iterator[Content]:
    """The lines: `From`, `To`, `Cc`, `Bcc`, `Subject`, `Files`, and a warning."""
    head, heads = shown.head, shown.head.heads
    if shown.is_whole and head.sender is not None:
        yield from _line(tr("From"), safe_line(str(head.sender)), width)
    if shown.is_whole:
        nobody = tr("nobody yet") if head.is_known else _UNREAD
        yield from _line(tr("To"), people(heads.to) or nobody, width, is_odd=not heads.to)
        yield from _line(tr("Cc"), people(heads.cc) or "-", width)
    if heads.bcc:
        yield from _line(tr("Bcc"), f"{people(heads.bcc)}  {tr('(nobody else sees them)')}", width)
    if shown.is_whole or head.wording.subject is not None:
        is_told = head.is_known or bool(heads.subject)
        yield from _line(tr("Subject"), subject_line(heads.subject) if is_told else _UNREAD, width)
    if head.wording.enclosures:
        yield from _line(tr("Files"), files(head.wording.enclosures), width)
    if head.refused and not heads.to:
        yield from _line("", heard(safe_line(head.refused)), width, is_odd=True)
    if shown.warning:
        yield from _line("", heard(safe_line(shown.warning)), width, is_odd=True)


def people(addresses: Sequence[Address]) -> str:
    """Who, with their addresses: a name alone may be anybody's. Of many only the addresses, so that all can be seen."""
    is_many = len(addresses) > _NAMED
    return ", ".join(safe_line(each.email) if is_many else _person(each) for each in addresses)


def _person(address: Address) -> str:
    """An address whole, and of a name as much as people have: strangers choose it."""
    name = fit(safe_line(address.name), _LONGEST_NAME).rstrip()
    return f"{name} <{safe_line(address.email)}>" if name else safe_line(address.email)


def files(enclosures: Sequence[Enclosure]) -> str:
    """What goes along, each with its size, and all of it together."""
    each = ", ".join(f"{safe_line(file.name)} {size(file.size)}" for file in enclosures)
    if len(enclosures) == 1:
        return each
    return tr("{files}; {size} in all").format(files=each, size=size(sum(file.size for file in enclosures)))


def _line(name: str, words: str, width: int, *, is_odd: bool = False) -> Iterator[Content]:
    lead = Content.styled(name.ljust(_NAMES), "$muted") if name else Content.styled("! ".ljust(_NAMES), "bold $warning")
    pieces = wrap(words, max(width - _NAMES, 10))
    if len(pieces) > _MOST_ROWS:
        more = len(pieces) - _MOST_ROWS + 1
        words = trn("… and {count} line more", "… and {count} lines more", more).format(count=more)
        pieces = [*pieces[: _MOST_ROWS - 1], words]
    for piece in pieces:
        yield Content.assemble(lead, (piece, "$warning" if is_odd else "$foreground"))
        lead = Content(" " * _NAMES)
