"""Who applies, as a strategy holds it: drawn facts are like those it was learned from, and go with
what is known."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from equipoise.contract import Contract
from equipoise.strategy.estimating.learning import LEAST, learn
from equipoise.strategy.population import Population

ROWS = 4000
CONTRACT = Contract.model_validate(
    {
        "name": "town",
        "target": {"field": "bad", "event": True, "window_months": 12},
        "fields": [
            {"name": "income", "type": "number"},
            {"name": "debts", "type": "number"},
            {"name": "late", "type": "integer"},
            {"name": "work", "type": "string", "values": ["steady", "loose"]},
            {"name": "bad", "type": "boolean", "use": "target"},
        ],
    }
)
NAMES = ("income", "debts", "late", "work")


def applicants() -> pl.DataFrame:
    """Debts rise with income; who was late, in a quarter, is risky, and so is loose work."""
    draw = np.random.default_rng(7)
    income = np.round(np.exp(8 + 0.4 * draw.standard_normal(ROWS)))
    debts = np.round(income * 0.2 * np.exp(0.1 * draw.standard_normal(ROWS)))
    months, was_late = draw.integers(1, 24, ROWS), draw.random(ROWS) < 0.25
    late = [int(n) if was else None for n, was in zip(months, was_late, strict=True)]
    loose = draw.random(ROWS) < 0.3
    pd = 0.05 + 0.1 * loose + 0.1 * was_late
    work = np.where(loose, "loose", "steady")
    return pl.DataFrame({"income": income, "debts": debts, "late": late, "work": work, "pd": pd})


@pytest.fixture(scope="module")
def town() -> Population:
    learned = learn(applicants(), CONTRACT, NAMES)
    assert learned is not None
    return learned


def drawn(town: Population, name: str, **known: object) -> list[object]:
    return [row[name] for row in town.drawn(known, 2000)[0]]  # type: ignore[arg-type]


def test_facts_have_the_shares_and_the_middle_of_those_who_applied(town: Population) -> None:
    incomes = np.array(drawn(town, "income"), dtype=np.float64)
    assert np.median(incomes) == pytest.approx(np.exp(8), rel=0.05)
    assert np.mean([each is None for each in drawn(town, "late")]) == pytest.approx(0.75, abs=0.03)
    assert np.mean([each == "loose" for each in drawn(town, "work")]) == pytest.approx(
        0.3, abs=0.03
    )
    assert all(each is None or isinstance(each, int) for each in drawn(town, "late"))


def test_a_fact_goes_with_the_one_that_is_known(town: Population) -> None:
    poor = np.array(drawn(town, "debts", income=1500.0), dtype=np.float64)
    rich = np.array(drawn(town, "debts", income=6000.0), dtype=np.float64)
    assert np.median(poor) == pytest.approx(300, rel=0.15)
    assert np.median(rich) == pytest.approx(1200, rel=0.15)


def test_what_is_known_is_not_drawn_and_the_same_question_has_the_same_answer(
    town: Population,
) -> None:
    rows, scores = town.drawn({"income": 3000.0, "work": "loose"}, 5)
    assert set(rows[0]) == {"debts", "late"}
    assert scores.shape == (5, 2)
    assert town.drawn({"income": 3000.0, "work": "loose"}, 5)[0] == rows


def test_no_applicant_stands_in_it(town: Population) -> None:
    """Quantiles of fifty ranks and shares: neither the least nor the most that anybody had."""
    incomes = applicants()["income"]
    points = town.margins[0].points
    assert len(points) < ROWS / 50
    assert incomes.min() < points[0]  # type: ignore[operator]
    assert points[-1] < incomes.max()  # type: ignore[operator]


def test_nothing_is_learned_from_a_few() -> None:
    assert learn(applicants().head(LEAST - 1), CONTRACT, NAMES) is None
