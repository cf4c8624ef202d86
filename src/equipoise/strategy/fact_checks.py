"""What makes a fact unfit to decide by, read from the contract as expressions.

A doubt sends an application to a person. It is one text, as everything else that decides, so that
live, batch and SQL doubt the same facts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from equipoise.contract import Contract
from equipoise.contract.fields import Field
from equipoise.expression import literal, quoted
from equipoise.texts.codes import (
    FUTURE_DATE,
    MISSING_FACT,
    NOT_A_NUMBER,
    OUTSIDE_RANGE,
    STALE_FACT,
    UNSEEN_VALUE,
)

DECIDED_ON = "decided_on"
DAY = "its day"  # what DECIDED_ON is called in a record, where a field may have that very name
MOST_PER_CASE = 60


def code_and_field(doubt: str) -> tuple[str, str]:
    """A doubt's two parts: `OUTSIDE_RANGE income` is the code and the field."""
    code, _, field = doubt.partition(" ")
    return code, field


def doubt_text(code: str, field: str) -> str:
    """A doubt as one string."""
    return f"{code} {field}"


def doubts(contract: Contract, names: Sequence[str]) -> list[str]:
    """CASE expressions over the named fields: each gives the first doubt, or NULL.

    They are to be asked in order. Each holds a bounded number of conditions, as expressions do.
    """
    arms = [arm for name in names for arm in _arms(contract.field(name))]
    return [
        "CASE " + " ".join(arms[at : at + MOST_PER_CASE]) + " END"
        for at in range(0, len(arms), MOST_PER_CASE)
    ]


def not_a_number(field: str) -> str:
    """The doubt of a number that is NaN or infinite; no expression can see one."""
    return doubt_text(NOT_A_NUMBER, field)


def _arms(field: Field) -> Iterator[str]:
    name = quoted(field.name)
    if field.missing == "refuse":
        yield _arm(f"{name} IS NULL", MISSING_FACT, field)
    if field.range is not None:
        low, high = field.range
        if low is not None:
            yield _arm(f"{name} < {literal(low)}", OUTSIDE_RANGE, field)
        if high is not None:
            yield _arm(f"{name} > {literal(high)}", OUTSIDE_RANGE, field)
    if field.values:
        listed = ", ".join(literal(value) for value in field.values)
        yield _arm(f"{name} NOT IN ({listed})", UNSEEN_VALUE, field)
    if field.type == "date" and (field.range is None or field.range[1] is None):
        # no fact of today is of tomorrow, unless its range says that it may be
        yield _arm(f"{name} > {quoted(DAY)}", FUTURE_DATE, field)
    if field.fresh_days is not None and field.as_of:
        age = f"({quoted(DAY)} - {quoted(field.as_of)})"
        yield _arm(f"{name} IS NOT NULL AND {age} < 0", FUTURE_DATE, field)
        stale = f"{quoted(field.as_of)} IS NULL OR {age} > {float(field.fresh_days)!r}"
        yield _arm(f"{name} IS NOT NULL AND ({stale})", STALE_FACT, field)


def _arm(condition: str, code: str, field: Field) -> str:
    return f"WHEN {condition} THEN {literal(doubt_text(code, field.name))}"
