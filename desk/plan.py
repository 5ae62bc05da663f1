"""What a macro adds to a text that is being written: a checklist and actions, kept with the draft and the mail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from desk.people import Handle
from desk.steps import AssignStep, MacroUse, NoteStep, PriorityStep, SnoozeStep, StatusStep, Step, TagStep
from desk.ticket import Priority, Status


@dataclass(frozen=True, slots=True)
class Tick:
    """One step of the procedure: what to do, whether sending waits for it, and whether it is done."""

    text: str
    required: bool
    done: bool = False

    def toggled(self) -> Tick:
        """The same step, done if it was not, not done if it was."""
        return replace(self, done=not self.done)


@dataclass(frozen=True, slots=True)
class KeptStep:
    """An action as it is kept: its kind and its words."""

    kind: Literal["tag", "assign", "status", "priority", "note", "snooze"]
    words: tuple[str, ...]

    @classmethod
    def of(cls, step: Step) -> KeptStep:
        """An action in its kept form."""
        match step:
            case TagStep(add, remove):
                return cls("tag", (*(f"+{each}" for each in add), *(f"-{each}" for each in remove)))
            case AssignStep(to):
                return cls("assign", (to,) if to else ())
            case StatusStep(status):
                return cls("status", (status.value,))
            case PriorityStep(priority):
                return cls("priority", (priority.value,))
            case NoteStep(text):
                return cls("note", (text,))
            case SnoozeStep(when, through):
                return cls("snooze", (when, *(("through",) if through else ())))

    @property
    def step(self) -> Step:
        """The action itself."""
        match self.kind:
            case "tag":
                added = tuple(each[1:] for each in self.words if each.startswith("+"))
                return TagStep(added, tuple(each[1:] for each in self.words if each.startswith("-")))
            case "assign":
                return AssignStep(Handle(self.words[0]) if self.words else None)
            case "status":
                return StatusStep(Status(self.words[0]))
            case "priority":
                return PriorityStep(Priority(self.words[0]))
            case "note":
                return NoteStep(self.words[0])
            case "snooze":
                return SnoozeStep(self.words[0], through=len(self.words) > 1)


@dataclass(frozen=True, slots=True)
class Plan:
    """All that goes with a text: the macro as it is recorded, its shown name, the text it filled in, and its parts."""

    use: MacroUse
    name: str = ""
    filled: str = ""
    checklist: tuple[Tick, ...] = ()
    actions: tuple[KeptStep, ...] = ()

    @property
    def steps(self) -> tuple[Step, ...]:
        """The actions."""
        return tuple(each.step for each in self.actions)


def plan_for(use: MacroUse | None, text: str, steps: Sequence[Step]) -> Plan | None:
    """The plan of a macro whose checklist is done with; None where no macro was used."""
    return Plan(use, use.name, text, actions=tuple(map(KeptStep.of, steps))) if use else None


def joined(first: Plan | None, second: Plan | None) -> Plan | None:
    """What goes with two texts that become one: their parts add up; the same macro in both is done once."""
    if first is None or second is None:
        return first or second
    if (first.use, first.actions) == (second.use, second.actions):
        return second
    return replace(second, checklist=(*first.checklist, *second.checklist), actions=(*first.actions, *second.actions))
