"""Bins without a bad or without a good: a card must not lose its strongest fact."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import polars as pl
import pytest
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from equipoise.risk.scorecard_fit import ScorecardOptions, fit_scorecard
from equipoise.risk.segments import CHANCE_PER_BIN, Cells, Limits, segment_starts
from equipoise.risk.validation import auc

CODE = -9.0


def one_sided(kind: str, rows: int, seed: int) -> tuple[pl.DataFrame, np.ndarray]:
    """A score that ranks, and a fact of which one value decides alone."""
    rng = np.random.default_rng(seed)
    score, draw, x = rng.normal(size=rows), rng.random(rows), rng.normal(size=rows)
    other, level = expit(-1 + score), rng.integers(0, 5, rows)
    fact: pl.Series
    if kind in ("flag without a bad", "flag of bads alone"):
        pure = draw < (0.44 if kind == "flag without a bad" else 0.1)
        fact = pl.Series(np.where(pure, "Y", "N"))
    elif kind == "rare flag of bads alone":
        pure = draw < 0.03
        fact, other = pl.Series(pure.astype(int)), other / 2
    elif kind == "one category of three":
        codes = np.searchsorted([0.3, 0.8], draw)
        pure, fact = codes == 2, pl.Series(np.array(["a", "b", "c"])[codes])
    elif kind in ("a middle level", "a middle level of bads alone"):
        pure, fact = level == 2, pl.Series(level)
    elif kind == "seven zeros in ten":
        pure = draw < 0.7
        fact = pl.Series(np.where(pure, 0.0, rng.lognormal(3, 1, rows)))
    elif kind in ("missing", "missing are bads alone"):
        pure = draw < 0.15
        fact = pl.Series(x).set(pl.Series(pure), None)
    else:
        pure = draw < 0.2
        fact = pl.Series(np.where(pure, CODE, x))
    certain = 1.0 if "alone" in kind else 0.0
    bad = rng.random(rows) < np.where(pure, certain, other)
    return pl.DataFrame({"score": score, "fact": fact}), bad


def one_hot(frame: pl.DataFrame) -> np.ndarray:
    """The score as it is and every value of the fact, numbers of many values by decile."""
    fact = frame["fact"]
    if fact.dtype.is_float():
        values = fact.to_numpy()
        lone = np.isnan(values) | (values == CODE) | (values == 0)
        edges = np.quantile(values[~lone], np.linspace(0, 1, 11)[1:-1])
        codes = np.where(lone, -1, np.searchsorted(edges, values))
    else:
        codes = np.unique(fact.to_numpy(), return_inverse=True)[1]
    return np.column_stack([frame["score"], *(codes == code for code in np.unique(codes))])


@pytest.mark.parametrize(
    "kind",
    [
        "flag without a bad",
        "flag of bads alone",
        "rare flag of bads alone",
        "one category of three",
        "a middle level",
        "a middle level of bads alone",
        "seven zeros in ten",
        "missing",
        "missing are bads alone",
        "a special value",
    ],
)
def test_a_card_with_a_one_sided_fact_ranks_as_one_hot_regression_does(kind: str) -> None:
    frame, bad = one_sided(kind, 2000, 1)
    options = ScorecardOptions(special={"fact": (CODE,)} if kind == "a special value" else {})
    fitted = fit_scorecard(frame, bad, options)
    assert "fact" in fitted.card.features
    columns = one_hot(frame)
    peer = LogisticRegression(max_iter=1000).fit(columns, bad).predict_proba(columns)[:, 1]
    assert auc(bad, fitted.card.pd_frame(frame).to_numpy()) > auc(bad, peer) - 0.02


def test_a_declared_direction_against_the_data_is_said_with_both_ends() -> None:
    frame, bad = one_sided("flag without a bad", 2000, 1)
    fitted = fit_scorecard(frame, bad, ScorecardOptions(directions={"score": -1}))
    assert "score" not in fitted.card.features
    reason = fitted.dropped["score"]
    assert "declared decreasing" in reason and "the data show the opposite" in reason
    low = bad[frame["score"] <= frame["score"].quantile(0.2, "higher")].mean()
    assert f"{low:.1%} bad at" in reason


def test_too_little_information_and_a_twin_are_called_so() -> None:
    frame, bad = one_sided("missing", 2000, 1)
    rng = np.random.default_rng(0)
    noisy = frame.with_columns(
        twin=2 * pl.col("score") + 1, coin=pl.Series(rng.integers(0, 2, 2000))
    )
    dropped = fit_scorecard(noisy, bad).dropped
    assert "too little information" in dropped["coin"]
    (twin,) = {"score", "twin"} & set(dropped)
    assert "correlation 1.00" in dropped[twin]


def worth_of(starts: tuple[int, ...], cells: Cells) -> float:
    bounds = [0, *starts, cells.goods.size]
    goods = np.array([cells.goods[a:b].sum() for a, b in pairwise(bounds)])
    bads = np.array([cells.bads[a:b].sum() for a, b in pairwise(bounds)])
    good, bad = (np.where(c == 0, 0.5, c) / c.sum() for c in (goods, bads))
    chance = 1 / goods.sum() + 1 / bads.sum()
    return float(((good - bad) * np.log(good / bad)).sum() - CHANCE_PER_BIN * chance * goods.size)


def rises(starts: tuple[int, ...], cells: Cells) -> bool:
    bounds = [0, *starts, cells.goods.size]
    odds = [
        max(cells.bads[a:b].sum(), 0.5) / max(cells.goods[a:b].sum(), 0.5)
        for a, b in pairwise(bounds)
    ]
    return all(low < high for low, high in pairwise(odds))


@pytest.mark.parametrize("seed", range(8))
def test_bins_are_the_best_of_all_that_rise_and_are_large_enough(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows = rng.integers(20, 80, 9).astype(float)
    bads = rng.binomial(rows.astype(int), np.sort(rng.uniform(0, 0.4, 9))).astype(float)
    bads[0] = 0.0  # a cell without a bad
    cells = Cells(rows - bads, bads)
    ours = segment_starts(cells, Limits(1, 4, 60.0, 1e9))
    every = [
        starts
        for count in range(4)
        for starts in combinations(range(1, 9), count)
        if all(part.sum() >= 60 for part in np.split(rows, starts)) and rises(starts, cells)
    ]
    best = max(worth_of(starts, cells) for starts in every)
    assert worth_of(tuple(ours), cells) == pytest.approx(best, abs=1e-12)
