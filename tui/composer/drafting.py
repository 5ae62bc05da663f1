"""What an agent is about to send or to note down besides the text: a macro's checklist, its actions, and what is left.

Pure values; the composer shows them and hands them to the desk.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from desk.conversation import EntryId
from desk.draft import Draft, DraftKind
from desk.outgoing import Answer, gaps
from desk.plan import KeptStep, Plan, Tick
from desk.steps import MacroUse, Step
from desk.ticket import Status
from desk.wording import Wording, together
from desk.written import Written
from tui.keys.naming import with_keys
from tui.words.tongue import tr, trn

if TYPE_CHECKING:
    from macros.fill import Filled


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafting:
    """What goes with a text. Several macros may be put into one text: their steps add up, the last one is recorded.

    `wording` is who gets the mail, what it is called and which files go along, where that is not as the ticket says.
    """

    kind: DraftKind
    checklist: tuple[Tick, ...] = ()
    steps: tuple[Step, ...] = ()
    use: MacroUse | None = None
    filled: str = ""
    name: str = ""
    wording: Wording | None = None

    @property
    def is_note(self) -> bool:
        """Whether only agents will see the text."""
        return self.kind is DraftKind.NOTE

    def with_macro(self, filled: Filled) -> Drafting:
        """The same with a macro's checklist and actions added."""
        ticks = tuple(Tick(each.text, each.required) for each in filled.checklist)
        return replace(
            self,
            checklist=(*self.checklist, *ticks),
            steps=(*self.steps, *filled.steps),
            use=filled.use,
            filled=filled.text,
            name=filled.macro.name,
        )

    def with_plan(self, plan: Plan | None) -> Drafting:
        """The same with what went with a kept text before."""
        if plan is None:
            return self
        return replace(
            self,
            checklist=(*self.checklist, *plan.checklist),
            steps=(*self.steps, *plan.steps),
            use=plan.use,
            filled=plan.filled,
            name=plan.name,
        )

    def with_draft(self, draft: Draft) -> Drafting:
        """The same with all that went with a kept text: whom was chosen here stays, files add up."""
        return self.with_plan(draft.plan).worded(together(self.wording, draft.wording))

    @property
    def plan(self) -> Plan | None:
        """What is kept of this with the text."""
        if self.use is None:
            return None
        return Plan(self.use, self.name, self.filled, self.checklist, tuple(map(KeptStep.of, self.steps)))

    def written(self, text: str) -> Written:
        """This text with all that is kept with it."""
        return Written(text, self.plan, self.wording)

    def worded(self, wording: Wording | None) -> Drafting:
        """The same with other recipients, another subject or other files; what says nothing is none."""
        return replace(self, wording=None if wording == Wording() else wording)

    def ticked(self, index: int) -> Drafting:
        """The same with one step of the checklist done, or not done after all; no such step changes nothing."""
        ticks = enumerate(self.checklist)
        return replace(self, checklist=tuple(each.toggled() if at == index else each for at, each in ticks))

    def missing(self, text: str) -> str:
        """What stands between this text and its sending, in words; empty when nothing does."""
        if words := self._left(text):
            return words
        if self.kind is DraftKind.FORWARD and not (self.wording and self.wording.to):
            return with_keys(tr("nobody to forward it to yet: {key_recipients} says whom"))
        return "" if text.strip() else tr("nothing written yet")

    def _left(self, text: str) -> str:
        """Gaps and required steps that are still open."""
        unfilled = len(gaps(text))
        undone = sum(each.required and not each.done for each in self.checklist)
        if unfilled and undone:
            filling = trn("{count} gap", "{count} gaps", unfilled).format(count=unfilled)
            doing = trn("{count} required step", "{count} required steps", undone).format(count=undone)
            return tr("{gaps} and {steps} left").format(gaps=filling, steps=doing)
        if unfilled:
            return trn("{count} gap left", "{count} gaps left", unfilled).format(count=unfilled)
        if undone:
            return trn("{count} required step left", "{count} required steps left", undone).format(count=undone)
        return ""

    def used(self, text: str) -> MacroUse | None:
        """The macro as it is recorded: edited, if the text is not what it filled in."""
        return replace(self.use, edited=text.strip() != self.filled.strip()) if self.use else None

    def answer(self, text: str, status: Status | None, seen: EntryId | None) -> Answer:
        """The answer to hand to the desk."""
        used = self.used(text)
        return Answer(
            text=text,
            steps=self.steps,
            macro=used,
            plan=self.plan,
            status=status,
            seen=seen,
            wording=self.wording,
        )
