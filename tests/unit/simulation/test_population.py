"""Who applies, and that a run is reproducible."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from equipoise.errors import BadInput
from equipoise.simulation import Lender, simulate
from equipoise.simulation.loan import instalment
from equipoise.simulation.parameters import KINDS


def test_the_same_seed_gives_the_same_history(lender: Lender, applications: pl.DataFrame) -> None:
    again = simulate(len(lender), seed=7)
    assert again.applications().equals(applications)
    assert again.events().equals(lender.events())
    assert again.performance().equals(lender.performance())
    assert again.known_truth().equals(lender.known_truth())


def test_another_seed_gives_another_history(applications: pl.DataFrame) -> None:
    other = simulate(1000, seed=8).applications()
    same = (other["monthly_income"] == applications["monthly_income"].head(1000)).mean()
    assert same is not None
    assert same < 0.05


def test_a_larger_run_begins_with_the_applicants_of_a_smaller_one(
    lender: Lender, applications: pl.DataFrame
) -> None:
    smaller = simulate(3000, seed=7)
    assert smaller.applications().equals(applications.head(3000))
    ids = smaller.applications()["application_id"]
    assert smaller.events().equals(
        lender.events().filter(pl.col("application_id").is_in(ids.implode()))
    )


@pytest.mark.parametrize(("applicants", "seed"), [(0, 1), (-5, 1), (10, -1)])
def test_impossible_runs_are_refused(applicants: int, seed: int) -> None:
    with pytest.raises(BadInput, match=r"mend|ask for|give 0"):
        simulate(applicants, seed)


def test_one_applicant_is_enough() -> None:
    one = simulate(1, seed=1)
    assert one.applications().height == 1
    assert one.known_truth().height == 1


def test_categories_have_their_shares(lender: Lender, applications: pl.DataFrame) -> None:
    people = lender.parameters.population
    for column, categories in (
        ("sex", people.sexes),
        ("region", people.regions),
        ("channel", people.channels),
        ("employment_type", people.employments),
        ("purpose", people.purposes),
    ):
        for name, category in categories.items():
            share = (applications[column] == name).mean()
            assert share == pytest.approx(category.share, abs=0.015), (column, name)


def test_fraud_and_misreporting_have_their_shares(lender: Lender) -> None:
    people = lender.parameters.population
    kind = lender.population.latent.kind
    fraud = (kind == KINDS.index("fraud")).mean()
    assert fraud == pytest.approx(people.fraud_share, abs=0.0025)
    # self-employed overstate twice as often
    expected = people.misreport_share * (1 + people.employments["self_employed"].share)
    assert (kind == KINDS.index("misreport")).mean() == pytest.approx(expected, abs=0.01)


def test_those_who_misreport_declare_more_than_they_earn(lender: Lender) -> None:
    latent, seen = lender.population.latent, lender.population.observed
    ratio = seen.income / latent.income
    assert np.median(ratio[latent.kind > 0]) > 1.15
    assert ratio[latent.kind == 0].mean() == pytest.approx(1.0, abs=0.01)


def test_nothing_observed_is_nan_or_outside_its_range(applications: pl.DataFrame) -> None:
    for name, kind in applications.schema.items():
        if kind.is_float():
            assert not applications[name].is_nan().any(), name
            assert not applications[name].is_infinite().any(), name
    ranges = {
        "age": (18, 80),
        "bureau_score": (300, 850),
        "utilisation": (0, 1),
        "monthly_income": (100, 100_000),
        "amount_asked": (1000, 35_000),
        "months_since_delinquency": (0, 83),
        "propensity": (0.0, 1.0),
    }
    for name, (low, high) in ranges.items():
        assert applications[name].min() >= low, name  # type: ignore[operator]
        assert applications[name].max() <= high, name  # type: ignore[operator]
    assert set(applications["term_asked"]) == {12, 24, 36, 48, 60}


def test_sex_moves_income_a_little_and_the_risk_given_income_not_at_all(lender: Lender) -> None:
    seen, latent = lender.population.observed, lender.population.latent
    female = seen.sex.codes == seen.sex.names.index("female")
    gap = np.log(latent.income[~female]).mean() - np.log(latent.income[female]).mean()
    assert gap == pytest.approx(0.10, abs=0.03)
    payment = instalment(seen.amount, lender.parameters.default.reference_apr, seen.term)
    columns = np.column_stack(
        [np.ones(len(female)), female, (seen.debt_payments + payment) / latent.income]
    )
    effect, *_ = np.linalg.lstsq(columns, latent.log_odds, rcond=None)
    assert abs(effect[1]) < 0.06
