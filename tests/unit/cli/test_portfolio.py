"""The commands about a book of loans, as a person runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from equipoise.cli.run import run

TAPE = "loan_id,month,balance,dpd,ccy\nA,2024-01,10,0,CNY\nA,2024-02,9,31,CNY\n"


def _json(capsys, *arguments: str) -> tuple[int, dict[str, object]]:
    code = run([*arguments, "--json"])
    return code, json.loads(capsys.readouterr().out)


@pytest.fixture
def lender(tmp_path: Path, capsys) -> Path:
    (tmp_path / "january.csv").write_text(TAPE, "utf-8")
    folder = tmp_path / "lender"
    assert run(["portfolio", "draft", str(folder), "--tape", str(tmp_path / "january.csv")]) == 0
    capsys.readouterr()
    return folder


def test_a_draft_is_checked_at_once(lender, capsys):
    code, printed = _json(capsys, "portfolio", "check", str(lender))
    assert code == 0
    assert (printed["loans"], printed["loan_months"], printed["faults"]) == (1, 2, [])
    assert printed["deliveries"][0]["file"] == "../january.csv"  # type: ignore[index]


def test_a_later_file_is_added_and_comments_in_the_document_stay(lender, capsys):
    path = lender / "tape.yaml"
    path.write_text(path.read_text("utf-8").replace("currency:", "# ours\ncurrency:"), "utf-8")
    newer = lender.parent / "february.csv"
    newer.write_text(TAPE + "A,2024-03,8,61,CNY\n", "utf-8")
    code, made = _json(capsys, "portfolio", "draft", str(lender), "--tape", str(newer))
    assert (code, made["added"]) == (0, True)
    assert "# ours" in path.read_text("utf-8")
    _, printed = _json(capsys, "portfolio", "check", str(lender))
    assert printed["loan_months"] == 3
    assert (printed["told_again"], printed["told_otherwise"]) == (2, 0)
    _, before = _json(capsys, "portfolio", "check", str(lender), "--deliveries", "1")
    assert before["loan_months"] == 2


def test_the_same_content_again_is_refused(lender, capsys):
    again = lender.parent / "again.csv"
    again.write_text(TAPE, "utf-8")
    code, printed = _json(capsys, "portfolio", "draft", str(lender), "--tape", str(again))
    assert code == 2
    assert "same content was delivered as '../january.csv'" in str(printed["message"])


def test_rows_refused_make_the_answer_no_and_are_told(lender, capsys):
    (lender.parent / "march.csv").write_text(TAPE + "B,2024-01,4,0,USD\n", "utf-8")
    run(["portfolio", "draft", str(lender), "--tape", str(lender.parent / "march.csv")])
    capsys.readouterr()
    assert run(["portfolio", "check", str(lender)]) == 1
    assert "march.csv: row 3  the row is in USD" in capsys.readouterr().out


def test_a_folder_without_a_tape_says_how_to_draft_one(tmp_path, capsys):
    code, printed = _json(capsys, "portfolio", "check", str(tmp_path))
    assert code == 2
    assert "equipoise portfolio draft" in str(printed["mend"])


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (None, "there is no such file"),
        ("folder", "the folder holds no file"),
        ("", "the file is empty"),
        ("loan_id,month,balance,dpd\n", "the file has a header and no rows"),
        ("loan_id,month,balance\na,2024-01,1\n", "no column tells how late a loan is"),
    ],
)
def test_what_cannot_be_drafted_is_told_by_its_file_and_leaves_nothing(
    tmp_path, capsys, made, said
):
    tape, folder = tmp_path / "tape.csv", tmp_path / "lender"
    if made == "folder":
        tape.mkdir()
    elif made is not None:
        tape.write_text(made, "utf-8")
    code, printed = _json(capsys, "portfolio", "draft", str(folder), "--tape", str(tape))
    assert code == 2
    assert said in str(printed["message"])
    assert printed["file"] == str(tape)
    assert printed["mend"]
    assert not folder.exists()


def test_a_file_of_final_outcomes_tells_how_each_vintage_ended(tmp_path, capsys):
    """Three loans of January of which one was written off, two of February, both repaid."""
    rows = "id,loan_status,issue_d\n" + "".join(
        f"{number},{says},{month}-05\n"
        for number, says, month in (
            (1, "Fully Paid", "2024-01"), (2, "Charged Off", "2024-01"),
            (3, "Fully Paid", "2024-01"), (4, "Fully Paid", "2024-02"),
            (5, "Fully Paid", "2024-02"),
        )
    )  # fmt: skip
    (tmp_path / "ended.csv").write_text(rows, "utf-8")
    folder = tmp_path / "lender"
    assert run(["portfolio", "draft", str(folder), "--tape", str(tmp_path / "ended.csv")]) == 0
    tape = folder / "tape.yaml"
    lines = tape.read_text("utf-8").splitlines(keepends=True)
    tape.write_text("".join(each for each in lines if not each.startswith("confirm")), "utf-8")
    capsys.readouterr()
    code, book = _json(capsys, "portfolio", "report", str(folder))
    assert code == 0
    ended = [(row["vintage"], row["ever_bad"], row["entered_late"]) for row in book["vintages"]]
    assert ended == [("2024-01", 1, 3), ("2024-02", 0, 2)]
    assert book["concentration"] == []
    assert book["summary"]["late30_share"] is None, "of no open loan nothing is a share"
    page = (folder / "build" / "portfolio.html").read_text("utf-8")
    assert "33.3" in page
    assert "vintages-chart" not in page, "nothing is drawn where no month on book is known"
