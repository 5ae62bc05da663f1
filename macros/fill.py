"""A macro filled in for one ticket: the text with its gaps, the steps for the desk, and the checklist.

Nothing is changed and nothing is sent here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from desk.errors import MacroError, RefusedError
from desk.outgoing import gaps
from desk.steps import MacroUse, Step
from macros.actions import Action, step_of
from macros.answers import checked
from macros.facts import Facts, facts_for, told
from macros.script import Ask, Check, Macro
from macros.template import read_template

__all__ = ["Facts", "Filled", "Preview", "facts_for", "fill", "preview"]

_NOTHING: Mapping[str, str] = {}
_BLANK_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")


@dataclass(frozen=True, slots=True)
class Filled:
    """A macro ready for a draft.

    `gaps` are the marks ⟦like this⟧ left in the text, in order; nothing goes out while there is one. `steps` are what
    it does to the ticket with the reply, `use` is what an event keeps of it. `answers` are what was asked.
    """

    text: str
    gaps: tuple[str, ...]
    steps: tuple[Step, ...]
    checklist: tuple[Check, ...]
    use: MacroUse
    macro: Macro
    answers: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Preview:
    """A macro as a picker shows it before anything was answered: `actions` are words and may hold gaps."""

    text: str
    gaps: tuple[str, ...]
    actions: tuple[str, ...]
    checklist: tuple[Check, ...]


def fill(macro: Macro, facts: Facts, answers: Mapping[str, str] = _NOTHING) -> Filled:
    """Fill a macro in. What was not answered, or is not known, is a gap in the text.

    Raises:
        RefusedError: an answer is not of its kind or was not asked for, or an action needs what is not known.
        MacroError: the macro cannot be filled in.
    """
    values = _values(macro, facts, answers)
    text = _text(macro, values)
    return Filled(
        text=text,
        gaps=gaps(text),
        steps=tuple(_steps(macro, values, facts)),
        checklist=_checklist(macro, values),
        use=MacroUse(macro.slug, macro.version),
        macro=macro,
        answers=answers,
    )


def preview(macro: Macro, facts: Facts, answers: Mapping[str, str] = _NOTHING) -> Preview:
    """What `fill` would give, with gaps in the actions instead of a refusal.

    Raises:
        RefusedError: an answer is not of its kind or was not asked for.
        MacroError: the macro cannot be filled in.
    """
    values = _values(macro, facts, answers)
    text = _text(macro, values)
    words = tuple(filter(None, (_in_words(macro, action, values, facts) for action in macro.do)))
    return Preview(text, gaps(text), words, _checklist(macro, values))


def _values(macro: Macro, facts: Facts, answers: Mapping[str, str]) -> dict[str, Any]:
    """All that the templates of a macro are told: the facts, and the answers as `ask`."""
    if unknown := [name for name in answers if name not in macro.ask]:
        asked = ", ".join(macro.ask) or "nothing"
        raise RefusedError(f"the macro “{macro.name}” does not ask for “{unknown[0][:40]}”", f"it asks for: {asked}")
    known = facts.values()
    return {**known, "ask": {name: _answer(macro, ask, known, answers) for name, ask in macro.ask.items()}}


def _answer(macro: Macro, ask: Ask, known: Mapping[str, Any], answers: Mapping[str, str]) -> str:
    if answer := checked(ask, told(answers.get(ask.name, ""))):
        return answer
    default = read_template(ask.default, str(macro.path), macro.line("ask")).fill(known)
    return "" if gaps(default) else checked(ask, default)


def _text(macro: Macro, values: Mapping[str, Any]) -> str:
    if macro.reply == "none":
        return ""
    filled = read_template(macro.body, str(macro.path), macro.line("body")).fill(values)
    return _BLANK_LINES.sub("\n\n", _labelled(macro, filled)).strip("\n")


def _labelled(macro: Macro, text: str) -> str:
    """Gaps of unanswered prompts have the prompt's name alone, and say what it says where that is more.

    No fact has a name without a dot, so that none is mistaken for another.
    """
    for ask in macro.ask.values():
        shown = ask.name if ask.label.casefold() == ask.name else f"{ask.name}: {ask.label}"
        text = text.replace(f"⟦ask.{ask.name}⟧", f"⟦{shown}⟧")
    return text


def _steps(macro: Macro, values: Mapping[str, Any], facts: Facts) -> Iterator[Step]:
    for action in macro.do:
        words = _words(macro, action, values)
        if left := [each for word in words for each in gaps(word)]:
            missing = ", ".join(dict.fromkeys(left))
            raise RefusedError(
                f"“{macro.name}” cannot do its `{action.name}` yet: {missing} is missing", _hint(macro, left)
            )
        if step := _step(macro, action, words, facts):
            yield step


def _hint(macro: Macro, left: list[str]) -> str:
    names = dict.fromkeys(each.strip("⟦⟧").partition(":")[0] for each in left)
    return " ".join(f"--set {name}=..." for name in names if name in macro.ask)


def _step(macro: Macro, action: Action, words: tuple[str, ...], facts: Facts) -> Step | None:
    try:
        return step_of(action.name, words, str(facts.agent.get("handle", "")))
    except RefusedError as error:
        raise MacroError(str(macro.path), action.line, f"`{action.name}`: {error.message}", error.hint) from error


def _in_words(macro: Macro, action: Action, values: Mapping[str, Any], facts: Facts) -> str:
    words = _words(macro, action, values)
    if any(map(gaps, words)):
        return f"{action.name} {' '.join(words)}"
    return str(_step(macro, action, words, facts) or "")


def _words(macro: Macro, action: Action, values: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(_labelled(macro, read_template(w, str(macro.path), action.line).fill(values)) for w in action.words)


def _checklist(macro: Macro, values: Mapping[str, Any]) -> tuple[Check, ...]:
    line = macro.line("steps")
    filled = ((read_template(each.text, str(macro.path), line).fill(values), each.required) for each in macro.steps)
    return tuple(Check(_labelled(macro, text), required) for text, required in filled)
