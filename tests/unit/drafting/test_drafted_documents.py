"""A drafted workspace reads back, marks what it assumed, and takes nothing for what it is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import yaml

from equipoise.balance.appetite import AppetiteDocument
from equipoise.contract import check, draft, read_contract
from equipoise.documents import read_document
from equipoise.drafting import draft_documents, draft_workspace
from equipoise.drafting.figures import ASSUMED_AMOUNT, ASSUMED_APR, ASSUMED_TERM, find_figures
from equipoise.experience import ExperienceDocument
from equipoise.risk import RiskDocument
from equipoise.risk.grounds import learning_ground
from equipoise.value.treatments import TreatmentsDocument

ROWS = 600
KINDS = {
    "risk.yaml": RiskDocument,
    "experience.yaml": ExperienceDocument,
    "treatments.yaml": TreatmentsDocument,
    "appetite.yaml": AppetiteDocument,
}


def _frame(**columns: Any) -> pl.DataFrame:
    rng = np.random.default_rng(3)
    score = rng.normal(size=ROWS)
    bad = (score + rng.normal(size=ROWS) > 0.8).astype(int)
    return pl.DataFrame({"score": score, **columns, "bad": bad})


def _figures(**columns: Any) -> Any:
    frame = _frame(**columns)
    contract = draft(frame, "bad").contract
    return find_figures(contract, check(contract, frame).frame)


def _documents(**columns: Any) -> dict[str, str]:
    frame = _frame(**columns)
    return draft_documents(draft(frame, "bad"), frame)


def _loan(**more: Any) -> dict[str, Any]:
    rng = np.random.default_rng(5)
    return {
        "loan_amount": rng.integers(1_000, 20_000, ROWS),
        "annual_income": rng.integers(20_000, 90_000, ROWS),
        "term_months": rng.choice([12, 24, 36], ROWS),
        **more,
    }


def _quantities(data: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every number written with its provenance or range, and where it stands."""
    if isinstance(data, dict):
        if "value" in data:
            yield path, data
        for key, each in data.items():
            yield from _quantities(each, f"{path}.{key}")
    elif isinstance(data, list):
        for at, each in enumerate(data):
            yield from _quantities(each, f"{path}[{at}]")


@pytest.mark.parametrize("columns", [{}, _loan()], ids=["nothing known", "a loan"])
def test_every_document_reads_back(tmp_path: Path, columns: dict[str, Any]) -> None:
    texts = _documents(**columns)
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert read_contract(tmp_path / "contract.yaml").value.target.field == "bad"
    for name, kind in KINDS.items():
        read_document(tmp_path / name, kind)


@pytest.mark.parametrize("name", ["risk.yaml", "experience.yaml", "treatments.yaml"])
def test_every_assumed_number_has_a_range_around_it_and_a_source(name: str) -> None:
    result = dict(_quantities(yaml.safe_load(_documents()[name])))
    assert result
    for path, quantity in result.items():
        assert quantity.get("provenance", "assumed") == "assumed", path
        assert quantity["source"], path
        assert quantity["low"] <= quantity["value"] <= quantity["high"], path
        assert quantity["low"] < quantity["high"], path


@pytest.mark.parametrize("name", ["contract.yaml", *KINDS])
def test_each_document_begins_by_saying_that_it_is_a_draft(name: str) -> None:
    assert _documents()[name].startswith("# Drafted")


def test_every_field_of_the_contract_is_marked_for_review() -> None:
    fields = yaml.safe_load(_documents(**_loan())["contract.yaml"])["fields"]
    assert [each["name"] for each in fields if not each.get("review")] == []


def test_amount_term_and_yearly_income_are_read_from_fields_named_so() -> None:
    columns = _loan()
    figures = _figures(**columns)
    assert "loan_amount" in figures.amount.expression
    assert figures.amount.typical == pytest.approx(np.median(columns["loan_amount"]), rel=0.05)
    assert "term_months" in figures.term.expression
    assert "annual_income" in figures.income.expression and "12" in figures.income.expression


@pytest.mark.parametrize(
    "name", ["installment_rate_of_income", "debt_to_income", "income_ratio", "income_pct"]
)
def test_a_share_of_income_is_never_taken_for_an_income(name: str) -> None:
    shares = np.random.default_rng(1).integers(1, 5, ROWS)
    assert name not in _figures(**{name: shares}).income.expression


def test_what_no_field_gives_is_assumed_and_says_so() -> None:
    figures = _figures()
    assert figures.amount.typical == ASSUMED_AMOUNT
    assert figures.term.typical == ASSUMED_TERM
    assert figures.apr.typical == ASSUMED_APR
    for figure in (figures.amount, figures.term, figures.income, figures.apr):
        assert "assumed" in figure.said


def test_a_protected_field_is_audited_by_the_appetite_and_enforced_by_nothing() -> None:
    sex = np.random.default_rng(2).choice(["female", "male"], ROWS)
    texts = _documents(sex=sex)
    parity = yaml.safe_load(texts["appetite.yaml"])["parity"]
    assert [each["group"] for each in parity] == ["sex = 'male'"]
    assert not any(each["enforce"] for each in parity)
    for name in ("risk.yaml", "treatments.yaml", "strategy.yaml"):
        assert "sex" not in texts[name]


def test_the_window_is_marked_as_assumed_where_the_data_do_not_tell_it() -> None:
    text = _documents()["risk.yaml"]
    assert "window of 12 months is assumed" in text
    assert yaml.safe_load(text)["outcome"]["window_months"] == 12


