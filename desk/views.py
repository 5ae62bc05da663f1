"""The query language of searches and views, and the views that every screen has.

    query   = all { "or" all }
    all     = { [ "and" ] one }+
    one     = { "-" | "not" } ( "(" query ")" | key ":" value | word | '"' words '"' )

Keywords and keys ignore case. A bare word finds every word that begins with it; words in quotes are found as they
stand; what a word is says desk/words.py. Days are UTC. Tickets that were merged away are left out unless the query
asks for them (`is:merged`, `id:`).
The keys are in desk/terms.py; judging a ticket without a store is in desk/matching.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from desk.errors import BadQuery
from desk.expression import And, Expression, Match, Not, Or, Words
from desk.matching import matches
from desk.people import Handle
from desk.terms import Asker, UnknownKey, Unreadable, term
from desk.words import search_form, split

__all__ = ["LONGEST", "VIEWS", "View", "matches", "parse_query"]

LONGEST = 2000
"""How many characters a query may have."""

_MOST = 100
"""Words in a query, where each may have to be followed through all texts; any other term counts as one."""

_DEEPEST = 30


@dataclass(frozen=True, slots=True)
class View:
    """A query with a name; `key` is the letter that goes there after `g` on the screen."""

    name: str
    key: str
    query: str


VIEWS = (
    View("inbox", "i", "is:open -is:snoozed"),
    View("mine", "m", "is:unseen or is:mine -is:closed -is:spam -is:snoozed"),
    View("new", "n", "is:open is:unassigned -is:snoozed"),
    View("waiting", "w", "is:waiting"),
    View("snoozed", "z", "is:snoozed"),
    View("mentions", "@", "is:mentioned"),
    View("drafts", "d", "has:draft"),
    View("closed", "c", "is:closed"),
    View("spam", "!", "is:spam"),
    View("all", "a", ""),
)
"""The views of the screen, in the order of its tabs."""


def parse_query(text: str, *, me: Handle | None, now: datetime) -> Expression:
    """What a query asks for; an empty one asks for everything. `me` is the acting agent, `now` is UTC.

    Raises:
        BadQuery: it cannot be read: an unknown key or value, a quote or bracket without its other half, "me" when
            nobody acts, more than LONGEST characters or 100 words. Its column is that of the mistake.
    """
    if len(text) > LONGEST:
        raise BadQuery(f"a query has at most {LONGEST} characters", text, LONGEST + 1)
    asked = _Parser(text, Asker(me, now)).query()
    return asked if _asks_for_merged(asked) else _both(Match("merged_into", "is", None), asked)


def _both(first: Expression, second: Expression) -> Expression:
    return And((first, *(second.parts if isinstance(second, And) else (second,))))


def _asks_for_merged(expression: Expression) -> bool:
    match expression:
        case And(parts) | Or(parts):
            return any(map(_asks_for_merged, parts))
        case Not(inner):
            return _asks_for_merged(inner)
        case Match(field):
            return field in {"merged_into", "number"}
        case Words():
            return False


_TOKEN = re.compile(
    r"""
      (?P<mark>[()]|-(?=\S))
    | (?P<key>[^\W\d_][\w-]*):(?:"(?P<quoted>[^"]*)"|(?P<value>[^\s()"]*))
    | "(?P<phrase>[^"]*)"
    | (?P<stray>")
    | (?P<word>[^\s()"]+)
    """,
    re.VERBOSE,
)
_JOINING = frozenset({"and", "or", "not"})


@dataclass(frozen=True, slots=True)
class _Token:
    """`kind` is "term", "word", "phrase", "end", or the mark or keyword itself. Columns count characters, from 1.

    `inner` is where the value of a term begins; `quoted` says whether it stood in quotes.
    """

    kind: str
    column: int
    text: str = ""
    key: str = ""
    inner: int = 0
    quoted: bool = False


def _tokens(query: str) -> Iterator[_Token]:
    for found in _TOKEN.finditer(query):
        column = found.start() + 1
        match found.lastgroup:
            case "stray":
                raise BadQuery("this quote is never closed", query, column, 'write "exact words"')
            case "mark":
                yield _Token(found["mark"], column, found["mark"])
            case "phrase":
                yield _Token("phrase", column, found["phrase"])
            case "word" if found["word"] == "-":
                raise BadQuery("“-” leaves out what stands right after it", query, column, "write -word or -tag:x")
            case "word":
                word = found["word"]
                yield _Token(word.casefold() if word.casefold() in _JOINING else "word", column, word)
            case _:
                quoted = found["quoted"] is not None
                group = "quoted" if quoted else "value"
                yield _Token("term", column, found[group], found["key"], found.start(group) + 1, quoted)
    yield _Token("end", len(query) + 1)


class _Parser:
    """Reads a query from left to right, looking one token ahead."""

    def __init__(self, text: str, asker: Asker) -> None:
        self._text, self._asker = text, asker
        self._rest = _tokens(text)
        self._next = next(self._rest)
        self._words = 0

    def _take(self) -> _Token:
        taken = self._next
        self._next = next(self._rest, taken)
        return taken

    def _bad(self, message: str, token: _Token, hint: str = "") -> BadQuery:
        return BadQuery(message, self._text, token.column, hint)

    def query(self) -> Expression:
        if self._next.kind == "end":
            return And(())
        asked = self._either(0)
        if self._next.kind == ")":
            raise self._bad("nothing was opened that this bracket closes", self._next)
        return asked

    def _either(self, depth: int) -> Expression:
        parts = [self._all(depth)]
        while self._next.kind == "or":
            self._take()
            parts.append(self._all(depth))
        return Or(tuple(parts)) if len(parts) > 1 else parts[0]

    def _all(self, depth: int) -> Expression:
        parts = [self._one(depth)]
        while self._next.kind not in {"or", ")", "end"}:
            if self._next.kind == "and":
                self._take()
            parts.append(self._one(depth))
        return And(tuple(parts)) if len(parts) > 1 else parts[0]

    def _one(self, depth: int) -> Expression:
        negated = False
        while self._next.kind in {"-", "not"}:
            self._take()
            negated = not negated
        asked = self._unit(self._take(), depth)
        return Not(asked) if negated else asked

    def _unit(self, token: _Token, depth: int) -> Expression:
        self._words += max(1, len(split(search_form(token.text))))
        if self._words > _MOST:
            raise self._bad(f"a query has at most {_MOST} words", token, "leave some out")
        match token.kind:
            case "(":
                return self._bracket(token, depth + 1)
            case "term":
                return self._term(token)
            case "word":
                return Words(token.text)
            case "phrase" if token.text.strip():
                return Words(token.text, phrase=True)
            case "phrase":
                raise self._bad("nothing stands between these quotes", token)
            case "end":
                raise self._bad("something is missing at the end", token)
            case _:
                raise self._bad(f"something is missing before “{token.text}”", token)

    def _bracket(self, opening: _Token, depth: int) -> Expression:
        if depth > _DEEPEST:
            raise self._bad(f"more than {_DEEPEST} brackets inside each other", opening)
        asked = self._either(depth)
        if self._take().kind != ")":
            raise self._bad("this bracket is never closed", opening)
        return asked

    def _term(self, token: _Token) -> Expression:
        try:
            return term(token.key, token.text, self._asker, quoted=token.quoted)
        except UnknownKey as error:
            raise self._bad(error.message, token, error.hint) from error
        except Unreadable as error:
            raise BadQuery(error.message, self._text, token.inner, error.hint) from error
