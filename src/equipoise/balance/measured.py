"""What is aimed at and what must hold, in measures; and a loan's six figures, from which they come.

A file's applications and a cluster's are read, checked and made problems of here alike.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import polars as pl

from equipoise.balance.problem import Problem, Row
from equipoise.errors import BadInput, Span, did_you_mean
from equipoise.numeric.arrays import BoolArray, FloatArray
from equipoise.value.compiled import Valuer
from equipoise.value.measures import MEASURES

INPUTS = ("pd", "lgd", "amount", "months", "income", "apr")
BLOCK = 16_384  # applicants valued at once: some tens of megabytes
_WITHIN = {"pd": (1e-6, 0.999), "lgd": (0.0, 1.0), "apr": (1e-4, 2.0)}
_MOST = 1e12

Told = Callable[[int], tuple[str, Span | None]]  # of a position: who it is, and where


@dataclass(frozen=True, slots=True)
class MeasuredLimit:
    """At most `at_most` of a weighted sum of measures, over everybody or those `where` names.

    `weights` is by measure; a floor has all signs turned. A rate's limit r on top over bottom is
    the weights {top: 1, bottom: -r} with `at_most` 0. `where` is a boolean column of the file.
    `beside` are further sums, each over its own, as what compares two groups needs.
    """

    name: str
    weights: Mapping[str, float]
    at_most: float
    where: str | None = None
    beside: tuple[tuple[Mapping[str, float], str | None], ...] = ()

    @property
    def parts(self) -> tuple[tuple[Mapping[str, float], str | None], ...]:
        """All of its sums."""
        return (self.weights, self.where), *self.beside


@dataclass(frozen=True, slots=True)
class Aim:
    """The most of a weighted sum of measures, under limits. Weights are in `MEASURES`' order."""

    goal: tuple[float, ...]
    limits: tuple[MeasuredLimit, ...]
    usages: tuple[tuple[tuple[float, ...], ...], ...]  # of each limit's parts

    @classmethod
    def at(cls, goal: str | Mapping[str, float], limits: Sequence[MeasuredLimit]) -> Aim:
        """Raises BadInput for a measure that there is not."""
        weights = {goal: 1.0} if isinstance(goal, str) else goal
        usages = tuple(tuple(_weights(part) for part, _ in limit.parts) for limit in limits)
        return cls(_weights(weights), tuple(limits), usages)

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures that it asks for, in their order."""
        asked = np.any([self.goal, *(part for usage in self.usages for part in usage)], axis=0)
        return tuple(name for name, is_asked in zip(MEASURES, asked, strict=True) if is_asked)

    @property
    def masks(self) -> tuple[str, ...]:
        """The boolean columns that limits name."""
        return tuple(dict.fromkeys(limit.where for limit in self.limits if limit.where is not None))

    def problem(
        self,
        table: Mapping[str, FloatArray],
        masks: Mapping[str, BoolArray],
        allowed: BoolArray | None = None,
        make: Callable[[FloatArray, list[Row], BoolArray | None], Problem] = Problem,
    ) -> Problem:
        """Applicants whose measures, (applicants, treatments) each, and masks are known.

        `make` is `Problem.known` where the measures were looked at before.
        """
        made: dict[tuple[float, ...], FloatArray] = {}
        rows = []
        for limit, weights in zip(self.limits, self.usages, strict=True):
            for part in weights:
                if part not in made:
                    made[part] = _summed(table, part)
            if limit.beside:
                usage = _together([made[part] for part in weights], limit, masks)
                rows.append(Row(limit.name, usage, limit.at_most))
                continue
            where = None if limit.where is None else masks[limit.where]
            rows.append(Row(limit.name, made[weights[0]], limit.at_most, where))
        return make(_summed(table, self.goal), rows, allowed)


class Figures(Protocol):
    """What is known of each applicant, and what every treatment means for it.

    `columns` are numbers. `checked` gives one of them as the model takes it, or raises BadInput
    with who it is. `everything` is (m, applicants, treatments) in `MEASURES`' order; `allowed`
    which treatments may be given, None where all may. Both take the columns in their order.
    """

    @property
    def columns(self) -> tuple[str, ...]: ...

    @property
    def treatments(self) -> tuple[str, ...]: ...

    def checked(self, name: str, column: pl.Series, naming: Told) -> FloatArray: ...

    def everything(self, figures: Sequence[FloatArray]) -> FloatArray: ...

    def allowed(self, figures: Sequence[FloatArray]) -> BoolArray | None: ...


class LoanFigures:
    """`Figures` of a loan: `INPUTS`, valued as a sealed strategy values them; all is allowed."""

    def __init__(self, valuer: Valuer) -> None:
        self.valuer = valuer
        self.columns: tuple[str, ...] = INPUTS
        self.treatments = tuple(each.name for each in valuer.menu)

    def checked(self, name: str, column: pl.Series, naming: Told) -> FloatArray:
        """A figure within what the model takes; one that no loan can have is refused."""
        values = column.cast(pl.Float64, strict=False).to_numpy()
        low, high = _WITHIN.get(name, (np.finfo(float).tiny, _MOST))
        least = 0.0 if name in _WITHIN else low
        wrong = np.flatnonzero(~((values >= least) & (values <= max(high, 1.0))))
        if wrong.size:
            who, where = naming(int(wrong[0]))
            raise BadInput(
                f"'{name}' is missing or not a number that a loan can have {who}",
                where=where,
                field=name,
                mend="leave such applications out, or mend them",
            )
        inside = np.clip(values, low, high)
        return np.ascontiguousarray(np.round(inside) if name == "months" else inside)

    def everything(self, figures: Sequence[FloatArray]) -> FloatArray:
        """Every measure of every treatment, (m, applicants, treatments)."""
        return self.valuer.everything(*figures)

    def allowed(self, figures: Sequence[FloatArray]) -> BoolArray | None:
        """None: all treatments may be given to everybody."""
        del figures
        return None


def known_columns(
    wanted: Sequence[str], known: Sequence[str], where: Span | None = None
) -> list[str]:
    """The columns that are wanted. Raises BadInput for one that there is not."""
    for name in wanted:
        if name not in known:
            raise BadInput(
                f"there is no column '{name}'",
                where=where,
                field=name,
                mend=did_you_mean(name, known),
            )
    return list(wanted)


def mask_of(column: pl.Series) -> BoolArray:
    """A boolean column; what is missing is outside."""
    inside = column.cast(pl.Boolean, strict=False).fill_null(value=False)
    return np.ascontiguousarray(inside.to_numpy())


def _weights(by_name: Mapping[str, float]) -> tuple[float, ...]:
    for name in by_name:
        if name not in MEASURES:
            raise BadInput(
                f"'{name}' is not a measure", field=name, mend=did_you_mean(name, MEASURES)
            )
    return tuple(float(by_name.get(name, 0.0)) for name in MEASURES)


def _together(
    sums: Sequence[FloatArray], limit: MeasuredLimit, masks: Mapping[str, BoolArray]
) -> FloatArray:
    """What all parts of a limit use, each of its own applicants."""
    usage: FloatArray = np.zeros_like(sums[0])
    for part, (_, where) in zip(sums, limit.parts, strict=True):
        usage += part if where is None else np.where(masks[where][:, None], part, 0.0)
    return usage


def _summed(table: Mapping[str, FloatArray], weights: tuple[float, ...]) -> FloatArray:
    """A weighted sum of measures; one measure as it is, held and not copied."""
    total: FloatArray | None = None
    for name, weight in zip(MEASURES, weights, strict=True):
        if weight:
            term = table[name] if weight == 1.0 else weight * table[name]
            total = term if total is None else total + term
    return np.zeros(next(iter(table.values())).shape) if total is None else total
