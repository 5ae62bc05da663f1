"""What the reader's own keys show of a ticket: words that are found."""

from __future__ import annotations

from functools import partial

from tui.front import front
from tui.holding import Texts
from tui.seeking import Seeking
from tui.view import Holding
from tui.widgets.reader import Reader


class Looking(Seeking):
    """A screen with a reader."""

    def __init__(self) -> None:
        super().__init__()
        self._texts = Texts()

    @property
    def reader(self) -> Reader:
        """The ticket that is read."""
        return self.query_one(Reader)

    @property
    def sought_in(self) -> Reader:
        return self.reader

    def seek(self, words: str) -> None:
        """Find what stands open at once; what is folded is searched in the reader's thread, and opened then."""
        super().seek(words)
        if (opened := self.reader.current) is not None:
            view = self.reader.view
            look = partial(self._texts.holding, opened, view, words)
            front(self).read("find", lambda _: look(), partial(self._found, words))

    def _found(self, words: str, holding: Holding) -> None:
        """Open what holds the words, unless by now others are sought."""
        found = self.reader.found if self.is_attached else None
        if found is not None and found.words == words:
            self.reader.open_found(holding)
            self.tell_found()

    def action_headers(self) -> None:
        """Show the mails' headers, or only their text."""
        self.reader.show_headers({} if self.reader.view.headers is None else None)
