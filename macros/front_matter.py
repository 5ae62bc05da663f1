"""The YAML between the two `---` lines of a macro, read strictly: every value knows its line, nothing is guessed.

Only the plain part of YAML is taken: no anchors and aliases, no tags, no deep nesting, no name twice. Values stay
the words that stand in the file; what YAML 1.1 would turn into something else (`no`, `1.20`, `2027-02-01`) is refused
where a text is wanted, and the author is told to put it in quotes.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import yaml

from desk.errors import MacroError
from desk.safe import safe_line

MAX_DEPTH = 6
"""How many lists and mappings may stand inside each other."""

MAX_ITEMS = 100
"""How many items one list or mapping may have."""

MAX_EVENTS = 5_000
"""How many values and brackets a front matter may have."""

_FENCE = "---"
_Word = TypeVar("_Word", bound=str)

_YAML = "tag:yaml.org,2002:"
_TEXT = _YAML + "str"
_READS_AS = {
    _YAML + "null": "is empty",
    _YAML + "bool": "reads as yes or no",
    _YAML + "int": "reads as a number",
    _YAML + "float": "reads as a number",
    _YAML + "timestamp": "reads as a date",
    _YAML + "seq": "is a list",
    _YAML + "map": "is a mapping of names to values",
}


@dataclass(frozen=True, slots=True)
class Item:
    """One value of the front matter: its dotted name, the file it stands in, and its line there, from 1."""

    name: str
    path: str
    line: int
    node: yaml.Node

    def refused(self, message: str, hint: str = "") -> MacroError:
        """The error that says what is wrong with this value, for the caller to raise."""
        return MacroError(self.path, self.line, message, hint)

    def text(self) -> str:
        """The value as one line of text.

        Raises:
            MacroError: it is empty, or YAML takes it for something other than text.
        """
        words = self.scalar()
        if self.node.tag != _TEXT:
            raise self.refused(
                f"`{self.name}` must be text, but {words} {_READS_AS.get(self.node.tag, 'is not')}",
                f'put it in quotes: "{words}"',
            )
        return words

    def scalar(self) -> str:
        """The value as the words that stand in the file, whatever YAML takes them for.

        Raises:
            MacroError: it is empty, a list or a mapping.
        """
        return safe_line(self.block())

    def block(self) -> str:
        """The value as text of one or more lines.

        Raises:
            MacroError: it is empty, a list or a mapping.
        """
        if not isinstance(self.node, yaml.ScalarNode):
            raise self.refused(f"`{self.name}` must be text, but it {_READS_AS.get(self.node.tag, 'is not')}")
        words = str(self.node.value).strip()
        if not words or self.node.tag == _YAML + "null":
            raise self.refused(f"`{self.name}` is empty", "leave the line out or say something")
        return words

    def one_of(self, words: Collection[_Word]) -> _Word:
        """The value, which must be one of these words.

        Raises:
            MacroError: it is another.
        """
        said = self.text()
        for word in words:
            if word == said:
                return word
        raise self.refused(f"`{self.name}` cannot be “{said}”", f"one of: {', '.join(words)}")

    def flag(self) -> bool:
        """The value as true or false.

        Raises:
            MacroError: it is neither.
        """
        if self.node.tag != _YAML + "bool":
            raise self.refused(f"`{self.name}` must be true or false")
        return self.scalar().casefold() in {"true", "yes", "on"}

    def day(self) -> date:
        """The value as a date, year first.

        Raises:
            MacroError: there is no such day.
        """
        words = self.scalar()
        try:
            return date.fromisoformat(words)
        except ValueError as error:
            raise self.refused(f"`{self.name}` cannot be “{words}”", "a date such as 2027-02-01") from error

    def items(self) -> tuple[Item, ...]:
        """The values of a list, each with its own line.

        Raises:
            MacroError: it is no list, or a very long one.
        """
        if not isinstance(self.node, yaml.SequenceNode):
            raise self.refused(f"`{self.name}` must be a list", f"write `{self.name}: [one, two]`")
        if len(self.node.value) > MAX_ITEMS:
            raise self.refused(f"`{self.name}` has more than {MAX_ITEMS} items")
        return tuple(self._inner(self.name, node) for node in self.node.value)

    def is_list(self) -> bool:
        """Whether it is a list."""
        return isinstance(self.node, yaml.SequenceNode)

    def is_mapping(self) -> bool:
        """Whether it is a mapping of names to values."""
        return isinstance(self.node, yaml.MappingNode)

    def mapping(self) -> dict[str, Item]:
        """The values of a mapping by name, in the order of the file.

        Raises:
            MacroError: it is no mapping, a name is not text, or one stands there twice.
        """
        if not isinstance(self.node, yaml.MappingNode):
            raise self.refused(f"`{self.name}` must be a mapping of names to values", "write `name: value`")
        if len(self.node.value) > MAX_ITEMS:
            raise self.refused(f"there are more than {MAX_ITEMS} names here")
        found: dict[str, Item] = {}
        for key, value in self.node.value:
            name = self._inner(f"{self.name} name" if self.name else "name", key).scalar()
            item = Item(f"{self.name}.{name}" if self.name else name, self.path, _line(key), value)
            if name in found:
                raise item.refused(f"`{item.name}` stands here twice")
            found[name] = item
        return found

    def fields(self, known: Collection[str], what: str) -> dict[str, Item]:
        """The values of a mapping in which only some names are known; `what` says whose fields they are.

        Raises:
            MacroError: as for `mapping`, or a name is not known.
        """
        found = self.mapping()
        for name, item in found.items():
            if name not in known:
                raise item.refused(
                    f"`{name}` is not {what} this version knows; known: {', '.join(known)}",
                )
        return found

    def _inner(self, name: str, node: yaml.Node) -> Item:
        return Item(name, self.path, _line(node), node)


def split(path: str, text: str) -> tuple[str, str, int]:
    """A file's front matter, its body, and the body's first line (from 1). `text` has line feeds only.

    Raises:
        MacroError: the front matter is missing or never ends.
    """
    first, *lines = text.split("\n")
    if first.rstrip() != _FENCE:
        raise MacroError(path, 1, "a macro starts with its front matter", "the first line is `---`, then `name: ...`")
    for index, line in enumerate(lines):
        if line.rstrip() == _FENCE:
            return "\n".join(lines[:index]), "\n".join(lines[index + 1 :]), index + 3
    raise MacroError(path, 1, "the front matter never ends", "close it with a line `---`")


def read_front_matter(path: str, source: str) -> Item:
    """The whole front matter as one mapping; `source` starts on the file's second line.

    Raises:
        MacroError: it is not YAML, or uses a part of YAML that macros do without.
    """
    try:
        _refuse_tricks(path, source)
        node = yaml.compose(source, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        said = safe_line(f"{error.context or ''} {error.problem or ''}")
        raise MacroError(path, _line_of(error), f"this is not YAML: {said}") from error
    except yaml.YAMLError as error:
        raise MacroError(path, 1, f"this is not YAML: {safe_line(str(error))}") from error
    return Item("", path, 2, node or yaml.MappingNode(_YAML + "map", []))


def _refuse_tricks(path: str, source: str) -> None:
    """Walk the events, which costs no more than the text is long, before anything is built of them."""
    depth = 0
    for count, event in enumerate(yaml.parse(source, Loader=yaml.SafeLoader)):
        line = event.start_mark.line + 2 if event.start_mark else 1
        if isinstance(event, yaml.NodeEvent) and event.anchor is not None:
            raise MacroError(path, line, "`&` and `*` (anchors and aliases) are not used in macros", "write it out")
        if getattr(event, "tag", None) is not None:
            raise MacroError(path, line, "`!` (a tag of YAML) is not used in macros", "put the text in quotes")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if count > MAX_EVENTS:
            raise MacroError(path, line, "this front matter is too long")
        if depth > MAX_DEPTH:
            raise MacroError(path, line, "lists and mappings stand too deep inside each other")


def _line(node: yaml.Node) -> int:
    return node.start_mark.line + 2 if node.start_mark else 1


def _line_of(error: yaml.MarkedYAMLError) -> int:
    mark = error.problem_mark or error.context_mark
    return mark.line + 2 if mark else 1
