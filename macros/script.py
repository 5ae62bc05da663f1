"""A macro as its file says it: front matter and body, read into plain values and checked where that needs nobody else.

The YAML is read by macros/front_matter.py, the template language is that of macros/template.py.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from desk.errors import MacroError, RefusedError
from desk.safe import safe
from macros.actions import ACTIONS, Action, step_of
from macros.answers import ASK_TYPES, Ask, checked
from macros.front_matter import Item, read_front_matter, split
from macros.template import read_template

__all__ = ["Action", "Ask", "Check", "Macro", "Reply", "parse_macro"]

Reply = Literal["public", "note", "none"]
"""Where a macro's text goes: to the customer, into an internal note, or nowhere."""

REPLIES: tuple[Reply, ...] = ("public", "note", "none")

FIELDS = ("name", "key", "folder", "when", "language", "owner", "review_by", "steps", "ask", "do", "reply")
"""The fields of a macro's front matter that this version knows."""

MAX_NAME = 80
"""How long a shown name may be, in characters."""

KEY_LENGTHS = (1, 2)
"""How many characters a hot key has."""

_ASK_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z]{2,8})*")


@dataclass(frozen=True, slots=True)
class Check:
    """One step of the procedure for the agent to tick; a `required` one keeps the reply from being sent."""

    text: str
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Macro:
    """One macro. `name` is shown, `slug` is its file's name without `.md`, `key` its hot key of one or two characters.

    `body`, the texts of `steps`, the defaults in `ask` and the words in `do` are templates. `version` is the first 12
    hex digits of the sha256 of the file. `lines` says where a field stands in the file (`key`, `do`, `body`, ...).
    """

    name: str
    slug: str
    path: Path
    version: str
    key: str | None = None
    folder: str = ""
    when: str = ""
    language: str = ""
    owner: str = ""
    review_by: date | None = None
    steps: tuple[Check, ...] = ()
    ask: Mapping[str, Ask] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    do: tuple[Action, ...] = ()
    reply: Reply = "public"
    body: str = ""
    lines: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}), hash=False, compare=False)

    def line(self, name: str) -> int:
        """The line of the file on which a field or the body starts; 1 where it is not there."""
        return self.lines.get(name, 1)


def parse_macro(path: Path, text: str) -> Macro:
    """Read a macro from the text of its file, exactly as it was decoded from UTF-8.

    Raises:
        MacroError: it cannot be used, with the line and the reason.
    """
    where = str(path)
    matter, body, body_line = split(where, safe(text.removeprefix("\ufeff")))
    top = read_front_matter(where, matter)
    items = top.fields(FIELDS, "a field of a macro that")
    if "name" not in items:
        raise MacroError(where, 1, "`name` is missing", "say what the picker shows: `name: Refund, approved`")
    read_template(body, where, body_line)
    return Macro(
        name=_name(items["name"]),
        slug=path.stem,
        path=path,
        version=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12],
        key=_key(items["key"]) if "key" in items else None,
        folder=_text(items, "folder"),
        when=_text(items, "when"),
        language=_language(items["language"]) if "language" in items else "",
        owner=_text(items, "owner"),
        review_by=items["review_by"].day() if "review_by" in items else None,
        steps=tuple(map(_check, items["steps"].items())) if "steps" in items else (),
        ask=MappingProxyType(_asks(items["ask"]) if "ask" in items else {}),
        do=tuple(map(_action, items["do"].items())) if "do" in items else (),
        reply=items["reply"].one_of(REPLIES) if "reply" in items else "public",
        body=body,
        lines=MappingProxyType({"body": body_line, **{name: item.line for name, item in items.items()}}),
    )


def _text(items: Mapping[str, Item], name: str) -> str:
    return items[name].text() if name in items else ""


def _name(item: Item) -> str:
    name = item.text()
    if len(name) > MAX_NAME:
        raise item.refused(f"`name` is longer than {MAX_NAME} characters")
    return name


def _key(item: Item) -> str:
    key = item.text()
    if len(key) not in KEY_LENGTHS or any(each.isdigit() or each.isspace() or not each.isprintable() for each in key):
        raise item.refused(
            f"`key` cannot be “{key[:20]}”",
            "one or two characters and no digits (what a terminal says about the mouse is made of digits)",
        )
    return key


def _language(item: Item) -> str:
    language = item.text()
    if not _LANGUAGE.fullmatch(language):
        raise item.refused(f"`language` cannot be “{language[:20]}”", "a code such as en or pt-BR")
    return language


def _check(item: Item) -> Check:
    if not item.is_mapping():
        return Check(_template(item, item.scalar()))
    parts = item.fields(("text", "required"), "a field of a step that")
    if "text" not in parts:
        raise item.refused("this step has no `text`")
    words = _template(parts["text"], parts["text"].scalar())
    return Check(words, required="required" in parts and parts["required"].flag())


def _asks(item: Item) -> dict[str, Ask]:
    return {name: _ask(name, inner) for name, inner in item.mapping().items()}


def _ask(name: str, item: Item) -> Ask:
    if not _ASK_NAME.fullmatch(name):
        raise item.refused(f"`ask` cannot have the name “{name[:40]}”", "small letters, digits and _ such as order_id")
    parts = item.fields(("label", "type", "choices", "default"), "a field of a prompt that")
    choices = tuple(each.scalar() for each in parts["choices"].items()) if "choices" in parts else ()
    kind = parts["type"].one_of(ASK_TYPES) if "type" in parts else ("choice" if choices else "text")
    if (kind == "choice") is not bool(choices):
        raise item.refused(f"`{item.name}`: the type `choice` and a list of `choices` go together")
    label = parts["label"].scalar() if "label" in parts else name
    ask = Ask(name, label.translate({ord("⟦"): "[", ord("⟧"): "]"}), kind, choices)
    return Ask(name, ask.label, kind, choices, _default(ask, parts["default"])) if "default" in parts else ask


def _default(ask: Ask, item: Item) -> str:
    default = _template(item, item.scalar())
    if not _moves(default):
        try:
            checked(ask, default)
        except RefusedError as error:
            raise item.refused(f"`{item.name}`: {error.message}", error.hint) from error
    return default


def _action(item: Item) -> Action:
    if not item.is_mapping() or len(found := item.fields(ACTIONS, "an action")) != 1:
        raise item.refused("each action is one name and what it takes", "such as `- status: waiting`")
    name, inner = next(iter(found.items()))
    several = inner.items() if name == "tag" and inner.is_list() else (inner,)
    words = tuple(_template(each, _words(name, each)) for each in several)
    if not any(map(_moves, words)):
        try:
            step_of(name, words, "me")
        except RefusedError as error:
            raise inner.refused(f"`{name}`: {error.message}", error.hint) from error
    return Action(name, words, inner.line)


def _words(name: str, item: Item) -> str:
    if name == "note":
        return item.block()
    return item.scalar() if name in {"tag", "snooze"} else item.text()


def _template(item: Item, words: str) -> str:
    read_template(words, item.path, item.line)
    return words


def _moves(words: str) -> bool:
    """Whether a text is more than itself: it holds something of the template language."""
    return "{{" in words or "{%" in words or "{#" in words
