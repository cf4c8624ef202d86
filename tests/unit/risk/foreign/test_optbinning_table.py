"""optbinning's own scores are the oracle: its table as CSV gives the same points for every row."""

from __future__ import annotations

import warnings
from functools import cache

import numpy as np
import pandas as pd
import polars as pl
import pytest
from optbinning import BinningProcess, Scorecard
from sklearn.linear_model import LogisticRegression

from equipoise.errors import BadInput
from equipoise.risk.foreign import Card, ForeignModel
from equipoise.risk.foreign.optbinning_table import read
from equipoise.risk.foreign.printed_arrays import printed_texts

HOMES = ["RENT", "OWN", "O'BRIEN [x]", 'a "q" b', "it, is"]
POINTS = {"pdo": 20, "odds": 50, "scorecard_points": 600}


@cache
def _frame() -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(0)
    rows = 1200
    frame = pd.DataFrame({
        "age": rng.integers(18, 75, rows).astype(float),
        "ratio": rng.beta(2, 5, rows),
        "home": rng.choice(HOMES, rows),
        "score": rng.choice([-999.0, -1.0, 300.0, 500.0, 700.0], rows),
        "branch": rng.choice([3, 7, 40], rows),
    })  # fmt: skip
    frame.loc[rng.random(rows) < 0.1, "age"] = np.nan
    frame.loc[rng.random(rows) < 0.1, "home"] = None
    lift = (frame["age"].fillna(40) - 45) / 20 + (frame["home"] == "RENT") - frame["ratio"] * 3
    lift += np.where(frame["score"] == -999, 1, 0) - np.where(frame["branch"] == 7, 1, 0)
    return frame, (rng.random(rows) < 1 / (1 + np.exp(-lift))).astype(int).to_numpy()