def test_the_same_file_drafts_the_same_documents() -> None:
    assert _documents(**_loan()) == _documents(**_loan())


def _dollars(low: int, high: int, seed: int = 9) -> Any:
    return np.random.default_rng(seed).integers(low, high, ROWS)


def _terms(*terms: int) -> Any:
    return np.random.default_rng(4).choice(terms, ROWS)


SUMS = _dollars(500, 9_000)


@pytest.mark.parametrize(
    ("columns", "amount", "term", "months"),
    [
        # the term stands first and has amount and loan in its name
        (
            {"Loan_Amount_Term": _terms(180, 360), "LoanAmount": _dollars(5_000, 9_000)},
            "LoanAmount",
            "Loan_Amount_Term",
            270,
        ),
        ({"loan": _terms(12, 24, 36), "credit_amount": SUMS}, "credit_amount", "loan", 24),
        ({"Kreditbetrag": SUMS, "Laufzeit": _terms(24, 48)}, "Kreditbetrag", "Laufzeit", 36),
        ({"monto": SUMS, "plazo_dias": _terms(90, 180)}, "monto", "plazo_dias", 4.4),
        ({"principal": SUMS, "term_weeks": _terms(52, 104)}, "principal", "term_weeks", 18),
        ({"amount": SUMS, "tenure_years": _terms(1, 3)}, "amount", "tenure_years", 24),
        ({"amount": SUMS, "term": _terms(7, 14, 28)}, "amount", "term", 0.5),
        ({"amount": SUMS, "x9": _terms(12, 24, 36)}, "amount", "x9", 24),
    ],
)  # fmt: skip
def test_an_amount_is_never_read_from_a_term(
    columns: dict[str, Any], amount: str, term: str, months: float
) -> None:
    figures = _figures(**columns)
    assert figures.amount.expression.startswith(f"CASE WHEN {amount} ")
    assert figures.term.expression.startswith(f"CASE WHEN {term} ")
    assert figures.term.typical == pytest.approx(months, rel=0.6)


@pytest.mark.parametrize(
    ("texts", "usual"),
    [
        (["36 months", "60 months", "12 months"], 36),
        (["3 years", "5 years", "1 year"], 36),
        (["36 months", "5 years", "12m"], 36),
    ],
)
def test_terms_written_as_text_are_read_in_months(texts: list[str], usual: float) -> None:
    figure = _figures(term=[texts[i % 3] for i in range(ROWS)]).term
    assert "term" in figure.expression
    assert figure.typical == pytest.approx(usual)


def test_amounts_in_thousands_beside_monthly_incomes_are_said_aloud() -> None:
    columns = {
        "Loan_Amount_Term": _terms(180, 360),
        "LoanAmount": _dollars(60, 300),
        "ApplicantIncome": _dollars(2_000, 9_000),
    }
    frame = _frame(**columns)
    whole = draft_workspace(draft(frame, "bad"), frame)
    notes = "\n".join(whole.notes)
    assert "LoanAmount', taken to be in thousands" in notes
    assert "LoanAmount * 1000" in whole.documents["treatments.yaml"]
    assert "its name does not say" in notes


def test_a_yearly_income_without_a_word_is_asked_about_and_a_named_one_is_not() -> None:
    money = {"loan_amount": _dollars(500, 9_000)}
    frame = _frame(**money, income=_dollars(20_000, 90_000))
    assert any(
        "monthly_income" in note for note in draft_workspace(draft(frame, "bad"), frame).notes
    )
    frame = _frame(**money, salario_mensual=_dollars(2_000, 9_000))
    whole = draft_workspace(draft(frame, "bad"), frame)
    assert not any("monthly_income" in note for note in whole.notes)
    assert "THEN salario_mensual ELSE" in whole.documents["treatments.yaml"]


@pytest.mark.parametrize("rows", [100, 120, 200])
def test_a_small_table_gets_a_split_that_a_fit_takes(rows: int) -> None:
    frame = _frame().head(rows).with_columns(bad=pl.Series([1, 0] * (rows // 2)))
    whole = draft_workspace(draft(frame, "bad"), frame)
    risk = RiskDocument.model_validate(yaml.safe_load(whole.documents["risk.yaml"]))
    contract = draft(frame, "bad").contract
    checked = check(contract, frame).frame
    split = learning_ground(risk, contract, checked).split
    assert split.train.sum() >= 50
    assert split.test.sum() >= 50


def test_a_table_too_small_for_any_split_says_that_fit_will_refuse_it() -> None:
    frame = _frame().head(60).with_columns(bad=pl.Series([1, 0] * 30))
    whole = draft_workspace(draft(frame, "bad"), frame)
    assert "`fit` will refuse these data" in whole.notes[0]
    assert "`fit` will refuse" in whole.documents["contract.yaml"]


def test_the_newest_months_without_enough_bad_loans_are_no_test() -> None:
    frame = _frame().with_columns(
        loan_date=pl.Series([f"20{17 + i // 240}-0{1 + i % 9}-15" for i in range(ROWS)]),
        bad=pl.Series([int(i < 240 and i % 4 == 0) for i in range(ROWS)]),
    )
    text = draft_documents(draft(frame, "bad"), frame)["risk.yaml"]
    assert yaml.safe_load(text)["split"]["kind"] == "random"
    assert "the newest months hold too few bad ones" in text
