"""The type of a file decides nothing: cases that strangers found, with inputs of our own."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from corner_lender import CONTRACT, SAFE, TODAY, content

from equipoise.contract import Contract
from equipoise.errors import BadInput
from equipoise.strategy import Strategy, seal
from equipoise.strategy.files.decisions import decide_file, decided_pieces

LAST_YEAR = date(2025, 3, 2)


def strategy_with(*fields: dict[str, Any], **changes: Any) -> Strategy:
    own = {each["name"]: each for each in fields}
    all_fields = [own.pop(each["name"], each) for each in CONTRACT["fields"]]
    contract = Contract.model_validate({**CONTRACT, "fields": [*all_fields, *own.values()],
                                        **changes})  # fmt: skip
    return Strategy(seal(content().model_copy(update={"contract": contract})))


def plain(record: dict[str, Any]) -> dict[str, Any]:
    return {n: v.isoformat() if isinstance(v, date) else v for n, v in record.items()}


def everywhere(strategy: Strategy, record: dict[str, Any], folder: Path) -> set[tuple[Any, ...]]:
    """What one application is answered as JSON lines, CSV and Parquet, typed and as text."""
    (folder / "a.jsonl").write_text(json.dumps(plain(record)) + "\n")
    frame = pl.DataFrame({name: [value] for name, value in record.items()})
    texts = frame.select(pl.all().cast(pl.String))
    texts.write_csv(folder / "a.csv", quote_style="always")
    frame.write_parquet(folder / "typed.parquet")
    texts.write_parquet(folder / "texts.parquet")
    answers = set()
    for name in ("a.jsonl", "a.csv", "typed.parquet", "texts.parquet"):
        ((_, one),) = decided_pieces(strategy, folder / name)
        answers.add(
            (one["outcome"][0], tuple(one["reasons"][0]), one["treatment"][0], one["pd"][0])
        )
    return answers


def test_the_applications_own_date_counts_in_every_kind_of_file(tmp_path: Path):
    old = {**SAFE, "applied_on": LAST_YEAR, "score_date": LAST_YEAR}
    (answer,) = everywhere(strategy_with(), old, tmp_path)
    assert answer[0] == "approve"


def test_a_code_for_a_missing_day_is_missing_everywhere(tmp_path: Path):
    coded = {"name": "score_date", "type": "date", "missing_codes": ["1900-01-01"]}
    (answer,) = everywhere(strategy_with(coded), {**SAFE, "score_date": date(1900, 1, 1)}, tmp_path)
    assert answer[:2] == ("refer", ("STALE_FACT",))


@pytest.mark.parametrize("blank", ["", "  ", "\u3000"])
def test_empty_text_is_missing_everywhere(blank: str, tmp_path: Path):
    asked = {"name": "employment", "type": "string", "missing": "refuse",
             "values": ["permanent", "temporary", "own"]}  # fmt: skip
    (answer,) = everywhere(strategy_with(asked), {**SAFE, "employment": blank}, tmp_path)
    assert answer[:2] == ("refer", ("MISSING_FACT",))


def test_blanks_around_a_word_say_nothing_new(tmp_path: Path):
    (answer,) = everywhere(strategy_with(), {**SAFE, "employment": " permanent "}, tmp_path)
    assert answer[0] == "approve"


def test_a_fact_of_tomorrow_goes_to_a_person_everywhere(tmp_path: Path):
    slip = {**SAFE, "score_date": date(2062, 2, 20)}
    (answer,) = everywhere(strategy_with(), slip, tmp_path)
    assert answer[:2] == ("refer", ("FUTURE_DATE",))
    ranged = {"name": "score_date", "type": "date", "range": [None, date(2100, 1, 1)]}
    (answer,) = everywhere(strategy_with(ranged), slip, tmp_path)
    assert answer[:2] == ("refer", ("FUTURE_DATE",))


def test_a_name_given_twice_is_refused_with_its_line(tmp_path: Path):
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(plain(SAFE)) + "\n" + '{"dti": 0.9, "dti": 0.2}\n')
    with pytest.raises(BadInput, match="'dti' is given twice") as error:
        decide_file(strategy_with(), path, tmp_path / "out.jsonl")
    assert error.value.where is not None and error.value.where.line == 2
    assert not (tmp_path / "out.jsonl").exists()


@pytest.mark.parametrize("field", ["application_id", "employment", "sex"])
def test_half_a_character_anywhere_is_refused_with_line_and_field(field: str, tmp_path: Path):
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({**plain(SAFE), field: "x\ud83d"}) + "\n")
    with pytest.raises(BadInput, match="half a character") as error:
        decide_file(strategy_with(), path, tmp_path / "out.jsonl")
    assert (error.value.field, error.value.where and error.value.where.line) == (field, 1)


def test_an_identifier_is_one_text_whichever_program_typed_it(tmp_path: Path):
    strategy = strategy_with({"name": "application_id", "type": "integer", "use": "identifier"})
    for name, value in {"int": 7, "float": 7.0, "text": "7", "written": "7.0"}.items():
        frame = pl.DataFrame({n: [v] for n, v in {**SAFE, "application_id": value}.items()})
        frame.write_parquet(tmp_path / f"{name}.parquet")
        ((_, one),) = decided_pieces(strategy, tmp_path / f"{name}.parquet")
        assert one["id"].to_list() == ["7"]
        assert strategy.decide({**SAFE, "application_id": value}).id == "7"


def test_facts_beside_the_contract_stand_beside_the_answers(tmp_path: Path):
    strategy = strategy_with(extra="keep")
    records = [{**plain(SAFE), "crm": "A-1"}, {**plain(SAFE), "crm": None}]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(each) + "\n" for each in records))
    decide_file(strategy, tmp_path / "a.jsonl", tmp_path / "out.parquet")
    assert pl.read_parquet(tmp_path / "out.parquet")["extra.crm"].to_list() == ["A-1", None]
    frame = pl.DataFrame(records)
    assert strategy.decide_frame(frame)["extra.crm"].to_list() == ["A-1", None]
    assert strategy.decide(records[0]).outcome == strategy_with().decide(plain(SAFE)).outcome


def test_a_fact_that_first_stands_beside_a_later_application_is_refused(tmp_path: Path):
    strategy = strategy_with(extra="keep")
    lines = [json.dumps(plain(SAFE))] * 10_001 + [json.dumps({**plain(SAFE), "late": 1})]
    (tmp_path / "a.jsonl").write_text("\n".join(lines) + "\n")
    with pytest.raises(BadInput, match="'late' stands beside") as error:
        decide_file(strategy, tmp_path / "a.jsonl", tmp_path / "out.parquet", at=TODAY)
    assert error.value.where is not None and error.value.where.line == 10_002
