"""The behaviour score: the chance of being 30 days late soon, from signs that point one way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from equipoise.errors import BadInput
from equipoise.numeric.arrays import FloatArray
from equipoise.risk.calibration import Isotonic, isotonic_recalibration
from equipoise.risk.newton import maximise, sums_over
from equipoise.watch.borrowers.signs import FAMILIES, USUAL_TO, Signs

FEWEST_EVENTS = 50
MOST_GOOD = 20  # borrowers without an event for each with one: more add next to nothing to a fit


@dataclass(frozen=True, slots=True)
class BehaviourScore:
    """Weights of the signs, on a logit; `level` is the intercept, `usual` each sign's mean where it
    was fitted. `steps` takes their sum to a chance: signs of one trouble say the same thing several
    times, so that the sum goes too far. `horizon` is in months, `events` how many
    it was fitted on.

    A sign that was fitted with less risk where it is worse is left out: what is good news may not
    be why somebody is on a list.
    """

    horizon: int
    level: float
    steps: Isotonic
    weights: Mapping[str, float]
    usual: Mapping[str, float]
    events: int

    def rank(self, signs: Signs) -> FloatArray:
        """(T, N) the sum of the signs, on a logit; what comes first is likelier."""
        score = np.full(signs.panel.days.shape, self.level)
        for name, weight in self.weights.items():
            score += weight * signs.values[name]
        return score

    def chance(self, signs: Signs) -> FloatArray:
        """(T, N) of a first month 30 days late within the horizon."""
        return self.steps.pd(self.rank(signs))

    def by_family(self, signs: Signs, month: int) -> dict[str, FloatArray]:
        """(N,) for each family of signs, what it adds to the log odds of a borrower whose signs are
        all as usual."""
        sums = {family: np.zeros(signs.panel.days.shape[1]) for family in FAMILIES}
        for name, weight in self.weights.items():
            beyond = signs.values[name][month] - self.usual[name]
            sums[signs.family[name]] += weight * beyond
        return sums


def fit_behaviour(
    signs: Signs, *, horizon: int, until: int, since: int | None = None, seed: int = 0
) -> BehaviourScore:
    """Fit on the months from `since` on whose outcome is known by month `until`, which is left out.
    Unless given it begins where a year before says what is usual, if half of the months are left.

    Good borrowers are sampled, and the intercept moved back by as much (King and Zeng 2001).
    Raises BadInput where too few events are known.
    """
    label = signs.panel.late_within(horizon)
    label[max(until - horizon, 0) :] = np.nan
    label[: _first(until) if since is None else since] = np.nan
    rows = np.flatnonzero(np.isfinite(label.ravel()))
    bad = label.ravel()[rows] > 0
    events = int(bad.sum())
    if events < FEWEST_EVENTS:
        raise BadInput(
            f"{events} borrowers became 30 days late in the months to learn from",
            mend=f"give more months: it takes {FEWEST_EVENTS}",
        )
    good = rows[~bad]
    kept = min(good.size, MOST_GOOD * events)
    chosen = np.random.default_rng(seed).choice(good, kept, replace=False)
    at = np.concatenate([rows[bad], chosen])
    target = np.concatenate([np.ones(events), np.zeros(kept)])
    drawn = {name: each.ravel()[at] for name, each in signs.values.items()}
    names, beta = _fitted(drawn, target)
    back = float(np.log(kept / good.size))  # as many good ones were left out
    level = float(beta[0]) + back
    weight = np.where(target > 0, 1.0, good.size / kept)
    summed = level + np.column_stack([drawn[name] for name in names]) @ beta[1:]
    return BehaviourScore(
        horizon=horizon,
        level=level,
        steps=isotonic_recalibration(target, summed, weight),
        weights=dict(zip(names, beta[1:].tolist(), strict=True)),
        usual={name: float(drawn[name][target == 0].mean()) for name in names},
        events=events,
    )


def _first(until: int) -> int:
    return USUAL_TO if until >= 2 * USUAL_TO else 0


def _fitted(signs: Mapping[str, FloatArray], target: FloatArray) -> tuple[list[str], FloatArray]:
    """Again and again without signs that point the wrong way. Raises BadInput where none stays."""
    names = [name for name, each in signs.items() if each.std() > 0]
    while names:
        columns = np.column_stack([signs[name] for name in names])
        sums = sums_over(columns, target, np.ones(target.size))
        beta, _ = maximise(sums, float(target.mean()), len(names))
        wrong = [name for name, weight in zip(names, beta[1:], strict=True) if weight < 0]
        if not wrong:
            return names, beta
        worst = min(wrong, key=lambda name: beta[1 + names.index(name)])
        names.remove(worst)
    raise BadInput(
        "nothing that is known of borrowers tells those who became late from others",
        field="borrowers",
        mend="add columns of signs to `borrowers` in watch.yaml, such as inflow or utilisation; "
        "days late alone do not rise before these borrowers are 30 days late",
    )
