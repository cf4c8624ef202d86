"""Text in CSV that a spreadsheet must not run.

Excel, LibreOffice and their like take a cell that begins with = + - @, a tab or a carriage return
for a formula, whatever quotes stand around it. Such a text gets an apostrophe before it, by which a
spreadsheet knows text; a number stays as it is. Nothing is lost: of a cell that begins with an
apostrophe and then, after any others, one of those signs, taking the first apostrophe away gives
the text again.
"""

from __future__ import annotations

import polars as pl

_FORMULA = "^'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]"  # the last four: as wide as a CJK sign
_NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"


def as_spreadsheet_text(table: pl.DataFrame) -> pl.DataFrame:
    """The table with its texts, and its columns' names, such that none is a formula."""
    texts = [name for name, kind in table.schema.items() if kind in (pl.String, pl.Categorical)]
    safe = table.with_columns(_guarded(pl.col(texts).cast(pl.String))) if texts else table
    names = pl.Series("name", table.columns, dtype=pl.String).to_frame()
    return safe.rename(
        dict(zip(table.columns, names.select(_guarded(pl.col("name")))["name"], strict=True))
    )


def _guarded(text: pl.Expr) -> pl.Expr:
    runs = text.str.contains(_FORMULA) & ~text.str.contains(_NUMBER)
    return pl.when(runs).then(pl.lit("'") + text).otherwise(text).name.keep()
