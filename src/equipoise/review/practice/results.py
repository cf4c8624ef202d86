"""A person's skill beside the model's on the same cases: whole, by kind of case, over time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from equipoise.errors import BadInput
from equipoise.numeric.arrays import Array, BoolArray, FloatArray
from equipoise.review.fairness.intervals import UNKNOWN, Interval
from equipoise.review.practice import scoring
from equipoise.review.practice.answers import Answers
from equipoise.review.practice.learning import Learning, learning
from equipoise.review.practice.money import Money, model_lends, worth
from equipoise.review.practice.scoring import AtStep, Brier

Standing = Literal["too_few", "behind", "ahead", "open"]
LEAST = 10


@dataclass(frozen=True, slots=True)
class Skill:
    """How good one side's answers were. `right`: the share that what came bore out; `brier` and its
    `parts`, `log` (both 0 at best); `auc`: how well the bad are told from the good."""

    right: Interval
    brier: Interval
    parts: Brier
    log: Interval
    auc: Interval
    calibration: tuple[AtStep, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Cases of one kind: how many, how many went bad, and where the person stands against the
    model in them. Under the least number, counts alone."""

    by: str
    name: str
    n: int
    bad: int
    standing: Standing
    right: Interval
    stated: float
    above_model: Interval


@dataclass(frozen=True, slots=True)
class Results:
    """All that a person's answers say. `above_model` is their Brier score less the model's: below 0
    the person is nearer to what came. Known only from `least` answers on."""

    n: int
    bad: int
    level: float
    least: int
    person: Skill | None
    model: Skill | None
    above_model: Interval
    money: Money | None
    learning: Learning
    parts: tuple[Part, ...]


def measure_practice(
    answers: Answers, kinds: Mapping[str, Array], *, level: float = 0.95, least: int = LEAST
) -> Results:
    """Measure a person's answers. `kinds` gives by each way of sorting a name to each case (n,),
    empty for none. The model's chances are rounded to the person's steps. Raises BadInput for a
    level or a least number outside their bounds."""
    if not 0.5 <= level <= 0.999:
        raise BadInput(f"a level of {level}", field="level", mend="give 0.5 to 0.999")
    if least < LEAST:
        raise BadInput(f"a least number of {least}", field="least", mend=f"give {LEAST} or more")
    enough = answers.size >= least
    return Results(
        n=answers.size,
        bad=int(answers.bad.sum()),
        level=level,
        least=least,
        person=_skill(answers.approves, answers.stated, answers.bad, level) if enough else None,
        model=_skill(_model_lends(answers), answers.rounded, answers.bad, level)
        if enough
        else None,
        above_model=_above(answers, level) if enough else UNKNOWN,
        money=worth(answers, level) if enough and np.isfinite(answers.if_good).any() else None,
        learning=learning(answers, level),
        parts=_parts(answers, kinds, level, least),
    )


def _skill(approves: BoolArray, stated: FloatArray, bad: BoolArray, level: float) -> Skill:
    return Skill(
        right=scoring.right(approves, bad, level),
        brier=scoring.brier_interval(stated, bad, level),
        parts=scoring.decomposed(stated, bad),
        log=scoring.log_score(stated, bad, level),
        auc=scoring.discrimination(stated, bad, level),
        calibration=scoring.calibration(stated, bad, level),
    )


def _model_lends(answers: Answers) -> BoolArray:
    """By money where it is known what a loan is worth; else where the PD is below the mean one."""
    priced = np.isfinite(answers.if_good) & np.isfinite(answers.if_bad)
    return np.where(priced, model_lends(answers), answers.model < answers.model.mean())


def _above(answers: Answers, level: float) -> Interval:
    return scoring.gap(answers.stated, answers.rounded, answers.bad, level)


def _parts(
    answers: Answers, kinds: Mapping[str, Array], level: float, least: int
) -> tuple[Part, ...]:
    """Where a person stands in a kind is said at a level so strict that all of it holds at once."""
    sorted_ = [
        (by, str(name), of == name)
        for by, of in kinds.items()
        for name in np.unique(of.astype(str))
        if name
    ]
    judged = sum(int(chosen.sum()) >= least for _, _, chosen in sorted_)
    strict = 1 - (1 - level) / max(judged, 1)
    return tuple(
        _part((by, name), answers.only(chosen), level, strict, least)
        for by, name, chosen in sorted_
    )


def _part(kind: tuple[str, str], of: Answers, level: float, strict: float, least: int) -> Part:
    n, bad = of.size, int(of.bad.sum())
    if n < least:
        return Part(*kind, n, bad, "too_few", UNKNOWN, float("nan"), UNKNOWN)
    surely = _above(of, strict)
    standing: Standing = "behind" if surely.low > 0 else "ahead" if surely.high < 0 else "open"
    right = scoring.right(of.approves, of.bad, level)
    return Part(*kind, n, bad, standing, right, float(of.stated.mean()), _above(of, level))
