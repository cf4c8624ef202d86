"""Numbers become groups by quartiles, unless bands are declared or they take few values."""

import numpy as np
import polars as pl

from equipoise.review.fairness import AuditSection, audit_fairness, with_default_bands

AGES = pl.DataFrame(
    {"age": np.arange(18, 98), "children": np.arange(80) % 4, "sex": ["f", "m"] * 40}
)


def test_a_number_of_many_values_is_cut_at_its_quartiles():
    found = with_default_bands(AGES, AuditSection())
    assert found.bands == {"age": (37.8, 57.5, 77.2)}


def test_declared_bands_stay():
    assert with_default_bands(AGES, AuditSection(bands={"age": (40.0,)})).bands == {"age": (40.0,)}


def test_quartiles_that_fall_together_and_missing_values_leave_no_empty_band():
    heaped = pl.DataFrame({"months": [0] * 60 + list(range(1, 40)) + [None]})
    edges = with_default_bands(heaped, AuditSection()).bands["months"]
    assert len(edges) == 1
    assert edges[0] > 0


def test_bands_part_people_into_groups_of_about_a_quarter():
    section = with_default_bands(AGES, AuditSection(groups=("age",), min_cell=2))
    decisions = pl.DataFrame({"outcome": ["approve", "decline"] * 40})
    found = audit_fairness(decisions, AGES, section)
    sizes = [s.side.people for s in found.segments if s.measure == "approval"]
    assert sizes == [20, 20, 20, 20]
