"""`equipoise stress` on a book: drafted, run, a limit broken, files told wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from loan_tapes import known_tape, read_known

from equipoise.cli.run import run

HISTORY = "Date,Unemployment rate\n" + "".join(
    f"{year} Q{quarter},{5 + (year % 7) / 2 + quarter / 10}\n"
    for year in range(2000, 2024)
    for quarter in (1, 2, 3, 4)
)
ADVERSE = """\
scenario,variable,period,value
adverse,Unemployment rate,2023 Q1,10
adverse,Unemployment rate,2023 Q2,12
adverse,Unemployment rate,2023 Q3,11
"""


def _json(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, dict[str, Any]]:
    code = run([*map(str, arguments), "--json"])
    return code, json.loads(capsys.readouterr().out)


@pytest.fixture
def lender(tmp_path: Path) -> Path:
    read_known(tmp_path, known_tape(300, 30))
    (tmp_path / "history.csv").write_text(HISTORY, "utf-8")
    (tmp_path / "adverse.csv").write_text(ADVERSE, "utf-8")
    return tmp_path


def test_a_book_is_drafted_stressed_drawn_and_its_limit_broken(
    lender: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario = ("--scenario", lender / "adverse.csv")
    code, told = _json(capsys, "stress", lender, *scenario)
    assert code == 2
    assert "--history FILE" in told["mend"]
    first = [*map(str, ("stress", lender, "--history", lender / "history.csv", *scenario))]
    assert run([*first, "--lang", "zh"]) == 0
    said = capsys.readouterr().out
    assert "only the book is stressed" in said
    assert "adverse begins in 2023 Q1, the book ends in 2023-06: it is run on from there." in said
    assert "谁仍能得到服务" in (lender / "stress/stress.zh.html").read_text("utf-8")
    kept = json.loads((lender / "stress/stress.json").read_text("utf-8"))
    assert [each["quarter"] for each in kept["scenarios"][0]["quarters"]] == [
        "2023 Q1",
        "2023 Q2",
        "2023 Q3",
    ]
    assert kept["link"]["kind"] == "factor"
    assert "quarters with a default rate" in kept["link"]["why"]
    rate = kept["scenarios"][0]["loss_rate"]
    code = run([*map(str, ("stress", lender, *scenario)), "--reverse", f"loss_rate <= {rate / 2}"])
    assert code == 1
    said = capsys.readouterr()
    assert "% (adverse)" in (lender / "stress/stress.html").read_text("utf-8")
    assert "breaks at 0." in said.out
    assert "breaks what was set as a limit" in said.err
    code = run(
        [*map(str, ("stress", lender, *scenario)), "--reverse", f"loss_rate <= {rate * 1.01}"]
    )
    assert code == 0


def test_what_is_wrong_with_files_is_told_with_line_and_mend(
    lender: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["stress", str(lender), "--history", str(lender / "history.csv")])
    capsys.readouterr()
    document = lender / "stress.yaml"
    whole = document.read_text("utf-8")
    scenario = ("--scenario", lender / "adverse.csv")
    document.write_text(whole.replace("Unemployment rate", "Unemployment"), "utf-8")
    code, told = _json(capsys, "stress", lender, *scenario)
    assert (code, told["mend"]) == (2, "did you mean 'Unemployment rate'?")
    assert str(told["file"]).endswith("stress.yaml")
    document.write_text(whole.replace("0.15", "1.5"), "utf-8")
    code, told = _json(capsys, "stress", lender, *scenario)
    assert code == 2
    assert "`rho` lies above 0 and below 1" in str(told)
    document.write_text(whole, "utf-8")
    (lender / "adverse.csv").write_text(ADVERSE.replace("2023 Q3,11", "2024 Q4,11"), "utf-8")
    code, told = _json(capsys, "stress", lender, *scenario)
    assert code == 2
    assert "2023 Q3 is missing" in str(told)


FED = "Scenario Name,Date,Unemployment rate\n"
LONG = "scenario,variable,period,value\n"
JOBS = "Unemployment rate"


@pytest.mark.parametrize(
    ("text", "told", "row"),
    [
        (f"{FED}a,2023 Q1,9\na,2023 Q3,10\n", "2023 Q2 is missing", 2),
        (f"{FED}a,2023 Q1,9\na,2023 Q1,10\n", "2023 Q1 comes twice", 2),
        (f"{FED}a,2023 Q2,9\na,2023 Q1,10\n", "out of its order", 2),
        (f"{FED}a,2023 Q1,9\na,2023 Q2,ten\n", "'ten' is no number", 2),
        (f"{FED}a,2023 Q1,9\na,2023 Q2,inf\n", "'inf' is no number", 2),
        (f"{FED}a,2023 Q1,9%\n", "'9%' is no number", 1),
        (f"{FED}a,2023 Q1,9\na,2023 Q2,\n", f"has no '{JOBS}' in 2023 Q2", 2),
        (f"{FED}a,2023 Q1,9\na,soon,10\n", "'soon' is no quarter", 2),
        (f"{FED}a,2023 Q1,9\nb,2023 Q2,10\n", "the file is of 'a', and here of 'b'", 2),
        (f"{FED}a,2023 Q1,9\na,2023 Q2,0.10\na,2023 Q3,8\n",
             "is 0.1 in 2023 Q2, and in the past", 2),
        (f"{FED}a,2023 Q1,900\n", "is 900 in 2023 Q1, and in the past", 1),
        (f"{FED}a,2030 Q1,9\n", "the past ends with 2023 Q4", 1),
        ("Date,Unemploymnt rate\n2023 Q1,9\n", f"has no variable '{JOBS}'", None),
        ("Date\n2023 Q1\n", "no variable beside its dates", None),
        (FED, "a header and no rows", None),
        ("Scenario Name,Date,Real GDP growth,Nominal GDP growth\n", "a header and no rows", None),
        (f"{FED}a,2023 Q1,9\n,,\na,2023 Q2,9\n", "the row names no quarter", 2),
        (f"{LONG}a,{JOBS},2023 Q1,9\nb,{JOBS},2023 Q1,9\na,{JOBS},2023 Q3,9\n",
         "2023 Q2 is missing", 3),
        (f"{LONG}a,{JOBS},2023 Q1,9\na,Prices,2023 Q2,9\n", f"has no '{JOBS}' in 2023 Q2", 2),
        (f"{LONG}a,{JOBS},2023 Q1,9\na,{JOBS},2023 Q1,8\n", "told twice", 2),
        (f"{LONG}a,{JOBS},2023 Q1,9\nb,{JOBS},2023 Q1,9\nb,{JOBS},2023 Q2,9\n",
         "'b' has 2 quarters, and 'a' has 1", None),
    ],
)  # fmt: skip
def test_a_wrong_scenario_is_told_with_file_row_and_mend_and_nothing_is_written(
    lender: Path, capsys: pytest.CaptureFixture[str], text: str, told: str, row: int | None
) -> None:
    run(["stress", str(lender), "--history", str(lender / "history.csv")])
    capsys.readouterr()
    (lender / "adverse.csv").write_text(text, "utf-8")
    before = {each.name for each in lender.iterdir()}
    code, fault = _json(capsys, "stress", lender, "--scenario", lender / "adverse.csv")
    assert code == 2
    assert told in str(fault["message"])
    assert (Path(str(fault["file"])).name, fault["row"]) == ("adverse.csv", row)
    assert fault["mend"]
    assert {each.name for each in lender.iterdir()} == before


def test_two_scenarios_of_one_name_are_told(
    lender: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["stress", str(lender), "--history", str(lender / "history.csv")])
    capsys.readouterr()
    scenario = ("--scenario", lender / "adverse.csv")
    code, fault = _json(capsys, "stress", lender, *scenario, *scenario)
    assert (code, fault["message"]) == (2, "two scenarios are called 'adverse'")


STRICTER = """\
pack: own
caution: {en: Ours alone., zh: 仅供自用。}
weightings:
  - {id: own.now, asset_class: other_retail, weights: [1.0], from: 2020-01-01, until: 2026-12-31,
     source: ours, verified: unseen}
  - {id: own.then, asset_class: other_retail, weights: [1.5], from: 2027-01-01,
     source: ours, verified: unseen}
"""


def test_a_change_of_rules_is_tried_on_the_book_by_its_day(
    lender: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (lender / "own.yaml").write_text(STRICTER, "utf-8")
    packs = ("--rules", "IFRS", "--rules", "BASEL", "--rules", "own.yaml")

    def assets(*more: str) -> dict[str, float]:
        code, told = _json(capsys, "portfolio", "try-rules", lender, *packs, *more)
        assert code == 0, told
        (row,) = (
            each
            for each in told["moved"]
            if (each["figure"], each["of"]) == ("risk-weighted assets", "standardised")
        )
        return row

    today, later = assets(), assets("--on", "2027-01-01")
    assert today["before"] == later["before"]
    assert later["after"] > today["after"] > today["before"]
    assert later["change"] == pytest.approx(later["after"] - later["before"])
    code = run(["portfolio", "try-rules", str(lender), "--rules", "IFRSS"])
    assert code == 2
    assert "did you mean" in capsys.readouterr().err
