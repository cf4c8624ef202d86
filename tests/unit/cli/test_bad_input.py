"""Whatever is wrong, a person hears where and how to mend it, and nothing is half-written."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.cli.workspaces import Cli, drafted, loans, replaced

TARGET = ("--target", "defaulted")


def new(cli: Cli, folder: Path, text: str | bytes, *options: str) -> str:
    """What `new --from` says of a bad file; it must refuse, and leave no folder behind."""
    data = folder / "loans.csv"
    data.write_bytes(text if isinstance(text, bytes) else text.encode())
    ran = cli("new", folder / "ws", "--from", data, *(options or TARGET))
    assert ran.code == 2, ran.err
    assert ran.out == ""
    assert sorted(path.name for path in folder.iterdir()) == ["loans.csv"]
    return ran.err


def test_truncated_csv_names_the_line(cli: Cli, tmp_path: Path) -> None:
    text = loans(200)
    said = new(cli, tmp_path, text[: text.rindex(",") - 8])
    assert "loans.csv:201" in said


def test_mixed_encodings_name_file_and_mend(cli: Cli, tmp_path: Path) -> None:
    lines = loans(200).replace("home", "maisön")
    said = new(cli, tmp_path, lines.encode() + lines.split("\n", 1)[1].encode("latin-1"))
    assert "loans.csv" in said
    assert "UTF-8" in said


def test_target_that_is_no_column_gets_the_nearest(cli: Cli, tmp_path: Path) -> None:
    said = new(cli, tmp_path, loans(200), "--target", "defaultd")
    assert "did you mean 'defaulted'?" in said


def test_target_with_one_class_is_refused(cli: Cli, tmp_path: Path) -> None:
    assert "defaulted" in new(cli, tmp_path, loans(200).replace("yes", "no"))


def test_five_rows_are_too_few(cli: Cli, tmp_path: Path) -> None:
    assert "5" in new(cli, tmp_path, loans(5, seed=2))


def test_a_file_that_is_not_there(cli: Cli, tmp_path: Path) -> None:
    ran = cli("new", tmp_path / "ws", "--from", tmp_path / "nothing.csv", *TARGET)
    assert ran.code == 2
    assert "nothing.csv" in ran.err
    assert not (tmp_path / "ws").exists()


def test_a_folder_in_use_is_never_written_over(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "ws").mkdir()
    (tmp_path / "ws" / "mine.txt").write_text("keep")
    ran = cli("new", tmp_path / "ws", "--example", "demo", "--applicants", "10")
    assert ran.code == 2
    assert "not empty" in ran.err
    assert [path.name for path in (tmp_path / "ws").iterdir()] == ["mine.txt"]


def test_a_column_gone_since_the_draft_is_named(cli: Cli, tmp_path: Path) -> None:
    folder = drafted(cli, tmp_path)
    replaced(tmp_path / "loans.csv", "income", "incme")
    ran = cli("check", folder)
    assert ran.code == 2
    assert "column 'income'" in ran.err
    assert "did you mean 'incme'?" in ran.err


def test_text_in_a_number_goes_to_the_rejects_by_row(cli: Cli, tmp_path: Path) -> None:
    folder = drafted(cli, tmp_path)
    lines = (tmp_path / "loans.csv").read_text().splitlines()
    lines[3] = lines[3].replace(lines[3].split(",")[1], "plenty")
    lines[8] = lines[7]
    (tmp_path / "loans.csv").write_text("\n".join(lines) + "\n")
    ran = cli("check", folder, "--json")
    assert ran.code == 0
    data = ran.json["data"]
    assert data["rows_refused"] == 2
    assert data["rows_kept"] + data["rows_refused"] == data["rows_in"]
    rejects = (folder / "build" / "rejects.csv").read_text().splitlines()
    assert rejects[0] == "row,field,value,rule"
    assert rejects[1].startswith("3,income,plenty,")
    assert rejects[2].startswith("8,loan_id,")


def test_an_injection_in_an_expression_is_refused_at_its_line(cli: Cli, tmp_path: Path) -> None:
    folder = drafted(cli, tmp_path)
    with (folder / "risk.yaml").open("a") as file:
        file.write('features:\n  trick: "income; DROP TABLE loans --"\n')
    line = len((folder / "risk.yaml").read_text().splitlines())
    for command in ("check", "fit"):
        ran = cli(command, folder)
        assert ran.code == 2
        assert f"risk.yaml:{line}:" in ran.err
        assert "Traceback" not in ran.err
    assert not (folder / "build" / "fit.json").exists()


def test_every_fault_is_told_in_one_pass(cli: Cli, tmp_path: Path) -> None:
    folder = drafted(cli, tmp_path)
    with (folder / "risk.yaml").open("a") as file:
        file.write("features:\n  one: incom * 2\n  two: income > 'text'\n")
    (folder / "treatments.yaml").write_text("")
    replaced(tmp_path / "loans.csv", "loan_amount", "amount")
    ran = cli("check", folder, "--json")
    assert ran.code == 2
    files = {Path(fault["file"]).name for fault in ran.json["faults"]}
    assert files == {"risk.yaml", "treatments.yaml", "loans.csv"}
    assert len(ran.json["faults"]) == 4
    assert any(fault["mend"] == "did you mean 'income'?" for fault in ran.json["faults"])


def test_an_empty_treatments_file_is_named_by_check_and_balance(cli: Cli, tmp_path: Path) -> None:
    folder = drafted(cli, tmp_path)
    (folder / "treatments.yaml").write_text("")
    ran = cli("check", folder)
    assert ran.code == 2
    assert "treatments.yaml:1" in ran.err
    assert "empty" in ran.err


def test_a_protected_field_reaches_no_model(cli: Cli, tmp_path: Path) -> None:
    folder = drafted(cli, tmp_path)
    text = (folder / "contract.yaml").read_text()
    start = text.index("name: purpose")
    end = text.index("sensitivity", start) if "sensitivity" in text[start:] else start
    assert end >= start
    replaced(folder / "contract.yaml", "name: purpose", "name: purpose\n  sensitivity: protected")
    replaced(
        folder / "contract.yaml",
        "  sensitivity: protected",
        "  sensitivity: protected\n  use: audit",
    )
    with (folder / "risk.yaml").open("a") as file:
        file.write("features:\n  hidden: CASE WHEN purpose = 'car' THEN 1 ELSE 0 END\n")
    ran = cli("check", folder)
    assert ran.code == 1
    assert "protected" in ran.err


def test_a_field_that_is_no_field_gets_its_line(cli: Cli, tmp_path: Path) -> None:
    folder = drafted(cli, tmp_path)
    replaced(folder / "contract.yaml", "version: 1", "version: 1\ncurency: EUR")
    ran = cli("check", folder, "--json")
    assert ran.code == 2
    fault = ran.json.get("faults", [ran.json])[0]
    assert fault["line"] is not None
    assert fault["mend"] == "did you mean 'currency'?"


def test_balance_before_fit_says_what_to_run(cli: Cli, tmp_path: Path) -> None:
    folder = drafted(cli, tmp_path)
    for command, first in (("balance", "equipoise fit"), ("report", "equipoise fit")):
        ran = cli(command, folder)
        assert ran.code == 2
        assert first in ran.err
    assert not (folder / "build").exists()


def test_data_of_one_class_are_refused_by_check_and_fit(cli: Cli, tmp_path: Path) -> None:
    folder = drafted(cli, tmp_path)
    (tmp_path / "loans.csv").write_text(loans().replace(",yes", ",no"))
    for command in ("check", "fit"):
        ran = cli(command, folder)
        assert ran.code == 2
        assert "defaulted" in ran.err


@pytest.mark.parametrize("command", ["check", "fit", "balance", "report"])
def test_a_folder_that_is_no_workspace(cli: Cli, tmp_path: Path, command: str) -> None:
    ran = cli(command, tmp_path, "--json")
    assert ran.code == 2
    assert "equipoise new" in ran.json["mend"]
