"""Following the ranking of assumptions, beside three at random and the best three in hindsight.

Twenty synthetic lenders who assume everything, and twenty who differ: each of those has measured
half of its inputs already, believes other things of the rest and has a flow of its own. What is
true of each input is drawn from its range by the lender's seed and written down in
`learning_truths.json`, which was committed before any of them was ranked. Development was on other
seeds (7, 901 to 910); nothing was chosen by these.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from itertools import combinations
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks.learning_lenders import APPLICANTS, LearningLender, lender, various
from benchmarks.learning_worlds import Measurable
from benchmarks.table import Result
from equipoise.review.learning import learn
from equipoise.review.learning.ranking import DRAWS

SEEDS = tuple(range(101, 121))
VARIOUS = tuple(range(201, 221))
TRUTHS = Path(__file__).with_name("learning_truths.json")
FOLLOWED = 3
_SHORT = (1_200, 128)  # applicants and draws, to see that all runs
Maker = Callable[[int, int], LearningLender]
WAY = 0.8


@dataclass(frozen=True, slots=True)
class Followed:
    """Widths of one lender's promise, per 100 applicants: before, and after three measurements.

    `error` is how far the surrogate is from the value model on the ranking's three and the best.
    """

    seed: int
    before: float
    ranked: float
    random: float
    best: float
    error: float
    three: tuple[str, ...]
    best_three: tuple[str, ...]

    @property
    def way(self) -> float:
        """How far from random to best."""
        return (self.random - self.ranked) / (self.random - self.best)


def run(short: bool = False) -> list[Result]:
    """The median width after the ranking's first three, beside random and hindsight."""
    most = 1 if short else len(SEEDS)
    sizes = _SHORT if short else (APPLICANTS, DRAWS)
    alike = [_told(seed, lender, *sizes) for seed in SEEDS[:most]]
    unlike = [_told(seed, various, *sizes) for seed in VARIOUS[:most]]
    return [*results(alike, "who assume everything"), *results(unlike, "who differ")]


def _told(seed: int, made: Maker, applicants: int, count: int) -> Followed:
    """The same, said as it goes: all of them take an hour and more."""
    begun = time.perf_counter()
    result = followed(seed, made, applicants, count)
    lasted = time.perf_counter() - begun
    print(
        f"lender {seed}: {result.way:.0%} of the way, {lasted:.0f} s", file=sys.stderr, flush=True
    )
    return result


def followed(
    seed: int, made: Maker = lender, applicants: int = APPLICANTS, count: int = DRAWS
) -> Followed:
    """One lender: its ranking is followed, and every other three are too."""
    truths = json.loads(TRUTHS.read_text(encoding="utf-8"))
    one = made(seed, applicants)
    if str(seed) in truths:
        assert truths[str(seed)] == _written(one.truth)
    learning = learn(one.stand, one.flow, count=count, seed=seed)
    experiments = {each.prior.name: each.experiment for each in learning.lessons}
    world = Measurable.of(one, experiments, seed)
    three = tuple(each.prior.name for each in learning.lessons[:FOLLOWED])
    widths = {each: world.width(each) for each in combinations(world.surrogate.names, FOLLOWED)}
    best = min(widths, key=lambda each: widths[each])
    return Followed(
        seed=seed,
        before=world.width(()),
        ranked=world.width(three),
        random=float(np.mean(list(widths.values()))),
        best=widths[best],
        error=max(world.error(one, three), world.error(one, best)),
        three=three,
        best_three=best,
    )


def results(every: list[Followed], who: str) -> list[Result]:
    """A line for each lender, then the median."""
    before, ranked, random, best = (
        median(getattr(each, name) for each in every)
        for name in ("before", "ranked", "random", "best")
    )
    way = (random - ranked) / (random - best)
    lines = [
        Result(
            f"lender {each.seed}: width of the promise after the first three",
            each.ranked,
            "of 100",
            each.random,
            "three at random",
            note=f"best {each.best:.2f}, before {each.before:.2f}, {each.way:.0%} of the way",
        )
        for each in every
    ]
    return [
        *lines,
        Result(
            f"median width of {len(every)} lenders {who}, after the first three",
            ranked,
            "of 100",
            random,
            "three at random",
            note=f"best in hindsight {best:.2f}, before {before:.2f}",
        ),
        Result(
            f"of the way from random to the best three in hindsight, {who}",
            100 * way,
            "%",
            bar=f"{100 * WAY:g} or more",
            met=way >= WAY,
            note=f"{min(each.way for each in every):.0%} to {max(each.way for each in every):.0%} "
            f"one by one; surrogate within {max(each.error for each in every):.1%} of the model",
        ),
    ]


def write_truths() -> None:
    """Write down what is true of each lender. Done once, before any was ranked."""
    truths = {str(seed): _written(lender(seed).truth) for seed in SEEDS}
    truths |= {str(seed): _written(various(seed).truth) for seed in VARIOUS}
    TRUTHS.write_text(json.dumps(truths, indent=1) + "\n", encoding="utf-8")


def _written(truth: dict[str, float]) -> dict[str, float]:
    return {name: float(f"{value:.9g}") for name, value in truth.items()}


def as_json(every: list[Followed]) -> str:
    """Figures of some lenders, to be put together with those of others."""
    return json.dumps([asdict(each) for each in every])
