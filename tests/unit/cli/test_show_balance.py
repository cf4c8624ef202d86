"""What `fit` and `balance` print: the report's words, in a terminal's letters."""

from __future__ import annotations

import copy

import pytest
from fixture import balance, fit

from equipoise.balance.result_document import BalanceResult
from equipoise.cli import printing, show_balance
from equipoise.risk.fit_result import FitResult


def printed(capsys: pytest.CaptureFixture[str], found: dict) -> str:
    show_balance.balanced(BalanceResult.model_validate(found), as_json=False)
    return capsys.readouterr().out


def test_a_balance_says_what_it_rests_on_and_that_it_loses_money(capsys):
    result = copy.deepcopy(balance()) | {"currency": ""}
    result["champion"]["measures"]["profit"] = -95_599.0
    result["recommended"]["same_risk"]["measures"]["profit"] = -95_595.0
    result["certificate"] |= {"frontier_gap": 0.27}
    out = printed(capsys, result)
    for said in (
        "Both policies lose money. Profit -95,599 to -95,595, unchanged.",
        "Certified: the choice, given the model",
        "10 inputs: 4 measured, 5 assumed, 1 simulated.",
        "Today is assumed: the data do not say what each applicant is offered",
        '"Same risk" is stricter than today: held to 2.59 %, not today\'s 2.61 %.',
        "of the recommended move; largest of 18 frontier points: gap 0.27.",
        "Amounts are in currency units: the contract names no currency.",
    ):
        assert said in out
    assert "money 3" not in out
    assert not {"\u202f", "\u2212"} & set(out)


def test_a_fit_counts_applications_and_outcomes_apart_and_answers_for_its_model(capsys):
    show_balance.fitted(FitResult.model_validate(fit()), as_json=False)
    out = capsys.readouterr().out
    assert "159,600 applications, 20,344 with a known outcome, 1,070 of them bad." in out
    assert "Can the model be trusted? Yes, on loans it had not seen: scorecard ranks" in out


def test_the_report_s_letters_become_a_terminal_s():
    assert (
        printing.plain("−1\u202f240\u202f000 is 2.1\u202f% of “it”")
        == '-1,240,000 is 2.1 % of "it"'
    )
