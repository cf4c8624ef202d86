"""What each row's offer still waits for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import polars as pl

from equipoise.numeric.arrays import IntArray
from equipoise.strategy.conditions import owed
from equipoise.strategy.runtimes.frame.answers import NONE, OFFERED, lists
from equipoise.strategy.runtimes.frame.cases import Cases
from equipoise.value.treatments import Treatment


def alike(
    menu: Sequence[Treatment], cases: Cases, rows: IntArray
) -> Iterator[tuple[tuple[str, ...], Mapping[str, str], IntArray]]:
    """Rows whose journeys have the same checks and whose results are the same: both, and which."""
    size = len(cases.results.distinct)
    pairs = cases.answers.treatment[rows] * size + cases.results.of[rows]
    for pair in np.unique(pairs):
        treatment, place = divmod(int(pair), size)
        journey = menu[treatment].journey
        checks = journey.checks if journey else ()
        yield checks, cases.results.known(place), rows[pairs == pair]


def conditions(names: Sequence[str], menu: Sequence[Treatment], cases: Cases) -> pl.Series:
    """The checks that each row's offer still waits for; `names` are all that there are."""
    places: IntArray = np.full((cases.rows, len(names)), NONE)
    waits = np.isin(cases.answers.outcome, OFFERED) & (cases.answers.treatment != NONE)
    for checks, results, rows in alike(menu, cases, np.flatnonzero(waits)):
        for first in np.unique(cases.next[rows]):
            some = rows[cases.next[rows] == first]
            left = owed(checks, results, cases.steps[first] if first != NONE else None)
            places[some, : len(left)] = [names.index(name) for name in left]
    return lists(names, places)
