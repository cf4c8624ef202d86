"""What stood beside the contract's fields, put beside the answers under `extra.`"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from equipoise.contract.facts.table import EXTRA
from equipoise.errors import BadInput, Span

if TYPE_CHECKING:
    import polars as pl


def kept_beside(
    extras: Sequence[Mapping[str, str | None]],
    names: Sequence[str] | None,
    wheres: Sequence[Span | None],
) -> pl.DataFrame:
    """A column of text to each name, `extra.NAME`, with a row to each application.

    Raises BadInput for one that is not among `names`: a file of answers has one set of columns.
    """
    import polars as pl

    columns = names_beside(extras) if names is None else tuple(names)
    for each, where in zip(extras, wheres, strict=True):
        for name in each:
            if name not in columns:
                raise BadInput(
                    f"'{name}' stands beside the contract's fields, and in no application before",
                    where=where,
                    field=name,
                    mend="give it to the first applications too, as null, or leave it out",
                )
    return pl.DataFrame(
        {f"{EXTRA}{name}": [each.get(name) for each in extras] for name in columns},
        schema={f"{EXTRA}{name}": pl.String for name in columns},
    )


def names_beside(extras: Sequence[Mapping[str, object]]) -> tuple[str, ...]:
    """All names that stand beside, in the order in which they first do."""
    return tuple(dict.fromkeys(name for each in extras for name in each))
