from collections.abc import Callable

import polars as pl
import pytest

from equipoise.experience import ExperienceDocument
from equipoise.experience.log import prepare
from equipoise.experience.turns import spells, waiting_table

# two cases: one signs and is granted, one leaves while the lender waits for an answer
ROWS = [
    ("1", "apply", "complete", 0, None), ("1", "call", "complete", 12, None),
    ("1", "offer", "complete", 24, None), ("1", "call", "complete", 30, None),
    ("1", "sign", "complete", 96, None), ("1", "grant", "complete", 120, None),
    ("1", "call", "complete", 500, None),
    ("2", "apply", "complete", 0, None), ("2", "offer", "complete", 48, None),
    ("2", "cancel", "complete", 72, None), ("3", "apply", "complete", 0, None),
    ("3", "refuse", "complete", 24, None), ("4", "apply", "complete", 0, None),
]  # fmt: skip


def test_the_turn_passes_with_the_activities_that_are_named(
    log_of: Callable[..., pl.DataFrame], document_of: Callable[..., ExperienceDocument]
) -> None:
    rows = spells(prepare(document_of(), log_of(ROWS)))
    phases = rows.group_by("phase").len().sort("phase").rows()
    assert phases == [("after_offer", 3), ("before_offer", 4)]
    short = rows.select("case", "turn", "days", "outcome", "lost").rows()
    assert short == [
        ("1", "lender", 1.0, None, False),
        ("1", "customer", 3.0, None, False),
        ("1", "lender", 1.0, "accepted", False),
        ("2", "lender", 2.0, None, False),
        ("2", "customer", 1.0, "cancelled", True),
        ("3", "lender", 1.0, "declined", False),
        ("4", "lender", pytest.approx(500 / 24), "open", False),  # still waiting when the log ends
    ]


def test_waiting_of_closed_cases_is_shared_between_the_parties(
    log_of: Callable[..., pl.DataFrame], document_of: Callable[..., ExperienceDocument]
) -> None:
    table = {
        r["waits_for"]: r for r in waiting_table(prepare(document_of(), log_of(ROWS))).to_dicts()
    }
    assert table["customer"]["days_mean"] == pytest.approx(4 / 3)
    assert table["lender"]["days_mean"] == pytest.approx(5 / 3)
    assert table["customer"]["share"] + table["lender"]["share"] == pytest.approx(1)


def test_unless_told_otherwise_everybody_waits_for_the_lender(
    log_of: Callable[..., pl.DataFrame], document_of: Callable[..., ExperienceDocument]
) -> None:
    log = dict(document_of().log.model_dump(), waits_for={})
    rows = spells(prepare(document_of(log=log), log_of(ROWS)))
    assert rows["turn"].unique().to_list() == ["lender"]


def test_a_case_closed_because_time_ran_out_is_not_counted_as_leaving_that_day(
    log_of: Callable[..., pl.DataFrame], document_of: Callable[..., ExperienceDocument]
) -> None:
    log = dict(document_of().log.model_dump(), close_after_days=1.0)
    prepared = prepare(document_of(log=log), log_of(ROWS))
    assert prepared.cases.filter(pl.col("by_clock"))["case"].to_list() == ["2"]
    assert not spells(prepared)["lost"].any()
