"""Three answers on people whose gaps are known, and on the Boston mortgage applications."""

import json

import numpy as np
import polars as pl
import pytest

from equipoise.errors import BadInput
from equipoise.review.fairness import AuditMeasure, AuditSection, audit_fairness


def _simulated(n=20_000, seed=5, gap=0.0, premium=0.0):
    """Group b has worse grades; `gap` is taken from its approval, `premium` added to its price."""
    rng = np.random.default_rng(seed)
    group = rng.choice(["a", "b"], n, p=[0.6, 0.4])
    b = group == "b"
    grade = rng.binomial(3, np.where(b, 0.6, 0.4))
    approved = rng.random(n) < 0.9 - 0.15 * grade - gap * b
    pd = 0.02 + 0.05 * grade
    decisions = pl.DataFrame(
        {
            "outcome": np.where(approved, "approve", "decline"),
            "grade": np.array(list("ABCD"))[grade],
            "pd": pd,
            "apr": np.where(approved, 0.08 + 0.03 * grade + premium * b, np.nan),
            "wait_days": rng.exponential(2, n),
            "checks": rng.poisson(1.5, n),
            "has_way_back": rng.random(n) < 0.8,
            "bad": (rng.random(n) < pd).astype(int),
        }
    )
    age = rng.integers(18, 80, n)
    return decisions, pl.DataFrame({"group": group, "age": age})


def _of(audit, measure, column="group"):
    return next(f for f in audit.findings if (f.measure, f.column) == (measure, column))


SECTION = AuditSection(bands={"age": (30.0, 60.0)})


def test_a_gap_that_risk_explains_passes_given_risk():
    audit = audit_fairness(*_simulated(), SECTION)
    assert _of(audit, "approval given risk").answer == "pass"
    assert _of(audit, "price given risk").answer == "pass"
    assert _of(audit, "price").answer == "fail"
    assert _of(audit, "calibration of PD").answer == "pass"


def test_a_known_gap_fails_and_its_size_is_found():
    audit = audit_fairness(*_simulated(gap=0.2, premium=0.01), SECTION)
    approval, price = _of(audit, "approval given risk"), _of(audit, "price given risk")
    assert (approval.answer, price.answer) == ("fail", "fail")
    assert approval.difference.low <= -0.2 <= approval.difference.high
    assert price.difference.value == pytest.approx(0.01, abs=1e-9)
    assert audit.answer == "fail"
    assert _of(audit, "approval").ratio.high < 0.8


def test_few_people_are_not_enough_evidence_and_the_number_that_settles_it_does():
    measures = (AuditMeasure(name="waiting", column="wait_days", within=0.5),)
    section = AuditSection(groups=("group",), measures=measures)
    finding = audit_fairness(*_simulated(n=200), section).findings[0]
    assert finding.answer == "not_enough_evidence"
    needed = finding.people_needed
    assert needed > 200
    # The same people again and again: the estimate stays, the interval narrows.
    decisions, groups = _simulated(n=200)
    times = -(-needed // 200) + 1
    again = audit_fairness(
        pl.concat([decisions] * times), pl.concat([groups] * times), section
    ).findings[0]
    assert again.answer != "not_enough_evidence"


def test_a_cell_below_the_floor_gets_no_verdict_however_clear_it_looks():
    decisions = pl.DataFrame({"outcome": ["approve"] * 500 + ["decline"] * 12})
    groups = pl.DataFrame({"group": ["a"] * 500 + ["b"] * 12})
    finding = audit_fairness(decisions, groups).findings[0]
    assert finding.answer == "not_enough_evidence"
    assert "12 people" in finding.why


def test_measures_without_their_columns_are_left_out_and_named():
    decisions = pl.DataFrame({"outcome": ["approve", "decline"] * 50})
    groups = pl.DataFrame({"group": ["a", "b"] * 50})
    audit = audit_fairness(decisions, groups)
    assert audit.left_out["price"] == "'apr' is not known"
    assert set(audit.answers) == {"approval"}


def test_intersections_are_compared_and_the_result_is_json():
    audit = audit_fairness(*_simulated(n=3000), SECTION)
    assert {f.column for f in audit.findings} == {"group", "age", "group & age"}
    names = {f.group.group for f in audit.findings if f.column == "group & age"}
    assert "b & under 30" in names
    json.dumps(audit.as_dict(), allow_nan=False)


def test_intervals_of_many_groups_hold_together():
    section = AuditSection(measures=(AuditMeasure(name="x", column="approved", within=0.05),))
    rng = np.random.default_rng(3)
    held = []
    for _ in range(400):
        groups = pl.DataFrame({"g": rng.choice(list("abcdef"), 1200)})
        decisions = pl.DataFrame(
            {"outcome": np.where(rng.random(1200) < 0.6, "approve", "decline")}
        )
        found = audit_fairness(decisions, groups, section).findings
        held.append(all(f.difference.low <= 0 <= f.difference.high for f in found))
    assert np.mean(held) >= 0.93


@pytest.mark.parametrize(
    ("groups", "section"),
    [
        (pl.DataFrame({"g": ["a"]}), AuditSection()),
        (pl.DataFrame({"g": ["a", "b"]}), AuditSection(groups=("h",))),
        (pl.DataFrame({"g": ["a", "b"]}), AuditSection(references={"g": "c"})),
        (pl.DataFrame(), AuditSection()),
    ],
)
def test_frames_that_do_not_fit_are_refused(groups, section):
    with pytest.raises(BadInput):
        audit_fairness(pl.DataFrame({"outcome": ["approve", "decline"]}), groups, section)


def test_boston_mortgages_show_the_gap_munnell_and_others_published(shared_data):
    frame = pl.read_parquet(shared_data / "hmda_boston" / "AER_HMDA.parquet")
    outcome = pl.when(pl.col("deny") == "yes").then(pl.lit("decline")).otherwise(pl.lit("approve"))
    decisions = frame.select(outcome.alias("outcome"), grade=pl.col("chist").cast(pl.String))
    audit = audit_fairness(decisions, frame.select("afam", "single"))
    approval = _of(audit, "approval", "afam")
    # Denied: 28.3 % of black applicants, 9.3 % of white (Stock and Watson, chapter 11).
    assert approval.group.level.value == pytest.approx(1 - 0.283, abs=5e-4)
    assert approval.reference.level.value == pytest.approx(1 - 0.093, abs=5e-4)
    assert approval.answer == "not_enough_evidence"
    given_risk = _of(audit, "approval given risk", "afam")
    assert given_risk.answer == "fail"
    assert given_risk.difference.value > approval.difference.value
