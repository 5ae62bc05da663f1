"""The net under every widget: nothing dangerous reaches the terminal, even where somebody forgot `desk.safe`."""

from __future__ import annotations

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from desk.safe import DANGEROUS


class Scrub(LineFilter):
    """Takes every character that drives a terminal, and every link that holds one (OSC 8), out of what is painted.

    The characters have no width for Textual, so taking them out moves nothing.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        del background
        return [each if _is_clean(each) else _cleaned(each) for each in segments]


def _is_clean(segment: Segment) -> bool:
    link = segment.style.link if segment.style else None
    return not DANGEROUS.search(segment.text) and not (link and DANGEROUS.search(link))


def _cleaned(segment: Segment) -> Segment:
    style = segment.style
    if style is not None and style.link and DANGEROUS.search(style.link):
        style = style.update_link(None)
    return Segment(DANGEROUS.sub("", segment.text), style, segment.control)
