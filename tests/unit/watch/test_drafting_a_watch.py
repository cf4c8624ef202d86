"""A first watch.yaml: what fits the rows that there are."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from equipoise.errors import BadInput
from equipoise.watch import TableFacts, draft_watch, parse_watch

COLUMNS = {
    "month": "date",
    "loan": "integer",
    "months_on_book": "integer",
    "days": "number",
    "days_before": "number",
    "balance": "number",
    "region": "string",
}


def _book(months: list[int]) -> TableFacts:
    """Two loans in each month (counted from January 2024); the month before is told where it is."""
    rows = pl.DataFrame(
        {
            "month": [date(2024 + m // 12, m % 12 + 1, 1) for m in months for _ in "ab"],
            "loan": [0, 1] * len(months),
            "months_on_book": [None] * 2 * len(months),
            "days": [0.0, 31.0] * len(months),
            "days_before": [0.0 if m - 1 in months else None for m in months for _ in "ab"],
            "balance": [1.0, 1.0] * len(months),
            "region": ["N", "S"] * len(months),
        },
        schema_overrides={"months_on_book": pl.Int64, "days_before": pl.Float64},
    )
    return TableFacts("book", "tape.yaml", "month", COLUMNS, rows, "loan_months")


def test_a_book_of_months_is_watched_by_how_loans_roll() -> None:
    text = draft_watch("ours", [_book(list(range(10)))])
    document = parse_watch(text, Path("watch.yaml")).document
    names = {each.name for each in document.indicators}
    assert document.every == "month"
    assert {"newly_late", "roll_to_61", "newly_late_region_1"} <= names
    assert document.table("book").due_days is not None


def test_a_book_of_quarters_is_watched_quarter_by_quarter_and_nothing_rolls() -> None:
    text = draft_watch("ours", [_book(list(range(2, 32, 3)))])
    document = parse_watch(text, Path("watch.yaml")).document
    names = {each.name for each in document.indicators}
    assert document.every == "quarter"
    assert {"late", "late_31", "late_91", "late_region_1"} <= names
    assert not any(each.where and "days_before" in each.where for each in document.indicators)


def test_a_feed_that_has_always_come_is_watched_for_the_day_it_ends() -> None:
    text = draft_watch("ours", [_book(list(range(10)))])
    by_name = {e.name: e for e in parse_watch(text, Path("watch.yaml")).document.indicators}
    assert by_name["book_without_region"].guards == ("region",)
    assert "book_without_days_before" not in by_name
    assert all({*each.label} == {"en", "zh"} for each in by_name.values())
    assert by_name["newly_late_region_1"].label["zh"].startswith("新增逾期：")


def test_too_few_months_are_counted() -> None:
    with pytest.raises(BadInput, match="book has 3") as caught:
        draft_watch("ours", [_book([0, 1, 2])])
    assert str(caught.value.where) == "tape.yaml"
