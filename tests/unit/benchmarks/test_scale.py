"""The scale benchmark: sections are found, and where two lines cross is right."""

from __future__ import annotations

import pytest
from benchmarks.scale import measured, sections
from benchmarks.scale_crossing import Line


def test_sections_are_the_modules_of_that_name() -> None:
    assert {"crossing", "growth", "simulating", "solving"} <= set(sections())


def test_a_section_that_fails_is_a_row_that_says_so() -> None:
    (row,) = measured("there is none", 1, short=True)
    assert row.met is False
    assert "ended with 2" in row.note


def test_lines_cross_where_both_take_as_long() -> None:
    spark = Line.through((1_000, 21.0), (3_000, 23.0))  # starts in 20 s, a row takes 1 ms
    local = Line.through((1_000, 3.0), (3_000, 7.0))  # starts in 1 s, a row takes 2 ms
    size = spark.size_ahead_of(local)
    assert size == pytest.approx(19_000)
    assert spark.start + size * spark.row == pytest.approx(local.start + size * local.row)
    assert local.size_ahead_of(spark) is None
    assert spark.with_cores(4).size_ahead_of(local) == pytest.approx(19 / 0.00175)
