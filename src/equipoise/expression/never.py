"""Conditions that can never hold: `x > 5 AND x < 3`, `region = 'A' AND region = 'B'`.

Only what stands plainly in one AND is seen: a field, or any value, against constants. That is
the slip of the pen worth refusing; it is no theorem prover.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from equipoise.expression.nodes import Among, And, Compare, Constant, Node, Sign, Value, walk

_MIRROR: dict[Sign, Sign] = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def contradiction(tree: Node) -> Node | None:
    """A value on which some AND of the tree puts conditions no constant can meet, or None."""
    for node in walk(tree):
        if isinstance(node, And):
            limits: dict[Node, list[tuple[Sign, Any]]] = {}
            for value, sign, constant in _limits(node):
                limits.setdefault(value, []).append((sign, constant))
            for value, bounds in limits.items():
                if _is_empty(bounds):
                    return value
    return None


def _limits(node: And) -> Iterator[tuple[Node, Sign, Any]]:
    for item in node.items:
        if isinstance(item, Among):
            yield item.of, "=", tuple(constant.value for constant in item.values)
        elif isinstance(item, Compare) and isinstance(item.right, Constant):
            yield item.left, item.sign, item.right.value
        elif isinstance(item, Compare) and isinstance(item.left, Constant):
            yield item.right, _MIRROR[item.sign], item.left.value


def _is_empty(limits: list[tuple[Sign, Any]]) -> bool:
    wanted = [_values(value) for sign, value in limits if sign == "="]
    bounds = [(sign, value) for sign, value in limits if sign not in ("=", "<>")]
    if wanted:
        left = set.intersection(*wanted) - {value for sign, value in limits if sign == "<>"}
        return not any(all(_holds(v, sign, bound) for sign, bound in bounds) for v in left)
    lows = [value for sign, value in bounds if sign in (">", ">=")]
    highs = [value for sign, value in bounds if sign in ("<", "<=")]
    if not lows or not highs:
        return False
    low, high = max(lows), min(highs)
    strict = (">", low) in bounds or ("<", high) in bounds
    return bool(low > high or (low == high and strict))


def _values(value: Any) -> set[Value]:
    return set(value) if isinstance(value, tuple) else {value}


def _holds(value: Any, sign: Sign, bound: Any) -> bool:
    if sign == "<":
        return bool(value < bound)
    if sign == "<=":
        return bool(value <= bound)
    return bool(value > bound) if sign == ">" else bool(value >= bound)
