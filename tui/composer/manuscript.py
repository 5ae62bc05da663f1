"""A text while it is written: what goes with it, and how both are kept. Where, its keeper knows (keeping.py)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

from desk.addressed import staying
from desk.conversation import EntryId
from desk.desk import Desk
from desk.draft import Draft
from desk.safe import safe_line
from desk.wording import Wording
from desk.written import Written, earlier
from tui.composer.draft_text import once_signed
from tui.composer.drafting import Drafting
from tui.composer.keeping import Keeper
from tui.composer.page import Page
from tui.composer.standing import Standing
from tui.front import front
from tui.host import host, stands
from tui.words.telling import moment
from tui.words.tongue import tr


class ManuscriptPage(Page, Protocol):
    """What the text asks of its screen."""

    @property
    def is_leaving(self) -> bool:
        """Whether the text is on its way to the desk, or gone: it is not kept by itself then."""
        ...

    def stand(self, standing: Standing) -> None:
        """Take in whether the text still is the draft."""
        ...


@dataclass(frozen=True, slots=True)
class _PutIn:
    """A text that was put into this one, what went with this one before and after that, and whether it stands there."""

    draft: Draft
    before: Drafting
    after: Drafting
    is_there: bool = True


_Kept = tuple[str, Drafting, EntryId | None]
"""What the store has of a text: the words, what goes with them, and what their author had seen."""


class Manuscript:
    """The text of one composer. `wording` is who gets it, what it is called and its files, where that is chosen.

    `seen` is the newest entry of the ticket that its author had seen, whoever wrote it and however long ago that was.
    """

    def __init__(self, page: ManuscriptPage, keeper: Keeper, text: str, wording: Wording | None) -> None:
        self._page, self.keeper = page, keeper
        self.drafting = Drafting(kind=keeper.kind).worded(wording)
        self.seen = page.opened.newest
        self._kept = (text, self.drafting, self.seen)
        self._is_read = False
        self._on_its_way = 0
        """How many texts are being written, or wait for that."""
        self.stays_to: Wording | None = None
        self._put_in: tuple[_PutIn, ...] = ()

    @property
    def text(self) -> str:
        """What is written so far."""
        return self._page.area.text

    @property
    def written(self) -> Written:
        """The text with all that is kept with it; whom it was begun for is nothing by itself."""
        written, kept = replace(self.drafting.written(self.text), seen=self.seen), self.stays_to
        said = written.wording
        if self.text.strip() or kept is None or said is None or said.to != kept.to:
            return written
        rest = replace(said, to=None, cc=None, subject=None if said.subject == kept.subject else said.subject)
        return replace(written, wording=rest if rest.is_chosen else None)

    @property
    def name(self) -> str:
        """What is said where it cannot be saved."""
        number = self._page.opened.ticket.number
        return tr("draft on {number}").format(number=number) if number else tr("draft of a new mail")

    @property
    def is_kept(self) -> bool:
        """Whether the store has all of it."""
        return self._now == self._kept

    @property
    def _now(self) -> _Kept:
        return self.text, self.drafting, self.seen

    @property
    def is_begun(self) -> bool:
        """Whether there is anything: words, or a macro without any."""
        return bool(self.text.strip()) or self.drafting.use is not None

    @property
    def is_read(self) -> bool:
        """Whether a draft that was resumed stands in the text by now."""
        return self._is_read

    def autosave(self) -> None:
        """Keep what is not kept yet, unless a text is on its way: where the desk is locked, one of them waits."""
        if not (self._page.is_leaving or self.is_kept or self._on_its_way):
            self.save()

    def save(self, then: Callable[[], None] | None = None, failed: Callable[[], None] | None = None) -> None:
        """Keep the text and what goes with it; `then` when it is done, `failed` where it is refused."""
        written = self.written
        stays = self.says_whom_it_stays_to(written.wording)
        save = partial(self.keeper.save, written=written, is_read=self._is_read, stays_to=stays)
        self._keep(save, then, failed)

    def absorb(self, aside: tuple[Draft, ...]) -> None:
        """Put texts that were set aside below this one, with what went with them, and keep it."""
        for each in aside:
            before, put = self.drafting, replace(each, text=once_signed(each.text, self.text))
            self._put_below(put)
            self.has_put_in(put, before)
        self._keep(partial(self.keeper.absorb, written=self.written, aside=aside))

    def has_put_in(self, draft: Draft, before: Drafting) -> None:
        """Remember a text that stands in this one by now, should an undo take it out; `before` went with this one."""
        self._put_in = (*self._put_in, _PutIn(draft, before, self.drafting))

    def turn(self) -> None:
        """Set a text aside again that an undo took out of this one, and let it be in this one where a redo put it."""
        for put in self._put_in:
            if (put.draft.text.strip() in self.text) != put.is_there:
                self._turn(put)

    def _turn(self, put: _PutIn) -> None:
        self._put_in = tuple(replace(each, is_there=not put.is_there) if each is put else each for each in self._put_in)
        was, becomes = (put.after, put.before) if put.is_there else (put.before, put.after)
        if self.drafting == was:
            self.drafting = becomes
        keep = self.keeper.set_aside_again if put.is_there else self.keeper.absorb_again
        self._keep(partial(keep, taken=put.draft, written=self.written))

    def says_whom_it_stays_to(self, said: Wording | None) -> bool:
        """Whether this says whom the text was written to, for its ticket asks for somebody else by now."""
        return self.stays_to is not None and said is not None and said.to == self.stays_to.to

    def stay_to(self, kept: Wording) -> None:
        """Let the text go to whom it was written, though its ticket asks for somebody else by now."""
        if kept != self.stays_to:
            self.stays_to = kept
            self.drafting = self.drafting.worded(staying(self.drafting.wording, kept))

    def _put_below(self, draft: Draft) -> None:
        """Put another text below; where it was written to others, a gap says so, for nothing is sent with one."""
        self.seen = earlier(self.seen, draft.seen)
        own, said = self.drafting.wording, draft.wording
        if not (said and said.to is not None and self.is_begun and said.to != (own and own.to)):
            self._page.area.append(draft.text)
            self.drafting = self.drafting.with_draft(draft)
            return
        whom = ", ".join(safe_line(each.email) for each in said.to or ())
        self._page.area.append(f"⟦{tr('written to {whom}').format(whom=whom)}⟧\n\n{draft.text}")
        unaddressed = replace(said, to=None, cc=None, subject=None)
        self.drafting = self.drafting.with_draft(replace(draft, wording=unaddressed))

    def bring(self, draft: Draft) -> None:
        """Bring a kept draft back where nothing is written yet."""
        if self.text.strip() and self.text != draft.text:
            self.save()
            return
        if not self.text:
            self._page.area.insert_here(draft.text)
            self._page.area.go_to_end()
            at = moment(draft.saved, host(self._page.screen).desk.clock())
            host(self._page.screen).say(tr("your draft of {at} is back").format(at=at))
        self.drafting, self.seen = self.drafting.with_draft(draft), earlier(self.seen, draft.seen)
        self._kept, self._is_read = (draft.text, self.drafting, self.seen), True
        self._page.show()

    def take_in(self, draft: Draft, text: str) -> None:
        """Put a draft that holds `text` by now in its place; what was typed since then stays above it."""
        self.drafting = Drafting(kind=self.keeper.kind).with_draft(draft)
        self.seen = earlier(self.seen, draft.seen)
        self._kept, self._is_read = (draft.text, self.drafting, self.seen), True
        if self.text != text:
            self._page.area.append(draft.text)
            return
        self._page.area.replace_all(draft.text)
        if not text:
            self._page.area.go_to_end()

    def count_as_kept(self) -> None:
        """Somebody else has it, as it is now."""
        self._kept = self._now

    def count_as_gone(self) -> None:
        """The store has nothing of it any more."""
        self._kept = ("", Drafting(kind=self.keeper.kind), self.seen)

    def tell_kept(self, text: str, *, aside: bool = False) -> None:
        """Say above the text that it is kept, `aside` where it is not the draft, and since when."""
        at = host(self._page.screen).desk.clock().astimezone()
        words = (tr("kept aside"),) if aside else (tr("draft saved"), tr("saved"))
        self._page.heading.tell(kept=[f"{each} {at:%H:%M}" for each in words] if text.strip() else ())

    def _keep(
        self,
        work: Callable[[Desk], Standing],
        then: Callable[[], None] | None = None,
        failed: Callable[[], None] | None = None,
    ) -> None:
        """Have the text kept by `work` as it is now."""
        self._on_its_way += 1
        saved, unsaved = partial(self._saved, self._now, then), partial(self._not_saved, failed)
        front(self._page.screen).act(self.name, work, saved, unsaved)

    def _not_saved(self, failed: Callable[[], None] | None) -> None:
        self._on_its_way -= 1
        if failed is not None:
            failed()

    def _saved(self, now: _Kept, then: Callable[[], None] | None, standing: Standing) -> None:
        self._on_its_way -= 1
        self._kept = now
        if stands(self._page.screen):
            self.tell_kept(now[0], aside=standing.lost is not None)
            self._page.stand(standing)
        if then is not None:
            then()
