"""Where an input tips the decision: from which value on another policy is better, and for whom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from equipoise.numeric.arrays import FloatArray, IndexArray
from equipoise.review.learning.information import basis_of, fitted


@dataclass(frozen=True, slots=True)
class Tip:
    """Below `below`, and above `above`, another policy is better than the one that is best now.

    None where none is on that side. `changed` is the share of applicants whom the better policy at
    the far end treats otherwise; the larger of both ends.
    """

    below: float | None
    above: float | None
    changed: float

    @property
    def tips(self) -> bool:
        """Whether any value within the range changes the decision."""
        return self.below is not None or self.above is not None


def tip_of(values: FloatArray, truth: FloatArray, choices: IndexArray) -> Tip:
    """Where the best policy changes as an input does, the others as likely as they are.

    `values` (draws, policies), `truth` (draws,) the input, `choices` (policies, applicants).
    """
    order = np.argsort(truth)
    best_now = int(values.mean(axis=0).argmax())
    best = fitted(basis_of(truth[:, None]), values)[order].argmax(axis=1)
    sorted_truth, same = truth[order], np.flatnonzero(best == best_now)
    if not same.size:
        return Tip(None, None, 0.0)
    first, last = int(same[0]), int(same[-1])
    changed = [
        float((choices[best[at]] != choices[best_now]).mean())
        for at, tips in ((0, first > 0), (-1, last < best.size - 1))
        if tips
    ]
    return Tip(
        below=float(sorted_truth[first]) if first > 0 else None,
        above=float(sorted_truth[last]) if last < best.size - 1 else None,
        changed=max(changed, default=0.0),
    )
