"""Finds in the code the sentences that the desk says on the screen: what errors tell, and what acts are called.

Each is a pattern: what is filled in when it is said stands as {0}, {1} ..., so that tui/words/heard.py knows it again.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
_PACKAGES = ("desk", "macros", "storage", "mail", "tandem")

_ERRORS_OF = (
    "desk/",
    "macros/",
    "storage/",
    "mail/",
    "tandem/loading",
    "tandem/loops",
    "tandem/couriers",
    "tandem/election",
    "tandem/processes",
)
"""What fails here reaches the screen."""

_TELLING = (
    "desk/actions/merge.py",
    "desk/actions/split.py",
    "desk/deliveries.py",
    "desk/judging.py",
    "desk/lost.py",
    "desk/sparing.py",
    "mail/attached.py",
    "mail/automatic.py",
    "mail/bodies.py",
    "mail/facts.py",
    "mail/fetched.py",
    "mail/headers.py",
    "mail/heads.py",
    "mail/invitations.py",
    "mail/parts.py",
    "mail/phishing.py",
    "mail/reports.py",
    "mail/transfer.py",
    "desk/errors.py",
    "desk/remarked.py",
    "desk/moves.py",
    "desk/parking.py",
    "desk/offers.py",
    "desk/moments.py",
    "desk/merging.py",
    "desk/splitting.py",
    "desk/standing.py",
    "desk/meanwhile.py",
    "desk/looking.py",
    "desk/actions/undo.py",
    "desk/actions/redo.py",
    "desk/reversal/",
    "storage/holder.py",
    "tandem/election.py",
    "tandem/processes.py",
)
"""Files whose texts are all told to agents."""

_SAYING = frozenset({"__init__", "reworded", "_bad", "wrong", "_refused", "Unreadable", "Unspoken"})
_LEAST_LETTERS = 2
_CODE = frozenset("\\[=")
"""What stands in patterns and in types of contents, and in no sentence."""


def sentences() -> dict[str, str]:
    """Each pattern, with the file that says it."""
    found: dict[str, str] = {}
    errors = _error_names()
    for path in sorted(each for package in _PACKAGES for each in (ROOT / package).rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if name.startswith(_ERRORS_OF):
            finder = _Finder(errors, takes_all=name.startswith(_TELLING))
            finder.visit(ast.parse(path.read_text("utf-8")))
            found |= {each: name for each in finder.found if each not in found}
    return found


def _error_names() -> frozenset[str]:
    tree = ast.parse((ROOT / "desk" / "errors.py").read_text("utf-8"))
    return frozenset(each.name for each in tree.body if isinstance(each, ast.ClassDef))


class _Finder(ast.NodeVisitor):
    """Collects the texts inside calls that make an error; with `takes_all` every text but docstrings."""

    def __init__(self, errors: frozenset[str], *, takes_all: bool) -> None:
        self.found: list[str] = []
        self._errors = errors
        self._inside = int(takes_all)

    def visit_Call(self, node: ast.Call) -> None:
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        says = name in self._errors or name in _SAYING or name.endswith("Error")
        self._inside += says
        self.generic_visit(node)
        self._inside -= says

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):  # a docstring
            self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str):
            self._take(node.value.replace("{}", "{0}"))

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        self._take("".join(_pieces(node)))
        for each in node.values:
            if isinstance(each, ast.FormattedValue):
                self.visit(each.value)

    def _take(self, text: str) -> None:
        tells = " " in text.strip() and sum(map(str.isalpha, text)) >= _LEAST_LETTERS and not _CODE.intersection(text)
        if self._inside and tells:
            self.found.append(text)


def _pieces(node: ast.JoinedStr) -> Iterator[str]:
    places = iter(range(len(node.values)))
    for each in node.values:
        yield str(each.value) if isinstance(each, ast.Constant) else f"{{{next(places)}}}"
