"""What a change of law allows, whom it shuts out, and which answers break it, reckoned by hand."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
import pytest

from equipoise.balance.limits import Masks
from equipoise.errors import BadInput
from equipoise.review.policy.breaches import breaches, forbidden_offers
from equipoise.review.policy.change import PolicyChange
from equipoise.review.policy.lawful import barred, lawful

FRAME = pl.DataFrame({
    "age": [17.0, 30.0, 50.0, None], "pd": [0.1] * 4, "lgd": [0.5] * 4,
    "region": ["N", "S", "N", "S"],
})  # fmt: skip
TYPES = {"age": "number", "region": "string", "pd": "number", "lgd": "number"}
MASKS = Masks(FRAME, TYPES)


def change(**rule: Any) -> PolicyChange:
    return PolicyChange.model_validate({"name": "a law", "on": "2027-01-01", "rule": rule})


class _Model:
    """A menu of a decline, a fast loan without checks at 12 %, and a full one at 20 %."""

    menu = (
        SimpleNamespace(name="decline", journey=None),
        SimpleNamespace(name="fast", journey=SimpleNamespace(name="fast", checks=("bureau",))),
        SimpleNamespace(name="full", journey=SimpleNamespace(name="full",
                                                             checks=("bureau", "income"))),
    )  # fmt: skip

    def terms(self, people: Any, k: int) -> Any:
        return (np.full(people.size, {1: 0.12, 2: 0.20}[k]), None, None)


MODEL: Any = _Model()
PEOPLE: Any = SimpleNamespace(size=4)


def allowed(**rule: Any) -> list[list[bool]]:
    found = lawful(change(**rule), MODEL, PEOPLE, MASKS)
    return [[bool(each) for each in row] for row in found.tolist()]


def test_a_refusal_leaves_a_decline_alone_and_what_is_unknown_is_not_refused() -> None:
    assert allowed(kind="refusal", when="age < 18") == [
        [True, False, False], [True, True, True], [True, True, True], [True, True, True],
    ]  # fmt: skip


def test_a_cap_takes_away_what_is_dearer_from_those_it_is_for() -> None:
    assert allowed(kind="price_cap", at_most=0.15, where="region = 'S'") == [
        [True, True, True], [True, True, False], [True, True, True], [True, True, False],
    ]  # fmt: skip
    assert allowed(kind="price_cap", at_most=0.2) == [[True, True, True]] * 4


def test_a_required_check_takes_away_journeys_without_it() -> None:
    assert allowed(kind="required_check", check="income") == [[True, False, True]] * 4
    with pytest.raises(BadInput, match="no journey has a check 'incom'"):
        allowed(kind="required_check", check="incom")


def test_whoever_has_no_lawful_loan_left_is_shut_out() -> None:
    eligible = np.array(
        [[True, True, True], [True, True, False], [True, False, True], [True, False, False]]
    )
    left = lawful(change(kind="required_check", check="income"), MODEL, PEOPLE, MASKS)
    assert barred(left, eligible).tolist() == [False, True, False, False]


def _answers() -> pl.DataFrame:
    return pl.DataFrame({
        "outcome": ["approve", "approve", "counter_offer", "decline"],
        "apr": [0.12, 0.25, 0.2, None],
        "checked": [["bureau"], ["bureau", "income"], ["bureau"], []],
        "expected_loss": [10.0, 20.0, 30.0, 0.0], "exposure": [100.0, 400.0, 500.0, 0.0],
    }, schema_overrides={"checked": pl.List(pl.String)})  # fmt: skip


def test_breaches_are_of_those_who_were_offered_a_loan() -> None:
    cap = breaches(change(kind="price_cap", at_most=0.2), _answers(), MASKS)
    assert (cap.people, cap.offered, cap.broken, cap.breaks) == (4, 3, 1, True)
    assert cap.share == pytest.approx(1 / 3)
    assert cap.low is not None and cap.high is not None
    assert cap.low < 1 / 3 < cap.high
    check = breaches(change(kind="required_check", check="income"), _answers(), MASKS)
    assert check.broken == 2
    young = breaches(change(kind="refusal", when="age < 18"), _answers(), MASKS)
    assert young.broken == 1
    none = breaches(change(kind="refusal", when="age > 90"), _answers(), MASKS)
    assert (none.broken, none.breaks) == (0, False)


def test_a_limit_is_of_all_that_is_lent() -> None:
    rate = {"name": "loss", "measure": "expected_loss", "per": "exposure", "at_most": 0.05}
    told = breaches(change(kind="limit", limit=rate), _answers(), MASKS)
    assert told.used == pytest.approx(60 / 1000)
    assert told.breaks
    floor = {"name": "lent", "measure": "exposure", "at_least": 900.0, "where": "region = 'N'"}
    told = breaches(change(kind="limit", limit=floor), _answers(), MASKS)
    assert told.used == 600.0
    assert told.breaks


def test_a_change_of_loans_already_made_alone_forbids_nothing() -> None:
    book = PolicyChange(name="act", on=date(2027, 1, 1), book=("IFRS",))
    assert lawful(book, MODEL, PEOPLE, MASKS).all()
    assert not forbidden_offers(book, _answers(), MASKS).any()
    with pytest.raises(ValueError, match="the change asks for nothing"):
        PolicyChange(name="act", on=date(2027, 1, 1))


def test_a_law_names_a_number() -> None:
    today = {"name": "loss", "measure": "expected_loss", "at_most": "today"}
    with pytest.raises(ValueError, match="a law names a number"):
        change(kind="limit", limit=today)
