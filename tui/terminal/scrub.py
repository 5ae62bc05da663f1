"""The net under every widget: nothing dangerous reaches the terminal, even where somebody forgot `desk.safe`."""

from __future__ import annotations

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from desk.safe import DANGEROUS
from tui.style.signs import PLAIN, is_utf8


class Scrub(LineFilter):
    """Takes every character that drives a terminal, and every link that holds one (OSC 8), out of what is painted.

    The characters have no width for Textual, so taking them out moves nothing. What a terminal of another `encoding`
    than UTF-8 cannot show becomes question marks of the same width; with `plain`, our own signs become ASCII.
    """

    def __init__(self, encoding: str = "utf-8", *, plain: bool = False) -> None:
        super().__init__()
        self._encoding = None if is_utf8(encoding) else encoding
        self._plain = plain or self._encoding is not None

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        del background
        return [each if self._is_clean(each) else self._cleaned(each) for each in segments]

    def _is_clean(self, segment: Segment) -> bool:
        link = segment.style.link if segment.style else None
        if DANGEROUS.search(segment.text) or (link and DANGEROUS.search(link)):
            return False
        return not self._plain or segment.text.isascii()

    def _cleaned(self, segment: Segment) -> Segment:
        style = segment.style
        if style is not None and style.link and DANGEROUS.search(style.link):
            style = style.update_link(None)
        text = DANGEROUS.sub("", segment.text)
        if self._plain:
            text = text.translate(PLAIN)
        if self._encoding is not None:
            text = "".join(_encodable(each, self._encoding) for each in text)
        return Segment(text, style, segment.control)


def _encodable(character: str, encoding: str) -> str:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return "?" * cell_len(character)
    return character
