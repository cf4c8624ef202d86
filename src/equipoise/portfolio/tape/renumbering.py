"""Loans that go on under another number, as after a restructuring: followed under their first."""

from __future__ import annotations

import polars as pl

from equipoise.portfolio.tape.faults import FaultList, Kind


def renumbered(rows: pl.DataFrame, files: list[str], faults: FaultList) -> pl.DataFrame:
    """Typed rows in which a loan that tells the number it had before (`formerly`) is that loan, and
    was made when that one was.

    Only where one follows the other: not where both stand in one month, or where several loans
    became one, or one several. What was done is told.
    """
    if "formerly" not in rows.columns:
        return rows
    names = rows.select(
        pl.col("loan", "formerly").cast(pl.String), "month", "row", "delivery"
    ).with_row_index("at")
    pairs = (
        names.filter(pl.col("formerly").is_not_null() & (pl.col("formerly") != pl.col("loan")))
        .sort("month", "at")
        .unique(["loan", "formerly"], keep="first", maintain_order=True)
    )
    spans = names.group_by("loan").agg(first=pl.col("month").min(), last=pl.col("month").max())
    pairs = pairs.join(spans.select(formerly="loan", ended="last"), on="formerly").join(
        spans.select("loan", begun="first"), on="loan"
    )
    follows = (
        (pl.col("ended") < pl.col("begun"))
        & (pl.len().over("loan") == 1)
        & (pl.len().over("formerly") == 1)
    )
    pairs = pairs.with_columns(follows.alias("follows"))
    _tell(pairs, files, faults)
    first = _first_numbers(pairs.filter("follows"))
    if not first:
        return rows.drop("formerly")
    loan = names["loan"].replace(first).alias("loan")
    joined = loan.is_in(list(first.values()))
    rows = rows.drop("formerly").with_columns(loan.cast(pl.Categorical))
    if "opened" not in rows.columns:
        return rows
    made = pl.when(joined).then(pl.col("opened").min().over("loan")).otherwise(pl.col("opened"))
    return rows.with_columns(made.alias("opened"))


def _first_numbers(pairs: pl.DataFrame) -> dict[str, str]:
    """Of each later number the loan's first: each follows the other in time, so none is its own."""
    before = dict(pairs.select("loan", "formerly").iter_rows())
    first = {}
    for loan, former in before.items():
        while former in before:
            former = before[former]  # noqa: PLW2901 - up the chain
        first[loan] = former
    return first


def _tell(pairs: pl.DataFrame, files: list[str], faults: FaultList) -> None:
    for follows in (True, False):
        some = pairs.filter(pl.col("follows") == follows).sort("delivery", "row")
        for (place,), of_file in some.group_by("delivery", maintain_order=True):
            loan, former = of_file["loan"][0][:40], of_file["formerly"][0][:40]
            what = (
                f"loan {loan} was {former} before: counted as one loan"
                if follows
                else f"loan {loan} names {former}, which goes on beside it or became several"
            )
            kind: Kind = "renumbered" if follows else "not_renumbered"
            faults.add(kind, files[int(str(place))], of_file["row"], what, effect="kept")
