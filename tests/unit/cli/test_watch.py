"""`equipoise watch` on a small book: what it prints, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from tests.unit.cli.workspaces import Cli, Ran
from watches import HEAD, loans, months

INDICATORS = """\
  - {name: arrears, level: portfolio, about: credit, table: loans, kind: rate, of: "days >= 30",
     owner: ana}
  - {name: scores, level: product, about: credit, table: loans, kind: distribution, of: score,
     owner: bo}
"""


def folder_with(path: Path, frame: pl.DataFrame, ending: str) -> Path:
    text = HEAD.format(history=24).replace("loans.parquet", f"loans.{ending}")
    (path / "watch.yaml").write_text(text + INDICATORS, encoding="utf-8")
    data = path / f"loans.{ending}"
    frame.write_parquet(data) if ending == "parquet" else frame.write_csv(data)
    return path


def worse(frame: pl.DataFrame) -> pl.DataFrame:
    """The last month's borrowers with a large balance are all late."""
    last = pl.col("month") == pl.col("month").max()
    late = pl.when(last & (pl.col("balance") > 4000)).then(60.0).otherwise(pl.col("days"))
    return frame.with_columns(late.alias("days"))


def refused(cli: Cli, command: str, folder: Path, code: int) -> Ran:
    done = cli("watch", command, folder)
    assert done.code == code, done.err
    return done


@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_a_sound_watch_is_checked_and_a_quiet_book_does_not_ring(
    cli: Cli, tmp_path: Path, ending: str
) -> None:
    folder = folder_with(tmp_path, loans(3, periods=27), ending)
    checked = cli("watch", "check", folder, "--json").json
    assert checked["tables"]["loans"]["periods"] == 27
    assert checked["indicators"]["arrears"]["red"] == 0.01  # capped: few indicators are no excuse
    told = cli("watch", "measure", folder, "--json").json
    assert told["alarms"] == []
    assert len(told["readings"]) == 2 * 27


def test_an_alarm_is_the_answer_no(cli: Cli, tmp_path: Path) -> None:
    folder = folder_with(tmp_path, worse(loans(3, periods=27)), "parquet")
    done = refused(cli, "measure", folder, 1)
    assert "arrears" in done.out
    assert "red" in done.out
    assert "1 of 2 indicators raise an alarm: arrears" in done.err


def test_a_cell_that_is_no_number_is_told_with_its_row(cli: Cli, tmp_path: Path) -> None:
    folder = folder_with(tmp_path, loans(3, periods=25, rows=50), "csv")
    lines = (folder / "loans.csv").read_text(encoding="utf-8").splitlines()
    lines[4] = lines[4].replace(lines[4].split(",")[1], "soon", 1)
    (folder / "loans.csv").write_text("\n".join(lines), encoding="utf-8")
    done = refused(cli, "check", folder, 2)
    assert "loans.csv: row 4" in done.err
    assert "'soon' is no number" in done.err


def test_a_missing_file_and_an_unknown_column_are_told(cli: Cli, tmp_path: Path) -> None:
    folder = folder_with(tmp_path, loans(3, periods=25, rows=50).drop("pd"), "parquet")
    assert "has no column 'pd'" in refused(cli, "check", folder, 2).err
    (folder / "loans.parquet").unlink()
    assert "does not exist" in refused(cli, "check", folder, 2).err


def test_a_month_that_nobody_delivered_rings_as_a_fault_of_the_data(
    cli: Cli, tmp_path: Path
) -> None:
    frame = loans(3, periods=28)
    gap = months(28)[26]
    folder = folder_with(tmp_path, frame.filter(pl.col("month") != gap), "parquet")
    told = cli("watch", "measure", folder, "--json").json
    silent = [each for each in told["readings"] if each["fault"]]
    assert {(each["period"], each["fault"]) for each in silent} == {(gap.isoformat(), "silent")}


