"""What our rooms refuse with: every sentence of an error in their source, with its places open."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "equipoise"
# Errors of Python's own are told to nobody, but for those that a document's checks raise: pydantic
# hands their words on.
_INTERNAL = {"TypeError", "RuntimeError", "LookupError", "KeyError", "AssertionError", "Http404"}
_OURS = {"say", "marked"}  # told in their own words, held by the catalogues of pages
_MEND = "; "  # in a document's own checks


def refusals(*rooms: str) -> dict[str, str]:
    """Sentence with a token in each place, to the file that refuses with it."""
    collected: dict[str, str] = {}
    for room in rooms:
        there = SOURCE / room
        for path in [there] if there.is_file() else sorted(there.rglob("*.py")):
            for text in _in(ast.parse(path.read_text(encoding="utf-8"))):
                collected.setdefault(text, path.relative_to(SOURCE).as_posix())
    return collected


def _in(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _is_refusal(node):
            mends = [each.value for each in node.keywords if each.arg == "mend"]
            for argument in [*node.args, *mends]:
                for text in _texts(argument):
                    parts = text.split(_MEND) if _called(node) == "ValueError" else [text]
                    yield from (part for part in parts if " " in part)


def _is_refusal(node: ast.Call) -> bool:
    name = _called(node)
    if name in _INTERNAL or name in _OURS:
        return False
    named = name.endswith(("Error", "Refused", "Input", "Refusal")) or name in _CLASSES
    return named or any(each.arg == "mend" for each in node.keywords)


def _called(node: ast.Call) -> str:
    return ast.unparse(node.func).rpartition(".")[2]


_CLASSES = {"TwoPeople", "Changed", "OwnDecision", "NotGranted", "AuthorityExceeded", "Fault"}


def _texts(node: ast.expr) -> Iterator[str]:
    """The texts that an argument may be."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        parts = (
            str(each.value) if isinstance(each, ast.Constant) else f"‹{place}›"
            for place, each in enumerate(node.values)
        )
        yield "".join(parts)
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        yield from (a + b for a in _texts(node.left) for b in _texts(node.right))
