"""The menu with a check or a question taken away, asked of some or first, or a rule lifted."""

from __future__ import annotations

from pathlib import Path

import pytest

import equipoise.examples
from equipoise.documents import read_document
from equipoise.value.treatments import TreatmentsDocument
from equipoise.workspace.frictions import Part, changed, rules_of


@pytest.fixture
def menu() -> TreatmentsDocument:
    folder = Path(next(iter(equipoise.examples.__path__)))
    return read_document(folder / "demo" / "treatments.yaml", TreatmentsDocument).value


def offered(menu: TreatmentsDocument) -> dict[str, tuple[str, ...]]:
    return {each.name: each.checks for each in menu.journeys if each.grid}


def test_a_check_taken_away_is_in_no_journey_that_is_offered(menu: TreatmentsDocument) -> None:
    other = changed(menu, Part("check", "income_proof"), "take_away")
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
    other = changed(menu, Part("check", "income_proof"), "ask_some")
    assert other is not None
    assert offered(menu).items() <= offered(other).items()
    assert offered(other)["standard_without_income_proof"] == ("identity_check",)


def test_a_check_asked_first_stands_before_the_others(menu: TreatmentsDocument) -> None:
    other = changed(menu, Part("check", "bank_statements"), "ask_first")
    assert other is not None
    assert offered(other)["full_bank_statements_first"] == (
        "bank_statements", "identity_check", "income_proof",
    )  # fmt: skip
    assert (
        changed(menu, Part("check", "identity_check"), "ask_first") is None
    )  # it is first already
    assert (
        changed(menu, Part("check", "underwriter_review"), "take_away") is None
    )  # it is offered to nobody


def asking(menu: TreatmentsDocument, *steps: str) -> TreatmentsDocument:
    """The menu whose journeys on offer go through these steps."""
    journeys = [each.model_copy(update={"steps": steps}) if each.grid else each
                for each in menu.journeys]  # fmt: skip
    return menu.model_copy(update={"journeys": tuple(journeys)})


def test_a_question_taken_away_is_in_no_journey_that_is_offered(menu: TreatmentsDocument) -> None:
    longer = asking(menu, "application_form", "second_form")
    other = changed(longer, Part("question", "second_form"), "take_away")
    assert other is not None
    steps = {each.name: each.steps for each in other.journeys if each.grid}
    assert steps == dict.fromkeys(
        (f"{name}_without_second_form" for name in ("fast", "standard", "full")),
        ("application_form",),
    )
    assert offered(other)["full_without_second_form"] == offered(menu)["full"]
    some = changed(longer, Part("question", "second_form"), "ask_some")
    assert some is not None
    assert {"fast", "fast_without_second_form"} <= offered(some).keys()


def test_the_only_step_of_a_journey_stays(menu: TreatmentsDocument) -> None:
    assert changed(menu, Part("question", "application_form"), "take_away") is None


def test_a_rule_lifted_opens_its_part_to_everybody_and_nothing_else_moves(
    menu: TreatmentsDocument,
) -> None:
    assert rules_of(menu) == {"journeys.fast": "bureau_score IS NOT NULL AND amount_asked <= 20000"}
    other = changed(menu, Part("rule", "journeys.fast"), "lift")
    assert other is not None
    assert rules_of(other) == {}
    closed = [each.model_copy(update={"eligible": None}) for each in menu.journeys]
    assert other == menu.model_copy(update={"journeys": tuple(closed)})
    assert changed(menu, Part("rule", "journeys.full"), "lift") is None
