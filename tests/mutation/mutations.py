"""Small wrong changes of a module, as somebody might make them: found in its syntax tree, written
into its text, so that everything else of the file stays as it is."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

COMPARISONS = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
ARITHMETIC = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mutation:
    """One change: `text` in place of the bytes `start` to `end`; `within` is the function."""

    kind: str
    line: int
    within: str
    start: int
    end: int
    text: str

    def applied(self, source: str) -> str:
        """The module with the change in it."""
        raw = source.encode()
        return (raw[: self.start] + self.text.encode() + raw[self.end :]).decode()


def mutations(source: str) -> list[Mutation]:
    """Every mutation of a module that there is, in the order of its text."""
    tree = ast.parse(source)
    starts = [0]
    for line in source.encode().splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    mutants: list[Mutation] = []
    for node, within in _reached(tree, ""):
        for kind, text in _changes(node):
            start = starts[node.lineno - 1] + node.col_offset
            end = starts[node.end_lineno - 1] + node.end_col_offset
            mutants.append(Mutation(kind, node.lineno, within, start, end, text))
    return sorted(mutants, key=lambda each: (each.start, each.kind))


def _reached(node: ast.AST, within: str) -> Iterator[tuple[ast.expr | ast.stmt, str]]:
    """What runs: not annotations, docstrings, or what only a type checker reads."""
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "type_params") or _is_for_types(node):
            continue
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or _is_said(child):
                continue
            inner = f"{within}.{child.name}".strip(".") if _is_scope(child) else within
            if isinstance(child, ast.expr | ast.stmt):
                yield child, inner
            yield from _reached(child, inner)


def _is_scope(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)


def _is_said(node: ast.AST) -> bool:
    """Text that nothing reads, or that is put together for a person."""
    alone = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return alone or isinstance(node, ast.JoinedStr | ast.Import | ast.ImportFrom)


def _is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


def _changes(node: ast.AST) -> Iterator[tuple[str, str]]:
    for changed in (_comparison, _arithmetic, _constant, _boolean, _off_by_one, _dropped):
        yield from changed(node)


def _comparison(node: ast.AST) -> Iterator[tuple[str, str]]:
    if isinstance(node, ast.Compare):
        for at, operator in enumerate(node.ops):
            ops = [*node.ops]
            ops[at] = COMPARISONS[type(operator)]()
            yield "comparison", _written(ast.Compare(node.left, ops, node.comparators))


def _arithmetic(node: ast.AST) -> Iterator[tuple[str, str]]:
    if not isinstance(node, ast.BinOp) or type(node.op) not in ARITHMETIC:
        return
    if not any(isinstance(s, ast.JoinedStr) or _is_text(s) for s in (node.left, node.right)):
        yield "arithmetic", _written(ast.BinOp(node.left, ARITHMETIC[type(node.op)](), node.right))


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)


def _constant(node: ast.AST) -> Iterator[tuple[str, str]]:
    if not isinstance(node, ast.Constant):
        return
    if isinstance(node.value, bool):
        yield "constant", str(not node.value)
    elif isinstance(node.value, int):
        yield "constant", str(node.value + 1)
    elif isinstance(node.value, float):
        yield "constant", repr(node.value * 2 if node.value else 1.0)


def _boolean(node: ast.AST) -> Iterator[tuple[str, str]]:
    if isinstance(node, ast.BoolOp):
        other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield "boolean", _written(ast.BoolOp(other, node.values))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "boolean", _written(node.operand)
    if isinstance(node, ast.IfExp):
        yield "boolean", _written(ast.IfExp(node.test, node.orelse, node.body))


def _off_by_one(node: ast.AST) -> Iterator[tuple[str, str]]:
    """Ranges one short, and slices that end one early."""
    if isinstance(node, ast.Call) and ast.unparse(node.func) in ("range", "np.arange"):
        ends = 0 if len(node.args) == 1 else 1
        args = [*node.args]
        args[ends] = ast.BinOp(args[ends], ast.Sub(), ast.Constant(1))
        yield "off by one", _written(ast.Call(node.func, args, node.keywords))
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
        cut, upper = node.slice, node.slice.upper
        if upper is not None and not isinstance(upper, ast.Constant):
            early = ast.Slice(cut.lower, ast.BinOp(upper, ast.Sub(), ast.Constant(1)), cut.step)
            yield "off by one", _written(ast.Subscript(node.value, early, ast.Load()))


def _dropped(node: ast.AST) -> Iterator[tuple[str, str]]:
    called = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    if called or isinstance(node, ast.Raise | ast.AugAssign):
        yield "dropped statement", "pass"


def _written(node: ast.AST) -> str:
    return f"({ast.unparse(ast.fix_missing_locations(node))})"
