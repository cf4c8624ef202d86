"""People who practise on cases of a made world, with a skill, a bias or a blind spot planted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit

from equipoise.review.practice import Answers, to_step

WEIGHTS = {"income": -0.9, "utilisation": 0.8, "months": -0.5}
PURPOSES = ("car", "home", "medical", "other")


@dataclass(frozen=True)
class World:
    """Cases (N,): facts, the model's PD, which is the truth, and the outcome."""

    facts: dict[str, np.ndarray]
    model: np.ndarray
    bad: np.ndarray
    score: dict[str, np.ndarray]  # the standardised numbers behind the facts

    def answers(
        self, at: np.ndarray, stated: np.ndarray, approves: np.ndarray | None = None
    ) -> Answers:
        lent = self.model < 0.25
        good, lost = np.full(at.size, 100.0), np.full(at.size, 300.0)
        said = to_step(stated)
        return Answers(
            approves=said < 0.25 if approves is None else approves,
            stated=said,
            model=self.model[at],
            decides=np.ones(at.size, dtype=bool),
            lends=lent[at],
            bad=self.bad[at],
            if_good=good,
            if_bad=lost,
        )


def world(cases: int = 600, seed: int = 0) -> World:
    rng = np.random.default_rng(seed)
    z = {name: rng.standard_normal(cases) for name in WEIGHTS}
    model = expit(-1.9 + sum(weight * z[name] for name, weight in WEIGHTS.items()))
    missing = rng.uniform(size=cases) < 0.05
    facts = {
        "income": np.exp(7.5 + 0.4 * z["income"]).round().astype(object),
        "utilisation": np.where(missing, None, expit(z["utilisation"]).round(3)),
        "months": np.round(expit(z["months"]) * 120).astype(object),
        "purpose": rng.choice(PURPOSES, cases).astype(object),
        "same": np.full(cases, "all", dtype=object),
    }
    return World(facts, model, rng.uniform(size=cases) < model, z)


def sees(
    of: World,
    at: np.ndarray,
    *,
    leaving: dict[str, float] | None = None,
    fears: float = 0.0,
    spread: float = 1.0,
    shift: float = 0.0,
    noise: float | np.ndarray = 0.25,
    seed: int = 1,
) -> np.ndarray:
    """What somebody states: `leaving` gives the share of a fact's weight that they leave out,
    `fears` log-odds more for medical purposes, `spread` and `shift` of their log-odds."""
    rng = np.random.default_rng([7, seed])  # not the stream that the world is made of
    felt = logit(of.model[at])
    for name, share in (leaving or {}).items():
        felt = felt - share * WEIGHTS[name] * of.score[name][at]
    felt = felt + fears * (of.facts["purpose"][at] == "medical")
    felt = logit(of.model.mean()) + spread * (felt - logit(of.model.mean())) + shift
    return np.asarray(expit(felt + noise * rng.standard_normal(at.size)))
