"""What may stand in a macro's template: Jinja2's tree, in which only the offered nodes are let through.

Around every value that is read, every loop and every filter it puts a call that knows the name and counts the work.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jinja2 import nodes
from jinja2.visitor import NodeTransformer

from desk.errors import MacroError
from desk.safe import safe_line
from macros.filters import FILTERS, TESTS

MAX_DEPTH = 24
"""How deep expressions and blocks may stand inside each other."""

MAX_NODES = 5_000
"""How many expressions and blocks one template may have."""

MAX_PARTS = 4
"""How many names a dotted name may have."""

RUN = "_run"
"""The name under which a template gets the count of its work; no macro can write it."""

_OFFERED = frozenset({
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Getitem, nodes.Const,
    nodes.List, nodes.Tuple, nodes.Filter, nodes.Test, nodes.If, nodes.For, nodes.CondExpr, nodes.And, nodes.Or,
    nodes.Not, nodes.Compare, nodes.Operand, nodes.Concat,
})  # fmt: skip

_REFUSED: Mapping[type[nodes.Node], tuple[str, str]] = {
    nodes.Call: ("a call such as `name.upper()`", "filters do that: `name | upper`"),
    nodes.Assign: ("`set`", ""),
    nodes.AssignBlock: ("`set`", ""),
    nodes.Import: ("`import`", ""),
    nodes.FromImport: ("`import`", ""),
    nodes.CallBlock: ("`call`", ""),
    nodes.FilterBlock: ("`filter` as a block", "write `value | upper`"),
    nodes.Slice: ("a slice such as `text[:5]`", "write `text | truncate(5)`"),
    nodes.Dict: ("a mapping", ""),
    nodes.Keyword: ("an argument with a name", "write the value alone"),
    **dict.fromkeys((nodes.Add, nodes.Sub, nodes.Mul, nodes.Div), ("calculating", "`~` puts texts together")),
    **dict.fromkeys((nodes.FloorDiv, nodes.Mod, nodes.Pow, nodes.Neg, nodes.Pos), ("calculating", "")),
}


@dataclass(frozen=True, slots=True)
class Read:
    """A value that a template names: as written, the fact it means, and its line in the file.

    `means` is a dotted name without places in lists (`previous_tickets.subject`); empty where nobody can say.
    """

    name: str
    means: str
    line: int


class Grammar(NodeTransformer):
    """Reads one template's tree: `reads` holds the names it found, `visit` gives back the tree with the counting."""

    def __init__(self, path: str, line: int) -> None:
        self.reads: list[Read] = []
        self._path, self._line = path, line
        self._targets: dict[str, str] = {}
        self._nodes = 0

    def check(self, node: nodes.Node, depth: int = 0) -> None:
        """Refuse a tree that holds anything not offered, before anything is done with it.

        Raises:
            MacroError: it does, or is nested too deep, or is endless.
        """
        self._nodes += 1
        if type(node) not in _OFFERED:
            what, hint = _REFUSED.get(type(node), (f"`{type(node).__name__.lower()}`", ""))
            raise self._refused(node, f"{what} is not offered in a macro's text", hint)
        if depth > MAX_DEPTH:
            raise self._refused(node, "this is nested too deep")
        if self._nodes > MAX_NODES:
            raise self._refused(node, "this is too much for one macro")
        for child in node.iter_child_nodes():
            self.check(child, depth + 1)

    def visit_Name(self, node: nodes.Name) -> nodes.Node:
        """A value, or the name that a loop gives to its items."""
        if node.ctx == "store":
            self._check_part(node, node.name)
            return node
        return self._as_read(node)

    def visit_Getattr(self, node: nodes.Getattr) -> nodes.Node:
        """A value by its dotted name."""
        return self._as_read(node)

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Node:
        """A value by its place in a list."""
        return self._as_read(node)

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:
        """Texts put together with `~`."""
        self.generic_visit(node)
        return self._counted("_joined", nodes.List(node.nodes, lineno=node.lineno))

    def visit_CondExpr(self, node: nodes.CondExpr) -> nodes.Node:
        """`a if b`, which is nothing when b is false."""
        self.generic_visit(node)
        node.expr2 = node.expr2 or nodes.Const("", lineno=node.lineno)
        return node

    def visit_Test(self, node: nodes.Test) -> nodes.Node:
        """`a is defined`."""
        if node.name not in TESTS:
            raise self._refused(node, f"`is {node.name}` is not offered; known: {', '.join(TESTS)}")
        return self.generic_visit(node)

    def visit_Filter(self, node: nodes.Filter) -> nodes.Node:
        """`a | upper`, which from here on is counted."""
        if node.name not in FILTERS:
            raise self._refused(node, f"`{node.name}` is not a filter; known: {', '.join(FILTERS)}")
        if node.node is None or node.dyn_args or node.dyn_kwargs:
            raise self._refused(node, f"`{node.name}` cannot be used like this", f"write `value | {node.name}`")
        self.generic_visit(node)
        node.args = [nodes.Name(RUN, "load"), *node.args]
        return node

    def visit_For(self, node: nodes.For) -> nodes.Node:
        """A loop; inside it, its names mean the items of what it goes over."""
        if node.recursive:
            raise self._refused(node, "`recursive` is not offered in a macro's text")
        over = self._means(node.iter)
        node.iter = self._counted("_turns", self.visit(node.iter))
        node.target = self.visit(node.target)
        node.else_ = [self.visit(each) for each in node.else_]
        outer, self._targets = self._targets, {**self._targets, **_named(node.target, over), "loop": "loop"}
        node.test = self.visit(node.test) if node.test else None
        node.body = [self.visit(each) for each in node.body]
        self._targets = outer
        return node

    def _as_read(self, node: nodes.Expr) -> nodes.Node:
        root, *rest = self._parts(node)
        written = str(root) + "".join(f"[{each}]" if isinstance(each, int) else f".{each}" for each in rest)
        means = self._means(node)
        self.reads.append(Read(written, means, self._line + node.lineno - 1))
        return self._counted("_read", node, nodes.Const(means or written))

    def _means(self, node: nodes.Node) -> str:
        if not isinstance(node, nodes.Name | nodes.Getattr | nodes.Getitem):
            return ""
        root, *rest = [part for part in self._parts(node) if isinstance(part, str)]
        start = self._targets.get(root, root)
        return ".".join([start, *rest]) if start else ""

    def _parts(self, node: nodes.Node) -> list[str | int]:
        """The parts of a dotted name, which starts with a plain name and has constants in its brackets."""
        parts: list[str | int] = []
        while not isinstance(node, nodes.Name):
            if len(parts) + 1 == MAX_PARTS:
                raise self._refused(node, "this dotted name is too long")
            if isinstance(node, nodes.Getattr):
                parts.append(self._check_part(node, node.attr))
            elif isinstance(node, nodes.Getitem) and isinstance(node.arg, nodes.Const):
                parts.append(self._check_part(node, node.arg.value))
            else:
                raise self._refused(node, "only a plain dotted name can be read", "such as previous_tickets[0].subject")
            node = node.node
        return [self._check_part(node, node.name), *reversed(parts)]

    def _check_part(self, node: nodes.Node, part: object) -> str | int:
        if isinstance(part, str) and part.isidentifier() and not part.startswith("_"):
            return part
        if isinstance(part, int) and not isinstance(part, bool):
            return part
        raise self._refused(node, f"`{safe_line(str(part))[:40]}` is not a name a macro may use")

    def _counted(self, name: str, node: nodes.Expr, *arguments: nodes.Expr) -> nodes.Filter:
        run = nodes.Name(RUN, "load")
        return nodes.Filter(node, name, [*arguments, run], [], None, None, lineno=node.lineno)

    def _refused(self, node: nodes.Node, message: str, hint: str = "") -> MacroError:
        return MacroError(self._path, self._line + (node.lineno or 1) - 1, message, hint)


def _named(target: nodes.Node, over: str) -> dict[str, str]:
    """What the names of a loop mean: the items of what it goes over, or anybody's guess for several names."""
    if isinstance(target, nodes.Name):
        return {target.name: over}
    return {each.name: "" for each in target.find_all(nodes.Name)}
