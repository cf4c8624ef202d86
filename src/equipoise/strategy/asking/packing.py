"""Menu and checks as the arrays that the compiled plan reads.

A set of checks is the number whose bit k stands for check k of the sealed figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

import numpy as np

from equipoise.numeric.arrays import BoolArray, FloatArray, IntArray
from equipoise.strategy.asking.figures import AskingFigures
from equipoise.value.compiled.figures import Figures
from equipoise.value.compiled.packing import LENDER, lender, treatment
from equipoise.value.treatments import Treatment

TERMS = ("add", "lowest", "highest", "share", "add_months", "inclination")
_EXTREME = 1e9  # odds that checks can move odds by


@dataclass(frozen=True, slots=True)
class Packed:
    """What the compiled plan reads; `n` checks, `h` different terms, `k` treatments but decline.

    `terms` (h, 6) are price, amount and term with the inclination to take them up before any wait.
    `requests` (n, 8): stays, 1 - sensitivity, 1 - false alarm, minutes, questions, hours, cost,
    wait. `sets` (2^n, 3): what passing a set of checks does to the odds, its logarithm, the wait.
    `terms_of` and `needs` (k,) are each treatment's terms and its journey's checks, `person` (k,)
    says that a person decides in its journey. `rest` is the share who stay and the wait whatever
    is asked, how waiting weighs on take-up, and what comes before the first check: share who stay,
    minutes, questions, cost.
    """

    terms: FloatArray
    requests: FloatArray
    sets: FloatArray
    terms_of: IntArray
    needs: IntArray
    person: BoolArray
    rest: FloatArray
    lender: FloatArray
    unit: FloatArray


def packed(
    figures: Figures, asking: AskingFigures, menu: Sequence[Treatment], person: Sequence[str]
) -> Packed:
    """The arrays of a menu, the decline first on it; `person` names journeys of a person."""
    names = [each.name for each in asking.requests]
    rows: dict[tuple[float, ...], int] = {}
    terms_of, needs, people = [], [], []
    for each in menu[1:]:
        journey = each.journey
        if journey is None:
            raise ValueError("a decline has no terms")
        row = _terms(figures, each)
        terms_of.append(rows.setdefault(row, len(rows)))
        # a journey that no tier opens is given to nobody, and its checks need no bit
        needs.append(sum(1 << names.index(c) for c in journey.checks if c in names))
        people.append(journey.name in person)
    whole, start = lender(figures), asking.start
    return Packed(
        terms=np.array(list(rows)),
        requests=np.array(
            [
                (
                    each.stays, 1.0 - each.sensitivity, 1.0 - each.false_alarm, each.minutes,
                    each.questions, each.underwriter_hours, each.cost, each.wait_days,
                )
                for each in asking.requests
            ]
        ).reshape(len(names), 8),
        sets=_sets(asking),
        terms_of=np.array(terms_of, dtype=np.int64),
        needs=np.array(needs, dtype=np.int64),
        person=np.array(people, dtype=np.bool_),
        rest=np.array(
            [
                asking.stays, asking.wait_days, figures.take_up.waiting,
                start.stays, start.minutes, start.questions, start.cost,
            ]
        ),
        lender=np.array([whole[name] for name in LENDER]),
        unit=np.array(figures.unit_capital.values),
    )  # fmt: skip


def rounded_log(x: float) -> float:
    """Twelve digits: the same from every C library."""
    return float(f"{log(x):.12g}")


def _terms(figures: Figures, each: Treatment) -> tuple[float, ...]:
    """Price, amount and term; the inclination without the wait of the journey."""
    parts = treatment(figures, each)
    journey = each.journey.name if each.journey else ""
    waited = figures.take_up.waiting * figures.ways[journey].wait_days
    parts["inclination"] = float(f"{parts['inclination'] - waited:.12g}")
    return tuple(parts[name] for name in TERMS)


def _sets(asking: AskingFigures) -> FloatArray:
    sets = np.empty((1 << len(asking.requests), 3))
    for at in range(sets.shape[0]):
        good = bad = 1.0
        wait = asking.wait_days
        for bit, each in enumerate(asking.requests):
            if at >> bit & 1:
                good *= 1.0 - each.false_alarm
                bad *= 1.0 - each.sensitivity
                wait += each.wait_days
        ratio = min(max(bad / good if good else _EXTREME, 1.0 / _EXTREME), _EXTREME)
        sets[at] = ratio, rounded_log(ratio), wait
    return sets
