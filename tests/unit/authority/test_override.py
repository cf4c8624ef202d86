"""Overrides: a declared reason and a level."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from equipoise.authority import (
    AuthorityExceeded,
    AuthoritySection,
    Officer,
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
