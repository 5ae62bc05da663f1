"""What is wrong with the macros of a desk, found before an agent finds it: for people, and for a pre-commit hook."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import Literal

from desk.clock import utc_now
from desk.errors import BadQuery, MacroError, RefusedError
from desk.moments import read_moment
from desk.people import Handle
from desk.steps import SnoozeStep
from desk.views import parse_query
from macros.answers import Ask
from macros.facts import FIELDS, Facts, Value
from macros.fill import fill
from macros.filters import LOOP
from macros.grammar import Read
from macros.library import Library, clash
from macros.script import Macro
from macros.template import read_template

Level = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that is wrong: the file, its line (from 1; 0 where no line is to blame), how bad, and what."""

    path: str
    line: int
    level: Level
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What macros may name: tags that are in use or put on by a macro, agents, and today."""

    tags: frozenset[str]
    agents: frozenset[str]
    now: datetime


def check(
    library: Library, *, known_tags: Collection[str], known_agents: Collection[str], now: datetime | None = None
) -> tuple[Finding, ...]:
    """Everything that is wrong with any macro, by file and line."""
    macros = library.macros()
    put_on = {word for macro in macros for word in _tags(macro) if not word.startswith("-")}
    known = _Known(tags=frozenset({*known_tags, *put_on}), agents=frozenset(known_agents), now=now or utc_now())
    found = {_of(problem) for problem in library.problems()}
    found.update(finding for macro in macros for finding in _findings(macro, known))
    found.update(_clashes(macros))
    return tuple(sorted(found))


def _findings(macro: Macro, known: _Known) -> Iterator[Finding]:
    yield from _names(macro)
    yield from _trial(macro)
    yield from _body(macro)
    yield from _tampered(macro)
    yield from _agents(macro, known)
    yield from _removed_tags(macro, known)
    yield from _when(macro, known)
    yield from _moments(macro, known)
    yield from _review(macro, known)


def _of(error: MacroError) -> Finding:
    where = f"{error.path}:{error.line}: " if error.line else f"{error.path}: "
    said = error.message.removeprefix(where)
    return Finding(error.path, error.line, "error", f"{said} ({error.hint})" if error.hint else said)


def _finding(macro: Macro, field: str, level: Level, message: str) -> Finding:
    return Finding(str(macro.path), macro.line(field), level, message)


def _names(macro: Macro) -> Iterator[Finding]:
    """Every name a template reads is a fact, or something the macro asks for."""
    for read in _reads(macro):
        if not _is_known(read.means, macro):
            yield Finding(
                str(macro.path), read.line, "error", f"`{read.name}` is not known; {_near(read.means, macro)}"
            )


def _reads(macro: Macro) -> Iterator[Read]:
    where = str(macro.path)
    yield from read_template(macro.body, where, macro.line("body")).reads
    for step in macro.steps:
        yield from read_template(step.text, where, macro.line("steps")).reads
    for ask in macro.ask.values():
        yield from read_template(ask.default, where, macro.line("ask")).reads
    for action in macro.do:
        for word in action.words:
            yield from read_template(word, where, action.line).reads


def _is_known(means: str, macro: Macro) -> bool:
    names = {*FIELDS, *(f"ask.{name}" for name in macro.ask), *(f"loop.{name}" for name in LOOP)}
    return not means or any(name == means or name.startswith(f"{means}.") for name in names)


def _near(means: str, macro: Macro) -> str:
    group = means.partition(".")[0]
    known = list(macro.ask) if group == "ask" else [n.partition(".")[2] for n in FIELDS if n.startswith(f"{group}.")]
    if known or group == "ask":
        return f"`{group}` has: {', '.join(known) or 'nothing'}"
    return f"there are: {', '.join(dict.fromkeys(name.partition('.')[0] for name in FIELDS))}, ask"


def _trial(macro: Macro) -> Iterator[Finding]:
    """It can be filled in when everything is known, and when nothing is."""
    answers = {name: _sample(ask) for name, ask in macro.ask.items()}
    for facts in (_made_up(), _unknown()):
        try:
            fill(macro, facts, answers)
        except MacroError as error:
            yield _of(error)
            return
        except RefusedError:
            # a gap where an action needs a value: with real facts that is the agent's matter
            continue


def _sample(ask: Ask) -> str:
    samples = {"text": "text", "money": "10.00", "number": "1", "date": "2026-01-02"}
    return samples.get(ask.type) or ask.choices[0]


def _made_up() -> Facts:
    groups: dict[str, dict[str, Value]] = {}
    for name in FIELDS:
        group, _, inner = name.partition(".")
        groups.setdefault(group, {})[inner] = _VALUES.get(name, "text")
    previous = groups.pop("previous_tickets")
    return Facts(previous_tickets=(previous, previous), **groups)


_VALUES: dict[str, Value] = {
    "ticket.number": 1,
    "ticket.status": "open",
    "ticket.priority": "normal",
    "ticket.tags": ("one", "two"),
    "previous_tickets.number": 2,
    "now.year": 2026,
}


def _unknown() -> Facts:
    return Facts(
        ticket={"number": 1},
        customer={},
        agent={"handle": "me"},
        mailbox={},
        last_message={},
        previous_tickets=(),
        now={},
    )


def _agents(macro: Macro, known: _Known) -> Iterator[Finding]:
    for action in macro.do:
        who = action.words[0] if action.words else ""
        if action.name == "assign" and "{" not in who and who not in {"me", "none", *known.agents}:
            names = ", ".join(sorted(known.agents)) or "nobody yet"
            yield Finding(str(macro.path), action.line, "error", f"there is no agent “{who}”; known: {names}")


def _removed_tags(macro: Macro, known: _Known) -> Iterator[Finding]:
    for word in _tags(macro):
        if word.startswith("-") and word[1:] not in known.tags:
            message = f"no ticket has the tag “{word[1:]}” and no macro puts it on, so it cannot be taken off"
            yield _finding(macro, "do", "error", message)


def _tags(macro: Macro) -> Iterator[str]:
    """The tags a macro names, without `+`; those that are filled in are left out."""
    words = (word for action in macro.do if action.name == "tag" for word in action.words)
    return (word.removeprefix("+").casefold() for word in words if "{" not in word)


def _when(macro: Macro, known: _Known) -> Iterator[Finding]:
    try:
        if macro.when:
            parse_query(macro.when, me=Handle("me"), now=known.now)
    except BadQuery as error:
        yield _finding(macro, "when", "error", f"`when`: {error}")


def _moments(macro: Macro, known: _Known) -> Iterator[Finding]:
    """A ticket can be put off until there: a date may have passed since it was written."""
    for action in macro.do:
        if action.name == "snooze" and "{" not in action.words[0]:
            try:
                read_moment(SnoozeStep.said(action.words[0]).when, known.now, None)
            except RefusedError as error:
                yield Finding(str(macro.path), action.line, "error", f"`snooze`: {error}")


def _review(macro: Macro, known: _Known) -> Iterator[Finding]:
    if macro.review_by and macro.review_by < known.now.date():
        owner = f" by {macro.owner}" if macro.owner else ""
        yield _finding(macro, "review_by", "warning", f"a review{owner} was due on {macro.review_by}")


def _body(macro: Macro) -> Iterator[Finding]:
    empty = not macro.body.strip()
    if empty and macro.reply != "none":
        yield _finding(macro, "body", "error", "there is no text; write one, or `reply: none`")
    if not empty and macro.reply == "none":
        yield _finding(macro, "body", "warning", "the text is never used, for it says `reply: none`")
    if macro.reply == "none" and not macro.do:
        yield _finding(macro, "reply", "warning", "it writes nothing and does nothing")


def _tampered(macro: Macro) -> Iterator[Finding]:
    if "\ufffd" in macro.body + macro.name:
        yield _finding(macro, "body", "warning", "it holds invisible or control characters, which come out as \ufffd")


def _clashes(macros: tuple[Macro, ...]) -> Iterator[Finding]:
    for one, other in combinations(macros, 2):
        if one.key and other.key and clash(one.key, other.key):
            what = (
                "the same key" if one.key == other.key else f"“{other.key}” and “{one.key}”, which cannot both be typed"
            )
            yield _finding(other, "key", "error", f"`key`: {one.slug} and {other.slug} have {what}")
        if one.name.casefold() == other.name.casefold():
            yield _finding(other, "name", "warning", f"{one.slug} and {other.slug} have the same name")
