"""What would teach us most: a recommendation's assumptions, ranked by what measuring them does.

Two things are told of each and never blended. What knowing it is worth to the *decision* (EVPI, and
EVSI of its experiment): how much more of the goal the better choice would bring. And how much
narrower the *promise* gets: the 95 % interval of what the recommended policy brings over today's.
They differ. An input that moves the promise and all policies alike changes no decision; one that
tips the decision may hardly move the promise.

The order is that of the promise: the first is the one whose experiment narrows it most, the next
the one that does beside those before it. `by="decision"` orders by EVSI.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Literal

import numpy as np

from equipoise.numeric.arrays import FloatArray, IntArray
from equipoise.numeric.intervals import LEVEL
from equipoise.progress import Progress, Silent, Step
from equipoise.review.learning.designs import Ground
from equipoise.review.learning.experiments import Experiment, Flow
from equipoise.review.learning.information import (
    Resampling,
    Worth,
    explained,
    of_knowing,
    perfect,
)
from equipoise.review.learning.policies import SPREAD, Policies, Valued, policies_of, valued
from equipoise.review.learning.priors import Correlations, Prior, draws, possible
from equipoise.review.learning.stand import Stand
from equipoise.review.learning.tipping import Tip, tip_of

DRAWS = 512
By = Literal["promise", "decision"]


@dataclass(frozen=True, slots=True)
class Lesson:
    """One assumption: what knowing it is worth, and the cheapest experiment that settles it.

    `perfect` and `sample` are EVPI and EVSI in the goal's unit per applicant. `narrows` is the
    share of the promise's interval that its experiment takes off alone, `narrows_fully` that which
    knowing it would; `left` the share of the interval left after it and all that stand before it.
    `tip` says from which value on it changes the decision, where knowing it is worth anything.
    `tied` says that its place and the one before may be exchanged: their intervals overlap.
    """

    prior: Prior
    experiment: Experiment | None
    perfect: Worth
    sample: Worth
    narrows: Worth
    narrows_fully: Worth
    tip: Tip
    left: float
    tied: bool


@dataclass(frozen=True, slots=True)
class Learning:
    """Assumptions in the order of the ranking.

    `promise` are the ends and the middle of what is promised now, per applicant; `everything` is
    EVPI of all inputs, `first_three` EVSI of the first three experiments, `first_left` the share of
    the interval that is left after them. `best_is_recommended` says whether no other policy looked
    at does better on average over the ranges.
    """

    lessons: tuple[Lesson, ...]
    promise: tuple[float, float, float]
    everything: Worth
    first_three: Worth
    first_left: float
    goal: str
    measure: str
    by: By
    policies: int
    draws: int
    applicants: int
    seed: int
    best_is_recommended: bool
    refused: int
    flow: Flow


@dataclass(frozen=True, slots=True)
class Drawn:
    """Inputs that may be true together, and what experiments would find of them.

    `truths` and `findings` are (draws, inputs). An experiment that there is not finds nothing.
    """

    priors: tuple[Prior, ...]
    experiments: tuple[Experiment | None, ...]
    truths: FloatArray
    findings: FloatArray
    worth: Valued
    policies: Policies

    def finding(self, inputs: Sequence[int]) -> FloatArray:
        """What the experiments of some inputs find."""
        return self.findings[:, list(inputs)]


def learn(
    stand: Stand,
    flow: Flow,
    *,
    by: By = "promise",
    count: int = DRAWS,
    seed: int = 0,
    correlated: Correlations | None = None,
    progress: Progress | None = None,
) -> Learning:
    """Rank the assumptions of a recommendation. `count`, the number of draws, is a power of two.

    Figures are of an evenly spaced sample of at most 3,000 applicants. The same seed gives the same
    ranking to the bit.
    """
    steps = progress or Silent()
    some = stand.sampled()
    drawn = drawn_for(some, flow, count=count, seed=seed, correlated=correlated, progress=steps)
    with steps.step("Ranking assumptions") as step:
        lessons = ranked(drawn, by, seed, step)
    order = [drawn.priors.index(each.prior) for each in lessons[:3]]
    resampling = Resampling.of(count, seed + 3)
    net, gain = drawn.worth.net, drawn.worth.gain
    low, middle, high = np.quantile(gain, (0.5 - LEVEL / 2, 0.5, 0.5 + LEVEL / 2))
    means = net.mean(axis=0)
    return Learning(
        lessons=lessons,
        promise=(float(low), float(middle), float(high)),
        everything=perfect(net, resampling),
        first_three=of_knowing(net, drawn.finding(order), resampling) if order else _NOTHING,
        first_left=lessons[len(order) - 1].left if order else 1.0,
        goal=stand.asked.axes.goal,
        measure=stand.asked.axes.y,
        by=by,
        policies=len(drawn.policies.choices),
        draws=count,
        applicants=some.asked.people.size,
        seed=seed,
        best_is_recommended=bool(means[1] >= means.max() - 1e-12),
        refused=drawn.policies.refused,
        flow=flow,
    )


_NOTHING = Worth(0.0, 0.0, 0.0)


def drawn_for(
    stand: Stand,
    flow: Flow,
    *,
    count: int = DRAWS,
    seed: int = 0,
    correlated: Correlations | None = None,
    progress: Progress | None = None,
) -> Drawn:
    """Draw the inputs, value policies under them, and say what experiments would find."""
    steps, priors = progress or Silent(), stand.priors
    ground = Ground(stand.asked.model, stand.asked.people, flow)
    experiments = tuple(ground.experiment(each) for each in priors)
    spread = draws(priors, SPREAD, seed + 1, correlated)
    policies = policies_of(stand, priors, spread, steps)
    truths = draws(priors, count, seed, correlated)
    worth = valued(stand, policies, priors, truths, steps)
    return Drawn(
        priors,
        experiments,
        truths,
        _findings(priors, experiments, truths, seed + 2),
        worth,
        policies,
    )


def _findings(
    priors: Sequence[Prior],
    experiments: Sequence[Experiment | None],
    truths: FloatArray,
    seed: int,
) -> FloatArray:
    """What each experiment would find where the truth is as drawn: the truth and an error."""
    noise = np.random.default_rng(seed).standard_normal(truths.shape)
    estimates = np.empty_like(truths)
    for at, (prior, each) in enumerate(zip(priors, experiments, strict=True)):
        if each is None:
            estimates[:, at] = noise[:, at]  # of nothing
        else:
            estimates[:, at] = np.clip(
                truths[:, at] + each.error * noise[:, at], *possible(prior.name)
            )
    return estimates


def ranked(drawn: Drawn, by: By, seed: int, step: Step) -> tuple[Lesson, ...]:
    """The lessons in order; `step` hears how many inputs are done."""
    resampling = Resampling.of(len(drawn.truths), seed + 3)
    facts = []
    for at in range(len(drawn.priors)):
        facts.append(_facts(drawn, at, resampling))
        step.advance(at + 1, len(drawn.priors))
    order = _order(drawn, by, [each[1].value for each in facts])
    lessons: list[Lesson] = []
    for place, at in enumerate(order):
        known, sample, narrows, fully = facts[at]
        mine = sample if by == "decision" else narrows
        before = None if not lessons else lessons[-1]
        above = None if before is None else (before.sample if by == "decision" else before.narrows)
        lessons.append(
            Lesson(
                prior=drawn.priors[at],
                experiment=drawn.experiments[at],
                perfect=known,
                sample=sample,
                narrows=narrows,
                narrows_fully=fully,
                tip=_tip(drawn, at, known),
                left=_left(drawn, order[: place + 1]),
                tied=above is not None and mine.high >= above.low,
            )
        )
    return tuple(lessons)


def _facts(drawn: Drawn, at: int, resampling: Resampling) -> tuple[Worth, Worth, Worth, Worth]:
    net, gain, count = drawn.worth.net, drawn.worth.gain, len(drawn.truths)
    truth, finding = drawn.truths[:, [at]], drawn.finding([at])

    def narrowing(known: FloatArray) -> Worth:
        def figure(rows: IntArray) -> float:
            return 1 - sqrt(1 - explained(gain, known, rows))

        return resampling.worth(figure, count)

    none = drawn.experiments[at] is None
    return (
        of_knowing(net, truth, resampling),
        _NOTHING if none else of_knowing(net, finding, resampling),
        _NOTHING if none else narrowing(finding),
        narrowing(truth),
    )


def _tip(drawn: Drawn, at: int, known: Worth) -> Tip:
    if not known.low > 0:
        return Tip(None, None, 0.0)
    return tip_of(drawn.worth.net, drawn.truths[:, at], drawn.policies.choices)


def _order(drawn: Drawn, by: By, sample: Sequence[float]) -> list[int]:
    """By EVSI; or each next one is that which narrows the promise most beside those before it."""
    rest = list(range(len(drawn.priors)))
    if by == "decision":
        return sorted(rest, key=lambda at: -sample[at])
    alone = {at: explained(drawn.worth.gain, drawn.finding([at])) for at in rest}
    rest = sorted((at for at in rest if drawn.experiments[at]), key=lambda at: -alone[at])
    order: list[int] = []
    while rest and len(order) < _GREEDY:
        best = max(rest, key=lambda at: explained(drawn.worth.gain, drawn.finding([*order, at])))
        order.append(best)
        rest.remove(best)
    return [*order, *rest, *(at for at, each in enumerate(drawn.experiments) if each is None)]


_GREEDY = 5  # beside so many others a regression on pairs still has draws enough


def _left(drawn: Drawn, inputs: Sequence[int]) -> float:
    """The share of the promise's interval that is left after some experiments."""
    some = [at for at in inputs if drawn.experiments[at]][: 2 * _GREEDY]
    return sqrt(1 - explained(drawn.worth.gain, drawn.finding(some))) if some else 1.0
