"""The demo's documents fit the simulated files, and measuring those files finds the truth."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy.special import expit

from equipoise.contract import Contract, check, read_contract, read_event_log, read_frame
from equipoise.documents import Quantity, read_document
from equipoise.experience import ExperienceDocument, ExperienceFit, fit_experience
from equipoise.risk import RiskDocument, feature_set
from equipoise.simulation import Lender, simulate, write_lender

DEMO = Path(__file__).parents[3] / "src" / "equipoise" / "examples" / "demo"


@pytest.fixture(scope="module")
def lender(tmp_path_factory: pytest.TempPathFactory) -> tuple[Lender, Path]:
    folder = tmp_path_factory.mktemp("demo")
    write_lender(folder / "data", 60_000, seed=4)
    return simulate(60_000, seed=4), folder


@pytest.fixture(scope="module")
def contract() -> Contract:
    return read_contract(DEMO / "contract.yaml").value


@pytest.fixture(scope="module")
def checked(contract: Contract, lender: tuple[Lender, Path]) -> pl.DataFrame:
    result = check(contract, read_frame(contract.data_path(lender[1])))
    assert result.rows_refused == 0
    assert result.counts.height == 0
    assert result.unlisted == ()
    return result.frame


@pytest.fixture(scope="module")
def fit(checked: pl.DataFrame, lender: tuple[Lender, Path]) -> ExperienceFit:
    made, folder = lender
    document = read_document(DEMO / "experience.yaml", ExperienceDocument)
    assert document.value.log is not None
    log = read_event_log(folder / document.value.log.path, **document.value.log.columns)
    frame = checked.with_columns(pd=pl.Series(expit(made.truth.latent.log_odds)))
    return fit_experience(document.value, log.events, log.cases, frame, where=document.span)


def holds(quantity: Quantity, truth: float, widths: float = 1.5) -> bool:
    """Whether the truth lies within the 95 % interval, widened for the many looks of a suite."""
    assert quantity.low is not None
    assert quantity.high is not None
    below, above = quantity.value - quantity.low, quantity.high - quantity.value
    return quantity.value - widths * below <= truth <= quantity.value + widths * above


def test_no_model_may_read_a_protected_field_or_what_came_after(contract: Contract) -> None:
    document = read_document(DEMO / "risk.yaml", RiskDocument).value
    names = set(feature_set(document, contract).expressions)
    assert {"bureau_score", "dti", "amount_to_income"} <= names
    assert not names & {"age", "sex", "todays_apr", "tier", "wait_days", "propensity"}


def test_waiting_and_take_up_are_recovered(fit: ExperienceFit, lender: tuple[Lender, Path]) -> None:
    parameters = lender[0].parameters
    assert holds(fit.hazard_per_day, parameters.waiting.hazard)
    for name in ("intercept", "price", "amount", "waiting", "risk"):
        truth = getattr(parameters.take_up, name)
        assert holds(getattr(fit.take_up, name), truth), name


def test_checks_are_recovered_on_those_who_booked(
    fit: ExperienceFit, lender: tuple[Lender, Path]
) -> None:
    made = lender[0]
    given = made.truth.of_choice(made.history.assignment.choice, made.treatments)
    truth = made.truth.checks(weights=given.completion * given.take_up)
    for part in fit.checks:
        assert holds(part.sensitivity, truth[part.name].sensitivity), part.name
        assert holds(part.false_alarm, truth[part.name].false_alarm), part.name


def test_declared_drop_off_is_the_truth_within_its_range(
    fit: ExperienceFit, lender: tuple[Lender, Path]
) -> None:
    steps = lender[0].parameters.steps
    for part in (*fit.steps, *fit.checks):
        assert holds(part.drop_off, steps[part.name].drop_off), part.name
        minutes = part.minutes if isinstance(part.minutes, float) else part.minutes.value
        assert minutes == steps[part.name].minutes


def test_losses_of_past_loans_give_the_true_lgd(
    checked: pl.DataFrame, lender: tuple[Lender, Path]
) -> None:
    """As risk.yaml measures it: recoveries over what was owed, weighted by exposure."""
    closed = checked["loss"].is_not_null().to_numpy()
    owed = checked["exposure_at_default"].to_numpy()[closed]
    measured = checked["loss"].to_numpy()[closed].sum() / owed.sum()
    truth = np.average(lender[0].population.latent.lgd[closed], weights=owed)
    assert measured == pytest.approx(truth, abs=0.03)
