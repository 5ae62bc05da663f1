"""A screen on which a text is written that is kept as the ticket's draft, for as long as this screen holds that.

While it does not, what happened stands above the text, the draft's own text beside it (or in its place, where nothing
is written here), and one key takes the draft over. The store's side of it is in tui/composer/keeping.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from textual.containers import Vertical
from textual.screen import Screen

from desk.draft import Draft, DraftKind
from desk.drafts import Fate
from desk.errors import TandemError
from desk.presence import Doing, Presence
from desk.safe import safe_line
from desk.ticket import TicketNumber
from desk.wording import Wording
from tui.composer.drafting import Drafting
from tui.composer.keeping import Beginning, Keeper, Standing, Taken, told_lost
from tui.composer.letterhead import AS_SAID, NO_MAIL, LetterHead
from tui.composer.sending import Finished
from tui.front import front
from tui.host import host, stands
from tui.keys import Context
from tui.keys.naming import with_keys
from tui.reader.opened import OpenTicket
from tui.widgets.compose_keys import ComposeKeys
from tui.widgets.compose_title import ComposeTitle
from tui.widgets.draft import DraftArea
from tui.widgets.held import BELOW, BESIDE, HeldBar, HeldDraft, HeldLine, held_title, held_words
from tui.words.telling import moment
from tui.words.tongue import tr


class HoldingScreen(Screen[Finished]):
    """Keeps a text; what is done with it, its subclass says."""

    def __init__(self, opened: OpenTicket, kind: DraftKind, text: str, wording: Wording | None = None) -> None:
        super().__init__()
        self._opened = opened
        self._kind = kind
        self._drafting = Drafting(kind=kind).worded(wording)
        self._kept = (text, self._drafting)
        self._keeper = self.keeper()
        self._standing = Standing()
        self._base, self._signatures = NO_MAIL, tuple[str, ...]()
        self._is_read = False
        self._is_taking = False
        self._company: tuple[Presence, ...] = opened.presences

    def keeper(self) -> Keeper:
        """What keeps the text."""
        return Keeper(self._opened.ticket.number, self._kind)

    @property
    def number(self) -> TicketNumber:
        """The ticket that is written on."""
        return self._opened.ticket.number

    @property
    def draft_name(self) -> str:
        """What is said where the text cannot be saved."""
        return tr("draft on {number}").format(number=self.number) if self.number else tr("draft of a new mail")

    @property
    def text(self) -> str:
        """What is written so far."""
        return self.query_one(DraftArea).text

    @property
    def head(self) -> LetterHead:
        """What stands around the text, as it would leave now."""
        return replace(self._base, wording=self._drafting.wording or AS_SAID)

    @property
    def is_kept(self) -> bool:
        """Whether the store has all that is written here."""
        return (self.text, self._drafting) == self._kept

    @property
    def is_watching(self) -> bool:
        """Whether a draft that is held elsewhere is only read here."""
        return self.has_class("-watching")

    @property
    def doing(self) -> Doing:
        """What colleagues are told."""
        return Doing.READING if self.is_watching else Doing.ANSWERING

    def action_save(self) -> None:
        """Keep the text now, and go on."""
        self._save()

    def action_take_over(self) -> None:
        """Hold the draft here: what stands in it comes below what is written here."""
        if (lost := self._standing.lost) is None or self._is_taking:
            return
        if lost.fate is Fate.MERGED:  # there is nothing to hold any more
            host(self).say(tr("What you write is kept aside there."), "warn")
            return
        self._is_taking = True
        text, drafting, keeper = self.text, self._drafting, self._keeper
        front(self).act(
            self.draft_name,
            lambda desk: keeper.take_over(desk, text, drafting.plan, drafting.wording),
            partial(self._taken, text),
            self._stay_untaken,
        )

    def action_ask_for_it(self) -> None:
        """Take a draft over that is only read: asked twice, for a letter may be meant as a word."""
        lost = self._standing.lost
        whose = safe_line(lost.now.author) if lost is not None and lost.now is not None else tr("your colleague")
        if front(self).asked_again(
            with_keys(tr("take over the draft that {agent} holds? {key_take_over} again"), agent=whose),
            action="take-over",
        ):
            self.action_take_over()

    def action_say_read_only(self) -> None:
        """Tell somebody who types that nothing is written."""
        words = tr(
            "nothing is written here: this draft is only read, {key_take_over} takes it over, {key_leave} leaves it"
        )
        host(self).say(with_keys(words, Context.HELD), "warn")

    def action_bring_draft(self) -> None:
        """Put what was set aside below the text, with what went with it; or take the draft over."""
        if self._standing.lost is not None:
            self.action_take_over()
        elif aside := self._standing.aside:
            for each in aside:
                self.query_one(DraftArea).append(each.text)
                self._drafting = self._drafting.with_draft(each)
            self._absorb(aside)

    def action_read_on(self, lines: int) -> None:
        """Move through a draft that is only read."""
        self.query_one("#side", Vertical).scroll_relative(y=lines, animate=False)

    def _start(self) -> None:
        """Take up the draft; to be called once the text that was brought along stands there."""
        keeper, text = self._keeper, self.text
        host(self).act(self.draft_name, lambda desk: keeper.begin(desk, text), self._begin)

    def _begin(self, beginning: Beginning) -> None:
        """Name the recipients, and bring a kept draft back: into an empty text at once, else on demand."""
        if not stands(self):
            return
        self._base, self._signatures = beginning.head, beginning.signatures
        self._show()
        if beginning.draft is not None:
            self._bring(beginning.draft)
        self._stand(beginning.standing, is_new=True)

    def _bring(self, draft: Draft) -> None:
        if self.text.strip() and self.text != draft.text:
            self._save()
            return
        if not self.text:
            self.query_one(DraftArea).insert_here(draft.text)
            self.query_one(DraftArea).go_to_end()
            host(self).say(tr("your draft of {at} is back").format(at=self._moment(draft)))
        self._drafting = self._drafting.with_draft(draft)
        self._kept, self._is_read = (draft.text, self._drafting), True
        self._show()

    def _moment(self, draft: Draft) -> str:
        return moment(draft.saved, host(self).desk.clock())

    def _look(self) -> None:
        """See whether the draft still is held here."""
        host(self).act(self.draft_name, self._keeper.look, self._stand)

    def _stand(self, standing: Standing, *, is_new: bool = False) -> None:
        """Take in how the text stands now: words that nobody has saved are kept aside when the draft is lost.

        Only where a text is opened (`is_new`) does the screen turn to mere reading: later it would turn what is being
        typed into commands.
        """
        if not stands(self):
            return
        known, self._standing = self._standing, standing
        is_written = bool(self.text.strip()) or self._drafting.use is not None
        if standing.lost is not None and standing.lost.now is None and not is_written:
            host(self).say(f"{told_lost(standing.lost, host(self).desk.clock())}", "warn")
            self._watch(is_watching=False)
            self._start()
            return
        if standing.lost is not None and known.lost is None:
            self.query_one(ComposeTitle).tell(kept="")
        if standing.lost is None:
            self._tell_aside(known, standing)
        elif known.lost is None and is_written:
            self._autosave()
        elif is_new:
            self._watch(is_watching=True)
        self._show()

    def _tell_aside(self, known: Standing, standing: Standing) -> None:
        """Say that words of this agent's are kept beside the draft, when they are new there."""
        ids = {each.id for each in known.aside}
        if new := [each for each in standing.aside if each.id not in ids]:
            words = tr("your draft of {at} is set aside, {key_bring_draft} puts it below")
            host(self).say(with_keys(words, at=self._moment(new[-1])))

    def _watch(self, *, is_watching: bool) -> None:
        """Only read the draft that is held elsewhere, or write again."""
        if is_watching != self.is_watching:
            self.set_class(is_watching, "-watching")
            self.remove_class("-review")
            self.query_one(HeldBar if is_watching else DraftArea).focus()

    def _stay_untaken(self) -> None:
        self._is_taking = False

    def _taken(self, text: str, taken: Taken | TandemError) -> None:
        self._is_taking = False
        if isinstance(taken, TandemError):
            host(self).say(str(taken), "error")
            return
        if not stands(self):
            return
        self._watch(is_watching=False)
        if taken.draft is not None:
            self._show_taken(text, taken.draft)
            self._tell_kept(tr("draft saved"), taken.draft.text)
        host(self).say(tr("the draft is yours now"))
        self._stand(taken.standing)

    def _show_taken(self, text: str, draft: Draft) -> None:
        """Put the whole draft into the text; what was typed while it was taken over stays above it."""
        area = self.query_one(DraftArea)
        self._kept = (draft.text, Drafting(kind=self._kind).with_draft(draft))
        self._drafting, self._is_read = self._kept[1], True
        if self.text == text:
            area.replace_all(draft.text)
            if not text:
                area.go_to_end()
        else:
            area.append(draft.text)

    def _autosave(self) -> None:
        if (self.text, self._drafting) != self._kept:
            self._save()

    def _save(self, then: Callable[[], None] | None = None) -> None:
        """Keep the text and what goes with it; `then` when it is done."""
        text, drafting, is_read, keeper = self.text, self._drafting, self._is_read, self._keeper
        host(self).act(
            self.draft_name,
            lambda desk: keeper.save(desk, text, drafting.plan, wording=drafting.wording, is_read=is_read),
            lambda standing: self._saved(text, drafting, standing, then),
        )

    def _absorb(self, aside: tuple[Draft, ...]) -> None:
        text, drafting, keeper = self.text, self._drafting, self._keeper
        host(self).act(
            self.draft_name,
            lambda desk: keeper.absorb(desk, text, drafting.plan, aside, drafting.wording),
            lambda standing: self._saved(text, drafting, standing, None),
        )
        self._standing = Standing(self._standing.lost)

    def _saved(self, text: str, drafting: Drafting, standing: Standing, then: Callable[[], None] | None) -> None:
        self._kept = (text, drafting)
        if stands(self):
            self._tell_kept(tr("kept aside") if standing.lost else tr("draft saved"), text)
            self._stand(standing)
        if then is not None:
            then()

    def _tell_kept(self, where: str, text: str) -> None:
        at = host(self).desk.clock().astimezone()
        self.query_one(ComposeTitle).tell(kept=f"{where} {at:%H:%M}" if text.strip() else "")

    def _show(self) -> None:
        """Bring everything around the text up to date."""
        lost, now = self._standing.lost, host(self).desk.clock()
        self.query_one(ComposeKeys).show(is_aside=bool(self._standing.aside) and lost is None)
        line, draft = self.query_one(HeldLine), self.query_one(HeldDraft)
        if lost is None:
            line.show("", "")
            draft.show(None)
            return
        typing = lost.now is not None and any(
            each.agent == lost.now.author and each.doing is Doing.ANSWERING for each in self._company
        )
        line.show(*held_words(lost, now, typing=typing, watching=self.is_watching))
        title = held_title(lost.now, self._opened.me, now) if lost.now else ""
        most = BELOW if self.has_class("-narrow") else BESIDE
        draft.show(lost.now, title, None if self.is_watching else most)
