"""Days of one column that are written in several ways, as where files were put together."""

from __future__ import annotations

import polars as pl

from equipoise.contract.fielddraft import CellReading, FieldDraft, typed_field

_MOST_WAYS = 4


def days_by_shape(raw: pl.Series, reading: CellReading) -> list[FieldDraft]:
    """A reading for each shape that the cells have (2024-01-31, 31/01/2024), the commonest first;
    none where they have one shape, or some of them is no day."""
    if raw.dtype != pl.String:
        return []
    cells = raw.drop_nulls().str.strip_chars()
    shapes = (
        cells.str.replace_all(r"\d{4}", "Y").str.replace_all(r"\d+", "9")
        .str.replace_all(r"[^\W\d_]{2,}", "a")
    )  # fmt: skip
    counted = shapes.value_counts(sort=True)[shapes.name].to_list()
    if not 1 < len(counted) <= _MOST_WAYS:
        return []
    read = [
        typed_field(cells.filter(shapes == shape).alias("date"), raw.name, reading)
        for shape in counted
    ]
    return read if all(each.attributes["type"] == "date" for each in read) else []
