"""Texts as programs write them: read with what was left out said, or refused by a true name."""

from __future__ import annotations

from pathlib import Path

import pytest

from equipoise.contract import TableLayout, read_frame, read_table
from equipoise.errors import BadInput

ROWS = [("1", "35", "good"), ("2", "41", "bad"), ("3", "29", "good")]
BODY = "1,35,good\n2,41,bad\n3,29,good\n"


def _file(folder: Path, content: str | bytes, name: str = "loans.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def _refusal(path: Path, stated: TableLayout | None = None) -> BadInput:
    with pytest.raises(BadInput) as caught:
        read_frame(path, stated=stated)
    assert caught.value.where is not None
    assert caught.value.mend
    return caught.value


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Notes offered by Prospectus (https://lender.example/)\nid,age,end\n" + BODY, "line 1 is"),
        ("Portfolio, March\n\nid,age,end\n" + BODY, "the header is line 3"),
        ("Report,,\nof 2024-06-30,,\nid,age,end\n" + BODY, "lines 1 to 2 are notes"),
        ("sep=,\nid,age,end\n" + BODY, "line 1 is a note"),
        (
            "id,age,end\n" + BODY + "\n\nTotal amount funded in policy code 1: 460\n",
            "the last line",
        ),
        ("id,age,end\n" + BODY + "Total,105,\n", "the last line (5) is a footer"),
        ("id,age,end\n" + BODY + "Total,105,3\n", "the last line (5) is a footer"),
        ("id,age,end\n" + BODY + "Gesamt: 3\n", "'Gesamt: 3'"),
        ("id,age,end\n" + BODY + "合计,105,\n", "is a footer"),
        ("id,age,end\n" + BODY + "\nAnything at all\nand more of it\n", "the last 2 lines"),
        ("id,age,end\n" + BODY + "(3 rows)\n\n", "'(3 rows)'"),
        ("id,age,end\n" + BODY + "3 rows selected.\n", "3 rows selected"),
        ("id,age,end\n--,---,---\n" + BODY, "line 2 is a rule under the header"),
        ("id,age,end\n" + BODY.replace("3,", "id,age,end\n3,"), "row 3 repeats the header"),
        ("id,age,end,\n" + BODY.replace("\n", ",\n"), "the last column has no name"),
        ("id,age,end\n" + BODY.replace("\n", ",\n"), "the last column has no name"),
        ("id,age,end,,,\n" + BODY.replace("\n", ",,,\n"), "the last 3 columns have no name"),
    ],
)
def test_what_is_no_row_is_left_out_and_said(tmp_path: Path, text: str, said: str) -> None:
    path = _file(tmp_path, text)
    frame, layout = read_table(path)
    assert frame.columns == ["id", "age", "end"]
    assert frame.rows() == ROWS
    assert any(said in remark for remark in layout.remarks), layout.remarks
    again, same = read_table(path, layout.stated())  # as the contract then states it
    assert again.equals(frame)
    assert same == layout


def test_a_row_that_repeats_a_part_of_the_header_stays(tmp_path: Path) -> None:
    frame, layout = read_table(_file(tmp_path, "id,age,end\n1,35,x\n2,41,end\n3,29,y\n"))
    assert frame["end"].to_list() == ["x", "end", "y"]
    assert not any("repeat" in remark for remark in layout.remarks)


def test_a_header_whose_line_ends_in_a_separator_alone(tmp_path: Path) -> None:
    assert read_frame(_file(tmp_path, "id,age,end,\n" + BODY)).rows() == ROWS


@pytest.mark.parametrize("separator", ["^", "~", "\x01", "|", ";", "\t"])
def test_separators_of_databases_and_spreadsheets(tmp_path: Path, separator: str) -> None:
    path = _file(tmp_path, ("id,age,end\n" + BODY).replace(",", separator))
    frame, layout = read_table(path)
    assert frame.rows() == ROWS
    assert layout.stated() == TableLayout(separator=separator)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ('"age" "end"\n"1" 35 "very good"\n"2" 41 "bad"\n', [("35", "very good"), ("41", "bad")]),
        ("age income end\n1 35 10 x\n2 41 20 y\n", [("35", "10", "x"), ("41", "20", "y")]),
        ('"age","pay","end"\n"1",35,7,"x"\n"2",41,8,"y"\n', [("35", "7", "x"), ("41", "8", "y")]),
        ('"age";"pay"\n"a";35,5;7,25\n"b";41,5;8,25\n', [("35,5", "7,25"), ("41,5", "8,25")]),
    ],
)
def test_row_names_that_r_writes_are_no_column_of_the_header(
    tmp_path: Path, text: str, rows: list[tuple[str, ...]]
) -> None:
    frame, layout = read_table(_file(tmp_path, text))
    assert layout.row_names
    assert frame.columns[0] == "column_1"
    assert frame.drop("column_1").rows() == rows
    assert any("row names" in remark for remark in layout.remarks)


