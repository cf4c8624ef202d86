"""PMML predicates: read into a small tree of tests, asked of one value or grown into splits.

Source: DMG, TreeModel, PREDICATE. A comparison with a missing value is unknown (None here), and
and, or and xor are Kleene's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from equipoise.errors import BadInput
from equipoise.risk.foreign.levels import MAX_VALUE
from equipoise.risk.foreign.pmml_fields import Field, Schema
from equipoise.risk.foreign.pmml_xml import Element, attribute_of, children, place, refusal, tag

MAX_NESTING = 50
_ORDERS = {"lessThan", "lessOrEqual", "greaterThan", "greaterOrEqual"}
_OPERATORS = _ORDERS | {"equal", "notEqual", "isMissing", "isNotMissing"}
_KINDS: dict[str, Literal["and", "or", "xor"]] = {"and": "and", "or": "or", "xor": "xor"}
_WORDS = re.compile(r'"((?:[^"\\]|\\.)*)"|(\S+)')

Value = float | str | None


@dataclass(frozen=True, slots=True)
class Always:
    """A predicate that is true, or false, of everything."""

    holds: bool

    def __call__(self, _: Value) -> bool | None:
        return self.holds


@dataclass(frozen=True, slots=True)
class Compare:
    """A field against a constant; `isMissing` and `isNotMissing` have none."""

    field: Field
    operator: str
    constant: Value = None

    def __call__(self, value: Value) -> bool | None:
        if self.operator in {"isMissing", "isNotMissing"}:
            return (value is None) == (self.operator == "isMissing")
        if value is None:
            return None
        if self.operator in {"equal", "notEqual"}:
            return (value == self.constant) == (self.operator == "equal")
        left, right = float(value), float(self.constant or 0.0)
        return {
            "lessThan": left < right,
            "lessOrEqual": left <= right,
            "greaterThan": left > right,
            "greaterOrEqual": left >= right,
        }[self.operator]


@dataclass(frozen=True, slots=True)
class Among:
    """A field in a set of constants, or not in it."""

    field: Field
    members: tuple[Value, ...]
    inside: bool = True

    def __call__(self, value: Value) -> bool | None:
        return None if value is None else (value in self.members) == self.inside


@dataclass(frozen=True, slots=True)
class Combined:
    """and, or, xor of two predicates or more."""

    operator: Literal["and", "or", "xor"]
    parts: tuple[Predicate, ...] = field(default=())

    def __call__(self, value: Value) -> bool | None:
        answers = [part(value) for part in self.parts]
        if self.operator == "xor":
            return None if None in answers else bool(sum(map(bool, answers)) % 2)
        decisive = self.operator == "or"
        if decisive in answers:
            return decisive
        return None if None in answers else not decisive


Predicate = Always | Compare | Among | Combined


def predicate_in(element: Element, schema: Schema) -> Predicate:
    """The predicate among an element's children. BadInput where there is none."""
    names = ("True", "False", "SimplePredicate", "SimpleSetPredicate", "CompoundPredicate")
    first = next(children(element, *names), None)
    if first is None:
        raise BadInput(f"{place(element)} has no predicate")
    return predicate(first, schema)


def predicate(element: Element, schema: Schema, depth: int = 0) -> Predicate:
    """Read one predicate. BadInput names a surrogate, or a field that is not there."""
    if depth > MAX_NESTING:
        raise BadInput(f"{place(element)}: predicates nest more than {MAX_NESTING} deep")
    name = tag(element)
    if name in {"True", "False"}:
        return Always(name == "True")
    if name == "CompoundPredicate":
        return _compound(element, schema, depth)
    within = schema.field(attribute_of(element, "field"), element)
    if name == "SimpleSetPredicate":
        return _among(element, within)
    return _compare(element, within)


def _compound(element: Element, schema: Schema, depth: int) -> Combined:
    operator = attribute_of(element, "booleanOperator")
    if operator == "surrogate":
        raise refusal(
            element,
            "a surrogate predicate",
            "grow the trees without surrogates (rpart: usesurrogate=0)",
        )
    kind = _KINDS.get(operator)
    if kind is None:
        raise refusal(element, f"the operator '{operator}'")
    parts = tuple(
        predicate(each, schema, depth + 1) for each in element if tag(each) != "Extension"
    )
    if not parts:
        raise BadInput(f"{place(element)} has no parts")
    return Combined(kind, parts)


def _compare(element: Element, within: Field) -> Compare:
    operator = attribute_of(element, "operator")
    if operator not in _OPERATORS:
        raise refusal(element, f"the operator '{operator}'")
    if operator in {"isMissing", "isNotMissing"}:
        return Compare(within, operator)
    text = attribute_of(element, "value")
    if within.kind == "category":
        if operator in _ORDERS:
            raise refusal(element, f"'{operator}' of the text '{within.name}'")
        return Compare(within, operator, text)
    return Compare(within, operator, within.value_of(text, element))


def _among(element: Element, within: Field) -> Among:
    operator = attribute_of(element, "booleanOperator")
    if operator not in {"isIn", "isNotIn"}:
        raise refusal(element, f"the operator '{operator}'")
    array = next(children(element, "Array"), None)
    if array is None:
        raise BadInput(f"{place(element)} has no <Array>")
    texts = [
        quoted.replace('\\"', '"').replace("\\\\", "\\") if quoted or not bare else bare
        for quoted, bare in _WORDS.findall(array.text or "")
    ]
    count = array.get("n")
    if count is not None and count != str(len(texts)):
        raise BadInput(f"{place(array)}: it says {count} members and has {len(texts)}")
    if within.kind == "category":
        return Among(within, tuple(texts), operator == "isIn")
    numbers = tuple(within.value_of(text, element) for text in texts)
    if within.whole and any(not (0 <= each <= MAX_VALUE) for each in numbers):
        raise refusal(element, f"a set of numbers of '{within.name}' below 0 or over {MAX_VALUE:,}")
    return Among(within, numbers, operator == "isIn")


def fields_of(each: Predicate) -> Iterator[Field]:
    """Every field that a predicate reads."""
    if isinstance(each, Combined):
        for part in each.parts:
            yield from fields_of(part)
    elif not isinstance(each, Always):
        yield each.field


def constants_of(each: Predicate) -> Iterator[float | str]:
    """Every constant that a predicate compares with."""
    if isinstance(each, Combined):
        for part in each.parts:
            yield from constants_of(part)
    elif isinstance(each, Among):
        yield from (member for member in each.members if member is not None)
    elif isinstance(each, Compare) and each.constant is not None:
        yield each.constant
