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
    assert "only the book is stressed" in capsys.readouterr().out
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
