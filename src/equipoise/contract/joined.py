"""Accounts of blocks of rows, each checked by itself, as the account of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

import polars as pl

from equipoise.contract.checking import REFUSED, Checked
from equipoise.contract.document import Contract

DUPLICATE = "duplicate id"


def joined(contract: Contract, blocks: Sequence[Checked], ids: Sequence[pl.Series]) -> Checked:
    """The account of blocks that follow one another; there is at least one.

    `ids` are each block's identifiers, of every row that came in, in the contract's type; none
    where the contract names none. A row whose identifier came before, in whichever block, is
    refused, as `check` does within one.
    """
    starts = [0, *accumulate(each.rows_in for each in blocks)][:-1]
    rejects = pl.concat(
        [
            each.rejects.with_columns(pl.col("row") + start)
            for each, start in zip(blocks, starts, strict=True)
        ]
    )
    rows = pl.concat([each.rows + start for each, start in zip(blocks, starts, strict=True)])
    whole = Checked(
        frame=pl.concat([each.frame for each in blocks]),
        rows=rows,
        rejects=rejects,
        counts=_counts(contract, [each.counts for each in blocks]),
        rows_in=sum(each.rows_in for each in blocks),
        unlisted=blocks[0].unlisted,
    )
    return _once_each(contract, whole, pl.concat(list(ids)) if ids else None)


def _counts(contract: Contract, parts: Sequence[pl.DataFrame]) -> pl.DataFrame:
    places = {field.name: at for at, field in enumerate(contract.fields)}
    return (
        pl.concat(list(parts))
        .group_by("field", "rule", "effect", maintain_order=True)
        .agg(pl.col("rows").sum())
        .sort(pl.col("field").replace_strict(places, return_dtype=pl.Int64), maintain_order=True)
    )


def _once_each(contract: Contract, whole: Checked, ids: pl.Series | None) -> Checked:
    """Without rows whose identifier stood in an earlier block."""
    if ids is None or contract.id is None:
        return whole
    repeated = whole.rejects.filter(pl.col("rule") == DUPLICATE)["row"]
    numbers = pl.int_range(1, ids.len() + 1, eager=True).alias("row")
    again = numbers.filter(
        ~ids.is_first_distinct() & ids.is_not_null() & ~numbers.is_in(repeated.implode())
    )
    if not again.len():
        return whole
    more = pl.DataFrame(
        {
            "row": again,
            "field": [contract.id] * again.len(),
            "value": ids.gather(again - 1).cast(pl.String),
            "rule": [DUPLICATE] * again.len(),
        },
        schema=whole.rejects.schema,
    )
    line = pl.DataFrame(
        {
            "field": [contract.id],
            "rule": [DUPLICATE],
            "effect": [REFUSED],
            "rows": [again.len()],
        },
        schema=whole.counts.schema,
    )
    kept = ~whole.rows.is_in(again.implode())
    return Checked(
        frame=whole.frame.filter(kept),
        rows=whole.rows.filter(kept),
        rejects=pl.concat([whole.rejects, more]).sort("row", maintain_order=True),
        counts=_counts(contract, [whole.counts, line]),
        rows_in=whole.rows_in,
        unlisted=whole.unlisted,
    )
