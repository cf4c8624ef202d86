"""Watching a trial: false alarms under peeking, power as planned, guardrails, and the ratio."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from equipoise.errors import BadInput
from equipoise.review.trials.monitoring import Report, watch
from equipoise.review.trials.planning import Question, Traffic, plan_trial
from equipoise.review.trials.sequences import ratio_evidence
from equipoise.review.trials.trial import Measured, read_trial

BEGUN = date(2026, 1, 1)
BAD = Measured("bad", higher_is_better=False)
GUARD = Measured("bad", higher_is_better=False, tolerated=0.02)
TAKEN = Measured("taken", higher_is_better=True)
REPEATS = 120


def drawn(
    rng: np.random.Generator,
    people: int,
    bad: tuple[float, float],
    *,
    share: float = 0.2,
    days: int = 150,
    taken: tuple[float, float] = (0.6, 0.6),
    grows: bool = False,
) -> pl.DataFrame:
    """People over days; rates of champion and challenger. A share that grows begins at a fourth."""
    day = np.sort(rng.integers(0, days, people))
    chance = np.where(grows & (day < days // 2), share / 4, share)
    new = rng.random(people) < chance
    return pl.DataFrame(
        {
            "arm": np.where(new, "new", "champion"),
            "day": [BEGUN + timedelta(days=int(each)) for each in day],
            "propensity": np.where(new, chance, 1 - chance),
            "bad": rng.random(people) < np.where(new, bad[1], bad[0]),
            "taken": rng.random(people) < np.where(new, taken[1], taken[0]),
        }
    )


def looked(frame: pl.DataFrame, *measures: Measured, planned: int = 1600) -> Report:
    return watch(read_trial(frame, measures), measures, planned=planned)


def peeked(frame: pl.DataFrame) -> bool:
    """Whether a fixed-horizon z-test, looked at every day, would ever have said 5 %."""
    _, (old, new) = read_trial(frame, (BAD,)).outcomes(BAD, ("champion", "new"))
    known = slice(20, None)
    z = (new.mean - old.mean)[known] / np.sqrt(new.variance + old.variance)[known]
    return bool((np.abs(z) > 1.96).any())


@pytest.mark.parametrize("grows", [False, True])
@pytest.mark.parametrize("rate", [0.04, 0.3])
def test_looking_every_day_rarely_raises_a_false_alarm_where_a_z_test_often_does(rate, grows):
    rng = np.random.default_rng(11)
    alarms, naive = 0, 0
    for _ in range(REPEATS):
        frame = drawn(rng, 8000, (rate, rate), grows=grows)
        alarms += looked(frame, BAD).watched[0].tracks[0].verdict in ("better", "worse")
        naive += peeked(frame)
    assert alarms <= 0.05 * REPEATS
    assert naive >= 0.2 * REPEATS


def test_a_difference_that_was_planned_for_is_found_with_the_planned_power():
    rng = np.random.default_rng(12)
    plan = plan_trial((Question("bad", 0.1, 0.04),), Traffic(100, 0.3, 0.7), power=0.8)
    size = plan.sizes[0].watched
    found = [
        looked(drawn(rng, round(size / 0.3), (0.1, 0.14), share=0.3), BAD, planned=size)
        for _ in range(REPEATS)
    ]
    tracks = [each.watched[0].tracks[0] for each in found]
    assert sum(each.verdict == "worse" for each in tracks) >= 0.72 * REPEATS
    ends = [each.since - BEGUN for each in tracks if each.since]
    assert np.mean([each.days for each in ends]) < 0.75 * 150  # most end well before the plan does


def test_a_growing_share_does_not_take_a_change_of_the_season_for_the_challengers():
    """Bad rates double in the second half, when the challenger has most of its people."""
    rng = np.random.default_rng(13)
    early = drawn(rng, 20000, (0.05, 0.05), share=0.05)
    late = drawn(rng, 20000, (0.10, 0.10), share=0.5)
    late = late.with_columns(pl.col("day") + timedelta(days=150))
    track = looked(pl.concat([early, late]), BAD, planned=6000).watched[0].tracks[0]
    rates = dict(pl.concat([early, late]).group_by("arm").agg(pl.col("bad").mean()).iter_rows())
    assert rates["new"] - rates["champion"] > 0.015
    assert abs(track.difference[-1]) < 0.01
    assert track.verdict == "open"


def test_a_challenger_that_is_worse_by_more_than_tolerated_is_stopped():
    report = looked(drawn(np.random.default_rng(1), 20000, (0.05, 0.15)), GUARD, TAKEN)
    assert report.watched[0].answer == "stop_for_harm"
    assert report.stopped
    guard = report.watched[0].tracks[0]
    assert guard.verdict == "harm"
    assert BEGUN < guard.since < BEGUN + timedelta(days=149)


def test_one_that_is_no_worse_and_better_for_people_is_shipped():
    frame = drawn(np.random.default_rng(2), 40000, (0.05, 0.05), taken=(0.6, 0.68))
    report = looked(frame, GUARD, TAKEN, planned=8000)
    assert report.watched[0].answer == "ship"
    assert not report.stopped


def test_one_whose_goal_gets_worse_is_stopped():
    frame = drawn(np.random.default_rng(3), 40000, (0.05, 0.05), taken=(0.6, 0.5))
    assert looked(frame, TAKEN, planned=8000).watched[0].answer == "stop_for_harm"


def test_an_open_question_goes_on_until_the_plan_has_ended():
    frame = drawn(np.random.default_rng(4), 5000, (0.05, 0.05))
    assert looked(frame, GUARD, TAKEN, planned=8000).watched[0].answer == "go_on"
    assert looked(frame, GUARD, TAKEN, planned=900).watched[0].answer == "not_enough_evidence"


def test_bad_news_counts_no_sooner_than_good():
    """Defaults come early: until its window has closed an application counts for nothing."""
    frame = drawn(np.random.default_rng(5), 20000, (0.05, 0.05))
    waiting = Measured("bad", higher_is_better=False, tolerated=0.02, window_days=100)
    seen = frame.with_columns(
        bad=pl.when((pl.col("day") > BEGUN + timedelta(days=49)) & ~pl.col("bad")).then(None)
        .otherwise(pl.col("bad"))
    )  # fmt: skip
    full, partly = (looked(each, waiting).watched[0].tracks[0] for each in (frame, seen))
    assert partly.outcomes == full.outcomes
    assert partly.means == full.means
    assert max(partly.days) <= BEGUN + timedelta(days=149)


def test_with_too_few_outcomes_nothing_is_said():
    report = looked(drawn(np.random.default_rng(6), 100, (0.05, 0.5)), GUARD)
    (track,) = report.watched[0].tracks
    assert (track.verdict, track.days, report.watched[0].answer) == ("too_few", (), "go_on")
    assert report.result("trial.csv").challengers[0].measures[0].low is None


def test_amounts_are_watched_as_rates_are():
    rng = np.random.default_rng(7)
    frame = drawn(rng, 8000, (0.1, 0.1))
    minutes = rng.gamma(2, 10, 8000) * np.where(frame["arm"] == "new", 0.7, 1.0)
    frame = frame.with_columns(minutes=minutes)
    track = looked(frame, Measured("minutes", higher_is_better=False)).watched[0].tracks[0]
    assert track.verdict == "better"
    assert track.low[-1] < -6 < track.high[-1]


def test_arms_filled_by_their_shares_raise_no_alarm_however_often_they_are_counted():
    rng = np.random.default_rng(8)
    alarms = 0
    for _ in range(300):
        new = (rng.random(3000) < 0.2).cumsum()
        looks = zip(new, np.arange(1, 3001) - new, strict=True)
        alarms += any(ratio_evidence(each, [0.2, 0.8]) >= 20 for each in [*looks][::25])
    assert alarms <= 0.05 * 300


def test_evidence_on_the_ratio_is_a_bayes_factor_that_averages_to_one():
    """Over all ways in which four people may fall, weighted by their chances."""
    from math import comb

    total = sum(
        comb(4, k) * 0.3**k * 0.7 ** (4 - k) * ratio_evidence([k, 4 - k], [0.3, 0.7])
        for k in range(5)
    )
    assert total == pytest.approx(1)


def test_arms_that_are_not_what_was_declared_stop_the_trial():
    frame = drawn(np.random.default_rng(9), 8000, (0.05, 0.05))
    lost = frame.filter((pl.col("arm") == "champion") | (pl.int_range(pl.len()) % 4 != 0))
    report = looked(lost, GUARD)
    assert report.ratio_broken
    assert report.stopped
    assert not looked(frame, GUARD).ratio_broken


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda f: f.drop("arm"), "no column 'arm'"),
        (lambda f: f.rename({"bad": "bda"}), "bda"),
        (lambda f: f.head(0), "no applicant"),
        (lambda f: f.filter(pl.col("arm") == "new"), "champion"),
        (lambda f: f.with_columns(day=pl.lit("soon")), "day"),
        (lambda f: f.with_columns(day=pl.lit(3)), "no date"),
        (lambda f: f.with_columns(propensity=pl.lit(0.0)), "no chance"),
        (lambda f: f.drop("propensity"), "with what chance"),
        (lambda f: f.with_columns(bad=pl.lit("perhaps")), "no number"),
        (lambda f: f.with_columns(bad=pl.lit(float("nan"))), "no number"),
    ],
)
def test_a_table_that_is_no_trial_is_refused(change, said):
    frame = drawn(np.random.default_rng(10), 100, (0.05, 0.05))
    with pytest.raises(BadInput, match=said):
        read_trial(change(frame), (BAD,))
