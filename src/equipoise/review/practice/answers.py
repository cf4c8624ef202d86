"""What a person answered to cases whose outcome is known, beside the model and the strategy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from equipoise.numeric.arrays import BoolArray, FloatArray

# The chances of going bad that a person picks from: people cannot tell finer ones apart.
STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75)


@dataclass(frozen=True, slots=True)
class Answers:
    """A person's answers in the order they were given, all (n,).

    `approves` and `stated` (the chance of going bad, one of `STEPS`) are the person's; `model` is
    the model's PD; `decides` says whether the strategy answered by itself, and `lends` whether its
    answer was a loan. `bad` is the outcome. `if_good` and `if_bad` are money earned on a loan that
    stays good and lost on one that goes bad; NaN where nothing says what a loan is worth.
    """

    approves: BoolArray
    stated: FloatArray
    model: FloatArray
    decides: BoolArray
    lends: BoolArray
    bad: BoolArray
    if_good: FloatArray
    if_bad: FloatArray

    def only(self, chosen: BoolArray) -> Answers:
        """Those chosen (n,)."""
        return Answers(*(getattr(self, name)[chosen] for name in self.__slots__))

    @property
    def size(self) -> int:
        return int(self.bad.size)

    @property
    def rounded(self) -> FloatArray:
        """The model's PDs in the same steps, so that neither side is the finer."""
        return to_step(self.model)


def to_step(chance: FloatArray) -> FloatArray:
    """The step nearest to each chance (n,) in log-odds."""
    steps = np.array(STEPS)
    gaps = np.abs(log_odds(chance)[:, None] - log_odds(steps)[None, :])
    return np.asarray(steps[np.argmin(gaps, axis=1)])


def log_odds(chance: FloatArray) -> FloatArray:
    """Log-odds of chances, kept off 0 and 1 by a thousandth."""
    inside = np.clip(chance, 1e-3, 1 - 1e-3)
    return np.asarray(np.log(inside / (1 - inside)))
