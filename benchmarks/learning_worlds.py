"""What a lender's promise is worth once some of its assumptions have been measured.

An experiment is run as its plan says: a share is counted in as many outcomes as named, anything
else is found with the standard error named. What it finds replaces the range where it is narrower,
as a lender would write it into experience.yaml. The policy stays the one that was recommended.
Widths are of the 95 % interval of what it brings over today's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.learning_lenders import LearningLender
from equipoise.documents import Quantity
from equipoise.numeric.arrays import FloatArray
from equipoise.numeric.intervals import LEVEL, normal_quantile, wilson
from equipoise.review.learning import Experiment, Prior, Stand
from equipoise.review.learning.priors import draws, possible

TRAINING, DRAWN, CHECKED = 1024, 1024, 256
BEYOND = 0.15  # of the range: how far outside it a finding may lie and still be foretold
_COUNTED = (".drop_off", ".sensitivity", ".false_alarm")
_MEASURING, _TRAINING = 17, 18  # streams of their own


def found(
    prior: Prior, experiment: Experiment | None, truth: float, seed: Sequence[int]
) -> Quantity:
    """What an experiment finds of an input, where it is narrower than what was declared."""
    if experiment is None:
        return prior.declared
    rng = np.random.default_rng([*seed, _MEASURING])
    if not experiment.error:
        return Quantity(value=truth, provenance="measured")
    if prior.name.endswith(_COUNTED):
        count = float(rng.binomial(experiment.outcomes, truth))
        low, high = wilson(np.array([count]), np.array([float(experiment.outcomes)]))
        value, ends = count / experiment.outcomes, (float(low[0]), float(high[0]))
    else:
        least, most = possible(prior.name)
        value = float(np.clip(truth + experiment.error * rng.standard_normal(), least, most))
        half = normal_quantile() * experiment.error
        ends = (max(value - half, least), min(value + half, most))
    if ends[1] - ends[0] >= prior.high - prior.low:
        return prior.declared
    return Quantity(value=value, low=ends[0], high=ends[1], provenance="measured")


def gains(stand: Stand, names: Sequence[str], drawn: FloatArray) -> FloatArray:
    """Of the recommended policy and of today's (draws, 2), per applicant, by the value model."""
    model, people = stand.asked.model, stand.asked.people
    result = np.empty((len(drawn), 2))
    for at, values in enumerate(drawn):
        changed = model.replaced(dict(zip(names, values.tolist(), strict=True)))
        for side, choice in enumerate((stand.recommended, people.today)):
            measures = changed.of_choice(people, choice)
            result[at, side] = getattr(measures, stand.asked.axes.y).mean()
    return result


@dataclass(frozen=True, slots=True)
class Surrogate:
    """The two policies' logarithms as cubics with all products of pairs: thousands of promises."""

    names: tuple[str, ...]
    low: FloatArray
    width: FloatArray
    weights: FloatArray

    @classmethod
    def of(cls, stand: Stand, seed: int) -> Surrogate:
        """Fitted on draws that are even over each range and a little beyond."""
        priors = stand.priors
        names = tuple(each.name for each in priors)
        ends = np.array([_around(each) for each in priors])
        low, width = ends[:, 0], ends[:, 1] - ends[:, 0]
        shares = np.random.default_rng([seed, _TRAINING]).random((TRAINING, len(priors)))
        drawn = low + width * shares
        values = np.log(gains(stand, names, drawn))
        weights = np.linalg.lstsq(_columns(2 * shares - 1), values, rcond=None)[0]
        return cls(names, low, width, weights)

    def gain(self, drawn: FloatArray) -> FloatArray:
        """What the recommended policy brings over today's (draws,)."""
        values = np.exp(_columns(2 * (drawn - self.low) / self.width - 1) @ self.weights)
        return np.asarray(values[:, 0] - values[:, 1])


def _around(prior: Prior) -> tuple[float, float]:
    beyond = BEYOND * (prior.high - prior.low)
    least, most = possible(prior.name)
    return max(prior.low - beyond, least), min(prior.high + beyond, most)


def _columns(scaled: FloatArray) -> FloatArray:
    one, two = np.triu_indices(scaled.shape[1])
    return np.column_stack(
        [np.ones(len(scaled)), scaled, scaled[:, one] * scaled[:, two], scaled**3]
    )


@dataclass(frozen=True, slots=True)
class Measurable:
    """A lender's promise under any set of measurements. Columns are those of `surrogate`."""

    surrogate: Surrogate
    stated: FloatArray  # (draws, inputs) from the ranges as declared
    measured: FloatArray  # the same shares of what each experiment found
    findings: Mapping[str, Quantity]

    @classmethod
    def of(
        cls, lender: LearningLender, experiments: Mapping[str, Experiment | None], seed: int
    ) -> Measurable:
        """Every experiment run once, whoever asks for it."""
        stand = lender.stand.sampled()
        priors = stand.priors
        findings = {
            each.name: found(each, experiments[each.name], lender.truth[each.name], (seed, at))
            for at, each in enumerate(priors)
        }
        after = [Prior(each.name, findings[each.name]) for each in priors]
        return cls(
            Surrogate.of(stand, seed),
            draws(priors, DRAWN, seed),
            draws(after, DRAWN, seed),
            findings,
        )

    def drawn(self, names: Iterable[str]) -> FloatArray:
        """Draws of all inputs once some are measured."""
        at = [self.surrogate.names.index(each) for each in names]
        new = self.stated.copy()
        new[:, at] = self.measured[:, at]
        return new

    def width(self, names: Iterable[str]) -> float:
        """Of the promise's interval once some inputs are measured, per 100 applicants."""
        return width_of(self.surrogate.gain(self.drawn(names)))

    def error(self, lender: LearningLender, names: Iterable[str]) -> float:
        """How far the surrogate's width is from the value model's own, relative."""
        drawn = self.drawn(names)[:CHECKED]
        result = gains(lender.stand.sampled(), self.surrogate.names, drawn)
        truly = width_of(result[:, 0] - result[:, 1])
        return abs(width_of(self.surrogate.gain(drawn)) / truly - 1)


def width_of(gain: FloatArray) -> float:
    """Of the 95 % interval of a gain, per 100 applicants."""
    low, high = np.quantile(gain, (0.5 - LEVEL / 2, 0.5 + LEVEL / 2))
    return 100 * float(high - low)
