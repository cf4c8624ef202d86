"""Predicates grown into splits in two, missing values sent where the file says."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from equipoise.errors import BadInput
from equipoise.risk.foreign import ForeignFeature
from equipoise.risk.foreign.growing import Leaf, Split
from equipoise.risk.foreign.pmml_fields import Field, Schema
from equipoise.risk.foreign.pmml_predicates import (
    Always,
    Among,
    Combined,
    Compare,
    Predicate,
    constants_of,
    fields_of,
    predicate,
)
from equipoise.risk.foreign.pmml_xml import Element, tag
from equipoise.risk.foreign.rounding import highest, previous_number

Tree = Split | Leaf


@dataclass
class Columns:
    """The inputs that the trees read, in the order in which they are met."""

    fields: dict[str, Field] = field(default_factory=dict)
    texts: dict[str, dict[str, int]] = field(default_factory=dict)

    def place(self, of: Field) -> int:
        """The column of a field."""
        known = self.fields.setdefault(of.name, of)
        if known.single != of.single:
            raise BadInput(
                f"'{of.name}' is compared as float in one place and as double in another",
                field=of.name,
            )
        if of.kind == "category":
            self.texts.setdefault(of.name, {text: at for at, text in enumerate(of.values)})
        return list(self.fields).index(of.name)

    def code(self, of: Field, text: str) -> int:
        """The code of a text: its place among those that the file lists or compares with."""
        codes = self.texts[of.name]
        return codes.setdefault(text, len(codes))

    def meet(self, model: Element, schema: Schema) -> None:
        """Give every text that the model compares with its code, before any tree is grown."""
        for element in model.iter():
            if tag(element) in {"SimplePredicate", "SimpleSetPredicate"}:
                each = predicate(element, schema)
                for of in fields_of(each):
                    if of.kind == "category":
                        self.place(of)
                        for constant in constants_of(each):
                            self.code(of, str(constant))

    def features(self) -> tuple[ForeignFeature, ...]:
        """Every input, a text with its categories in the order of their codes."""
        return tuple(
            ForeignFeature(name, "category", tuple(self.texts[name]))
            if name in self.texts
            else ForeignFeature(name)
            for name in self.fields
        )

    def check_single(self) -> None:
        """Sums in float32 come with inputs in float32; a mixture is refused."""
        for each in self.fields.values():
            if each.kind == "number" and not each.single and not each.whole:
                raise BadInput(
                    f"the trees add in float, and compare '{each.name}' as double: that mixture is "
                    "not read",
                    field=each.name,
                    mend="give the DataField the dataType float",
                )

    def notes(self) -> tuple[str, ...]:
        """What the model does with texts that the file does not list."""
        named = [name for name in self.texts if self.fields[name].invalid != "asMissing"]
        if not named:
            return ()
        return (
            f"a text of {', '.join(map(repr, named))} that the file does not list counts as "
            "missing",
        )


@dataclass(frozen=True, slots=True)
class _Known:
    """What the splits above leave open for a value: low < x <= high, codes, and missing or not."""

    low: float = -math.inf
    high: float = math.inf
    codes: frozenset[int] | None = None
    missing: bool = True

    @property
    def possible(self) -> bool:
        some = self.low < self.high or self.low == -math.inf
        return self.missing or (some and self.codes != frozenset())

    def sides(self, split: Split) -> tuple[_Known, _Known]:
        left = replace(self, missing=self.missing and split.missing_left)
        right = replace(self, missing=self.missing and not split.missing_left)
        if split.codes is None:
            below = replace(left, high=min(self.high, split.threshold))
            return below, replace(right, low=max(self.low, split.threshold))
        if self.codes is None:
            return left, right
        members = self.codes & frozenset(split.codes)
        return replace(left, codes=members), replace(right, codes=self.codes - members)


def branched(condition: Predicate, columns: Columns, yes: Tree, no: Tree, unknown: Tree) -> Tree:
    """The tree that goes to `yes`, `no` or `unknown` as the predicate answers."""
    if isinstance(condition, Always):
        return yes if condition.holds else no
    if isinstance(condition, Combined):
        return _combined(condition, columns, yes, no, unknown)
    of = condition.field
    place = columns.place(of)
    if isinstance(condition, Compare) and condition.operator in {"isMissing", "isNotMissing"}:
        absent, present = (yes, no) if condition.operator == "isMissing" else (no, yes)
        return _with_missing(of, place, present, present if of.stand_in is not None else absent)
    stand_in = of.stand_in
    if stand_in is not None:
        unknown = yes if condition(stand_in) else no
    if of.kind == "category":
        return _texts(condition, columns, place, (yes, no, unknown))
    return _with_missing(of, place, _numbers(condition, place, yes, no), unknown)


def _with_missing(of: Field, place: int, present: Tree, absent: Tree) -> Tree:
    """`absent` where the value is missing or a code that means so."""
    grown = present
    for code in of.missing_codes:
        grown = _equal(place, code, absent, grown, single=of.single)
    if grown is absent:
        return grown
    if isinstance(grown, Split) and grown.feature == place:
        for side, left in ((grown.left, True), (grown.right, False)):
            if side is absent:
                return replace(grown, missing_left=left)
    return Split(place, grown, absent, threshold=math.inf)


def _numbers(condition: Compare | Among, place: int, yes: Tree, no: Tree) -> Tree:
    """Where a number is there: `yes` or `no`."""
    of = condition.field
    if isinstance(condition, Among):
        inside, outside = (yes, no) if condition.inside else (no, yes)
        members = sorted({float(each) for each in condition.members if each is not None})
        if of.whole:
            codes = tuple(int(each) for each in members)
            return Split(place, inside, outside, codes=codes)
        grown = outside
        for member in reversed(members):
            grown = _equal(place, member, inside, grown, single=of.single)
        return grown
    constant = float(condition.constant or 0.0)
    if condition.operator in {"equal", "notEqual"}:
        same, other = (yes, no) if condition.operator == "equal" else (no, yes)
        if of.kind == "boolean":
            false, true = (same, other) if constant == 0.0 else (other, same)
            return _parted(place, 0.5, false, true)
        return _equal(place, constant, same, other, single=of.single)
    strict = condition.operator in {"lessThan", "greaterOrEqual"}
    border = previous_number(constant, single=of.single) if strict else constant
    left, right = (yes, no) if condition.operator.startswith("less") else (no, yes)
    return _parted(place, highest(border, single=of.single), left, right)


def _equal(place: int, constant: float, same: Tree, other: Tree, *, single: bool) -> Tree:
    below = highest(previous_number(constant, single=single), single=single)
    above = Split(place, same, other, threshold=highest(constant, single=single))
    return Split(place, other, above, threshold=below)


def _parted(place: int, threshold: float, left: Tree, right: Tree) -> Split:
    """A split of numbers that are there; what either side splits anew and knows is left out."""
    return Split(
        place,
        _settled(left, place, _Known(high=threshold, missing=False)),
        _settled(right, place, _Known(low=threshold, missing=False)),
        threshold=threshold,
    )


def _settled(tree: Tree, place: int, known: _Known) -> Tree:
    while isinstance(tree, Split) and tree.feature == place:
        left, right = known.sides(tree)
        if left.possible and right.possible:
            break
        tree = tree.left if left.possible else tree.right
    return tree


def _texts(
    condition: Compare | Among, columns: Columns, place: int, ways: tuple[Tree, Tree, Tree]
) -> Tree:
    """Where a text is there: `yes` or `no`; NaN is a missing one."""
    yes, no, unknown = ways
    if isinstance(condition, Among):
        members, inside = condition.members, condition.inside
    else:
        members, inside = (condition.constant,), condition.operator == "equal"
    codes = tuple(sorted({columns.code(condition.field, str(each)) for each in members}))
    left, right = (yes, no) if inside else (no, yes)
    everything = frozenset(range(len(columns.texts[condition.field.name])))
    left = _settled(left, place, _Known(codes=frozenset(codes), missing=False))
    right = _settled(right, place, _Known(codes=everything - set(codes), missing=False))
    if unknown is left or unknown is right:
        return Split(place, left, right, codes=codes, missing_left=unknown is left)
    return Split(place, Split(place, left, right, codes=codes), unknown, threshold=math.inf)


def _combined(condition: Combined, columns: Columns, yes: Tree, no: Tree, unknown: Tree) -> Tree:
    """Kleene's and, or, xor: the first part decides, or leaves it to the rest."""
    first, rest = condition.parts[0], condition.parts[1:]
    if not rest:
        return branched(first, columns, yes, no, unknown)
    others = Combined(condition.operator, rest)

    def follow(yes: Tree, no: Tree, unknown: Tree) -> Tree:
        return branched(others, columns, yes, no, unknown)

    return branched(first, columns, *_KLEENE[condition.operator](follow, yes, no, unknown))


