"""Which mails and notes of a ticket hold words that are sought, folded or not; for a thread beside the screen's."""

from __future__ import annotations

import re

from textual.cache import FIFOCache

from desk.conversation import EntryId, Message, Note
from tui.reader.bodies import readable
from tui.reader.folding import Kind, parts_of
from tui.reader.lines import Fold
from tui.reader.opened import OpenTicket
from tui.reader.view import Holding, View, is_answer, version_of, words_of
from tui.words.finding import form, sought

SHORTEST = 2
"""Letters that are typed before folded messages are opened: one letter stands in all of them."""
_ALPHABETS = "\u2e7f"
_KEPT = 400

_Parts = tuple[tuple[Kind, str], ...]


class Texts:
    """The texts of the tickets searched last, as they are compared."""

    def __init__(self) -> None:
        self._parts: FIFOCache[tuple[EntryId, int], _Parts] = FIFOCache(_KEPT)

    def holding(self, opened: OpenTicket, view: View, words: str) -> Holding:
        """What holds these words and may have to be opened to show them."""
        pattern = sought(words)
        if pattern is None or len(form(words).strip()) < _fewest(words):
            return Holding()
        read = [each for each in opened.entries if isinstance(each, (Message, Note))]
        found = {each.id: _holding(self._of(each, view), pattern) for each in read}
        folds = {Fold(entry, at) for entry, parts in found.items() for at, kind in parts if kind is not Kind.TEXT}
        return Holding(frozenset(entry for entry, parts in found.items() if parts), frozenset(folds))

    def _of(self, entry: Message | Note, view: View) -> _Parts:
        key = (entry.id, version_of(entry, view))
        if (parts := self._parts.get(key)) is None:
            answer = isinstance(entry, Message) and is_answer(entry)
            found = parts_of(readable(words_of(entry, view)), is_answer=answer)
            parts = self._parts[key] = tuple((each.kind, form("\n".join(each.lines))) for each in found)
        return parts


def _holding(parts: _Parts, pattern: re.Pattern[str]) -> list[tuple[int, Kind]]:
    return [(at, kind) for at, (kind, text) in enumerate(parts) if pattern.search(text)]


def _fewest(words: str) -> int:
    """How many characters must be there: one of a script without an alphabet is a word."""
    return 1 if any(each > _ALPHABETS for each in words) else SHORTEST
