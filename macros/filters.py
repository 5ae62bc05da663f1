"""What a macro's template can do with a value: the filters, the gap where a value is missing, and the count of work."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Sized
from typing import cast

import jinja2

MAX_WORK = 100_000
"""How much one filling may do. A value read or a filter costs 1, and 1 more for each 100 or 10 characters of it."""

TURN = 100
"""What one turn of a loop costs: so there are at most 1,000 in one filling."""

PLAIN = (str, int, tuple, list, Mapping)
"""What a value may be; everything else is not there for a template."""

LOOP = ("index", "first", "last", "length")
"""What `loop` knows inside a `for`."""


class Gap(jinja2.Undefined):
    """A value that is not there: false, without items, and printed as ⟦its name⟧; every other use of it is an error."""

    __slots__ = ()

    def __str__(self) -> str:
        return f"⟦{self._undefined_name or 'value'}⟧"


def gap(name: str) -> Gap:
    """The gap that stands for the value with this dotted name."""
    return Gap(hint=f"`{name}` has no value here and cannot be compared", name=name)


class TooMuch(Exception):
    """A template wants to do or say more than it may: what, and what to do about it. It never leaves macros/."""


class Run:
    """One filling: what a template may still do."""

    __slots__ = ("_left",)

    def __init__(self) -> None:
        self._left = MAX_WORK

    def spend(self, work: int) -> None:
        """Count work.

        Raises:
            TooMuch: none is left.
        """
        self._left -= work
        if self._left < 0:
            raise TooMuch("this takes too long to fill in", "use fewer or shorter loops")

    def read(self, value: object, name: str) -> object:
        """A value that the template names, or the gap that stands for it when it is unknown or empty."""
        self.spend(1 + (len(value) // 100 if isinstance(value, str) else 0))
        if not isinstance(value, PLAIN) or value in ("", (), {}):
            return gap(name)
        return cast("object", value)

    def turns(self, items: Iterable[object]) -> Iterator[object]:
        """The items of a loop, counted."""
        for item in items:
            self.spend(TURN)
            yield item

    def joined(self, parts: Iterable[object], between: str = "") -> str:
        """The parts as one text, measured before it is made."""
        words = [str(part) for part in parts]
        self.spend((sum(map(len, words)) + len(between) * len(words)) // 10)
        return between.join(words)


def printed(value: object) -> object:
    """A value as it stands in a text: lists with commas, nothing else changed.

    Raises:
        TypeError: it is a whole group of values.
    """
    if isinstance(value, tuple | list):
        return ", ".join(str(printed(each)) for each in cast("Sequence[object]", value))
    if isinstance(value, Mapping):
        names = ", ".join(map(str, cast("Mapping[object, object]", value)))
        raise TypeError(f"this holds several values, name one of them: {names}")
    return value


Filter = Callable[..., object]
"""Takes the value, the run that counts, and what stands in brackets."""


def _counted(work: Callable[..., object]) -> Filter:
    def filtered(value: object, run: Run, *arguments: object) -> object:
        run.spend(1)
        return work(value, *arguments)

    return filtered


def _on_text(change: Callable[..., str]) -> Filter:
    """A filter on text, which leaves a gap as it is."""

    def filtered(value: object, run: Run, *arguments: object) -> object:
        if isinstance(value, Gap):
            return value
        text = str(printed(value))
        run.spend(1 + len(text) // 10)
        return change(text, *arguments)

    return filtered


def _default(value: object, instead: object = "") -> object:
    return instead if isinstance(value, Gap) else value


def _length(value: Sized) -> int:
    return len(value)


def _first(value: Sequence[object]) -> object:
    return value[0] if value else value


def _last(value: Sequence[object]) -> object:
    return value[-1] if value else value


def _join(value: Iterable[object], run: Run, between: str = ", ") -> object:
    return value if isinstance(value, Gap) else run.joined(value, between)


def _truncate(text: str, length: int = 80) -> str:
    return text if len(text) <= length else text[: max(length - 2, 0)].rstrip() + ".."


def _wordwrap(text: str, width: int = 72) -> str:
    return "\n".join(textwrap.fill(line, max(width, 20)) for line in text.split("\n"))


def _quote(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


FILTERS: Mapping[str, Filter] = {
    "default": _counted(_default),
    "d": _counted(_default),
    "upper": _on_text(str.upper),
    "lower": _on_text(str.lower),
    "title": _on_text(str.title),
    "capitalize": _on_text(str.capitalize),
    "trim": _on_text(str.strip),
    "truncate": _on_text(_truncate),
    "wordwrap": _on_text(_wordwrap),
    "quote": _on_text(_quote),
    "first": _counted(_first),
    "last": _counted(_last),
    "length": _counted(_length),
    "count": _counted(_length),
    "join": _join,
}
"""The filters a template may use: `{{ customer.name | upper }}`."""

TESTS = ("defined", "undefined")
"""The tests a template may use: `{% if customer.name is defined %}`. An empty value is not defined."""


def _read(value: object, name: str, run: Run) -> object:
    return run.read(value, name)


def _turns(value: Iterable[object], run: Run) -> Iterator[object]:
    return run.turns(value)


def _joined(value: Iterable[object], run: Run) -> str:
    return run.joined(value)


OWN: Mapping[str, Filter] = {"_read": _read, "_turns": _turns, "_joined": _joined}
"""What macros/grammar.py puts into a template; no macro can write these names."""