Ways = tuple[Tree, Tree, Tree]
Follow = Callable[[Tree, Tree, Tree], Tree]


def _and(follow: Follow, yes: Tree, no: Tree, unknown: Tree) -> Ways:
    after = follow(yes, no, unknown)
    return after, no, no if unknown is no else follow(unknown, no, unknown)


def _or(follow: Follow, yes: Tree, no: Tree, unknown: Tree) -> Ways:
    after = follow(yes, no, unknown)
    return yes, after, follow(yes, unknown, unknown)


def _xor(follow: Follow, yes: Tree, no: Tree, unknown: Tree) -> Ways:
    return follow(no, yes, unknown), follow(yes, no, unknown), unknown


_KLEENE: dict[str, Callable[[Follow, Tree, Tree, Tree], Ways]] = {
    "and": _and,
    "or": _or,
    "xor": _xor,
}


def pruned(tree: Tree, columns: Columns) -> Tree:
    """The tree without splits that those above them have decided, shared branches copied apart."""
    start = {
        at: _Known(codes=frozenset(range(len(columns.texts[name]))))
        for at, name in enumerate(columns.fields)
        if name in columns.texts
    }
    return _pruned(tree, start)


def _pruned(tree: Tree, known: dict[int, _Known]) -> Tree:
    while isinstance(tree, Split):
        left, right = known.get(tree.feature, _Known()).sides(tree)
        if left.possible and right.possible:
            below = _pruned(tree.left, {**known, tree.feature: left})
            above = _pruned(tree.right, {**known, tree.feature: right})
            if isinstance(below, Leaf) and below is above:
                return below
            return replace(tree, left=below, right=above)
        known = {**known, tree.feature: left if left.possible else right}
        tree = tree.left if left.possible else tree.right
    return tree
