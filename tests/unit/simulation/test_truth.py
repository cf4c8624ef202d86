"""The truth agrees with what happened, and with the value model's formulas."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy.special import expit

from equipoise.errors import BadInput
from equipoise.simulation import Lender, Outcome, Terms, read_truth, simulate, write_lender
from equipoise.simulation.behaviour import stop_chances

ERRORS = 4.0


def given_terms(lender: Lender) -> tuple[list[Terms], np.ndarray]:
    """The treatments with each applicant's realised waiting, and who got which."""
    wait = np.where(
        lender.history.way.completed,
        lender.history.way.wait_days,
        np.nan,
    )
    journeys = lender.parameters.journeys
    terms = [
        terms
        if terms.journey is None
        else replace(
            terms, wait_days=np.where(np.isnan(wait), journeys[terms.journey].wait_days, wait)
        )
        for terms in lender.treatments
    ]
    return terms, lender.history.assignment.choice


def agree(happened: np.ndarray, chance: np.ndarray) -> None:
    """A sum of events lies within four standard errors of the sum of their chances."""
    error = np.sqrt((chance * (1 - chance)).sum())
    assert error > 0
    assert abs(happened.sum() - chance.sum()) < ERRORS * error


def test_drop_off_of_each_journey_agrees(lender: Lender) -> None:
    truth = lender.truth.of_choice(lender.history.assignment.choice, lender.treatments)
    for position, journey in enumerate(lender.parameters.journeys):
        rows = lender.history.offers.journey == position
        assert rows.sum() > 200, journey
        agree(lender.history.way.completed[rows], truth.completion[rows])


def test_the_mean_wait_of_each_journey_is_the_declared_one(lender: Lender) -> None:
    from equipoise.simulation.streams import Streams
    from equipoise.simulation.timeline import start_times, step_times

    streams = Streams(3, 20_000)
    start = start_times((730 * streams.uniform("day")).astype(np.int64), streams)
    for position, (name, journey) in enumerate(lender.parameters.journeys.items()):
        steps = step_times(lender.parameters, np.full(streams.n, position), start, streams)
        wait = np.sum([times.wait for times in steps.values()], axis=0)
        assert wait.mean() == pytest.approx(journey.wait_days, abs=0.04), name


def test_take_up_agrees_for_each_price(lender: Lender) -> None:
    terms, choice = given_terms(lender)
    truth = lender.truth.of_choice(choice, terms)
    shift = np.round(lender.history.offers.apr - lender.history.assignment.todays_apr, 4)
    for price in (-0.03, 0.0, 0.03):
        rows = lender.history.way.passed & (shift == price)
        assert rows.sum() > 300
        agree(lender.history.loans.booked[rows], truth.take_up[rows])


def test_default_within_the_window_agrees_before_and_after_checks(lender: Lender) -> None:
    truth = lender.truth.of_choice(lender.history.assignment.choice, lender.treatments)
    acted = lender.history.assignment.acted
    loans = lender.history.loans
    early = (loans.default_month > 0) & (loans.default_month <= 12)
    for rows, chance in ((acted, truth.pd_booked), (~acted, truth.pd)):
        mature = rows & loans.mature
        assert mature.sum() > 500
        agree(early[mature], chance[mature])


def test_default_over_the_term_agrees_for_loans_seen_to_their_end(lender: Lender) -> None:
    truth = lender.truth.of_choice(lender.history.assignment.choice, lender.treatments)
    loans = lender.history.loans
    term = lender.population.observed.term
    watched = loans.booked & (term <= 24) & lender.history.assignment.acted
    day = lender.history.way.end_time / 24
    whole = watched & (day < day[watched].min() + 60) & (term <= 24)
    assert whole.sum() > 100
    agree(loans.default_month[whole] > 0, truth.pd_term[whole])


def test_checks_stop_whom_the_bayes_formula_says(lender: Lender) -> None:
    truth = lender.truth.of_choice(lender.history.assignment.choice, lender.treatments)
    done = lender.history.way.completed & lender.history.assignment.acted
    agree(lender.history.way.passed[done], truth.passes[done])


def test_effective_check_figures_give_the_pass_rate_on_average(lender: Lender) -> None:
    """The formula with one sensitivity and one false alarm per check holds for the population."""
    terms = replace(lender.treatments[-1], apr=lender.truth.todays_apr)
    outcome = lender.truth.outcome(terms)
    checks = lender.truth.checks()
    bad = float(np.prod([1 - check.sensitivity for check in checks.values()]))
    good = float(np.prod([1 - check.false_alarm for check in checks.values()]))
    passes = (1 - outcome.pd) * good + outcome.pd * bad
    assert passes.mean() == pytest.approx(outcome.passes.mean(), rel=0.005)
    after = outcome.pd * bad / passes
    assert np.average(after, weights=passes) == pytest.approx(
        np.average(outcome.pd_booked, weights=outcome.passes), rel=0.03
    )


def test_results_not_acted_upon_measure_the_checks_true_figures(lender: Lender) -> None:
    way, kind = lender.history.way, lender.population.latent.kind
    will_default = lender.history.offers.defaults
    for name, result in way.stops.items():
        sensitivity, false_alarm = stop_chances(lender.parameters, name)
        seen = result >= 0
        for rows, chance in (
            (seen & will_default, sensitivity[kind]),
            (seen & ~will_default, false_alarm[kind]),
        ):
            agree(result[rows] == 1, chance[rows])


