"""The contract document: what it accepts, what it refuses and where it says so."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from pydantic import ValidationError

from equipoise.contract import Contract, Field, forbid_protected, read_contract
from equipoise.errors import BadInput, Faults, GateRefused, Span

LOAN = """\
name: personal_loan
version: 3
languages: [en, zh]
data: data/loans.csv
id: id
date: applied
target: {field: outcome, event: bad, window_months: 12}
fields:
  - {name: id, type: integer, use: identifier, missing: refuse}
  - {name: applied, type: date, use: date, format: "%d.%m.%Y"}
  - {name: outcome, type: string, use: target, values: [good, bad], column: default-next-month}
  - name: income
    type: number
    range: [0, null]
    missing_codes: [-9999]
    monotone: decreasing
    label: {en: Income, zh: 收入}
  - {name: sex, type: string, values: [f, m], use: audit, sensitivity: protected}
  - {name: recovered, type: number, use: outcome}
  - {name: note, type: string, use: ignore}
"""


@pytest.fixture
def loan(tmp_path: Path) -> Contract:
    return read_contract(_written(tmp_path, LOAN)).value


def _written(folder: Path, text: str) -> Path:
    path = folder / "contract.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def _faults(folder: Path, text: str) -> list[BadInput]:
    with pytest.raises(Faults) as caught:
        read_contract(_written(folder, text))
    return list(caught.value.faults)  # type: ignore[arg-type]


def test_a_field_reads_the_column_of_its_name_unless_told_otherwise(loan: Contract) -> None:
    assert loan.field("income").column == "income"
    assert loan.field("outcome").column == "default-next-month"


def test_types_are_those_expressions_know_and_ignored_fields_have_none(loan: Contract) -> None:
    assert loan.types() == {
        "id": "integer",
        "applied": "date",
        "outcome": "string",
        "income": "number",
        "sex": "string",
        "recovered": "number",
    }


def test_features_are_neither_protected_nor_known_later(loan: Contract) -> None:
    assert loan.feature_names == ("income",)
    assert loan.protected == ("sex",)


def test_an_unknown_field_is_answered_with_the_nearest(loan: Contract) -> None:
    with pytest.raises(BadInput, match="did you mean 'income'"):
        loan.field("incom")


def test_bad_is_true_on_the_event_and_null_where_the_outcome_is_missing(loan: Contract) -> None:
    frame = pl.DataFrame({"outcome": ["bad", "good", None]})
    assert frame.select(loan.bad())["bad"].to_list() == [True, False, None]


def test_data_stands_beside_the_contract(loan: Contract, tmp_path: Path) -> None:
    assert loan.data_path(tmp_path) == tmp_path / "data" / "loans.csv"
    with pytest.raises(BadInput, match="names no data"):
        loan.model_copy(update={"data": ""}).data_path(tmp_path)
    elsewhere = loan.model_copy(update={"data": "/elsewhere/loans.csv"})
    assert elsewhere.data_path(tmp_path) == Path("/elsewhere/loans.csv")


def test_bad_compares_in_the_type_of_the_target() -> None:
    fields = [{"name": "y", "type": "number", "use": "target"}]
    target = {"field": "y", "event": [1, 2]}
    contract = Contract.model_validate({"name": "x", "target": target, "fields": fields})
    frame = pl.DataFrame({"y": [0.0, 1.0, 2.0]})
    assert frame.select(contract.bad())["bad"].to_list() == [False, True, True]


def test_the_gate_lets_features_through_and_stops_protected_fields(loan: Contract) -> None:
    forbid_protected(loan, ["income"], "the scorecard")
    with pytest.raises(GateRefused, match=r"'sex' is a protected field in the scorecard.*audits"):
        forbid_protected(loan, ["income", "sex"], "the scorecard")
    with pytest.raises(GateRefused) as caught:
        forbid_protected(loan, ["sex"], Span("risk.yaml", 4))
    assert caught.value.exit_code == 1
    assert str(caught.value).startswith("risk.yaml:4")


def test_a_protected_feature_cannot_even_be_written() -> None:
    with pytest.raises(ValidationError, match="audits only"):
        Field(name="sex", type="string", sensitivity="protected")


@pytest.mark.parametrize("name", ["default-payment", "1st", "select", "user", "a b", "x" * 64, ""])
def test_names_that_sql_would_misread_are_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        Field(name=name, type="number")


@pytest.mark.parametrize("name", ["purpose", "term", "date", "age", "PAY_0", "_x"])
def test_ordinary_names_are_accepted(name: str) -> None:
    assert Field(name=name, type="number").column == name


@pytest.mark.parametrize(
    ("attributes", "said"),
    [
        ({"type": "number", "range": (5, 1)}, "low end"),
        ({"type": "string", "range": (0, 1)}, "list its values"),
        ({"type": "date", "range": (0, 1)}, "of that type"),
        ({"type": "string", "values": (True, False)}, "quoted"),
        ({"type": "integer", "values": ("a",)}, "must be numbers"),
        ({"type": "string", "values": ("a", "a")}, "twice"),
        ({"type": "date", "format": "yyyy"}, "pattern"),
        ({"type": "number", "format": "0,0"}, "an example such as"),
        ({"type": "number", "range": (0, float("nan"))}, "finite"),
    ],
)
def test_attributes_that_do_not_fit_the_type_are_refused(
    attributes: dict[str, object], said: str
) -> None:
    with pytest.raises(ValidationError, match=said):
        Field.model_validate({"name": "x", **attributes})


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("id: id\n", "id: idd\n", 5, "did you mean 'id'"),
        ("date: applied", "date: income", 6, "type date"),
        ("event: bad", "event: poor", 7, "not among the values"),
        ("event: bad", "event: yes", 7, "quote it"),
        ("event: bad", "event: []", 7, "no event is named"),
        ("field: outcome", "field: applied", 7, "cannot be an outcome"),
        ("12}", "12, observed_months: recovered}", 7, "given twice"),
        ("event: bad", "event: [bad, good]", 7, "good outcome"),
        ("window_months: 12", "observed_months: sex", 7, "number or integer"),
        ("window_months: 12", "observed_months: income", 7, "only after the decision"),
        ("name: sex", "name: Income", 18, "used by two fields"),
        ("name: note", "name: note, column: sex", 20, "column 'sex' is used by two fields"),
        ("[en, zh]", "[en]", 17, "add 'zh'"),
        ("type: number, use: outcome", "type: number, use: target", 19, "names another"),
        ("type: number\n    range", "type: numbr\n    range", 13, "number"),
        ("range: [0, null]", "range: [10, 0]", 14, "low end"),
        ("monotone:", "monotonic:", 16, "did you mean 'monotone'"),
    ],
)  # fmt: skip
def test_every_fault_names_its_line_and_its_mend(
    tmp_path: Path, old: str, new: str, line: int, said: str
) -> None:
    assert old in LOAN
    faults = _faults(tmp_path, LOAN.replace(old, new))
    assert any(
        fault.where is not None and fault.where.line == line and said in str(fault)
        for fault in faults
    ), "\n".join(map(str, faults))


def test_faults_are_reported_together(tmp_path: Path) -> None:
    text = LOAN.replace("id: id\n", "id: idd\n").replace("event: bad", "event: poor")
    assert len(_faults(tmp_path, text)) == 2


def test_a_contract_made_in_code_is_held_to_the_same_rules() -> None:
    field = {"name": "x", "type": "number"}
    with pytest.raises(ValidationError, match="which is no field"):
        Contract.model_validate(
            {"name": "x", "target": {"field": "y", "event": 1}, "fields": [field]}
        )


def test_a_contract_says_where_its_lender_counts_days(tmp_path: Path) -> None:
    assert read_contract(_written(tmp_path, LOAN)).value.time_zone == "UTC"
    there = LOAN.replace("version: 3", "version: 3\ntime_zone: Asia/Shanghai")
    assert read_contract(_written(tmp_path, there)).value.time_zone == "Asia/Shanghai"


def test_a_time_zone_that_is_none_is_refused_where_it_stands(tmp_path: Path) -> None:
    (fault,) = _faults(tmp_path, LOAN.replace("version: 3", "version: 3\ntime_zone: Asia/Shangai"))
    assert fault.where == Span(str(tmp_path / "contract.yaml"), 3, 1)
    assert (fault.field, fault.mend) == ("time_zone", "did you mean 'Asia/Shanghai'?")


def _with(line: str) -> str:
    return LOAN.replace("target: {field", f"{line}\ntarget: {{field")


def test_a_customer_and_a_weight_are_named_by_the_contract(tmp_path: Path) -> None:
    text = _with("customer: person\nweight: stands_for") + (
        "  - {name: person, type: string, use: identifier}\n"
        "  - {name: stands_for, type: number, use: weight}\n"
    )
    contract = read_contract(_written(tmp_path, text)).value
    assert (contract.customer, contract.weight) == ("person", "stands_for")
    assert not {"person", "stands_for"} & set(contract.feature_names)


def test_a_customer_is_no_feature_and_not_the_applications_own_id(tmp_path: Path) -> None:
    assert [f.field for f in _faults(tmp_path, _with("customer: income"))] == ["income"]
    (own,) = _faults(tmp_path, _with("customer: id"))
    assert "cannot name its customer too" in str(own)


def test_a_weight_is_a_number_used_as_one_and_named_once(tmp_path: Path) -> None:
    (used,) = _faults(tmp_path, _with("weight: income"))
    assert "set `use: weight`" in str(used)
    nameless = LOAN + "  - {name: stands_for, type: number, use: weight}\n"
    (orphan,) = _faults(tmp_path, nameless)
    assert "'weight' names another field" in str(orphan) and "`ignore`" in str(orphan)
    words = _with("weight: w") + "  - {name: w, type: string, use: weight}\n"
    (words_fault,) = _faults(tmp_path, words)
    assert "number or integer" in str(words_fault)


SLIP = "  - {name: slip, type: file, source: applicant}\n"


def test_a_document_is_a_fact_that_is_there_or_not(tmp_path: Path) -> None:
    read = read_contract(_written(tmp_path, LOAN + SLIP)).value
    slip = read.field("slip")
    assert (slip.type, slip.accepts) == ("boolean", ("picture", "pdf"))
    assert read.types()["slip"] == "boolean"
    written = slip.model_dump(mode="json")
    assert (written["type"], written["accepts"]) == ("file", ["picture", "pdf"])
    assert Field.model_validate(written) == slip
    assert Contract.model_validate(read.model_dump()) == read
    assert "accepts" not in read.field("income").model_dump()


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("{name: slip, type: file}", "set `source: applicant`"),
        ("{name: slip, type: file, source: bureau}", "its source is bureau"),
        ("{name: slip, type: file, source: applicant, use: identifier}", "its use is identifier"),
        ("{name: slip, type: file, source: applicant, missing_codes: [false]}", "no code stands"),
        ("{name: slip, type: file, source: applicant, accepts: []}", "accepts something"),
        ("{name: slip, type: file, source: applicant, accepts: [word]}", "picture"),
        ("{name: slip, type: file, source: applicant, searchable: true}", "searchable"),
        ("{name: slip, type: boolean, accepts: [pdf]}", "set `type: file`"),
        ("{name: slip, type: flie}", "did you mean 'file'?"),
    ],
)
def test_what_no_document_can_be_is_told_where_it_stands(
    tmp_path: Path, field: str, said: str
) -> None:
    faults = _faults(tmp_path, f"{LOAN}  - {field}\n")
    last = len(LOAN.splitlines()) + 1
    assert any(
        each.where is not None and each.where.line == last and said in str(each) for each in faults
    ), "\n".join(map(str, faults))


def test_there_are_only_so_many_documents(tmp_path: Path) -> None:
    more = "".join(SLIP.replace("slip", f"slip{at}") for at in range(10))
    assert read_contract(_written(tmp_path, LOAN + more))
    (fault,) = _faults(tmp_path, LOAN + more + SLIP)
    assert "there are 10 before it" in str(fault)
