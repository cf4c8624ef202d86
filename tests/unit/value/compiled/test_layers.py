"""Layers of a query: what waits to be read is not carried through all of them."""

from __future__ import annotations

from typing import Any

import pytest

from equipoise.expression import DialectName
from equipoise.value.compiled.layers import Layout
from equipoise.value.compiled.symbolic import Graph


def _grown(node: Any) -> Any:
    """Thirty operations on a node: too many to be written twice."""
    for _ in range(15):
        node = (node + 1.0) * 1.5
    return node


@pytest.mark.parametrize("dialect", ["duckdb", "postgres", "sqlite", "spark"])
def test_a_column_is_made_in_the_layer_before_it_is_read(dialect: DialectName) -> None:
    graph = Graph()
    deep, aside = graph.column("deep"), _grown(graph.column("aside"))
    for _ in range(4):
        deep = _grown(deep)
        deep = deep * deep
    goal = deep * aside + aside  # `aside` needs one layer, and is read by the last
    layout = Layout(dialect, "v_")
    layout.place(list(graph.nodes.values()), {goal: ""})
    query = layout.selects("people", [], [layout.value(goal)])
    layers = query.split("\nFROM (")
    name = layout.value(aside)
    made = [at for at, text in enumerate(layers) if f" AS {name}" in text]
    assert made == [1]  # the outermost layer reads it
    assert not [text for text in layers[2:] if name in text.replace(",", " ").split()]
    assert all("aside" in text for text in layers[1:-1])  # what it is made of is carried instead
