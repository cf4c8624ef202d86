"""Quarters in the forms that files have them."""

from __future__ import annotations

import pytest

from equipoise.portfolio import quarter_of, quarter_text


@pytest.mark.parametrize(
    "text",
    [
        "2025 Q1", "2025Q1", "2025q1", " 2025-Q1 ", "2025:Q1", "Q1 2025", "Q1/2025", "q1-2025",
        "1Q2025", "1Q 2025", "2025年1季度", "2025年第一季度", "2025 年第 1 季", "2025-03-31",
        "2025-01-01", "2025/3/31", "2025.03.31", "2025-02", "2025-03-31 00:00:00.000000",
    ],
)  # fmt: skip
def test_a_quarter_is_read_in_its_forms(text: str) -> None:
    assert quarter_of(text) == 2025 * 4
    assert quarter_text(2025 * 4) == "2025 Q1"


@pytest.mark.parametrize(
    ("text", "quarter"),
    [("2024年四季度", 4), ("4Q2024", 4), ("2024-12-31", 4), ("2024/10", 4), ("2024-06-30", 2)],
)
def test_a_quarter_is_the_one_that_is_named(text: str, quarter: int) -> None:
    assert quarter_of(text) == 2024 * 4 + quarter - 1


@pytest.mark.parametrize(
    "text",
    ["", "2025", "2025 Q5", "Q1 25", "3/31/2025", "31/3/2025", "2025-13-01", "2025-03/31", "soon"],
)
def test_what_names_no_quarter_for_sure_is_none(text: str) -> None:
    assert quarter_of(text) is None
