"""A widget that tells something in lines of `Content`, as high as what it tells, and hidden while that is nothing."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence

from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget


class Told(Widget):
    """Lines that depend on the width they are told in."""

    DEFAULT_CSS = "Told { height: auto; padding: 0 1; display: none; }"

    @abstractmethod
    def lines(self, width: int) -> Sequence[Content]:
        """What there is to tell, in lines of at most `width` cells."""

    def tell(self, *, shown: bool) -> None:
        """Tell it anew, or nothing."""
        self.display = shown
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - Textual's
        return len(self.lines(width))

    def render(self) -> Content:
        return Content("\n").join(self.lines(self.content_size.width))
