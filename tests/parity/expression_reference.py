"""What an expression means, written once more and as plainly as can be, without the package.

Truth is a number (FALSE 0, unknown 1, TRUE 2): AND is the least, OR the greatest, NOT is 2 - x.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from expression_surface import TYPES, Shape

_ARITHMETIC = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: None if b == 0 else a / b,
    "days": lambda a, b: float((a - b).days),
    "negate": lambda a: -a,
    "abs": abs,
}
_COMPARE = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def evaluate(shape: Shape, record: Mapping[str, Any]) -> Any:
    """The value of an expression on one record; None is NULL."""
    op, args = shape.op, shape.args
    if op in ("field", "constant"):
        return _read(args[0], record) if op == "field" else args[0]
    if op == "case":
        return _case(args, record)
    if op in ("compare", "between", "in", "is"):
        return _predicate(op, args, record)
    values = [evaluate(item, record) for item in args]
    if op in _ARITHMETIC:
        return _calculated(op, values)
    if op in ("and", "or", "not"):
        return _logic(op, values)
    return values[0] if op == "parenthesised" else _several(op, values)


def _read(name: str, record: Mapping[str, Any]) -> Any:
    value = record[name]
    if value is None or TYPES[name] not in ("number", "integer"):
        return value
    value = float(value)
    if math.isnan(value) or abs(value) > 1e22:
        return None
    return value if abs(value) >= 1e-22 else 0.0


def _calculated(op: str, values: list[Any]) -> Any:
    if None in values:
        return None
    result = _ARITHMETIC[op](*values)
    assert result is None or math.isfinite(result), "the language promises finite numbers"
    return None if result is None else result + 0.0  # zero has one sign


def _rank(truth: bool | None) -> int:
    return 1 if truth is None else 2 * truth


def _truth(rank: int) -> bool | None:
    return (False, None, True)[rank]


def _logic(op: str, values: list[bool | None]) -> bool | None:
    ranks = [_rank(value) for value in values]
    if op == "not":
        return _truth(2 - ranks[0])
    return _truth(min(ranks) if op == "and" else max(ranks))


def _compared(sign: str, left: Any, right: Any) -> bool | None:
    return None if left is None or right is None else _COMPARE[sign](left, right)


def _case(args: tuple[Any, ...], record: Mapping[str, Any]) -> Any:
    subject, branches, otherwise = args
    for when, then in branches:
        holds = evaluate(when, record)
        if subject is not None:
            holds = _compared("=", evaluate(subject, record), holds)
        if holds is True:
            return evaluate(then, record)
    return None if otherwise is None else evaluate(otherwise, record)


def _several(op: str, values: list[Any]) -> Any:
    if op == "nullif":
        return None if _compared("=", *values) is True else values[0]
    known = [value for value in values if value is not None]
    if not known:
        return None
    return {"coalesce": lambda v: v[0], "least": min, "greatest": max}[op](known)


def _predicate(op: str, args: tuple[Any, ...], record: Mapping[str, Any]) -> bool | None:
    if op == "compare":
        return _compared(args[0], evaluate(args[1], record), evaluate(args[2], record))
    negated, value = args[0], evaluate(args[1], record)
    answer: bool | None
    if op == "between":
        low, high = evaluate(args[2], record), evaluate(args[3], record)
        answer = _logic("and", [_compared(">=", value, low), _compared("<=", value, high)])
    elif op == "in":
        items = [_compared("=", value, evaluate(item, record)) for item in args[2]]
        answer = _logic("or", items)
    else:
        answer = value is {"NULL": None, "TRUE": True, "FALSE": False}[args[2]]
    return _logic("not", [answer]) if negated else answer
