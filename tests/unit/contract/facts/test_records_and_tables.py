"""Names, identifiers and what stands beside: one application and a table of them."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from equipoise.contract import Contract
from equipoise.contract.facts import RecordReader, TableReader
from equipoise.contract.facts.table import Source
from equipoise.errors import BadInput


def contract(**changes: Any) -> Contract:
    fields = [
        {"name": "key", "column": "Loan Key", "type": "string", "use": "identifier"},
        {"name": "asked_on", "column": "Asked On", "type": "date", "use": "date"},
        {"name": "income", "column": "Monthly Income", "type": "number", "missing": "refuse"},
        {"name": "bad", "type": "boolean", "use": "target"},
    ]
    return Contract.model_validate(
        {"name": "c", "id": "key", "date": "asked_on", "target": {"field": "bad", "event": True},
         "fields": fields, **changes}
    )  # fmt: skip


GIVEN = {"Loan Key": 7.0, "Asked On": "2026-01-31", "Monthly Income": "1200"}


def table(record: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame({name: [value] for name, value in record.items()})


def test_headers_and_names_mean_the_same_field():
    by_name = {"key": "7", "asked_on": date(2026, 1, 31), "income": 1200}
    for given in (GIVEN, by_name):
        record = RecordReader(contract(), ["income"]).read(given)
        assert (record.facts, record.id, record.day) == ({"income": 1200.0}, "7", date(2026, 1, 31))
        read = TableReader(contract(), ["income"]).read(table(given), Source())
        assert read.facts["income"].to_list() == [1200.0]
        assert (read.ids.to_list(), read.days.to_list()) == (["7"], [date(2026, 1, 31)])


def test_a_field_given_under_both_names_is_refused():
    twice = {**GIVEN, "income": 5}
    with pytest.raises(BadInput, match="given twice"):
        RecordReader(contract(), ["income"]).read(twice)
    with pytest.raises(BadInput, match="given twice"):
        TableReader(contract(), ["income"]).read(table(twice), Source("f.csv"))


def test_a_header_that_is_another_fields_name_is_no_contract():
    with pytest.raises(ValueError, match="as another field is"):
        contract(fields=[
            {"name": "a", "column": "b", "type": "number"}, {"name": "b", "column": "c",
             "type": "number"}, {"name": "bad", "type": "boolean", "use": "target"},
        ], id=None, date=None)  # fmt: skip


def test_facts_beside_the_contract_are_refused_ignored_or_kept():
    beside = {**GIVEN, "crm": 12, "note": "a b"}
    with pytest.raises(BadInput, match="'crm' is not in contract"):
        RecordReader(contract(), ["income"]).read(beside)
    with pytest.raises(BadInput, match="column 'crm' is not in contract"):
        TableReader(contract(), ["income"]).read(table(beside), Source())

    ignoring = RecordReader(contract(extra="ignore"), ["income"])
    assert ignoring.read(beside).facts == {"income": 1200.0}
    assert ignoring.extras(beside) == {}
    assert ignoring.kept(beside) == GIVEN
    assert (
        TableReader(contract(extra="ignore"), ["income"])
        .read(table(beside), Source())
        .extras.columns
        == []
    )

    keeping = RecordReader(contract(extra="keep"), ["income"])
    assert keeping.read(beside).facts == {"income": 1200.0}
    assert keeping.extras(beside) == {"crm": "12", "note": "a b"}
    assert keeping.kept(beside) == beside
    kept = TableReader(contract(extra="keep"), ["income"]).read(table(beside), Source()).extras
    assert kept.to_dicts() == [{"extra.crm": 12, "extra.note": "a b"}]


@pytest.mark.parametrize("empty", ["", "  ", None, float("nan")])
def test_an_empty_identifier_is_none(empty):
    assert RecordReader(contract(), ["income"]).read({**GIVEN, "Loan Key": empty}).id is None
    read = TableReader(contract(), ["income"]).read(table({**GIVEN, "Loan Key": empty}), Source())
    assert read.ids.to_list() == [None]


def test_an_unreadable_value_is_named_with_its_row():
    frame = pl.DataFrame({"Monthly Income": ["1", "x", "2", "y"]})
    with pytest.raises(BadInput, match=r"'income' is 'x'.*1 more row") as error:
        TableReader(contract(), ["income"]).read(frame, Source("f.csv", first_row=11))
    assert str(error.value.where) == "f.csv: row 12"