@pytest.fixture
def tape(tmp_path: Path) -> Path:
    """A loan tape of ten months: one row for each loan and month."""
    rng = np.random.default_rng(5)
    lines = ["loan_id,month,balance,dpd,region,pd,opened"]
    for loan in range(900):
        opened, days = int(rng.integers(0, 9)), 0
        for at in range(opened + 1, 11):
            days = days + 30 if days and rng.random() < 0.4 else int(20 * (rng.random() < 0.04))
            region = "north" if loan % 3 else "south"
            owed, begun = f"{1000 - 10 * at}.50", f"2025-{opened + 1:02d}"
            lines.append(f"L{loan},2025-{at:02d},{owed},{days},{region},0.05,{begun}")
    path = tmp_path / "tape.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_a_watch_is_drafted_from_a_loan_tape_and_measures_it(cli: Cli, tape: Path) -> None:
    folder = tape.parent / "lender"
    assert cli("portfolio", "draft", folder, "--tape", tape, "--currency", "CNY").code == 0
    made = cli("watch", "draft", folder, "--json").json
    assert {"newly_late", "first_payment_missed", "roll_to_31", "newly_late_against_pd"} <= set(
        made["indicators"]
    )
    done = cli("watch", "measure", folder, "--json")
    told = {
        each["indicator"]: each for each in done.json["readings"] if each["period"] == "2025-10-01"
    }
    text = tape.read_text(encoding="utf-8").splitlines()[1:]
    cells = {(row.split(",")[0], row.split(",")[1]): row.split(",") for row in text}
    rows = [
        (int(cells[loan, "2025-10"][3]), int(cells[loan, "2025-09"][3]))
        for loan, month in cells
        if month == "2025-10" and (loan, "2025-09") in cells
    ]
    current = [days for days, before in rows if before == 0]
    assert told["newly_late"]["n"] == len(current)
    assert told["newly_late"]["value"] == pytest.approx(sum(d > 0 for d in current) / len(current))
    first = [row for row in cells.values() if row[1] == "2025-10" and row[6] == "2025-09"]
    assert told["first_payment_missed"]["n"] == len(first)
    done = cli("watch", "draft", folder)
    assert done.code == 2
    assert "there is a watch.yaml already" in done.err


def test_a_drafted_watch_says_when_rows_are_due_and_what_warnings_are_held_against(
    cli: Cli, tape: Path
) -> None:
    folder = tape.parent / "lender"
    assert cli("portfolio", "draft", folder, "--tape", tape, "--currency", "CNY").code == 0
    assert cli("watch", "draft", folder).code == 0
    from equipoise.workspace.watches import watch_of

    watch = watch_of(folder).document
    assert watch.table("book").due_days == 10
    assert watch.borrowers is not None
    assert watch.borrowers.days == "days"
    told = cli("watch", "backtest", folder, "--json").json
    assert [each["indicator"] for each in told["borrowers"]] == ["days_late_of_a_loan"]


def test_a_table_that_is_a_folder_is_told_as_one(cli: Cli, tmp_path: Path) -> None:
    folder_with(tmp_path, loans(3, periods=8, rows=10), "csv")
    (tmp_path / "loans.csv").unlink()
    (tmp_path / "loans.csv").mkdir()
    assert "the file of table 'loans' is a folder" in refused(cli, "check", tmp_path, 2).err


def test_an_alarm_under_json_is_one_document_and_the_exit_code(cli: Cli, tmp_path: Path) -> None:
    months = [f"2025-{at:02d}" for at in range(1, 9)]
    rows = "\n".join(f"{month},{int(at < 5)}" for month in months for at in range(100))
    (tmp_path / "rows.csv").write_text(f"month,late\n{rows}\n", encoding="utf-8")
    (tmp_path / "watch.yaml").write_text(
        """\
name: bound
history: 6
people: [{id: ana}]
tables: [{name: rows, data: rows.csv, period: month, columns: {month: date, late: integer}}]
indicators:
  - {name: late, level: portfolio, about: credit, table: rows, kind: rate, of: "late = 1",
     against: bound, red: {at: 0.01}, owner: ana}
""",
        encoding="utf-8",
    )
    done = cli("watch", "measure", tmp_path, "--json")
    assert done.code == 1
    assert done.json["alarms"] == ["late"]
    assert done.err == ""
    said = cli("watch", "measure", tmp_path)
    assert said.code == 1
    assert "1 of 1 indicators raise an alarm: late; look at late first" in said.err


def test_nothing_to_draft_from_is_told(cli: Cli, tmp_path: Path) -> None:
    done = cli("watch", "draft", tmp_path)
    assert done.code == 2
    assert "neither tape.yaml nor a contract.yaml" in done.err


def test_a_drafted_watch_of_applications_reads_them_by_their_contract(
    cli: Cli, tmp_path: Path
) -> None:
    from equipoise.workspace import new_demo

    folder = tmp_path / "demo"
    new_demo(folder, 3_000, 3)
    made = cli("watch", "draft", folder, "--json").json
    assert "applications_rows" in made["indicators"]
    assert any(name.startswith("applications_without_") for name in made["indicators"])
    told = cli("watch", "measure", folder, "--json").json
    rows = [each["n"] for each in told["readings"] if each["indicator"] == "applications_rows"]
    assert sum(rows) == 3_000
