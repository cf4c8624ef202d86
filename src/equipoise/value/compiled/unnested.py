"""Sub-selects within sub-selects as a row of named ones: SQLite's parser goes but 15 deep."""

from __future__ import annotations

import re

_MARK = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|\nFROM \(|\(|\)")
_OPENS = "\nFROM ("


def unnested(query: str) -> str:
    """The same query with each layer, which stands behind a FROM of its own line, in WITH."""
    opens, closes = _spine(query)
    if not opens:
        return query
    starts, ends = [0, *(end for _, end in opens)], [start for start, _ in opens]
    outer = [len(query), *reversed(closes)]  # where the layer at a depth ends
    layers = [query[starts[-1] : closes[0]]]
    for at in reversed(range(len(opens))):
        below = f'\nFROM "layer {len(layers) - 1}"'
        layers.append(query[starts[at] : ends[at]] + below + query[outer[at + 1] + 1 : outer[at]])
    named = ",\n".join(f'"layer {at}" AS ({text})' for at, text in enumerate(layers[:-1]))
    return f"WITH {named}\n{layers[-1]}"


def _spine(query: str) -> tuple[list[tuple[int, int]], list[int]]:
    """Where each layer's bracket opens (the line's start and the place behind it) and closes."""
    opens: list[tuple[int, int]] = []
    closes: list[int] = []
    depth = 0
    for mark in _MARK.finditer(query):
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
