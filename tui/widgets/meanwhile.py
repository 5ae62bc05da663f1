"""What others wrote on the ticket while this agent was writing, beside the draft."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual.content import Content

from desk.conversation import Direction, EntryId, Message, Note
from desk.joined import joined_since
from desk.meanwhile import texts_since
from desk.safe import safe, safe_line
from tui.reader.folding import Kind, parts_of
from tui.reader.opened import OpenTicket
from tui.reader.wrapping import wrap
from tui.widgets.told import Told
from tui.words.tongue import tr, trn

MOST_LINES = 200
"""How many lines of each text are shown; the ticket has all of them."""


class Meanwhile(Told):
    """The messages and notes that came in after `since`, the newest first: who wrote them, and in which words.

    A merge brings some, too.
    Quotations and signatures are left out. What has no room here is scrolled to from the review (PgDn).
    """

    DEFAULT_CSS = "Meanwhile { background: $chosen-faint; }"

    def __init__(self, since: EntryId | None) -> None:
        super().__init__()
        self._since = since or EntryId(0)
        self._arrived: Sequence[Message | Note] = ()
        self._joined: frozenset[EntryId] = frozenset()

    def show(self, opened: OpenTicket) -> None:
        """Show what is new in this state of the ticket."""
        states = {each.id: each.state for each in opened.outbox.values()}
        new = texts_since(opened.me, opened.entries, states, self._since)
        self._joined = joined_since(opened.entries, self._since)
        if new != self._arrived:
            self._arrived = new
            self.tell(shown=bool(new))

    def reach_back(self, opened: OpenTicket, seen: EntryId | None) -> None:
        """Show what is new since an earlier entry too: up to there the author of a kept text had seen the ticket."""
        if seen is not None and seen < self._since:
            self._since = seen
            self.show(opened)

    @property
    def arrived(self) -> frozenset[EntryId]:
        """Which texts it shows."""
        return frozenset(each.id for each in self._arrived)

    def lines(self, width: int) -> Sequence[Content]:
        return [
            line for each in reversed(self._arrived) for line in _told(each, width, is_before=each.id in self._joined)
        ]


def _told(entry: Message | Note, width: int, *, is_before: bool) -> Iterator[Content]:
    title, text = _words(entry, is_before=is_before)
    yield from (Content.styled(line, "bold $warning") for line in wrap(title, width))
    own = [line for part in parts_of(safe(text)) if part.kind is Kind.TEXT for line in part.lines]
    lines = [piece for line in own for piece in wrap(line, width)]
    yield from map(Content, lines[:MOST_LINES])
    if more := len(lines[MOST_LINES:]):
        yield Content.styled(trn("{count} more line", "{count} more lines", more).format(count=more), "$muted")


def _words(entry: Message | Note, *, is_before: bool) -> tuple[str, str]:
    match entry:
        case Message(direction=Direction.IN):
            return _wrote(entry.sender.label, is_before=is_before), entry.text
        case Message():
            if entry.author:
                return _wrote(entry.author, is_before=is_before), entry.text
            ours = tr("we wrote before the tickets became one") if is_before else tr("we wrote in the meantime")
            return ours, entry.text
        case Note():
            before, since = (
                tr("{who}, in a note, wrote before the tickets became one"),
                tr("{who}, in a note, wrote in the meantime"),
            )
            return (before if is_before else since).format(who=safe_line(str(entry.author))), entry.note


def _wrote(who: str, *, is_before: bool) -> str:
    words = tr("{who} wrote before the tickets became one") if is_before else tr("{who} wrote in the meantime")
    return words.format(who=safe_line(who))
