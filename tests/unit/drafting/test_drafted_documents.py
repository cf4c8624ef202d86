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
from equipoise.contract import draft, read_contract
from equipoise.documents import read_document
from equipoise.drafting import draft_documents
from equipoise.drafting.figures import ASSUMED_AMOUNT, ASSUMED_APR, ASSUMED_TERM, find_figures
from equipoise.experience import ExperienceDocument
from equipoise.risk import RiskDocument
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
    return find_figures(draft(frame, "bad").contract, frame)


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
    found = dict(_quantities(yaml.safe_load(_documents()[name])))
    assert found
    for path, quantity in found.items():
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
