"""`equipoise recourse`: ways back as JSON or words, and what bad input gets."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from corner_lender import TODAY, application
from tests.unit.strategy.recourse.changeable import changeable

from equipoise.cli.run import run
from equipoise.strategy.engine import load_strategy

ON = ("--at", "2026-03-02")
RISKY = {"score": 650.0, "dti": 0.4, "employment": "own"}


@pytest.fixture(scope="module")
def sealed(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("sealed") / "corner.json"
    changeable(languages=("en", "zh"), texts=both()).sealed.write(path)
    return path


def both() -> dict[str, dict[str, str]]:
    codes = ("DEBTS", "SICK", "STRAINED")
    return {code: {"en": code.lower(), "zh": code.lower()} for code in codes}


def written(folder: Path, **facts) -> Path:
    path = folder / "application.json"
    path.write_text(json.dumps(application(**facts), default=str), encoding="utf-8")
    return path


def test_each_way_says_what_changes_and_is_answered_so_again(sealed, tmp_path, capsys):
    source = written(tmp_path, **RISKY)
    assert run(["recourse", str(sealed), str(source), *ON, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    strategy, record = load_strategy(sealed), json.loads(source.read_text())
    assert document
    for each in document:
        assert {"kind", "changes", "outcome"} <= each.keys()
        changes = {change["field"]: change["to"] for change in each["changes"]}
        assert strategy.decide({**record, **changes}, at=TODAY).outcome == each["outcome"]
        assert all(change["said"].keys() == {"en", "zh"} for change in each["changes"])


def test_no_more_ways_are_shown_than_asked_for(sealed, tmp_path, capsys):
    source = written(tmp_path, **RISKY)
    assert run(["recourse", str(sealed), str(source), "--most", "1", *ON, "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 1


def test_in_words_the_ways_stand_in_a_table(sealed, tmp_path, capsys):
    assert run(["recourse", str(sealed), str(written(tmp_path, **RISKY)), *ON]) == 0
    shown = capsys.readouterr().out
    assert "The answer is decline" in shown
    assert "permanent" in shown


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({}, "The answer is yes already"),
        ({"score": 310.0, "employment": "permanent"}, "No change that the contract allows"),
    ],
)
def test_an_empty_list_comes_with_a_plain_sentence(sealed, tmp_path, capsys, facts, sentence):
    source = str(written(tmp_path, **facts))
    assert run(["recourse", str(sealed), source, *ON, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []
    assert run(["recourse", str(sealed), source, *ON]) == 0
    assert sentence in capsys.readouterr().out


def test_a_wrong_application_exits_two_and_names_the_field(sealed, tmp_path, capsys):
    source = str(written(tmp_path, incom=3000.0))
    assert run(["recourse", str(sealed), source]) == 2
    assert "did you mean 'income'" in capsys.readouterr().err


def test_a_file_that_is_not_there_and_a_broken_seal_exit_two(sealed, tmp_path, capsys):
    assert run(["recourse", str(sealed), str(tmp_path / "nobody.json")]) == 2
    assert "the file does not exist" in capsys.readouterr().err
    broken = tmp_path / "broken.json"
    broken.write_text(sealed.read_text().replace("corner", "cornet", 1))
    assert run(["recourse", str(broken), str(written(tmp_path))]) == 2
    assert "seal" in capsys.readouterr().err
