"""Who applies in a rehearsal: the same people for the same seed, for any contract, who write as
people do."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from pathlib import Path
from random import Random

import pytest
from corner_lender import CONTRACT

from equipoise.contract import Contract
from equipoise.documents import read_document
from equipoise.journey import NotRead, read_answer
from equipoise.rehearsal.desk import rule_of
from equipoise.rehearsal.facts import imagined
from equipoise.rehearsal.handwriting import in_boxes, unreadable, written
from equipoise.rehearsal.people import moving, people_of


def dice(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - nothing secret


@pytest.fixture(scope="module")
def demo() -> Contract:
    file = files("equipoise").joinpath("examples/demo/contract.yaml")
    return read_document(Path(str(file)), Contract).value


def test_the_same_seed_gives_the_same_people(demo: Contract) -> None:
    assert people_of("demo", demo, 20, 3) == people_of("demo", demo, 20, 3)
    assert people_of("demo", demo, 20, 3) != people_of("demo", demo, 20, 4)


def test_people_are_told_apart_by_machine_and_contact(demo: Contract) -> None:
    people = people_of("demo", demo, 600, 3)
    assert len({each.address for each in people}) == 600
    assert len({tuple(each.contact.items()) for each in people}) == 600


def test_what_is_asked_of_people_is_never_among_what_others_know_of_them(demo: Contract) -> None:
    asked = {field.name for field in demo.fields if field.source == "applicant"}
    for each in people_of("demo", demo, 30, 3):
        assert not asked & each.hidden.keys()
        assert each.hidden["dti"] == pytest.approx(
            each.facts["debt_payments"] / each.facts["monthly_income"], abs=1e-3
        )


def test_people_of_any_contract_have_facts_that_it_takes() -> None:
    contract = Contract.model_validate(CONTRACT)
    for each in people_of("corner", contract, 10, 3):
        for field in contract.fields:
            value = each.facts.get(field.name)
            if value is not None and field.values:
                assert value in field.values


def test_a_bureau_that_is_made_up_says_the_same_of_the_same_reference(demo: Contract) -> None:
    known = {"monthly_income": 2000, "debt_payments": 500}
    once, again = imagined(demo, "7KQ2-M4XZ", known), imagined(demo, "7KQ2-M4XZ", known)
    assert once == again
    assert once["dti"] == 0.25
    assert once != imagined(demo, "8KQ2-M4XZ", known)
    assert not {"monthly_income", "application_id", "application_date", "default_12m"} & once.keys()


def test_a_bureau_that_is_made_up_says_when_a_score_was_made_and_what_lowered_it(
    demo: Contract,
) -> None:
    codes = {*demo.field("score_factor_1").values}
    for each in people_of("demo", demo, 200, 3, on=date(2026, 3, 2)):
        known = each.hidden
        assert known["score_date"] == "2026-03-02"
        first, second = known["score_factor_1"], known.get("score_factor_2")
        assert {first, second} - {None} <= codes
        assert first != second
        late = known.get("months_since_delinquency") is not None
        assert (first == "LATE_PAYMENTS") == late


def test_what_a_check_asks_for_is_known_to_the_person_alone(demo: Contract) -> None:
    for each in people_of("demo", demo, 50, 3):
        assert {"payslip", "income_arrives"} <= each.facts.keys()
        assert not {"payslip", "income_arrives"} & each.hidden.keys()


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("value", [7, 999, 1_000, 12_000, 35_000.0, 1_234_500, 12.5])
def test_an_amount_is_read_back_whichever_way_it_was_written(
    demo: Contract, language: str, value: float
) -> None:
    field = demo.field("monthly_income").model_copy(update={"range": None})
    for seed in range(30):
        text = written(value, dice(seed), language)
        assert read_answer(field, {"": text}, language) == value, text


def test_what_cannot_be_read_is_asked_back(demo: Contract) -> None:
    for seed in range(10):
        with pytest.raises(NotRead):
            read_answer(demo.field("amount_asked"), {"": unreadable(12, dice(seed))}, "en")


def test_what_somebody_does_not_know_is_left_empty() -> None:
    assert written(None, dice(1), "en") == ""
    assert in_boxes(date(2026, 3, 9)) == {
        "answer-day": "9", "answer-month": "3", "answer-year": "2026",
    }  # fmt: skip


def test_some_move_to_another_product_and_know_what_it_asks(demo: Contract) -> None:
    corner = Contract.model_validate(CONTRACT)
    people = people_of("demo", demo, 200, 3)
    moved = moving(people, {"corner": corner}, 3)
    assert moved == moving(people, {"corner": corner}, 3)
    movers = [each for each in moved if each.moves]
    assert 5 < len(movers) < 60
    for each in movers:
        assert each.moves == "corner"
        assert set(each.facts_there) >= {"amount", "income"}
        assert set(each.hidden) >= set(people[each.number].hidden)
    assert [each for each in moved if not each.moves] == [
        each for each in people if not moved[each.number].moves
    ], "who stays is as they were"
    assert moving(people, {}, 3) == people


def test_a_rule_at_the_desk_is_the_same_whoever_takes_the_matter_up() -> None:
    rules = [rule_of(f"review-{number}") for number in range(500)]
    assert rules == [rule_of(f"review-{number}") for number in range(500)]
    waits = {each.days for each in rules if each.days is not None}
    assert waits == set(range(1, 10)), "every one of them before what has a last day is due"
    assert 20 < sum(each.days is None for each in rules) < 120
