"""What our source says: every message handed to `say` or `marked`, in Python and in templates."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "equipoise"
_SAYING = {"say", "marked"}
_IN_TEMPLATE = {
    ".j2": re.compile(r'\bsay\(("(?:[^"\\]|\\.)*")'),
    ".html": re.compile(r'{%\s*(?:say|linked)\s+("(?:[^"\\]|\\.)*")'),
}


def messages(*rooms: str) -> dict[str, str]:
    """Message to the first file that says it."""
    collected: dict[str, str] = {}
    for room in rooms:
        for path in sorted((SOURCE / room).rglob("*")):
            texts: Iterator[str] = iter(())
            if path.suffix == ".py":
                texts = _in_python(path.read_text(encoding="utf-8"))
            elif path.suffix in _IN_TEMPLATE:
                matches = _IN_TEMPLATE[path.suffix].findall(path.read_text(encoding="utf-8"))
                texts = (json.loads(text) for text in matches)
            for text in texts:
                collected.setdefault(text, path.relative_to(SOURCE).as_posix())
    return collected


def _in_python(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        if node.func.id in _SAYING and node.args:
            yield from _texts(node.args[0])


def _texts(node: ast.expr) -> Iterator[str]:
    """The texts that an argument may be: one, or either of a choice."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)