def test_losses_agree_with_lgd(applications: pl.DataFrame, lender: Lender) -> None:
    lost = applications["loss"].is_not_null().to_numpy()
    owed = applications["exposure_at_default"].to_numpy()[lost]
    loss, lgd = applications["loss"].to_numpy()[lost], lender.population.latent.lgd[lost]
    error = np.sqrt((owed**2 * lgd * (1 - lgd) / (1 + lender.parameters.loss.precision)).sum())
    assert abs((loss - owed * lgd).sum()) < ERRORS * error


def test_measures_follow_the_value_model_month_by_month(lender: Lender) -> None:
    """One applicant, by hand: a ledger over months instead of closed forms."""
    row, parameters = 11, lender.parameters
    truth = lender.truth.rows(np.array([row]))
    term = int(truth.term[0])
    amount = float(truth.amount[0])
    terms = Terms("standard", apr=0.15, amount=amount, term_months=term, wait_days=2.0)
    result = truth.outcome(terms)
    business = parameters.business
    pd, lgd = float(result.pd_booked[0]), float(truth.latent.lgd[0])
    hazard = 1 - (1 - pd) ** (1 / 12)
    rate, v = 0.15 / 12, 1 / (1 + business.funding_rate / 12)
    payment = amount * rate / (1 - (1 + rate) ** -term)
    owed, margin, loss, years = amount, 0.0, 0.0, 0.0
    for m in range(1, term + 1):
        alive = (1 - hazard) ** m
        margin += alive * owed * (0.15 - business.funding_rate) / 12 * v**m
        loss += lgd * (1 - hazard) ** (m - 1) * hazard * owed * v**m
        years += owed / 12
        owed = owed * (1 + rate) - payment
    booked = float(result.completion[0] * result.passes[0] * result.take_up[0])
    assert result.expected_loss[0] == pytest.approx(booked * loss)
    assert result.exposure[0] == pytest.approx(booked * amount)
    costs = sum(parameters.steps[s].cost for s in parameters.journeys["standard"].steps)
    assert result.profit[0] + result.capital_charge[0] == pytest.approx(
        booked * (margin - business.operating_cost - loss) - costs
    )
    take_up = parameters.take_up
    utility = (
        take_up.intercept + take_up.waiting * 2.0 + take_up.risk * float(truth.latent.log_odds[0])
    )
    assert result.take_up[0] == pytest.approx(expit(utility))
    surplus = np.log1p(np.exp(utility)) / -take_up.price * years
    stays = 0.86 * 0.93 * 0.87 * np.exp(-0.03 * 2.0)
    assert result.completion[0] == pytest.approx(stays)
    assert result.customer_surplus[0] == pytest.approx(stays * result.passes[0] * surplus)
    assert result.pd_term[0] == pytest.approx(1 - (1 - hazard) ** term)


def test_a_decline_is_zero_everywhere(lender: Lender) -> None:
    outcome = lender.truth.of_choice(np.zeros(len(lender), dtype=np.int64), lender.treatments)
    for field in fields(Outcome):
        assert not getattr(outcome, field.name).any()


def test_a_choice_gives_each_applicant_the_outcome_of_the_chosen_treatment(
    lender: Lender,
) -> None:
    choice = np.arange(len(lender)) % len(lender.treatments)
    mixed = lender.truth.of_choice(choice, lender.treatments)
    for position in (1, 7, len(lender.treatments) - 1):
        alone = lender.truth.outcome(lender.treatments[position])
        rows = choice == position
        assert mixed.profit[rows] == pytest.approx(alone.profit[rows])
        assert mixed.pd_booked[rows] == pytest.approx(alone.pd_booked[rows])


def test_what_is_dearer_sells_less_and_defaults_more(lender: Lender) -> None:
    names = lender.menu.names
    low, high = (
        lender.truth.outcome(lender.treatments[names.index(f"full_{price}_full")])
        for price in ("low", "high")
    )
    assert (low.take_up > high.take_up).all()
    assert (low.pd < high.pd).all()
    assert (low.customer_surplus > high.customer_surplus).all()


@pytest.mark.parametrize(
    "terms",
    [
        Terms("quick", 0.1, 1000.0, 12),
        Terms("fast", 0.0, 1000.0, 12),
        Terms("fast", 0.1, np.full(3, 1000.0), 12),
        Terms("fast", np.array([0.1, np.nan]), 1000.0, 12),
    ],
)
def test_impossible_terms_are_refused(lender: Lender, terms: Terms) -> None:
    with pytest.raises(BadInput) as caught:
        lender.truth.outcome(terms)
    assert caught.value.field
    assert caught.value.mend


def test_a_choice_of_the_wrong_length_is_refused(lender: Lender) -> None:
    with pytest.raises(BadInput, match="5 choices"):
        lender.truth.of_choice(np.zeros(5, dtype=np.int64), lender.treatments)


def test_the_truth_reads_back_as_it_was_written(tmp_path: Path) -> None:
    write_lender(tmp_path, 500, seed=3)
    lender = simulate(500, seed=3)
    again = read_truth(tmp_path)
    choice = lender.history.assignment.choice
    before = lender.truth.of_choice(choice, lender.treatments)
    after = again.of_choice(choice, lender.treatments)
    for field in fields(Outcome):
        assert np.array_equal(getattr(before, field.name), getattr(after, field.name))


def test_a_folder_without_truth_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no known truth"):
        read_truth(tmp_path)
