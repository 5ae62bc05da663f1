"""The signatures below a mail that is written: they are put there once, for the agent to see before it leaves."""

from __future__ import annotations

from desk.signing import signed
from tui.composer.page import Page
from tui.words.tongue import tr


class Signatures:
    """Those of one text. `is_signed`: they stand there, or are not wanted. `known` is None until they are read."""

    def __init__(self, page: Page, *, is_signed: bool) -> None:
        self._page, self._is_signed = page, is_signed
        self.known: tuple[str, ...] | None = None

    @property
    def missing(self) -> str:
        """That nobody knows them yet, in words: a mail that left now would go unsigned; else empty."""
        return tr("the desk is busy, the signature has yet to be read") if self.known is None else ""

    def put(self) -> None:
        """Put them below the text, once: who takes them off again does not want them."""
        area = self._page.area
        if self._is_signed or self.known is None or not area.text.strip():
            return
        self._is_signed = True
        if (text := signed(area.text, self.known)) != area.text:
            chosen = area.selection
            area.replace_all(text)
            area.selection = chosen

    def signed(self, text: str) -> str:
        """A text that is edited elsewhere with them below it."""
        self._is_signed = True
        return signed(text, self.known or ())
