"""Declared directions of risk held against the data: which of them the data contradict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from equipoise.numeric.arrays import Array, BoolArray, FloatArray
from equipoise.risk.validation import auc, auc_interval

FEW_OF_EACH = 10
WORDS = {1: "increasing", -1: "decreasing"}
SURE = 0.999


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A feature whose risk goes the other way than declared, beyond chance.

    `declared` is +1 where risk was to rise with the value; `low` and `high` are the ends compared,
    each a bound on the value and the bad rate of the rows up to it or from it on.
    """

    feature: str
    declared: int
    low: tuple[float, float]
    high: tuple[float, float]
    auc: float

    def text(self) -> str:
        """What was declared and what the data show."""
        (low, rate_low), (high, rate_high) = self.low, self.high
        return (
            f"'{self.feature}' is declared {WORDS[self.declared]} in risk, and the data show the "
            f"opposite: {rate_low:.1%} bad at {low:g} or less, {rate_high:.1%} at {high:g} or more"
        )


def contradictions(
    frame: pl.DataFrame,
    bad: Array,
    directions: Mapping[str, int],
    *,
    special: Mapping[str, tuple[float, ...]],
    weight: FloatArray | None = None,
) -> Iterator[Contradiction]:
    """Each declared direction that the rows contradict; `bad` and `weight` are (n,).

    A direction is contradicted where the value alone ranks bad loans the other way round and the
    99.9 % interval of its AUC does not reach 0.5. Missing and special values say nothing here.
    """
    flags = np.asarray(bad, dtype=bool)
    for name, sign in directions.items():
        if not sign or name not in frame.columns or frame[name].dtype == pl.String:
            continue
        values = frame[name].cast(pl.Float64).to_numpy()
        usable = np.isfinite(values) & ~np.isin(values, special.get(name, ()))
        contradiction = _contradiction(
            name, sign, values[usable], flags[usable], None if weight is None else weight[usable]
        )
        if contradiction is not None:
            yield contradiction


def _contradiction(
    name: str, sign: int, values: FloatArray, flags: BoolArray, weight: FloatArray | None
) -> Contradiction | None:
    bads = int(flags.sum())
    if min(bads, flags.size - bads) < FEW_OF_EACH:
        return None
    if auc_interval(flags, sign * values, level=SURE, weight=weight)[1] >= 0.5:
        return None
    ends = [float(np.quantile(values, at, method="inverted_cdf")) for at in (0.2, 0.8)]
    if ends[0] == ends[1]:  # a value that most rows share: what lies beyond it on either side
        ends = [float(values.min()), float(values.max())]
    rates = [_rate(rows, flags, weight) for rows in (values <= ends[0], values >= ends[1])]
    return Contradiction(
        name, sign, (ends[0], rates[0]), (ends[1], rates[1]), auc(flags, values, weight)
    )


def _rate(rows: BoolArray, flags: BoolArray, weight: FloatArray | None) -> float:
    return float(np.average(flags[rows], weights=None if weight is None else weight[rows]))


def direction_notes(
    contrary: Iterable[Contradiction], used_by: Mapping[str, Iterable[str]]
) -> list[str]:
    """One sentence per contradiction: what was declared, what the data show, what became of it.

    `used_by` lists the features of each model.
    """
    notes = []
    for each in contrary:
        using = [model for model, features in used_by.items() if each.feature in set(features)]
        without = [model for model in used_by if model not in using]
        fate = [f"{_listed(without)} left it out"] if without else []
        if using:
            fate.append(f"{_listed(using)} used only what agrees with the direction")
        notes.append(
            f"{each.text()}; {', and '.join(fate)}. Mend `monotone`, or look for what turned the "
            "values round"
        )
    return notes


def _listed(names: list[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)
