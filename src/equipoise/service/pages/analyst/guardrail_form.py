"""The guardrails that a person types as they begin a trial: a row for each measure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from equipoise.errors import BadInput
from equipoise.service.contexts.trials.reading import USUAL, WATCHABLE, Guardrail, Then
from equipoise.texts.trials import measure_name

_NONE = "none"


@dataclass(frozen=True, slots=True)
class GuardrailRow:
    """A measure with what stands in its fields: points as text, outcomes as text, what follows."""

    measure: str
    name: str
    points: str
    least: str
    then: str
    known_after: int  # days


def guardrail_rows(typed: Mapping[str, str]) -> list[GuardrailRow]:
    """What the form shows: what was typed, else the usual guardrails."""
    return [
        GuardrailRow(
            each.measure,
            measure_name(each.measure),
            typed.get(f"{each.measure}-points", f"{each.bound * 100:g}"),
            typed.get(f"{each.measure}-least", str(each.least)),
            typed.get(f"{each.measure}-then", each.then.value),
            WATCHABLE[each.measure].window_days,
        )
        for each in USUAL
    ]


def typed_guardrails(typed: Mapping[str, str]) -> list[Guardrail]:
    """The guardrails of a form; a measure that is not to be watched has none. Raises BadInput
    naming the measure."""
    rows = [each for each in guardrail_rows(typed) if each.then != _NONE]
    return [Guardrail(row.measure, _share(row), _least(row), _then(row)) for row in rows]


def _share(row: GuardrailRow) -> float:
    try:
        return float(row.points.replace("\N{MINUS SIGN}", "-")) / 100
    except ValueError:
        raise BadInput(
            f"the bound of '{row.measure}' is no number",
            field="guardrails",
            mend="type percentage points, as -5",
        ) from None


def _least(row: GuardrailRow) -> int:
    if not (row.least.isascii() and row.least.isdigit() and len(row.least) < 8):
        raise BadInput(
            f"the guardrail on '{row.measure}' does not say from how many outcomes on it is heeded",
            field="guardrails",
            mend="type a number, as 100",
        )
    return int(row.least)


def _then(row: GuardrailRow) -> Then:
    if row.then not in set(Then):
        raise BadInput("a broken guardrail stops or tells", field="guardrails")
    return Then(row.then)
