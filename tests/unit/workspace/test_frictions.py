"""The menu with a check taken away, asked of some, or asked first."""

from __future__ import annotations

from pathlib import Path

import pytest

import equipoise.examples
from equipoise.documents import read_document
from equipoise.value.treatments import TreatmentsDocument
from equipoise.workspace.frictions import changed


@pytest.fixture
def menu() -> TreatmentsDocument:
    folder = Path(next(iter(equipoise.examples.__path__)))
    return read_document(folder / "demo" / "treatments.yaml", TreatmentsDocument).value


def offered(menu: TreatmentsDocument) -> dict[str, tuple[str, ...]]:
    return {each.name: each.checks for each in menu.journeys if each.grid}


def test_a_check_taken_away_is_in_no_journey_that_is_offered(menu: TreatmentsDocument) -> None:
    other = changed(menu, "income_proof", "take_away")
    assert other is not None
    assert offered(other) == {
        "fast": ("identity_check",),
        "standard_without_income_proof": ("identity_check",),
        "full_without_income_proof": ("identity_check", "bank_statements"),
    }
    assert {each.name for each in menu.journeys} <= {each.name for each in other.journeys}


def test_a_check_asked_of_some_may_be_left_out_for_each_applicant(
    menu: TreatmentsDocument,
) -> None:
    other = changed(menu, "income_proof", "ask_some")
    assert other is not None
    assert offered(menu).items() <= offered(other).items()
    assert offered(other)["standard_without_income_proof"] == ("identity_check",)


def test_a_check_asked_first_stands_before_the_others(menu: TreatmentsDocument) -> None:
    other = changed(menu, "bank_statements", "ask_first")
    assert other is not None
    assert offered(other)["full_bank_statements_first"] == (
        "bank_statements", "identity_check", "income_proof",
    )  # fmt: skip
    assert changed(menu, "identity_check", "ask_first") is None  # it is first already
    assert changed(menu, "underwriter_review", "take_away") is None  # it is offered to nobody
