"""What may be changed of one application: fields that declare it, in whole steps, that way only.

A field without `change` stays, and so does one that the strategy does not read, is protected, or
has no value. A field that the lender derives stays too unless it declares a change of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import floor, isfinite
from typing import Any

from equipoise.contract import Field
from equipoise.strategy.engine import Strategy

MOST_STEPS = 200
SWITCH = 0.25
TERMS = ("its amount", "its term_months", "its product")


@dataclass(frozen=True, slots=True)
class Move:
    """One way in which one field may change.

    `reach` is the number of steps that this applicant may take, `whole` the number that the
    contract allows anybody; `step` is signed. `other` is the new value of a text or a yes-or-no,
    which takes one step. `term` says that the field is a term of the loan.
    """

    field: Field
    term: bool
    start: Any
    reach: int
    whole: float
    step: float = 0.0
    other: Any = None
    days_a_step: float = 0.0

    def to(self, steps: int) -> Any:
        """The field's value after so many steps."""
        if self.other is not None:
            return self.other
        # ten decimals take the noise of the sum out, and keep every digit that anybody declares
        moved = round(self.start + steps * self.step, 10)
        return int(moved) if self.field.type == "integer" else moved

    def days(self, steps: int) -> float:
        """How long so many steps take."""
        return steps * self.days_a_step

    def share(self, steps: int) -> float:
        """The part of the way that the contract allows: 0 to 1; another value is a quarter."""
        return SWITCH if self.other is not None else steps / self.whole


def moves_of(strategy: Strategy, record: Mapping[str, Any]) -> tuple[Move, ...]:
    """Every move open to the applicant; `record` holds typed values of the fields read."""
    terms = terms_of(strategy)
    return tuple(
        move
        for field in strategy.content.contract.fields
        if field.change is not None and field.use == "feature" and not field.protected
        if field.name in strategy.compiled.program.inputs
        for move in _moves(field, field.name in terms, record.get(field.name))
    )


def terms_of(strategy: Strategy) -> frozenset[str]:
    """The contract's fields that are terms of the loan, and not facts of the applicant.

    They are what the strategy reads as amount, term and product, directly or through features,
    except what it reads as income; and every field whose change takes no days, since that can be
    had by asking for something else: a co-applicant, a collateral.
    """
    program = strategy.compiled.program
    named = {name: each.names for stage in program.facts for name, each in stage.items()}

    def read_by(figure: str) -> set[str]:
        names: set[str] = set()
        left = list(program.figures[figure].names) if figure in program.figures else []
        while left:
            name = left.pop()
            if name not in names:
                names.add(name)
                left += named.get(name, ())
        return names

    asked = {name for figure in TERMS for name in read_by(figure)} - read_by("its monthly_income")
    fields = strategy.content.contract.fields
    at_once = {f.name for f in fields if f.change is not None and f.change.days == 0}
    known = {field.name for field in fields}
    return frozenset((asked & known) | at_once)


def _moves(field: Field, term: bool, start: Any) -> Iterator[Move]:
    change = field.change
    if change is None or start is None or start in field.missing_codes:
        return
    ways = ("decrease", "increase") if change.direction == "either" else (change.direction,)
    if field.type == "boolean":
        to = not start
        if ("increase" if to else "decrease") in ways:
            yield Move(field, term, start, 1, 1.0, other=to, days_a_step=change.days)
    elif field.type == "string":
        for other in change.to:
            if other != start and (not field.values or other in field.values):
                yield Move(field, term, start, 1, 1.0, other=other, days_a_step=change.days)
    elif field.type in ("number", "integer") and isfinite(start):
        for way in ways:
            yield from _steps(field, term, start, -1.0 if way == "decrease" else 1.0)


def _steps(field: Field, term: bool, start: float, sign: float) -> Iterator[Move]:
    change = field.change
    step = change.step if change is not None else None
    if field.type == "integer":
        step = float(max(1, round(step or 1)))
    if change is None or step is None:
        return
    low, high = (_number(end) for end in field.range or (None, None))
    width = high - low if low is not None and high is not None else None
    most = change.most if change.most is not None else width
    whole = float(MOST_STEPS) if most is None else float(floor(most / step + 1e-9))
    end = low if sign < 0 else high
    left = whole if end is None else floor((end - start) * sign / step + 1e-9)
    reach = int(min(whole, left))
    start = int(start) if field.type == "integer" and start == int(start) else start
    if reach >= 1:
        yield Move(field, term, start, reach, whole, sign * step, days_a_step=change.days)


def _number(end: Any) -> float | None:
    return float(end) if isinstance(end, (int, float)) else None
