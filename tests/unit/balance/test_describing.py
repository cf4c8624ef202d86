"""What a balance says of itself beside its figures: offers at the edge, swaps, labels, inputs."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from equipoise.balance.edges import menu_edges
from equipoise.balance.inputs import applicant_inputs
from equipoise.balance.swap_sets import swap_sets, treatment_label, treatment_mix
from equipoise.documents import read_document
from equipoise.value.labels import input_label
from equipoise.value.treatments import TreatmentsDocument

DOCUMENT = """
applicant: {amount: loan_amount, term_months: '36', monthly_income: income / 12, apr: '0.15',
  today: "'fast_usual_full'"}
lender: {funding_rate: 0.03, operating_cost: 20, cost_of_capital: 0.1}
journeys: [{name: fast}, {name: slow_lane}]
prices: [{name: low, add: -0.02}, {name: usual}, {name: high, add: 0.03}]
amounts: [{name: full, share: 1.0}, {name: part, share: 0.7}]
extra: [{name: hand_over, journey: slow_lane, price: usual, amount: full}]
"""
TYPES = {"loan_amount": "number", "income": "number"}


@pytest.fixture
def treatments(tmp_path: Path):
    path = tmp_path / "treatments.yaml"
    text = DOCUMENT.replace("{name: usual}", "{name: usual, add: 0}")
    path.write_text(text, encoding="utf-8")
    return read_document(path, TreatmentsDocument)


def chosen(menu, *names: str):
    at = {each.name: k for k, each in enumerate(menu)}
    return np.array([at[name] for name in names])


def test_offers_at_the_edge_of_the_menu_are_counted_part_by_part(treatments):
    menu = treatments.value.menu()
    today = chosen(menu, *["fast_usual_full"] * 4)
    moved = chosen(menu, "decline", "fast_low_full", "slow_lane_low_part", "fast_high_full")
    rows = {(row["part"], row["end"]): row for row in menu_edges(menu, today, moved)}
    # the amount asked is no edge of the menu, and the term is not varied
    assert set(rows) == {("price", "lowest"), ("price", "highest"), ("amount", "lowest")}
    assert {key: (row["offers"], row["of"]) for key, row in rows.items()} == {
        ("price", "lowest"): (2, 3),
        ("price", "highest"): (1, 3),
        ("amount", "lowest"): (1, 3),
    }
    assert rows["price", "lowest"]["at"] == -0.02


def test_what_stands_in_no_column_is_assumed_of_everybody(treatments):
    by_name = {each.name: each for each in applicant_inputs(treatments, TYPES)}
    assert [name for name, each in by_name.items() if each.assumed] == [
        "today",
        "apr",
        "term_months",
    ]
    assert by_name["apr"].value == 0.15
    assert by_name["today"].as_source()["provenance"] == "assumed"
    assert by_name["monthly_income"].as_source()["source"] == "read from the data: income / 12"


def test_treatments_of_the_grid_read_by_their_parts(treatments):
    labels = {each.name: treatment_label(each) for each in treatments.value.menu()}
    assert labels["slow_lane_low_part"] == "slow lane / low / part"
    assert labels["hand_over"] == "hand over"
    assert labels["decline"] == "decline"
    mix = treatment_mix(treatments.value.menu(), np.array([0, 1]), np.array([1, 1]))
    assert [(row["today"], row["recommended"]) for row in mix[:2]] == [(1, 0), (1, 2)]


def test_bands_of_the_pd_stand_in_order_and_hold_everybody_once():
    pd = np.linspace(0.001, 0.9, 200)
    frame = pl.DataFrame({"pd": pd, "city": ["a", "b"] * 100})
    today, moved = np.zeros(200, dtype=int), (pd < 0.3).astype(int)
    rows = swap_sets(frame, {"city": "string"}, today, moved)
    bands = [row for row in rows if row["field"] == "pd"]
    assert bands[0]["segment"].startswith("under ")
    assert bands[-1]["segment"].endswith(" and over")
    # the names are cut at one another's edges, from low to high
    assert [row["swapped_in"] for row in bands] == [40, 27, 0, 0, 0]
    cells = ("both_in", "swapped_in", "swapped_out", "both_out")
    for field in ("pd", "city"):
        assert sum(row[cell] for row in rows if row["field"] == field for cell in cells) == 200


def test_every_input_has_a_label_and_the_lender_s_own_names_stay():
    assert input_label("take_up.price") == "Response of take-up to price"
    assert input_label("checks.income_proof.drop_off") == "Income proof: share who leave"
    assert input_label("checks.proof v1.2.cost") == "Proof v1.2: cost"
    assert input_label("steps.application form.drop_off") == "Application form: share who leave"
    assert input_label("probability of default, mean") == "Probability of default, mean"
