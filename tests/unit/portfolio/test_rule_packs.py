"""Rules about books as dated data: what holds when, whose word it is, and wrong files told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from equipoise.errors import BadInput, Faults
from equipoise.portfolio import (
    GRADES,
    PortfolioDocument,
    book_rules,
    debtors_bad_share,
    grade_loans,
    shipped_rules,
)
from equipoise.portfolio.losing import stage_rules

ON = date(2026, 6, 30)
OWN = "pack: ours\ncaution: {en: none}\n"
DATED = "from: 2020-01-01, source: s, verified: unseen}"
GRADING = "{id: own.g, at_least: loss, when: days_past_due > 720, " + DATED
FLOOR = "{id: own.f, name: pd_floor, value: 0.001, " + DATED
WEIGHT = "{id: own.w, asset_class: mortgage, ltv_up_to: [0.5], weights: [0.2, 0.5], " + DATED


@pytest.mark.parametrize("name", shipped_rules())
def test_every_pack_says_who_has_to_confirm_it_and_every_entry_where_it_stands(name):
    rules = book_rules([name], on=ON)
    assert "confirm" in rules.cautions[0]["en"]
    assert "确认" in rules.cautions[0]["zh"]
    entries = (*rules.gradings, *rules.limits, *rules.parameters, *rules.weightings)
    assert entries
    for each in entries:
        assert each.source
        assert each.verified in {"text", "account", "unseen"}


def test_what_was_only_remembered_of_china_s_grades_is_not_called_verified():
    verified = {each.id: each.verified for each in book_rules(["CN"], on=ON).gradings}
    assert verified["cn.grade.overdue-90"] == "account"
    assert verified["cn.grade.overdue-270"] == "unseen"
    assert "text" not in verified.values()


@pytest.mark.parametrize(
    ("days", "grade"),
    [
        (0, "pass"),
        (1, "special_mention"),
        (90, "special_mention"),
        (91, "substandard"),
        (270, "substandard"),
        (271, "doubtful"),
        (360, "doubtful"),
        (361, "loss"),
    ],
)
def test_china_s_grades_by_days_past_due(days, grade):
    facts = pl.DataFrame({"days_past_due": [days], "retail": [True]})
    found = grade_loans(facts, book_rules(["CN"], on=ON).gradings)
    assert GRADES[found.grade[0]] == grade


def test_the_measures_grade_nothing_before_they_took_effect():
    assert book_rules(["CN"], on=date(2023, 6, 30)).gradings == ()
    assert book_rules(["CN"], on=date(2023, 7, 1)).gradings != ()


def test_all_of_a_firm_s_loans_are_bad_where_a_tenth_is_and_a_person_s_are_not():
    gradings = book_rules(["CN"], on=ON).gradings
    days = [91, 0, 91, 0]
    retail = [False, False, True, True]
    first = grade_loans(pl.DataFrame({"days_past_due": days, "retail": retail}), gradings)
    share = debtors_bad_share(np.array([0, 0, 1, 1]), np.array([20, 80, 20, 80]), first.grade, 2)
    assert share.tolist() == [0.2, 0.2, 0.2, 0.2]
    facts = pl.DataFrame({"days_past_due": days, "retail": retail, "debtor_bad_share": share})
    again = grade_loans(facts, gradings)
    assert [GRADES[each] for each in again.grade] == [
        "substandard",
        "substandard",
        "substandard",
        "pass",
    ]
    assert gradings[again.rule[1]].id == "cn.grade.debtor-bad"


def test_facts_that_nobody_told_are_named_and_ask_for_nothing():
    found = grade_loans(pl.DataFrame({"days_past_due": [0]}), book_rules(["CN"], on=ON).gradings)
    assert found.grade.tolist() == [0]
    assert "bankrupt" in found.not_told
    assert "days_past_due" not in found.not_told


def test_impairment_and_loss_share_move_a_grade_beyond_its_days():
    facts = pl.DataFrame(
        {
            "days_past_due": [0, 0, 0, 10],
            "credit_impaired": [True, True, True, False],
            "loss_share": [0.1, 0.5, 0.9, 0.9],
        }
    )
    found = grade_loans(facts, book_rules(["CN"], on=ON).gradings)
    assert [GRADES[each] for each in found.grade] == [
        "substandard",
        "doubtful",
        "loss",
        "special_mention",
    ]


def test_a_parameter_of_a_class_goes_before_that_of_all_and_moves_by_its_date():
    rules = book_rules(["BASEL"], on=ON)
    assert rules.parameter("pd_floor", "revolving_retail").value == 0.001
    assert rules.parameter("pd_floor", "mortgage").value == 0.0005
    earlier = book_rules(["BASEL"], on=date(2021, 1, 1))
    assert earlier.parameter("pd_floor").value == 0.0003


def test_a_lender_s_own_file_named_last_sets_what_another_has_set(tmp_path: Path):
    own = tmp_path / "own.yaml"
    own.write_text(
        OWN + f"parameters: [{FLOOR}]\nweightings: [{WEIGHT}]\n",
        "utf-8",
    )
    rules = book_rules(["BASEL", own], on=ON)
    assert rules.parameter("pd_floor").value == 0.001
    assert rules.weighting("mortgage").weights == (0.2, 0.5)
    assert rules.packs == ("BASEL", "ours")


def test_what_no_pack_sets_is_told_with_the_packs_that_were_asked():
    with pytest.raises(BadInput, match="no pack of CN sets 'pd_floor'"):
        book_rules(["CN"], on=ON).parameter("pd_floor")
    with pytest.raises(BadInput, match="did you mean 'mortgage'"):
        book_rules(["BASEL"], on=ON).weighting("mortgages")
    with pytest.raises(BadInput, match="did you mean 'BASEL'"):
        book_rules(["BASIL"], on=ON)


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        (GRADING.replace("days_past_due", "days_past_do"), 4, "did you mean 'days_past_due'"),
        (GRADING.replace("> 720", "+ 720"), 4, "write a condition"),
        (GRADING.replace("loss", "lost"), 4, "at_least"),
        (f"{GRADING}\n  - {GRADING}", 5, "given twice"),
        (GRADING.replace("from: 2020", "until: 2019-01-01, from: 2020"), 4, "before it begins"),
    ],
)
def test_a_wrong_rule_is_told_where_it_stands(tmp_path: Path, text, line, why):
    path = tmp_path / "own.yaml"
    path.write_text(OWN + f"gradings:\n  - {text}\n", "utf-8")
    with pytest.raises(BadInput) as caught:
        book_rules([path], on=ON)
    fault = caught.value.faults[0] if isinstance(caught.value, Faults) else caught.value
    assert fault.where is not None
    assert fault.where.line == line
    assert why in str(fault)


def test_two_numbers_of_one_name_that_hold_together_are_refused(tmp_path: Path):
    path = tmp_path / "own.yaml"
    other = FLOOR.replace("own.f", "own.h")
    path.write_text(OWN + f"parameters:\n  - {FLOOR}\n  - {other}\n", "utf-8")
    with pytest.raises(Faults, match=r"'own\.h' holds on days of 'own\.f'"):
        book_rules([path], on=ON)


def test_a_band_without_a_weight_is_refused(tmp_path: Path):
    path = tmp_path / "own.yaml"
    path.write_text(
        OWN + f"weightings:\n  - {WEIGHT.replace('0.2, ', '')}\n",
        "utf-8",
    )
    with pytest.raises(BadInput, match="one weight more than bands"):
        book_rules([path], on=ON)


@pytest.mark.parametrize(("packs", "months"), [(["IFRS"], 18), (["EBA"], 24), (["CN"], 12)])
def test_how_long_a_forborne_loan_is_watched_is_the_pack_s_before_the_lender_s(packs, months):
    lgd = {"value": 0.45, "source": "assumed"}
    ours = PortfolioDocument.model_validate({"losses": {"lgd": lgd, "forborne_months": 18}})
    rules = book_rules(["IFRS", *packs], on=ON)
    assert stage_rules(ours, rules).forborne_months == months
