"""The card scores a record, a frame and SQL rows with identical results."""

from __future__ import annotations

import json
import sqlite3

import duckdb
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.errors import BadInput
from equipoise.expression import number
from equipoise.risk.characteristic import Attribute, Categorical, Numeric, on_grid
from equipoise.risk.pd_table import tabulate
from equipoise.risk.scorecard import Scaling, Scorecard
from equipoise.risk.scorecard_sql import pd_sql, points_sql, score_query


def attribute(points: float) -> Attribute:
    return Attribute("", 0.0, on_grid(points))


def a_card(*, refuse: bool = False) -> Scorecard:
    income = Numeric(
        "income",
        1.0,
        (0.1, 1000.0, 1e17 / 3),
        tuple(attribute(p) for p in (-31.7, 3.3, 11.123456789, 40.0)),
        None if refuse else attribute(-5.5),
        ((-9999.0, attribute(-12.25)),),
    )
    region = Categorical(
        "region",
        1.0,
        (("N1", "O'Hara"), ("北", 'a"b\\c')),
        (attribute(7.7), attribute(-2.0 / 3)),
        attribute(0.1),
        None if refuse else attribute(-1e-3),
    )
    table = tabulate(lambda points: np.full(points.shape, 0.5), 0.0, 1.0, 20.0)
    card = Scorecard("card", (income, region), on_grid(512.3), 0.2, Scaling(), table)
    return card.recalibrated(slope=0.9, shift=-0.1)


INCOMES = st.one_of(
    st.none(),
    st.sampled_from([0.1, np.nextafter(0.1, 0), 1000.0, -9999.0, 1e17 / 3, -1e300, 1e300, 0.0]),
    st.floats(allow_nan=False, allow_infinity=False),
)
REGIONS = st.sampled_from([None, "N1", "O'Hara", "北", 'a"b\\c', "n1", "", "new"])
ROWS = st.lists(st.tuples(INCOMES, REGIONS), min_size=1, max_size=20)


@pytest.mark.parametrize("refuse", [False, True])
@given(ROWS)
@settings(max_examples=25)
def test_record_frame_duckdb_and_sqlite_agree_to_the_bit(refuse, rows):
    card = a_card(refuse=refuse)
    frame = pl.DataFrame(
        rows, schema={"income": pl.Float64, "region": pl.String}, orient="row"
    ).with_row_index("row")
    records = list(frame.iter_rows(named=True))
    points = [card.points(record) for record in records]
    pds = [card.pd(record) for record in records]
    assert card.points_frame(frame).to_list() == points
    assert card.pd_frame(frame).to_list() == pds
    assert _in_duckdb(card, frame) == list(zip(points, pds, strict=True))
    assert _in_sqlite(card, frame) == list(zip(points, pds, strict=True))


def _in_duckdb(card, frame):
    with duckdb.connect() as db:
        db.execute('CREATE TABLE loans ("row" INTEGER, income DOUBLE, region VARCHAR)')
        db.executemany("INSERT INTO loans VALUES (?, ?, ?)", frame.rows())
        query = score_query(card, "loans", "duckdb")
        return db.execute(f'SELECT points, pd FROM ({query}) ORDER BY "row"').fetchall()


def _in_sqlite(card, frame):
    with sqlite3.connect(":memory:") as db:
        db.execute('CREATE TABLE loans ("row" INTEGER, income REAL, region TEXT)')
        db.executemany("INSERT INTO loans VALUES (?, ?, ?)", frame.rows())
        query = score_query(card, "loans", "sqlite")
        return db.execute(f'SELECT points, pd FROM ({query}) ORDER BY "row"').fetchall()


@given(st.floats(allow_nan=False, allow_infinity=False, allow_subnormal=False))
def test_a_number_written_for_sqlite_is_read_back_exactly(value):
    with sqlite3.connect(":memory:") as db:
        read = db.execute(f"SELECT {number(value, 'sqlite')}").fetchone()[0]
    assert read == value


def test_points_total_is_the_sum_in_any_order():
    rng = np.random.default_rng(1)
    points = [on_grid(p) for p in rng.normal(scale=40, size=200)]
    assert sum(points) == sum(reversed(points)) == sum(rng.permutation(points).tolist())


def test_a_missing_value_without_a_bin_and_an_unknown_category_give_no_score():
    card = a_card(refuse=True)
    assert card.points({"income": None, "region": "N1"}) is None
    assert card.pd({"income": 1.0, "region": "unknown"}) is None
    assert card.points({"income": 1.0, "region": "N1"}) is not None


def test_nan_never_becomes_a_score():
    card = a_card()
    assert card.points({"income": float("nan"), "region": "N1"}) is None
    frame = pl.DataFrame({"income": [float("nan")], "region": ["N1"]})
    assert card.points_frame(frame).to_list() == [None]


def test_json_round_trip_is_exact():
    card = a_card()
    again = Scorecard.from_json(card.to_json())
    assert again == card
    assert again.digest == card.digest


def test_an_altered_card_is_refused():
    data = json.loads(a_card().to_json())
    data["characteristics"][0]["attributes"][0]["points"] += 1
    with pytest.raises(BadInput, match="altered"):
        Scorecard.from_json(json.dumps(data))
    with pytest.raises(BadInput, match="version 1"):
        Scorecard.from_json("{}")
    with pytest.raises(BadInput, match="cannot be read"):
        Scorecard.from_json("not json")


def test_a_frame_without_a_feature_is_refused_by_name():
    with pytest.raises(BadInput, match="'income'") as refused:
        a_card().points_frame(pl.DataFrame({"incom": [1.0], "region": ["N1"]}))
    assert refused.value.mend == "did you mean 'incom'?"


def test_points_double_the_odds_where_scaling_says():
    card = a_card().recalibrated(slope=1.0, shift=0.0)
    scaling = card.scaling
    assert scaling.offset + scaling.factor * np.log(50) == pytest.approx(600)
    pd = card.pd_table.at
    assert pd(520.0) / (1 - pd(520.0)) == pytest.approx(2 * pd(540.0) / (1 - pd(540.0)), rel=1e-9)


def test_the_pd_table_stays_within_a_thousandth_of_the_curve_and_never_rises():
    card = a_card()
    points = np.linspace(card.pd_table.start, 580.0, 4001)
    log_odds = -(points - card.scaling.offset) / card.scaling.factor
    curve = 1 / (1 + np.exp(-(-0.1 + 0.9 * log_odds)))
    ours = card.pd_table.over(points)
    inside = points <= card.pd_table.start + card.pd_table.step * (len(card.pd_table.pds) - 1)
    assert np.max(np.abs(ours / curve - 1)[inside]) < 2e-4
    assert np.all(np.diff(ours) <= 0)


def test_sql_escapes_names_and_texts():
    card = a_card()
    sql = points_sql(card, "postgres", {"region": '"weird ""name"'})
    assert "'O''Hara'" in sql
    assert '"weird ""name"' in sql
    assert "`points`" in pd_sql(card, "spark", "`points`")