def test_notes_above_a_semicolon_file_with_decimal_commas(tmp_path: Path) -> None:
    text = "Bericht, Stand Juni\n\nKunde;Betrag;Zins\nA;1,5;2,5\nB;3,0;4,0\n\nSumme: 4,5\n"
    frame, layout = read_table(_file(tmp_path, text))
    assert frame.rows() == [("A", "1,5", "2,5"), ("B", "3,0", "4,0")]
    assert (layout.header_row, layout.footer_rows, layout.separator) == (3, 1, ";")


def test_a_quoted_header_over_lines_and_quoted_lines_at_the_end(tmp_path: Path) -> None:
    text = 'a note of ours\n"id\nno",age,end\n1,35,"a\nb"\n2,41,"two words\nand three more"\n'
    frame, layout = read_table(_file(tmp_path, text))
    assert frame.columns == ["id\nno", "age", "end"]
    assert frame["end"].to_list() == ["a\nb", "two words\nand three more"]
    assert layout.footer_rows == 0


@pytest.mark.parametrize(
    ("encoding", "word"),
    [
        ("cp1252", "société"),
        ("cp1252", "Müller"),
        ("cp1252", "£500"),
        ("cp1252", "crédito não"),
        ("cp1250", "Łódź"),
        ("cp1250", "Dvořák, Česká"),
        ("cp1250", "Győr"),
        ("cp1254", "Kadın İşçi"),
        ("cp1251", "Москва"),
        ("koi8-r", "Москва, доход"),
        ("cp1253", "Ελλάδα"),
        ("gb18030", "收入还有男"),
        ("big5", "信用卡收入"),
        ("shift_jis", "ローン残高"),
        ("euc_kr", "대출금액과이자율"),
        ("utf-16", "société"),
        ("utf-16-le", "plain"),
        ("utf-16-be", "plain"),
        ("utf-8-sig", "société"),
    ],
)
def test_legacy_encodings_are_guessed_and_said(tmp_path: Path, encoding: str, word: str) -> None:
    path = _file(tmp_path, f'id,age,city\n1,35,"{word}"\n2,41,"{word}"\n'.encode(encoding))
    frame, layout = read_table(path)
    assert frame["city"].to_list() == [word, word]
    if encoding != "utf-8-sig":
        assert layout.encoding == encoding
        assert any(encoding.upper() in remark.upper() for remark in layout.remarks)
    assert read_frame(path, stated=layout.stated()).equals(frame)


def test_a_stated_encoding_is_taken_at_its_word_and_must_fit(tmp_path: Path) -> None:
    path = _file(tmp_path, "id,city\n1,Kadın\n".encode("cp1254"))
    assert read_frame(path, stated=TableLayout(encoding="cp1252"))["city"][0] == "Kadýn"
    refusal = _refusal(path, TableLayout(encoding="ascii"))
    assert "is not ascii" in str(refusal)
    later = _file(tmp_path, "id,city\n1,Ede\n2,Kadın\n3,Ede\n".encode("cp1254"))
    assert _refusal(later, TableLayout(encoding="ascii")).where.line == 3
    with pytest.raises(ValueError, match="knows no such encoding"):
        TableLayout(encoding="klingon")


