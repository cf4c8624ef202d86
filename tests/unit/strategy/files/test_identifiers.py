"""What an answer of a file is about: the contract's id, another column, or its row."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from corner_lender import CONTRACT, TODAY, application, content

from equipoise.contract import Contract
from equipoise.errors import BadInput
from equipoise.strategy.engine import Strategy
from equipoise.strategy.files.decisions import decide_file
from equipoise.strategy.files.identifiers import identified_by
from equipoise.strategy.sealing import seal

_NAMES = ("A1", None, "A3")
KINDS = ("csv", "parquet", "jsonl")


def lender(**changes: Any) -> Strategy:
    """The corner lender under another contract; its files have a loan number beside."""
    loan = {"name": "loan", "column": "Loan no.", "type": "string", "use": "identifier"}
    contract = {**CONTRACT, "fields": [*CONTRACT["fields"], loan], **changes}
    made = content().model_copy(update={"contract": Contract.model_validate(contract)})
    return Strategy(seal(made))


def file_of(folder: Path, kind: str, column: str = "loan") -> Path:
    """Three applications, the second without an id; in JSON lines one line is empty."""
    records = [
        {**application(), "application_id": name, column: f"L{at}.0"}
        for at, name in enumerate(_NAMES, start=1)
    ]
    path = folder / f"given.{kind}"
    if kind == "jsonl":
        lines = [json.dumps(each, default=str) for each in records]
        path.write_text("\n".join([lines[0], "", *lines[1:]]) + "\n")
    elif kind == "csv":
        pl.DataFrame(records).write_csv(path)
    else:
        pl.DataFrame(records).write_parquet(path)
    return path


def ids(strategy: Strategy, source: Path, **more: Any) -> list[str]:
    """The ids of the answers."""
    output = source.with_name("answers.jsonl")
    decide_file(strategy, source, output, at=TODAY, **more)
    return [json.loads(line)["id"] for line in output.read_text().splitlines()]


@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_without_an_id_names_its_row_or_line(kind: str, tmp_path: Path) -> None:
    second = "row 3" if kind == "jsonl" else "row 2"  # errors name a line so, too
    assert ids(lender(), file_of(tmp_path, kind)) == ["A1", second, "A3"]


@pytest.mark.parametrize("kind", KINDS)
def test_where_the_contract_has_no_id_every_answer_names_its_row(kind: str, tmp_path: Path) -> None:
    rows = [1, 3, 4] if kind == "jsonl" else [1, 2, 3]
    assert ids(lender(id=None), file_of(tmp_path, kind)) == [f"row {row}" for row in rows]


@pytest.mark.parametrize("contract_id", ["application_id", None])
@pytest.mark.parametrize("kind", KINDS)
def test_another_column_names_the_applications(
    kind: str, contract_id: str | None, tmp_path: Path
) -> None:
    strategy = lender(id=contract_id)
    source = file_of(tmp_path, kind)
    assert ids(strategy, source, identifier="loan") == ["L1.0", "L2.0", "L3.0"]
    assert identified_by(strategy, "loan").digest == strategy.digest


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_column_that_the_contract_does_not_know_may_name_them(kind: str, tmp_path: Path) -> None:
    source = file_of(tmp_path, kind, column="客户 no.")
    assert ids(lender(id=None), source, identifier="客户 no.") == ["L1.0", "L2.0", "L3.0"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_column_that_is_not_there_is_refused_with_the_nearest(kind: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no column 'loam'") as refused:
        ids(lender(), file_of(tmp_path, kind), identifier="loam")
    assert refused.value.mend == "did you mean 'loan'?"
    assert refused.value.where is not None


def test_a_row_s_name_decides_nothing(tmp_path: Path) -> None:
    """Where an experiment has its share by the id, a row without one has none, as live."""
    frame = pl.read_parquet(file_of(tmp_path, "parquet"))
    assert lender().decide_frame(frame, at=TODAY)["id"].to_list() == list(_NAMES)


def test_traces_are_named_as_the_answers_are(tmp_path: Path) -> None:
    traces = tmp_path / "traces.jsonl"
    for kind, second in (("csv", "row 2"), ("jsonl", "row 3")):
        ids(lender(), file_of(tmp_path, kind), traces=traces)
        named = [json.loads(line)["id"] for line in traces.read_text().splitlines()]
        assert named == ["A1", second, "A3"]
