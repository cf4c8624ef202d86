"""Blocks that were made again: the same ones pass, others in their place are refused."""

from __future__ import annotations

import polars as pl
import pyarrow as pa
import pytest

from equipoise.cluster.blocks import _blocks, mark_of
from equipoise.errors import BadInput

ROWS = pl.DataFrame({"debt": [1.0, 2.0, None], "sector": ["a", None, "b"]})


def batch(mark: int, seq: int = 0) -> pa.RecordBatch:
    return pa.RecordBatch.from_pydict(
        {"part": [0], "seq": [seq], "mark": [mark], "features": [b""]}
    )


@pytest.mark.no_java
def test_a_check_sum_tells_rows_and_their_order() -> None:
    assert mark_of(ROWS) == mark_of(ROWS.clone())
    assert mark_of(ROWS) != mark_of(ROWS.reverse())
    assert mark_of(ROWS) != mark_of(ROWS.with_columns(pl.col("debt").fill_null(3.0)))


@pytest.mark.no_java
def test_a_block_that_came_otherwise_or_that_nobody_saw_is_refused() -> None:
    places = {(0, 0): (7, 3, mark_of(ROWS))}
    ((key, block),) = _blocks(iter([batch(mark_of(ROWS))]), places)
    assert (key, block.start, block.rows) == ((0, 0), 7, 3)
    for other in (batch(mark_of(ROWS.reverse())), batch(mark_of(ROWS), seq=1)):
        with pytest.raises(BadInput, match="another order"):
            list(_blocks(iter([other]), places))
