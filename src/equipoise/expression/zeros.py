"""Zero has one sign: where an operation could give a zero with a minus, and is to be made plain.

No field and no constant is -0.0, and sums, differences and magnitudes of such values never are.
A minus sign, a product and a quotient can be. A comparison does not see it, so the arithmetic
below one is left as it is.
"""

from __future__ import annotations

from equipoise.expression.nodes import (
    Absolute,
    Arithmetic,
    Case,
    Coalesce,
    Constant,
    Extreme,
    Negate,
    Node,
)


def may_be_negative_zero(node: Node) -> bool:
    """Whether the node's own operation, on plain operands, could give -0.0."""
    if isinstance(node, Negate):
        return True
    if not isinstance(node, Arithmetic) or node.sign in ("+", "-"):
        return False
    if node.sign == "/" and is_never_zero(node.left):
        return False
    beside = (node.right,) if node.sign == "/" else node.parts()
    if any(map(_is_positive, beside)):
        return False  # a zero keeps its sign beside it
    return not all(map(_is_never_negative, node.parts()))


def is_never_zero(node: Node) -> bool:
    """Whether the node is a constant other than zero."""
    return isinstance(node, Constant) and bool(node.value)


def _is_positive(node: Node) -> bool:
    return isinstance(node, Constant) and isinstance(node.value, float) and node.value > 0


def _is_never_negative(node: Node) -> bool:
    if isinstance(node, Constant):
        return node.value is None or (isinstance(node.value, float) and node.value >= 0)
    if isinstance(node, Arithmetic):
        return node.sign != "-" and all(map(_is_never_negative, node.parts()))
    if isinstance(node, (Coalesce, Extreme)):
        return all(map(_is_never_negative, node.items))
    if isinstance(node, Case):
        results = [*(then for _, then in node.branches), node.otherwise]
        return all(map(_is_never_negative, results))
    return isinstance(node, Absolute)