@cache
def _fitted(rounding: bool = False, intercept: bool = False, special: bool = True) -> Scorecard:
    frame, y = _frame()
    process = BinningProcess(
        list(frame.columns),
        categorical_variables=["home", "branch"],
        special_codes=[-999, -1] if special else None,
    )
    card = Scorecard(
        process,
        LogisticRegression(),
        scaling_method="pdo_odds",
        scaling_method_params=POINTS,
        rounding=rounding,
        intercept_based=intercept,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        card.fit(frame, y, metric_special="empirical", metric_missing="empirical", show_digits=8)
    return card


def _csv(card: Scorecard, style: str = "detailed", codes: str = "[-999, -1]") -> str:
    """The table as saved, with the codes that only 'score' has written in."""
    table = card.table(style=style)
    table.loc[(table["Variable"] == "score") & (table["Bin"] == "Special"), "Bin"] = codes
    return str(table.to_csv())


def _points(model: ForeignModel, frame: pd.DataFrame) -> np.ndarray:
    card = model.model
    assert isinstance(card, Card)
    total = np.full(len(frame), card.base_points)
    for each in card.characteristics:
        values = frame[each.name].tolist()
        kind = pl.String if isinstance(values[0], str) or each.name == "home" else pl.Float64
        if each.name == "branch":
            kind, values = pl.String, [str(value) for value in values]
        plain = [None if pd.isna(value) else value for value in values]
        total += each.points_table()[each.locate(pl.Series(each.name, plain, dtype=kind))]
    return total


@pytest.mark.parametrize("style", ["summary", "detailed"])
@pytest.mark.parametrize("rounding", [True, False])
def test_points_equal_optbinnings(style: str, rounding: bool) -> None:
    card = _fitted(rounding=rounding)
    model = read(_csv(card, style).encode())
    frame, _ = _frame()
    expected = card.score(frame)
    result = _points(model, frame)
    if rounding:
        np.testing.assert_array_equal(result, expected)
    else:  # points lie on our grid of a millionth
        np.testing.assert_allclose(result, expected, rtol=0, atol=3e-6)
    assert model.output == "points"


def test_unseen_categories_and_values_on_the_edges_score_as_there() -> None:
    card = _fitted(rounding=True)
    model = read(_csv(card).encode())
    binning = card.binning_process_
    ages = binning.get_binned_variable("age").splits  # halves: printed exactly
    ratios = binning.get_binned_variable("ratio").splits
    frame = _frame()[0].head(2 * len(ratios)).copy()
    frame["age"] = np.resize(ages, len(frame))
    frame["ratio"] = np.concatenate([ratios - 1e-8, ratios + 1e-8])
    frame["home"] = "CASTLE"
    np.testing.assert_array_equal(_points(model, frame), card.score(frame))


def test_the_intercept_is_asked_for_and_added() -> None:
    card = _fitted(rounding=True, intercept=True)
    text = _csv(card)
    with pytest.raises(BadInput, match="intercept_based=True"):
        read(text.encode())
    row = ["0", "Intercept", *[""] * 12]
    row[-1] = repr(float(card.intercept_))
    frame, _ = _frame()
    result = _points(read((text + ",".join(row) + "\n").encode()), frame)
    np.testing.assert_array_equal(result, card.score(frame))


def test_special_values_must_be_named() -> None:
    text = _csv(_fitted(), codes="Special")
    with pytest.raises(BadInput, match="which values of 'score' are 'Special'"):
        read(text.encode())


def test_a_table_without_counts_says_that_special_values_are_unknown() -> None:
    text = _csv(_fitted(), "summary", codes="Special")
    notes = read(text.encode()).notes
    (note,) = [each for each in notes if "taken for special" in each]
    assert "no value of 'age', 'ratio', 'home' and 2 more is" in note


HEAD = "Variable,Bin,Points\n"


def test_two_digits_are_said() -> None:
    table = HEAD + 'x,"(-inf, 0.50)",10\nx,"[0.50, inf)",20\nx,Special,0\nx,Missing,3\n'
    assert any("printed to two decimals" in note for note in read(table.encode()).notes)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ('x,"(-inf, 0.00)",1\nx,"[0.00, 0.00)",2\nx,"[0.00, inf)",3\n', "too few digits"),
        ('x,"(-inf, 0.10)",1\nx,"[0.20, inf)",3\n', "too few digits|a row is lost"),
        ('x,"[0.10, inf)",1\n', "from -inf to"),
        ("x,soon,1\n", "neither an interval"),
        ('x,"(-inf, inf)",nan\n', "no points"),
        ('x,"(-inf, inf)",\n', "no points"),
        ("x,['A' 'B'],1\nx,['B'],2\n", "two bins"),
        ("x,['A' ... 'B'],1\n", "cut off"),
        ("x,\"<ArrowStringArray>\n['A', 'B']\nLength: 3, dtype: str\",1\n", "3 members"),
        ('x,"(-inf, inf)",1\nx,-1,2\nx,"[-1, -2]",2\n', "two rows"),
        ("", "0 variables"),
    ],
)
def test_what_cannot_be_read_exactly_is_refused(rows: str, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        read((HEAD + rows).encode())


@pytest.mark.parametrize(
    "names",
    [["A"], ["A", "B"], ["O'BRIEN", 'a "q" b'], ["it, is", "[x]", "tab\\t"], ["ä" * 60] * 1],
)
def test_what_numpy_prints_is_read_back(names: list[str]) -> None:
    assert printed_texts(str(np.array(names, dtype=object)), "x") == tuple(names)
    assert printed_texts(str(names), "x") == tuple(names)


def test_long_lists_wrap_and_are_read_back() -> None:
    names = [f"category number {at}" for at in range(40)]
    assert printed_texts(str(np.array(names, dtype=object)), "x") == tuple(names)


def test_numbers_as_categories_are_texts() -> None:
    assert printed_texts("[1 2 40]", "x") == ("1", "2", "40")
    assert printed_texts("[1. 2.5]", "x") == ("1", "2.5")


def test_scorecardpys_table_is_of_the_same_form() -> None:
    table = (
        "variable,bin,points\nbasepoints,,450\n"
        'age,"[-inf,26.0)",-10\nage,"[26.0,inf)",12\nage,missing,3\n'
        'home,"own%,%free",7\nhome,rent,-5\n'
    )
    model = read(table.encode())
    frame = pd.DataFrame({"age": [25.0, 26.0, None], "home": ["own", "free", "rent"]})
    np.testing.assert_array_equal(_points(model, frame), [447, 469, 448])
    unseen = pd.DataFrame({"age": [30.0], "home": ["castle"]})
    assert np.isnan(_points(model, unseen)).all()


def test_scorecardpys_joined_intervals_are_refused() -> None:
    table = 'variable,bin,points\nbasepoints,,450\nage,"missing%,%[-inf,26.0)",1\n'
    with pytest.raises(BadInput, match="joins intervals"):
        read(table.encode())