def test_lines_that_end_in_a_carriage_return_alone(tmp_path: Path) -> None:
    path = _file(tmp_path, ("id,age,end\n" + BODY).replace("\n", "\r"))
    frame, layout = read_table(path)
    assert frame.rows() == ROWS
    assert "carriage return" in layout.remarks[0]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 1\n", "Git LFS"),
        (b"\n<!DOCTYPE html>\n<html><body>Log in</body></html>\n", "HTML page"),
        (b'\xef\xbb\xbf<html lang="en"><head>\n', "HTML page"),
        (b'<?xml version="1.0"?>\n<loans/>\n', "XML"),
        (b'[{"id": 1}, {"id": 2}]\n', "JSON"),
        (b'{"id": 1}\n{"id": 2}\n', "JSON"),
        (b"%PDF-1.7\n...", "PDF"),
        (b"SQLite format 3\0...", "SQLite"),
        (b"\x80\x04\x95...", "pickle"),
        (b"7z\xbc\xaf\x27\x1c...", "7-Zip"),
        (b"ARROW1\0\0...", "Arrow"),
    ],
)
def test_what_is_no_table_is_named(tmp_path: Path, content: bytes, said: str) -> None:
    assert said in str(_refusal(_file(tmp_path, content)))


@pytest.mark.parametrize(
    "text",
    [
        "A11,6,A34,A43\nA12,48,A32,A43\nA14,12,A34,A46\n",
        "yes,A,x,m\nno,B,y,f\nyes,A,x,f\nno,B,x,m\n",
        "2019-01-05,1000,0\n2019-02-05,1200,1\n",
    ],
)
def test_a_header_that_is_missing_is_said(tmp_path: Path, text: str) -> None:
    assert "looks like data" in str(_refusal(_file(tmp_path, text)))


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("note\nid,age,end\n1,35,good\n2,41\n3,29,good\n", 4, "2 cells where the header has 3"),
        ("id,age,end\n1,35,good\n\nother loans follow here\n\n2,41,bad\n", 3, "line is empty"),
        ("id,age,end\n1,35,good\n2,41,bad\n3,2", 4, "cut short"),
        ("id,age,end\n1,35,good\nsome words of ours\n3,29,good\n", 3, "1 cells where"),
    ],
)
def test_what_cannot_be_told_from_a_fault_is_refused_by_its_line(
    tmp_path: Path, text: str, line: int, said: str
) -> None:
    refusal = _refusal(_file(tmp_path, text))
    assert said in str(refusal)
    assert refusal.where is not None
    assert refusal.where.line == line


@pytest.mark.parametrize(
    ("stated", "text", "said"),
    [
        ({"header_row": 3}, "id,age,end\n" + BODY, "looks like data"),
        ({"header_row": 9}, "id,age,end\n" + BODY, "layout.header_row"),
        ({"footer_rows": 2}, "id,age,end\n" + BODY, "the last 2 lines are a footer, and 0"),
        ({"footer_rows": 0}, "id,age,end\n" + BODY + "Total,105,\n", "a footer, and 1 look"),
        ({"footer_rows": 1}, "id,age,end\n" + BODY + "\nof us\nTotal 3\n", "and 2 look"),
        ({"separator": ";"}, "id,age,end\n" + BODY, "one cell when cut by semicolon"),
        ({"row_names": True}, "id,age,end\n" + BODY, "layout.row_names"),
    ],
)
def test_a_file_that_does_not_fit_what_the_contract_states_is_refused(
    tmp_path: Path, stated: dict[str, object], text: str, said: str
) -> None:
    assert said in str(_refusal(_file(tmp_path, text), TableLayout(**stated)))  # type: ignore[arg-type]


def test_near_names_are_those_of_files(tmp_path: Path) -> None:
    (tmp_path / "loans").mkdir()
    assert "did you mean" not in str(_refusal(tmp_path / "loans.csv"))
    _file(tmp_path, "a,b\n1,2\n", "loans.tsv")
    assert "did you mean 'loans.tsv'" in str(_refusal(tmp_path / "loans.csv"))


def test_a_long_file_with_a_note_and_a_footer_is_read_fast_and_exactly(tmp_path: Path) -> None:
    rows = "".join(f'{n},{n % 90},"a, {n}"\n' for n in range(5000))
    path = _file(tmp_path, f"Our loans\nid,age,end\n{rows}\nTotal: 5000\n")
    frame, layout = read_table(path)
    assert frame.shape == (5000, 3)
    assert frame.row(4999) == ("4999", "49", "a, 4999")
    assert layout.remarks[-1] == ("the last line (5,004) is a footer ('Total: 5000'): left out")
