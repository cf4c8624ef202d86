"""From the economy to a bad rate: planted truths, the Federal Reserve's files, wrong files told."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from scipy.special import expit

from equipoise.errors import BadInput
from equipoise.portfolio import (
    Driver,
    MacroPath,
    fit_satellite,
    read_macro_path,
    vasicek_rate,
)

UNEMPLOYMENT, HOUSES = Driver("Unemployment rate", 1), Driver("House prices", -1)


def _path(quarters: int = 120, seed: int = 0) -> MacroPath:
    rng = np.random.default_rng(seed)
    jobs = 6 + np.cumsum(rng.normal(0, 0.4, quarters)) * 0.6
    houses = rng.normal(0, 3, quarters)
    values = np.column_stack([jobs, houses])
    start = 1990 * 4
    return MacroPath(
        "Actual", np.arange(start, start + quarters), ("Unemployment rate", "House prices"), values
    )


def _rates(path: MacroPath, lag: int, noise: float = 0.02, seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    jobs = path.series("Unemployment rate")
    moved = np.r_[np.full(lag, np.nan), jobs[: jobs.size - lag]]
    score = -5 + 0.25 * moved - 0.04 * path.series("House prices")
    return expit(score + rng.normal(0, noise, jobs.size))


@pytest.mark.parametrize("lag", [0, 2, 4])
def test_a_planted_lag_and_slopes_are_found(lag):
    path = _path()
    found = fit_satellite(_rates(path, lag), path, [UNEMPLOYMENT, HOUSES])
    assert found.lags == (lag, 0)
    assert found.slopes == pytest.approx((0.25, -0.04), abs=0.01)
    assert found.intercept == pytest.approx(-5, abs=0.06)
    assert found.error < 0.3 * found.naive_error
    assert found.held_at_zero == ()


def test_a_driver_whose_sign_makes_no_sense_is_held_at_zero():
    path = _path()
    found = fit_satellite(_rates(path, 1), path, [Driver("Unemployment rate", -1), HOUSES])
    assert found.held_at_zero == ("Unemployment rate",)
    assert found.slopes[0] == pytest.approx(0, abs=1e-9)


def test_what_is_held_out_moves_nothing_but_its_own_error():
    path = _path()
    rates = _rates(path, 1)
    changed = rates.copy()
    changed[-12:] = 0.5
    one, other = (fit_satellite(each, path, [UNEMPLOYMENT]) for each in (rates, changed))
    assert (one.lags, one.slopes, one.fitted_error) == (
        other.lags,
        other.slopes,
        other.fitted_error,
    )
    assert other.error > one.error


def test_too_few_quarters_are_refused():
    path = _path(20)
    with pytest.raises(BadInput, match="too few to fit"):
        fit_satellite(_rates(path, 0), path, [UNEMPLOYMENT])


@pytest.mark.parametrize(
    ("factor", "rate"),
    [(-1.2816, 0.04559), (-1.6449, 0.06219), (-2.3263, 0.10558), (-3.0902, 0.17633)],
)
def test_the_vasicek_rate_of_the_worked_example(factor, rate):
    """PD 2 %, correlation .15."""
    assert vasicek_rate(np.array([0.02]), 0.15, factor)[0] == pytest.approx(rate, abs=1e-5)


def _written(tmp_path, *rows: str):
    path = tmp_path / "s.csv"
    path.write_text("Scenario Name,Date,Unemployment rate\n" + "\n".join(rows) + "\n", "utf-8")
    return path


@pytest.mark.parametrize(
    ("rows", "why", "row"),
    [
        (("S,2025 Q1,4", "S,2025 Q3,5"), "2025 Q2 is missing", 2),
        (("S,2025 Q1,4", "S,2025 Q1,5"), "comes twice", 2),
        (("S,2025 Q1,4", "S,spring,5"), "is no quarter", 2),
        (("S,2025 Q1,four",), "is no number", 1),
    ],
)
def test_a_scenario_with_a_gap_or_a_wrong_cell_is_told_by_row(tmp_path, rows, why, row):
    with pytest.raises(BadInput, match=why) as caught:
        read_macro_path(_written(tmp_path, *rows))
    assert caught.value.where is not None
    assert caught.value.where.row == row


def test_a_variable_that_is_not_there_is_told_with_the_nearest(tmp_path):
    path = read_macro_path(_written(tmp_path, "S,2025 Q1,4"))
    with pytest.raises(BadInput, match="did you mean 'Unemployment rate'"):
        path.series("Unemployment")


def test_the_federal_reserve_s_files_are_read_as_they_come(shared_data):
    folder = shared_data / "fed_scenarios"
    history = read_macro_path(folder / "2025-Table_1A_Historic_Domestic.csv")
    adverse = read_macro_path(folder / "2025-Table_3A_Supervisory_Severely_Adverse_Domestic.csv")
    assert len(history.names) == 16
    assert adverse.scenario == "Supervisory Severely Adverse"
    assert adverse.quarters.size == 13
    assert adverse.series("Unemployment rate")[:3] == pytest.approx([5.6, 6.8, 8.1])
    whole = adverse.after(history)
    assert whole.quarters[0] == 1976 * 4
    assert np.diff(whole.quarters).max() == 1


def test_card_delinquency_follows_unemployment_and_is_worse_in_the_adverse_scenario(shared_data):
    folder = shared_data / "fed_scenarios"
    history = read_macro_path(folder / "2025-Table_1A_Historic_Domestic.csv")
    cards = pl.read_csv(shared_data / "macro_fred" / "DRCCLACBS.csv", try_parse_dates=True)
    quarter = (cards["observation_date"].dt.year() * 4
               + cards["observation_date"].dt.quarter() - 1).to_list()  # fmt: skip
    known = dict(zip(quarter, (cards["DRCCLACBS"] / 100).to_list(), strict=True))
    rates = np.array([known.get(int(each), np.nan) for each in history.quarters])
    rates[history.quarters >= 2014 * 4] = np.nan  # before the long calm that nothing foretold
    found = fit_satellite(rates, history, [Driver("Unemployment rate", 1)])
    assert found.slopes[0] > 0
    assert found.error > 0  # and it is shown, whatever it is
    paths = {
        name: found.rates(
            read_macro_path(folder / f"2025-Table_{name}_Domestic.csv").after(history)
        )
        for name in ("2A_Supervisory_Baseline", "3A_Supervisory_Severely_Adverse")
    }
    baseline, adverse = paths.values()
    assert (adverse[-13:] >= baseline[-13:] - 1e-9).all()
    assert adverse[-13:].max() > 1.2 * baseline[-13:].max()
