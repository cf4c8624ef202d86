"""Applications as a DataFrame of Spark, and Spark's answers as a frame, for comparing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl


def on_spark(spark: Any, frame: pl.DataFrame, folder: Path, parts: int = 3) -> Any:
    """The rows in several files, read by the session: more partitions than processors."""
    folder.mkdir(parents=True, exist_ok=True)
    size = max(1, -(-frame.height // parts))
    for at in range(parts):
        frame[at * size : (at + 1) * size].write_parquet(folder / f"{at}.parquet")
    return spark.read.parquet(str(folder))


def as_frame(answers: Any) -> pl.DataFrame:
    """Spark's answers with the types that the local engine gives them."""
    return pl.DataFrame(pl.from_arrow(answers.toArrow()))


def different(spark: pl.DataFrame, local: pl.DataFrame) -> list[str]:
    """The columns that are not the same, to the bit, null and NaN told apart; by id."""
    assert spark.schema == local.schema
    assert spark.height == local.height
    one, other = spark.sort("id", maintain_order=True), local.sort("id", maintain_order=True)
    return [name for name in local.columns if not one[name].equals(other[name], null_equal=True)]
