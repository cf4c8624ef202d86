"""The formula's steps over other primitives than Python's own.

The functions of `arithmetic` and `formula` are run from their own code objects: what is evaluated
on arrays or written as SQL is this very code.
"""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import Any

from equipoise.value.compiled import arithmetic, formula

_COMPOSED: tuple[Any, ...] = (
    arithmetic.clip,
    arithmetic.expm1,
    arithmetic.exp,
    arithmetic.log,
    arithmetic.log1p,
    formula.repaid_share,
    formula.geometric_rest,
    formula.standing,
    formula.at_terms,
    formula.capital_place,
    formula.measured,
)


def steps_over(primitives: tuple[Callable[..., Any], ...]) -> dict[str, Any]:
    """The steps by name; `primitives` are `pick`, `floor`, `power_of_two`, `exponent`, `lookup`."""
    space: dict[str, Any] = {**vars(arithmetic), **vars(formula)}
    space.update({each.__name__: each for each in primitives})
    for each in _COMPOSED:
        space[each.__name__] = FunctionType(each.__code__, space, each.__name__)
    return space
