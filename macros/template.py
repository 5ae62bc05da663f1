"""The template language of macros: a small, closed part of Jinja2.

A template prints values, chooses (`if`) and repeats (`for`), with the filters of macros/filters.py. It can call
nothing, reach into no Python object, load nothing, keep no variable and calculate nothing: what is not offered is
refused by name when the template is read (macros/grammar.py), and the sandbox here looks up nothing but mappings.
A value that is unknown or empty becomes a marked gap ⟦customer.first_name⟧ in the text.
What a template may be told is in macros/facts.py.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

import jinja2
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from desk.errors import MacroError
from desk.safe import safe, safe_line
from macros.filters import FILTERS, LOOP, OWN, TESTS, Gap, Run, TooMuch, printed
from macros.grammar import RUN, Grammar, Read

MAX_TEXT = 64 * 1024
"""How long a filled text may become, in characters."""

_FILENAME = "<template>"
"""What Jinja2 calls a template that came from no file, in tracebacks too."""

_FOREIGN = (jinja2.TemplateError, TypeError, ValueError, ArithmeticError, LookupError, RecursionError)


class _Sandbox(ImmutableSandboxedEnvironment):
    """Looks up nothing but the keys of mappings and the places of lists; calls nothing."""

    def __init__(self) -> None:
        super().__init__(undefined=Gap, autoescape=False, finalize=printed)
        self.globals.clear()
        self.filters = {**OWN, **FILTERS}
        self.tests = {name: self.tests[name] for name in TESTS}

    def getattr(self, obj: object, attribute: str) -> object:
        return self.getitem(obj, attribute)

    def getitem(self, obj: object, argument: object) -> object:
        if isinstance(obj, Mapping):
            return cast("Mapping[object, object]", obj).get(argument)
        if isinstance(obj, tuple) and isinstance(argument, int):
            items = cast("tuple[object, ...]", obj)
            return items[argument] if -len(items) <= argument < len(items) else None
        if isinstance(obj, LoopContext) and argument in LOOP:
            return getattr(obj, argument)
        return None


_SANDBOX = _Sandbox()


@dataclass(frozen=True, slots=True)
class Template:
    """A template that was read: the names it reads, and where it stands in which file."""

    reads: tuple[Read, ...]
    path: str
    line: int
    compiled: jinja2.Template

    def fill(self, values: Mapping[str, Any]) -> str:
        """The text with these values in it, fit for a terminal.

        Raises:
            MacroError: it does more, or says more, than a template may, or uses a value as it cannot be used.
        """
        try:
            return safe("".join(_measured(self.compiled.generate({**values, RUN: Run()}))))
        except TooMuch as error:
            raise MacroError(self.path, self.line, *error.args) from None
        except _FOREIGN as error:
            raise MacroError(
                self.path, self._line_of(error), f"this cannot be filled in: {safe_line(str(error))[:200]}"
            ) from error

    def _line_of(self, error: BaseException) -> int:
        lines = [
            line for frame, line in traceback.walk_tb(error.__traceback__) if frame.f_code.co_filename == _FILENAME
        ]
        return self.line + (lines[-1] if lines else 1) - 1


def _measured(chunks: Iterable[str]) -> Iterator[str]:
    left = MAX_TEXT
    for chunk in chunks:
        left -= len(chunk)
        if left < 0:
            raise TooMuch(f"the text grows past {MAX_TEXT:,} characters", "fewer or shorter loops")
        yield chunk


@lru_cache(maxsize=512)
def read_template(source: str, path: str, line: int) -> Template:
    """Read a template that starts on this line of this file.

    Raises:
        MacroError: it is no template, or uses what macros do without.
    """
    grammar = Grammar(path, line)
    try:
        tree = _SANDBOX.parse(source)
        grammar.check(tree)
        tree = grammar.visit(tree).set_environment(_SANDBOX)
        return Template(tuple(grammar.reads), path, line, _SANDBOX.from_string(tree))
    except jinja2.TemplateSyntaxError as error:
        raise MacroError(path, line + error.lineno - 1, safe_line(error.message or "not a template")) from error
    except RecursionError as error:
        raise MacroError(path, line, "this is nested too deep") from error
    except (ValueError, OverflowError, SyntaxError, MemoryError) as error:
        raise MacroError(path, line, f"this cannot be read as a template: {safe_line(str(error))[:200]}") from error
