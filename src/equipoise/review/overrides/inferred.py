"""Applicants turned away against the strategy: bounds, and what loans like theirs came to."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from equipoise.numeric.arrays import FloatArray
from equipoise.numeric.intervals import normal_quantile
from equipoise.review.overrides.cases import Cases
from equipoise.review.overrides.money import MANY, Sum, summed
from equipoise.review.overrides.observed import Ruler, effective
from equipoise.review.overrides.sides import Declined
from equipoise.risk.maturity import Outcomes


def accepted_rates(
    accepted: Mapping[str, Outcomes], horizon: int, least: int
) -> dict[str, tuple[float, float]]:
    """Bads and known loans of the window by grade, of grades with enough that are known."""
    known = {grade: effective(each, horizon) for grade, each in accepted.items()}
    return {grade: each for grade, each in known.items() if each is not None and each[1] >= least}


def declined(
    cases: Cases,
    rates: Mapping[str, tuple[float, float]],
    ruler: Ruler,
    rng: np.random.Generator,
) -> Declined:
    """What turning them away may have cost or spared; the count alone where they are few."""
    if cases.size < ruler.least:
        return Declined(cases.size, answer="too_few" if cases.size else "none")
    result = Declined(cases.size, expected_rate=float(cases.pd.mean()), answer="not_known")
    if not np.isfinite(cases.if_good).all():
        return result
    at_stake = cases.if_good + cases.if_bad
    result = replace(
        result,
        by_model=-float((cases.if_good - cases.pd * at_stake).sum()),
        bounds=(-float(cases.if_good.sum()), float(cases.if_bad.sum())),
    )
    like = cases.only(np.isin(cases.grade, list(rates)))
    if like.size < ruler.least:
        return replace(result, covered=like.size)
    return _by_likes(result, like, rates, ruler, rng)


def _by_likes(
    result: Declined,
    like: Cases,
    rates: Mapping[str, tuple[float, float]],
    ruler: Ruler,
    rng: np.random.Generator,
) -> Declined:
    """Two things are drawn: which applicants came, and the bad rate of their grade (Jeffreys)."""
    grades, place = np.unique(like.grade.astype(str), return_inverse=True)
    bads, known = (np.array([rates[each][at] for each in grades]) for at in (0, 1))
    inside = place[:, None] == np.arange(grades.size)
    at_stake = inside * (like.if_good + like.if_bad)[:, None]  # (n, grades)
    people = _people(like.size, ruler.draws, rng)
    shares, stakes, goods = people @ inside, people @ at_stake, people @ like.if_good
    chances = rng.beta(bads + 0.5, known - bads + 0.5, size=(ruler.draws, grades.size))
    point = bads / known

    def money(times: float) -> Sum:
        drawn = np.sum(stakes * np.minimum(times * chances, 1.0), axis=1) - goods
        value = at_stake.sum(axis=0) @ np.minimum(times * point, 1.0) - like.if_good.sum()
        return summed(drawn, float(value), ruler.confidence)

    mean = float(inside.mean(axis=0) @ point)
    rate = summed(np.sum(shares * chances, axis=1) / like.size, mean, ruler.confidence).money
    as_alike, if_worse = money(1.0), money(ruler.worse)
    lost = float(at_stake.sum(axis=0) @ point)
    good = float(like.if_good.sum())
    return replace(
        result,
        covered=like.size,
        alike=int(known.sum()),
        inferred_rate=rate,
        inferred=as_alike.money,
        if_worse=if_worse.money,
        breaks_even_at=good / lost if lost > 0 else None,
        break_even=good / float(at_stake.sum()),
        # it spares losses where likes lose money; it turns away good ones where even worse ones pay
        p=min(1.0, 2 * min(as_alike.below, if_worse.above)),
        answer="open",
    )


def _people(size: int, draws: int, rng: np.random.Generator) -> FloatArray:
    """How often each applicant counts, drawn by the Bayesian bootstrap: (draws, size)."""
    if size > MANY:  # their own spread is next to nothing then
        return np.ones((1, size))
    parts = rng.standard_exponential((draws, size))
    return np.asarray(size * parts / parts.sum(axis=1, keepdims=True))


def cases_in_a_test(rate: float, break_even: float, level: float, power: float = 0.8) -> int | None:
    """How many lent to at random tell whether their bad rate is not the one that breaks even.

    One share against a fixed one. Source: Fleiss 1981, Statistical Methods for Rates and
    Proportions, 2.2, without correction.
    """
    if rate == break_even:
        return None
    wide, sure = normal_quantile(level), normal_quantile(2 * power - 1)
    errors = wide * math.sqrt(break_even * (1 - break_even)) + sure * math.sqrt(rate * (1 - rate))
    return math.ceil((errors / (rate - break_even)) ** 2)
