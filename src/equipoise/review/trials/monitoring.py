"""Watching a trial: what may be said of each measure today, and whether to stop, ship or go on.

All intervals of a report hold together at its confidence, at every day since the trial began: so
it may be read every day, and ended on any. Guardrails stop a challenger that is worse by more than
is tolerated; a goal must get better.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from equipoise.errors import BadInput
from equipoise.numeric.arrays import BoolArray, FloatArray
from equipoise.review.trials.planning import side_error
from equipoise.review.trials.sequences import boundary, ratio_evidence, tightest
from equipoise.review.trials.trial import Measured, Outcomes, Trial
from equipoise.review.trials.trial_result import (
    Answer,
    ArmOutcomes,
    ChallengerResult,
    MeasureResult,
    SampleRatio,
    TrialResult,
    Verdict,
)
from equipoise.strategy.exploring.split import CHAMPION

STOP: Answer = "stop_for_harm"
SHIP: Answer = "ship"
GO_ON: Answer = "go_on"
NOT_ENOUGH: Answer = "not_enough_evidence"
SETTLED: tuple[Verdict, ...] = ("safe", "better")

MOST = 1e300
LEAST = 10  # outcomes of either kind in each arm before the first look


@dataclass(frozen=True, slots=True)
class Track:
    """How one measure of a challenger differs from the champion's, by day since the first look.

    `difference` is challenger less champion, `low` and `high` its bounds. `verdict` is what may be
    said by the last day, `since` the first day on which it could be: once said, it stands.
    """

    measured: Measured
    days: tuple[date, ...]
    difference: FloatArray
    low: FloatArray
    high: FloatArray
    outcomes: tuple[int, int]  # champion's, challenger's, by the last day
    means: tuple[float, float]
    verdict: Verdict
    since: date | None

    def result(self) -> MeasureResult:
        """The same for a page or a file."""
        champion, challenger = (
            ArmOutcomes(outcomes=n, mean=_number(mean))
            for n, mean in zip(self.outcomes, self.means, strict=True)
        )
        return MeasureResult(
            name=self.measured.name,
            higher_is_better=self.measured.higher_is_better,
            tolerated=self.measured.tolerated,
            champion=champion,
            challenger=challenger,
            difference=_last(self.difference),
            low=_last(self.low),
            high=_last(self.high),
            found=self.verdict,
            since=self.since.isoformat() if self.since else None,
            days=tuple(day.isoformat() for day in self.days),
            differences=tuple(self.difference.tolist()),
            lows=tuple(self.low.tolist()),
            highs=tuple(self.high.tolist()),
        )


@dataclass(frozen=True, slots=True)
class Watched:
    """A challenger: its measures and the answer they give together."""

    challenger: str
    tracks: tuple[Track, ...]
    answer: Answer

    def result(self) -> ChallengerResult:
        """The same for a page or a file."""
        return ChallengerResult(
            challenger=self.challenger,
            answer=self.answer,
            measures=tuple(track.result() for track in self.tracks),
        )


@dataclass(frozen=True, slots=True)
class Report:
    """A look at a trial. `ratio` is the evidence against the shares, None where not known."""

    until: date
    confidence: float
    planned: int
    counts: Mapping[str, int]
    ratio: float | None
    ratio_broken: bool
    watched: tuple[Watched, ...]

    @property
    def stopped(self) -> bool:
        """Whether a guardrail is broken, or the arms are not what was declared."""
        return self.ratio_broken or any(each.answer == STOP for each in self.watched)

    def result(self, file: str) -> TrialResult:
        """The same for a page or a file; `file` is where the trial was read."""
        return TrialResult(
            file=file,
            until=self.until.isoformat(),
            confidence=self.confidence,
            planned_outcomes=self.planned,
            applicants=dict(self.counts),
            sample_ratio=SampleRatio(evidence=self.ratio, broken=self.ratio_broken),
            stopped=self.stopped,
            challengers=tuple(each.result() for each in self.watched),
        )


def watch(
    trial: Trial,
    measures: Sequence[Measured],
    *,
    planned: int,
    shares: Mapping[str, float] | None = None,
    confidence: float = 0.95,
) -> Report:
    """What may be said of every challenger today.

    `planned` is the number of outcomes of a challenger at which the plan would end: intervals are
    narrowest there, and from there on an open question has had its chance. `shares` by arm, the
    champion among them, let the sizes of the arms be checked; they must have been the same
    throughout.
    """
    if planned < LEAST:
        raise BadInput(
            f"{planned} planned outcomes are too few for any interval",
            field="planned",
            mend="take `challenger_outcomes` of the plan",
        )
    challengers = trial.challengers
    error = side_error(confidence, len(measures) * len(challengers))
    watched = []
    for name in challengers:
        tracks = tuple(_track(trial, each, name, planned, error) for each in measures)
        watched.append(Watched(name, tracks, _answer(tracks, planned)))
    counts = trial.counts()
    ratio = _ratio(trial, shares)
    broken = ratio is not None and ratio >= 1 / (1 - confidence)
    return Report(trial.until, confidence, planned, counts, ratio, broken, tuple(watched))


def _ratio(trial: Trial, shares: Mapping[str, float] | None) -> float | None:
    """Evidence against the shares; None where they are not known.

    One challenger's share can be read from the propensities, whatever it grew to: evidence from
    periods of different shares multiplies.
    """
    if shares is not None:
        arms, counts = [arm for arm, share in shares.items() if share > 0], trial.counts()
        return ratio_evidence([counts.get(arm, 0) for arm in arms], [shares[arm] for arm in arms])
    if len(trial.challengers) > 1:
        return None
    served = pl.col("arm") != CHAMPION
    chance = pl.col("propensity")
    periods = trial.frame.group_by(
        share=pl.when(served).then(chance).otherwise(1 - chance).round(9)
    ).agg(challenger=served.sum(), champion=(~served).sum())
    periods = periods.sort("share")  # in one order always, for the last bit of the product
    factors = [
        ratio_evidence([new, old], [share, 1 - share])
        for share, new, old in periods.iter_rows()
        if 0 < share < 1
    ]
    return min(float(np.prod(factors)), MOST) if factors else None


def _track(trial: Trial, measured: Measured, name: str, planned: int, error: float) -> Track:
    days, (champion, challenger) = trial.outcomes(measured, (CHAMPION, name))
    begun = _first_look(measured.least, champion, challenger)
    counts, means = (0, 0), (np.nan, np.nan)
    if days:
        counts = int(champion.count[-1]), int(challenger.count[-1])
        means = float(champion.mean[-1]), float(challenger.mean[-1])
    if begun is None:
        none = np.empty(0)
        return Track(measured, (), none, none, none, counts, means, "too_few", None)
    after = slice(begun, None)
    difference = (challenger.mean - champion.mean)[after]
    variance = (challenger.variance + champion.variance)[after]
    time = _time(variance, champion.count[after], challenger.count[after], planned, error)
    reach = np.sqrt(variance) * boundary(time, error)
    low, high = difference - reach, difference + reach
    seen = tuple(days[after])
    verdict, since = _verdict_since(measured, low, high, seen)
    return Track(measured, seen, difference, low, high, counts, means, verdict, since)


def _first_look(least: int, *arms: Outcomes) -> int | None:
    """The first day on which each arm has enough outcomes, `least` of them, not all alike."""
    ready = np.ones(arms[0].count.size, dtype=bool)
    for each in arms:
        # what varies: of yes and no the rarer, of amounts the outcomes over their kurtosis
        with np.errstate(invalid="ignore", divide="ignore"):
            spread = each.square_squares / each.square - (each.square_total / each.square) ** 2
            rare = each.count * np.minimum(each.mean, 1 - each.mean)
        binary = np.isclose(each.square_squares, each.square_total)
        ready &= each.count >= least
        ready &= np.where(binary, rare >= LEAST, (each.count >= 10 * LEAST) & (spread > 0))
    # once begun, a trial is watched; what made it ready may waver
    places = np.flatnonzero(ready)
    return int(places[0]) if places.size else None


def _time(
    variance: FloatArray, champion: FloatArray, challenger: FloatArray, planned: int, error: float
) -> FloatArray:
    """Variance of the sum so far, over that which the boundary is tightest for.

    What the plan will have seen is reckoned from the first look, and stays: the mixture may not
    depend on what comes after.
    """
    gathered = (champion + challenger) ** 2 * variance
    part = challenger[0] / planned
    return np.asarray(tightest(error) * part * gathered / gathered[0])


def _verdict_since(
    measured: Measured, low: FloatArray, high: FloatArray, days: Sequence[date]
) -> tuple[Verdict, date | None]:
    """What bounds say: the bad news, if they ever gave it; else the good."""
    least, most = (low, high) if measured.higher_is_better else (-high, -low)  # of improvement
    answers: tuple[tuple[Verdict, BoolArray], ...]
    if measured.tolerated is None:
        answers = (("worse", most < 0), ("better", least > 0))
    else:
        answers = (("harm", most < -measured.tolerated), ("safe", least > -measured.tolerated))
    for verdict, held in answers:
        if held.any():
            return verdict, days[int(np.argmax(held))]
    return "open", None


def _answer(tracks: Sequence[Track], planned: int) -> Answer:
    if any(track.verdict in ("harm", "worse") for track in tracks):
        return STOP
    if all(track.verdict in SETTLED for track in tracks):
        return SHIP
    waiting = [track for track in tracks if track.verdict in ("open", "too_few")]
    if any(track.outcomes[1] < planned for track in waiting):
        return GO_ON
    return NOT_ENOUGH


def _last(by_day: FloatArray) -> float | None:
    return float(by_day[-1]) if by_day.size else None


def _number(value: float) -> float | None:
    return None if np.isnan(value) else value
