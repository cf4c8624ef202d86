"""This checkout and another measured by turns: their figures' ratio, and how sure it is."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from pathlib import Path
from typing import TypeVar

from scipy.stats import t as student

HERE = Path(__file__).parents[1]
Measured = TypeVar("Measured")


@dataclass(frozen=True, slots=True)
class Ratio:
    """The geometric mean of the pairs' ratios, and the ends of its 95 % interval."""

    middle: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.middle:.3f} [{self.low:.3f}, {self.high:.3f}]"


def ratio(pairs: Sequence[tuple[float, float]]) -> Ratio:
    """Here over there, of pairs (here, there) of positive figures.

    The interval is Student's t over the logarithms of the pairs' ratios: what slows both of a pair
    alike cancels. One pair has no interval: its ends are the ratio itself.
    """
    logs = [log(here / there) for here, there in pairs]
    middle, half = statistics.mean(logs), 0.0
    if len(logs) > 1:
        half = student.ppf(0.975, len(logs) - 1) * statistics.stdev(logs) / sqrt(len(logs))
    return Ratio(exp(middle), exp(middle - half), exp(middle + half))


def by_turns(
    other: Path, pairs: int, measure: Callable[[Path], Measured]
) -> list[tuple[Measured, Measured]]:
    """Here and there, `pairs` times; every second time this checkout goes first.

    Drift of the machine falls on both of a pair alike, and being first favours neither.
    """
    runs = []
    for at in range(pairs):
        order = (other, HERE) if at % 2 == 0 else (HERE, other)
        figures = {checkout: measure(checkout) for checkout in order}
        runs.append((figures[HERE], figures[other]))
    return runs
