"""What a composer shows of a draft that it does not hold: what became of it, its text, and the keys that act then."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content

from desk.draft import Draft
from desk.lost import Fate, Lost
from desk.safe import safe, safe_line
from tui.composer.standing import told_lost
from tui.keys import Context
from tui.keys.naming import instead_of, with_keys
from tui.reader.wrapping import wrap
from tui.widgets.bar_words import Piece, spread
from tui.widgets.bars import Bar
from tui.widgets.told import Told
from tui.words.telling import moment
from tui.words.tongue import mark, tr, trn

BESIDE, BELOW = 12, 6
"""How many lines of it stand beside a text of one's own, and below it."""

_ROOMY = 100
_TYPING = 1.0
"""Seconds after a letter within which the next one belongs to the same words."""
_BOUND = frozenset({"t", "q", "question_mark", "j", "k", "space"})
_KEYS = (
    ("t", mark("take it over"), mark("take over")),
    ("escape", mark("leave it"), mark("leave")),
    ("pagedown", mark("read on"), mark("on")),
)


class HeldLine(Told):
    """Why the text is not the ticket's draft, and what to do, for as long as that is so."""

    DEFAULT_CSS = "HeldLine { background: $warning 20%; }"

    def __init__(self) -> None:
        super().__init__()
        self._words: tuple[str, str] = ("", "")

    def show(self, what: str, hint: str) -> None:
        """Say what became of the draft, and what to do; empty for nothing."""
        if (what, hint) != self._words:
            self._words = (what, hint)
            self.tell(shown=bool(what))

    def lines(self, width: int) -> Sequence[Content]:
        what, hint = self._words
        return [
            *(Content.styled(line, "bold $warning") for line in wrap(what, width)),
            *(Content.styled(line, "$foreground") for line in wrap(hint, width) if hint),
        ]


class HeldDraft(Told):
    """The text of a draft that is held elsewhere: all of it, or how it begins beside one's own."""

    DEFAULT_CSS = "HeldDraft { background: $chosen-faint; }"

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[Draft | None, str, int | None] = (None, "", None)

    def show(self, draft: Draft | None, title: str = "", most: int | None = None) -> None:
        """Show at most so many lines of a draft (None: all of it), or no draft."""
        if (draft, title, most) != self._shown:
            self._shown = (draft, title, most)
            self.tell(shown=draft is not None)

    def lines(self, width: int) -> Sequence[Content]:
        draft, title, most = self._shown
        return list(_told(draft.text, title, width, most)) if draft else []


class HeldBar(Bar, can_focus=True):
    """The keys while a colleague's draft is only read. It has the focus then, so that no key types."""

    PLACE: ClassVar[Context] = Context.HELD
    DEFAULT_CSS = "HeldBar { background: $chosen; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "screen.ask_for_it", "take over", show=False),
        Binding("q", "screen.keep", "leave", show=False),
        *(
            Binding(keys, f"screen.read_on({by})", "read on", show=False)
            for keys, by in (("j,down", 1), ("k,up", -1), ("pagedown,space", 8), ("pageup", -8))
        ),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._typed = -_TYPING

    async def on_key(self, event: events.Key) -> None:
        """Take letters that do nothing, and a `t` among them, for words that somebody types without looking."""
        is_word = event.is_printable and event.key not in _BOUND
        if is_word or (event.key == "t" and event.time - self._typed < _TYPING):
            event.stop()
            self._typed = event.time
            await self.run_action("screen.say_read_only")

    def words(self, width: int) -> Content:
        pieces: list[Piece] = [(" ", "$foreground")]
        for key, label, short in _KEYS:
            if now := instead_of(key, self.PLACE):
                pieces += [(now, "bold $accent"), (f" {tr(label if width >= _ROOMY else short)}  ", "$foreground")]
        return spread(pieces, [(instead_of("?", self.PLACE), "bold $accent"), (f" {tr('help')} ", "$muted")], width)


def held_words(lost: Lost, now: datetime, *, typing: bool, watching: bool) -> tuple[str, str]:
    """What the line says: what became of the draft, and what to do."""
    what = told_lost(lost, now)
    if lost.fate in (Fate.BEGUN, Fate.TAKEN_OVER) and lost.now is not None:
        saved = tr(", saved {at}").format(at=moment(lost.now.saved, now))
        what += tr(", and is typing now") if typing else saved
    if watching:
        return f"{what}.", with_keys(
            tr("Nothing is locked: {key_take_over} takes the draft over, {key_leave} leaves it."), Context.HELD
        )
    if lost.has_moved:
        return f"{what}.", kept_there(lost)
    if lost.now is None:
        return f"{what}.", with_keys(tr("What you write is kept aside. {key_bring_draft} makes it the draft."))
    theirs = tr("What you write is kept aside. {key_bring_draft} takes the draft over, theirs below yours.")
    its_text = tr("What you write is kept aside. {key_bring_draft} takes the draft over, its text below yours.")
    return f"{what}.", with_keys(theirs if lost.by else its_text)


def kept_there(lost: Lost) -> str:
    """Where a text that went to another ticket is kept from now on."""
    if lost.ticket is None:
        return tr("What you write is kept aside there.")
    return tr("What you write is kept on ticket {number}.").format(number=lost.ticket)


def held_title(draft: Draft, me: str | None, now: datetime) -> str:
    """What stands over the text of a draft that is held elsewhere."""
    words = tr("the draft, saved {at}") if draft.author == me else tr("{agent}'s draft, saved {at}")
    return words.format(agent=safe_line(draft.author), at=moment(draft.saved, now))


def _told(text: str, title: str, width: int, most: int | None) -> Iterator[Content]:
    yield from (Content.styled(line, "bold $foreground") for line in wrap(title, width))
    if most is None:
        yield Content()
    lines = [piece for line in safe(text).splitlines() for piece in wrap(line, width)]
    yield from map(Content, lines[:most])
    if most is not None and (more := len(lines[most:])):
        yield Content.styled(trn("{count} more line", "{count} more lines", more).format(count=more), "$muted")
