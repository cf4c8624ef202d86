"""Expressions as a person may write them: their shapes, their text, and how they are made.

This is the tests' own tree, with the sugar (BETWEEN, NOT IN, simple CASE) that the package takes
away while it reads. Nothing here uses the package.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

TYPES = {
    "amount": "number",
    "dti": "number",
    "Loan Amount": "number",
    "年收入": "number",
    "age": "integer",
    "v": "integer",
    "region": "string",
    "grade": "string",
    "is_late": "boolean",
    "is_employed": "boolean",
    "purpose": "string",
    "has_card": "boolean",
    "issued": "date",
    "opened": "date",
    "born": "date",
}
_BY_KIND = {
    kind: [name for name, declared in TYPES.items() if declared in kinds]
    for kind, kinds in {
        "number": ("number", "integer"),
        "string": ("string",),
        "boolean": ("boolean",),
        "date": ("date",),
    }.items()
}
TEXTS = ["", "a", "A", "b", "Z", "ab", "é", "ß", "日本", "\ufffd", "😀", "it's", "a ", "%_"]
TEXTS += ["\\", "\\'", "${spark.app.name}", "N1", '"', "\n\t", "--", "/*", "ａ"]
DATES = [date(1, 1, 1), date(1582, 10, 10), date(1900, 2, 28), date(1970, 1, 1)]
DATES += [date(2018, 10, 1), date(2020, 2, 29), date(9999, 12, 31)]
LITERALS = [0.0, 1.0, 2.0, 12.0, 100.0, 0.1, 0.3, 0.45, 1e22, 1e-22, 1e15, 1 / 3, 2.0**53]
LITERALS += [123456.789, 9007199254740993.0, 1.7976931348623157e-10, 4.35, 0.000123]


@dataclass(frozen=True)
class Shape:
    """One construct: its `op`, the kind of its value, and its operands or payload."""

    op: str
    kind: str
    args: tuple[Any, ...]


def constant(value: Any, kind: str) -> Shape:
    return Shape("constant", kind, (value,))


# -- text

_TIGHT = {"or": 0, "and": 1, "not": 2, "compare": 3, "between": 3, "in": 3, "is": 3}
_TIGHT |= {"+": 4, "-": 4, "days": 4, "*": 5, "/": 5, "negate": 6}


def text(shape: Shape) -> str:
    """The expression's text, with parentheses only where SQL's precedence needs them."""
    op, args = shape.op, shape.args
    if op in ("field", "constant"):
        return _leaf(shape)
    if op == "case":
        return _case(shape)
    if op in ("compare", "between", "in", "is"):
        return _predicate(shape)
    return _operation(op, args, _tightness(shape))


def _operation(op: str, args: tuple[Any, ...], own: int) -> str:
    if op in ("or", "and"):
        return f" {op.upper()} ".join(_within(item, own + 1) for item in args)
    if op in ("+", "-", "*", "/", "days"):
        sign = "-" if op == "days" else op
        return f"{_within(args[0], own)} {sign} {_within(args[1], own + 1)}"
    if op in ("not", "negate"):
        return f"{'NOT' if op == 'not' else '-'} {_within(args[0], own)}"
    name = "" if op == "parenthesised" else op.upper()
    return f"{name}({', '.join(text(item) for item in args)})"


def _tightness(shape: Shape) -> int:
    return _TIGHT.get(shape.op, 7)


def _within(shape: Shape, tightness: int) -> str:
    inner = text(shape)
    return inner if _tightness(shape) >= tightness else f"({inner})"


def _predicate(shape: Shape) -> str:
    args = shape.args
    first = _within(args[-1] if shape.op == "compare" else args[1], 4)
    if shape.op == "compare":
        return f"{_within(args[1], 4)} {args[0]} {_within(args[2], 4)}"
    negated = "NOT " if args[0] else ""
    if shape.op == "between":
        return f"{first} {negated}BETWEEN {_within(args[2], 4)} AND {_within(args[3], 4)}"
    if shape.op == "in":
        return f"{first} {negated}IN ({', '.join(text(item) for item in args[2])})"
    return f"{first} IS {negated}{args[2]}"


def _case(shape: Shape) -> str:
    subject, branches, otherwise = shape.args
    start = f"CASE {text(subject)}" if subject else "CASE"
    whens = " ".join(f"WHEN {text(when)} THEN {text(then)}" for when, then in branches)
    return f"{start} {whens}{f' ELSE {text(otherwise)}' if otherwise else ''} END"


def _leaf(shape: Shape) -> str:
    (value,) = shape.args
    if shape.op == "field":
        plain = value.isidentifier() and not value[0].isupper()
        return value if plain else f'"{value}"'
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    mantissa, _, exponent = repr(value).partition("e")
    return f"{mantissa}e{exponent or 0}"


# -- generation: plain functions of a Random, which may be seeded or be one of hypothesis's own


def expression(random: Random, kind: str | None = None, depth: int = 3) -> Shape:
    """A typed expression of about `depth` levels; the kind of its value is drawn if not given."""
    kinds = ["boolean", "boolean", "boolean", "number", "number", "number", "string", "date"]
    return _compound(random, kind or random.choice(kinds), depth)


def _compound(random: Random, kind: str, depth: int) -> Shape:
    return random.choice(_MAKERS[kind])(random, kind, depth - 1)


def _any(random: Random, kind: str, depth: int) -> Shape:
    """A compound, or now and then, and always at the bottom, a field or a constant."""
    if depth > 0 and random.random() < 0.8:
        return _compound(random, kind, depth)
    return _field(random, kind) if random.random() < 0.7 else _constant(random, kind)


def _field(random: Random, kind: str) -> Shape:
    return Shape("field", kind, (random.choice(_BY_KIND[kind]),))


def _constant(random: Random, kind: str) -> Shape:
    return Shape("constant", kind, (_VALUES_OF[kind](random),))


def _number(random: Random) -> float:
    makers = (
        lambda: random.choice(LITERALS),
        lambda: float(random.randint(0, 999)),
        lambda: random.uniform(0.001, 1e6),
    )
    return random.choice(makers)()


_VALUES_OF: dict[str, Callable[[Random], Any]] = {
    "number": _number,
    "string": lambda random: random.choice(TEXTS),
    "boolean": lambda random: random.choice([True, False]),
    "date": lambda random: random.choice(DATES),
}


def _bare(shape: Shape) -> Shape:
    return _bare(shape.args[0]) if shape.op == "parenthesised" else shape


def _other(random: Random, left: Shape, depth: int) -> Shape:
    """What `left` may be compared with: not itself, and no constant with a constant."""
    bare = _bare(left)
    right = _field(random, bare.kind) if bare.op == "constant" else _any(random, bare.kind, depth)
    while _bare(right) == bare:
        right = _field(random, bare.kind)
    return right


def _parenthesised(random: Random, kind: str, depth: int) -> Shape:
    return Shape("parenthesised", kind, (_any(random, kind, depth),))


def _arithmetic(random: Random, kind: str, depth: int) -> Shape:
    op = random.choice("+-*/")
    left, right = _any(random, kind, depth), _any(random, kind, depth)
    if op == "/" and _bare(right).op == "constant" and _bare(right).args[0] == 0:
        right = _field(random, kind)
    return Shape(op, kind, (left, right))


def _one_number(random: Random, kind: str, depth: int) -> Shape:
    return Shape(random.choice(["negate", "abs"]), kind, (_any(random, kind, depth),))


def _days(random: Random, kind: str, depth: int) -> Shape:
    return Shape("days", kind, (_any(random, "date", depth), _any(random, "date", depth)))


def _case_of(random: Random, kind: str, depth: int) -> Shape:
    subject = _field(random, random.choice(ORDERED)) if random.random() < 0.4 else None

    def value() -> Shape:
        return constant(None, kind) if random.random() < 0.15 else _any(random, kind, depth)

    def when() -> Shape:
        return _other(random, subject, 0) if subject else _any(random, "boolean", depth)

    branches = [(when(), _any(random, kind, depth))]
    branches += [(when(), value()) for _ in range(random.randint(0, 2))]
    otherwise = value() if random.random() < 0.7 else None
    return Shape("case", kind, (subject, tuple(branches), otherwise))


def _several(random: Random, kind: str, depth: int) -> Shape:
    names = ["coalesce", "nullif"] + ([] if kind == "boolean" else ["least", "greatest"])
    op = random.choice(names)
    count = 2 if op == "nullif" else random.randint(2, 3)
    items = [_any(random, kind, depth) for _ in range(count)]
    if op == "coalesce":  # which refuses a constant anywhere but last
        items[:-1] = [i if _bare(i).op != "constant" else _field(random, kind) for i in items[:-1]]
    return Shape(op, kind, tuple(items))


def _compare(random: Random, kind: str, depth: int) -> Shape:
    side = random.choice([*ORDERED, "boolean"])
    signs = ["=", "<>", "!="] + ([] if side == "boolean" else ["<", "<=", ">", ">="] * 2)
    left = _any(random, side, depth)
    return Shape("compare", kind, (random.choice(signs), left, _other(random, left, depth)))


def _between(random: Random, kind: str, depth: int) -> Shape:
    value = _any(random, random.choice(ORDERED), depth)
    ends = sorted((_other(random, value, min(depth, 1)) for _ in range(2)), key=_constants_first)
    return Shape("between", kind, (random.random() < 0.4, value, *ends))


def _constants_first(shape: Shape) -> tuple[int, Any]:
    return (0, shape.args[0]) if shape.op == "constant" else (1, 0)


def _in(random: Random, kind: str, depth: int) -> Shape:
    value = _any(random, random.choice([*ORDERED, "boolean"]), depth)
    only_constants = _bare(value).op != "constant" and random.random() < 0.7
    make = _constant if only_constants else lambda r, _: _other(r, value, 0)
    items = tuple(make(random, value.kind) for _ in range(random.randint(1, 4)))
    return Shape("in", kind, (random.random() < 0.4, value, items))


def _is(random: Random, kind: str, depth: int) -> Shape:
    what = random.choice(["NULL", "TRUE", "FALSE"])
    side = random.choice(ORDERED) if what == "NULL" else "boolean"
    value = _any(random, side, depth)
    if _bare(value).op == "constant":
        value = _field(random, side)
    return Shape("is", kind, (random.random() < 0.4, value, what))


def _logic(random: Random, kind: str, depth: int) -> Shape:
    op = random.choice(["and", "or", "and", "or", "not"])
    count = 1 if op == "not" else random.randint(2, 3)
    return Shape(op, kind, tuple(_any(random, kind, depth) for _ in range(count)))


ORDERED = ["number", "number", "number", "string", "date"]
_ANY = [_case_of, _several, _parenthesised]
_MAKERS: dict[str, list[Callable[[Random, str, int], Shape]]] = {
    "number": [*_ANY, *[_arithmetic] * 4, _one_number, _days],
    "string": _ANY,
    "date": _ANY,
    "boolean": [*_ANY, *[_compare] * 3, _between, _in, _is, *[_logic] * 3],
}

_NUMBERS = [None, 0.0, -0.0, 1.0, -1.0, 0.1, 0.3, 0.45, 1 / 3, 100.0, 12.0, 1e15, -123456.789]
_NUMBERS += [1e308, -1e308, 5e-324, -5e-324, 1e22, -1e22, 1.0000000000000001e22, 1.1e22]
_NUMBERS += [1e-22, -1e-22, 9.999999999999999e-23, 1.7976931348623157e308, 2.2250738585072014e-308]
_NUMBERS += [math.nan, math.inf, -math.inf, 9007199254740993.0]
_WHOLE = [None, 0, 1, -1, 2, 3, 12, 100, 2**53 + 1, -(2**53) - 1, 2**62, -(2**63), 2**63 - 1]


def record(random: Random) -> dict[str, Any]:
    """A record over TYPES with NULLs, zeros, extremes and text of every script."""
    return {name: _value(random, declared) for name, declared in TYPES.items()}


def _value(random: Random, declared: str) -> Any:
    if declared == "number":
        return random.choice(_NUMBERS) if random.random() < 0.6 else random.uniform(-1e4, 1e4)
    if declared == "integer":
        return random.choice(_WHOLE)
    if declared == "string":
        return random.choice([None, *TEXTS])
    if declared == "boolean":
        return random.choice([None, True, False])
    days = random.randint(0, 20_000)
    return random.choice([None, *DATES, date(1980, 1, 1) + timedelta(days)])
