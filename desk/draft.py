"""An unfinished text: what it is, not what may be done with it (desk/drafts.py, desk/actions/draft.py)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from desk.conversation import EntryId
from desk.people import Handle
from desk.plan import Plan
from desk.ticket import TicketNumber
from desk.wording import Wording
from desk.written import Written


class DraftKind(StrEnum):
    """What the text is going to be: mail to the customer, mail to others, an internal note, or other words for one."""

    REPLY = "reply"
    FORWARD = "forward"
    NOTE = "note"
    EDIT = "edit"


DraftId = NewType("DraftId", int)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An unfinished text on a ticket, with what a macro added to it.

    The one reply that is not `aside` is the ticket's shared draft, which `author` holds since `since` (None: since it
    was saved). A forward, a note, and whatever is aside, is its author's own. `revision` counts from 1, one up for
    each change: who has not seen the latest one does not write over it. `brought_back` tells that the latest was an
    undo. `note` is the note that gets other words. `wording` is what else was chosen for a mail.
    `given_by` handed it to its author, who has not taken it up yet; `given_told` is when one of the author's screens
    first rang for that. `stays_to` tells that `wording` says whom the words were written to because the mails on their
    ticket ask for somebody else since one came, or since a merge or a split (desk/addressed.py). `carried` counts the
    changes since its words were last kept that only took it to another ticket, with a merge or a split, or back.
    `seen` is the newest entry of its ticket that whoever wrote it had seen (None: nobody knows): of what came later,
    its words know nothing.
    `first` is the text that it was before it was finished or thrown away and an undo brought it back (None: this one).
    """

    id: DraftId = DraftId(0)
    ticket: TicketNumber
    author: Handle
    kind: DraftKind
    text: str
    saved: datetime
    plan: Plan | None = None
    aside: bool = False
    revision: int = 1
    since: datetime | None = None
    brought_back: bool = False
    note: EntryId | None = None
    wording: Wording | None = None
    given_by: Handle | None = None
    given_told: datetime | None = None
    stays_to: bool = False
    carried: int = 0
    first: DraftId | None = None
    seen: EntryId | None = None

    @property
    def origin(self) -> DraftId:
        """Which text it is, however often an undo brought it back."""
        return self.first or self.id

    @property
    def written(self) -> Written:
        """All that its author wrote and chose."""
        return Written(self.text, self.plan, self.wording, self.seen)
