"""How the desk's views stand on the screen: their order, what the top line counts, and what an empty one says."""

from __future__ import annotations

from dataclasses import dataclass

from desk.ports import Sort
from desk.views import VIEWS, View


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A view as a list. `counted` ones stand in the top line, `mixed` ones hold tickets of several states."""

    view: View
    sort: Sort = "updated"
    counted: bool = False
    mixed: bool = False
    empty: str = "Nothing here."

    @property
    def name(self) -> str:
        """The view's name."""
        return self.view.name


_VIEWS = {view.name: view for view in VIEWS}

INBOX = Page(
    view=_VIEWS["inbox"], sort="waiting", counted=True, empty="Nothing is open. g w shows what waits for customers."
)
PAGES = {
    page.name: page
    for page in (
        INBOX,
        Page(
            view=_VIEWS["mine"],
            sort="waiting",
            counted=True,
            mixed=True,
            empty="Nothing here is yours. g n shows what nobody has taken.",
        ),
        Page(
            view=_VIEWS["new"],
            sort="waiting",
            counted=True,
            empty="Everything open is taken. g i shows the inbox.",
        ),
        Page(view=_VIEWS["waiting"], counted=True, empty="No customer owes us an answer."),
        Page(view=_VIEWS["closed"], empty="Nothing is closed yet."),
        Page(view=_VIEWS["drafts"], mixed=True, empty="There are no unfinished texts."),
        Page(view=_VIEWS["all"], mixed=True, empty="There are no tickets yet. ctrl+r looks for mail."),
    )
}
