"""A table read in blocks is the table read whole."""

from __future__ import annotations

import polars as pl
import pytest

from equipoise.contract.reading.blocks import read_blocks
from equipoise.contract.reading.tables import read_table
from equipoise.errors import BadInput

FRAME = pl.DataFrame({"a": [f"x{each}" for each in range(5000)], "b": range(5000), "c": 1.5})


@pytest.mark.parametrize("name", ["t.parquet", "t.csv"])
def test_blocks_come_in_order_and_are_the_whole(tmp_path, name):
    path = tmp_path / name
    FRAME.write_parquet(path) if name == "t.parquet" else FRAME.write_csv(path)
    blocks = list(read_blocks(path, ["c", "a"], rows=100))
    assert len(blocks) > 1
    whole, _ = read_table(path)
    assert pl.concat(blocks).equals(whole.select("c", "a"))


def test_headers_repeated_inside_are_left_out(tmp_path):
    path = tmp_path / "joined.csv"
    path.write_text("a,b\n1,2\na,b\n3,4\n", "utf-8")
    assert pl.concat(read_blocks(path, ["a", "b"]))["b"].to_list() == ["2", "4"]


def test_a_stray_quote_is_read_by_the_slow_reader(tmp_path):
    path = tmp_path / "quotes.csv"
    path.write_text('a,b\n1,"two ""2""\nlines"\n3,4\n', "utf-8")
    whole, _ = read_table(path)
    assert pl.concat(read_blocks(path, ["a", "b"])).equals(whole)


def test_a_column_that_is_not_there_is_told(tmp_path):
    FRAME.write_csv(tmp_path / "t.csv")
    with pytest.raises(BadInput, match="there is no column 'd'"):
        next(read_blocks(tmp_path / "t.csv", ["d"]))
