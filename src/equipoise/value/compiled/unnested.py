"""Sub-selects within sub-selects as a row of single ones, each over the one before."""

from __future__ import annotations

import re
from collections.abc import Callable

from equipoise.expression import DialectName

_LAYERS = r"\nFROM \(|\(|\)"
_MARK = re.compile(rf"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|{_LAYERS}")
_SPARKS = re.compile(rf"'(?:[^'\\]|\\.)*'|`(?:[^`]|``)*`|{_LAYERS}", re.DOTALL)
_OPENS = "\nFROM ("


def unnested(query: str) -> str:
    """The same query with each layer, which stands behind a FROM of its own line, in WITH: SQLite's
    parser goes but 15 deep."""
    layers = layers_of(query, "sqlite", lambda at: f'"layer {at}"')
    if len(layers) == 1:
        return query
    named = ",\n".join(f'"layer {at}" AS ({text})' for at, text in enumerate(layers[:-1]))
    return f"WITH {named}\n{layers[-1]}"


def layers_of(query: str, dialect: DialectName, named: Callable[[int], str]) -> list[str]:
    """The query's layers from the inside out; each but the first reads the one before it under the
    name that `named` gives to its place, as an identifier."""
    opens, closes = _spine(query, _SPARKS if dialect == "spark" else _MARK)
    if not opens:
        return [query]
    starts, ends = [0, *(end for _, end in opens)], [start for start, _ in opens]
    outer = [len(query), *reversed(closes)]  # where the layer at a depth ends
    layers = [query[starts[-1] : closes[0]]]
    for at in reversed(range(len(opens))):
        below = f"\nFROM {named(len(layers) - 1)}"
        layers.append(query[starts[at] : ends[at]] + below + query[outer[at + 1] + 1 : outer[at]])
    return layers


def _spine(query: str, marks: re.Pattern[str]) -> tuple[list[tuple[int, int]], list[int]]:
    """Where each layer's bracket opens (the line's start and the place behind it) and closes."""
    opens: list[tuple[int, int]] = []
    closes: list[int] = []
    depth = 0
    for mark in marks.finditer(query):
        text = mark[0]
        if text == _OPENS and depth == len(opens) and not closes:
            opens.append((mark.start(), mark.end()))
        if text[-1] == "(":
            depth += 1
        elif text == ")":
            if depth == len(opens) - len(closes):
                closes.append(mark.start())
            depth -= 1
    return opens, closes
