"""Who applied in which month, what the lender's model says of them, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy.special import expit, logit

from equipoise.numeric.arrays import BoolArray, FloatArray, IntArray
from equipoise.simulation.parameters import read_parameters
from equipoise.simulation.population import Codes, Observed, Population, make_population
from equipoise.simulation.streams import Streams
from equipoise.simulation.watched.economy import Calendar
from equipoise.simulation.watched.parameters import WatchedParameters
from equipoise.simulation.watched.planted import Planted

LATE_HOURS = 48.0


@dataclass(slots=True)
class Applicants:
    """(N,) columns, by month. `log_odds` is the truth, of default within a year; `never_pays` are
    those of the ring. Codes of `channel` and `region` are positions in `names`."""

    month: IntArray
    seen: Observed
    channel: IntArray
    region: IntArray
    score: FloatArray
    income: FloatArray
    log_odds: FloatArray
    never_pays: BoolArray
    shares_device: BoolArray
    pd: FloatArray = field(default_factory=lambda: np.zeros(0))
    completed: BoolArray = field(default_factory=lambda: np.zeros(0, dtype=bool))
    referred: BoolArray = field(default_factory=lambda: np.zeros(0, dtype=bool))
    granted: BoolArray = field(default_factory=lambda: np.zeros(0, dtype=bool))
    overridden: BoolArray = field(default_factory=lambda: np.zeros(0, dtype=bool))
    hours: FloatArray = field(default_factory=lambda: np.zeros(0))
    complained: BoolArray = field(default_factory=lambda: np.zeros(0, dtype=bool))
    booked: BoolArray = field(default_factory=lambda: np.zeros(0, dtype=bool))

    def __len__(self) -> int:
        return len(self.month)


def regions_of() -> tuple[str, ...]:
    """The regions of the synthetic lender."""
    return tuple(read_parameters().population.regions)


def make_applicants(
    parameters: WatchedParameters, calendar: Calendar, planted: Planted, seed: int
) -> Applicants:
    """Everybody who applied in the calendar's months."""
    month = np.repeat(calendar.month, calendar.applicants)
    streams = Streams(seed, month.size)
    population = make_population(read_parameters(), streams)
    made = _arrived(parameters, population, month, planted, streams)
    _decide(parameters, calendar, made, planted, streams)
    return made


def _arrived(
    parameters: WatchedParameters,
    population: Population,
    month: IntArray,
    planted: Planted,
    streams: Streams,
) -> Applicants:
    seen, decisions, shocks = population.observed, parameters.decisions, parameters.shocks
    ring = planted.since("fraud_ring", month) & (streams.uniform("ring") < shocks.fraud_ring.share)
    score = np.where(ring, 690 + 15 * streams.normal("ring score"), seen.bureau_score)
    down = planted.since("bureau_feed_down", month)
    lost = down & (streams.uniform("feed") < shocks.bureau_feed_down.failing)
    missing = streams.uniform("income missing") < decisions.income_missing
    log_odds = population.latent.log_odds.copy()
    log_odds[planted.since("bad_vintage", month)] += shocks.bad_vintage.log_odds
    return Applicants(
        month=month,
        seen=seen,
        channel=np.where(
            ring, seen.channel.names.index(shocks.fraud_ring.channel), seen.channel.codes
        ),
        region=np.where(ring, seen.region.names.index(shocks.fraud_ring.region), seen.region.codes),
        score=np.where(lost, np.nan, score),
        income=np.where(missing & ~ring, np.nan, seen.income),
        log_odds=log_odds,
        never_pays=ring,
        shares_device=ring | (streams.uniform("device") < decisions.shared_device),
    )


def _decide(
    parameters: WatchedParameters,
    calendar: Calendar,
    made: Applicants,
    planted: Planted,
    streams: Streams,
) -> None:
    of = parameters.decisions
    made.pd = _model(made)
    index = made.month - calendar.month[0]
    each_month = Streams(streams.seed, calendar.month.size)
    made.completed = _completed(
        parameters, made, each_month.normal("form")[index], planted, streams
    )
    unclear = (made.pd > of.refer_above) | np.isnan(made.score)
    declined = made.pd > of.decline_above
    made.referred = made.completed & unclear & ~declined
    by_hand = streams.uniform("by hand") < of.granted_of_referred
    made.granted = made.completed & ~declined & (~unclear | by_hand)
    made.overridden = made.referred & (streams.uniform("override") < of.overridden)
    pace = np.where(planted.since("slow_desk", made.month), parameters.shocks.slow_desk.hours, 1.0)
    desk = np.exp(
        of.desk_noise * each_month.normal("desk")[index] + of.hours_sd * streams.normal("hours")
    )
    made.hours = np.where(made.referred, of.hours_median * pace * desk, 0.2)
    annoyed = of.complaints + of.complaints_late * (made.hours > LATE_HOURS)
    made.complained = made.completed & (streams.uniform("complaint") < annoyed)
    made.booked = made.granted & (streams.uniform("takes it") < of.take_up)


def _completed(
    parameters: WatchedParameters,
    made: Applicants,
    noise: FloatArray,
    planted: Planted,
    streams: Streams,
) -> BoolArray:
    of, broken = parameters.decisions, parameters.shocks.broken_channel
    names = made.seen.channel.names
    usual = np.array([of.completion[name] for name in names])[made.channel]
    chance = expit(logit(usual) + of.completion_noise * noise)
    hit = planted.since("broken_channel", made.month) & (
        made.channel == names.index(broken.channel)
    )
    return np.asarray(streams.uniform("completes") < np.where(hit, broken.completing, 1.0) * chance)


def _model(made: Applicants) -> FloatArray:
    """The lender's model: least squares of the true log odds on what it sees, on the burn-in, then
    moved to the right level. Better than a model that only saw outcomes; it does not know frailty,
    who misreports, nor any shock."""
    features, past = _features(made), made.month < 0
    weights, *_ = np.linalg.lstsq(features[past], made.log_odds[past], rcond=None)
    scores = features @ weights
    level = 0.0
    for _ in range(20):  # Newton's steps towards the mean true chance
        chance = expit(scores[past] + level)
        gap = expit(made.log_odds[past]).mean() - chance.mean()
        level += float(gap / (chance * (1 - chance)).mean())
    return np.asarray(expit(scores + level))


def _features(made: Applicants) -> FloatArray:
    seen = made.seen
    missing = np.isnan(made.score)
    columns = [
        np.ones(len(made)),
        np.where(missing, 0.0, (made.score - 650) / 75),
        missing.astype(float),
        np.nan_to_num(np.log(made.income / 2600)),
        seen.dti,
        seen.enquiries.astype(float),
        seen.utilisation,
        np.log(seen.amount / 7500),
        -np.expm1(-seen.months_employed / 36),
        *_dummies(Codes(made.region, seen.region.names)),
        *_dummies(Codes(made.channel, seen.channel.names)),
        *_dummies(seen.employment),
        *_dummies(seen.home),
        *_dummies(seen.purpose),
    ]
    return np.column_stack(columns)


def _dummies(of: Codes) -> list[FloatArray]:
    return [(of.codes == at).astype(float) for at in range(1, len(of.names))]
