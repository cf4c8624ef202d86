"""Overrides: a declared reason, a level, and how the loans turned out."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from equipoise.authority import (
    AuthorityExceeded,
    AuthoritySection,
    Officer,
    override_table,
    record_override,
)
from equipoise.errors import BadInput

DATA: dict[str, Any] = {
    "levels": [{"name": "underwriter"}, {"name": "senior"}],
    "matrix": [{"level": "senior"}],
    "overrides": {"level": "senior", "reasons": {"LONG_KNOWN": "a customer for years"}},
}
RULES = AuthoritySection.model_validate(DATA)
SAM, UMA = Officer("sam", "senior"), Officer("uma", "underwriter")


def decide(officer: Officer = SAM, rules: AuthoritySection = RULES, **changes: Any) -> Any:
    given = {
        "application_id": "1",
        "machine": "decline",
        "person": "approve",
        "reason": "LONG_KNOWN",
        "expected_bad": 0.1,
        "on": date(2026, 1, 5),
    }
    return record_override(rules, officer, **{**given, **changes})


def test_an_override_needs_a_declared_reason_and_its_level() -> None:
    assert not decide().agrees
    with pytest.raises(BadInput, match="did you mean 'LONG_KNOWN'"):
        decide(reason="LONG_KNOW")
    with pytest.raises(BadInput, match="needs a reason"):
        decide(reason="")
    with pytest.raises(AuthorityExceeded, match="needs level 'senior'"):
        decide(UMA)
    none = AuthoritySection.model_validate({**DATA, "overrides": None})
    with pytest.raises(AuthorityExceeded, match="no decision against it"):
        decide(rules=none)


def test_agreement_needs_neither_and_takes_no_reason() -> None:
    assert decide(UMA, person="decline", reason="").agrees
    with pytest.raises(BadInput, match="both decide the same"):
        decide(UMA, person="decline")
    with pytest.raises(BadInput, match="share from 0 to 1"):
        decide(expected_bad=float("nan"))


def test_the_table_counts_agreement_and_holds_outcomes_against_what_was_expected() -> None:
    made = [decide(application_id=str(k)) for k in range(100)]
    made += [
        decide(UMA, application_id=f"u{k}", machine="approve", person="approve", reason="")
        for k in range(60)
    ]
    outcomes = {str(k): k < 40 for k in range(80)} | {f"u{k}": k < 6 for k in range(60)}
    table = {
        (row["officer"], row["reason"]): row for row in override_table(made, outcomes).to_dicts()
    }
    sam = table["sam", "LONG_KNOWN"]
    assert (sam["decisions"], sam["agreement"], sam["granted"]) == (100, 0.0, 100)
    assert (sam["known"], sam["bad"], sam["bad_rate"]) == (80, 40, 0.5)
    # Wilson interval of 40 in 80, as published tables give it
    assert (sam["low"], sam["high"]) == (
        pytest.approx(0.3930, abs=1e-4),
        pytest.approx(0.6070, abs=1e-4),
    )
    assert sam["finding"] == "worse"
    uma = table["uma", "all"]
    assert (uma["agreement"], uma["finding"]) == (1.0, "as_expected")
    assert table["all", "all"]["decisions"] == 160
    assert table["all", "LONG_KNOWN"]["decisions"] == 100


def test_loans_not_granted_or_not_grown_up_say_nothing() -> None:
    declined = decide(machine="approve", person="decline")
    (row, *_) = override_table([declined, decide()], {"9": True}).to_dicts()
    assert (row["known"], row["bad_rate"], row["finding"]) == (0, None, "not_known")
    assert override_table([], {}).height == 0
