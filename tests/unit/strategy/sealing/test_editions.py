"""A seal says its edition: an unknown one is refused, an older one sealed anew on request."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from pathlib import Path

import polars as pl
import pytest
from corner_lender import SAFE, TODAY, content, strategy

from equipoise.cli import main
from equipoise.contract.facts import RecordReader, TableReader
from equipoise.errors import BadInput
from equipoise.strategy import editions
from equipoise.strategy.sealing import canonical, read_sealed, seal, unsealed
from equipoise.strategy.upgrading import changed, changed_by, upgraded


def sealed_as(edition: object, **changes: object) -> bytes:
    data = {**content().plain(), "edition": edition, **changes}
    if edition is None:
        del data["edition"]
    text = canonical(data)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return f'{{"digest":"{digest}","sealed":{text}}}\n'.encode()


def test_an_unknown_edition_is_refused_with_its_mend():
    for edition, mend in ((None, "strategy upgrade"), (1, "strategy upgrade"), (99, "a later one")):
        with pytest.raises(BadInput, match="edition") as error:
            unsealed(sealed_as(edition))
        assert mend in (error.value.mend or "")


def test_an_older_edition_is_sealed_anew(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    old.write_bytes(sealed_as(None, version=1))
    applications = tmp_path / "a.jsonl"
    applications.write_text(json.dumps({**SAFE, "applied_on": TODAY.isoformat(),
                                        "score_date": TODAY.isoformat()}) + "\n")  # fmt: skip
    answers = strategy().decide_records([json.loads(applications.read_text())])
    then = tmp_path / "then.parquet"
    answers.with_columns(outcome=pl.lit("refer")).write_parquet(then)
    with pytest.raises(SystemExit) as end:
        main(["strategy", "upgrade", str(old), "--output", str(new), "--on", str(applications),
              "--answers", str(then), "--json"])  # fmt: skip
    assert end.value.code == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["edition"], document["applications"], document["changed"]) == (
        editions.CURRENT,
        1,
        1,
    )
    assert document["people"][0] == {
        "id": "safe", "before": "refer", "after": "approve", "differs": ["outcome"],
    }  # fmt: skip
    assert read_sealed(new).digest == seal(content()).digest == document["digest"]
    assert old.read_bytes() == sealed_as(None, version=1)


def test_without_the_older_edition_its_answers_are_needed(tmp_path: Path):
    old = tmp_path / "old.json"
    old.write_bytes(sealed_as(None, version=1))
    with pytest.raises(BadInput, match="older edition") as error:
        changed_by(upgraded(old), "a.jsonl", None)
    assert error.value.field == "--answers"


def test_a_strategy_of_this_edition_needs_none(tmp_path: Path):
    path = tmp_path / "s.json"
    path.write_bytes(seal(content()).text().encode())
    with pytest.raises(BadInput, match="already"):
        upgraded(path)


class _Halving(RecordReader):
    """An edition that takes every amount for half of what it is."""

    def read(self, application, where=None):  # type: ignore[no-untyped-def]
        record = super().read(application, where)
        halved = {**record.facts, "amount": record.facts["amount"] / 2}
        return dataclasses.replace(record, facts=halved)


def test_two_editions_decide_side_by_side_each_as_it_was_sealed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    other = dataclasses.replace(editions.EDITIONS[editions.CURRENT], number=0, records=_Halving)
    monkeypatch.setitem(editions.EDITIONS, 0, other)
    path = tmp_path / "old.json"
    path.write_bytes(sealed_as(0))
    upgrade = upgraded(path)
    assert upgrade.before is not None
    from equipoise.strategy import Strategy

    before, after = Strategy(upgrade.before), Strategy(upgrade.after)
    assert before.decide(SAFE, at=TODAY).offers[0].amount == SAFE["amount"] / 2
    assert after.decide(SAFE, at=TODAY).offers[0].amount == SAFE["amount"]
    record = tmp_path / "a.jsonl"
    record.write_text(json.dumps(SAFE, default=str) + "\n")
    change = changed_by(upgrade, str(record), None, TODAY)
    assert change.people["id"].to_list() == ["safe"]


def test_answers_of_other_applications_are_no_comparison():
    answers = strategy().decide_records([SAFE], at=TODAY)
    others = answers.with_columns(id=pl.lit("somebody"))
    with pytest.raises(BadInput, match="same applications"):
        changed(others, answers)
    assert changed(answers, answers).people.height == 0


def test_an_edition_reads_records_and_tables_by_the_same_room():
    edition = editions.edition_of(editions.CURRENT)
    assert (edition.records, edition.tables()) == (RecordReader, TableReader)
