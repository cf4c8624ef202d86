"""The table of measures: what is made of it, and the page that shows it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from equipoise.report.measures import COMPARED, UNREAD
from equipoise.value.measures import MEASURES, MONEY, RATES, RATIOS, TABLE, Measures, rates, unit_of

PAGE = Path(__file__).parents[3] / "docs" / "explanation" / "value-model.md"
BEGINS, ENDS = "<!-- measures -->", "<!-- end of measures -->"


def page_table() -> str:
    """The tables of value-model.md as the table of measures gives them."""
    sums = [each for each in TABLE.values() if each.kind != "ratio"]
    ratios = [each for each in TABLE.values() if each.kind == "ratio"]
    lines = ["| measure | is called | of one applicant | unit |", "|---|---|---|---|"]
    for each in sums:
        doc = each.doc if each.kind == "valued" else f"{each.doc}; known of decisions only"
        lines.append(f"| `{each.name}` | {each.label} | {doc} | {each.unit or '–'} |")
    lines += ["", "| ratio | is called | is | unit |", "|---|---|---|---|"]
    lines += [f"| `{e.name}` | {e.label} | {e.doc} | {e.unit} |" for e in ratios]
    return "\n".join(lines)


def test_the_page_shows_the_table() -> None:
    text = PAGE.read_text(encoding="utf-8")
    shown = text.split(BEGINS)[1].split(ENDS)[0].strip()
    assert shown == page_table(), f"put this between the marks of {PAGE.name}:\n{page_table()}"


def test_totals_are_sums_and_the_rates_between_them() -> None:
    column = {name: np.zeros(2) for name in MEASURES}
    column |= {
        "expected_loss": np.array([10.0, 30.0]),
        "exposure": np.array([1_000.0, 600.0]),
        "price": np.array([0.06, 0.02]),
        "booked": np.array([0.5, 0.3]),
    }
    totals = Measures(**column).totals()
    assert totals["expected_loss"] == 40.0
    assert totals["expected_loss_rate"] == 0.025
    assert totals["average_price"] == pytest.approx(0.1)
    assert totals["profit_rate"] == 0.0


def test_nothing_lent_has_no_rate() -> None:
    assert set(rates(dict.fromkeys(MEASURES, 0.0)).values()) == {0.0}


def test_money_is_in_the_contracts_currency() -> None:
    assert unit_of("profit", "EUR") == "EUR"
    assert unit_of("profit", MONEY) == MONEY
    assert unit_of("minutes", "EUR") == "minutes"
    assert unit_of("capital_rate", "EUR") == "share"


def test_ratios_are_of_sums_in_the_table() -> None:
    for top, bottom in RATIOS.values():
        assert {TABLE[top].kind, TABLE[bottom].kind} <= {"valued", "counted"}
    assert set(RATES) < set(RATIOS)


def test_a_comparison_shows_every_measure_but_those_a_ratio_says_better() -> None:
    assert set(COMPARED) <= set(TABLE)
    assert set(MEASURES) - set(COMPARED) == UNREAD | {"approvals"}
